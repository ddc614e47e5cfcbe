// A full disk, a folder that cannot be written, a file that another program holds: the program starts, says why nothing can
// be stored, and keeps what was typed.
#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <vector>

#ifdef __unix__
#include <unistd.h>
#endif

#include "app/app_root.h"
#include "app/storage/history_store.h"

using namespace tercet;

namespace {

constexpr auto kAll = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
constexpr auto kOnlyRead = QFile::ReadOwner | QFile::ExeOwner | QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther;

/// Permissions do not bind root: as long as this lives, nobody runs the test.
class AsNobody {
 public:
#ifdef __unix__
  AsNobody() : m_good(::geteuid() != 0 || ::seteuid(65534) == 0) {}
  ~AsNobody() {
    if (::getuid() == 0 && ::seteuid(0) != 0) qFatal("cannot become root again");
  }
  bool good() const { return m_good; }

 private:
  bool m_good;
#else
  bool good() const { return false; }
#endif
};

}  // namespace

class TestStorageTrouble : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> m_dir;
  std::unique_ptr<AppRoot> m_root;

  QString file() const { return HistoryStore::fileIn(m_dir->path()); }
  ConversationId fill() {
    HistoryStore store;
    if (!store.open(file())) return 0;
    Message question, answer;
    question.id = 1;
    question.text = "question";
    answer.id = 2;
    answer.parent = 1;
    answer.author = Message::Author::Assistant;
    answer.text = "answer";
    ConversationInfo info;
    info.leaf = 2;
    const ConversationId id = store.addWhole({info, {question, answer}});
    Settings settings(m_dir->path(), 4);
    settings.setLastConversation(QString::number(id));
    settings.save();
    return id;
  }
  void start() {
    m_root = std::make_unique<AppRoot>(m_dir->path());
    m_root->chat()->setModelReady(true);
  }
  bool say(const QString& text) {
    m_root->chat()->setDraft(text);
    return m_root->chat()->send();
  }
  QString code() { return m_root->notice()->code(); }
  QStringList texts() {
    QStringList texts;
    for (int row = 0; row < m_root->chat()->messages()->count(); ++row) texts << m_root->chat()->messages()->at(row).text;
    return texts;
  }

 private Q_SLOTS:
  void init() { m_dir = std::make_unique<QTemporaryDir>(); }
  void cleanup() {
    m_root.reset();
    m_dir.reset();
  }

  void a_folder_that_cannot_be_written_can_be_read_until_it_can() {
    QVERIFY(fill() != 0);
    QVERIFY(QFile::setPermissions(file(), kOnlyRead));
    QVERIFY(QFile::setPermissions(m_dir->path(), kOnlyRead));
    {
      const AsNobody nobody;
      if (!nobody.good()) QSKIP("permissions bind nobody here");
      start();
      QCOMPARE(code(), "S-501");
      QVERIFY(m_root->notice()->text().contains("permissions"));
      QCOMPARE(texts(), (QStringList{"question", "answer"}));
      m_root->notice()->dismiss();
      QVERIFY(!say("typed"));
      QCOMPARE(m_root->chat()->draft(), "typed");
      QCOMPARE(code(), "S-501");
      QVERIFY(m_root->notice()->text().contains("permissions"));
    }
    QCOMPARE(m_root->notice()->action(), Notice::Action::RetryStoring);
    QVERIFY(QFile::setPermissions(m_dir->path(), kAll));
    QVERIFY(QFile::setPermissions(file(), kAll));
    m_root->notice()->trigger();
    QVERIFY(!m_root->notice()->visible());
    QCOMPARE(m_root->chat()->draft(), "typed");
    QVERIFY(m_root->chat()->send());
    QCOMPARE(texts().size(), 4);
  }

  void an_answer_that_was_under_way_can_be_read_where_nothing_can_be_written() {
    const ConversationId id = fill();
    {
      HistoryStore store;
      QVERIFY(store.open(file()));
      Message half;
      half.parent = store.messages(id).back().id;
      half.author = Message::Author::Assistant;
      half.state = Message::State::Writing;
      const MessageId answer = store.addMessage(id, half);
      QVERIFY(store.appendToAnswer(answer, "one ") && store.appendToAnswer(answer, "two"));
    }
    QVERIFY(QFile::setPermissions(file(), kOnlyRead));
    QVERIFY(QFile::setPermissions(m_dir->path(), kOnlyRead));
    {
      const AsNobody nobody;
      if (!nobody.good()) QSKIP("permissions bind nobody here");
      HistoryStore store;
      QVERIFY(!store.open(file()));
      QVERIFY(store.isOpen() && !store.isWritable());
      QCOMPARE(store.messages(id).back().text, "one two");
      QCOMPARE(store.messages(id).back().state, Message::State::Interrupted);
    }
    QVERIFY(QFile::setPermissions(m_dir->path(), kAll));
  }

  void a_data_directory_that_cannot_be_made_does_not_keep_the_window_shut() {
    QVERIFY(QFile(m_dir->filePath("file")).open(QIODevice::WriteOnly));
    m_root = std::make_unique<AppRoot>(m_dir->filePath("file"));
    m_root->chat()->setModelReady(true);
    QCOMPARE(code(), "S-501");
    QVERIFY(!say("typed"));
    QCOMPARE(m_root->chat()->draft(), "typed");
    QCOMPARE(code(), "S-501");
    QVERIFY(QFile::remove(m_dir->filePath("file")));
    m_root->notice()->trigger();
    QVERIFY(m_root->chat()->send());
  }

  void a_file_that_another_program_holds_is_tried_again() {
    QVERIFY(fill() != 0);
    Database other;
    QVERIFY(!other.open(file()));
    QVERIFY(other.execute("PRAGMA locking_mode = EXCLUSIVE") && other.execute("BEGIN EXCLUSIVE"));
    start();
    QCOMPARE(code(), "S-501");
    QVERIFY(m_root->notice()->text().contains("Another program"));
    QVERIFY(!say("typed"));
    QCOMPARE(m_root->chat()->draft(), "typed");
    other.close();
    m_root->notice()->trigger();
    QCOMPARE(m_root->chat()->draft(), "typed");
    QVERIFY(m_root->chat()->send());
    QVERIFY(!m_root->notice()->visible());
  }

  void a_database_of_a_newer_version_is_not_touched() {
    QVERIFY(fill() != 0);
    {
      Database database;
      QVERIFY(!database.open(file()));
      QVERIFY(database.execute("PRAGMA user_version = 99"));
    }
    start();
    QCOMPARE(code(), "S-506");
    QVERIFY(texts().isEmpty());
    QVERIFY(!say("typed"));
    QCOMPARE(m_root->chat()->draft(), "typed");
    QCOMPARE(code(), "S-506");
  }

  void damage_is_put_right_and_said() {
    QVERIFY(fill() != 0);
    {
      Database database;
      QVERIFY(!database.open(file()));
      QVERIFY(database.execute("DROP TABLE prompts"));
    }
    start();
    QCOMPARE(code(), "S-507");
    const QStringList kept = QDir(m_dir->path()).entryList({"conversations.damaged-*.sqlite"});
    QCOMPARE(kept.size(), 1);
    QVERIFY2(m_root->notice()->text().contains(kept[0]), qPrintable(m_root->notice()->text()));
    QCOMPARE(texts(), (QStringList{"question", "answer"}));
    QVERIFY(say("next"));
  }
};

/// A full disk, as the database meets it: it may not grow.
class TestFullDisk : public QObject {
  Q_OBJECT

  QTemporaryDir m_dir;
  Settings m_settings{m_dir.path(), 4};
  Notice m_notice;
  HistoryStore m_store;
  ChatController m_chat{&m_store, &m_settings, &m_notice};
  std::vector<GenerateRequest> m_requests;

  void setRoom(int pages) {
    QSqlQuery query = m_store.database().run("PRAGMA page_count");
    QVERIFY(query.next());
    const int count = query.value(0).toInt() + pages;
    query.finish();
    QVERIFY(m_store.database().execute(QStringLiteral("PRAGMA max_page_count = %1").arg(count)));
  }
  bool say(const QString& text) {
    m_chat.setDraft(text);
    return m_chat.send();
  }

 private Q_SLOTS:
  void initTestCase() {
    QVERIFY(m_store.open(HistoryStore::fileIn(m_dir.path())));
    connect(&m_chat, &ChatController::generateRequested, this, [this](const GenerateRequest& request) { m_requests.push_back(request); });
    m_chat.setModelReady(true);
  }

  void what_cannot_be_stored_stays_in_the_box() {
    const QString text = QString("much text ").repeated(2000);
    QSignalSpy failed(&m_store, &HistoryStore::failed);
    setRoom(0);
    QVERIFY(!say(text));
    QCOMPARE(failed.size(), 1);
    QCOMPARE(failed[0][0].value<StorageError>().cause, StorageError::Cause::Full);
    QCOMPARE(m_chat.draft(), text);
    QCOMPARE(m_chat.conversation(), ConversationId{0});
    QVERIFY(m_requests.empty());
    setRoom(1000);
    QVERIFY(m_chat.send());
    QCOMPARE(m_chat.draft(), "");
    m_chat.onFinished(m_requests.back().id, {});
  }

  void an_answer_that_cannot_be_stored_is_stored_when_there_is_room() {
    QVERIFY(say("question"));
    setRoom(0);
    const QString text = QString("long answer ").repeated(3000);
    m_chat.onTextArrived(m_requests.back().id, text);
    m_chat.onFinished(m_requests.back().id, {});
    QCOMPARE(m_chat.messages()->last().text, text);
    QVERIFY(m_store.messages(m_chat.conversation()).back().text != text);
    setRoom(1000);
    m_chat.retryStoring();
    QCOMPARE(m_store.messages(m_chat.conversation()).back().text, text);
    QCOMPARE(m_store.messages(m_chat.conversation()).back().state, Message::State::Complete);
  }

  void another_writer_is_waited_for_and_then_refused() {
    Database other;
    QVERIFY(!other.open(HistoryStore::fileIn(m_dir.path())));
    QVERIFY(other.execute("BEGIN IMMEDIATE"));
    const auto before = m_store.messages(m_chat.conversation()).size();
    QSignalSpy failed(&m_store, &HistoryStore::failed);
    QVERIFY(!say("question"));
    QCOMPARE(failed[0][0].value<StorageError>().cause, StorageError::Cause::Busy);
    QCOMPARE(m_chat.draft(), "question");
    QVERIFY(other.execute("ROLLBACK"));
    QCOMPARE(m_store.messages(m_chat.conversation()).size(), before);
    QVERIFY(m_chat.send());
  }
};

int main(int argc, char** argv) {
  QGuiApplication app(argc, argv);
  TestStorageTrouble trouble;
  TestFullDisk full;
  return QTest::qExec(&trouble, argc, argv) + QTest::qExec(&full, argc, argv);
}
#include "tst_storage_trouble.moc"
