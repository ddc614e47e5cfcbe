// Databases of every version that was released, opened by this one; and migrations that fail.
// tst_migration --write FILE makes the fixture of the version this program writes, data/history_v<version>.sqlite. It is
// made once, when that version is released, and then stays as it is.
#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "app/storage/history_store.h"

using namespace tercet;
using Author = Message::Author;
using State = Message::State;

namespace {

constexpr qint64 kTime = 1717200000000;  // 2024-06-01

/// One of everything that this version can hold.
bool writeFixture(const QString& path) {
  QTemporaryDir dir;
  HistoryStore store;
  if (!store.open(dir.filePath("new.sqlite"))) return false;
  Message question, answer, other, follow;
  question.id = 1;
  question.text = "¿Qué dice el archivo? \U0001F680";
  question.attachments = {{"notes.txt", "line one\nline two"}};
  question.createdAt = kTime;
  answer.id = 2;
  answer.parent = 1;
  answer.author = Author::Assistant;
  answer.text = "It says **two** lines.";
  answer.tokens = {1, 2, 128255};
  answer.stats = {.tokens = 3, .promptTokens = 9, .tokensPerSecond = 24.5, .firstTokenMs = 250, .seed = 7, .threads = 4,
                  .model = "BitNet", .modelIdentity = "1-2", .known = true};
  answer.createdAt = kTime + 1000;
  other = answer;
  other.id = 3;
  other.edited = true;
  other.tokens.clear();
  other.text = "Another version.";
  other.state = State::Stopped;
  follow.id = 4;
  follow.parent = 3;
  follow.text = "deleted";
  follow.createdAt = follow.deletedAt = kTime + 2000;
  question.lastChild = 3;
  ConversationInfo info;
  info.title = "A tree";
  info.ownTitle = info.pinned = true;
  info.settings.temperature = 0.25;
  info.settings.systemPrompt = "Be brief.";
  info.leaf = 4;
  info.createdAt = kTime;
  info.updatedAt = kTime + 2000;
  ConversationInfo gone;
  gone.title = "Deleted";
  gone.createdAt = gone.updatedAt = gone.deletedAt = kTime;
  const ConversationId id = store.addWhole({info, {question, answer, other, follow}});
  if (id == 0 || store.addConversation(gone) == 0 || !store.setDraft(0, "new") || !store.setDraft(id, "half a thought") ||
      !store.setDraftAttachments(id, {{"waiting.txt", "not sent"}})) {
    return false;
  }
  Database& database = store.database();
  const bool rest =
      database.execute("INSERT INTO folders(name, created_at) VALUES ('Work', ?)", {kTime}) && store.setFolder(id, 1) && store.setUnread(id, true) &&
      database.execute("INSERT INTO personas(name, settings, created_at) VALUES ('Editor', '{}', ?)", {kTime}) &&
      database.execute("INSERT INTO prompts(title, text, created_at) VALUES ('Summary', 'Sum up {{text}}', ?)", {kTime});
  Message half;
  half.parent = store.messages(id).back().id;
  half.author = Author::Assistant;
  half.state = State::Writing;
  half.createdAt = kTime + 3000;
  const MessageId under = rest ? store.addMessage(id, half) : 0;
  return under != 0 && store.appendToAnswer(under, "half an ") && store.appendToAnswer(under, "answer") &&
         database.execute("VACUUM INTO ?", {path});
}

QByteArray bytesOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestMigration : public QObject {
  Q_OBJECT

  QTemporaryDir m_dir;

  QString write(const QString& name, const QByteArray& text) {
    QFile file(m_dir.filePath(name));
    if (file.open(QIODevice::WriteOnly)) file.write(text);
    return file.fileName();
  }
  static QString fixture(int version) { return QStringLiteral(HISTORY_DATA_DIR "/history_v%1.sqlite").arg(version); }
  static int number(Database& database, const QString& sql) {
    QSqlQuery query = database.run(sql);
    return query.next() ? query.value(0).toInt() : -1;
  }

 private Q_SLOTS:
  void every_version_opens_with_all_it_holds_data() {
    QTest::addColumn<int>("version");
    for (int version = 1; version <= Database::kVersion; ++version) QTest::addRow("version %d", version) << version;
  }
  void every_version_opens_with_all_it_holds() {
    QFETCH(int, version);
    QVERIFY2(QFile::exists(fixture(version)), "a version without a fixture: see the top of this file");
    const QString path = m_dir.filePath(QStringLiteral("copy%1.sqlite").arg(version));
    QVERIFY(QFile::copy(fixture(version), path));
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner));
    HistoryStore store;
    bool recovered = false;
    connect(&store, &HistoryStore::recovered, this, [&] { recovered = true; });
    QVERIFY(store.open(path));
    QVERIFY(!recovered);
    QCOMPARE(number(store.database(), "PRAGMA user_version"), Database::kVersion);
    const std::optional<Conversation> tree = store.whole(1);
    QVERIFY(tree);
    QCOMPARE(tree->info.title, "A tree");
    QVERIFY(tree->info.ownTitle && tree->info.pinned);
    QCOMPARE(tree->info.folder, 1);
    QVERIFY(store.summary(1)->unread && !store.summary(2)->unread);
    QCOMPARE(tree->info.settings.temperature, 0.25);
    QCOMPARE(tree->info.settings.systemPrompt, "Be brief.");
    QCOMPARE(tree->info.createdAt, kTime);
    QCOMPARE(tree->messages.size(), std::size_t{5});
    QCOMPARE(tree->info.leaf, tree->messages[4].id);
    const std::vector<std::size_t> parents{0, 1, 1, 3, 4};  // counted from 1
    for (std::size_t i = 0; i < parents.size(); ++i) {
      QCOMPARE(tree->messages[i].parent, parents[i] == 0 ? 0 : tree->messages[parents[i] - 1].id);
    }
    QCOMPARE(tree->messages[0].attachments, (std::vector<Attachment>{{"notes.txt", "line one\nline two"}}));
    QCOMPARE(tree->messages[0].lastChild, tree->messages[2].id);
    QCOMPARE(tree->messages[1].tokens, (std::vector<TokenId>{1, 2, 128255}));
    QCOMPARE(tree->messages[1].stats.model, "BitNet");
    QCOMPARE(tree->messages[2].state, State::Stopped);
    QVERIFY(tree->messages[2].edited);
    QCOMPARE(tree->messages[3].deletedAt, kTime + 2000);
    QCOMPARE(tree->messages[4].text, "half an answer");
    QCOMPARE(tree->messages[4].state, State::Interrupted);
    QCOMPARE(store.conversation(2)->deletedAt, kTime);
    QCOMPARE(store.draft(0), "new");
    QCOMPARE(store.draft(1), "half a thought");
    if (version >= 3) QCOMPARE(store.draftAttachments(1), (std::vector<Attachment>{{"waiting.txt", "not sent"}}));
    // Which messages the index may hold no pairs of common words of.
    QCOMPARE(number(store.database(), "SELECT value FROM marks WHERE name = 'without_pairs_of_words'"), version < 3 ? number(store.database(), "SELECT MAX(id) FROM messages") : 0);
    QCOMPARE(number(store.database(), "SELECT COUNT(*) FROM message_index WHERE message_index MATCH 'arch*'"), 1);
    for (const char* table : {"folders", "personas", "prompts"}) {
      QCOMPARE(number(store.database(), QStringLiteral("SELECT COUNT(*) FROM %1").arg(table)), 1);
    }
  }

  void a_step_is_taken_once_and_in_order() {
    const Database::Schema schema{m_dir.path(), 3};
    write("1.sql", "CREATE TABLE t (a INTEGER);\n\nINSERT INTO t VALUES (1);\n");
    write("2.sql", "-- a comment\nALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT 2;\n");
    write("3.sql", "UPDATE t SET b = b + a;\n");
    Database database;
    const QString path = m_dir.filePath("steps.sqlite");
    QVERIFY(!database.open(path, {m_dir.path(), 1}));
    QVERIFY(!database.open(path, schema));
    QCOMPARE(number(database, "SELECT b FROM t"), 3);
    QVERIFY(!database.open(path, schema));
    QCOMPARE(number(database, "SELECT b FROM t"), 3);
    QCOMPARE(number(database, "PRAGMA user_version"), 3);
  }

  void a_step_that_fails_leaves_the_old_file_as_it_was() {
    write("1.sql", "CREATE TABLE t (a INTEGER);\n\nINSERT INTO t VALUES (1);\n");
    write("2.sql", "ALTER TABLE t ADD COLUMN b INTEGER;\n\nDROP TABLE t;\n\nINSERT INTO nowhere VALUES (1);\n");
    const QString path = m_dir.filePath("fails.sqlite");
    Database database;
    QVERIFY(!database.open(path, {m_dir.path(), 1}));
    database.close();
    const QByteArray before = bytesOf(path);
    QVERIFY(!before.isEmpty());
    QVERIFY(database.open(path, {m_dir.path(), 2}));
    QVERIFY(!database.isOpen());
    QCOMPARE(bytesOf(path), before);
    QVERIFY(!database.open(path, {m_dir.path(), 1}));
    QCOMPARE(number(database, "SELECT a FROM t"), 1);
  }

  void a_step_that_is_missing_is_said() {
    write("1.sql", "CREATE TABLE t (a INTEGER);\n");
    Database database;
    const std::optional<StorageError> error = database.open(m_dir.filePath("missing.sqlite"), {m_dir.path(), 9});
    QVERIFY(error);
    QVERIFY(!database.isOpen());
  }
};

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  const QStringList arguments = QCoreApplication::arguments();
  if (arguments.size() == 3 && arguments[1] == "--write") return writeFixture(arguments[2]) ? 0 : 1;
  TestMigration test;
  return QTest::qExec(&test, argc, argv);
}
#include "tst_migration.moc"
