// Answers that the engine is asked for and has not ended, and their way to the disk.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include <chrono>
#include <list>
#include <stop_token>
#include <vector>

#include "app/inference_types.h"
#include "app/message.h"

namespace tercet {

class HistoryStore;

/// One answer that was asked for.
struct RunningAnswer {
  RequestId id = 0;
  ConversationId conversation = 0;
  Message message;                // as far as it is written
  MessageId question = 0;         // the message that was sent for it; 0 when the answer is written anew or continued
  MessageId instead = 0;          // the end of the branch that was shown before; 0: the message before it
  std::chrono::steady_clock::time_point askedAt = std::chrono::steady_clock::now();
  bool goesOn = false;            // `message` began with text that was there
  std::vector<MessageId> sent = {};  // the messages in the request, without the system prompt
  std::stop_source stop = {};
  bool stopping = false;
};

/// At most one a conversation. The engine takes them in the order of their ids.
class RunningAnswers : public QObject {
  Q_OBJECT

 public:
  /// `store` outlives this.
  explicit RunningAnswers(HistoryStore* store, QObject* parent = nullptr);
  ~RunningAnswers() override;

  RunningAnswer& start(RunningAnswer answer);
  RunningAnswer* find(RequestId id);
  RunningAnswer* of(ConversationId conversation);
  /// True for the one the engine works on.
  bool first(const RunningAnswer& answer) const { return !m_answers.empty() && &m_answers.front() == &answer; }
  const std::list<RunningAnswer>& all() const { return m_answers; }

  /// Text arrived. It is stored within a second.
  void append(RunningAnswer& answer, const QString& delta);
  /// The answer is over and stored as answer.message. What cannot be stored is kept and tried again.
  void end(RunningAnswer& answer);
  /// The answer is over and not to be stored (its row was taken back).
  void drop(RunningAnswer& answer);

  /// The ended answers of a conversation that the disk refused so far.
  std::vector<Message> unstored(ConversationId conversation) const;

  /// Stores what waits. False when something still could not be stored.
  bool flush();

 Q_SIGNALS:
  void changed();

 private:
  struct Ended {
    ConversationId conversation;
    Message message;
  };

  HistoryStore* m_store;
  std::list<RunningAnswer> m_answers;       // addresses stay
  std::vector<std::pair<MessageId, QString>> m_pieces;  // text that is not stored yet
  std::vector<Ended> m_unstored;            // ended, and the disk refused
  QTimer m_flushSoon;
};

}  // namespace tercet
