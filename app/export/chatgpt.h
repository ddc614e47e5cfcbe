// Conversations of ChatGPT's data export: one element of its conversations.json.
#pragma once

#include <QJsonObject>

#include <optional>

#include "app/export/transfer_error.h"
#include "app/storage/history_store.h"

namespace tercet {

/// Whether `json` looks like such a conversation.
bool isChatGpt(const QJsonObject& json);

/// The tree as it is there: messages of people and of the assistant. What tools and the system said is passed over, as is what
/// ChatGPT hides, and what follows hangs on the message before. Pictures and sound become a note in brackets. Nothing, and
/// `error`, when no message is left or the tree has no beginning.
std::optional<Conversation> conversationFromChatGpt(const QJsonObject& json, TransferError& error);

}  // namespace tercet
