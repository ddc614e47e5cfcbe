// Cuts Markdown into blocks, line by line.
#pragma once

#include <QString>
#include <QStringView>

#include <vector>

#include "app/block.h"

namespace tercet {

/// A value: a copy can look ahead ("what if the message ended here?") and be thrown away. What language models write in
/// a chat, close to CommonMark 0.30 with the tables and tasks of GitHub: every list item is a block of its own, indents
/// may be careless, numbers stay as written, and no block grows beyond its Part: what is longer goes on in a further one, so
/// that the work for one update has a bound.
class BlockCutter {
 public:
  /// What a person typed is shown as it is, apart from fenced code.
  enum class Format { Markdown, Plain };

  /// How much stands in one block at most.
  struct Part {
    std::size_t lines;
    qsizetype characters;  // also of one line
  };
  static constexpr Part kTextPart{40, 4096};
  // Colours make several characters of each. A TextEdit of more than 10,000 of them is built anew by Qt with each step of scrolling.
  static constexpr Part kCodePart{16, 512};

  explicit BlockCutter(Format format) : m_format(format) {}

  /// A line without its end, which stands at `at` of the source. `ends` is false for the beginning of a line that is too
  /// long for one piece.
  void takeLine(QStringView line, qsizetype at, bool ends = true);
  /// No more lines come.
  void finish();
  /// Whether a line that begins like this is better not shown before more of it is known.
  bool hides(QStringView tail) const;
  /// Of the line that comes next.
  const Part& part() const { return m_inCode ? kCodePart : kTextPart; }

  /// The blocks since the last call of `takeClosed`; the last one may be open.
  const std::vector<Block>& blocks() const { return m_blocks; }
  /// Gives away the blocks that no longer change.
  std::vector<Block> takeClosed();

 private:
  struct Fence {
    QChar mark;        // '`' or '~'
    int length = 0;
    int indent = 0;    // spaces before it, taken off the lines inside
    int quotes = 0;
  };
  struct List {
    int indent = 0;    // of its markers
    int last = 0;      // number of its last item; 0 for bullets
  };
  struct Line {        // the one under way, or a piece of it
    qsizetype begin = 0, end = 0;
    bool ends = true;
  };
  struct Held {        // a line that is the header of a table if the next one says so
    QString text;
    qsizetype at = 0;
    Line line;
  };
  enum class Start { Text, Heading, Item, Rule, Fence, Formula };
  struct Opening {
    Start kind = Start::Text;
    int indent = 0;               // columns before it
    int level = 0;                // of a heading
    int number = 0;               // of an ordered item, -1 for a bullet
    QStringView rest;             // what follows the marks
    qsizetype restAt = 0;         // and where, in the line
  };

  static Opening openingOf(QStringView line);
  static Fence fenceOf(QStringView line);

  void takePlainLine(QStringView line, qsizetype at);
  void takeTextLine(QStringView line, qsizetype at);
  void takeCodeLine(QStringView line, qsizetype at);
  void takeText(QStringView text, qsizetype at, int indent);
  void takeItem(const Opening& opening, qsizetype at);
  void takeFormula(QStringView text, qsizetype at);
  bool takeDelimiter(QStringView text);
  void openCode(const Fence& fence, QStringView line, int depth);
  Block& open(BlockKind::Value kind, int depth);
  void goOn(bool glued);
  void add(QStringView text, qsizetype at);
  void flushHeld();
  void close();
  int depthAt(int indent) const;
  bool inOpen(BlockKind::Value kind) const { return !m_blocks.empty() && m_blocks.back().open && m_blocks.back().kind == kind; }

  Format m_format;
  std::vector<Block> m_blocks;
  Line m_line;
  bool m_midLine = false;         // the next piece goes on with the same line
  bool m_inCode = false;
  Fence m_fence;
  int m_lexerState = 0;
  bool m_inFormula = false;
  QString m_formulaEnd;
  int m_quotes = 0;
  int m_joinedQuotes = 0;         // quotes that nothing interrupted since the last block
  std::vector<List> m_lists;
  Held m_held;
  qsizetype m_blankLines = 0;     // typed ones that show only if text follows
  bool m_any = false;             // there was a block
  BlockKind::Value m_lastKind = BlockKind::Paragraph;
  int m_lastDepth = 0;
};

}  // namespace tercet
