// The messages of the conversation that is open: all of them as a tree, the branch that is shown, and what the model reads of it.
#pragma once

#include <QString>

#include <cstdint>
#include <vector>

#include "app/message_model.h"
#include "app/message_tree.h"
#include "engine/session.h"

namespace tercet {

class HistoryStore;

/// What changes in the tree is shown with show().
class ChatBranch {
 public:
  /// What the model reads of a branch.
  struct Reading {
    std::vector<ChatMessage> messages;  // the system prompt first, if there is one
    std::vector<MessageId> sent;        // the messages besides it, without the last
    std::uint32_t dropped = 0;          // the oldest of them that it no longer sees
  };

  /// `store` outlives this.
  explicit ChatBranch(HistoryStore* store);

  MessageTree& tree() { return m_tree; }
  const MessageTree& tree() const { return m_tree; }
  MessageModel& messages() { return m_messages; }
  const MessageModel& messages() const { return m_messages; }
  /// The message in `row`, if there is such a row.
  const Message* shown(int row) const;
  /// The message `step` places before or after `id` among those at its place; 0 when there is none.
  MessageId beside(MessageId id, int step) const;

  void clear();
  /// Stores a message of `conversation` and adds it to the tree; it then has its id. False when it could not be stored.
  bool add(ConversationId conversation, Message& message);
  /// The rows of the branch, with what is written so far.
  void show();
  /// The rows down to `row` as the messages of a conversation of their own, each below the one before.
  std::vector<Message> copyUpTo(int row) const;

  /// The model no longer sees the first `dropped` of the messages that were `sent`.
  void setDropped(std::uint32_t dropped, const std::vector<MessageId>& sent);
  std::uint32_t dropped() const { return m_dropped; }
  /// As the last answer of the branch that is shown has it, if the model `identity` wrote that. After show().
  void recallDropped(const QString& identity);

  /// Down to `last`, which is left out when nothing of it is written; 0: no message yet. Of an answer, its tokens count where the model
  /// `identity` wrote them; of `last` they count as they are.
  Reading readingUpTo(MessageId last, const QString& systemPrompt, const QString& identity) const;

 private:
  /// Whether a model reads anything of it: an answer that was stopped before its first word says nothing.
  static bool isRead(const Message& message) { return message.author == Message::Author::User || !message.text.isEmpty(); }

  HistoryStore* m_store;
  MessageTree m_tree;
  MessageModel m_messages;
  std::uint32_t m_dropped = 0;  // oldest messages of the last request that the model no longer sees
};

}  // namespace tercet
