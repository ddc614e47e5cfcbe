// The part of MessageBlocks that knows what is selected.
#include <QTextBoundaryFinder>

#include <algorithm>

#include "app/message_blocks.h"

namespace tercet {

MessageBlocks::Place MessageBlocks::clamped(Place place) const {
  if (m_rows.empty()) return {};
  if (place.block < 0) return {};
  if (place.block >= rowCount()) return {rowCount() - 1, length(rowCount() - 1)};
  return {place.block, std::clamp(place.position, 0, length(place.block))};
}

void MessageBlocks::select(Place from, Place to) {
  const auto [oldFirst, oldLast] = std::minmax(m_from.block, m_to.block);
  m_from = clamped(from);
  m_to = clamped(to);
  const auto [newFirst, newLast] = std::minmax(m_from.block, m_to.block);
  if (!m_rows.empty()) {
    const int last = std::min(std::max(oldLast, newLast), rowCount() - 1);
    Q_EMIT dataChanged(index(std::min({oldFirst, newFirst, last})), index(last), {SelectionStartRole, SelectionEndRole});
  }
  Q_EMIT selectionChanged();
}

void MessageBlocks::selectAll() { select({0, 0}, {rowCount(), 0}); }

void MessageBlocks::clearSelection() {
  if (hasSelection()) select(m_to, m_to);
}

/// The stretch of a row that is selected; empty at 0 if none is.
std::pair<int, int> MessageBlocks::selectionOf(int row) const {
  const auto [first, last] = std::minmax(m_from, m_to);
  if (first == last || row < first.block || row > last.block) return {0, 0};
  return {row == first.block ? first.position : 0, row == last.block ? last.position : length(row)};
}

/// Characters of a row for people; a formula that is partly in comes whole, as its source.
QString MessageBlocks::textOf(int row, int start, int end) const {
  const Block& at = block(row);
  const RichText text = rendered(at);
  QString out;
  if (start == 0 && end > 0 && at.kind == BlockKind::Item) {
    out = QString(2 * (at.depth - 1), u' ');
    out += at.task == TaskState::None ? at.marker : QString(QChar(at.task == TaskState::Done ? 0x2611 : 0x2610));
    out += QLatin1Char(' ');
  }
  qsizetype from = start;
  for (const MarkedSpan& span : text.spans) {
    if (span.formula.isEmpty() || span.plainEnd <= from || span.plainStart >= end) continue;
    if (span.plainStart > from) out += text.plain.sliced(from, span.plainStart - from);
    out += span.formula;
    from = span.plainEnd;
  }
  if (from < end) out += text.plain.sliced(from, end - from);
  if (at.kind == BlockKind::Table && out.endsWith(u'\n')) out.chop(1);
  return out;
}

QString MessageBlocks::selectedText() const {
  const auto [first, last] = std::minmax(m_from, m_to);
  QString out;
  for (int row = first.block; row <= last.block && row < rowCount(); ++row) {
    const auto [start, end] = selectionOf(row);
    const Block& at = block(row);
    if (row > first.block) {
      const bool sameList = at.kind == BlockKind::Item && at.gap == 1;
      out += QLatin1String(at.glued ? "" : at.continues || sameList ? "\n" : "\n\n");
    }
    out += textOf(row, start, end);
  }
  return out;
}

/// The stretch of the source that characters of a row come from.
std::pair<qsizetype, qsizetype> MessageBlocks::sourceOf(int row, int start, int end) const {
  const Block& at = block(row);
  const RichText text = rendered(at);
  const bool whole = start == 0 && end == text.plain.size();
  if (whole || text.source.empty() || at.kind == BlockKind::Table) return {at.begin, at.end};
  qsizetype from = text.source[static_cast<std::size_t>(start)];
  qsizetype to = end == text.plain.size() ? at.text.size() : text.source[static_cast<std::size_t>(end) - 1] + 1;
  for (const MarkedSpan& span : text.spans) {
    const bool apart = span.plainEnd <= start || span.plainStart >= end;
    if (apart) continue;
    from = std::min(from, span.sourceStart);
    to = std::max(to, span.sourceEnd);
  }
  return {start == 0 ? at.begin : inMessage(at, from), end == text.plain.size() ? at.end : inMessage(at, to)};
}

/// A position in the text that is rendered of a block as one in the source.
qsizetype MessageBlocks::inMessage(const Block& at, qsizetype position) {
  const QString text = renderedText(at);
  const qsizetype line = QStringView(text).first(position).count(u'\n');
  const qsizetype start = line == 0 ? 0 : text.lastIndexOf(u'\n', position - 1) + 1;
  const qsizetype below = at.kind == BlockKind::Table ? line - 1 : line;  // the head of a table is not among its lines
  return (below < 0 ? at.headAt : at.lines[static_cast<std::size_t>(below)]) + position - start;
}

qsizetype MessageBlocks::sourceAt(Place place) const {
  const Place in = clamped(place);
  if (in.block < 0 || in.block >= rowCount()) return 0;
  const Block& at = block(in.block);
  const RichText text = rendered(at);
  if (text.source.empty()) return at.begin;
  return inMessage(at, text.source[std::min(static_cast<std::size_t>(in.position), text.source.size() - 1)]);
}

QString MessageBlocks::selectedMarkdown() const {
  const auto [first, last] = std::minmax(m_from, m_to);
  if (first == last) return {};
  if (first.block == last.block && block(first.block).kind == BlockKind::Code) return selectedText();
  // Code that is cut by the selection needs its fences: all its parts come along.
  int top = first.block, bottom = last.block;
  const bool cutAbove = block(top).kind == BlockKind::Code, cutBelow = block(bottom).kind == BlockKind::Code;
  if (cutAbove) {
    while (top > 0 && block(top).continues) --top;
  }
  if (cutBelow) bottom = lastPart(bottom);
  const auto [topStart, topEnd] = selectionOf(first.block);
  const auto [bottomStart, bottomEnd] = selectionOf(last.block);
  const qsizetype from = cutAbove || topStart == topEnd ? block(top).begin : sourceOf(top, topStart, topEnd).first;
  const qsizetype to = cutBelow ? block(bottom).end
                       : bottomStart == bottomEnd ? block(bottom).begin : sourceOf(bottom, bottomStart, bottomEnd).second;
  return m_source.sliced(from, std::max<qsizetype>(0, to - from));
}

std::pair<MessageBlocks::Place, MessageBlocks::Place> MessageBlocks::wordAt(Place place) const {
  place = clamped(place);
  if (m_rows.empty()) return {place, place};
  const QString& text = shown(place.block).plain;
  QTextBoundaryFinder finder(QTextBoundaryFinder::Word, text);
  finder.setPosition(place.position);
  if (place.position == text.size() || !finder.isAtBoundary()) finder.toPreviousBoundary();
  const int start = static_cast<int>(std::max<qsizetype>(0, finder.position()));
  const qsizetype end = finder.toNextBoundary();
  return {{place.block, start}, {place.block, end < 0 ? length(place.block) : static_cast<int>(end)}};
}

MessageBlocks::Place MessageBlocks::placeBeside(Place place, Step step, bool forward) const {
  place = clamped(place);
  if (m_rows.empty()) return place;
  if (step == Step::Block || (forward ? place.position == length(place.block) : place.position == 0)) {
    if (forward) return place.block + 1 < rowCount() ? Place{place.block + 1, 0} : Place{place.block, length(place.block)};
    if (step == Step::Block && place.position > 0) return {place.block, 0};
    return place.block > 0 ? Place{place.block - 1, step == Step::Block ? 0 : length(place.block - 1)} : Place{0, 0};
  }
  QTextBoundaryFinder finder(step == Step::Word ? QTextBoundaryFinder::Word : QTextBoundaryFinder::Grapheme,
                             shown(place.block).plain);
  finder.setPosition(place.position);
  const qsizetype next = forward ? finder.toNextBoundary() : finder.toPreviousBoundary();
  return {place.block, next < 0 ? place.position : static_cast<int>(next)};
}

}  // namespace tercet
