// One paragraph of Markdown -> the rich text that Qt shows. Small on purpose: what language models write in a chat.
#pragma once

#include <QString>

namespace tercet {

/// Headings, lists, quotes, rules, bold, italics, strike-through, inline code and links of one paragraph (lines without
/// a blank one between them) as safe rich text: everything else is escaped, raw HTML included, images become their
/// description, and links lead to http, https and mailto only. Linear in the length of the text.
QString markdownToHtml(const QString& paragraph);

/// Text as it is, with its spaces and line breaks.
QString plainToHtml(const QString& text);

}  // namespace tercet
