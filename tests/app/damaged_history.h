// A file of conversations that is damaged and opened again.
#pragma once

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <vector>

#include "app/storage/history_store.h"

namespace tercet {

class DamagedHistory {
 protected:
  static constexpr int kConversations = 12;
  static constexpr int kTurns = 40;

  std::unique_ptr<QTemporaryDir> m_dir;
  std::unique_ptr<HistoryStore> m_store;

  QString file() const { return HistoryStore::fileIn(m_dir->path()); }
  bool reopen() {
    m_store = std::make_unique<HistoryStore>();
    return m_store->open(file());
  }
  static QString textOf(int conversation, int turn) {
    // The longest do not fit one page.
    return QStringLiteral("message %1 of %2 ").arg(turn).arg(conversation).repeated(turn % 7 == 0 ? 300 + 11 * turn : 8);
  }
  /// With so much time between the chats.
  void fill(qint64 apart = 0) {
    QVERIFY(reopen());
    qint64 time = 1'700'000'000'000;
    Transaction all(m_store->database());
    for (int i = 1; i <= kConversations; ++i) {
      ConversationInfo info;
      info.title = QStringLiteral("chat %1").arg(i);
      const ConversationId id = m_store->addConversation(info);
      MessageId parent = 0;
      for (int turn = 0; turn < kTurns; ++turn) {
        Message message;
        message.parent = parent;
        message.author = turn % 2 == 0 ? Message::Author::User : Message::Author::Assistant;
        message.text = textOf(i, turn);
        if (apart > 0) message.createdAt = time += turn == 0 ? apart : 1000;
        if (turn == 0) message.attachments = {{"a.txt", "attached"}};
        parent = m_store->addMessage(id, message);
        QVERIFY(parent != 0);
      }
    }
    QVERIFY(m_store->setDraft(3, "half a thought"));
    QVERIFY(m_store->setDraftAttachments(3, {{"b.txt", "waiting"}}));
    QVERIFY(all.commit());
  }
  void close() { m_store.reset(); }  // the last connection empties the journal
  void overwrite(qint64 offset, const QByteArray& bytes) {
    QFile damaged(file());
    QVERIFY(damaged.open(QIODevice::ReadWrite));
    QVERIFY(damaged.seek(offset));
    QCOMPARE(damaged.write(bytes), bytes.size());
  }
  QByteArray bytesOfFile() const {
    QFile whole(file());
    return whole.open(QIODevice::ReadOnly) ? whole.readAll() : QByteArray();
  }
  /// Another file in its place, of which damage was met.
  void replaceBy(const QByteArray& bytes) {
    close();
    QFile::remove(file());
    QFile(file()).open(QIODevice::WriteOnly);
    overwrite(0, bytes);
    QFile(file() + ".damage-met").open(QIODevice::WriteOnly);
  }
  /// Where the pages are that begin with these bytes and hold this text; see https://www.sqlite.org/fileformat.html, 1.6.
  std::vector<qint64> pagesWith(const QByteArray& begin, const QByteArray& text = {}) const {
    std::vector<qint64> offsets;
    const QByteArray bytes = bytesOfFile();
    for (qint64 at = 4096; at < bytes.size(); at += 4096) {
      const QByteArray page = bytes.mid(at, 4096);
      if (page.startsWith(begin) && page.contains(text)) offsets.push_back(at);
    }
    return offsets;
  }
  std::vector<qint64> leavesOf(const char* text) const { return pagesWith("\x0d", text); }
  /// The file and its journal as a power cut leaves them, copied to `path`.
  bool copyWithJournal(const QString& path) const { return QFile::copy(file(), path) && QFile::copy(file() + "-wal", path + "-wal"); }
  QStringList keptAside() { return QDir(m_dir->path()).entryList({"conversations.damaged-*.sqlite"}); }
  int count(const QString& sql) {
    QSqlQuery query = m_store->database().run(sql);
    return query.next() ? query.value(0).toInt() : -1;
  }
  void verifyConsistent() {
    QVERIFY(isSound(m_store->database()));
    QSqlQuery keys = m_store->database().run("PRAGMA foreign_key_check");
    QVERIFY(keys.isActive() && !keys.next());
    QVERIFY(m_store->database().execute("INSERT INTO message_index(message_index, rank) VALUES('integrity-check', 1)"));
    QVERIFY(m_store->database().execute("INSERT INTO title_index(title_index, rank) VALUES('integrity-check', 1)"));
  }
  void verifyWhole() {
    QCOMPARE(count("SELECT COUNT(*) FROM conversations"), kConversations);
    QCOMPARE(count("SELECT COUNT(*) FROM messages"), kConversations * kTurns);
    QCOMPARE(count("SELECT COUNT(*) FROM attachments"), kConversations);
    for (int i = 1; i <= kConversations; ++i) {
      const std::vector<Message> messages = m_store->messages(i);
      QCOMPARE(messages.size(), std::size_t{kTurns});
      for (int turn = 0; turn < kTurns; ++turn) {
        const Message& message = messages[static_cast<std::size_t>(turn)];
        QCOMPARE(message.text, textOf(i, turn));
        QCOMPARE(message.parent, turn == 0 ? 0 : messages[static_cast<std::size_t>(turn) - 1].id);
      }
    }
    QCOMPARE(m_store->draft(3), "half a thought");
    QCOMPARE(m_store->draftAttachments(3), (std::vector<Attachment>{{"b.txt", "waiting"}}));
    verifyConsistent();
  }
  Recovery recover() {
    m_store = std::make_unique<HistoryStore>();
    QSignalSpy recovered(m_store.get(), &HistoryStore::recovered);
    QSignalSpy failed(m_store.get(), &HistoryStore::failed);
    if (!m_store->open(file())) qWarning() << failed[0][0].value<StorageError>().detail;
    return recovered.isEmpty() ? Recovery{} : recovered[0][0].value<Recovery>();
  }
  void begin() { m_dir = std::make_unique<QTemporaryDir>(); }
  void end() {
    m_store.reset();
    m_dir.reset();
  }
};

}  // namespace tercet
