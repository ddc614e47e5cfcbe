// The program is killed at random moments while it writes; nothing that was reported as stored may be missing afterwards.
// With --child DIR SEED this is the program that gets killed.
#include <QCoreApplication>
#include <QFile>
#include <QHash>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <memory>
#include <optional>

#include "app/chat_controller.h"
#include "app/notice.h"
#include "app/settings.h"
#include "app/storage/history_store.h"
#include "app/storage/import_queue.h"

using namespace tercet;

namespace {

constexpr int kKills = 100;
constexpr int kMostLines = 30;     // that are waited for, so that a slow machine writes as much as a fast one
constexpr int kLongestWaitMs = 40;  // after them
constexpr int kConversations = 5;  // that one life writes in
constexpr int kLongestImport = 90;  // messages: some turns

/// A line for the parent, at once: what is said is stored.
void report(const char* what, qint64 id, const QString& text) {
  std::printf("%s %lld %s\n", what, static_cast<long long>(id), text.toUtf8().toBase64().constData());
  std::fflush(stdout);
}

/// Writes as a person and a model would, until it is killed.
class Child {
 public:
  Child(const QString& dir, quint32 seed)
      : m_file(dir + QStringLiteral("/notes.txt")), m_random(seed), m_settings(dir, 4), m_chat(&m_store, &m_settings, &m_notice) {
    QObject::connect(&m_store, &HistoryStore::conversationChanged, &m_chat, &ChatController::onConversationChanged);
    QObject::connect(&m_store, &HistoryStore::conversationPurged, &m_chat, &ChatController::onConversationPurged);
    QObject::connect(&m_chat, &ChatController::generateRequested, &m_chat, [this](const GenerateRequest& request) { m_request = request.id; });
    m_opened = m_store.open(HistoryStore::fileIn(dir));
    m_chat.setModelIdentity("1-2");
    m_chat.setModelReady(true);
    m_chat.openFirst(0);
    const auto arrived = [this](ConversationId id) { m_arrived = id; };
    QObject::connect(&m_store, &HistoryStore::conversationAdded, &m_chat, arrived);
    QObject::connect(&m_store, &HistoryStore::messagesCameIn, &m_chat, arrived);
  }

  int run() {
    if (!m_opened) return 1;
    report("R", 0, {});
    for (;;) step();
  }

 private:
  QString words() {
    QString text = QStringLiteral("ñ%1").arg(m_random.generate());
    for (int i = m_random.bounded(60); i > 0; --i) text += QStringLiteral(" w%1").arg(m_random.bounded(1000));
    return text;
  }
  void importChat() {
    FiledConversation filed;
    for (MessageId id = 1; id <= 1 + m_random.bounded(kLongestImport); ++id) {
      Message message;
      message.id = id;
      message.parent = id - 1;
      message.author = id % 2 == 1 ? Message::Author::User : Message::Author::Assistant;
      message.text = words();
      filed.conversation.messages.push_back(message);
    }
    filed.conversation.info.title = filed.folder = words();
    ImportQueue queue(&m_store);
    queue.add({filed});
    while (!queue.empty()) {
      if (!queue.storeSome()) std::abort();
      for (const Message& message : m_store.messages(m_arrived)) report("M", message.id, message.text);
    }
  }
  void purge(ConversationId conversation) {
    report("c", conversation, {});
    const std::vector<Message> messages = m_store.messages(conversation);
    for (const Message& message : messages) report("g", message.id, {});
    if (!m_store.purge(conversation)) return;
    for (const Message& message : messages) report("G", message.id, message.text);
  }
  void sendWithFile() {
    QFile file(m_file);
    const QString text = words();
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0) return;
    file.close();
    m_chat.newChat();
    m_chat.attachments()->add(QUrl::fromLocalFile(m_file));
    report("d", 0, {});
    if (!m_chat.send()) return;
    report("A", m_chat.messages()->at(0).id, text);
    answer();
    reportShown();
  }
  void reportShown() {
    for (int row = 0; row < m_chat.messages()->count(); ++row) {
      const Message& message = m_chat.messages()->at(row);
      if (!message.underWay()) report("M", message.id, message.text);
    }
  }
  void answer() {
    const MessageId id = m_chat.messages()->last().id;
    for (int piece = m_random.bounded(4); piece > 0; --piece) {
      m_chat.onTextArrived(m_request, words());
      m_chat.retryStoring();  // as the timer does each second
      report("P", id, m_chat.messages()->last().text);
    }
    if (m_random.bounded(5) == 0) m_chat.stop();
    Outcome outcome;
    outcome.result.tokens = {1, 2, 3};
    m_chat.onFinished(m_request, outcome);
  }
  void step() {
    const int rows = m_chat.messages()->count();
    switch (m_random.bounded(14)) {
      case 0:
        if (m_random.bounded(3) == 0) m_chat.open(1 + m_random.bounded(kConversations));
        break;
      case 1: {
        const QString draft = words();
        report("d", m_chat.conversation(), draft);  // may be stored from now on
        m_chat.setDraft(draft);
        m_chat.storeAll();
        report("D", m_chat.conversation(), draft);
        return;
      }
      case 2:
        if (!m_chat.canRegenerate()) return;
        m_chat.regenerate();
        answer();
        break;
      case 3:
      case 4:
        if (rows == 0) return;
        m_chat.beginEdit(m_random.bounded(rows));
        m_chat.setDraft(words());
        if (m_chat.editing() == ChatController::Editing::Nothing || !m_chat.send()) {
          m_chat.cancelEdit();
          return;
        }
        if (!m_chat.canSend()) answer();
        break;
      case 5:
        if (rows > 0) m_chat.deleteMessage(m_random.bounded(rows));
        break;
      case 6:
        importChat();
        return;
      case 7:
        if (rows > 0) m_chat.fork(m_random.bounded(rows));
        break;
      case 8:
        if (m_random.bounded(3) == 0) purge(m_random.bounded(2) == 0 ? m_chat.conversation() : 1 + m_random.bounded(kConversations));
        return;
      case 9:
        sendWithFile();
        return;
      default:
        if (rows > 8) m_chat.newChat();
        m_chat.setDraft(words());
        report("d", m_chat.conversation(), {});
        report("d", m_chat.conversation(), m_chat.draft());
        if (!m_chat.send()) return;
        reportShown();
        answer();
    }
    reportShown();
  }

  QString m_file;
  ConversationId m_arrived = 0;
  QRandomGenerator m_random;
  Settings m_settings;
  Notice m_notice;
  HistoryStore m_store;
  ChatController m_chat;
  RequestId m_request = 0;
  bool m_opened = false;
};

}  // namespace

class TestCrash : public QObject {
  Q_OBJECT

  QTemporaryDir m_dir;
  QHash<qint64, QString> m_whole;    // messages that were reported as they are
  QHash<qint64, QString> m_begun;    // answers with at least this text
  QHash<qint64, QStringList> m_drafts;  // any of these
  QHash<qint64, QString> m_files;       // of messages
  QHash<qint64, QString> m_gone;        // for good, with their texts
  qint64 m_lines = 0;

  void hear(const QByteArray& line) {
    const QList<QByteArray> parts = line.split(' ');
    if (parts.size() != 3 || !line.endsWith('\n')) return;  // cut off by the kill
    const qint64 id = parts[1].toLongLong();
    const QString text = QString::fromUtf8(QByteArray::fromBase64(parts[2].trimmed()));
    ++m_lines;
    if (parts[0] == "M") m_whole[id] = text;
    if (parts[0] == "P") m_begun[id] = text;
    if (parts[0] == "d") {
      if (!m_drafts.contains(id)) m_drafts[id] << QString();  // there was none before
      m_drafts[id] << text;
    }
    if (parts[0] == "D") m_drafts[id] = QStringList{text};
    if (parts[0] == "A") m_files[id] = text;
    if (parts[0] == "c") m_drafts.remove(id);
    if (parts[0] == "g") m_whole.remove(id), m_begun.remove(id), m_files.remove(id);  // from now on it may be gone
    if (parts[0] == "G") m_gone[id] = text;
  }
  void check() {
    HistoryStore store;
    QVERIFY(store.open(HistoryStore::fileIn(m_dir.path())));
    QVERIFY(isSound(store.database()));
    QVERIFY(store.database().execute("INSERT INTO message_index(message_index, rank) VALUES('integrity-check', 1)"));
    QSqlQuery keys = store.database().run("PRAGMA foreign_key_check");
    QVERIFY(keys.isActive() && !keys.next());
    QHash<qint64, std::pair<QString, QString>> stored;  // text and state
    QSqlQuery query = store.database().run("SELECT id, text, state FROM messages");
    while (query.next()) stored[query.value(0).toLongLong()] = {query.value(1).toString(), query.value(2).toString()};
    for (auto it = m_whole.cbegin(); it != m_whole.cend(); ++it) {
      QVERIFY2(stored.contains(it.key()), qPrintable(QString::number(it.key())));
      QCOMPARE(stored[it.key()].first, it.value());
    }
    for (auto it = m_begun.cbegin(); it != m_begun.cend(); ++it) {
      QVERIFY2(stored.contains(it.key()), qPrintable(QString::number(it.key())));
      QVERIFY(stored[it.key()].first.startsWith(it.value()));
      // The end may have been stored and not been said.
      if (!m_whole.contains(it.key())) QVERIFY(stored[it.key()].second != "writing");
    }
    for (auto it = m_files.cbegin(); it != m_files.cend(); ++it) {
      // Beside one that was attached and not sent before the kill.
      QSqlQuery file = store.database().run("SELECT 1 FROM attachments WHERE message_id = ? AND text = ?", {it.key(), it.value()});
      QVERIFY2(file.next(), qPrintable(QString::number(it.key())));
    }
    for (auto it = m_gone.cbegin(); it != m_gone.cend(); ++it) {
      // Another program may give the id to a message of the same moment.
      QVERIFY2(it.value().isEmpty() || stored.value(it.key()).first != it.value(), qPrintable(it.value()));
    }
    for (auto it = m_drafts.cbegin(); it != m_drafts.cend(); ++it) {
      QVERIFY2(it.value().contains(store.draft(it.key())), qPrintable(store.draft(it.key())));
      m_drafts[it.key()] = QStringList{store.draft(it.key())};
    }
  }

 private Q_SLOTS:
  void nothing_that_was_stored_is_lost_when_the_program_is_killed() {
    QRandomGenerator random(20240607);
    for (int kill = 0; kill < kKills; ++kill) {
      QProcess child;
      child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
      child.start(QCoreApplication::applicationFilePath(), {"--child", m_dir.path(), QString::number(random.generate())});
      QVERIFY(child.waitForStarted());
      // Every tenth may die while it starts.
      for (int lines = kill % 10 == 0 ? 0 : 1 + random.bounded(kMostLines); lines > 0;) {
        QVERIFY(child.canReadLine() || child.waitForReadyRead(60000));
        for (; lines > 0 && child.canReadLine(); --lines) hear(child.readLine());
      }
      QVERIFY(!child.waitForFinished(1 + random.bounded(kLongestWaitMs)));
      child.kill();
      QVERIFY(child.waitForFinished(60000));
      QCOMPARE(child.exitStatus(), QProcess::CrashExit);
      while (child.canReadLine()) hear(child.readLine());
      check();
      if (QTest::currentTestFailed()) return;
    }
    qInfo() << m_lines << "reports," << m_whole.size() << "messages," << m_files.size() << "files," << m_gone.size() << "purged";
    QVERIFY(m_whole.size() > kKills);
    QVERIFY(m_begun.size() > kKills / 10);
    QVERIFY(!m_files.isEmpty() && !m_gone.isEmpty());
  }
};

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  const QStringList arguments = QCoreApplication::arguments();
  if (arguments.size() == 4 && arguments[1] == "--child") return Child(arguments[2], arguments[3].toUInt()).run();
  TestCrash test;
  return QTest::qExec(&test, argc, argv);
}
#include "tst_crash.moc"
