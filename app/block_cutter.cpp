#include "app/block_cutter.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "app/highlighter.h"

namespace tercet {
namespace {

constexpr int kMaxDepth = 8;    // of lists and quotes; deeper ones are drawn as these
constexpr int kBullet = -1;
constexpr qsizetype kTabColumns = 4;

qsizetype indentOf(QStringView line) {
  qsizetype indent = 0;
  while (indent < line.size() && (line[indent] == u' ' || line[indent] == u'\t')) ++indent;
  return indent;
}

bool isBlank(QStringView line) { return line.trimmed().isEmpty(); }
bool consistsOf(QStringView line, QStringView characters) {
  return std::all_of(line.begin(), line.end(), [characters](QChar c) { return characters.contains(c); });
}

struct Quotes {
  int count = 0;
  qsizetype length = 0;  // of the marks and the space behind them
};

/// The quote marks that a line begins with.
Quotes quotesOf(QStringView line, int most) {
  Quotes out;
  while (out.count < most) {
    qsizetype at = out.length;
    while (at < line.size() && at < out.length + 3 && line[at] == u' ') ++at;
    if (at >= line.size() || line[at] != u'>') break;
    ++at;
    if (at < line.size() && line[at] == u' ') ++at;
    out = {out.count + 1, at};
  }
  return out;
}

/// "python" of "python title=x" or "{.python}".
QString languageOf(QStringView info) {
  qsizetype start = 0;
  while (start < info.size() && (info[start] == u'{' || info[start] == u'.')) ++start;
  qsizetype end = start;
  while (end < info.size() && !info[end].isSpace() && info[end] != u'}' && info[end] != u',') ++end;
  return info.sliced(start, std::min<qsizetype>(end - start, 32)).toString();
}

bool isRule(QStringView line) {
  const QChar mark = line.isEmpty() ? QChar() : line.front();
  if (mark != u'-' && mark != u'*' && mark != u'_') return false;
  return std::count(line.begin(), line.end(), mark) >= 3 && consistsOf(line, QString(mark) + u' ');
}

/// The columns of a delimiter row such as "|:--|--:|"; none if it is none.
std::vector<CellAlign> alignsOf(QStringView line) {
  if (!consistsOf(line, u"|:- ") || !line.contains(u'-') || !line.contains(u'|')) return {};
  std::vector<CellAlign> out;
  for (const QString& cell : tableCells(line)) {
    if (cell.isEmpty() || !cell.contains(u'-') || cell.contains(u' ')) return {};
    out.push_back(!cell.endsWith(u':') ? CellAlign::Start : cell.startsWith(u':') ? CellAlign::Center : CellAlign::End);
  }
  return out;
}

/// What ends the formula that `text` begins with; empty if it begins with none, or goes on behind it.
QString formulaEndOf(QStringView text) {
  const QString end = text.startsWith(QLatin1String("$$")) ? QStringLiteral("$$")
                      : text.startsWith(QLatin1String("\\[")) ? QStringLiteral("\\]") : QString();
  if (end.isEmpty()) return {};
  const qsizetype at = text.indexOf(end, 2);
  return at < 0 || at + 2 == text.size() ? end : QString();
}

/// Room above a block, in the steps of Block::gap.
int gapBetween(BlockKind::Value above, int depthAbove, BlockKind::Value below, int depth) {
  if (below == BlockKind::Heading) return 3;
  const bool inList = depth > 0 && depthAbove > 0;
  return inList && below == BlockKind::Item && above != BlockKind::Code ? 1 : 2;
}

}  // namespace

void BlockCutter::takeLine(QStringView line, qsizetype at, bool ends) {
  m_line = {at, at + line.size(), ends};
  if (m_midLine) {
    goOn(true);
    add(line, at);
  } else if (m_inCode) {
    takeCodeLine(line, at);
  } else if (m_format == Format::Plain) {
    takePlainLine(line, at);
  } else {
    takeTextLine(line, at);
  }
  if (!ends) {
    flushHeld();
    // The space at a cut stands between two words, not at the end of a line.
    const bool cut = line.endsWith(u' ') && !m_blocks.empty() && m_blocks.back().kind != BlockKind::Code;
    if (cut && !m_blocks.back().text.endsWith(u' ')) m_blocks.back().text += u' ';
  }
  m_midLine = !ends;
}

void BlockCutter::finish() {
  flushHeld();
  close();
  m_inCode = false;
}

std::vector<Block> BlockCutter::takeClosed() {
  std::vector<Block> closed = std::exchange(m_blocks, {});
  if (!closed.empty() && closed.back().open) {
    m_blocks.push_back(std::move(closed.back()));
    closed.pop_back();
  }
  return closed;
}

bool BlockCutter::hides(QStringView tail) const {
  if (m_midLine) return tail.isEmpty();
  if (m_inCode) {
    const QStringView inside = tail.sliced(quotesOf(tail, m_fence.quotes).length).trimmed();
    return consistsOf(inside, QString(m_fence.mark));
  }
  const bool markdown = m_format == Format::Markdown;
  const QStringView text = tail.sliced(markdown ? quotesOf(tail, kMaxDepth).length : 0).trimmed();
  if (text.isEmpty() || consistsOf(text, u"`") || consistsOf(text, u"~") || fenceOf(text).length > 0) return true;
  if (!markdown) return false;
  if (text.front() == u'|' && !inOpen(BlockKind::Table)) return true;
  if (!m_held.text.isEmpty() && consistsOf(text, u"|:- ")) return true;
  if (m_inFormula) return false;
  // The marks of a heading, item, rule or formula before what they mark.
  return consistsOf(text, u"#-+*_>") || consistsOf(text, u"$\\[") || (text.size() < 5 && consistsOf(text, u"0123456789.)"));
}

/// The fence that `line` begins with, length 0 if none. Any indent will do: answers put fences into lists.
/// CommonMark 0.30, section 4.5: the info string of a backtick fence holds no backtick.
BlockCutter::Fence BlockCutter::fenceOf(QStringView line) {
  const qsizetype indent = indentOf(line);
  const QStringView rest = line.sliced(indent);
  const QChar mark = rest.isEmpty() ? QChar() : rest.front();
  if (mark != u'`' && mark != u'~') return {};
  qsizetype length = 0;
  while (length < rest.size() && rest[length] == mark) ++length;
  if (length < 3 || (mark == u'`' && rest.sliced(length).contains(u'`'))) return {};
  return {mark, static_cast<int>(length), static_cast<int>(indent), 0};
}

/// What a line without quote marks begins with.
BlockCutter::Opening BlockCutter::openingOf(QStringView whole) {
  Opening out;
  const qsizetype start = indentOf(whole);
  for (const QChar c : whole.first(start)) out.indent += c == u'\t' ? 4 : 1;
  QStringView line = whole.sliced(start);
  while (!line.isEmpty() && line.back().isSpace()) line.chop(1);
  out.rest = line;
  out.restAt = start;
  if (isRule(line)) {
    out.kind = Start::Rule;
    return out;
  }
  if (fenceOf(line).length > 0) {
    out.kind = Start::Fence;
    return out;
  }
  const auto skipTo = [&out, &line, start](qsizetype from) {
    while (from < line.size() && line[from].isSpace()) ++from;
    out.rest = line.sliced(from);
    out.restAt = start + from;
  };
  const auto hashes = std::find_if(line.begin(), line.end(), [](QChar c) { return c != u'#'; }) - line.begin();
  if (hashes >= 1 && hashes <= 6 && (hashes == line.size() || line[hashes] == u' ')) {
    out.kind = Start::Heading;
    out.level = static_cast<int>(hashes);
    skipTo(hashes);
    QStringView bare = out.rest;
    while (bare.endsWith(u'#')) bare.chop(1);
    if (bare.isEmpty() || bare.back() == u' ') out.rest = bare.trimmed();  // closing hashes
    return out;
  }
  qsizetype digits = 0;
  while (digits < line.size() && digits < 9 && line[digits] >= u'0' && line[digits] <= u'9') ++digits;
  const bool number = digits > 0 && digits < line.size() && (line[digits] == u'.' || line[digits] == u')');
  const bool bullet = !line.isEmpty() && QStringView(u"-*+\u2022").contains(line.front());
  const qsizetype marks = number ? digits + 1 : bullet ? 1 : 0;
  if (marks > 0 && marks < line.size() && line[marks] == u' ') {
    out.kind = Start::Item;
    out.number = number ? line.first(digits).toInt() : kBullet;
    skipTo(marks);
  } else if (!formulaEndOf(line).isEmpty()) {
    out.kind = Start::Formula;
  }
  return out;
}

/// Lists that a line indented by so much belongs to.
int BlockCutter::depthAt(int indent) const {
  return static_cast<int>(std::count_if(m_lists.begin(), m_lists.end(), [indent](const List& list) {
    return indent >= list.indent + 2;
  }));
}

void BlockCutter::takePlainLine(QStringView line, qsizetype at) {
  if (const Fence fence = fenceOf(line); fence.length > 0) {
    openCode(fence, line, 0);
  } else if (isBlank(line)) {
    if (inOpen(BlockKind::Paragraph)) ++m_blankLines;
  } else {
    if (!inOpen(BlockKind::Paragraph)) open(BlockKind::Paragraph, 0);
    for (; m_blankLines > 0; --m_blankLines) add({}, at);
    add(line, at);
  }
}

void BlockCutter::takeTextLine(QStringView line, qsizetype at) {
  const Quotes marks = quotesOf(line, kMaxDepth);
  const QStringView inside = line.sliced(marks.length);
  if (isBlank(inside)) {
    flushHeld();
    close();
    m_joinedQuotes = std::min(m_joinedQuotes, marks.count);
    return;
  }
  const Opening opening = openingOf(inside);
  const bool inText = inOpen(BlockKind::Paragraph) || inOpen(BlockKind::Item);
  const bool lazy = marks.count < m_quotes && opening.kind == Start::Text && inText && m_held.text.isEmpty();
  if (marks.count != m_quotes && !lazy) {
    flushHeld();
    close();
    m_lists.clear();
    m_quotes = marks.count;
  }
  const qsizetype restAt = at + marks.length + opening.restAt;
  if (m_inFormula) {
    takeFormula(inside.trimmed(), at + marks.length + indentOf(inside));
    return;
  }
  // A year or a sum at the beginning of a line in the middle of a paragraph begins no list.
  const bool number = opening.kind == Start::Item && opening.number > 1 && m_lists.empty() && inOpen(BlockKind::Paragraph);
  const int depth = depthAt(opening.indent);
  switch (number ? Start::Text : opening.kind) {
    case Start::Text:
      takeText(inside.trimmed(), at + marks.length + indentOf(inside), opening.indent);
      return;
    case Start::Item:
      flushHeld();
      takeItem(opening, restAt);
      return;
    case Start::Heading: {
      flushHeld();
      if (depth == 0) m_lists.clear();
      open(BlockKind::Heading, depth).level = opening.level;
      add(opening.rest, restAt);
      close();
      return;
    }
    case Start::Rule:
      flushHeld();
      m_lists.clear();
      open(BlockKind::Rule, 0);
      close();
      return;
    case Start::Fence:
      flushHeld();
      if (depth == 0) m_lists.clear();
      openCode(fenceOf(inside), opening.rest, depth);
      return;
    case Start::Formula:
      flushHeld();
      if (depth == 0) m_lists.clear();
      m_formulaEnd = formulaEndOf(opening.rest);
      open(BlockKind::Formula, depth);
      m_inFormula = true;
      takeFormula(opening.rest, restAt);
      return;
  }
}

void BlockCutter::takeText(QStringView text, qsizetype at, int indent) {
  if (inOpen(BlockKind::Table)) {
    if (text.contains(u'|')) {
      add(text, at);
      return;
    }
    close();
  }
  if (takeDelimiter(text)) return;
  flushHeld();
  if (text.front() == u'|') {
    m_held = {text.toString(), at, m_line};
    return;
  }
  if (!inOpen(BlockKind::Paragraph) && !inOpen(BlockKind::Item)) {
    const int depth = depthAt(indent);
    m_lists.resize(static_cast<std::size_t>(depth));
    open(BlockKind::Paragraph, depth);
  }
  add(text, at);
}

/// Whether `text` makes the line before it the header of a table, and begins that table.
bool BlockCutter::takeDelimiter(QStringView text) {
  std::vector<CellAlign> aligns = alignsOf(text);
  if (aligns.empty()) return false;
  const auto fits = [&aligns](const QString& header) { return tableCells(header).size() == static_cast<qsizetype>(aligns.size()); };
  Held header = std::exchange(m_held, {});
  if (header.text.isEmpty() && inOpen(BlockKind::Paragraph) && m_blocks.back().lines.size() == 1 &&
      m_blocks.back().text.contains(u'|')) {
    // Without a pipe at its beginning the header was taken for a paragraph.
    Block& block = m_blocks.back();
    if (!fits(block.text)) return false;
    block.kind = BlockKind::Table;
    block.head = std::exchange(block.text, {});
    block.headAt = block.lines.front();
    block.lines.clear();
  } else if (!header.text.isEmpty() && fits(header.text)) {
    Block& block = open(BlockKind::Table, 0);
    block.head = header.text;
    block.headAt = header.at;
    block.begin = header.line.begin;
  } else {
    m_held = std::move(header);
    return false;
  }
  m_blocks.back().aligns = std::move(aligns);
  m_blocks.back().end = m_line.end;
  return true;
}

void BlockCutter::takeItem(const Opening& opening, qsizetype at) {
  // Indents are careless: one column more or less is the same list, two are a list inside it.
  while (!m_lists.empty() && opening.indent < m_lists.back().indent - 1) m_lists.pop_back();
  // Half-way between two lists the outer one goes on, as in CommonMark.
  while (m_lists.size() > 1 && opening.indent < m_lists.back().indent &&
         opening.indent - m_lists[m_lists.size() - 2].indent <= m_lists.back().indent - opening.indent) {
    m_lists.pop_back();
  }
  const bool ordered = opening.number != kBullet;
  if (m_lists.empty() || (opening.indent >= m_lists.back().indent + 2 && m_lists.size() < kMaxDepth)) {
    m_lists.push_back({opening.indent, 0});
  }
  List& list = m_lists.back();
  // Numbers stay as written, unless all are the same: then they count.
  list.last = !ordered ? 0 : list.last > 0 && opening.number <= list.last ? list.last + 1 : opening.number;
  Block& block = open(BlockKind::Item, static_cast<int>(m_lists.size()));
  block.marker = ordered ? QString::number(list.last) + u'.' : QStringLiteral("\u2022");
  QStringView rest = opening.rest;
  if (rest.size() > 3 && rest[0] == u'[' && rest[2] == u']' && rest[3] == u' ' && QStringView(u" xX").contains(rest[1])) {
    block.task = rest[1] == u' ' ? TaskState::Open : TaskState::Done;
    rest = rest.sliced(4);
    at += 4;
  }
  if (Fence fence = fenceOf(rest); fence.length > 0) {
    const int depth = block.depth;
    fence.indent = static_cast<int>(opening.restAt);
    add({}, at);
    openCode(fence, rest, depth);
    return;
  }
  add(rest, at);
}

/// A line of a formula of its own lines; what follows its end on the same line is text again.
void BlockCutter::takeFormula(QStringView text, qsizetype at) {
  const bool first = m_blocks.back().lines.empty();
  const qsizetype end = text.indexOf(m_formulaEnd, first ? 2 : 0);
  if (end < 0) {
    add(text, at);
    return;
  }
  add(text.first(end + 2), at);
  m_inFormula = false;
  close();
  const QStringView rest = text.sliced(end + 2);
  if (!isBlank(rest)) takeText(rest.trimmed(), at + end + 2 + indentOf(rest), 0);
}

void BlockCutter::openCode(const Fence& fence, QStringView line, int depth) {
  m_lexerState = 0;
  m_blankLines = 0;
  open(BlockKind::Code, depth).language = languageOf(line.sliced(indentOf(line) + fence.length).trimmed());
  m_inCode = true;
  m_fence = fence;
  m_fence.quotes = m_quotes;
}

void BlockCutter::takeCodeLine(QStringView line, qsizetype at) {
  const Quotes marks = quotesOf(line, m_fence.quotes);
  if (marks.count < m_fence.quotes) {  // the quote ends, and the code with it
    close();
    m_inCode = false;
    takeTextLine(line, at);
    return;
  }
  const QStringView inside = line.sliced(marks.length);
  const QStringView trimmed = inside.trimmed();
  if (trimmed.size() >= m_fence.length && consistsOf(trimmed, QString(m_fence.mark))) {
    m_blocks.back().end = m_line.end;
    close();
    m_inCode = false;
    return;
  }
  const qsizetype off = std::min<qsizetype>(indentOf(inside), m_fence.indent);
  add(inside.sliced(off), at + marks.length + off);
}

Block& BlockCutter::open(BlockKind::Value kind, int depth) {
  close();
  Block block;
  block.kind = kind;
  block.depth = depth;
  block.quotes = m_quotes;
  block.joinedQuotes = m_any ? std::min(m_joinedQuotes, m_quotes) : 0;
  block.gap = m_any ? gapBetween(m_lastKind, m_lastDepth, kind, depth) : 0;
  block.begin = m_line.begin;
  block.end = m_line.end;
  m_blocks.push_back(std::move(block));
  m_any = true;
  m_lastKind = kind;
  m_lastDepth = depth;
  m_joinedQuotes = m_quotes;
  return m_blocks.back();
}

/// A further part of the last block, with what they have in common.
void BlockCutter::goOn(bool glued) {
  Block next;
  if (!m_blocks.empty()) {
    Block& last = m_blocks.back();
    next = last;
    last.open = false;
  }
  next.open = true;
  next.text.clear();
  next.lines.clear();
  next.marker.clear();
  next.task = TaskState::None;
  next.gap = 0;
  next.joinedQuotes = next.quotes;
  next.continues = true;
  next.glued = glued;
  next.lexerState = m_lexerState;
  next.columns = 0;
  next.begin = m_line.begin;
  // What cannot go on as what it was goes on as text.
  if (next.kind != BlockKind::Code && (glued || next.kind != BlockKind::Table)) next.kind = BlockKind::Paragraph;
  m_inFormula = false;
  m_blocks.push_back(std::move(next));
}

void BlockCutter::add(QStringView text, qsizetype at) {
  if (const Block& last = m_blocks.back(); !last.lines.empty() && (last.lines.size() >= part().lines ||
                                                                  last.text.size() + text.size() > part().characters)) {
    if (m_inFormula) m_blocks.back().kind = BlockKind::Paragraph;
    goOn(false);
  }
  Block& block = m_blocks.back();
  if (!block.lines.empty()) block.text += QLatin1Char('\n');
  block.text += text;
  block.lines.push_back(at);
  block.end = m_line.end;
  if (block.kind == BlockKind::Code) {
    block.columns = std::max(block.columns, text.size() + (kTabColumns - 1) * text.count(u'\t'));
    std::vector<InkSpan> unused;
    m_lexerState = highlightLine(languageNamed(block.language), text, m_lexerState, unused, m_line.ends);
  }
}

/// A line that turned out to be no header is text.
void BlockCutter::flushHeld() {
  if (m_held.text.isEmpty()) return;
  const Held held = std::exchange(m_held, {});
  const Line now = std::exchange(m_line, held.line);
  if (!inOpen(BlockKind::Paragraph) && !inOpen(BlockKind::Item)) open(BlockKind::Paragraph, 0);
  add(held.text, held.at);
  m_line = now;
}

void BlockCutter::close() {
  m_blankLines = 0;
  if (m_blocks.empty() || !m_blocks.back().open) return;
  // A formula that a blank line cuts off was two dollars in a text.
  if (m_inFormula) m_blocks.back().kind = BlockKind::Paragraph;
  m_inFormula = false;
  m_blocks.back().open = false;
}

}  // namespace tercet
