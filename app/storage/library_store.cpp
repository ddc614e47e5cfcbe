#include "app/storage/library_store.h"

#include <QJsonDocument>

#include "app/storage/sql_values.h"

namespace tercet {

LibraryStore::LibraryStore(Database* database, QObject* parent) : QObject(parent), m_database(database) {}

/// Tells whoever listens why something did not work.
bool LibraryStore::done(bool ok) {
  const std::optional<StorageError> error = m_database->takeError();
  if (!ok) Q_EMIT failed(error.value_or(StorageError{StorageError::Cause::Other, QStringLiteral("the database is not open")}));
  return ok;
}

/// The id of the row that `query` added or wrote over.
qint64 LibraryStore::idOf(qint64 known, const QSqlQuery& query) {
  if (!done(query.isActive())) return 0;
  return known != 0 ? known : query.lastInsertId().toLongLong();
}

/// The row that has `key`, else the one that is known. An error here meets put again.
qint64 LibraryStore::rowOf(const QString& key, const QString& table, qint64 known) {
  if (key.isEmpty()) return known;
  QSqlQuery query = m_database->run(QStringLiteral("SELECT id FROM %1 WHERE key = ?").arg(table), {key});
  return query.next() ? query.value(0).toLongLong() : known;
}

std::vector<StoredPersona> LibraryStore::personas() {
  std::vector<StoredPersona> all;
  if (!m_database->isOpen()) return all;
  QSqlQuery query = m_database->run(QStringLiteral("SELECT id, key, name, settings, hidden FROM personas ORDER BY id"));
  if (!done(query.isActive())) return all;
  while (query.next()) {
    const QJsonObject settings = QJsonDocument::fromJson(query.value(3).toString().toUtf8()).object();
    all.push_back({query.value(0).toLongLong(), query.value(1).toString(), query.value(2).toString(),
                   ChatSettings::fromJson(settings), query.value(4).toBool()});
  }
  return all;
}

std::vector<StoredPrompt> LibraryStore::prompts() {
  std::vector<StoredPrompt> all;
  if (!m_database->isOpen()) return all;
  QSqlQuery query = m_database->run(QStringLiteral("SELECT id, key, title, text, hidden, used_at FROM prompts ORDER BY id"));
  if (!done(query.isActive())) return all;
  while (query.next()) {
    all.push_back({query.value(0).toLongLong(), query.value(1).toString(), query.value(2).toString(),
                   query.value(3).toString(), query.value(4).toBool(), query.value(5).toLongLong()});
  }
  return all;
}

qint64 LibraryStore::put(const StoredPersona& persona) {
  const QJsonDocument settings(persona.settings.toJson());
  const qint64 id = rowOf(persona.key, QStringLiteral("personas"), persona.id);
  return idOf(id, m_database->run(
      QStringLiteral("INSERT INTO personas(id, key, name, settings, hidden, created_at) VALUES (?, ?, ?, ?, ?, ?) "
                     "ON CONFLICT(id) DO UPDATE SET key = excluded.key, name = excluded.name, settings = excluded.settings, "
                     "hidden = excluded.hidden"),
      {orNull(id), orNull(persona.key), notNull(persona.name),
       QString::fromUtf8(settings.toJson(QJsonDocument::Compact)), persona.hidden, now()}));
}

qint64 LibraryStore::put(const StoredPrompt& prompt) {
  const qint64 id = rowOf(prompt.key, QStringLiteral("prompts"), prompt.id);
  return idOf(id, m_database->run(
      QStringLiteral("INSERT INTO prompts(id, key, title, text, hidden, created_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?) "
                     "ON CONFLICT(id) DO UPDATE SET key = excluded.key, title = excluded.title, text = excluded.text, "
                     "hidden = excluded.hidden, used_at = excluded.used_at"),
      {orNull(id), orNull(prompt.key), notNull(prompt.title), notNull(prompt.text), prompt.hidden, now(),
       orNull(prompt.usedAt)}));
}

bool LibraryStore::removePersona(qint64 id) {
  return done(m_database->execute(QStringLiteral("DELETE FROM personas WHERE id = ?"), {id}));
}

bool LibraryStore::removePrompt(qint64 id) {
  return done(m_database->execute(QStringLiteral("DELETE FROM prompts WHERE id = ?"), {id}));
}

}  // namespace tercet
