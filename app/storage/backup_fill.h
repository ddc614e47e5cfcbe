// What a damaged database has lost and a backup of it still has.
#pragma once

#include <QString>
#include <QStringList>

#include <optional>

#include "app/storage/database.h"
#include "app/storage/salvage.h"

namespace tercet {

struct BackupFill {
  int messages = 0;  // that came from it, whole or in part
  QString backup;    // the file; empty when nothing came
};

/// Fills what is missing in `to` from the first of `backups` that is sound. What was deleted for good since then stays so, as far as
/// `to` knows it: in `missing` is what it does not. Nothing when `to` refused. Within a transaction, foreign keys off.
std::optional<BackupFill> fillFromBackup(const QStringList& backups, Database& to, Missing& missing);

}  // namespace tercet
