// What each word of a line of code is, for its colour.
#pragma once

#include <QString>
#include <QStringView>

#include <vector>

namespace tercet {

struct Language;

/// What a stretch of code is.
enum class Ink { Comment, String, Number, Keyword, Type, Added, Removed };

struct InkSpan {
  qsizetype start = 0;
  qsizetype length = 0;
  Ink ink = Ink::Comment;
  bool operator==(const InkSpan&) const = default;
};

/// The language that the label of a code block names ("py", "C++"); null when there is no table for it.
const Language* languageNamed(const QString& label);

/// One line, without its end. `state` is what the line before returned (0 for the first line): a comment or string that
/// is still open. `ends` is false for a piece of a line that goes on in the next one. Stretches come in order and do not
/// overlap. Linear in the length of the line.
int highlightLine(const Language* language, QStringView line, int state, std::vector<InkSpan>& spans, bool ends = true);

/// Several lines joined by line breaks as rich text, each stretch in a span whose class is the name of its ink in lower
/// case.
QString highlightedHtml(const Language* language, const QString& code, int state);

}  // namespace tercet
