// What to do when the file of the conversations is damaged: keep it aside, save what can be read, fill in from a backup.
#pragma once

#include <QString>
#include <QStringList>

#include <optional>

#include "app/storage/database.h"

namespace tercet {

/// What became of a damaged database.
struct Recovery {
  QString keptAs;         // the damaged file, with its journal beside it
  int conversations = 0;  // in the new file
  int messages = 0;
  int fromBackup = 0;     // of these, messages that only the backup had
  QString backup;         // that backup; empty when nothing came from one
};

/// Puts a sound database in the place of the damaged `path`. The damaged file stays, under the name
/// NAME.damaged-YYYYMMDD-HHMMSS.sqlite, with its journal. What its pages do not give comes from the first of `backups`
/// that can be read. Nothing may have `path` open. Until the last step, a rename, `path` is what it was: an attempt that
/// fails or is cut off can be made again.
std::optional<StorageError> recoverDatabase(const QString& path, const QStringList& backups, Recovery& recovery);

/// Takes the last step of a recovery that was cut off before it, and removes what one that was cut off earlier left. True when
/// there is no such step, or it is done.
bool finishRecovery(const QString& path);

}  // namespace tercet
