#include "app/storage/transfer_store.h"

#include <QCryptographicHash>
#include <QJsonDocument>

#include <utility>

#include "app/storage/message_row.h"
#include "app/storage/sql_values.h"

namespace tercet {
namespace {

QByteArray fingerprint(qint64 createdAt, const QString& title, const QString& author, const QString& text) {
  QCryptographicHash hash(QCryptographicHash::Sha256);
  for (const QByteArray& part : {QByteArray::number(createdAt), title.toUtf8(), author.toUtf8(), text.toUtf8()}) {
    hash.addData(QByteArray::number(part.size()) + ':');
    hash.addData(part);
  }
  return hash.result();
}

QString packed(const ChatSettings& settings) {
  return QString::fromUtf8(QJsonDocument(settings.toJson()).toJson(QJsonDocument::Compact));
}

}  // namespace

QByteArray fingerprintOf(const Conversation& conversation) {
  const bool none = conversation.messages.empty();
  return fingerprint(conversation.info.createdAt, conversation.info.title,
                     none ? QString() : authorName(conversation.messages.front().author),
                     none ? QString() : conversation.messages.front().text);
}

std::optional<std::vector<ConversationId>> TransferStore::conversations() {
  QSqlQuery query = m_store->database().run(QStringLiteral("SELECT id FROM conversations WHERE deleted_at IS NULL ORDER BY id"));
  if (!m_store->done(query.isActive())) return std::nullopt;
  std::vector<ConversationId> ids;
  while (query.next()) ids.push_back(query.value(0).toLongLong());
  return ids;
}

std::optional<FiledConversation> TransferStore::conversation(ConversationId id) {
  std::optional<Conversation> whole = m_store->whole(id);
  if (!whole) return std::nullopt;
  FiledConversation filed{std::move(*whole), {}};
  if (filed.conversation.info.folder == 0) return filed;
  QSqlQuery folder = m_store->database().run(QStringLiteral("SELECT name FROM folders WHERE id = ?"), {filed.conversation.info.folder});
  if (!m_store->done(folder.isActive())) return std::nullopt;
  if (folder.next()) filed.folder = folder.value(0).toString();
  return filed;
}

std::optional<Library> TransferStore::library() {
  Library library;
  Database& database = m_store->database();
  QSqlQuery folders = database.run(QStringLiteral("SELECT name, created_at FROM folders ORDER BY id"));
  if (!m_store->done(folders.isActive())) return std::nullopt;
  while (folders.next()) library.folders.push_back({folders.value(0).toString(), folders.value(1).toLongLong()});
  QSqlQuery personas = database.run(QStringLiteral("SELECT key, name, settings, hidden, created_at FROM personas ORDER BY id"));
  if (!m_store->done(personas.isActive())) return std::nullopt;
  while (personas.next()) {
    const QJsonObject settings = QJsonDocument::fromJson(personas.value(2).toString().toUtf8()).object();
    library.personas.push_back({personas.value(0).toString(), personas.value(1).toString(), ChatSettings::fromJson(settings),
                                personas.value(3).toBool(), personas.value(4).toLongLong()});
  }
  QSqlQuery prompts = database.run(QStringLiteral("SELECT title, text, created_at, used_at FROM prompts ORDER BY id"));
  if (!m_store->done(prompts.isActive())) return std::nullopt;
  while (prompts.next()) {
    library.prompts.push_back({prompts.value(0).toString(), prompts.value(1).toString(), prompts.value(2).toLongLong(),
                               prompts.value(3).toLongLong()});
  }
  return library;
}

std::optional<QSet<QByteArray>> TransferStore::fingerprints() {
  QSqlQuery query = m_store->database().run(
      QStringLiteral("SELECT c.created_at, c.title, m.author, m.text FROM conversations c LEFT JOIN messages m "
                     "ON m.id = (SELECT MIN(id) FROM messages WHERE conversation_id = c.id) WHERE c.deleted_at IS NULL"));
  if (!m_store->done(query.isActive())) return std::nullopt;
  QSet<QByteArray> all;
  while (query.next()) {
    all.insert(fingerprint(query.value(0).toLongLong(), query.value(1).toString(), query.value(2).toString(), query.value(3).toString()));
  }
  return all;
}

std::optional<qint64> TransferStore::folderNamed(const QString& name, qint64 createdAt) {
  if (name.isEmpty()) return 0;
  Database& database = m_store->database();
  QSqlQuery found = database.run(QStringLiteral("SELECT MIN(id) FROM folders WHERE name = ?"), {name});
  if (!found.isActive()) return std::nullopt;
  if (found.next() && !found.isNull(0)) return found.value(0).toLongLong();
  found.finish();
  QSqlQuery made = database.run(QStringLiteral("INSERT INTO folders(name, created_at) VALUES (?, ?)"), {name, orNow(createdAt)});
  if (!made.isActive()) return std::nullopt;
  return made.lastInsertId().toLongLong();
}

bool TransferStore::add(const std::vector<FiledConversation>& conversations) {
  std::vector<Conversation> placed;
  placed.reserve(conversations.size());
  for (const FiledConversation& filed : conversations) {
    const std::optional<qint64> folder = folderNamed(filed.folder, 0);
    if (!folder) return m_store->done(false);
    placed.push_back(filed.conversation);
    placed.back().info.folder = *folder;
  }
  return m_store->addAll(placed);
}

bool TransferStore::holds(const QString& sql, std::initializer_list<QVariant> values, bool& ok) {
  QSqlQuery query = m_store->database().run(sql, values);
  ok = ok && query.isActive();
  return query.next();
}

bool TransferStore::add(const Library& library) {
  Database& database = m_store->database();
  Transaction transaction(database);
  bool ok = true;
  for (const Library::Folder& folder : library.folders) ok = ok && folderNamed(folder.name, folder.createdAt).has_value();
  for (const Library::Persona& persona : library.personas) {
    const QString settings = packed(persona.settings);
    const bool there = persona.key.isEmpty()
                           ? holds(QStringLiteral("SELECT 1 FROM personas WHERE name = ? AND settings = ?"), {notNull(persona.name), settings}, ok)
                           : holds(QStringLiteral("SELECT 1 FROM personas WHERE key = ?"), {persona.key}, ok);
    if (there) continue;
    ok = ok && database.execute(QStringLiteral("INSERT INTO personas(key, name, settings, hidden, created_at) VALUES (?, ?, ?, ?, ?)"),
                                {persona.key.isEmpty() ? QVariant(QMetaType::fromType<QString>()) : QVariant(persona.key),
                                 notNull(persona.name), settings, persona.hidden, orNow(persona.createdAt)});
  }
  for (const Library::Prompt& prompt : library.prompts) {
    if (holds(QStringLiteral("SELECT 1 FROM prompts WHERE title = ? AND text = ?"), {notNull(prompt.title), notNull(prompt.text)}, ok)) continue;
    ok = ok && database.execute(QStringLiteral("INSERT INTO prompts(title, text, created_at, used_at) VALUES (?, ?, ?, ?)"),
                                {notNull(prompt.title), notNull(prompt.text), orNow(prompt.createdAt), orNull(prompt.usedAt)});
  }
  return m_store->done(ok && transaction.commit());
}

}  // namespace tercet
