// A message as the model reads it: its files first, then what was typed.
#pragma once

#include <QString>

#include <vector>

#include "app/message.h"

namespace tercet {

/// `text` as a block of code in Markdown: between fences longer than any in it, which it can therefore not end.
QString fenced(const QString& text);

/// Each file stands in a fence of its own under its name, so that no file can end it and speak for the person. Without files it is `text`.
QString promptText(const QString& text, const std::vector<Attachment>& attachments);

}  // namespace tercet
