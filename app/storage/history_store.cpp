#include "app/storage/history_store.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "app/storage/backup.h"
#include "app/storage/journal.h"
#include "app/storage/message_row.h"
#include "app/storage/search_words.h"
#include "app/storage/sql_values.h"

namespace tercet {
namespace {

const QString kConversationColumns = QStringLiteral(
    "id, title, own_title, folder_id, pinned, settings, leaf_id, created_at, updated_at, deleted_at");

const QString kSummaryColumns = QStringLiteral("id, title, folder_id, pinned, unread, deleted_at IS NOT NULL, updated_at");

/// An empty file that says: damage was met here.
QString damageMark(const QString& path) { return path + QStringLiteral(".damage-met"); }

/// Damage was met in it earlier. Opening it to be written could make that worse.
bool isMarked(const QString& path) {
  if (!QFileInfo::exists(damageMark(path))) return false;
  if (!QFileInfo::exists(path) && !QFileInfo::exists(Database::journalOf(path))) {
    QFile::remove(damageMark(path));  // of a file that somebody took away
    return false;
  }
  Database database;
  return database.openReadOnly(path, Database::Content::Damaged) || !database.isLater();
}

/// A file without a byte would pass for a new one.
bool cutToNothing(const QString& path) {
  const QFileInfo file(path);
  return file.exists() && file.size() == 0 && !backupsOf(path).isEmpty();
}

constexpr MessageId kLastId = MessageId{1} << 50;  // the window's numbers are exact up to 2^53

const QString kPersona = QStringLiteral("persona");  // in the column `settings`

QString packSettings(const ChatSettings& settings) {
  return QString::fromUtf8(QJsonDocument(settings.toJson()).toJson(QJsonDocument::Compact));
}

ConversationInfo infoOf(const QSqlQuery& row) {
  return {.id = row.value(0).toLongLong(),
          .title = row.value(1).toString(),
          .ownTitle = row.value(2).toBool(),
          .folder = row.value(3).toLongLong(),
          .pinned = row.value(4).toBool(),
          .settings = ChatSettings::fromJson(QJsonDocument::fromJson(row.value(5).toString().toUtf8()).object()),
          .leaf = row.value(6).toLongLong(),
          .createdAt = row.value(7).toLongLong(),
          .updatedAt = row.value(8).toLongLong(),
          .deletedAt = row.value(9).toLongLong()};
}

ConversationSummary summaryOf(const QSqlQuery& row) {
  return {.id = row.value(0).toLongLong(),
          .title = row.value(1).toString(),
          .folder = row.value(2).toLongLong(),
          .pinned = row.value(3).toBool(),
          .unread = row.value(4).toBool(),
          .deleted = row.value(5).toBool(),
          .updatedAt = row.value(6).toLongLong()};
}

}  // namespace

HistoryStore::HistoryStore(QObject* parent) : QObject(parent) {}
HistoryStore::~HistoryStore() = default;

QString HistoryStore::fileIn(const QString& dataDir) { return QDir(dataDir).filePath(QStringLiteral("conversations.sqlite")); }

/// Tells whoever listens why something did not work.
bool HistoryStore::done(bool ok) {
  std::optional<StorageError> error = m_database.takeError();
  if (ok) return true;
  // What refused at opening is the reason for all that follows.
  if (m_refusal) error = m_refusal;
  if (!error) error = StorageError{StorageError::Cause::Other, QStringLiteral("the database is not open")};
  if (error->cause == StorageError::Cause::Damaged) markDamaged();
  Q_EMIT failed(*error);
  return false;
}

void HistoryStore::markDamaged() {
  QFile file(damageMark(m_database.path()));
  if (!file.open(QIODevice::WriteOnly)) return;  // a full disk: the damage will be met again
}

bool HistoryStore::open(const QString& path) {
  QDir().mkpath(QFileInfo(path).path());
  m_refusal = openFile(path);
  if (!m_refusal) return true;
  const StorageError refusal = *m_refusal;
  // A file of a later version might be misread.
  if (refusal.cause != StorageError::Cause::Newer) m_database.openReadOnly(path);
  Q_EMIT failed(refusal);
  return false;
}

std::optional<StorageError> HistoryStore::openFile(const QString& path) {
  m_database.close();
  if (!finishRecovery(path)) return StorageError{StorageError::Cause::ReadOnly, QStringLiteral("a recovery cannot be finished")};
  const auto openAndEnd = [&]() -> std::optional<StorageError> {
    if (isMarked(path)) return StorageError{StorageError::Cause::Damaged, QStringLiteral("damage was met before")};
    if (isJournalDamaged(Database::journalOf(path))) {
      return StorageError{StorageError::Cause::Damaged, QStringLiteral("the journal is damaged")};
    }
    if (cutToNothing(path)) return StorageError{StorageError::Cause::Damaged, QStringLiteral("the file is empty")};
    if (std::optional<StorageError> error = m_database.open(path)) return error;
    if (endInterrupted() && rememberGone()) return std::nullopt;
    return m_database.takeError();
  };
  std::optional<StorageError> error = openAndEnd();
  if (!error || error->cause != StorageError::Cause::Damaged) return error;
  m_database.close();
  Recovery recovery;
  const auto recover = [&] { error = recoverDatabase(path, backupsOf(path), recovery); };
  if (m_longWork) {
    m_longWork(recover);
  } else {
    recover();
  }
  if (error) return error;
  QFile::remove(damageMark(path));
  if ((error = openAndEnd())) return error;
  Q_EMIT recovered(recovery);
  return std::nullopt;
}

bool HistoryStore::openReadOnly(const QString& path) {
  const std::optional<StorageError> error = m_database.openReadOnly(path);
  if (error) Q_EMIT failed(*error);
  return !error;
}

void HistoryStore::close() { m_database.close(); }

bool HistoryStore::endInterrupted() {
  // Most starts have nothing to end, and then do not write.
  QSqlQuery query = m_database.run(QStringLiteral("SELECT (SELECT COUNT(*) FROM messages WHERE state = 'writing') + "
                                                  "(SELECT COUNT(*) FROM answer_pieces)"));
  if (!query.next()) return false;
  if (query.value(0).toInt() == 0) return true;
  query.finish();
  Transaction transaction(m_database);
  QSqlQuery answers = m_database.run(QStringLiteral(
      "SELECT id, (SELECT group_concat(text, '') FROM (SELECT text FROM answer_pieces WHERE message_id = messages.id ORDER BY position)) "
      "FROM messages WHERE state = 'writing'"));
  std::vector<std::pair<MessageId, QString>> texts;
  while (answers.next()) texts.emplace_back(answers.value(0).toLongLong(), answers.value(1).toString());
  bool ok = answers.isActive();
  answers.finish();
  for (const auto& [id, text] : texts) {
    ok = ok && m_database.execute(QStringLiteral("UPDATE messages SET state = 'interrupted', text = ?, pairs = ? WHERE id = ?"),
                                  {notNull(text), orNull(pairsOfText(text)), id});
  }
  return ok && m_database.execute(QStringLiteral("DELETE FROM answer_pieces")) && transaction.commit();
}

/// The ids of messages that are deleted for good are not given to others as long as the program runs: Undo, or an answer that is
/// being written, must not meet another message.
bool HistoryStore::rememberGone() {
  return m_database.execute(QStringLiteral("CREATE TEMP TABLE IF NOT EXISTS gone_messages(id INTEGER PRIMARY KEY)")) &&
         m_database.execute(QStringLiteral("CREATE TEMP TRIGGER IF NOT EXISTS message_is_gone AFTER DELETE ON main.messages BEGIN "
                                           "INSERT OR IGNORE INTO gone_messages VALUES (old.id); END"));
}

ConversationId HistoryStore::insertConversation(const ConversationInfo& info) {
  const qint64 time = orNow(info.createdAt);
  QSqlQuery query = m_database.run(
      QStringLiteral("INSERT INTO conversations(title, own_title, folder_id, pinned, settings, created_at, updated_at, deleted_at, "
                     "pairs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      {notNull(info.title), info.ownTitle, orNull(info.folder), info.pinned, packSettings(info.settings), time,
       info.updatedAt != 0 ? info.updatedAt : time, orNull(info.deletedAt), orNull(pairsOfText(info.title))});
  return query.isActive() ? query.lastInsertId().toLongLong() : 0;
}

ConversationId HistoryStore::addConversation(const ConversationInfo& info) {
  const ConversationId id = insertConversation(info);
  if (!done(id != 0)) return 0;
  Q_EMIT conversationAdded(id);
  return id;
}

std::optional<ConversationInfo> HistoryStore::conversation(ConversationId id) {
  QSqlQuery query = m_database.run(
      QStringLiteral("SELECT %1 FROM conversations WHERE id = ?").arg(kConversationColumns), {id});
  if (!done(query.isActive()) || !query.next()) return std::nullopt;
  return infoOf(query);
}

bool HistoryStore::updateConversation(ConversationId id, const QString& set, std::initializer_list<QVariant> values) {
  if (!done(m_database.execute(QStringLiteral("UPDATE conversations SET %1 WHERE id = ?").arg(set), values))) return false;
  Q_EMIT conversationChanged(id);
  return true;
}

bool HistoryStore::rename(ConversationId id, const QString& title, bool ownTitle) {
  return updateConversation(id, QStringLiteral("title = ?, own_title = ?, pairs = ?"), {notNull(title), ownTitle, orNull(pairsOfText(title)), id});
}

bool HistoryStore::setPinned(ConversationId id, bool pinned) {
  return updateConversation(id, QStringLiteral("pinned = ?"), {pinned, id});
}

bool HistoryStore::setFolder(ConversationId id, qint64 folder) {
  return updateConversation(id, QStringLiteral("folder_id = ?"), {orNull(folder), id});
}

bool HistoryStore::setUnread(ConversationId id, bool unread) {
  return done(m_database.execute(QStringLiteral("UPDATE conversations SET unread = ? WHERE id = ?"), {unread, id}));
}

bool HistoryStore::setSettings(ConversationId id, const ChatSettings& settings) {
  return updateConversation(id, QStringLiteral("settings = ?"), {packSettings(settings), id});
}

bool HistoryStore::setConversationDeleted(ConversationId id, bool deleted) {
  return updateConversation(id, QStringLiteral("deleted_at = ?"), {orNull(deleted ? now() : 0), id});
}

bool HistoryStore::renamePersona(const QString& before, const QString& after) {
  Transaction transaction(m_database);
  QSqlQuery query = m_database.run(QStringLiteral("SELECT id, settings FROM conversations WHERE instr(settings, '\"persona\"') > 0"));
  if (!done(query.isActive())) return false;
  std::vector<std::pair<ConversationId, QString>> changed;
  while (query.next()) {
    // As JSON: what a later version keeps there must stay.
    QJsonObject settings = QJsonDocument::fromJson(query.value(1).toString().toUtf8()).object();
    if (settings[kPersona].toString() != before) continue;
    settings[kPersona] = after;
    changed.emplace_back(query.value(0).toLongLong(), QString::fromUtf8(QJsonDocument(settings).toJson(QJsonDocument::Compact)));
  }
  query.finish();
  bool ok = true;
  for (const auto& [id, settings] : changed) {
    ok = ok && m_database.execute(QStringLiteral("UPDATE conversations SET settings = ? WHERE id = ?"), {settings, id});
  }
  return done(ok && transaction.commit());
}

bool HistoryStore::purge(ConversationId id) {
  Transaction transaction(m_database);
  // Edits that were begun are drafts under the negative id of their message. And parents let go of their children first:
  // SQLite deletes those of those only so many levels deep.
  const bool ok =
      m_database.execute(QStringLiteral("DELETE FROM drafts WHERE conversation_id IN (SELECT -id FROM messages WHERE conversation_id = ?)"), {id}) &&
      m_database.execute(QStringLiteral("UPDATE messages SET parent_id = NULL WHERE conversation_id = ?"), {id}) &&
      m_database.execute(QStringLiteral("DELETE FROM conversations WHERE id = ?"), {id}) &&
      m_database.execute(QStringLiteral("DELETE FROM drafts WHERE conversation_id = ?"), {id}) &&
      m_database.execute(QStringLiteral("DELETE FROM draft_attachments WHERE conversation_id = ?"), {id}) && transaction.commit();
  if (!done(ok)) return false;
  Q_EMIT conversationPurged(id);
  return true;
}

bool HistoryStore::purgeDeletedBefore(qint64 before) {
  QSqlQuery query = m_database.run(QStringLiteral("SELECT id FROM conversations WHERE deleted_at < ?"), {before});
  if (!done(query.isActive())) return false;
  std::vector<ConversationId> old;
  while (query.next()) old.push_back(query.value(0).toLongLong());
  query.finish();
  bool ok = true;
  for (const ConversationId id : old) ok = purge(id) && ok;
  QSqlQuery messages = m_database.run(
      QStringLiteral("SELECT conversation_id, id FROM messages WHERE deleted_at < ? ORDER BY conversation_id, id DESC"), {before});
  if (!done(messages.isActive())) return false;
  std::vector<std::pair<ConversationId, std::vector<MessageId>>> gone;
  while (messages.next()) {
    const ConversationId conversation = messages.value(0).toLongLong();
    if (gone.empty() || gone.back().first != conversation) gone.push_back({conversation, {}});
    gone.back().second.push_back(messages.value(1).toLongLong());
  }
  messages.finish();
  for (const auto& [conversation, ids] : gone) ok = purgeMessages(conversation, ids) && ok;
  return ok;
}

/// Deletes a message and the draft of an edit of it; what hangs on it moves up to its parent.
bool HistoryStore::unhang(MessageId id) {
  const QString parent = QStringLiteral("(SELECT parent_id FROM messages WHERE id = ?)");
  return m_database.execute(QStringLiteral("UPDATE conversations SET leaf_id = %1 WHERE leaf_id = ?").arg(parent), {id, id}) &&
         m_database.execute(QStringLiteral("UPDATE messages SET parent_id = %1 WHERE parent_id = ?").arg(parent), {id, id}) &&
         m_database.execute(QStringLiteral("DELETE FROM drafts WHERE conversation_id = ?"), {-id}) &&
         m_database.execute(QStringLiteral("DELETE FROM messages WHERE id = ?"), {id});
}

/// One at a time: what hangs on a message moves up to its parent, which may go, too.
bool HistoryStore::purgeMessages(ConversationId conversation, const std::vector<MessageId>& ids) {
  Transaction transaction(m_database);
  bool ok = true;
  for (const MessageId id : ids) ok = ok && unhang(id);
  if (!done(ok && transaction.commit())) return false;
  Q_EMIT messagePurged(conversation);
  return true;
}

bool HistoryStore::purgeMessage(ConversationId conversation, MessageId id) { return purgeMessages(conversation, {id}); }

std::vector<ConversationSummary> HistoryStore::summariesOf(QSqlQuery query) {
  std::vector<ConversationSummary> all;
  while (query.next()) all.push_back(summaryOf(query));
  if (!done(query.isActive())) return {};
  return all;
}

std::vector<ConversationSummary> HistoryStore::summaries(int limit, const std::optional<ConversationSummary>& last) {
  constexpr qint64 kNewest = std::numeric_limits<qint64>::max();
  // In the order of the index conversations_by_time.
  return summariesOf(m_database.run(
      QStringLiteral("SELECT %1 FROM conversations WHERE deleted_at IS NULL AND (updated_at, id) < (?, ?) "
                     "ORDER BY updated_at DESC, id DESC LIMIT ?").arg(kSummaryColumns),
      {last ? last->updatedAt : kNewest, last ? last->id : kNewest, limit}));
}

std::vector<ConversationSummary> HistoryStore::summariesApart() {
  // With the plus, SQLite does not take the index by time, which leads to every conversation.
  return summariesOf(m_database.run(
      QStringLiteral("SELECT %1 FROM conversations WHERE +deleted_at IS NULL AND pinned = 1 UNION ALL "
                     "SELECT %1 FROM conversations WHERE +deleted_at IS NULL AND pinned = 0 "
                     "AND folder_id IN (SELECT id FROM folders WHERE collapsed = 0)").arg(kSummaryColumns)));
}

std::optional<ConversationSummary> HistoryStore::summary(ConversationId id) {
  QSqlQuery query = m_database.run(QStringLiteral("SELECT %1 FROM conversations WHERE id = ?").arg(kSummaryColumns), {id});
  if (!done(query.isActive()) || !query.next()) return std::nullopt;
  return summaryOf(query);
}

QString HistoryStore::firstQuestion(ConversationId id) {
  QSqlQuery query = m_database.run(
      QStringLiteral("SELECT text FROM messages WHERE conversation_id = ? AND author = 'user' ORDER BY id LIMIT 1"), {id});
  return done(query.isActive()) && query.next() ? query.value(0).toString() : QString();
}

std::vector<DeletedItem> HistoryStore::deletedItems() {
  QSqlQuery query = m_database.run(QStringLiteral(
      "SELECT id, 0, title, '', deleted_at AS at FROM conversations WHERE deleted_at IS NOT NULL UNION ALL "
      "SELECT c.id, m.id, c.title, substr(m.text, 1, 200), m.deleted_at FROM messages m JOIN conversations c "
      "ON c.id = m.conversation_id WHERE m.deleted_at IS NOT NULL AND c.deleted_at IS NULL ORDER BY at DESC"));
  std::vector<DeletedItem> items;
  while (query.next()) {
    items.push_back({query.value(0).toLongLong(), query.value(1).toLongLong(), query.value(2).toString(), query.value(3).toString(),
                     query.value(4).toLongLong()});
  }
  if (!done(query.isActive())) return {};
  return items;
}

std::vector<Folder> HistoryStore::folders() {
  QSqlQuery query = m_database.run(QStringLiteral("SELECT id, name, collapsed FROM folders ORDER BY id"));
  std::vector<Folder> all;
  while (query.next()) all.push_back({query.value(0).toLongLong(), query.value(1).toString(), query.value(2).toBool()});
  if (!done(query.isActive())) return {};
  return all;
}

qint64 HistoryStore::addFolder(const QString& name) {
  QSqlQuery query = m_database.run(QStringLiteral("INSERT INTO folders(name, created_at) VALUES (?, ?)"), {notNull(name), now()});
  if (!done(query.isActive())) return 0;
  const qint64 id = query.lastInsertId().toLongLong();
  Q_EMIT foldersChanged();
  return id;
}

bool HistoryStore::changeFolders(const QString& sql, std::initializer_list<QVariant> values) {
  if (!done(m_database.execute(sql, values))) return false;
  Q_EMIT foldersChanged();
  return true;
}

bool HistoryStore::renameFolder(qint64 id, const QString& name) {
  return changeFolders(QStringLiteral("UPDATE folders SET name = ? WHERE id = ?"), {notNull(name), id});
}

bool HistoryStore::setFolderCollapsed(qint64 id, bool collapsed) {
  return changeFolders(QStringLiteral("UPDATE folders SET collapsed = ? WHERE id = ?"), {collapsed, id});
}

bool HistoryStore::removeFolder(qint64 id) {
  return changeFolders(QStringLiteral("DELETE FROM folders WHERE id = ?"), {id});
}

std::vector<Message> HistoryStore::messages(ConversationId id) {
  QSqlQuery query = m_database.run(
      QStringLiteral("SELECT id, parent_id, author, state, edited, COALESCE((SELECT group_concat(text, '') FROM (SELECT text "
                     "FROM answer_pieces WHERE message_id = messages.id ORDER BY position)), text), tokens, stats, last_child, "
                     "created_at, deleted_at FROM messages WHERE conversation_id = ? ORDER BY id"),
      {id});
  if (!done(query.isActive())) return {};
  std::vector<Message> messages;
  std::unordered_map<MessageId, std::size_t> places;
  while (query.next()) {
    Message message;
    message.id = query.value(0).toLongLong();
    message.parent = query.value(1).toLongLong();
    message.author = authorOf(query.value(2).toString());
    message.state = stateOf(query.value(3).toString());
    // Where nothing can be written, what was being written when the program ended has not been ended.
    if (m_refusal && message.underWay()) message.state = Message::State::Interrupted;
    message.edited = query.value(4).toBool();
    message.text = query.value(5).toString();
    message.tokens = unpackTokens(query.value(6).toByteArray());
    message.stats = unpackStats(query.value(7).toString().toUtf8());
    message.lastChild = query.value(8).toLongLong();
    message.createdAt = query.value(9).toLongLong();
    message.deletedAt = query.value(10).toLongLong();
    places[message.id] = messages.size();
    messages.push_back(std::move(message));
  }
  QSqlQuery files = m_database.run(
      QStringLiteral("SELECT a.message_id, a.name, a.text FROM messages m JOIN attachments a ON a.message_id = m.id "
                     "WHERE m.conversation_id = ? ORDER BY a.message_id, a.position"),
      {id});
  if (!done(files.isActive())) return {};
  while (files.next()) {
    const auto place = places.find(files.value(0).toLongLong());
    if (place != places.end()) {
      messages[place->second].attachments.push_back({files.value(1).toString(), files.value(2).toString()});
    }
  }
  return messages;
}

/// An id for a message of that time. The index of words is read by ids, the highest first, and what is found shall be the newest
/// first, also where old messages are imported. So ids are half seconds since 1970; the next free one, when that is taken. Within a
/// conversation they grow, whatever the clock says: parents before children, and versions in their order. 0 when it failed.
MessageId HistoryStore::nextMessageId(ConversationId conversation, qint64 time) {
  QSqlQuery query = m_database.run(QStringLiteral("SELECT MAX(id) FROM messages WHERE conversation_id = ?"), {conversation});
  if (!query.next()) return 0;
  if (query.value(0).toLongLong() > 2 * kLastId) return 0;  // a damaged file
  const MessageId id = std::max(std::clamp<qint64>(time / 500, 1, kLastId), query.value(0).toLongLong() + 1);
  query.finish();
  for (MessageId width = 1;; width *= 8) {
    const MessageId last = id + width - 1;
    QSqlQuery taken = m_database.run(QStringLiteral("SELECT MAX(id) FROM (SELECT MAX(id) AS id FROM messages WHERE id BETWEEN ? AND ? "
                                                    "UNION ALL SELECT MAX(id) FROM gone_messages WHERE id BETWEEN ? AND ?)"),
                                     {id, last, id, last});
    if (!taken.next()) return 0;
    if (taken.isNull(0)) return id;
    if (taken.value(0).toLongLong() < last) return taken.value(0).toLongLong() + 1;
  }
}

MessageId HistoryStore::insertMessage(ConversationId conversation, const Message& message) {
  const QByteArray stats = packStats(message.stats);
  const qint64 time = orNow(message.createdAt);
  const MessageId id = nextMessageId(conversation, time);
  if (id == 0) return 0;
  QSqlQuery query = m_database.run(
      QStringLiteral("INSERT INTO messages(id, conversation_id, parent_id, author, state, edited, text, tokens, stats, created_at, "
                     "deleted_at, pairs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      {id, conversation, orNull(message.parent), authorName(message.author), stateName(message.state), message.edited,
       message.underWay() ? QLatin1String("") : notNull(message.text),
       message.tokens.empty() ? QVariant(QMetaType::fromType<QByteArray>()) : QVariant(packTokens(message.tokens)),
       orNull(QString::fromUtf8(stats)), time,
       orNull(message.deletedAt), orNull(message.underWay() ? QString() : pairsOfText(message.text))});
  if (!query.isActive()) return 0;
  int position = 0;
  for (const Attachment& file : message.attachments) {
    if (!m_database.execute(QStringLiteral("INSERT INTO attachments(message_id, position, name, text) VALUES (?, ?, ?, ?)"),
                            {id, position++, notNull(file.name), notNull(file.text)})) {
      return 0;
    }
  }
  return id;
}

bool HistoryStore::touch(ConversationId conversation, qint64 time) {
  return m_database.execute(QStringLiteral("UPDATE conversations SET updated_at = MAX(updated_at, ?) WHERE id = ?"),
                            {time, conversation});
}

MessageId HistoryStore::addMessage(ConversationId conversation, const Message& message) {
  Transaction transaction(m_database);
  const MessageId id = insertMessage(conversation, message);
  const bool ok = id != 0 && touch(conversation, orNow(message.createdAt)) && moveLeaf(conversation, id) && transaction.commit();
  if (!done(ok)) return 0;
  if (message.author == Message::Author::User) Q_EMIT conversationChanged(conversation);
  return id;
}

bool HistoryStore::appendToAnswer(MessageId id, const QString& piece) {
  return done(m_database.execute(
      QStringLiteral("INSERT INTO answer_pieces(message_id, position, text) "
                     "VALUES (?, (SELECT COALESCE(MAX(position), 0) + 1 FROM answer_pieces WHERE message_id = ?), ?)"),
      {id, id, notNull(piece)}));
}

bool HistoryStore::endAnswer(ConversationId conversation, const Message& message) {
  Transaction transaction(m_database);
  const QByteArray stats = packStats(message.stats);
  const bool ok =
      m_database.execute(
          QStringLiteral("UPDATE messages SET text = ?, pairs = ?, state = ?, tokens = ?, stats = ? WHERE id = ?"),
          {notNull(message.text), orNull(pairsOfText(message.text)), stateName(message.state),
           message.tokens.empty() ? QVariant(QMetaType::fromType<QByteArray>()) : QVariant(packTokens(message.tokens)),
           orNull(QString::fromUtf8(stats)), message.id}) &&
      m_database.execute(QStringLiteral("DELETE FROM answer_pieces WHERE message_id = ?"), {message.id}) &&
      touch(conversation, now()) && transaction.commit();
  if (!done(ok)) return false;
  Q_EMIT conversationChanged(conversation);
  return true;
}

bool HistoryStore::takeBack(ConversationId conversation, MessageId id) {
  Transaction transaction(m_database);
  const QString parent = QStringLiteral("(SELECT parent_id FROM messages WHERE id = ?)");
  const bool ok = m_database.execute(QStringLiteral("UPDATE conversations SET leaf_id = %1 WHERE leaf_id IS NOT NULL AND id = ?").arg(parent),
                                     {id, conversation}) &&
                  m_database.execute(QStringLiteral("DELETE FROM messages WHERE id = ?"), {id}) && transaction.commit();
  return done(ok);
}

bool HistoryStore::setMessageDeleted(ConversationId conversation, MessageId id, bool deleted) {
  if (!done(m_database.execute(QStringLiteral("UPDATE messages SET deleted_at = ? WHERE id = ? AND conversation_id = ?"),
                               {orNull(deleted ? now() : 0), id, conversation}))) {
    return false;
  }
  Q_EMIT conversationChanged(conversation);
  return true;
}

bool HistoryStore::moveLeaf(ConversationId conversation, MessageId leaf) {
  return m_database.execute(QStringLiteral("UPDATE conversations SET leaf_id = ? WHERE id = ?"), {orNull(leaf), conversation}) &&
         m_database.execute(
             QStringLiteral("WITH RECURSIVE up(id, parent) AS (SELECT id, parent_id FROM messages WHERE id = ? UNION ALL "
                            "SELECT m.id, m.parent_id FROM messages m JOIN up ON m.id = up.parent) "
                            "UPDATE messages SET last_child = up.id FROM up WHERE messages.id = up.parent "
                            "AND last_child IS NOT up.id"),
             {leaf});
}

bool HistoryStore::setLeaf(ConversationId conversation, MessageId leaf) {
  Transaction transaction(m_database);
  return done(moveLeaf(conversation, leaf) && transaction.commit());
}

/// What a message hangs on in the store: the next one above it that was not deleted for good meanwhile. Nothing when that
/// cannot be read.
std::optional<MessageId> HistoryStore::parentOf(const Message& message, const Incoming& incoming) {
  MessageId at = message.parent;
  for (std::size_t steps = 0; at != 0 && steps <= incoming.conversation.messages.size(); ++steps) {
    const auto stored = incoming.ids.find(at);
    if (stored == incoming.ids.end()) return 0;
    QSqlQuery there = m_database.run(QStringLiteral("SELECT 1 FROM messages WHERE id = ?"), {stored->second});
    if (!there.isActive()) return std::nullopt;
    if (there.next()) return stored->second;
    const auto& all = incoming.conversation.messages;
    const auto above = std::find_if(all.begin(), all.end(), [=](const Message& other) { return other.id == at; });
    at = above == all.end() ? 0 : above->parent;
  }
  return 0;
}

/// Stores its next message, which is not stored yet.
bool HistoryStore::insertNext(Incoming& incoming) {
  const Message& each = incoming.conversation.messages[incoming.next++];
  Message message = each;
  const std::optional<MessageId> parent = parentOf(each, incoming);
  if (!parent) return false;
  message.parent = *parent;
  if (message.underWay()) message.state = Message::State::Interrupted;
  const MessageId stored = insertMessage(incoming.id, message);
  if (stored == 0) return false;
  if (each.lastChild != 0) incoming.lastChildren.emplace(each.lastChild, stored);
  if (each.id == 0) return true;
  incoming.ids.emplace(each.id, stored);
  const auto above = incoming.lastChildren.find(each.id);
  return above == incoming.lastChildren.end() ||
         m_database.execute(QStringLiteral("UPDATE messages SET last_child = ? WHERE id = ?"), {stored, above->second});
}

/// Leads to the end that was shown elsewhere, unless another branch is shown here.
bool HistoryStore::showEnd(const Incoming& incoming) {
  const std::optional<ConversationInfo> info = conversation(incoming.id);
  const auto end = incoming.ids.find(incoming.conversation.info.leaf);
  if (!info || end == incoming.ids.end() || end->second == info->leaf) return info.has_value();
  bool goesOn = info->leaf == 0;
  MessageIds parents;
  for (const Message& message : incoming.conversation.messages) parents[message.id] = message.parent;
  // A damaged file may lead round in a circle; each step takes its message away.
  for (auto at = parents.find(incoming.conversation.info.leaf); !goesOn && at != parents.end();) {
    const auto here = incoming.ids.find(at->first);
    goesOn = here != incoming.ids.end() && here->second == info->leaf;
    const MessageId above = at->second;
    parents.erase(at);
    at = parents.find(above);
  }
  return !goesOn || moveLeaf(incoming.id, end->second);
}

bool HistoryStore::addPart(Incoming& incoming, qsizetype& room, std::vector<Arrival>& arrivals) {
  const bool isNew = incoming.id == 0;
  if (isNew) {
    incoming.id = insertConversation(incoming.conversation.info);
    if (incoming.id == 0) return false;
    room -= kMessageRoom;
  } else {
    QSqlQuery there = m_database.run(QStringLiteral("SELECT 1 FROM conversations WHERE id = ?"), {incoming.id});
    if (!there.isActive()) return false;
    if (!there.next()) {
      incoming.next = incoming.conversation.messages.size();  // purged meanwhile
      return true;
    }
  }
  bool any = isNew;
  while (!incoming.stored() && room > 0) {
    const Message& next = incoming.conversation.messages[incoming.next];
    if (next.id != 0 && incoming.ids.contains(next.id)) {
      ++incoming.next;
      continue;
    }
    room -= kMessageRoom + next.text.size();
    for (const Attachment& file : next.attachments) room -= file.text.size();
    if (!insertNext(incoming)) return false;
    any = true;
  }
  if (any) arrivals.push_back({incoming.id, isNew});
  return !incoming.stored() || (showEnd(incoming) && touch(incoming.id, incoming.conversation.info.updatedAt));
}

void HistoryStore::announce(const std::vector<Arrival>& arrivals) {
  for (const Arrival& each : arrivals) {
    if (each.isNew) {
      Q_EMIT conversationAdded(each.id);
    } else {
      Q_EMIT messagesCameIn(each.id);
      Q_EMIT conversationChanged(each.id);
    }
  }
}

ConversationId HistoryStore::addWhole(const Conversation& conversation) {
  Transaction transaction(m_database);
  Incoming incoming{conversation};
  std::vector<Arrival> arrivals;
  qsizetype room = std::numeric_limits<qsizetype>::max();
  if (!done(addPart(incoming, room, arrivals) && transaction.commit())) return 0;
  announce(arrivals);
  return incoming.id;
}

std::optional<Conversation> HistoryStore::whole(ConversationId id) {
  std::optional<ConversationInfo> info = conversation(id);
  if (!info) return std::nullopt;
  return Conversation{std::move(*info), messages(id)};
}

QString HistoryStore::draft(ConversationId id) {
  QSqlQuery query = m_database.run(QStringLiteral("SELECT text FROM drafts WHERE conversation_id = ?"), {id});
  return done(query.isActive()) && query.next() ? query.value(0).toString() : QString();
}

bool HistoryStore::setDraft(ConversationId id, const QString& text) {
  return done(text.isEmpty()
                  ? m_database.execute(QStringLiteral("DELETE FROM drafts WHERE conversation_id = ?"), {id})
                  : m_database.execute(QStringLiteral("INSERT INTO drafts(conversation_id, text) VALUES (?, ?) "
                                                      "ON CONFLICT(conversation_id) DO UPDATE SET text = excluded.text"),
                                       {id, text}));
}

std::vector<Attachment> HistoryStore::draftAttachments(ConversationId id) {
  std::vector<Attachment> files;
  QSqlQuery query = m_database.run(
      QStringLiteral("SELECT name, text FROM draft_attachments WHERE conversation_id = ? ORDER BY position"), {id});
  if (!done(query.isActive())) return files;
  while (query.next()) files.push_back({query.value(0).toString(), query.value(1).toString()});
  return files;
}

bool HistoryStore::setDraftAttachments(ConversationId id, const std::vector<Attachment>& files) {
  Transaction transaction(m_database);
  bool ok = m_database.execute(QStringLiteral("DELETE FROM draft_attachments WHERE conversation_id = ?"), {id});
  for (std::size_t i = 0; ok && i < files.size(); ++i) {
    ok = m_database.execute(QStringLiteral("INSERT INTO draft_attachments(conversation_id, position, name, text) VALUES (?, ?, ?, ?)"),
                            {id, static_cast<qint64>(i), notNull(files[i].name), notNull(files[i].text)});
  }
  return done(ok && transaction.commit());
}

}  // namespace tercet
