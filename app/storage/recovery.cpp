#include "app/storage/recovery.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <map>
#include <utility>

#include "app/storage/durable_file.h"
#include "app/storage/loose_pages.h"
#include "app/storage/salvage.h"
#include "app/storage/search_words.h"

namespace tercet {
namespace {

QString workName(const QString& path) { return path + QStringLiteral(".recovering"); }
QString pagesName(const QString& path) { return path + QStringLiteral(".pages"); }
QString readyName(const QString& path) { return path + QStringLiteral(".recovered"); }

void removeWithJournal(const QString& path) {
  for (const char* end : {"-wal", "-shm", "-journal", ""}) QFile::remove(path + QLatin1String(end));
}

/// Keeps `path` and its journal under a name that nothing has yet. Empty when that cannot be.
QString keepAside(const QString& path) {
  const QFileInfo file(path);
  const QString stem = QStringLiteral("%1/%2.damaged-%3").arg(file.path(), file.completeBaseName(),
                                                              QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss")));
  QString aside = stem + QStringLiteral(".sqlite");
  for (int i = 2; QFileInfo::exists(aside) || QFileInfo::exists(Database::journalOf(aside)); ++i) aside = QStringLiteral("%1-%2.sqlite").arg(stem).arg(i);
  // The journal first: without it the file would look older than it is. What readers share of it (-shm) holds nothing.
  if (QFileInfo::exists(Database::journalOf(path)) && !keepUnder(Database::journalOf(path), Database::journalOf(aside))) return {};
  return keepUnder(path, aside) ? aside : QString();
}

int count(Database& database, const char* table) {
  QSqlQuery query = database.run(QStringLiteral("SELECT COUNT(*) FROM %1").arg(QLatin1String(table)));
  return query.next() ? query.value(0).toInt() : 0;
}

/// Conversations whose own row is lost, and whose messages are there; `where` says more of their id.
bool addLostConversations(Database& database, const QString& where = QStringLiteral("1")) {
  return database.execute(QStringLiteral(
      "INSERT INTO conversations(id, title, created_at, updated_at) SELECT conversation_id, COALESCE((SELECT "
      "substr(replace(trim(f.text), char(10), ' '), 1, 48) FROM messages f WHERE f.conversation_id = m.conversation_id "
      "AND f.author = 'user' ORDER BY f.id LIMIT 1), ''), MIN(created_at), MAX(created_at) FROM messages m "
      "WHERE conversation_id NOT IN (SELECT id FROM conversations) AND %1 GROUP BY conversation_id").arg(where));
}

/// What the index of the titles holds of those that addLostConversations made up.
bool addTitlePairs(Database& database) {
  QSqlQuery query = database.run(QStringLiteral("SELECT id, title FROM conversations WHERE pairs IS NULL"));
  std::vector<std::pair<qint64, QString>> all;
  while (query.next()) {
    if (const QString pairs = pairsOfText(query.value(1).toString()); !pairs.isEmpty()) all.emplace_back(query.value(0).toLongLong(), pairs);
  }
  query.finish();
  return std::all_of(all.begin(), all.end(), [&](const auto& title) {
    return database.execute(QStringLiteral("UPDATE conversations SET pairs = ? WHERE id = ?"), {title.second, title.first});
  });
}

/// What refers to a row that is lost: a message hangs on the one before instead, the rest is let go.
bool mendReferences(Database& database) {
  for (const char* statement :
       {"DELETE FROM attachments WHERE message_id NOT IN (SELECT id FROM messages)",
        "DELETE FROM answer_pieces WHERE message_id NOT IN (SELECT id FROM messages)",
        "UPDATE messages SET parent_id = (SELECT MAX(m.id) FROM messages m WHERE m.conversation_id = messages.conversation_id "
        "AND m.id < messages.parent_id) WHERE parent_id NOT IN (SELECT id FROM messages)",
        "UPDATE messages SET parent_id = NULL WHERE parent_id >= id",
        "UPDATE messages SET last_child = NULL WHERE last_child NOT IN (SELECT id FROM messages)",
        "UPDATE conversations SET leaf_id = (SELECT MAX(id) FROM messages WHERE conversation_id = conversations.id) "
        "WHERE leaf_id IS NULL OR leaf_id NOT IN (SELECT id FROM messages)",
        "UPDATE conversations SET folder_id = NULL WHERE folder_id NOT IN (SELECT id FROM folders)"}) {
    if (!database.execute(QLatin1String(statement))) return false;
  }
  return true;
}

/// Ids that were used and purged are not used again either.
bool keepSequences(Database& from, Database& to) {
  QSqlQuery query = from.run(QStringLiteral("SELECT name, seq FROM sqlite_sequence WHERE seq BETWEEN 0 AND 1 << 53"));
  while (query.next()) {
    if (!to.execute(QStringLiteral("UPDATE sqlite_sequence SET seq = MAX(seq, ?) WHERE name = ?"), {query.value(1), query.value(0)})) return false;
  }
  from.takeError();
  return true;
}

/// Copies the ranges and leaves those that are still missing. False when the new database took no rows.
bool copyRanges(Database& from, Database& to, Missing& missing) {
  for (auto& [table, ranges] : missing) {
    Salvage salvage(from, to, table);
    std::vector<IdRange> left;
    for (const IdRange& range : ranges) {
      for (const IdRange& hole : salvage.copy(range)) left.push_back(hole);
      if (salvage.refused()) return false;
    }
    ranges = left;
  }
  return true;
}

bool anyMissing(const Missing& missing) {
  return std::any_of(missing.begin(), missing.end(), [](const auto& table) { return !table.second.empty(); });
}

/// A zeroed piece of the disk in the middle of a long text reads as such characters. A message of which the backup has the whole is
/// taken away, to be copied from there.
bool dropHollow(Database& backup, Database& to, Missing& missing) {
  QSqlQuery hollow = to.run(QStringLiteral("SELECT id FROM messages WHERE instr(CAST(text AS BLOB), x'00') > 0"));
  std::vector<qint64> ids;
  while (hollow.next()) ids.push_back(hollow.value(0).toLongLong());
  hollow.finish();
  for (const qint64 id : ids) {
    QSqlQuery whole = backup.run(QStringLiteral("SELECT 1 FROM messages WHERE id = ? AND text <> '' AND instr(CAST(text AS BLOB), x'00') = 0"), {id});
    if (!whole.next()) continue;
    if (!to.execute(QStringLiteral("DELETE FROM messages WHERE id = ?"), {id})) return false;
    missing[QStringLiteral("messages")].push_back({id, id});
  }
  backup.takeError();
  return true;
}

/// Conversations whose rows are missing, in a table of this connection. What is in none of these ranges is known to be gone.
bool noteHoles(Database& to, const std::vector<IdRange>& ranges) {
  if (!to.execute(QStringLiteral("CREATE TEMP TABLE holes (first INTEGER NOT NULL, last INTEGER NOT NULL)"))) return false;
  return std::all_of(ranges.begin(), ranges.end(), [&](const IdRange& range) {
    return to.execute(QStringLiteral("INSERT INTO temp.holes VALUES (?, ?)"), {range.first, range.last});
  });
}

bool fillFrom(const QStringList& backups, Database& to, Missing& missing, Recovery& recovery) {
  const QString known = QStringLiteral("NOT EXISTS (SELECT 1 FROM temp.holes WHERE conversation_id BETWEEN first AND last)");
  // Messages of the damaged file stay in any case. Where rows of conversations are missing, the backup may have them as they were.
  if (!noteHoles(to, missing[QStringLiteral("conversations")]) || !addLostConversations(to, known)) return false;
  for (const QString& path : backups) {
    Database backup;
    if (backup.openReadOnly(path) || !isSound(backup)) continue;
    const int before = count(to, "messages");
    if (!dropHollow(backup, to, missing) || !copyRanges(backup, to, missing) || !keepSequences(backup, to)) return false;
    // Deleted for good since then: that stays so.
    if (!to.execute(QStringLiteral("DELETE FROM messages WHERE conversation_id NOT IN (SELECT id FROM conversations) AND ") + known)) return false;
    recovery.fromBackup = count(to, "messages") - before;
    if (recovery.fromBackup > 0) recovery.backup = path;
    return true;
  }
  return true;
}

std::optional<StorageError> build(Database& to, const QString& path, const QStringList& backups, Recovery& recovery) {
  const auto refused = [&] { return to.takeError().value_or(StorageError{StorageError::Cause::Full, QStringLiteral("the new file takes no rows")}); };
  if (!to.execute(QStringLiteral("PRAGMA foreign_keys = OFF"))) return refused();  // rows come in any order
  Transaction transaction(to);
  Missing missing;
  for (const QString& table : Salvage::tables(to)) missing[table] = {kNegativeIds, IdRange{}};
  Database from;
  // SQLite takes the journal of an empty file for a leftover and deletes it.
  if (QFileInfo(recovery.keptAs).size() > 0 && !from.openReadOnly(recovery.keptAs, Database::Content::Damaged)) {
    if (!copyRanges(from, to, missing) || !keepSequences(from, to)) return refused();
  }
  from.close();
  if (anyMissing(missing)) {
    removeWithJournal(pagesName(path));
    const std::optional<StorageError> error = copyLoosePages(recovery.keptAs, pagesName(path), to, missing);
    removeWithJournal(pagesName(path));
    // With more room it could give more. All else is as good as it gets.
    if (error && error->cause == StorageError::Cause::Full) return error;
  }
  if (!fillFrom(backups, to, missing, recovery) || !addLostConversations(to) || !addTitlePairs(to) || !mendReferences(to)) return refused();
  recovery.conversations = count(to, "conversations");
  recovery.messages = count(to, "messages");
  if (!transaction.commit()) return refused();
  return std::nullopt;
}

}  // namespace

bool isSound(Database& database) {
  QSqlQuery query = database.run(QStringLiteral("PRAGMA quick_check(1)"));
  return query.next() && query.value(0).toString() == QLatin1String("ok");
}

bool finishRecovery(const QString& path) {
  if (!QFileInfo::exists(readyName(path))) {
    // One that was cut off earlier is made again.
    removeWithJournal(workName(path));
    removeWithJournal(pagesName(path));
    return true;
  }
  // The old journal must not meet the new file.
  for (const char* end : {"-wal", "-shm"}) {
    if (QFileInfo::exists(path + QLatin1String(end)) && !QFile::remove(path + QLatin1String(end))) return false;
  }
  return replaceFile(readyName(path), path);
}

std::optional<StorageError> recoverDatabase(const QString& path, const QStringList& backups, Recovery& recovery) {
  recovery = {};
  const auto refused = [](StorageError::Cause cause, const QString& what) { return StorageError{cause, what}; };
  recovery.keptAs = keepAside(path);
  if (recovery.keptAs.isEmpty()) return refused(StorageError::Cause::ReadOnly, QStringLiteral("the damaged file cannot be kept aside"));
  removeWithJournal(workName(path));
  const auto make = [&]() -> std::optional<StorageError> {
    Database fresh;
    if (std::optional<StorageError> error = fresh.open(workName(path))) return error;
    return build(fresh, path, backups, recovery);
  };
  if (std::optional<StorageError> error = make()) {
    // The file is where it was. Where there are no second names each attempt would leave a copy.
    removeWithJournal(workName(path));
    removeWithJournal(recovery.keptAs);
    return error;
  }
  const bool ready = syncToDisk(workName(path)) && replaceFile(workName(path), readyName(path)) && finishRecovery(path);
  if (!ready) return refused(StorageError::Cause::ReadOnly, QStringLiteral("the new file cannot take the place of the old one"));
  return std::nullopt;
}

}  // namespace tercet
