// The open conversation: send, stop, regenerate, and what the engine says about it.
#pragma once

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <optional>
#include <stop_token>
#include <vector>

#include "app/inference_types.h"
#include "app/message_model.h"

namespace tercet {

class Settings;
class Notice;

/// Knows no worker: it emits requests and takes what arrives under the current id.
class ChatController : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(State state READ state NOTIFY stateChanged)
  Q_PROPERTY(bool canSend READ canSend NOTIFY stateChanged)                // model ready and nothing under way
  Q_PROPERTY(bool canStop READ canStop NOTIFY stateChanged)
  Q_PROPERTY(bool canRegenerate READ canRegenerate NOTIFY stateChanged)
  Q_PROPERTY(tercet::MessageModel* messages READ messages CONSTANT)
  Q_PROPERTY(QString title READ title NOTIFY titleChanged)
  Q_PROPERTY(QString draft READ draft WRITE setDraft NOTIFY draftChanged)
  Q_PROPERTY(double readingProgress READ readingProgress NOTIFY progressChanged)     // 0..1
  Q_PROPERTY(int readingSecondsLeft READ readingSecondsLeft NOTIFY progressChanged)  // -1 unknown
  Q_PROPERTY(double readingSpeed READ readingSpeed NOTIFY progressChanged)           // tokens/s, 0 unknown
  Q_PROPERTY(double writingSpeed READ writingSpeed NOTIFY progressChanged)           // tokens/s, 0 unknown
  Q_PROPERTY(int firstTokenMs READ firstTokenMs NOTIFY progressChanged)              // -1 none yet
  Q_PROPERTY(int contextUsed READ contextUsed NOTIFY contextChanged)                 // tokens
  Q_PROPERTY(int contextTotal READ contextTotal NOTIFY contextChanged)               // tokens, 0 without a model
  Q_PROPERTY(int droppedMessages READ droppedMessages NOTIFY contextChanged)

 public:
  enum class State { Idle, Reading, Writing, Stopping };
  Q_ENUM(State)

  /// Both pointers outlive this.
  ChatController(Settings* settings, Notice* notice, QObject* parent = nullptr);
  ~ChatController() override;

  State state() const { return m_state; }
  bool canSend() const { return m_modelReady && m_state == State::Idle; }
  bool canStop() const { return m_state == State::Reading || m_state == State::Writing; }
  bool canRegenerate() const;
  MessageModel* messages() { return &m_messages; }
  QString title() const;
  QString draft() const { return m_draft; }
  void setDraft(const QString& draft);
  double readingProgress() const;
  int readingSecondsLeft() const;
  double readingSpeed() const { return m_progress.readSpeed; }
  double writingSpeed() const { return m_progress.writeSpeed; }
  int firstTokenMs() const { return m_progress.firstTokenMs; }
  int contextUsed() const { return static_cast<int>(m_progress.contextUsed); }
  int contextTotal() const { return m_contextTotal; }
  int droppedMessages() const { return static_cast<int>(m_dropped); }

  /// Sends the draft and empties it. False, with the draft kept, when it is blank or nothing can be sent now.
  Q_INVOKABLE bool send();
  Q_INVOKABLE void stop();
  /// Writes the last answer anew. Should that fail before the first word, the old answer comes back.
  Q_INVOKABLE void regenerate();
  Q_INVOKABLE void newChat();
  /// The raw text of a message to the clipboard.
  Q_INVOKABLE void copyMessage(int row) const;

  // From the model controller.
  void setModelReady(bool ready);
  void setContextTotal(int tokens);
  /// Token ids and counts of the old model mean nothing to the new one.
  void onModelReplaced();

  // From the worker; other ids than the current one are dropped.
  void onTextArrived(tercet::RequestId id, const QString& delta);
  void onProgressed(tercet::RequestId id, const tercet::Progress& progress);
  void onFinished(tercet::RequestId id, const tercet::Outcome& outcome);

  /// Texts are written anew in the current language.
  void retranslate();

 Q_SIGNALS:
  void stateChanged();
  void titleChanged();
  void draftChanged();
  void progressChanged();
  void contextChanged();
  void generateRequested(const tercet::GenerateRequest& request);

 private:
  void setState(State state);
  void setDropped(std::uint32_t dropped);
  void request();
  void complete(const GenerateResult& result, bool stopped);
  void fail(const Error& error);
  void bringBackReplaced();
  void giveBackMessage();

  Settings* m_settings;
  Notice* m_notice;
  MessageModel m_messages;
  State m_state = State::Idle;
  bool m_modelReady = false;
  QString m_draft;
  Progress m_progress;
  int m_contextTotal = 0;
  RequestId m_lastId = 0;               // ids handed out so far
  RequestId m_currentId = 0;            // 0: nothing is awaited
  std::stop_source m_stop;
  std::vector<int> m_rows;              // row of each message of the current request, without the system prompt
  std::uint32_t m_dropped = 0;          // oldest of those that the model no longer sees
  std::uint64_t m_seed = 0;             // of the current answer
  std::optional<MessageModel::Message> m_replaced;  // the answer that is being written anew
};

}  // namespace tercet
