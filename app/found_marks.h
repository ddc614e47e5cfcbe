// Marks in the rich text of a block what was looked for in it.
#pragma once

#include <QString>
#include <QStringView>

#include <vector>

namespace tercet {

/// A stretch of the characters that are shown.
struct FoundMark {
  qsizetype start = 0, end = 0;
  bool current = false;  // the one that was gone to

  friend bool operator==(const FoundMark&, const FoundMark&) = default;
};

/// Rich text as markdown.h makes it, with spans around the marked stretches: of class "here" around the current one, else of
/// class "found". `marks` are in order and apart.
QString withMarks(QStringView html, const std::vector<FoundMark>& marks);

}  // namespace tercet
