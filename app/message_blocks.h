// The paragraphs and code blocks of one message, built as its text arrives.
#pragma once

#include <QAbstractListModel>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace tercet {

/// Markdown cut into blocks. Appending touches the last block (and adds more); blocks before it never change, so that
/// the view lays out one paragraph per update, however long the message is.
class MessageBlocks : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by MessageModel")

 public:
  enum class Kind { Paragraph, Code };
  Q_ENUM(Kind)
  /// What a person typed is shown as it is, apart from fenced code.
  enum class Format { Markdown, Plain };
  Q_ENUM(Format)
  enum Role { KindRole = Qt::UserRole + 1, TextRole, HtmlRole, LanguageRole, OpenRole };

  explicit MessageBlocks(Format format, QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;

  /// Adds text at the end; it may be cut anywhere, also inside a fence or a line.
  void appendText(const QString& delta);
  /// No more text comes: what was held back as a possible fence is decided, the last block closes.
  void finish();

 private:
  struct Block {
    Kind kind = Kind::Paragraph;
    QString text;
    QString language;
    mutable QString html;           // made when asked for, of paragraphs
    mutable bool htmlValid = false;
    bool open = true;
  };
  struct Fence {
    QChar mark;                     // '`' or '~'
    int length = 0;
    int indent = 0;                 // spaces before it, taken off the lines inside
  };

  void takeLine(const QString& line);
  void takeParagraphLine(const QString& line);
  void takeCodeLine(const QString& line);
  void addToBlock(const QString& line);
  void showOpenBlock();
  void openBlock(Kind kind, const QString& language = {});
  void closeBlock();
  bool tailHidden() const;

  Format m_format;
  std::vector<Block> m_blocks;
  QString m_tail;                   // the line that has not ended yet
  QString m_committed;              // the ended lines of the open block
  bool m_hasLines = false;          // there is at least one of them, be it empty
  bool m_inBlock = false;           // the last block is open
  bool m_inCode = false;
  bool m_afterReturn = false;       // the text so far ended in CR: an LF that follows belongs to it
  Fence m_fence;
};

}  // namespace tercet
