// One conversation as a file of JSON, with everything that is stored of it.
#pragma once

#include <QByteArray>
#include <QJsonObject>

#include <optional>

#include "app/export/transfer_error.h"
#include "app/storage/transfer_store.h"

namespace tercet {

/// The value of "schema" in these files, and the version that this program writes and reads.
inline constexpr auto kConversationSchema = "tercet.conversation";
inline constexpr int kConversationVersion = 1;
/// Larger files are refused.
inline constexpr qint64 kMostConversationBytes = qint64{128} << 20;

/// UTF-8, one message a line, keys in a fixed order: the same conversation gives the same bytes. Messages are numbered from 1
/// in the order they have, their parents first. An answer that is being written counts as interrupted.
QByteArray conversationToJson(const FiledConversation& conversation);

/// The inverse, for files of strangers: types are checked, unknown keys passed over, a parent, leaf or child that is not there
/// counts as none. Settings are not checked for their ranges. Nothing, and `error`, when the file is no such conversation.
std::optional<FiledConversation> conversationFromJson(const QByteArray& bytes, TransferError& error);
std::optional<FiledConversation> conversationFromJson(const QJsonObject& json, TransferError& error);

/// As it is, with its texts made well-formed; not what is nested in it.
QJsonObject wellFormed(const QJsonObject& json);

}  // namespace tercet
