// A message to and from the columns of a row.
#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

#include "app/message.h"

namespace tercet {

/// The word in the column `state`; Reading is stored as Writing.
QString stateName(Message::State state);
/// Complete for a word this version does not know.
Message::State stateOf(const QString& name);
QString authorName(Message::Author author);
Message::Author authorOf(const QString& name);

/// u32 little-endian.
QByteArray packTokens(const std::vector<TokenId>& tokens);
/// Empty when the bytes are no whole ids.
std::vector<TokenId> unpackTokens(const QByteArray& bytes);

/// JSON as stored and exported; empty when nothing is known. Numbers beyond 2^53 (seeds) are strings.
QByteArray packStats(const MessageStats& stats);
MessageStats unpackStats(const QByteArray& json);

}  // namespace tercet
