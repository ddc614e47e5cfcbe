// All conversations, and what belongs to them, as one .zip file.
#pragma once

#include <QIODevice>

#include <functional>
#include <optional>

#include "app/export/transfer_error.h"
#include "app/storage/transfer_store.h"

namespace tercet {

struct ExportedAll {
  int conversations = 0;
  std::optional<TransferError> error = {};
};

/// Writes conversations/NNNN-title.json and .md, library.json and README.txt, one conversation in memory at a time. The same
/// chats give the same bytes. `goOn` is asked before each with how much is done (0..1). Failed writes show in `into`.
ExportedAll exportAll(TransferStore& store, QIODevice& into, const std::function<bool(double)>& goOn);

}  // namespace tercet
