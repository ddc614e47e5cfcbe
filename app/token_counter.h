// How many tokens messages will take: one that is still being written, or those of a chat.
#pragma once

#include <QObject>
#include <QString>
#include <QThread>
#include <QTimer>

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "engine/model.h"
#include "engine/text/chat_template.h"

namespace tercet {

/// Counts on a thread of its own, beside the window and the engine: neither waits for a long text. Only the last text asked
/// for is counted. Lives on the GUI thread.
class TokenCounter : public QObject {
  Q_OBJECT

 public:
  explicit TokenCounter(QObject* parent = nullptr);
  ~TokenCounter() override;

  /// The model whose tokens they are; an expired pointer is none. What was asked for last is counted anew. Weak, so that a
  /// model that is to make room for another does.
  void setModel(std::weak_ptr<const Model> model);
  /// Asks for the tokens of `messages` with what the chat format puts around each. `counted` tells them when nothing else has
  /// been asked for a moment; at once when there are none. Nothing is told without a model.
  void count(std::vector<ChatMessage> messages);
  /// What was asked for last is not told.
  void giveUp();
  /// The same for `text` as a message of the user; an empty one is no message.
  void count(const QString& text);

 Q_SIGNALS:
  void counted(int tokens);

 private:
  void begin();

  QThread m_thread;
  QObject m_counting;  // lives on that thread
  QTimer m_settled;
  std::vector<ChatMessage> m_messages;
  std::weak_ptr<const Model> m_model;
  std::stop_source m_stop;  // of the count that was begun last
};

}  // namespace tercet
