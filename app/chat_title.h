// The title of a chat that nobody gave one.
#pragma once

#include <QString>

namespace tercet {

/// The first words of a text, for a title.
QString titleFor(const QString& text);

}  // namespace tercet
