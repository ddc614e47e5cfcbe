#include "app/message_blocks.h"

#include <algorithm>
#include <utility>

#include "app/highlighter.h"

namespace tercet {
namespace {

/// Characters that the text layout keeps for its own frames and objects cannot be shown as text.
QString showable(QString line) {
  for (QChar& c : line) {
    if (c == u'\0' || c == QChar(0xFDD0) || c == QChar(0xFDD1) || c == QChar(0xFFFC) || c == QChar(0x2028) ||
        c == QChar(0x2029)) {
      c = QChar::ReplacementCharacter;
    }
  }
  return line;
}

}  // namespace

MessageBlocks::MessageBlocks(Format format, QObject* parent)
    : QAbstractListModel(parent), m_format(format), m_cutter(format) {}

int MessageBlocks::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QHash<int, QByteArray> MessageBlocks::roleNames() const {
  return {{KindRole, "kind"},
          {TextRole, "text"},
          {HtmlRole, "html"},
          {LanguageRole, "language"},
          {LevelRole, "level"},
          {DepthRole, "depth"},
          {QuotesRole, "quotes"},
          {JoinedQuotesRole, "joinedQuotes"},
          {GapRole, "gap"},
          {MarkerRole, "marker"},
          {TaskRole, "task"},
          {ColumnsRole, "columns"},
          {FirstPartRole, "firstPart"},
          {LastPartRole, "lastPart"},
          {OffsetRole, "offset"},
          {SelectionStartRole, "selectionStart"},
          {SelectionEndRole, "selectionEnd"}};
}

QVariant MessageBlocks::emptyData(int role) {
  switch (role) {
    case TextRole:
    case HtmlRole:
    case LanguageRole:
    case MarkerRole: return QString();
    case FirstPartRole:
    case LastPartRole: return false;
    default: return 0;
  }
}

QVariant MessageBlocks::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const int row = index.row();
  const Block& at = block(row);
  switch (role) {
    case KindRole: return static_cast<int>(at.kind);
    case Qt::DisplayRole:
    case TextRole: return shown(row).plain;
    case HtmlRole: return markedHtml(row);
    case LanguageRole: return at.language;
    case LevelRole: return at.level;
    case DepthRole: return at.depth;
    case QuotesRole: return at.quotes;
    case JoinedQuotesRole: return at.joinedQuotes;
    case GapRole: return at.gap;
    case MarkerRole: return at.marker;
    case TaskRole: return static_cast<int>(at.task);
    case ColumnsRole: {
      qsizetype widest = 0;
      for (int part = firstPart(row), last = lastPart(row); part <= last; ++part) widest = std::max(widest, block(part).columns);
      return static_cast<int>(widest);
    }
    case FirstPartRole: return !at.continues;
    case LastPartRole: return lastPart(row) == row;
    case OffsetRole: return m_offsets.value(firstPart(row));
    case SelectionStartRole: return selectionOf(row).first;
    case SelectionEndRole: return selectionOf(row).second;
    default: return {};
  }
}

/// The text of a block with the header of a table above it.
QString MessageBlocks::renderedText(const Block& at) {
  if (at.kind != BlockKind::Table) return at.text;
  return at.lines.empty() ? at.head : at.head + u'\n' + at.text;
}

RichText MessageBlocks::rendered(const Block& at) const {
  switch (at.kind) {
    case BlockKind::Rule: return {};
    case BlockKind::Code: {
      RichText out = plainRichText(at.text);
      out.html = highlightedHtml(languageNamed(at.language), at.text, at.lexerState);
      return out;
    }
    case BlockKind::Table: return tableRichText(renderedText(at), at.aligns);
    case BlockKind::Formula: return formulaRichText(at.text);
    default: return m_format == Format::Plain ? plainRichText(at.text) : inlineRichText(at.text);
  }
}

const MessageBlocks::Row& MessageBlocks::shown(int index) const {
  const Row& row = m_rows[static_cast<std::size_t>(index)];
  if (!row.rendered) {
    RichText text = rendered(row.block);
    row.html = std::move(text.html);
    row.plain = std::move(text.plain);
    row.rendered = true;
  }
  return row;
}

void MessageBlocks::appendText(const QString& delta) {
  if (delta.isEmpty()) return;
  const qsizetype base = m_source.size();
  m_source += delta;
  qsizetype start = 0;
  if (m_afterReturn && delta.startsWith(u'\n')) {
    start = 1;
    m_tailAt = base + 1;
  }
  m_afterReturn = false;
  for (qsizetype i = start; i < delta.size(); ++i) {
    const QChar c = delta[i];
    if (c != u'\n' && c != u'\r') continue;
    m_tail += QStringView(delta).sliced(start, i - start);
    cutLongTail();
    m_cutter.takeLine(showable(std::exchange(m_tail, {})), m_tailAt);
    if (c == u'\r' && i + 1 == delta.size()) m_afterReturn = true;
    if (c == u'\r' && i + 1 < delta.size() && delta[i + 1] == u'\n') ++i;
    start = i + 1;
    m_tailAt = base + start;
  }
  m_tail += QStringView(delta).sliced(std::min(start, delta.size()));
  cutLongTail();
  drain();
  if (m_cutter.hides(m_tail)) {
    show(m_cutter.blocks(), true);
  } else {
    // What the message would be if it ended here.
    BlockCutter ahead = m_cutter;
    ahead.takeLine(showable(m_tail), m_tailAt);
    show(ahead.blocks(), true);
  }
}

/// A line without end is cut where it can be, so that one update never lays out much.
void MessageBlocks::cutLongTail() {
  for (qsizetype longest = m_cutter.part().characters; m_tail.size() > longest; longest = m_cutter.part().characters) {
    qsizetype end = m_tail.lastIndexOf(u' ', longest - 1) + 1;
    if (end < longest / 2) end = longest;
    if (m_tail[end - 1].isHighSurrogate()) --end;
    m_cutter.takeLine(showable(m_tail.first(end)), m_tailAt, false);
    m_tail.remove(0, end);
    m_tailAt += end;
  }
}

void MessageBlocks::finish() {
  if (!m_tail.isEmpty()) m_cutter.takeLine(showable(std::exchange(m_tail, {})), m_tailAt);
  m_cutter.finish();
  drain();
  show({}, true);
}

/// Blocks that the cutter closed become rows that no longer change.
void MessageBlocks::drain() {
  const std::vector<Block> closed = m_cutter.takeClosed();
  show(closed, false);
  m_settled += static_cast<int>(closed.size());
}

/// Makes the rows from the first unsettled one on equal to `blocks`; with `all`, nothing stands behind them.
void MessageBlocks::show(const std::vector<Block>& blocks, bool all) {
  int row = m_settled;
  for (const Block& next : blocks) {
    if (row == rowCount()) {
      beginInsertRows({}, row, row);
      m_rows.push_back({next});
      endInsertRows();
      partsChanged(row);
    } else if (block(row) != next) {
      const bool wider = block(row).columns != next.columns;
      m_rows[static_cast<std::size_t>(row)] = {next};
      Q_EMIT dataChanged(index(row), index(row));
      if (wider) partsChanged(row);
    }
    ++row;
  }
  if (!all || row == rowCount()) return;
  beginRemoveRows({}, row, rowCount() - 1);
  m_rows.resize(static_cast<std::size_t>(row));
  endRemoveRows();
  if (row > 0) Q_EMIT dataChanged(index(row - 1), index(row - 1), {LastPartRole});
}

/// What the parts above `row` show depends on the last one.
void MessageBlocks::partsChanged(int row) {
  const int first = firstPart(row);
  if (first < row) Q_EMIT dataChanged(index(first), index(row - 1), {ColumnsRole, LastPartRole});
}

int MessageBlocks::firstPart(int row) const {
  while (row > 0 && block(row).continues) --row;
  return row;
}

int MessageBlocks::lastPart(int row) const {
  while (row + 1 < rowCount() && block(row + 1).continues) ++row;
  return row;
}

QString MessageBlocks::code(int row) const {
  QString out;
  const int first = firstPart(row), last = lastPart(row);
  for (int part = first; part <= last; ++part) {
    if (part > first && !block(part).glued) out += QLatin1Char('\n');
    out += block(part).text;
  }
  return out;
}

void MessageBlocks::scrollSideways(int row, int pixels) {
  m_offsets[firstPart(row)] = pixels;
  Q_EMIT dataChanged(index(firstPart(row)), index(lastPart(row)), {OffsetRole});
}

}  // namespace tercet
