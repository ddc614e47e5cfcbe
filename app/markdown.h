// The text of one block of Markdown -> the rich text that Qt shows, and the way back from what is shown to the source.
#pragma once

#include <QString>
#include <QStringView>

#include <vector>

namespace tercet {

/// A stretch of what is shown that is marked in the source: emphasis, code, a link, a formula.
struct MarkedSpan {
  qsizetype plainStart = 0, plainEnd = 0;
  qsizetype sourceStart = 0, sourceEnd = 0;
  QString formula;  // of a formula, its source with the delimiters
};

struct RichText {
  QString html;
  QString plain;                   // the characters that are shown, one for one
  std::vector<qsizetype> source;   // where each of them stands in the source; one more for the end
  std::vector<MarkedSpan> spans;   // nested or apart, outer ones before inner ones
};

enum class CellAlign { Start, Center, End };

/// Bold, italics, strike-through, inline code, links and formulas as safe rich text: everything else is escaped, raw HTML
/// included (but <br>), images become their description, links lead to http, https and mailto only. Formulas are between
/// $, $$, \( \) or \[ \], and written in Unicode. Linear in the length of the text.
RichText inlineRichText(QStringView text);

/// A table whose first row is its header. In `plain` a tab ends a cell and a line break a row.
RichText tableRichText(const QString& rows, const std::vector<CellAlign>& columns);

/// The cells of a line of a table. A pipe behind a backslash or inside inline code is text.
QStringList tableCells(QStringView line);

/// Text as it is, with its spaces and line breaks.
RichText plainRichText(QStringView text);

/// A formula of its own lines, between its delimiters.
RichText formulaRichText(const QString& source);

QString escapedHtml(QStringView text);

}  // namespace tercet
