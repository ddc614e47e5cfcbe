// The shown branch of a conversation as PDF.
#pragma once

#include <QIODevice>

#include <functional>
#include <optional>

#include "app/export/transfer_error.h"
#include "app/storage/history_store.h"

namespace tercet {

/// Writes pages of A4, or Letter where people use that, with their numbers, to `into`, on any thread. `goOn` is asked before
/// every page with how much is done (0..1). Failed writes show in `into`.
std::optional<TransferError> conversationToPdf(const Conversation& conversation, QIODevice& into,
                                               const std::function<bool(double)>& goOn);

}  // namespace tercet
