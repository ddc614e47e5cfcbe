// Rows of a damaged database whose way down from the list of tables is lost: the pages that hold them are whole.
#pragma once

#include <QString>

#include <optional>

#include "app/storage/database.h"
#include "app/storage/salvage.h"

namespace tercet {

/// Copies into `to` what the pages of the file `damaged` and its journal hold of the missing rows, each page by itself. A row
/// that is there already stays as it is. Tables of which no page turns out to be lost miss nothing afterwards. Needs room for a
/// copy of the file, `work`, which is left behind. What was deleted for good does not come back: the database overwrites it.
std::optional<StorageError> copyLoosePages(const QString& damaged, const QString& work, Database& to, Missing& missing);

}  // namespace tercet
