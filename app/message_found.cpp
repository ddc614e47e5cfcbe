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

/// The characters that are shown of a block. Those of code need no colours for that.
QString MessageBlocks::plainOf(const Row& row) const {
  if (row.rendered) return row.plain;
  return row.block.kind == BlockKind::Code ? row.block.text : rendered(row.block).plain;
}

const MessageBlocks::Row& MessageBlocks::foldedRow(int index) const {
  const Row& row = m_rows[static_cast<std::size_t>(index)];
  if (!row.isFolded) {
    const QString plain = plainOf(row);
    row.folded = folded(plain);
    // Folding leaves accents out and makes no character longer.
    row.oneToOne = row.folded.size() == plain.size();
    row.isFolded = true;
  }
  return row;
}

/// A position in the folded text of a block as one in what it shows.
qsizetype MessageBlocks::shownAt(int index, qsizetype inFolded) const {
  const Row& row = foldedRow(index);
  return row.oneToOne ? inFolded : foldedWithOrigins(plainOf(row)).origins[static_cast<std::size_t>(inFolded)];
}

qsizetype MessageBlocks::foldedAt(int index, qsizetype inShown) const {
  const Row& row = foldedRow(index);
  if (row.oneToOne) return inShown;
  const std::vector<qsizetype> origins = foldedWithOrigins(plainOf(row)).origins;
  return std::lower_bound(origins.begin(), origins.end() - 1, inShown) - origins.begin();
}

/// The first row whose places may be others than they were. A place can reach from a row above into the further parts of its line.
int MessageBlocks::firstToSearch() const {
  int row = m_searched;
  qsizetype reach = m_sought.size() - 1;
  while (row > 0 && row < rowCount() && block(row).glued && reach > 0) reach -= foldedRow(--row).folded.size();
  return row;
}

/// Adds the places that begin in a row, at `from` or behind it in its folded text. Returns where to go on in the row below,
/// which is beyond its beginning when a place reaches into it.
qsizetype MessageBlocks::searchRow(int row, qsizetype from, std::vector<Stretch>& places) const {
  const qsizetype length = foldedRow(row).folded.size();
  const qsizetype furthest = length + m_sought.size() - 1;
  QString text = foldedRow(row).folded;
  for (int next = row + 1; next < rowCount() && block(next).glued && text.size() < furthest; ++next) {
    text += QStringView(foldedRow(next).folded).first(std::min(furthest - text.size(), foldedRow(next).folded.size()));
  }
  for (qsizetype at = text.indexOf(m_sought, from); at >= 0 && at < length; at = text.indexOf(m_sought, from)) {
    from = at + m_sought.size();
    int last = row;
    qsizetype end = from;
    for (; end > foldedRow(last).folded.size(); ++last) end -= foldedRow(last).folded.size();
    places.push_back({{row, static_cast<int>(shownAt(row, at))}, {last, static_cast<int>(shownAt(last, end))}});
  }
  return std::max<qsizetype>(0, from - length);
}

int MessageBlocks::find(const QString& foldedText) {
  std::vector<Stretch> places;
  int row = 0;
  qsizetype from = 0;
  if (foldedText == m_sought && !m_sought.isEmpty()) {
    row = firstToSearch();
    const auto kept = std::partition_point(m_found.begin(), m_found.end(), [row](const Stretch& place) { return place.from.block < row; });
    places.assign(m_found.begin(), kept);
    if (!places.empty() && places.back().to.block >= row) {
      row = places.back().to.block;
      from = foldedAt(row, places.back().to.position);
    }
  }
  m_sought = foldedText;
  m_searched = m_settled;
  if (m_sought.isEmpty()) {
    for (const Row& at : m_rows) at.folded.clear(), at.isFolded = false;
  } else {
    for (; row < rowCount(); ++row) from = searchRow(row, from, places);
  }
  const auto [old, now] = std::mismatch(m_found.begin(), m_found.end(), places.begin(), places.end());
  int first = rowCount(), last = -1;
  if (old != m_found.end()) first = std::min(first, old->from.block), last = std::max(last, m_found.back().to.block);
  if (now != places.end()) first = std::min(first, now->from.block), last = std::max(last, places.back().to.block);
  m_found = std::move(places);
  foundChanged(first, last);
  return static_cast<int>(m_found.size());
}

void MessageBlocks::setCurrentFound(int place) {
  const int before = std::exchange(m_currentFound, place);
  if (before == place) return;
  for (const int changed : {before, place}) {
    if (changed >= 0 && changed < static_cast<int>(m_found.size())) foundChanged(found(changed).from.block, found(changed).to.block);
  }
}

/// These blocks are marked otherwise.
void MessageBlocks::foundChanged(int first, int last) {
  last = std::min(last, rowCount() - 1);
  if (first <= last) Q_EMIT dataChanged(index(first), index(last), {HtmlRole});
}

std::vector<FoundMark> MessageBlocks::marksIn(int row) const {
  std::vector<FoundMark> out;
  auto place = std::partition_point(m_found.begin(), m_found.end(), [row](const Stretch& other) { return other.to.block < row; });
  for (; place != m_found.end() && place->from.block <= row; ++place) {
    const int start = place->from.block < row ? 0 : place->from.position;
    const int end = place->to.block > row ? length(row) : place->to.position;
    if (start < end) out.push_back({start, end, place - m_found.begin() == m_currentFound});
  }
  return out;
}

QString MessageBlocks::markedHtml(int row) const {
  const QString& html = shown(row).html;
  const std::vector<FoundMark> marks = marksIn(row);
  return marks.empty() ? html : withMarks(html, marks);
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
