// Everything in one .zip file: written, read back, and what strangers may put into one.
#include <QBuffer>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "app/export/conversation_json.h"
#include "app/export/export_all.h"
#include "app/export/import_file.h"
#include "app/export/library_json.h"
#include "app/export/zip_reader.h"
#include "app/export/zip_writer.h"
#include "tests/app/conversations.h"
#include "tests/support/test_rng.h"

using namespace tercet;
using namespace tercet::test;
using Cause = TransferError::Cause;

namespace {

/// A database in its own folder.
struct Chats {
  Chats() { history.open(HistoryStore::fileIn(dir.path())); }
  QTemporaryDir dir;
  HistoryStore history;
  TransferStore store{&history};
};

QByteArray exported(Chats& chats) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  const ExportedAll done = exportAll(chats.store, buffer, [](double) { return true; });
  return done.error ? QByteArray() : buffer.data();
}

struct Read {
  std::vector<FiledConversation> conversations;
  std::vector<Library> libraries;
  std::vector<TransferError> unreadable;
  std::optional<TransferError> error;
};

Read importBytes(const QByteArray& bytes) {
  QTemporaryDir dir;
  QFile file(dir.filePath("file"));
  Read read;
  if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) return read;
  file.close();
  read.error = importFile(file.fileName(), {.conversation = [&](FiledConversation&& filed) { read.conversations.push_back(filed); return true; },
                                            .library = [&](const Library& library) { read.libraries.push_back(library); return true; },
                                            .unreadable = [&](const TransferError& error) { read.unreadable.push_back(error); return true; },
                                            .goOn = [](double) { return true; }});
  return read;
}

QByteArray zipOf(const std::vector<std::pair<QString, QByteArray>>& entries) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  ZipWriter zip(buffer);
  for (const auto& [name, bytes] : entries) zip.add(name, bytes, 0);
  zip.finish();
  return buffer.data();
}

/// A disk with so much room.
class FullDisk : public QIODevice {
 public:
  explicit FullDisk(qint64 room) : m_room(room) { open(QIODevice::WriteOnly | QIODevice::Unbuffered); }

 protected:
  qint64 readData(char*, qint64) override { return -1; }
  qint64 writeData(const char*, qint64 size) override {
    m_room -= size;
    return m_room >= 0 ? size : -1;
  }

 private:
  qint64 m_room;
};

}  // namespace

class TestArchive : public QObject {
  Q_OBJECT

  void fill(Chats& chats) {
    Library library;
    library.folders = {{"Later", 5, true}, {"Work & play", 6}};
    library.personas = {{"", "Poet", everything().conversation.info.settings, false, 7}, {"built-in", "", {}, true, 8}};
    library.prompts = {{"", "Ask", "Say {{what}}", false, 9, 10}, {"", "", "\"quoted\"\n", false, 11, 0},
                       {"email", "Mail", "Write to {{whom}}", false, 12, 0}, {"summary", "", "", true, 13, 0}};
    QVERIFY(chats.store.add(library));
    std::vector<FiledConversation> all{everything()};
    for (int i = 0; i < 30; ++i) all.push_back(numbered(i));
    QVERIFY(storeAll(chats.history, all));
  }

 private Q_SLOTS:
  void exporting_what_was_imported_into_an_empty_database_gives_the_same_bytes() {
    Chats first, second;
    fill(first);
    const QByteArray zip = exported(first);
    QVERIFY(zip.size() > 2000);
    const Read read = importBytes(zip);
    QVERIFY2(!read.error, qPrintable(read.error.value_or(TransferError{}).detail));
    QCOMPARE(read.unreadable.size(), std::size_t{0});
    QCOMPARE(read.conversations.size(), std::size_t{31});
    for (const Library& library : read.libraries) QVERIFY(second.store.add(library));
    QVERIFY(storeAll(second.history, read.conversations));
    QCOMPARE(exported(second), zip);
  }

  void a_library_that_is_added_twice_is_there_once() {
    Chats chats;
    fill(chats);
    const Library library = *chats.store.library();
    QVERIFY(chats.store.add(library));
    QCOMPARE(libraryToJson(*chats.store.library()), libraryToJson(library));
    QCOMPARE(library.prompts.size(), std::size_t{4});
  }

  void what_was_made_of_a_prompt_of_the_program_comes_back_in_its_place() {
    Chats chats;
    Library::Prompt used{.key = "email", .title = {}, .text = {}, .hidden = false, .createdAt = 1, .usedAt = 2};
    QVERIFY(chats.store.add(Library{.prompts = {used}}));
    Library::Prompt changed = used;
    changed.title = "Mail";
    changed.text = "Write.";
    QVERIFY(chats.store.add(Library{.prompts = {changed}}));
    changed.text = "Another.";
    QVERIFY(chats.store.add(Library{.prompts = {changed}}));
    const Library library = *chats.store.library();
    QCOMPARE(library.prompts.size(), std::size_t{1});
    QCOMPARE(library.prompts[0].text, "Write.");  // what is here stays
    QCOMPARE(library.prompts[0].usedAt, qint64{2});
  }

  void prompts_of_earlier_files_are_own_ones() {
    TransferError error;
    const std::optional<Library> library = libraryFromJson(
        R"({"schema":"tercet.library","version":1,"folders":[{"name":"F"}],"prompts":[{"title":"T","text":"x"},{"title":"","text":""}]})", error);
    QVERIFY(library);
    QCOMPARE(library->prompts.size(), std::size_t{1});
    QVERIFY(library->prompts[0].key.isEmpty() && !library->prompts[0].hidden);
    QVERIFY(!library->folders[0].collapsed);
  }

  void names_come_on_one_line() {
    TransferError error;
    const std::optional<Library> library = libraryFromJson(
        R"({"schema":"tercet.library","version":1,"folders":[{"name":"a\nb"}],"personas":[{"name":" c\td "}],"prompts":[{"title":"e\u2028f","text":"g\nh"}]})",
        error);
    QVERIFY(library);
    QCOMPARE(library->folders[0].name, "a b");
    QCOMPARE(library->personas[0].name, "c d");
    QCOMPARE(library->prompts[0].title, "e f");
    QCOMPARE(library->prompts[0].text, "g\nh");
  }

  void other_programs_can_read_it() {
    const QString program = QStandardPaths::findExecutable("unzip");
    if (program.isEmpty()) QSKIP("unzip is not installed");
    Chats chats;
    fill(chats);
    QFile file(chats.dir.filePath("a.zip"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(exported(chats));
    file.close();
    QProcess process;
    process.start(program, {"-t", file.fileName()});
    QVERIFY(process.waitForFinished());
    const QByteArray said = process.readAllStandardOutput();
    QVERIFY2(process.exitCode() == 0, said);
    QVERIFY(said.contains("conversations/0002-Chat 0.md"));
    QVERIFY(said.contains("README.txt"));
  }

  void names_keep_the_letters_of_their_language() {
    QTemporaryDir dir;
    QFile file(dir.filePath("a.zip"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QByteArray bytes = zipOf({{QStringLiteral("conversations/ñ 日本.md"), "x"}});
    file.write(bytes);
    file.close();
    constexpr int kFlags = 6;  // of a local header; bit 11: the name is UTF-8
    QVERIFY(static_cast<unsigned char>(bytes[kFlags + 1]) & 0x08);
    ZipReader zip;
    QVERIFY(zip.open(file.fileName()));
    QCOMPARE(zip.next(), QStringLiteral("conversations/ñ 日本.md"));
  }

  void names_that_lead_out_of_the_archive_are_passed_over() {
    const QByteArray good = conversationToJson(numbered(1));
    const Read read = importBytes(zipOf({{"../conversations/a.json", good}, {"/conversations/b.json", good}, {"x/../conversations/c.json", good},
                                         {"C:\\conversations\\d.json", good}, {"conversations/ok.json", good}}));
    QVERIFY(!read.error);
    QCOMPARE(read.conversations.size(), std::size_t{1});
  }

  void one_damaged_conversation_does_not_keep_the_others_out() {
    const Read read = importBytes(zipOf({{"conversations/1.json", "{"}, {"conversations/2.json", conversationToJson(numbered(1))}, {"other.txt", "x"}}));
    QVERIFY(!read.error);
    QCOMPARE(read.conversations.size(), std::size_t{1});
    QCOMPARE(read.unreadable.size(), std::size_t{1});
    QVERIFY(read.unreadable[0].detail.startsWith("conversations/1.json: "));
  }

  void an_entry_that_unpacks_to_too_much_is_given_up() {
    QTemporaryDir dir;
    QFile file(dir.filePath("bomb.zip"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(zipOf({{"a.json", QByteArray(50 << 20, ' ')}, {"b.json", QByteArray(1000, ' ')}}));
    file.close();
    QVERIFY(file.size() < 200'000);
    ZipReader zip;
    QVERIFY(zip.open(file.fileName()) && zip.next());
    qsizetype taken = 0;
    QVERIFY(!zip.read(1 << 20, [&](QByteArrayView block) { taken += block.size(); return true; }));
    QVERIFY(taken <= 1 << 20);
    QCOMPARE(zip.error()->cause, Cause::TooLarge);

    ZipReader total({.totalBytes = 2 << 20, .entries = 10});
    QVERIFY(total.open(file.fileName()) && total.next());
    QVERIFY(!total.read(qint64{1} << 40, [](QByteArrayView) { return true; }));
    QCOMPARE(total.error()->cause, Cause::TooLarge);

    ZipReader entries({.totalBytes = 1, .entries = 1});
    QVERIFY(entries.open(file.fileName()) && entries.next());
    QVERIFY(!entries.next());
    QCOMPARE(entries.error()->cause, Cause::TooLarge);
  }

  void an_archive_with_a_password_is_refused_as_such() {
    // Bit 0 of the flags says so, in the local header and in the directory.
    QByteArray zip = zipOf({{"conversations/1.json", conversationToJson(numbered(1))}});
    zip[6] = static_cast<char>(zip[6] | 1);
    const qsizetype directory = zip.indexOf("PK\x01\x02");
    zip[directory + 8] = static_cast<char>(zip[directory + 8] | 1);
    const Read read = importBytes(zip);
    QVERIFY(read.error);
    QCOMPARE(read.error->cause, Cause::Encrypted);
  }

  void what_is_no_archive_of_chats_is_refused_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Cause>("cause");
    const QByteArray zip = zipOf({{"conversations/1.json", conversationToJson(numbered(1))}});
    QTest::newRow("empty") << QByteArray() << Cause::NotOurs;
    QTest::newRow("a picture") << QByteArray("\x89PNG\r\n") << Cause::NotOurs;
    QTest::newRow("cut off") << zip.first(zip.size() / 2) << Cause::Damaged;
    QTest::newRow("only its beginning") << QByteArray("PK\x03\x04") << Cause::Damaged;
    QTest::newRow("an archive of other things") << zipOf({{"photo.jpg", "x"}}) << Cause::NotOurs;
  }

  void what_is_no_archive_of_chats_is_refused() {
    QFETCH(QByteArray, bytes);
    const Read read = importBytes(bytes);
    QVERIFY(read.error);
    QTEST(read.error->cause, "cause");
    QCOMPARE(read.conversations.size(), std::size_t{0});
  }

  void damaged_archives_are_refused_or_read_in_part() {
    TestRng rng(3);
    const QByteArray good = zipOf({{"library.json", libraryToJson({})}, {"conversations/1.json", conversationToJson(everything())},
                                   {"conversations/2.json", conversationToJson(numbered(2))}});
    int refused = 0;
    for (int round = 0; round < 400; ++round) {
      QByteArray bytes = good;
      for (std::uint64_t i = 0; i <= rng.below(5); ++i) {
        bytes[static_cast<qsizetype>(rng.below(static_cast<std::uint64_t>(bytes.size())))] = static_cast<char>(rng.below(256));
      }
      const Read read = importBytes(bytes);
      if (read.error || !read.unreadable.empty()) ++refused;
    }
    QVERIFY2(refused > 100, qPrintable(QString::number(refused)));
  }

  void a_full_disk_ends_it_with_an_error() {
    Chats chats;
    fill(chats);
    const qint64 needed = exported(chats).size();
    for (const qint64 room : {qint64{0}, needed / 2, needed - 1}) {
      FullDisk disk(room);
      const ExportedAll done = exportAll(chats.store, disk, [](double) { return true; });
      QVERIFY2(done.error, qPrintable(QString::number(room)));
      QCOMPARE(done.error->cause, Cause::CannotWrite);
    }
  }

  void it_can_be_stopped_in_the_middle() {
    Chats chats;
    fill(chats);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    int asked = 0;
    const ExportedAll done = exportAll(chats.store, buffer, [&](double) { return ++asked < 4; });
    QVERIFY(done.error);
    QCOMPARE(done.error->cause, Cause::Stopped);
    QCOMPARE(done.conversations, 3);
  }

  void recently_deleted_chats_are_left_out() {
    Chats chats;
    QVERIFY(storeAll(chats.history, {numbered(1), numbered(2)}));
    QVERIFY(chats.history.setConversationDeleted(chats.store.conversations()->front(), true));
    QCOMPARE(importBytes(exported(chats)).conversations.size(), std::size_t{1});
  }

  void an_answer_that_is_being_written_has_the_text_so_far() {
    Chats chats;
    ConversationInfo info;
    info.title = "t";
    const ConversationId id = chats.history.addConversation(info);
    const MessageId question = chats.history.addMessage(id, message(0, 0, Message::Author::User, "q"));
    Message answer = message(0, question, Message::Author::Assistant, {});
    answer.state = Message::State::Writing;
    const MessageId writing = chats.history.addMessage(id, answer);
    QVERIFY(chats.history.appendToAnswer(writing, "so "));
    QVERIFY(chats.history.appendToAnswer(writing, "far"));
    HistoryStore second;  // as on the thread that exports
    QVERIFY(second.openReadOnly(HistoryStore::fileIn(chats.dir.path())));
    QCOMPARE(TransferStore(&second).conversation(id)->conversation.messages[1].text, QStringLiteral("so far"));
    QSignalSpy failed(&second, &HistoryStore::failed);
    QVERIFY(!second.rename(id, "no", true));  // it only reads
    QCOMPARE(failed.size(), 1);
  }

  void chats_that_could_not_be_stored_are_told_of_to_nobody() {
    Chats chats;
    QSignalSpy added(&chats.history, &HistoryStore::conversationAdded);
    QVERIFY(chats.history.database().execute("CREATE TRIGGER no BEFORE INSERT ON messages WHEN new.text = 'question 2' "
                                             "BEGIN SELECT RAISE(ABORT, 'no'); END"));
    QVERIFY(!storeAll(chats.history, {numbered(1), numbered(2)}));
    QCOMPARE(added.size(), 0);
    QCOMPARE(chats.store.conversations()->size(), std::size_t{0});
  }
};

QTEST_GUILESS_MAIN(TestArchive)
#include "tst_archive.moc"
