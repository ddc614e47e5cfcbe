// Conversations out of a file of Tercet or of ChatGPT.
#pragma once

#include <QString>

#include <functional>
#include <optional>

#include "app/export/transfer_error.h"
#include "app/storage/transfer_store.h"

namespace tercet {

/// Where what was read goes to. Each returns false to end the import.
struct ImportSink {
  std::function<bool(FiledConversation&&)> conversation;
  std::function<bool(const Library&)> library;
  /// A conversation could not be read; the others can.
  std::function<bool(const TransferError&)> unreadable;
  std::function<bool(double)> goOn;  // how much is done, 0..1
};

/// Takes a conversation of Tercet (.json), everything of Tercet (.zip), ChatGPT's conversations.json, and its .zip, by what is
/// in the file. Settings are as in the file, not checked for their ranges. An error when the file as a whole cannot be used;
/// what was read until then went to `sink`.
std::optional<TransferError> importFile(const QString& path, const ImportSink& sink);

}  // namespace tercet
