#include "app/storage/recovery.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

#include "app/storage/backup_fill.h"
#include "app/storage/durable_file.h"
#include "app/storage/journal.h"
#include "app/storage/loose_pages.h"
#include "app/storage/row_mending.h"
#include "app/storage/salvage.h"

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
  for (int i = 2; QFileInfo::exists(aside) || QFileInfo::exists(Database::journalOf(aside)); ++i) {
    aside = QStringLiteral("%1-%2.sqlite").arg(stem).arg(i);
  }
  // The journal first: without it the file would look older than it is. What readers share of it (-shm) holds nothing.
  if (QFileInfo::exists(Database::journalOf(path)) && !keepUnder(Database::journalOf(path), Database::journalOf(aside))) return {};
  if (keepUnder(path, aside)) return aside;
  QFile::remove(Database::journalOf(aside));
  return {};
}

bool anyMissing(const Missing& missing) {
  return std::any_of(missing.begin(), missing.end(), [](const auto& table) { return !table.second.empty(); });
}

int count(Database& database, const char* table) {
  QSqlQuery query = database.run(QStringLiteral("SELECT COUNT(*) FROM %1").arg(QLatin1String(table)));
  return query.next() ? query.value(0).toInt() : 0;
}

std::optional<StorageError> build(Database& to, const QString& path, const QStringList& backups, Recovery& recovery) {
  const auto refused = [&] {
    return to.takeError().value_or(StorageError{StorageError::Cause::Full, QStringLiteral("the new file takes no rows")});
  };
  if (!to.execute(QStringLiteral("PRAGMA foreign_keys = OFF"))) return refused();  // rows come in any order
  Transaction transaction(to);
  if (!beginSequences(to)) return refused();
  Missing missing;
  for (const QString& table : Salvage::tables(to)) missing[table] = {kNegativeIds, IdRange{}};
  Database from;
  // SQLite takes the journal of an empty file for a leftover and deletes it. Of one that is damaged it reads only the beginning: rows
  // would be older than they are.
  if (QFileInfo(recovery.keptAs).size() > 0 && !from.openReadOnly(recovery.keptAs, Database::Content::Damaged)) {
    const bool all = !isJournalDamaged(Database::journalOf(recovery.keptAs));
    if ((all && !copyMissing(from, to, missing)) || !keepSequences(from, to)) return refused();
  }
  from.close();
  QFile::remove(recovery.keptAs + QStringLiteral("-shm"));  // readers made it; it holds nothing
  if (anyMissing(missing)) {
    removeWithJournal(pagesName(path));
    const std::optional<StorageError> error = copyLoosePages(recovery.keptAs, pagesName(path), to, missing);
    removeWithJournal(pagesName(path));
    // With more room it could give more. All else is as good as it gets.
    if (error && error->cause == StorageError::Cause::Full) return error;
  }
  const std::optional<BackupFill> fill = fillFromBackup(backups, to, missing);
  if (!fill || !addLostConversations(to) || !addTitlePairs(to) || !mendReferences(to)) return refused();
  recovery.fromBackup = fill->messages;
  recovery.backup = fill->backup;
  recovery.conversations = count(to, "conversations");
  recovery.messages = count(to, "messages");
  if (!transaction.commit()) return refused();
  return std::nullopt;
}

}  // namespace

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
  if (!error && QFileInfo(Database::journalOf(workName(path))).size() > 0) {
    error = refused(StorageError::Cause::Full, QStringLiteral("no room for the new file"));
  }
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
