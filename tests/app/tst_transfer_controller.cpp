// Export and import as the window asks for them.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QGuiApplication>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>
#include <sys/resource.h>

#include "app/conversation_list.h"
#include "app/export/conversation_json.h"
#include "app/notice.h"
#include "app/personas.h"
#include "app/prompt_library.h"
#include "app/settings.h"
#include "app/transfer_controller.h"
#include "tests/app/conversations.h"

using namespace tercet;
using namespace tercet::test;
using Format = TransferController::Format;

namespace {

QByteArray bytesOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Files of this process may have so many bytes while it lives; writing more fails, as on a full disk.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &m_before);
    const rlimit less{bytes, m_before.rlim_max};
    m_handler = std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &less);
  }
  ~SmallDisk() {
    setrlimit(RLIMIT_FSIZE, &m_before);
    std::signal(SIGXFSZ, m_handler);
  }

 private:
  rlimit m_before{};
  void (*m_handler)(int) = nullptr;
};

}  // namespace

class TestTransferController : public QObject {
  Q_OBJECT

  /// A program with its chats.
  struct Program {
    explicit Program() : settings(dir.path(), 4), transfer(&history, &settings, &notice) {
      connect(&history, &HistoryStore::failed, &history, [this](const StorageError& error) { storeErrors << error.detail; });
      history.open(HistoryStore::fileIn(dir.path()));
    }
    bool finished() {
      QSignalSpy spy(&transfer, &TransferController::finished);
      return !transfer.busy() || spy.wait(30000);
    }
    std::size_t count() { return TransferStore(&history).conversations()->size(); }
    QString path(const char* name) const { return dir.filePath(QLatin1String(name)); }
    QUrl url(const char* name) const { return QUrl::fromLocalFile(path(name)); }
    bool write(const char* name, const QByteArray& bytes) const {
      QFile file(path(name));
      return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }

    QTemporaryDir dir;
    Settings settings;
    Notice notice;
    HistoryStore history;
    QStringList storeErrors;
    TransferController transfer;
  };

  std::unique_ptr<Program> m_program;
  ConversationId m_id = 0;

 private Q_SLOTS:
  void init() {
    m_program = std::make_unique<Program>();
    QVERIFY(storeAll(m_program->history, {everything(), numbered(1), numbered(2)}));
    m_id = TransferStore(&m_program->history).conversations()->front();
  }
  void cleanup() { m_program.reset(); }

  void a_chat_is_exported_in_every_format_data() {
    QTest::addColumn<Format>("format");
    QTest::addColumn<QByteArray>("start");
    QTest::newRow("Markdown") << Format::Markdown << QByteArray("# ");
    QTest::newRow("HTML") << Format::Html << QByteArray("<!DOCTYPE html>");
    QTest::newRow("JSON") << Format::Json << QByteArray("{\"created_at\"");
    QTest::newRow("PDF") << Format::Pdf << QByteArray("%PDF-");
  }

  void a_chat_is_exported_in_every_format() {
    QFETCH(Format, format);
    QFETCH(QByteArray, start);
    m_program->transfer.exportConversation(m_id, format, m_program->url("out"));
    QVERIFY(m_program->transfer.busy());
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->notice.code(), QStringLiteral("X-720"));
    QVERIFY(m_program->notice.text().contains("out"));
    QCOMPARE(m_program->notice.action(), Notice::Action::ShowExported);
    QCOMPARE(QFileInfo(m_program->transfer.exportFolder()).canonicalFilePath(), QFileInfo(m_program->dir.path()).canonicalFilePath());
    QVERIFY2(bytesOf(m_program->path("out")).startsWith(start), bytesOf(m_program->path("out")).left(40));
  }

  void everything_goes_out_and_comes_into_another_program_the_same() {
    m_program->transfer.exportAll(m_program->url("all.zip"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->notice.code(), QStringLiteral("X-721"));
    Program other;
    other.transfer.importFile(m_program->url("all.zip"));
    QVERIFY(other.finished());
    QCOMPARE(other.notice.code(), QStringLiteral("X-722"));
    QCOMPARE(other.count(), std::size_t{3});
    other.transfer.exportAll(other.url("all.zip"));
    QVERIFY(other.finished());
    QCOMPARE(bytesOf(other.path("all.zip")), bytesOf(m_program->path("all.zip")));
  }

  void importing_twice_doubles_nothing_and_says_so() {
    m_program->transfer.exportAll(m_program->url("all.zip"));
    QVERIFY(m_program->finished());
    m_program->transfer.importFile(m_program->url("all.zip"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->count(), std::size_t{3});
    QCOMPARE(m_program->notice.code(), QStringLiteral("X-722"));
    QVERIFY2(m_program->notice.title().contains("0") && m_program->notice.text().contains("3"), qPrintable(m_program->notice.text()));
  }

  void a_chat_that_went_on_elsewhere_gets_what_it_lacks() {
    FiledConversation longer = numbered(1);
    longer.conversation.info.title = "another title";
    longer.conversation.messages.push_back(message(3, 2, Message::Author::User, "and then?"));
    longer.conversation.messages.push_back(message(4, 3, Message::Author::Assistant, "the end"));
    longer.conversation.messages.push_back(message(5, 1, Message::Author::Assistant, "another answer"));
    longer.conversation.messages[1].lastChild = 3;
    longer.conversation.messages[2].lastChild = 4;
    longer.conversation.info.leaf = 4;
    QVERIFY(m_program->write("a.json", conversationToJson(longer)));
    const ConversationId id = TransferStore(&m_program->history).conversations()->at(1);
    const std::vector<Message> before = m_program->history.messages(id);
    QSignalSpy came(&m_program->history, &HistoryStore::messagesCameIn);
    for (int time = 0; time < 2; ++time) {
      m_program->transfer.importFile(m_program->url("a.json"));
      QVERIFY(m_program->finished());
      QCOMPARE(m_program->count(), std::size_t{3});
      QCOMPARE(came.size(), 1);
      const Conversation whole = *m_program->history.whole(id);
      QCOMPARE(whole.info.title, "Chat 1");
      QCOMPARE(whole.messages.size(), std::size_t{5});
      QVERIFY(whole.messages[0] == before[0]);
      QCOMPARE(whole.messages[1].text, before[1].text);
      QCOMPARE(whole.messages[2].parent, before[1].id);
      QCOMPARE(whole.messages[4].parent, before[0].id);
      QCOMPARE(whole.info.leaf, whole.messages[3].id);
      QVERIFY2(m_program->notice.title().contains(time == 0 ? "1" : "0"), qPrintable(m_program->notice.title()));
    }
  }

  void a_chat_that_went_on_here_and_elsewhere_keeps_both_and_shows_its_own() {
    FiledConversation longer = numbered(1);
    longer.conversation.messages.push_back(message(3, 2, Message::Author::User, "elsewhere"));
    longer.conversation.info.leaf = 3;
    QVERIFY(m_program->write("a.json", conversationToJson(longer)));
    const ConversationId id = TransferStore(&m_program->history).conversations()->at(1);
    const MessageId last = m_program->history.conversation(id)->leaf;
    const MessageId here = m_program->history.addMessage(id, message(0, last, Message::Author::User, "here"));
    m_program->transfer.importFile(m_program->url("a.json"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->count(), std::size_t{3});
    const Conversation whole = *m_program->history.whole(id);
    QCOMPARE(whole.messages.size(), std::size_t{4});
    QCOMPARE(whole.messages[3].parent, last);
    QCOMPARE(whole.info.leaf, here);
    QCOMPARE(whole.messages[1].lastChild, here);
  }

  void a_chat_that_was_renamed_is_not_doubled() {
    m_program->transfer.exportAll(m_program->url("all.zip"));
    QVERIFY(m_program->finished());
    QVERIFY(m_program->history.rename(m_id, "mine", true));
    m_program->transfer.importFile(m_program->url("all.zip"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->count(), std::size_t{3});
    QCOMPARE(m_program->history.conversation(m_id)->title, "mine");
  }

  void what_lacks_nothing_any_more_or_is_gone_by_now_is_stored_once() {
    TransferStore store(&m_program->history);
    FiledConversation longer = numbered(1);
    longer.conversation.messages.push_back(message(3, 2, Message::Author::User, "more"));
    longer.into = store.conversations()->at(1);
    QVERIFY(storeAll(m_program->history, {longer, longer}));
    QCOMPARE(m_program->history.messages(longer.into).size(), std::size_t{3});
    QVERIFY(m_program->history.setConversationDeleted(longer.into, true));
    QVERIFY(storeAll(m_program->history, {longer}));
    QCOMPARE(m_program->count(), std::size_t{3});
    QCOMPARE(m_program->history.messages(longer.into).size(), std::size_t{3});
  }

  /// Questions and answers in turn, with another version of the first answer at the end.
  static FiledConversation longOne(int messages) {
    FiledConversation filed = numbered(7);
    filed.conversation.messages.clear();
    for (MessageId id = 1; id <= messages; ++id) {
      Message each = message(id, id - 1, id % 2 == 1 ? Message::Author::User : Message::Author::Assistant, QStringLiteral("word%1 ").arg(id).repeated(50));
      each.lastChild = id < messages ? id + 1 : 0;
      filed.conversation.messages.push_back(each);
    }
    filed.conversation.messages.push_back(message(messages + 1, 1, Message::Author::Assistant, "another"));
    filed.conversation.info.leaf = messages;
    return filed;
  }
  bool isWhole(ConversationId id, const FiledConversation& filed) {
    const std::optional<FiledConversation> stored = TransferStore(&m_program->history).conversation(id);
    return stored && conversationToJson(*stored) == conversationToJson(filed);
  }

  void a_long_chat_comes_in_little_by_little() {
    const FiledConversation filed = longOne(500);
    ImportQueue queue(&m_program->history);
    queue.add({filed, numbered(8)});
    QSignalSpy added(&m_program->history, &HistoryStore::conversationAdded), more(&m_program->history, &HistoryStore::messagesCameIn);
    QVERIFY(queue.storeSome());
    QCOMPARE(added.size(), 1);
    const ConversationId id = added[0][0].toLongLong();
    const std::size_t first = m_program->history.messages(id).size();
    QVERIFY(first > 5 && first < 60);
    QCOMPARE(queue.stored(), 0);
    // It can be opened and gone on with meanwhile.
    const MessageId mine = m_program->history.addMessage(id, message(0, m_program->history.messages(id).back().id, Message::Author::User, "mine"));
    QVERIFY(mine > 0);
    while (!queue.empty()) QVERIFY(queue.storeSome());
    QCOMPARE(queue.stored(), 2);
    QVERIFY(more.size() > 10);
    QCOMPARE(m_program->history.messages(id).size(), std::size_t{502});
    QCOMPARE(m_program->history.conversation(id)->leaf, mine);
  }

  void an_import_that_was_killed_in_the_middle_of_a_chat_goes_on_next_time() {
    const FiledConversation filed = longOne(300);
    QVERIFY(m_program->write("a.json", conversationToJson(filed)));
    {
      ImportQueue queue(&m_program->history);
      queue.add({filed});
      QVERIFY(queue.storeSome() && queue.storeSome());
      QVERIFY(!queue.empty());
    }
    const ConversationId id = TransferStore(&m_program->history).conversations()->back();
    QVERIFY(!isWhole(id, filed));
    m_program->transfer.importFile(m_program->url("a.json"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->count(), std::size_t{4});
    QVERIFY(isWhole(id, filed));
  }

  void a_message_that_is_purged_while_its_chat_comes_in_loses_no_other() {
    const FiledConversation filed = longOne(100);
    ImportQueue queue(&m_program->history);
    queue.add({filed});
    QVERIFY(queue.storeSome());
    const ConversationId id = TransferStore(&m_program->history).conversations()->back();
    const std::vector<Message> first = m_program->history.messages(id);
    QVERIFY(m_program->history.purgeMessage(id, first.back().id));
    while (!queue.empty()) QVERIFY(queue.storeSome());
    const std::vector<Message> all = m_program->history.messages(id);
    QCOMPARE(all.size(), std::size_t{100});
    QCOMPARE(all[first.size() - 1].parent, first[first.size() - 2].id);
  }

  void a_cancelled_import_stops_in_the_middle_of_a_long_chat() {
    QVERIFY(m_program->write("a.json", conversationToJson(longOne(2000))));
    connect(&m_program->history, &HistoryStore::conversationAdded, &m_program->transfer, &TransferController::cancel);
    m_program->transfer.importFile(m_program->url("a.json"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->notice.code(), QStringLiteral("X-711"));
    const ConversationId id = TransferStore(&m_program->history).conversations()->back();
    QVERIFY(m_program->history.messages(id).size() < 200);
  }

  void a_chat_that_is_purged_while_it_comes_in_holds_up_nothing() {
    ImportQueue queue(&m_program->history);
    queue.add({longOne(300), numbered(8)});
    QVERIFY(queue.storeSome());
    const ConversationId id = TransferStore(&m_program->history).conversations()->back();
    QVERIFY(m_program->history.purge(id));
    while (!queue.empty()) QVERIFY(queue.storeSome());
    QCOMPARE(m_program->count(), std::size_t{4});
  }

  void the_window_answers_between_the_parts_of_a_long_chat() {
    QVERIFY(m_program->write("a.json", conversationToJson(longOne(500))));
    int turns = 0;
    connect(&m_program->history, &HistoryStore::messagesCameIn, &m_program->transfer, [&] { QTimer::singleShot(0, &m_program->transfer, [&] { ++turns; }); });
    m_program->transfer.importFile(m_program->url("a.json"));
    QVERIFY(m_program->finished());
    QVERIFY2(turns > 10, qPrintable(QString::number(turns)));
    QCOMPARE(m_program->notice.code(), QStringLiteral("X-722"));
  }

  void personas_and_prompts_that_came_in_are_there_at_once() {
    QVERIFY(TransferStore(&m_program->history).add(Library{.folders = {{"Empty", 1}}, .personas = {{"", "Poet", {}, false, 1}},
                                                           .prompts = {{"", "Ask", "Say {{what}}", false, 1, 0}}}));
    m_program->transfer.exportAll(m_program->url("all.zip"));
    QVERIFY(m_program->finished());
    Program other;
    LibraryStore library(&other.history.database());
    Personas personas(&library, &other.notice);
    PromptLibrary prompts(&library, &other.notice);
    ConversationList list(&other.history, &other.notice);
    list.load();
    connect(&other.transfer, &TransferController::libraryAdded, &personas, &Personas::load);
    connect(&other.transfer, &TransferController::libraryAdded, &prompts, &PromptLibrary::load);
    const int before = prompts.count();
    other.transfer.importFile(m_program->url("all.zip"));
    QVERIFY(other.finished());
    QVERIFY(personas.rowOf("Poet") >= 0);
    QCOMPARE(prompts.count(), before + 1);
    bool folder = false;
    for (int row = 0; row < list.rowCount(); ++row) folder = folder || list.data(list.index(row), Qt::DisplayRole) == "Empty";
    QVERIFY(folder);
  }

  void what_was_deleted_meanwhile_can_be_brought_back() {
    m_program->transfer.exportAll(m_program->url("all.zip"));
    QVERIFY(m_program->finished());
    QVERIFY(m_program->history.setConversationDeleted(m_id, true));
    m_program->transfer.importFile(m_program->url("all.zip"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->count(), std::size_t{3});
  }

  void chatgpt_chats_come_in_with_counts_and_reasons() {
    m_program->transfer.importFile(QUrl::fromLocalFile(QStringLiteral(TERCET_DATA_DIR "/chatgpt_conversations.json")));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->count(), std::size_t{6});
    QCOMPARE(m_program->notice.kind(), Notice::Kind::Warning);
    QVERIFY(m_program->notice.details().contains("conversation 3: "));
  }

  void settings_out_of_range_are_not_taken_from_a_file() {
    FiledConversation filed = numbered(9);
    filed.conversation.info.settings.temperature = 1e300;
    filed.conversation.info.settings.topK = 7;
    QVERIFY(m_program->write("a.json", conversationToJson(filed)));
    m_program->transfer.importFile(m_program->url("a.json"));
    QVERIFY(m_program->finished());
    const ConversationId id = TransferStore(&m_program->history).conversations()->back();
    const ChatSettings settings = m_program->history.conversation(id)->settings;
    QVERIFY(!settings.temperature);
    QCOMPARE(settings.topK, 7);
  }

  void failures_have_stable_codes_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("code");
    QTest::newRow("something else") << QByteArray("hello") << "X-704";
    QTest::newRow("damaged") << QByteArray("{\"schema\"") << "X-705";
    QTest::newRow("newer") << QByteArray(R"({"schema":"tercet.conversation","version":99})") << "X-708";
    QTest::newRow("contradictory") << QByteArray(R"({"schema":"tercet.conversation","version":1,"messages":[7]})") << "X-709";
  }

  void failures_have_stable_codes() {
    QFETCH(QByteArray, bytes);
    QVERIFY(m_program->write("a.json", bytes));
    m_program->transfer.importFile(m_program->url("a.json"));
    QVERIFY(m_program->finished());
    QTEST(m_program->notice.code(), "code");
    QCOMPARE(m_program->count(), std::size_t{3});
  }

  void a_file_that_is_not_there_and_a_folder_that_is_not_there_are_said() {
    m_program->transfer.importFile(m_program->url("nothing.json"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->notice.code(), QStringLiteral("X-703"));
    m_program->transfer.exportAll(m_program->url("no/such/folder.zip"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->notice.code(), QStringLiteral("X-701"));
    QVERIFY2(m_program->notice.details().contains("no/such/folder.zip"), qPrintable(m_program->notice.details()));
    m_program->transfer.exportAll(QUrl("https://example.org/a.zip"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->notice.code(), QStringLiteral("X-701"));
    m_program->transfer.exportConversation(123456, Format::Json, m_program->url("a.json"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->notice.code(), QStringLiteral("X-710"));
    QVERIFY(!QFile::exists(m_program->path("a.json")));
  }

  void where_there_is_no_folder_for_documents_the_home_folder_is_offered() {
    const QByteArray home = qgetenv("HOME");
    const auto homeAgain = qScopeGuard([&] { qputenv("HOME", home); });
    qputenv("HOME", m_program->dir.path().toLocal8Bit());
    const auto folder = [&] { return QFileInfo(m_program->transfer.suggestedFile(m_id, Format::Json).toLocalFile()).absolutePath(); };
    QCOMPARE(folder(), m_program->dir.path());
    QVERIFY(QDir(m_program->dir.path()).mkdir("Documents"));
    QCOMPARE(folder(), m_program->dir.path() + "/Documents");
  }

  void a_disk_without_room_leaves_the_old_file_and_no_half_of_a_new_one() {
    QVERIFY(m_program->write("all.zip", "the old one"));
    const QStringList before = QDir(m_program->dir.path()).entryList(QDir::Files);
    {
      SmallDisk disk(512);
      m_program->transfer.exportAll(m_program->url("all.zip"));
      QVERIFY(m_program->finished());
    }
    QCOMPARE(m_program->notice.code(), QStringLiteral("X-701"));
    QCOMPARE(bytesOf(m_program->path("all.zip")), QByteArray("the old one"));
    QCOMPARE(QDir(m_program->dir.path()).entryList(QDir::Files), before);
  }

  void a_cancelled_export_leaves_nothing() {
    connect(&m_program->transfer, &TransferController::changed, &m_program->transfer, &TransferController::cancel);
    m_program->transfer.exportAll(m_program->url("all.zip"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->notice.code(), QStringLiteral("X-711"));
    QVERIFY(!QFile::exists(m_program->path("all.zip")));
  }

  void a_cancelled_import_keeps_what_it_had() {
    QByteArray array = "[";
    for (int i = 0; i < 400; ++i) {
      array += (i > 0 ? "," : "") + QStringLiteral(R"({"title":"t%1","create_time":%1,"mapping":{"m":{"message":{"author":{"role":"user"},)"
                                                   R"("content":{"content_type":"text","parts":["x"]}}}}})").arg(1712345678 + i).toUtf8();
    }
    QVERIFY(m_program->write("a.json", array + "]"));
    connect(&m_program->history, &HistoryStore::conversationAdded, &m_program->transfer, &TransferController::cancel);
    m_program->transfer.importFile(m_program->url("a.json"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->notice.code(), QStringLiteral("X-711"));
    QVERIFY(m_program->count() > 3 && m_program->count() < 403);
  }

  void a_database_that_refuses_ends_the_import_and_its_own_notice_stays() {
    QVERIFY(m_program->history.database().execute("CREATE TRIGGER no BEFORE INSERT ON conversations BEGIN SELECT RAISE(ABORT, 'no'); END"));
    QVERIFY(m_program->write("a.json", conversationToJson(numbered(9))));
    m_program->transfer.importFile(m_program->url("a.json"));
    QVERIFY(m_program->finished());
    QCOMPARE(m_program->storeErrors.size(), 1);
    QVERIFY(!m_program->notice.visible());
    QCOMPARE(m_program->count(), std::size_t{3});
  }

  void one_thing_at_a_time() {
    m_program->transfer.exportAll(m_program->url("first.zip"));
    m_program->transfer.exportAll(m_program->url("second.zip"));
    QVERIFY(m_program->finished());
    QVERIFY(QFile::exists(m_program->path("first.zip")));
    QVERIFY(!QFile::exists(m_program->path("second.zip")));
  }

  void ending_the_program_in_the_middle_of_an_import_waits_for_nobody() {
    QByteArray array = "[";
    for (int i = 0; i < 400; ++i) {
      array += (i > 0 ? "," : "") + QStringLiteral(R"({"title":"t%1","mapping":{"m":{"message":{"author":{"role":"user"},)"
                                                   R"("content":{"content_type":"text","parts":["x"]}}}}})").arg(i).toUtf8();
    }
    QVERIFY(m_program->write("a.json", array + "]"));
    m_program->transfer.importFile(m_program->url("a.json"));
    m_program.reset();  // batches nobody takes any more
    QVERIFY(!m_program);
  }

  void suggested_names_come_from_the_title_and_the_day() {
    QVERIFY(m_program->history.rename(m_id, "a/b: c", true));
    QCOMPARE(m_program->transfer.suggestedFile(m_id, Format::Markdown).fileName(), QStringLiteral("a b c.md"));
    QVERIFY(QRegularExpression("^Tercet-\\d{4}-\\d{2}-\\d{2}\\.zip$").match(m_program->transfer.suggestedArchive().fileName()).hasMatch());
  }
};

QTEST_MAIN(TestTransferController)
#include "tst_transfer_controller.moc"
