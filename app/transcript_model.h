// The conversation as rows of a list, one for each block, so that only what is in sight is drawn.
#pragma once

#include <QAbstractListModel>
#include <QPointer>
#include <QtQml/qqmlregistration.h>

#include <vector>

#include "app/message_model.h"

namespace tercet {

/// Follows a MessageModel. What a person wrote is one row; an answer is a row for each block, one in its place while
/// nothing of it is there, and one for its actions. At most one message has a selection.
class TranscriptModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(tercet::MessageModel* messages READ messages WRITE setMessages NOTIFY messagesChanged)
  Q_PROPERTY(bool hasSelection READ hasSelection NOTIFY selectionChanged)

 public:
  enum class RowKind { Question, AnswerBlock, Waiting, Actions, Divider };
  Q_ENUM(RowKind)
  // Besides those of MessageBlocks.
  enum Role {
    RowKindRole = Qt::UserRole + 100, MessageRole, StateRole, BlocksRole, BlockRole, StatsRole, DetailsRole, IsLastRole,
    ForgottenRole, VersionRole, VersionsRole, EditedRole, AttachmentsRole,
    LiveRole,         // the cursor stands at the end of this row
    SpokenRole        // what a screen reader says of it
  };

  explicit TranscriptModel(QObject* parent = nullptr);

  MessageModel* messages() const { return m_messages; }
  void setMessages(MessageModel* messages);
  bool hasSelection() const { return m_selected && m_selected->hasSelection(); }

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;

  /// The message that `row` is of.
  Q_INVOKABLE int messageAt(int row) const { return placeOf(row).message; }
  /// The row that a block of a message is in, which is there.
  Q_INVOKABLE int rowOf(int message, int block = 0) const;

  // The selection begins at a place of a message and is dragged to another; places in other messages mean its ends.
  Q_INVOKABLE void beginSelection(int message, int block, int position);
  Q_INVOKABLE void extendSelection(int message, int block, int position);
  Q_INVOKABLE void selectWord(int message, int block, int position);
  Q_INVOKABLE void selectBlock(int message, int block);
  /// Where a place of a message stands in its text.
  Q_INVOKABLE int sourceAt(int message, int block, int position) const;
  Q_INVOKABLE bool isAnswer(int message) const;
  /// The message with the selection, or else the last one.
  Q_INVOKABLE void selectMessage();
  /// By one character, word or block, as the keys do.
  Q_INVOKABLE void moveSelectionEnd(bool forward, bool byWord, bool byBlock);
  Q_INVOKABLE void clearSelection();
  /// The message with the selection; -1: none.
  Q_INVOKABLE int selectedMessage() const { return m_selected ? messageWith(m_selected) : -1; }
  Q_INVOKABLE int messageCount() const { return static_cast<int>(m_shown.size()); }
  Q_INVOKABLE QString selectedText() const;
  Q_INVOKABLE QString selectedMarkdown() const;

 Q_SIGNALS:
  void messagesChanged();
  void selectionChanged();

 private:
  /// What the view knows of a message.
  struct Shown {
    QPointer<MessageBlocks> blocks;
    bool question = false;
    bool waiting = false;
    int blockRows = 0;
    bool divider = false;
    int rows() const { return (question ? 1 : blockRows + (waiting ? 1 : 0) + 1) + (divider ? 1 : 0); }
  };
  struct RowPlace {
    int message = 0;
    RowKind kind = RowKind::Question;
    int block = 0;
  };

  RowPlace placeOf(int row) const;
  QVariant spoken(const RowPlace& place) const;
  const Message& messageOf(const RowPlace& place) const {
    return m_messages->at(place.message);
  }
  Shown wanted(int message) const;
  void watch(int message);
  void rebuild();
  void renumber(int from);
  void insertMessages(int first, int last);
  void removeMessages(int first, int last);
  void onMessagesChanged(int first, int last, const QList<int>& roles);
  void onBlocksChanged(MessageBlocks* blocks, int first, int last, const QList<int>& roles);
  void sync(int message);
  void changed(int first, int last, const QList<int>& roles);
  int messageWith(const MessageBlocks* blocks) const;
  MessageBlocks* blocksOf(int message) const;
  void choose(MessageBlocks* blocks);

  QPointer<MessageModel> m_messages;
  std::vector<Shown> m_shown;
  std::vector<int> m_starts;   // first row of each message, and one more for the end
  QPointer<MessageBlocks> m_selected;
};

}  // namespace tercet
