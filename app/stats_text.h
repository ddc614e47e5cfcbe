// Figures about an answer, as people read them, in the current language.
#pragma once

#include <QString>

#include "app/message.h"

namespace tercet {

/// A speed in tokens per second, as a number: "24.1", from 100 on without decimals.
QString speedNumber(double tokensPerSecond);
/// "214 tokens · 24.1 tok/s"; empty when nothing is known.
QString shortStats(const MessageStats& stats);
/// All that is known, one figure a line; empty when nothing is.
QString fullStats(const MessageStats& stats);

}  // namespace tercet
