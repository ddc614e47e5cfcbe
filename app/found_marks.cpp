#include "app/found_marks.h"

#include <utility>

namespace tercet {
namespace {

/// A line break is a character, and so is what parts the cells of a table.
bool isCharacter(QStringView tag) {
  return tag == QLatin1String("<br/>") || tag == QLatin1String("</td>") || tag == QLatin1String("</th>");
}

}  // namespace

QString withMarks(QStringView html, const std::vector<FoundMark>& marks) {
  QString out;
  out.reserve(html.size() + 40 * static_cast<qsizetype>(marks.size()));
  auto mark = marks.begin();
  bool open = false;
  const auto close = [&out, &open] {
    if (std::exchange(open, false)) out += QLatin1String("</span>");
  };
  qsizetype shown = 0;
  for (qsizetype at = 0, end = 0; at < html.size(); at = end) {
    end = at + 1;
    const bool tag = html[at] == u'<';
    if (tag) end = html.indexOf(u'>', at) + 1;
    if (html[at] == u'&') end = html.indexOf(u';', at) + 1;
    const QStringView piece = html.sliced(at, end - at);
    if (tag) {
      close();  // so that spans never cross
      if (isCharacter(piece)) ++shown;
    } else {
      for (; mark != marks.end() && mark->end <= shown; ++mark) close();
      const bool inside = mark != marks.end() && mark->start <= shown;
      if (inside && !std::exchange(open, true)) {
        out += QLatin1String(mark->current ? "<span class=\"here\">" : "<span class=\"found\">");
      }
      if (!inside) close();
      ++shown;
    }
    out += piece;
  }
  close();
  return out;
}

}  // namespace tercet
