// The open conversation: send, stop, edit, write anew, continue; and what the engine says about it.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <optional>
#include <vector>

#include "app/chat_branch.h"
#include "app/chat_draft.h"
#include "app/chat_settings.h"
#include "app/draft_attachments.h"
#include "app/inference_types.h"
#include "app/message_model.h"
#include "app/message_tree.h"
#include "app/running_answers.h"
#include "app/token_counter.h"

namespace tercet {

class HistoryStore;
class Settings;
class Notice;

/// Knows no worker: it emits requests and takes what arrives under their ids. Everything that a person or the model wrote is
/// stored before it is acted on. An answer goes on being written, and stored, when another conversation is opened.
class ChatController : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(State state READ state NOTIFY stateChanged)
  Q_PROPERTY(bool canSend READ canSend NOTIFY stateChanged)                // model ready, nothing under way here, files read
  Q_PROPERTY(bool canStop READ canStop NOTIFY stateChanged)
  Q_PROPERTY(bool canChange READ canChange NOTIFY stateChanged)            // messages can be edited and deleted
  Q_PROPERTY(bool canRegenerate READ canRegenerate NOTIFY stateChanged)
  Q_PROPERTY(bool canContinue READ canContinue NOTIFY stateChanged)
  Q_PROPERTY(bool waiting READ waiting NOTIFY stateChanged)                // for an answer in another conversation
  Q_PROPERTY(qint64 conversation READ conversation NOTIFY conversationChanged)  // 0: not stored yet
  Q_PROPERTY(tercet::MessageModel* messages READ messages CONSTANT)
  Q_PROPERTY(QString title READ title NOTIFY titleChanged)
  Q_PROPERTY(QString draft READ draft WRITE setDraft NOTIFY draftChanged)
  Q_PROPERTY(tercet::DraftAttachments* attachments READ attachments CONSTANT)
  Q_PROPERTY(int draftTokens READ draftTokens NOTIFY draftTokensChanged)   // with its files; -1 not known
  Q_PROPERTY(bool contextShort READ contextShort NOTIFY draftTokensChanged)  // chat and draft fill four fifths of the context
  Q_PROPERTY(bool contextFull READ contextFull NOTIFY draftTokensChanged)    // they leave no room for an answer
  Q_PROPERTY(Editing editing READ editing NOTIFY draftChanged)             // what the draft is for
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
  enum class Editing { Nothing, Prompt, Answer };
  Q_ENUM(Editing)

  /// All outlive this.
  ChatController(HistoryStore* store, Settings* settings, Notice* notice, QObject* parent = nullptr);
  ~ChatController() override;

  State state() const;
  bool canSend() const { return (m_modelReady || editing() == Editing::Answer) && !m_draft.attachments()->reading() && !current(); }
  bool canStop() const;
  bool canChange() const { return !current() && m_branch.messages().count() > 0; }
  bool canRegenerate() const { return m_modelReady && canChange(); }
  bool canContinue() const;
  bool waiting() const;
  ConversationId conversation() const { return m_conversation; }
  MessageModel* messages() { return &m_branch.messages(); }
  const MessageModel* messages() const { return &m_branch.messages(); }
  const MessageTree& tree() const { return m_branch.tree(); }
  QString title() const { return m_title; }
  QString draft() const { return m_draft.text(); }
  void setDraft(const QString& draft) { m_draft.setText(draft); }
  Editing editing() const;
  DraftAttachments* attachments() { return m_draft.attachments(); }
  int draftTokens() const { return m_draft.tokens(); }
  bool contextShort() const;
  bool contextFull() const;
  double readingProgress() const;
  int readingSecondsLeft() const;
  double readingSpeed() const { return m_progress.readSpeed; }
  double writingSpeed() const { return m_progress.writeSpeed; }
  int firstTokenMs() const { return m_progress.firstTokenMs; }
  int contextUsed() const { return static_cast<int>(m_progress.contextUsed); }
  int contextTotal() const { return m_contextTotal; }
  int droppedMessages() const { return static_cast<int>(m_branch.dropped()); }
  const ChatSettings& chatSettings() const { return m_chatSettings; }
  /// Holds for the answers to come; stored with the conversation after a pause, or with the one that the next message begins.
  void setChatSettings(const ChatSettings& settings);
  /// The conversations that an answer is asked for in.
  std::vector<ConversationId> answering() const;

  /// The message in `row` comes into the draft to be changed; send() then makes a version of it. What was typed before waits.
  Q_INVOKABLE void beginEdit(int row);
  /// As beginEdit, for the last prompt of the branch that is shown.
  Q_INVOKABLE void editLastPrompt();
  Q_INVOKABLE void cancelEdit();
  /// Sends the draft and empties it, or ends editing. False, with the draft kept, when it is blank, cannot be stored or nothing can be sent now.
  Q_INVOKABLE bool send();
  /// Sends a text that was clicked. Where something is typed or attached, or nothing can be sent, it goes into the draft, behind what is there.
  Q_INVOKABLE void ask(const QString& text);
  Q_INVOKABLE void stop();
  /// Also the answers in other conversations.
  void stopAll();
  /// Writes the answer in `row` (the last one for -1) anew, beside what is there. Should that fail before the first word,
  /// the old answer is shown again.
  Q_INVOKABLE void regenerate(int row = -1);
  /// Goes on with the last answer, beside what is there.
  Q_INVOKABLE void continueAnswer();
  /// Writes an answer beside `id` that begins with `text`, whose token ids, when known, are `tokens`. False when that cannot
  /// be now.
  bool continueFrom(tercet::MessageId id, const QString& text, std::vector<TokenId> tokens);
  /// Puts a version of the answer beside `id` that says `text`, as a person wants it; `tokens` are the ids of that text for the
  /// model that is open, where they are known. False when that cannot be now.
  bool editAnswer(tercet::MessageId id, const QString& text, std::vector<TokenId> tokens = {});
  using Reading = ChatBranch::Reading;
  /// What the model reads of the branch that is shown, as ChatBranch does, with the system prompt of this chat and the model
  /// that is open.
  Reading readingUpTo(tercet::MessageId last) const;
  const QString& modelIdentity() const { return m_modelIdentity; }
  /// Shows the message `step` places before or after the one in `row`, and the branch below it.
  Q_INVOKABLE void showVersion(int row, int step);
  /// Leaves the message out. Notice::Action::Undo brings it back.
  Q_INVOKABLE void deleteMessage(int row);
  /// A new conversation with the messages up to `row`, which is then opened.
  Q_INVOKABLE void fork(int row);
  Q_INVOKABLE void newChat();
  Q_INVOKABLE void open(qint64 conversation);
  /// Opens a conversation at a message, on whatever branch it is. -1 when it is not there, else its row.
  Q_INVOKABLE int openAt(qint64 conversation, qint64 message);
  /// The raw text of a message to the clipboard.
  Q_INVOKABLE void copyMessage(int row) const;
  /// That of the last answer that says something; without one, the clipboard stays.
  Q_INVOKABLE void copyLastAnswer();

  /// Shows `conversation` if it is there, else the draft of a new one. For the start of the program.
  void openFirst(tercet::ConversationId conversation) { load(conversation); }
  /// The choice where a conversation is too long and was to ask: lets the oldest messages go, and asks again for the answer
  /// that was refused.
  void leaveOutOldest();
  /// Leaves a message out, or brings it back, in whatever conversation.
  void setMessageDeleted(tercet::ConversationId conversation, tercet::MessageId id, bool deleted);
  /// Stores what could not be stored.
  void retryStoring();
  /// Stores the draft and what is written. For the end of the program.
  void storeAll();

  // From the model controller.
  void setModelReady(bool ready);
  void setContextTotal(int tokens);
  /// For counting the draft.
  void setCountingModel(std::weak_ptr<const Model> model);
  /// Which model file answers from now on: token ids mean something to the one that wrote them only.
  void setModelIdentity(const QString& identity);
  /// What the old model had in its context means nothing to the new one.
  void onModelReplaced();

  // From the store.
  void onConversationChanged(tercet::ConversationId id);
  void onConversationPurged(tercet::ConversationId id);
  /// Messages came in, or went for good, that this did not add or take away: the conversation is read again, after an answer.
  void onMessagesChanged(tercet::ConversationId conversation);
  /// An import added some; they are shown a moment later.
  void onMessagesCameIn(tercet::ConversationId conversation);

  // From the worker; ids that are not awaited are dropped.
  void onTextArrived(tercet::RequestId id, const QString& delta);
  void onProgressed(tercet::RequestId id, const tercet::Progress& progress);
  void onFinished(tercet::RequestId id, const tercet::Outcome& outcome);

  /// Texts are written anew in the current language.
  void retranslate();

 Q_SIGNALS:
  void stateChanged();
  void conversationChanged();
  void chatSettingsChanged();
  void answeringChanged();
  /// An answer ended, in whatever conversation, by itself (not stopped), so many ms after it was asked for.
  void answered(tercet::ConversationId conversation, qint64 tookMs);
  void titleChanged();
  void draftChanged();
  void draftTokensChanged();
  void progressChanged();
  void contextChanged();
  void generateRequested(const tercet::GenerateRequest& request);

 private:
  RunningAnswer* current() const;
  bool shows(const RunningAnswer& answer) const { return answer.conversation == m_conversation; }
  bool begin(Message& question);
  bool request(RunningAnswer answer);
  GenerateRequest makeRequest(RunningAnswer& answer) const;
  void load(ConversationId id);
  void takeBackNotices();
  void showBranch();
  void showBranchOf(MessageId id);
  void readAgain();
  void branchChanged();
  void stopAnswer(RunningAnswer& answer);
  void setTitle(const QString& title);
  void noteHidden(MessageId old);
  void complete(RunningAnswer& answer, const Outcome& outcome, bool stopped);
  void fail(RunningAnswer& answer, const Error& error);
  void endAs(RunningAnswer& answer, Message::State state);
  void takeAwayAnswer(RunningAnswer& answer);
  void giveBackMessage(RunningAnswer& answer);
  bool editPrompt(MessageId id, const QString& text);
  void countBranch();
  void storeDraft();
  void storeSettings();
  void everythingChanged();

  HistoryStore* m_store;
  Settings* m_settings;
  Notice* m_notice;
  ChatBranch m_branch;
  mutable RunningAnswers m_answers;
  ChatDraft m_draft;
  ConversationId m_conversation = 0;
  QString m_title;
  ChatSettings m_chatSettings;
  bool m_settingsToStore = false;       // the chat's settings changed and are not stored yet
  std::optional<RunningAnswer> m_refused;  // asked for last, where the conversation was too long for it
  bool m_outOfDate = false;             // the conversation is to be read again
  QTimer m_readSoon;
  bool m_modelReady = false;
  QString m_modelIdentity;
  TokenCounter m_branchCounter;
  Progress m_progress;                  // of the conversation that is shown
  int m_contextTotal = 0;
  RequestId m_lastId = 0;               // ids handed out so far
};

}  // namespace tercet
