// One conversation as JSON, there and back, and what strangers may put into such a file.
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include "app/export/conversation_json.h"
#include "app/export/portable_text.h"
#include "tests/app/conversations.h"
#include "tests/support/test_rng.h"

using namespace tercet;
using namespace tercet::test;
using Cause = TransferError::Cause;

namespace {

QJsonObject everythingAsJson() { return QJsonDocument::fromJson(conversationToJson(everything())).object(); }

/// `json` with `value` under `key` of its message at `place`.
QJsonObject withMessageValue(QJsonObject json, int place, const char* key, const QJsonValue& value) {
  QJsonArray messages = json["messages"].toArray();
  QJsonObject message = messages[place].toObject();
  message[QLatin1String(key)] = value;
  messages[place] = message;
  json["messages"] = messages;
  return json;
}

QJsonObject with(QJsonObject json, const char* key, const QJsonValue& value) {
  json[QLatin1String(key)] = value;
  return json;
}

/// With a time wherever one is missing, as import gives it.
FiledConversation dated(FiledConversation filed) {
  for (qint64* time : {&filed.conversation.info.createdAt, &filed.conversation.info.updatedAt}) *time = *time == 0 ? 5 : *time;
  for (Message& message : filed.conversation.messages) message.createdAt = message.createdAt == 0 ? 5 : message.createdAt;
  return filed;
}

/// What goes in comes out the same, whatever database it went through.
QByteArray throughDatabase(const FiledConversation& filed) {
  QTemporaryDir dir;
  HistoryStore history;
  if (!history.open(HistoryStore::fileIn(dir.path()))) return {};
  TransferStore store(&history);
  if (!storeAll(history, {filed})) return {};
  return conversationToJson(*store.conversation(store.conversations()->front()));
}

}  // namespace

class TestConversationJson : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everything_comes_back_from_the_file_as_it_was() {
    TransferError error;
    const std::optional<FiledConversation> read = conversationFromJson(conversationToJson(everything()), error);
    QVERIFY2(read, qPrintable(error.detail));
    const FiledConversation wanted = everything();
    QCOMPARE(read->folder, wanted.folder);
    QCOMPARE(read->conversation.info.title, wanted.conversation.info.title);
    QVERIFY(read->conversation.info.settings == wanted.conversation.info.settings);
    QCOMPARE(read->conversation.info.createdAt, wanted.conversation.info.createdAt);
    QCOMPARE(read->conversation.info.updatedAt, wanted.conversation.info.updatedAt);
    QVERIFY(read->conversation.info.ownTitle && read->conversation.info.pinned);
    QCOMPARE(read->conversation.info.leaf, 5);
    QCOMPARE(read->conversation.messages.size(), wanted.conversation.messages.size());
    for (std::size_t i = 0; i < read->conversation.messages.size(); ++i) {
      Message expected = wanted.conversation.messages[i];
      expected.id -= 9;  // numbered from 1
      if (expected.parent != 0) expected.parent -= 9;
      if (expected.lastChild != 0) expected.lastChild -= 9;
      QVERIFY2(read->conversation.messages[i] == expected, qPrintable(QString::number(i)));
    }
  }

  void exporting_what_was_imported_into_an_empty_database_gives_the_same_bytes() {
    const QByteArray bytes = conversationToJson(everything());
    QVERIFY(bytes.size() > 500);
    TransferError error;
    const std::optional<FiledConversation> read = conversationFromJson(bytes, error);
    QVERIFY2(read, qPrintable(error.detail));
    QCOMPARE(throughDatabase(*read), bytes);
  }

  void a_leaf_decides_which_child_was_shown_last_on_its_branch() {
    FiledConversation filed = everything();
    filed.conversation.messages[0].lastChild = 11;  // as a purge of old messages leaves it
    const QByteArray bytes = conversationToJson(filed);
    TransferError error;
    const auto read = conversationFromJson(bytes, error);
    QVERIFY2(read, qPrintable(error.detail));
    QCOMPARE(throughDatabase(*read), bytes);
  }

  void an_answer_under_way_counts_as_interrupted() {
    FiledConversation filed = numbered(1);
    filed.conversation.messages[1].state = Message::State::Writing;
    TransferError error;
    const auto read = conversationFromJson(conversationToJson(filed), error);
    QVERIFY(read);
    QCOMPARE(read->conversation.messages[1].state, Message::State::Interrupted);
  }

  void half_of_a_surrogate_pair_becomes_a_replacement_character() {
    const QByteArray bytes = R"({"schema":"tercet.conversation","version":1,"title":"a\ud800b","created_at":"2024-01-02T03:04:05.678Z",)"
                             R"("messages":[{"id":1,"author":"user","text":"\udc00\ud83d\ude80"}]})";
    TransferError error;
    const auto read = conversationFromJson(bytes, error);
    QVERIFY2(read, qPrintable(error.detail));
    QCOMPARE(read->conversation.info.title, QStringLiteral("a\uFFFDb"));
    QCOMPARE(read->conversation.messages[0].text, QStringLiteral("\uFFFD\U0001F680"));
    QCOMPARE(throughDatabase(dated(*read)), conversationToJson(dated(*read)));
  }

  void names_come_on_one_line() {
    const QJsonObject json = with(with(everythingAsJson(), "title", " two\nlines\t of it "), "folder", "a\u2028b");
    TransferError error;
    const auto read = conversationFromJson(json, error);
    QVERIFY2(read, qPrintable(error.detail));
    QCOMPARE(read->conversation.info.title, "two lines of it");
    QCOMPARE(read->folder, "a b");
  }

  void unknown_keys_are_passed_over() {
    QJsonObject json = with(everythingAsJson(), "from_the_future", QJsonArray{1, 2});
    json = withMessageValue(json, 0, "mood", "good");
    TransferError error;
    const auto read = conversationFromJson(json, error);
    QVERIFY2(read, qPrintable(error.detail));
    QCOMPARE(conversationToJson(*read), conversationToJson(everything()));
  }

  void what_hangs_on_nothing_begins_a_branch_and_parents_come_before_children() {
    QJsonObject json = withMessageValue(everythingAsJson(), 2, "parent", 77);
    QJsonArray messages = json["messages"].toArray();
    messages.append(messages.takeAt(0));  // the first question comes last now
    TransferError error;
    const auto read = conversationFromJson(with(json, "messages", messages), error);
    QVERIFY2(read, qPrintable(error.detail));
    QCOMPARE(read->conversation.messages[0].id, 1);
    QCOMPARE(read->conversation.messages[1].id, 2);
    QCOMPARE(read->conversation.messages[2].parent, 0);
  }

  void what_cannot_be_used_is_refused_with_its_cause_and_place_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Cause>("cause");
    QTest::addColumn<QString>("where");
    const QJsonObject good = everythingAsJson();
    const auto row = [](const char* name, const QJsonObject& json, Cause cause, const char* where) {
      QTest::newRow(name) << QJsonDocument(json).toJson() << cause << QString::fromLatin1(where);
    };
    QTest::newRow("no JSON") << QByteArray("{\"schema\":") << Cause::Damaged << "byte";
    QTest::newRow("invalid UTF-8") << QByteArray("{\"schema\":\"\xff\"}") << Cause::Damaged << "byte";
    QTest::newRow("an array") << QByteArray("[1]") << Cause::NotOurs << "object";
    QTest::newRow("nested very deeply") << QByteArray(200000, '[') << Cause::Damaged << "byte";
    row("another schema", with(good, "schema", "x"), Cause::NotOurs, "schema");
    row("a newer version", with(good, "version", 2), Cause::Newer, "version 2");
    row("a version of text", with(good, "version", "1"), Cause::Invalid, "version");
    row("a title that is a number", with(good, "title", 7), Cause::Invalid, "title");
    row("settings that are a list", with(good, "settings", QJsonArray()), Cause::Invalid, "settings");
    row("messages that are text", with(good, "messages", "x"), Cause::Invalid, "messages");
    row("a time that is none", with(good, "created_at", "2024-13-45T00:00:00Z"), Cause::Invalid, "created_at");
    row("a time that is a number", with(good, "created_at", 1e308), Cause::Invalid, "created_at");
    row("an id of 1e308", withMessageValue(good, 1, "id", 1e308), Cause::Invalid, "message 2");
    row("an id twice", withMessageValue(good, 1, "id", 1), Cause::Invalid, "message 2");
    row("no id", withMessageValue(good, 3, "id", QJsonValue::Undefined), Cause::Invalid, "message 4");
    row("a circle", withMessageValue(good, 0, "parent", 4), Cause::Invalid, "hangs on itself");
    row("its own parent", withMessageValue(good, 0, "parent", 1), Cause::Invalid, "message 1");
    row("an author nobody knows", withMessageValue(good, 0, "author", "system"), Cause::Invalid, "message 1: author");
    row("a state nobody knows", withMessageValue(good, 0, "state", "happy"), Cause::Invalid, "message 1: state");
    row("a text that is a list", withMessageValue(good, 2, "text", QJsonArray()), Cause::Invalid, "message 3: text");
    row("a token below 0", withMessageValue(good, 1, "tokens", QJsonArray{1, -1}), Cause::Invalid, "message 2: tokens");
    row("a token of 1e308", withMessageValue(good, 1, "tokens", QJsonArray{1e308}), Cause::Invalid, "message 2: tokens");
    row("a file that is text", withMessageValue(good, 0, "attachments", QJsonArray{"x"}), Cause::Invalid, "message 1: attachments");
  }

  void what_cannot_be_used_is_refused_with_its_cause_and_place() {
    QFETCH(QByteArray, bytes);
    QFETCH(Cause, cause);
    QFETCH(QString, where);
    TransferError error;
    QVERIFY(!conversationFromJson(bytes, error));
    QCOMPARE(error.cause, cause);
    QVERIFY2(error.detail.contains(where), qPrintable(error.detail));
  }

  void figures_beyond_their_ranges_are_brought_into_them() {
    const QJsonObject stats{{"tokens", 1e308}, {"tokens_per_s", -5}, {"first_token_ms", 1e308}, {"threads", "four"}};
    TransferError error;
    const auto read = conversationFromJson(withMessageValue(everythingAsJson(), 1, "stats", stats), error);
    QVERIFY2(read, qPrintable(error.detail));
    const MessageStats& taken = read->conversation.messages[1].stats;
    QCOMPARE(taken.tokensPerSecond, 0.0);
    QCOMPARE(taken.firstTokenMs, -1);
    QCOMPARE(taken.threads, 0);
  }

  void damaged_bytes_are_refused_or_read_and_what_is_read_can_be_stored() {
    TestRng rng(41);
    const QByteArray good = conversationToJson(everything());
    int refused = 0, read = 0;
    for (int round = 0; round < 3000; ++round) {
      QByteArray bytes = good;
      for (std::uint64_t change = 0; change <= rng.below(4); ++change) {
        const auto at = static_cast<qsizetype>(rng.below(static_cast<std::uint64_t>(bytes.size())));
        switch (rng.below(4)) {
          case 0: bytes[at] = static_cast<char>(rng.below(256)); break;
          case 1: bytes.remove(at, static_cast<qsizetype>(rng.below(30))); break;
          case 2: bytes.insert(at, bytes.mid(static_cast<qsizetype>(rng.below(static_cast<std::uint64_t>(bytes.size()))), 20)); break;
          default: bytes.replace(at, 1, QByteArray::number(rng.below(9))); break;
        }
      }
      TransferError error;
      const auto filed = conversationFromJson(bytes, error);
      ++(filed ? read : refused);
      if (!filed) QVERIFY(!error.detail.isEmpty());
      if (filed && read % 40 == 0) QCOMPARE(throughDatabase(dated(*filed)), conversationToJson(dated(*filed)));
    }
    QVERIFY2(read > 100 && refused > 100, qPrintable(QStringLiteral("%1 read, %2 refused").arg(read).arg(refused)));
  }

  void times_are_utc_with_milliseconds() {
    QCOMPARE(isoTime(1700000000001), QStringLiteral("2023-11-14T22:13:20.001Z"));
    QCOMPARE(timeOfIso("2023-11-14T22:13:20.001Z"), 1700000000001);
    QCOMPARE(timeOfIso("2023-11-14T22:13:20.001"), 1700000000001);
    QCOMPARE(timeOfIso("2023-11-15T00:13:20.001+02:00"), 1700000000001);
    QCOMPARE(timeOfIso(isoTime(std::numeric_limits<qint64>::max())), 253402300799999);
    for (const char* bad : {"", "yesterday", "2023-02-30T00:00:00Z", "99999-01-01T00:00:00Z"}) QVERIFY2(!timeOfIso(bad), bad);
  }

  void names_of_files_are_allowed_everywhere_data() {
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << "A walk" << "A walk";
    QTest::newRow("separators") << "../../etc/passwd" << "etc passwd";
    QTest::newRow("forbidden") << "a<b>:\"c\"|d?*\\e" << "a b c d e";
    QTest::newRow("nothing") << " \n\t" << "chat";
    QTest::newRow("only dots") << "..." << "chat";
    QTest::newRow("hidden and ending in a dot") << ".x. " << "x";
    QTest::newRow("a device") << "nul" << "_nul";
    QTest::newRow("a device with an ending") << "COM1.txt" << "_COM1.txt";
    QTest::newRow("direction override") << QStringLiteral("a\u202Efdp.exe") << "a fdp.exe";
    QTest::newRow("long") << QString(500, 'x') << QString(60, 'x');
    QTest::newRow("long in bytes") << QStringLiteral("\U0001F680").repeated(100) << QStringLiteral("\U0001F680").repeated(30);
  }

  void names_of_files_are_allowed_everywhere() {
    QFETCH(QString, title);
    QTEST(fileNameOf(title), "name");
  }
};

QTEST_GUILESS_MAIN(TestConversationJson)
#include "tst_conversation_json.moc"
