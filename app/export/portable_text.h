// Texts, times and names in the form in which they leave the program.
#pragma once

#include <QString>

#include <optional>

namespace tercet {

/// "2026-01-31T09:05:00.000Z"; `time` is in ms since 1970, UTC, and moved into the years 1 to 9999.
QString isoTime(qint64 time);
/// The inverse. Nothing for what is no such time; a time without a zone is UTC. Never 0, which stands for "none" elsewhere.
std::optional<qint64> timeOfIso(const QString& text);

/// A title as a file's name without its ending: allowed on every system, at most 60 characters and 120 bytes, never empty.
QString fileNameOf(const QString& title);

}  // namespace tercet
