// Folders, personas and prompts as a file of JSON.
#pragma once

#include <QByteArray>

#include <optional>

#include "app/export/transfer_error.h"
#include "app/storage/transfer_store.h"

namespace tercet {

/// UTF-8; the same library gives the same bytes.
QByteArray libraryToJson(const Library& library);
/// For files of strangers: what has the wrong type is left out. Nothing, and `error`, when it is no such file.
std::optional<Library> libraryFromJson(const QByteArray& bytes, TransferError& error);

}  // namespace tercet
