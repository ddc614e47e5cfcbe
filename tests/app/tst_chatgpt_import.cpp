// ChatGPT's data export, as it is and as it may be.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include "app/export/chatgpt.h"
#include "app/export/import_file.h"
#include "app/export/json_elements.h"
#include "app/export/zip_writer.h"
#include "app/message_tree.h"
#include "tests/support/test_rng.h"

using namespace tercet;
using namespace tercet::test;
using Author = Message::Author;
using Cause = TransferError::Cause;

namespace {

const QString kFixture = QStringLiteral(TERCET_DATA_DIR "/chatgpt_conversations.json");

QByteArray bytesOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

struct Read {
  std::vector<Conversation> conversations;
  std::vector<TransferError> unreadable;
  std::optional<TransferError> error;
};

Read read(const QString& path) {
  Read read;
  read.error = importFile(path, {.conversation = [&](FiledConversation&& filed) { read.conversations.push_back(filed.conversation); return true; },
                                 .library = [](const Library&) { return true; },
                                 .unreadable = [&](const TransferError& error) { read.unreadable.push_back(error); return true; },
                                 .goOn = [](double) { return true; }});
  return read;
}

Read readBytes(const QByteArray& bytes) {
  QTemporaryDir dir;
  QFile file(dir.filePath("conversations.json"));
  if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) return {};
  file.close();
  return read(file.fileName());
}

/// A conversation of `depth` messages that answer one another.
QByteArray chain(int depth) {
  QJsonObject mapping;
  for (int i = 0; i < depth; ++i) {
    mapping[QString::number(i)] = QJsonObject{
        {"parent", i == 0 ? QJsonValue() : QJsonValue(QString::number(i - 1))},
        {"message", QJsonObject{{"author", QJsonObject{{"role", i % 2 == 0 ? "user" : "assistant"}}},
                                {"content", QJsonObject{{"content_type", "text"}, {"parts", QJsonArray{QStringLiteral("message %1").arg(i)}}}}}}};
  }
  return QJsonDocument(QJsonObject{{"title", "chain"}, {"create_time", 1712345678.0}, {"mapping", mapping}}).toJson(QJsonDocument::Compact);
}

}  // namespace

class TestChatGptImport : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_can_be_read_is_read_and_the_rest_is_counted_with_its_place() {
    const Read all = read(kFixture);
    QVERIFY2(!all.error, qPrintable(all.error.value_or(TransferError{}).detail));
    QCOMPARE(all.conversations.size(), std::size_t{3});
    QCOMPARE(all.unreadable.size(), std::size_t{3});
    QVERIFY(all.unreadable[0].detail.startsWith("conversation 3: "));
    QVERIFY(all.unreadable[1].detail.startsWith("conversation 4: "));
    QVERIFY(all.unreadable[2].detail.startsWith("conversation 5: "));
  }

  void the_tree_is_kept_and_what_tools_and_the_system_said_is_passed_over() {
    const Conversation bread = read(kFixture).conversations.at(0);
    QCOMPARE(bread.info.title, QStringLiteral("Baking bread"));
    QVERIFY(bread.info.ownTitle);
    QCOMPARE(bread.info.createdAt, 1712345678123);
    QCOMPARE(bread.info.updatedAt, 1712345999500);
    QCOMPARE(bread.messages.size(), std::size_t{3});
    QCOMPARE(bread.messages[0].text, QStringLiteral("How long does bread bake?"));
    QCOMPARE(bread.messages[0].author, Author::User);
    QCOMPARE(bread.messages[0].createdAt, 1712345679500);
    MessageTree tree;
    tree.load(bread.messages, bread.info.leaf);
    QCOMPARE(tree.path().size(), std::size_t{2});
    QCOMPARE(tree.find(tree.path()[1])->text, QStringLiteral("35 minutes."));
    QCOMPARE(tree.siblings(tree.path()[1]).size(), std::size_t{2});
  }

  void pictures_sound_and_files_become_notes_and_odd_parts_are_nothing() {
    const Conversation odd = read(kFixture).conversations.at(1);
    QCOMPARE(odd.messages.size(), std::size_t{2});
    QCOMPARE(odd.messages[0].text, QStringLiteral("[image]\n\nWhat is this?\n\n[voice message]\n\nspoken\n\n[canvas: not text]\n\n[file: photo.png]"));
    QCOMPARE(odd.messages[1].text, QStringLiteral("````\na ``` b\n````"));
    QCOMPARE(odd.messages[1].parent, 0);  // its question was empty
    QVERIFY(!odd.info.title.isEmpty());
    QVERIFY(!odd.info.ownTitle);
  }

  void impossible_times_and_texts_are_repaired() {
    const Conversation last = read(kFixture).conversations.at(2);
    QVERIFY(last.info.createdAt > 0);
    QCOMPARE(last.info.createdAt, read(kFixture).conversations.at(2).info.createdAt);  // that of the file
    QCOMPARE(last.messages[1].createdAt, last.info.createdAt);
    QCOMPARE(last.messages.size(), std::size_t{2});
    QCOMPARE(last.messages[0].text, QStringLiteral("half \uFFFD pair"));
    QCOMPARE(last.messages[1].parent, last.messages[0].id);
    QCOMPARE(last.info.leaf, last.messages[1].id);
  }

  void the_archive_that_chatgpt_sends_is_read_as_it_is() {
    QTemporaryDir dir;
    QFile file(dir.filePath("export.zip"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    ZipWriter zip(file);
    QVERIFY(zip.add("user.json", "{\"id\":\"user\"}", 0));
    QVERIFY(zip.add("chat.html", "<html>", 0));
    QVERIFY(zip.add("conversations.json", bytesOf(kFixture), 0));
    QVERIFY(zip.add("file-abc.png", "x", 0));
    QVERIFY(zip.finish());
    file.close();
    const Read all = read(file.fileName());
    QVERIFY(!all.error);
    QCOMPARE(all.conversations.size(), std::size_t{3});
    QCOMPARE(all.unreadable.size(), std::size_t{3});
  }

  void a_single_conversation_is_read_too() {
    const Read one = readBytes(chain(3));
    QVERIFY(!one.error);
    QCOMPARE(one.conversations.at(0).messages.size(), std::size_t{3});
  }

  void very_long_conversations_do_not_need_a_deep_stack() {
    const Read one = readBytes("[" + chain(10'000) + "]");
    QVERIFY(!one.error);
    QCOMPARE(one.conversations.at(0).messages.size(), std::size_t{10'000});
    QCOMPARE(one.conversations.at(0).messages.back().text, QStringLiteral("message 9999"));
  }

  void files_that_are_something_else_are_refused_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Cause>("cause");
    QTest::newRow("cut off") << bytesOf(kFixture).chopped(200) << Cause::Damaged;
    QTest::newRow("text after it") << QByteArray("[] x") << Cause::Damaged;
    QTest::newRow("an array of numbers") << QByteArray("[1, 2]") << Cause::NotOurs;
    QTest::newRow("an object of something else") << QByteArray("{\"a\": 1}") << Cause::NotOurs;
    QTest::newRow("text") << QByteArray("hello") << Cause::NotOurs;
  }

  void files_that_are_something_else_are_refused() {
    QFETCH(QByteArray, bytes);
    const Read all = readBytes(bytes);
    QVERIFY(all.error);
    QTEST(all.error->cause, "cause");
  }

  void elements_are_the_same_however_the_bytes_are_cut() {
    const QByteArray array = "\xEF\xBB\xBF [ {\"a\":\"]}\\\"[\"} , [1,[2]] ,7,\"x,y\", null ]\n";
    const QList<QByteArray> wanted{"{\"a\":\"]}\\\"[\"}", "[1,[2]]", "7", "\"x,y\"", "null "};
    for (qsizetype step = 1; step <= array.size(); ++step) {
      QList<QByteArray> found;
      JsonElements elements(1000, [&](const QByteArray& element) { found << element; return true; });
      for (qsizetype at = 0; at < array.size(); at += step) QVERIFY(elements.feed(array.mid(at, step)));
      QVERIFY(elements.complete());
      QCOMPARE(found, wanted);
    }
  }

  void an_element_beyond_the_limit_is_cut_and_the_next_is_whole() {
    QList<QByteArray> found;
    JsonElements elements(10, [&](const QByteArray& element) { found << element; return true; });
    QVERIFY(elements.feed("[{\"a\":\"" + QByteArray(1000, 'x') + "\"},{\"b\":1}]"));
    QCOMPARE(found.size(), 2);
    QCOMPARE(found[0].size(), 10);
    QCOMPARE(found[1], QByteArray("{\"b\":1}"));
  }

  void damaged_bytes_never_do_harm() {
    TestRng rng(11);
    const QByteArray good = bytesOf(kFixture);
    std::size_t conversations = 0;
    for (int round = 0; round < 500; ++round) {
      QByteArray bytes = good;
      for (std::uint64_t i = 0; i <= rng.below(6); ++i) {
        const auto at = static_cast<qsizetype>(rng.below(static_cast<std::uint64_t>(bytes.size())));
        if (rng.below(2) == 0) bytes[at] = static_cast<char>(rng.below(256));
        else bytes.remove(at, static_cast<qsizetype>(rng.below(40)));
      }
      conversations += readBytes(bytes).conversations.size();
    }
    QVERIFY(conversations > 100);
  }
};

QTEST_GUILESS_MAIN(TestChatGptImport)
#include "tst_chatgpt_import.moc"
