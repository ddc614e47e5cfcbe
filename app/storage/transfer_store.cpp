#include "app/storage/transfer_store.h"

#include <QCryptographicHash>
#include <QJsonDocument>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "app/storage/message_row.h"
#include "app/storage/sql_values.h"

namespace tercet {
namespace {

QByteArray hashOf(std::initializer_list<QByteArray> parts) {
  QCryptographicHash hash(QCryptographicHash::Sha256);
  for (const QByteArray& part : parts) {
    hash.addData(QByteArray::number(part.size()) + ':');
    hash.addData(part);
  }
  return hash.result();
}

QByteArray beginning(qint64 createdAt, const QString& author, const QString& text) {
  return hashOf({QByteArray::number(createdAt), author.toUtf8(), text.toUtf8()});
}

QString packed(const ChatSettings& settings) {
  return QString::fromUtf8(QJsonDocument(settings.toJson()).toJson(QJsonDocument::Compact));
}

}  // namespace

QByteArray beginningOf(const Conversation& conversation) {
  const bool none = conversation.messages.empty();
  return beginning(conversation.info.createdAt, none ? QString() : authorName(conversation.messages.front().author),
                   none ? QString() : conversation.messages.front().text);
}

std::vector<QByteArray> tracesOf(const std::vector<Message>& messages) {
  std::vector<QByteArray> traces;
  std::unordered_map<MessageId, std::size_t> places;
  for (const Message& message : messages) {
    const auto parent = places.find(message.parent);
    places[message.id] = traces.size();
    traces.push_back(hashOf({parent == places.end() ? QByteArray() : traces[parent->second], authorName(message.author).toUtf8(),
                             QByteArray::number(message.createdAt), message.text.toUtf8()}));
  }
  return traces;
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
  QSqlQuery folders = database.run(QStringLiteral("SELECT name, created_at, collapsed FROM folders ORDER BY id"));
  if (!m_store->done(folders.isActive())) return std::nullopt;
  while (folders.next()) {
    library.folders.push_back({folders.value(0).toString(), folders.value(1).toLongLong(), folders.value(2).toBool()});
  }
  QSqlQuery personas = database.run(QStringLiteral("SELECT key, name, settings, hidden, created_at FROM personas ORDER BY id"));
  if (!m_store->done(personas.isActive())) return std::nullopt;
  while (personas.next()) {
    const QJsonObject settings = QJsonDocument::fromJson(personas.value(2).toString().toUtf8()).object();
    library.personas.push_back({personas.value(0).toString(), personas.value(1).toString(), ChatSettings::fromJson(settings),
                                personas.value(3).toBool(), personas.value(4).toLongLong()});
  }
  QSqlQuery prompts = database.run(QStringLiteral("SELECT key, title, text, hidden, created_at, used_at FROM prompts ORDER BY id"));
  if (!m_store->done(prompts.isActive())) return std::nullopt;
  while (prompts.next()) {
    library.prompts.push_back({prompts.value(0).toString(), prompts.value(1).toString(), prompts.value(2).toString(),
                               prompts.value(3).toBool(), prompts.value(4).toLongLong(), prompts.value(5).toLongLong()});
  }
  return library;
}

std::optional<Beginnings> TransferStore::beginnings() {
  QSqlQuery query = m_store->database().run(
      QStringLiteral("SELECT c.id, c.created_at, m.author, m.text FROM conversations c LEFT JOIN messages m "
                     "ON m.id = (SELECT MIN(id) FROM messages WHERE conversation_id = c.id) WHERE c.deleted_at IS NULL"));
  if (!m_store->done(query.isActive())) return std::nullopt;
  Beginnings all;
  while (query.next()) {
    all.insert(beginning(query.value(1).toLongLong(), query.value(2).toString(), query.value(3).toString()), query.value(0).toLongLong());
  }
  return all;
}

Kin TransferStore::kinOf(const Conversation& conversation, const Beginnings& beginnings) {
  Kin nearest;
  const std::vector<QByteArray> traces = tracesOf(conversation.messages);
  for (const ConversationId id : beginnings.values(beginningOf(conversation))) {
    const std::optional<Conversation> stored = m_store->whole(id);
    if (!stored) continue;
    const std::vector<QByteArray> has = tracesOf(stored->messages);
    const std::unordered_set<QByteArray> known(has.begin(), has.end());
    const auto missing = static_cast<std::size_t>(
        std::count_if(traces.begin(), traces.end(), [&](const QByteArray& trace) { return !known.contains(trace); }));
    if (nearest.id == 0 || missing < nearest.missing) nearest = {id, missing};
  }
  return nearest;
}

std::optional<qint64> TransferStore::folderNamed(const Library::Folder& folder) {
  if (folder.name.isEmpty()) return 0;
  Database& database = m_store->database();
  QSqlQuery found = database.run(QStringLiteral("SELECT MIN(id) FROM folders WHERE name = ?"), {folder.name});
  if (!found.isActive()) return std::nullopt;
  if (found.next() && !found.isNull(0)) return found.value(0).toLongLong();
  found.finish();
  QSqlQuery made = database.run(QStringLiteral("INSERT INTO folders(name, collapsed, created_at) VALUES (?, ?, ?)"),
                                {folder.name, folder.collapsed, orNow(folder.createdAt)});
  if (!made.isActive()) return std::nullopt;
  return made.lastInsertId().toLongLong();
}

std::optional<HistoryStore::Incoming> TransferStore::place(FiledConversation&& filed) {
  HistoryStore::Incoming incoming{std::move(filed.conversation)};
  // The stored one may have grown since the file was compared with it.
  bool ok = true;
  const bool known = filed.into != 0 && holds(QStringLiteral("SELECT 1 FROM conversations WHERE id = ?"), {filed.into}, ok);
  const std::optional<Conversation> stored = known ? m_store->whole(filed.into) : std::nullopt;
  if (!ok || (known && !stored)) return std::nullopt;
  if (!stored || stored->info.deletedAt != 0) {
    const std::optional<qint64> folder = folderNamed({.name = filed.folder});
    if (!folder) return std::nullopt;
    incoming.conversation.info.folder = *folder;
    return incoming;
  }
  incoming.id = filed.into;
  std::unordered_map<QByteArray, MessageId> has;
  const std::vector<QByteArray> there = tracesOf(stored->messages), traces = tracesOf(incoming.conversation.messages);
  for (std::size_t i = 0; i < there.size(); ++i) has.emplace(there[i], stored->messages[i].id);
  for (std::size_t i = 0; i < traces.size(); ++i) {
    if (const auto found = has.find(traces[i]); found != has.end()) incoming.ids[incoming.conversation.messages[i].id] = found->second;
  }
  if (incoming.ids.size() == traces.size()) incoming.next = traces.size();
  return incoming;
}

bool TransferStore::holds(const QString& sql, std::initializer_list<QVariant> values, bool& ok) {
  QSqlQuery query = m_store->database().run(sql, values);
  ok = ok && query.isActive();
  return query.next();
}

bool TransferStore::addPersona(const Library::Persona& persona) {
  Database& database = m_store->database();
  const QString settings = packed(persona.settings);
  bool ok = true;
  if (persona.key.isEmpty()) {
    if (holds(QStringLiteral("SELECT 1 FROM personas WHERE name = ? AND settings = ?"), {notNull(persona.name), settings}, ok)) return ok;
  } else if (holds(QStringLiteral("SELECT 1 FROM personas WHERE key = ?"), {persona.key}, ok)) {
    return ok && database.execute(QStringLiteral("UPDATE personas SET name = ?, settings = ?, hidden = ? "
                                                 "WHERE key = ? AND name = '' AND hidden = 0"),
                                  {notNull(persona.name), settings, persona.hidden, persona.key});
  }
  return ok && database.execute(QStringLiteral("INSERT INTO personas(key, name, settings, hidden, created_at) VALUES (?, ?, ?, ?, ?)"),
                                {orNull(persona.key), notNull(persona.name), settings, persona.hidden, orNow(persona.createdAt)});
}

bool TransferStore::addPrompt(const Library::Prompt& prompt) {
  Database& database = m_store->database();
  bool ok = true;
  if (prompt.key.isEmpty()) {
    const QString same = QStringLiteral("SELECT 1 FROM prompts WHERE title = ? AND text = ?");
    if (holds(same, {notNull(prompt.title), notNull(prompt.text)}, ok)) return ok;
  } else if (holds(QStringLiteral("SELECT 1 FROM prompts WHERE key = ?"), {prompt.key}, ok)) {
    return ok && database.execute(QStringLiteral("UPDATE prompts SET title = ?, text = ?, hidden = ? "
                                                 "WHERE key = ? AND text = '' AND hidden = 0"),
                                  {notNull(prompt.title), notNull(prompt.text), prompt.hidden, prompt.key});
  }
  return ok && database.execute(QStringLiteral("INSERT INTO prompts(key, title, text, hidden, created_at, used_at) VALUES (?, ?, ?, ?, ?, ?)"),
                                {orNull(prompt.key), notNull(prompt.title), notNull(prompt.text), prompt.hidden,
                                 orNow(prompt.createdAt), orNull(prompt.usedAt)});
}

bool TransferStore::add(const Library& library) {
  Transaction transaction(m_store->database());
  const auto folderAdded = [this](const Library::Folder& folder) { return folderNamed(folder).has_value(); };
  const auto personaAdded = [this](const Library::Persona& persona) { return addPersona(persona); };
  const auto promptAdded = [this](const Library::Prompt& prompt) { return addPrompt(prompt); };
  const bool ok = std::all_of(library.folders.begin(), library.folders.end(), folderAdded) &&
                  std::all_of(library.personas.begin(), library.personas.end(), personaAdded) &&
                  std::all_of(library.prompts.begin(), library.prompts.end(), promptAdded);
  if (!m_store->done(ok && transaction.commit())) return false;
  Q_EMIT m_store->foldersChanged();
  return true;
}

}  // namespace tercet
