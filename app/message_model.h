// The messages of the open conversation, for the view.
#pragma once

#include <QAbstractListModel>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <cstdint>
#include <vector>

#include "app/message_blocks.h"
#include "engine/format/checkpoint.h"

namespace tercet {

class MessageModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by ChatController")
  Q_PROPERTY(int count READ count NOTIFY countChanged)

 public:
  enum class Author { User, Assistant };
  Q_ENUM(Author)
  enum class State { Complete, Reading, Writing, Stopped, Failed, ContextFull };
  Q_ENUM(State)
  enum Role {
    MessageIdRole = Qt::UserRole + 1, AuthorRole, StateRole, BlocksRole, IsLastRole, ForgottenRole,
    ForgottenBorderRole,  // the last forgotten one: the divider stands below it
    StatsRole, TextRole, SeedRole
  };

  /// How an answer was made; formatted for people when asked, so that the language can change.
  struct Stats {
    std::uint32_t tokens = 0;
    double tokensPerSecond = 0;
    std::uint64_t seed = 0;
    bool known = false;
  };
  struct Message {
    int id = 0;
    Author author = Author::User;
    State state = State::Complete;
    QString text;
    std::vector<TokenId> tokens = {};  // the ids the model wrote for `text`; empty when the text did not come so
    Stats stats = {};
    MessageBlocks* blocks = nullptr;   // child of the model
  };

  explicit MessageModel(QObject* parent = nullptr);

  int count() const { return static_cast<int>(m_messages.size()); }
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;

  const std::vector<Message>& messages() const { return m_messages; }
  const Message& last() const { return m_messages.back(); }

  /// Adds a message at the end and returns its row.
  int append(Author author, State state, const QString& text = {});
  /// Adds a message as it was before `takeLast`.
  void restore(Message message);
  /// Removes the last message and returns it; its blocks are gone.
  Message takeLast();
  void clear();

  // These change the last message.
  void appendText(const QString& delta);
  void setState(State state);
  void finish(State state, std::vector<TokenId> tokens, const Stats& stats);

  /// Forgets token ids: another model reads them otherwise.
  void clearTokens();
  /// The model no longer sees rows before `row`.
  void setForgottenBefore(int row);
  int forgottenBefore() const { return m_forgottenBefore; }
  /// Figures are written anew in the current language.
  void retranslate();

 Q_SIGNALS:
  void countChanged();

 private:
  static QString statsText(const Stats& stats);
  void insert(Message message);
  void changed(int row, const QList<int>& roles);

  std::vector<Message> m_messages;
  int m_nextId = 1;
  int m_forgottenBefore = 0;
};

}  // namespace tercet
