// The messages of the branch that is shown, for the view.
#pragma once

#include <QAbstractListModel>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <vector>

#include "app/message.h"
#include "app/message_blocks.h"

namespace tercet {

class MessageModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by ChatController")
  QML_EXTENDED_NAMESPACE(tercet::Message)  // Author and State
  Q_PROPERTY(int count READ count NOTIFY countChanged)

 public:
  using Author = Message::Author;
  using State = Message::State;
  enum Role {
    MessageIdRole = Qt::UserRole + 1, AuthorRole, StateRole, BlocksRole, IsLastRole, ForgottenRole,
    ForgottenBorderRole,  // the last forgotten one: the divider stands below it
    StatsRole, DetailsRole, TextRole, SeedRole,
    VersionRole,          // which of the messages at this place, from 1
    VersionsRole,         // how many there are
    EditedRole,
    AttachmentsRole       // names of the files
  };

  /// A message and its place among those beside it.
  struct Row {
    Message message;
    int version = 1;
    int versions = 1;
  };

  explicit MessageModel(QObject* parent = nullptr);

  int count() const { return static_cast<int>(m_rows.size()); }
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;

  const Message& at(int row) const { return m_rows[static_cast<std::size_t>(row)].shown.message; }
  const Message& last() const { return at(count() - 1); }
  MessageBlocks* blocksAt(int row) const { return m_rows[static_cast<std::size_t>(row)].blocks; }
  /// The row of a message, or -1.
  int rowOf(MessageId id) const;

  /// Shows these rows. Those at the beginning that are shown already stay, with their delegates and places.
  void show(std::vector<Row> rows);
  void clear() { show({}); }

  // These change the last message.
  void appendText(const QString& delta);
  void setState(State state);
  /// The answer ended as `message`, whose text is what was appended.
  void finish(const Message& message);

  /// The model no longer sees rows before `row`.
  void setForgottenBefore(int row);
  int forgottenBefore() const { return m_forgottenBefore; }
  /// Figures are written anew in the current language.
  void retranslate();

 Q_SIGNALS:
  void countChanged();

 private:
  struct Entry {
    Row shown;
    MessageBlocks* blocks = nullptr;  // child of the model
  };

  void changed(int row, const QList<int>& roles);
  void removeFrom(int row);
  void append(std::vector<Row> rows);

  std::vector<Entry> m_rows;
  int m_forgottenBefore = 0;
};

}  // namespace tercet
