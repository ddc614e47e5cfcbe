#include "app/message_blocks.h"

#include <algorithm>
#include <utility>

#include "app/markdown.h"

namespace tercet {
namespace {

struct Opening {
  QChar mark;
  int length = 0;
  int indent = 0;
  QStringView info;
};

/// Spaces and tabs that `line` begins with.
qsizetype indentOf(QStringView line) {
  qsizetype indent = 0;
  while (indent < line.size() && (line[indent] == u' ' || line[indent] == u'\t')) ++indent;
  return indent;
}

/// The fence that `line` begins with, length 0 if none. Any indent will do: answers put fences into lists.
/// CommonMark 0.30, section 4.5: the info string of a backtick fence holds no backtick.
Opening openingOf(QStringView line) {
  const qsizetype indent = indentOf(line);
  const QStringView rest = line.sliced(indent);
  const QChar mark = rest.isEmpty() ? QChar() : rest.front();
  if (mark != u'`' && mark != u'~') return {};
  qsizetype length = 0;
  while (length < rest.size() && rest[length] == mark) ++length;
  const QStringView info = rest.sliced(length).trimmed();
  if (length < 3 || (mark == u'`' && info.contains(u'`'))) return {};
  return {mark, static_cast<int>(length), static_cast<int>(indent), info};
}

/// "python" of "python title=x" or "{.python}".
QString languageOf(QStringView info) {
  qsizetype start = 0;
  while (start < info.size() && (info[start] == u'{' || info[start] == u'.')) ++start;
  qsizetype end = start;
  while (end < info.size() && !info[end].isSpace() && info[end] != u'}' && info[end] != u',') ++end;
  return info.sliced(start, std::min<qsizetype>(end - start, 32)).toString();
}

/// Characters that the text layout keeps for its own frames and objects cannot be shown as text.
QString showable(QString line) {
  for (QChar& c : line) {
    if (c == u'\0' || c == QChar(0xFDD0) || c == QChar(0xFDD1) || c == QChar(0xFFFC) || c == QChar(0x2029)) {
      c = QChar::ReplacementCharacter;
    }
  }
  return line;
}

}  // namespace

MessageBlocks::MessageBlocks(Format format, QObject* parent) : QAbstractListModel(parent), m_format(format) {}

int MessageBlocks::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_blocks.size());
}

QVariant MessageBlocks::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Block& block = m_blocks[static_cast<std::size_t>(index.row())];
  switch (role) {
    case KindRole: return static_cast<int>(block.kind);
    case Qt::DisplayRole:
    case TextRole: return block.text;
    case HtmlRole:
      if (block.kind == Kind::Code) return QString();
      if (!block.htmlValid) {
        block.html = m_format == Format::Markdown ? markdownToHtml(block.text) : plainToHtml(block.text);
        block.htmlValid = true;
      }
      return block.html;
    case LanguageRole: return block.language;
    case OpenRole: return block.open;
    default: return {};
  }
}

QHash<int, QByteArray> MessageBlocks::roleNames() const {
  return {{KindRole, "kind"}, {TextRole, "text"}, {HtmlRole, "html"}, {LanguageRole, "language"}, {OpenRole, "open"}};
}

void MessageBlocks::appendText(const QString& delta) {
  qsizetype start = 0;
  if (m_afterReturn && delta.startsWith(u'\n')) start = 1;
  if (!delta.isEmpty()) m_afterReturn = false;
  for (qsizetype i = start; i < delta.size(); ++i) {
    const QChar c = delta[i];
    if (c != u'\n' && c != u'\r') continue;
    m_tail += QStringView(delta).sliced(start, i - start);
    takeLine(showable(std::exchange(m_tail, {})));
    if (c == u'\r' && i + 1 == delta.size()) m_afterReturn = true;
    if (c == u'\r' && i + 1 < delta.size() && delta[i + 1] == u'\n') ++i;
    start = i + 1;
  }
  m_tail += QStringView(delta).sliced(std::min(start, delta.size()));
  showOpenBlock();
}

void MessageBlocks::finish() {
  if (!m_tail.isEmpty()) takeLine(showable(std::exchange(m_tail, {})));
  showOpenBlock();
  closeBlock();
  m_inCode = false;
}

void MessageBlocks::takeLine(const QString& line) {
  if (m_inCode) {
    takeCodeLine(line);
  } else {
    takeParagraphLine(line);
  }
}

void MessageBlocks::takeParagraphLine(const QString& line) {
  if (QStringView(line).trimmed().isEmpty()) {
    closeBlock();
    return;
  }
  if (const Opening fence = openingOf(line); fence.length > 0) {
    closeBlock();
    openBlock(Kind::Code, languageOf(fence.info));
    m_inCode = true;
    m_fence = {fence.mark, fence.length, fence.indent};
    return;
  }
  if (!m_inBlock) openBlock(Kind::Paragraph);
  addToBlock(line);
}

void MessageBlocks::takeCodeLine(const QString& line) {
  const QStringView trimmed = QStringView(line).trimmed();
  const bool closes = trimmed.size() >= m_fence.length &&
                      std::all_of(trimmed.begin(), trimmed.end(), [this](QChar c) { return c == m_fence.mark; });
  if (closes) {
    closeBlock();
    m_inCode = false;
    return;
  }
  addToBlock(line.sliced(std::min<qsizetype>(indentOf(line), m_fence.indent)));
}

void MessageBlocks::addToBlock(const QString& line) {
  if (m_hasLines) m_committed += QLatin1Char('\n');
  m_committed += line;
  m_hasLines = true;
}

/// Whether the unfinished line may still turn out to be a fence or blank; it is not shown until that is clear.
bool MessageBlocks::tailHidden() const {
  const QStringView trimmed = QStringView(m_tail).trimmed();
  if (trimmed.isEmpty()) return true;
  const QChar mark = trimmed.front();
  const bool onlyMarks = std::all_of(trimmed.begin(), trimmed.end(), [mark](QChar c) { return c == mark; });
  if (m_inCode) return onlyMarks && mark == m_fence.mark;
  return (onlyMarks && (mark == u'`' || mark == u'~')) || openingOf(m_tail).length > 0;
}

void MessageBlocks::showOpenBlock() {
  const bool hidden = tailHidden();
  if (!m_inBlock) {
    if (hidden) return;
    openBlock(Kind::Paragraph);
  }
  QString text = m_committed;
  if (!hidden) {
    if (m_hasLines) text += QLatin1Char('\n');
    text += m_inCode ? showable(m_tail.sliced(std::min<qsizetype>(indentOf(m_tail), m_fence.indent))) : showable(m_tail);
  }
  Block& block = m_blocks.back();
  if (block.text == text) return;
  block.text = std::move(text);
  block.htmlValid = false;
  const QModelIndex row = index(rowCount() - 1);
  Q_EMIT dataChanged(row, row, {Qt::DisplayRole, TextRole, HtmlRole});
}

void MessageBlocks::openBlock(Kind kind, const QString& language) {
  const int row = rowCount();
  beginInsertRows({}, row, row);
  m_blocks.push_back({.kind = kind, .text = {}, .language = language, .html = {}});
  endInsertRows();
  m_inBlock = true;
  m_hasLines = false;
  m_committed.clear();
}

void MessageBlocks::closeBlock() {
  if (!m_inBlock) return;
  Block& block = m_blocks.back();
  block.open = false;
  QList<int> roles{OpenRole};
  if (block.text != m_committed) {
    block.text = m_committed;
    block.htmlValid = false;
    roles << Qt::DisplayRole << TextRole << HtmlRole;
  }
  m_inBlock = false;
  const QModelIndex row = index(rowCount() - 1);
  Q_EMIT dataChanged(row, row, roles);
}

}  // namespace tercet
