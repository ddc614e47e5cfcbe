// The part of MessageBlocks that knows what was found in the message.
#include <algorithm>
#include <utility>

#include "app/found_marks.h"
#include "app/message_blocks.h"

namespace tercet {
namespace {

qsizetype endOf(const TextRange& range) { return range.start + range.length; }

/// The characters that a stretch of the text of a block is shown as. What is not shown itself, such as the address of a
/// link, has the marked text around it; the two are equal where there is nothing.
std::pair<qsizetype, qsizetype> shownRange(const RichText& text, qsizetype from, qsizetype to) {
  if (from >= to) return {0, 0};
  qsizetype start = 0, end = 0;
  if (!text.source.empty()) {
    const auto first = text.source.begin(), last = text.source.end() - 1;
    start = std::lower_bound(first, last, from) - first;
    end = std::lower_bound(first, last, to) - first;
  }
  // A formula is shown in other characters: it comes whole.
  for (const MarkedSpan& span : text.spans) {
    if (span.formula.isEmpty() || span.sourceEnd <= from || span.sourceStart >= to) continue;
    start = std::min(start, span.plainStart);
    end = std::max(end, span.plainEnd);
  }
  if (start < end) return {start, end};
  std::pair<qsizetype, qsizetype> around{start, start};
  for (const MarkedSpan& span : text.spans) {  // inner ones come last
    const bool inside = span.sourceStart <= from && to <= span.sourceEnd;
    if (inside && span.plainStart < span.plainEnd) around = {span.plainStart, span.plainEnd};
  }
  return around;
}

}  // namespace

/// A position in the source as one in the text that is rendered of a block: in the line it is in, or else at the end of the
/// line above.
qsizetype MessageBlocks::positionIn(const Block& at, qsizetype position) {
  const bool headed = at.kind == BlockKind::Table;
  const QString text = renderedText(at);
  const std::size_t lines = at.lines.size() + (headed ? 1 : 0);
  qsizetype out = 0, start = 0;
  for (std::size_t line = 0; line < lines; ++line) {
    const qsizetype begin = !headed ? at.lines[line] : line == 0 ? at.headAt : at.lines[line - 1];
    if (begin > position) break;
    const qsizetype feed = text.indexOf(u'\n', start);
    const qsizetype end = feed < 0 ? text.size() : feed;
    out = std::min(start + position - begin, end);
    start = end + 1;
  }
  return out;
}

/// The first block that does not end before a position in the source. The one below may begin in the same line.
int MessageBlocks::blockAt(qsizetype position) const {
  const auto found = std::partition_point(m_rows.begin(), m_rows.end(),
                                          [position](const Row& row) { return row.block.end <= position; });
  return static_cast<int>(found - m_rows.begin());
}

std::vector<FoundMark> MessageBlocks::marksIn(int row, const RichText& text) const {
  const Block& at = block(row);
  std::vector<FoundMark> out;
  const auto first = std::partition_point(m_found.begin(), m_found.end(),
                                          [&at](const TextRange& range) { return endOf(range) <= at.begin; });
  for (auto range = first; range != m_found.end() && range->start < at.end; ++range) {
    auto [start, end] = shownRange(text, positionIn(at, range->start), positionIn(at, endOf(*range)));
    if (start == end) continue;
    // Several places in one formula are one mark.
    const bool current = range - m_found.begin() == m_currentFound;
    if (!out.empty() && start < out.back().end) {
      out.back().end = std::max(out.back().end, end);
      out.back().current = out.back().current || current;
    } else {
      out.push_back({start, end, current});
    }
  }
  return out;
}

QString MessageBlocks::markedHtml(int row) const {
  const QString& html = shown(row).html;
  if (m_found.empty()) return html;
  const std::vector<FoundMark> marks = marksIn(row, rendered(block(row)));
  return marks.empty() ? html : withMarks(html, marks);
}

void MessageBlocks::setFound(const std::vector<TextRange>& places) {
  const auto [old, now] = std::mismatch(m_found.begin(), m_found.end(), places.begin(), places.end());
  if (old == m_found.end() && now == places.end()) return;
  const qsizetype from = now == places.end() || (old != m_found.end() && old->start < now->start) ? old->start : now->start;
  m_found = places;
  foundChanged(from, m_source.size());
}

void MessageBlocks::setCurrentFound(int place) {
  const int before = std::exchange(m_currentFound, place);
  if (before == place) return;
  for (const int changed : {before, place}) {
    if (changed < 0 || changed >= static_cast<int>(m_found.size())) continue;
    const TextRange& range = m_found[static_cast<std::size_t>(changed)];
    foundChanged(range.start, endOf(range));
  }
}

/// The blocks that show this stretch of the source are marked otherwise.
void MessageBlocks::foundChanged(qsizetype from, qsizetype to) {
  const int first = blockAt(from);
  int last = first;
  while (last + 1 < rowCount() && block(last + 1).begin < to) ++last;
  if (last < rowCount()) Q_EMIT dataChanged(index(first), index(last), {HtmlRole});
}

MessageBlocks::Place MessageBlocks::placeOf(const TextRange& range) const {
  const int first = blockAt(range.start);
  for (int row = first; row < rowCount() && block(row).begin < endOf(range); ++row) {
    const Block& at = block(row);
    const auto [start, end] = shownRange(rendered(at), positionIn(at, range.start), positionIn(at, endOf(range)));
    if (start < end) return {row, static_cast<int>(start)};
  }
  return clamped({std::min(first, rowCount() - 1), 0});
}

}  // namespace tercet
