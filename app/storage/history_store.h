// Conversations and messages on the disk. What a method wrote is there when it returns, also after a power cut.
#pragma once

#include <QObject>
#include <QString>

#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/chat_settings.h"
#include "app/message.h"
#include "app/storage/database.h"
#include "app/storage/recovery.h"

namespace tercet {

/// A conversation without its messages.
struct ConversationInfo {
  ConversationId id = 0;
  QString title;
  bool ownTitle = false;     // given by the person
  qint64 folder = 0;         // 0: none
  bool pinned = false;
  ChatSettings settings = {};
  MessageId leaf = 0;        // the end of the branch that is shown
  qint64 createdAt = 0;      // ms since 1970, UTC, as all times here
  qint64 updatedAt = 0;      // of the newest message
  qint64 deletedAt = 0;      // 0: not deleted
};

/// As much of a conversation as a list of thousands needs.
struct ConversationSummary {
  ConversationId id = 0;
  QString title;
  qint64 folder = 0;
  bool pinned = false;
  bool unread = false;       // an answer came that has not been looked at
  bool deleted = false;
  qint64 updatedAt = 0;
};

struct Folder {
  qint64 id = 0;
  QString name;
  bool collapsed = false;  // only its name is shown
};

/// A conversation or a single message among the recently deleted.
struct DeletedItem {
  ConversationId conversation = 0;
  MessageId message = 0;     // 0: the conversation as a whole
  QString title;             // of the conversation
  QString text;              // how the message begins
  qint64 deletedAt = 0;
};

/// A conversation as a whole, for export and import. Ids of messages only say what hangs on what.
struct Conversation {
  ConversationInfo info;
  std::vector<Message> messages;
};

/// Synchronous, on the GUI thread. A method that fails changes nothing, emits `failed` and returns false, 0 or nothing.
class HistoryStore : public QObject {
  Q_OBJECT

 public:
  explicit HistoryStore(QObject* parent = nullptr);
  ~HistoryStore() override;

  /// The file in a data directory.
  static QString fileIn(const QString& dataDir);

  /// Does a long piece of work and returns when it is done.
  using LongWork = std::function<void(const std::function<void()>& work)>;
  /// The recovery of a damaged file, which may take minutes, is given to `run`: it may do it on another thread while a window tells of it.
  /// Without one the recovery is done where `open` is called.
  void setLongWork(LongWork run) { m_longWork = std::move(run); }

  /// Opens `path` (created when absent). Answers that were being written become Interrupted with the text that had been
  /// stored: nobody else may have the file open. A damaged file is kept aside and what can be read of it is saved; see
  /// `recovered`. False after `failed`: then the file can at best be read, and isOpen says whether.
  bool open(const QString& path);
  /// A second connection to a file that is open elsewhere, on any thread, which stays this store's. False after `failed`.
  bool openReadOnly(const QString& path);
  void close();
  bool isOpen() const { return m_database.isOpen(); }
  /// False while the file can only be read. What wants to write then fails for the reason that opening failed for.
  bool isWritable() const { return isOpen() && !m_refusal; }
  /// At the next opening the file counts as damaged, whatever opening itself meets.
  void markDamaged();
  /// For the other stores of the same file (search, personas, prompts).
  Database& database() { return m_database; }
  /// Passes `ok` on, after `failed` with the database's last error when it is false. For those stores, too.
  bool done(bool ok);

  // Conversations
  /// Stores a conversation without messages and returns its id; `info.id` is not used, a time of 0 means now.
  ConversationId addConversation(const ConversationInfo& info);
  std::optional<ConversationInfo> conversation(ConversationId id);
  /// A title given by the person; an empty one goes back to the first words.
  bool rename(ConversationId id, const QString& title, bool ownTitle);
  bool setPinned(ConversationId id, bool pinned);
  bool setFolder(ConversationId id, qint64 folder);
  /// An answer came that has not been looked at, or it has been now. No conversationChanged is sent.
  bool setUnread(ConversationId id, bool unread);
  bool setSettings(ConversationId id, const ChatSettings& settings);
  /// A persona has another reference now: all conversations that have it follow. No conversationChanged is sent.
  bool renamePersona(const QString& before, const QString& after);
  /// Moves to the recently deleted, or back.
  bool setConversationDeleted(ConversationId id, bool deleted);
  /// Deletes for good what has been among the recently deleted since before `before`. What cannot go keeps nothing else.
  bool purgeDeletedBefore(qint64 before);
  /// Deletes a conversation for good.
  bool purge(ConversationId id);
  /// Those that are not deleted, newest first: so many (-1: all) after `last`, or from the newest.
  std::vector<ConversationSummary> summaries(int limit = -1, const std::optional<ConversationSummary>& last = {});
  /// Those that are pinned or in a folder that is open, in any order; not the deleted.
  std::vector<ConversationSummary> summariesApart();
  std::optional<ConversationSummary> summary(ConversationId id);
  /// What the person wrote first; empty when there is nothing.
  QString firstQuestion(ConversationId id);
  /// The recently deleted, newest first. Of a deleted conversation no single messages.
  std::vector<DeletedItem> deletedItems();

  // Folders
  std::vector<Folder> folders();
  qint64 addFolder(const QString& name);
  bool renameFolder(qint64 id, const QString& name);
  bool setFolderCollapsed(qint64 id, bool collapsed);
  /// Its conversations are in no folder then; no conversationChanged is sent for them.
  bool removeFolder(qint64 id);

  // Messages
  /// All of a conversation, parents before children, with deleted ones; in no other order than that.
  std::vector<Message> messages(ConversationId id);
  /// Stores a message (`message.id` is not used, a createdAt of 0 means now), makes it the end of the shown branch, and
  /// returns its id. An answer under way is stored without its text: that comes with appendToAnswer and endAnswer.
  MessageId addMessage(ConversationId conversation, const Message& message);
  /// Adds to an answer under way. The cost does not depend on how long it already is.
  bool appendToAnswer(MessageId id, const QString& piece);
  /// The answer is `message` now: text, state, tokens, figures.
  bool endAnswer(ConversationId conversation, const Message& message);
  /// Removes a message that was never shown as sent, with what hangs on it. For taking back, not for deleting.
  bool takeBack(ConversationId conversation, MessageId id);
  bool setMessageDeleted(ConversationId conversation, MessageId id, bool deleted);
  /// Deletes a message for good. What hangs on it hangs on its parent then.
  bool purgeMessage(ConversationId conversation, MessageId id);
  /// Which branch is shown: its end, and for every fork above it the child that leads there.
  bool setLeaf(ConversationId conversation, MessageId leaf);

  /// A whole conversation in one go, with new ids; returns the new id.
  ConversationId addWhole(const Conversation& conversation);
  std::optional<Conversation> whole(ConversationId id);

  // Conversations that come in a part at a time; see ImportQueue.
  /// Ids of messages of one conversation, by their ids in another.
  using MessageIds = std::unordered_map<MessageId, MessageId>;
  struct Incoming {
    Conversation conversation;
    ConversationId id = 0;         // the stored one that gets what it lacks of it; 0: it becomes a new one
    MessageIds ids = {};           // of its messages in the store, by their ids in `conversation`
    std::size_t next = 0;          // of its messages: the first that was not looked at
    MessageIds lastChildren = {};  // by the id of a message to come: the stored one whose last child it is
    bool stored() const { return id != 0 && next == conversation.messages.size(); }
  };
  struct Arrival {
    ConversationId id = 0;
    bool isNew = false;
  };
  static constexpr qsizetype kMessageRoom = 1'000;
  /// Stores its next messages, on what they hang on there, until `room` is used up: kMessageRoom and the characters of each and its files.
  /// What is stored already stays as it is; the shown branch grows when the other one's goes on from its end. Part of a
  /// transaction, after which `announce` tells of the `arrivals`. Should the transaction fail, `incoming` is of no use any more.
  bool addPart(Incoming& incoming, qsizetype& room, std::vector<Arrival>& arrivals);
  void announce(const std::vector<Arrival>& arrivals);

  // Drafts
  QString draft(ConversationId id);
  bool setDraft(ConversationId id, const QString& text);
  std::vector<Attachment> draftAttachments(ConversationId id);
  bool setDraftAttachments(ConversationId id, const std::vector<Attachment>& files);

 Q_SIGNALS:
  void conversationAdded(tercet::ConversationId id);
  /// Title, place, time or deletion changed; not sent for every message of a running answer.
  void conversationChanged(tercet::ConversationId id);
  /// Gone for good.
  void conversationPurged(tercet::ConversationId id);
  /// Single messages are gone for good; sent once, however many they were.
  void messagePurged(tercet::ConversationId conversation);
  /// A conversation that was there has more messages.
  void messagesCameIn(tercet::ConversationId conversation);
  void foldersChanged();
  void failed(const tercet::StorageError& error);
  /// open met a damaged file; a sound one is in its place now.
  void recovered(const tercet::Recovery& recovery);

 private:
  std::optional<StorageError> openFile(const QString& path);
  bool endInterrupted();
  bool rememberGone();
  std::vector<ConversationSummary> summariesOf(QSqlQuery query);
  ConversationId insertConversation(const ConversationInfo& info);
  MessageId nextMessageId(ConversationId conversation, qint64 time);
  MessageId insertMessage(ConversationId conversation, const Message& message);
  std::optional<MessageId> parentOf(const Message& message, const Incoming& incoming);
  bool insertNext(Incoming& incoming);
  bool showEnd(const Incoming& incoming);
  bool moveLeaf(ConversationId conversation, MessageId leaf);
  bool touch(ConversationId conversation, qint64 time);
  bool unhang(MessageId id);
  bool purgeMessages(ConversationId conversation, const std::vector<MessageId>& ids);
  bool changeFolders(const QString& sql, std::initializer_list<QVariant> values);
  bool updateConversation(ConversationId id, const QString& set, std::initializer_list<QVariant> values);

  Database m_database;
  LongWork m_longWork;
  std::optional<StorageError> m_refusal;  // why the file cannot be written, or not be opened at all
};

}  // namespace tercet

Q_DECLARE_METATYPE(tercet::StorageError)
