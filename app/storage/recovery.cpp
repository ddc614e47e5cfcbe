#include "app/storage/recovery.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include "app/storage/durable_file.h"
#include "app/storage/loose_pages.h"
#include "app/storage/salvage.h"
#include "app/storage/search_words.h"
#include "app/storage/sql_values.h"

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
  if (!QFileInfo::exists(path) && !QFile(path).open(QIODevice::WriteOnly)) return {};  // there is only a journal
  const QFileInfo file(path);
  const QString stem = QStringLiteral("%1/%2.damaged-%3").arg(file.path(), file.completeBaseName(),
                                                              QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss")));
  QString aside = stem + QStringLiteral(".sqlite");
  for (int i = 2; QFileInfo::exists(aside) || QFileInfo::exists(Database::journalOf(aside)); ++i) aside = QStringLiteral("%1-%2.sqlite").arg(stem).arg(i);
  // The journal first: without it the file would look older than it is. What readers share of it (-shm) holds nothing.
  if (QFileInfo::exists(Database::journalOf(path)) && !keepUnder(Database::journalOf(path), Database::journalOf(aside))) return {};
  if (keepUnder(path, aside)) return aside;
  QFile::remove(Database::journalOf(aside));
  return {};
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

/// SQLite notes the last id of a table with its first row; until then there is nothing that keepSequences could raise.
bool beginSequences(Database& database) {
  return database.execute(QStringLiteral("INSERT INTO sqlite_sequence(name, seq) SELECT name, 0 FROM sqlite_schema WHERE type = 'table' "
                                         "AND sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)"));
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

/// True when `hollow`, in which pieces may be zeroed, was `text`.
bool wasText(const QString& hollow, const QString& text) {
  const QByteArray before = hollow.toUtf8(), whole = text.toUtf8();
  if (whole.contains('\0')) return false;
  const qsizetype zero = before.indexOf('\0');
  if (zero < 0) return before == whole;
  // Half a character at either end of the piece counts as another.
  constexpr qsizetype kHalves = 12;
  return std::abs(before.size() - whole.size()) <= kHalves && whole.startsWith(before.left(std::max<qsizetype>(0, zero - kHalves)));
}

/// A zeroed piece of the disk in the middle of a long row reads as zeros in its text, or as nothing behind it. Takes the whole of it from
/// the backup, where that is what it was, and returns of how many rows; -1 when the new database took nothing.
int fillHollow(Database& backup, Database& to, const char* table, const QStringList& columns, const char* where) {
  const QString name = QLatin1String(table);
  QSqlQuery rows = to.run(QStringLiteral("SELECT id, text FROM %1 WHERE %2").arg(name, QLatin1String(where)));
  std::vector<std::pair<qint64, QString>> hollow;
  while (rows.next()) hollow.emplace_back(rows.value(0).toLongLong(), rows.value(1).toString());
  rows.finish();
  int filled = 0;
  for (const auto& [id, text] : hollow) {
    QSqlQuery whole = backup.run(QStringLiteral("SELECT %1 FROM %2 WHERE id = ?").arg(columns.join(QLatin1String(", ")), name), {id});
    if (!whole.next() || !wasText(text, whole.value(0).toString())) continue;
    QSqlQuery update(to.connection());
    update.prepare(QStringLiteral("UPDATE %1 SET %2 = ? WHERE id = ?").arg(name, columns.join(QLatin1String(" = ?, "))));
    for (int i = 0; i < columns.size(); ++i) update.addBindValue(columns[i] == QLatin1String("pairs") ? orNull(pairsOfText(whole.value(0).toString())) : whole.value(i));
    update.addBindValue(id);
    if (!update.exec()) return -1;
    ++filled;
  }
  backup.takeError();
  return filled;
}

/// Conversations whose rows are missing, in a table of this connection. What is in none of these ranges is known to be gone.
bool noteHoles(Database& to, const std::vector<IdRange>& ranges) {
  if (!to.execute(QStringLiteral("CREATE TEMP TABLE holes (first INTEGER NOT NULL, last INTEGER NOT NULL)"))) return false;
  return std::all_of(ranges.begin(), ranges.end(), [&](const IdRange& range) {
    return to.execute(QStringLiteral("INSERT INTO temp.holes VALUES (?, ?)"), {range.first, range.last});
  });
}

/// The drafts of the damaged file itself: what was typed stays.
bool noteDrafts(Database& to) {
  return to.execute(QStringLiteral("CREATE TEMP TABLE own_drafts AS SELECT conversation_id FROM drafts UNION SELECT conversation_id FROM draft_attachments"));
}

/// Drafts of the backup for chats that are `gone`, and of edits of messages that are.
bool dropDrafts(Database& to, const QString& gone) {
  for (const char* table : {"drafts", "draft_attachments"}) {
    if (!to.execute(QStringLiteral("DELETE FROM %1 WHERE conversation_id NOT IN (SELECT conversation_id FROM temp.own_drafts) AND "
                                   "((conversation_id > 0 AND %2) OR (conversation_id < 0 AND -conversation_id NOT IN (SELECT id FROM messages)))")
                        .arg(QLatin1String(table), gone))) {
      return false;
    }
  }
  return true;
}

bool fillFrom(const QStringList& backups, Database& to, Missing& missing, Recovery& recovery) {
  const QString known = QStringLiteral("NOT EXISTS (SELECT 1 FROM temp.holes WHERE conversation_id BETWEEN first AND last)");
  // Messages of the damaged file stay in any case. Where rows of conversations are missing, the backup may have them as they were.
  if (!noteHoles(to, missing[QStringLiteral("conversations")]) || !addLostConversations(to, known)) return false;
  for (const QString& path : backups) {
    Database backup;
    if (backup.openReadOnly(path) || !isSound(backup)) continue;
    const int before = count(to, "messages");
    const int messages = fillHollow(backup, to, "messages", {QStringLiteral("text"), QStringLiteral("pairs"), QStringLiteral("tokens"), QStringLiteral("stats"), QStringLiteral("created_at")},
                                    "instr(CAST(text AS BLOB), x'00') > 0 OR created_at <= 0");
    const int files = fillHollow(backup, to, "attachments", {QStringLiteral("text")}, "instr(CAST(text AS BLOB), x'00') > 0");
    if (messages < 0 || files < 0 || !noteDrafts(to) || !copyRanges(backup, to, missing) || !keepSequences(backup, to)) return false;
    // Deleted for good since then: that stays so.
    const QString gone = QStringLiteral("conversation_id NOT IN (SELECT id FROM conversations) AND ") + known;
    if (!to.execute(QStringLiteral("DELETE FROM messages WHERE ") + gone) || !dropDrafts(to, gone)) return false;
    recovery.fromBackup = count(to, "messages") - before + messages;
    if (recovery.fromBackup > 0) recovery.backup = path;
    return true;
  }
  return true;
}

std::optional<StorageError> build(Database& to, const QString& path, const QStringList& backups, Recovery& recovery) {
  const auto refused = [&] { return to.takeError().value_or(StorageError{StorageError::Cause::Full, QStringLiteral("the new file takes no rows")}); };
  if (!to.execute(QStringLiteral("PRAGMA foreign_keys = OFF"))) return refused();  // rows come in any order
  Transaction transaction(to);
  if (!beginSequences(to)) return refused();
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
  std::optional<StorageError> error = make();
  // SQLite keeps the journal when the disk took not all of it, and does not say so.
  if (!error && QFileInfo(Database::journalOf(workName(path))).size() > 0) error = refused(StorageError::Cause::Full, QStringLiteral("no room for the new file"));
  if (error) {
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
