#include "app/storage/backup.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>
#include <QStorageInfo>

#include <algorithm>

#include "app/storage/durable_file.h"

namespace tercet {
namespace {

constexpr qint64 kSpareBytes = 64 << 20;  // a copy does not take the last room of the disk

const QString kDayFormat = QStringLiteral("yyyy-MM-dd");

QString stemOf(const QString& database) { return QFileInfo(database).completeBaseName() + QLatin1Char('-'); }

/// The day in a name; invalid for files that are not ours.
QDate dayOf(const QString& backup, const QString& stem) {
  return QDate::fromString(QFileInfo(backup).completeBaseName().mid(stem.size()), kDayFormat);
}

}  // namespace

QString backupFolder(const QString& database) { return QFileInfo(database).path() + QStringLiteral("/backups"); }

QString backupFile(const QString& database, QDate day) {
  return QStringLiteral("%1/%2%3.sqlite").arg(backupFolder(database), stemOf(database), day.toString(kDayFormat));
}

QStringList backupsOf(const QString& database) {
  const QString stem = stemOf(database);
  QStringList files;
  // Names sort as their days do.
  for (const QFileInfo& file : QDir(backupFolder(database)).entryInfoList({stem + QStringLiteral("*.sqlite")}, QDir::Files, QDir::Name | QDir::Reversed)) {
    if (dayOf(file.filePath(), stem).isValid()) files << file.filePath();
  }
  return files;
}

std::optional<StorageError> makeBackup(const QString& database, QDate day) {
  const QString target = backupFile(database, day);
  if (QFileInfo::exists(target)) return std::nullopt;
  if (!QDir().mkpath(backupFolder(database))) return StorageError{StorageError::Cause::ReadOnly, backupFolder(database)};
  const QString unfinished = target + QStringLiteral(".unfinished");
  QFile::remove(unfinished);
  if (QStorageInfo(backupFolder(database)).bytesAvailable() < QFileInfo(database).size() + kSpareBytes) {
    return StorageError{StorageError::Cause::Full, backupFolder(database)};
  }
  std::optional<StorageError> error;
  {
    Database source;
    error = source.openReadOnly(database);
    if (!error && !isSound(source)) error = StorageError{StorageError::Cause::Damaged, QStringLiteral("pages contradict each other")};
    if (!error && !source.execute(QStringLiteral("VACUUM INTO ?"), {unfinished})) error = source.takeError();
  }
  if (!error) {
    Database copy;
    const bool good = !copy.openReadOnly(unfinished) && isSound(copy);
    if (!good) error = StorageError{StorageError::Cause::Other, QStringLiteral("the copy could not be read back")};
  }
  if (!error && !(syncToDisk(unfinished) && replaceFile(unfinished, target))) error = StorageError{StorageError::Cause::Other, target};
  if (error) QFile::remove(unfinished);
  return error;
}

void removeOldBackups(const QString& database) {
  const QStringList files = backupsOf(database);
  QSet<QString> weeks;
  for (qsizetype i = kDailyBackups; i < files.size(); ++i) {
    int year = 0;
    const int week = dayOf(files[i], stemOf(database)).weekNumber(&year);
    const QString name = QStringLiteral("%1-%2").arg(year).arg(week);
    if (!weeks.contains(name) && weeks.size() < kWeeklyBackups) {
      weeks << name;
    } else {
      QFile::remove(files[i]);
    }
  }
}

}  // namespace tercet
