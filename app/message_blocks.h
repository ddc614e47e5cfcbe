// The blocks of one message, built as its text arrives, what of it is selected and what was found in it.
#pragma once

#include <QAbstractListModel>
#include <QHash>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <vector>

#include "app/block_cutter.h"
#include "app/folded_text.h"
#include "app/found_marks.h"

namespace tercet {

/// Appending touches the last block (and adds more); blocks before it never change, so that the view lays out one block
/// of bounded size per update, however long the message is.
class MessageBlocks : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by MessageModel")
  Q_PROPERTY(bool hasSelection READ hasSelection NOTIFY selectionChanged)

 public:
  using Format = BlockCutter::Format;
  enum Role {
    KindRole = Qt::UserRole + 1,
    TextRole,        // the characters shown; positions of the selection count them
    HtmlRole,        // with what was found marked in it
    LanguageRole,
    LevelRole, DepthRole, QuotesRole, JoinedQuotesRole, GapRole, MarkerRole, TaskRole,  // as in Block
    ColumnsRole,     // of the whole code, be it of several parts
    FirstPartRole,   // of code: its label stands above it
    LastPartRole,
    OffsetRole,      // pixels that a wide block is scrolled sideways, all its parts alike
    SelectionStartRole, SelectionEndRole
  };
  /// A place between two characters of what is shown.
  struct Place {
    int block = 0;
    int position = 0;
    auto operator<=>(const Place&) const = default;
  };

  explicit MessageBlocks(Format format, QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  /// What `role` says of no block at all, in its type.
  static QVariant emptyData(int role);

  /// Adds text at the end; it may be cut anywhere, also inside a fence or a line.
  void appendText(const QString& delta);
  /// No more text comes: what was held back as a possible fence is decided, the last block closes.
  void finish();

  const Block& block(int row) const { return m_rows[static_cast<std::size_t>(row)].block; }
  /// Characters that are shown of a block.
  int length(int row) const { return static_cast<int>(shown(row).plain.size()); }
  /// The code that the block at `row` is a part of, from its first line to its last.
  Q_INVOKABLE QString code(int row) const;
  Q_INVOKABLE void scrollSideways(int row, int pixels);

  // One selection, from the place where it began to where it was dragged; both are moved into the text.
  void select(Place from, Place to);
  void selectAll();
  void clearSelection();
  bool hasSelection() const { return m_from != m_to; }
  Place selectionFrom() const { return m_from; }
  Place selectionTo() const { return m_to; }
  /// What is selected without marks of Markdown; formulas come as their source.
  QString selectedText() const;
  /// The source of what is selected. Emphasis, links and formulas that are partly selected come whole, and so do tables
  /// and, beside other blocks, code.
  QString selectedMarkdown() const;
  /// The word around a place, as its two ends.
  std::pair<Place, Place> wordAt(Place place) const;
  /// The place one character, word or block away; the ends of the message stay.
  enum class Step { Character, Word, Block };
  Place placeBeside(Place place, Step step, bool forward) const;

  /// Marks where a folded text is shown and says how many places there are, none of which overlap. While it stays the same,
  /// only what may have changed is searched. Empty: nothing is marked, and what searching kept is let go.
  int find(const QString& foldedText);
  /// A stretch of what is shown. It ends in another block than it began in where a long line was cut between them.
  struct Stretch {
    Place from, to;
    friend bool operator==(const Stretch&, const Stretch&) = default;
  };
  const Stretch& found(int place) const { return m_found[static_cast<std::size_t>(place)]; }
  /// Which of them stands out; -1: none.
  void setCurrentFound(int place);
  /// Where a place in the text of the message begins to be shown, or else the beginning of its block.
  Place placeOf(const TextRange& range) const;
  /// Where the character at a place stands in the text of the message; of a formula, where that begins.
  qsizetype sourceAt(Place place) const;

 Q_SIGNALS:
  void selectionChanged();

 private:
  struct Row {
    Block block;
    mutable QString html = {}, plain = {};  // made when asked for
    mutable bool rendered = false;
    mutable QString folded = {};      // what is shown as searching compares it, made when it is searched
    mutable bool isFolded = false;
    mutable bool oneToOne = false;    // each character of `folded` stands for the one shown at its place
  };

  void cutLongTail();
  void show(const std::vector<Block>& blocks, bool all);
  void drain();
  void partsChanged(int row);
  static QString renderedText(const Block& block);
  RichText rendered(const Block& block) const;
  const Row& shown(int row) const;
  int firstPart(int row) const;
  int lastPart(int row) const;
  Place clamped(Place place) const;
  std::pair<int, int> selectionOf(int row) const;
  QString textOf(int row, int start, int end) const;
  std::pair<qsizetype, qsizetype> sourceOf(int row, int start, int end) const;
  static qsizetype positionIn(const Block& block, qsizetype position);
  static qsizetype inMessage(const Block& block, qsizetype position);
  int blockAt(qsizetype position) const;
  QString plainOf(const Row& row) const;
  const Row& foldedRow(int row) const;
  qsizetype shownAt(int row, qsizetype inFolded) const;
  qsizetype foldedAt(int row, qsizetype inShown) const;
  int firstToSearch() const;
  qsizetype searchRow(int row, qsizetype from, std::vector<Stretch>& places) const;
  std::vector<FoundMark> marksIn(int row) const;
  QString markedHtml(int row) const;
  void foundChanged(int first, int last);

  Format m_format;
  BlockCutter m_cutter;
  std::vector<Row> m_rows;
  int m_settled = 0;                // rows that no longer change
  QString m_source;                 // the text of the message
  QString m_tail;                   // the line that has not ended yet
  qsizetype m_tailAt = 0;           // where it begins in the source
  bool m_afterReturn = false;       // the text so far ended in CR: an LF that follows belongs to it
  Place m_from, m_to;
  QString m_sought;                 // the folded text that is marked
  std::vector<Stretch> m_found;     // where it is shown
  int m_searched = 0;               // rows that were settled when they were searched for it
  int m_currentFound = -1;
  QHash<int, int> m_offsets;        // by first part
};

}  // namespace tercet
