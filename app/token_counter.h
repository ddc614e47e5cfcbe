// How many tokens a message will take that is still being written.
#pragma once

#include <QObject>
#include <QString>
#include <QThread>
#include <QTimer>

#include <memory>
#include <optional>
#include <stop_token>

#include "engine/model.h"

namespace tercet {

/// Counts on a thread of its own, beside the window and the engine: neither waits for a long text. Only the last text asked
/// for is counted. Lives on the GUI thread.
class TokenCounter : public QObject {
  Q_OBJECT

 public:
  explicit TokenCounter(QObject* parent = nullptr);
  ~TokenCounter() override;

  /// The model whose tokens they are; an expired pointer is none. The text asked for last is counted anew. Weak, so that a
  /// model that is to make room for another does.
  void setModel(std::weak_ptr<const Model> model);
  /// Asks for the tokens of `text` as a message of the user, with what the chat format puts around it. `counted` tells
  /// them when the text has been left alone for a moment; at once for an empty one, which is no message. Nothing is told
  /// without a model.
  void count(const QString& text);

 Q_SIGNALS:
  void counted(int tokens);

 private:
  void giveUp();
  void begin();

  QThread m_thread;
  QObject m_counting;  // lives on that thread
  QTimer m_settled;
  QString m_text;
  std::weak_ptr<const Model> m_model;
  std::stop_source m_stop;  // of the count that was begun last
};

}  // namespace tercet
