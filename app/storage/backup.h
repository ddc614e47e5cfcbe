// Copies of the conversations by day, and which of them are kept.
#pragma once

#include <QDate>
#include <QString>
#include <QStringList>

#include <optional>

#include "app/storage/database.h"

namespace tercet {

constexpr int kDailyBackups = 7;   // the newest
constexpr int kWeeklyBackups = 4;  // of the weeks before those, one each

/// Where the copies of a database lie.
QString backupFolder(const QString& database);
/// The copy of a day.
QString backupFile(const QString& database, QDate day);
/// The copies that are there, newest first.
QStringList backupsOf(const QString& database);

/// Checks the database, copies it and checks the copy, which then gets its name. Takes its own connection, so that any
/// thread may call it while others write. A copy of that day stays as it is. Damaged: `database` is; the older copies are
/// left alone. Nothing when there is a good copy of `day`.
std::optional<StorageError> makeBackup(const QString& database, QDate day);

/// Deletes the copies that are neither among the newest nor the newest of their week.
void removeOldBackups(const QString& database);

}  // namespace tercet
