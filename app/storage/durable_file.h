// Files that have to be on the disk, whole, before anything else happens.
#pragma once

#include <QString>

namespace tercet {

/// Waits until the content of `path` is on the disk. False when the disk refused.
bool syncToDisk(const QString& path);

/// Gives the file `from` the name `to`, in place of what had that name, in one step that also a power cut does not halve.
bool replaceFile(const QString& from, const QString& to);

/// A second name for a file in the same folder, or a copy where the file system knows no second names. False, with nothing
/// at `copy`, when there is no room or `copy` is taken.
bool keepUnder(const QString& path, const QString& copy);

}  // namespace tercet
