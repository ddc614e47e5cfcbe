// The messages of one conversation as a tree: what was edited, regenerated or continued stands beside what was there before.
#pragma once

#include <unordered_map>
#include <vector>

#include "app/message.h"

namespace tercet {

/// One branch is shown, from a first message down to the leaf. A deleted message stays in the tree and is passed over: what
/// follows it hangs, as far as anybody sees, on what stood before it. Pure values; who changes it also stores the change.
class MessageTree {
 public:
  void clear();
  /// Takes messages in any order, parents that are missing counting as none.
  void load(std::vector<Message> messages, MessageId leaf);
  /// Adds a message below its parent and makes it the leaf. Its id is new and not 0.
  void add(Message message);

  bool empty() const { return m_messages.empty(); }
  std::size_t size() const { return m_messages.size(); }
  /// Takes a message away that nothing hangs on; its parent is the leaf then.
  void remove(MessageId id);
  const Message* find(MessageId id) const;
  /// For changes of text, state and figures; id and parent stay. `id` exists.
  Message& at(MessageId id) { return m_messages.at(id); }

  MessageId leaf() const { return m_leaf; }
  /// Shows the branch that ends at `id`, or further down, where it was left last. Unknown ids are ignored.
  void showBranchOf(MessageId id);
  /// Shows the branch up to `id` and no further, for what is about to be added below it. 0: nothing.
  void showUpTo(MessageId id);

  /// The branch that is shown, from the first message, without deleted ones.
  std::vector<MessageId> path() const { return pathTo(m_leaf); }
  /// The messages from the first one down to `id`, whatever is shown, without deleted ones.
  std::vector<MessageId> pathTo(MessageId id) const;
  /// The messages at the same place as `id`, oldest first, with itself; deleted ones left out.
  std::vector<MessageId> siblings(MessageId id) const;
  /// The message before `id` that is not deleted; 0 at the beginning.
  MessageId parent(MessageId id) const;
  /// How many messages hang below `id`, on all branches, without deleted ones.
  std::size_t countBelow(MessageId id) const;
  /// All ids, parents before children.
  std::vector<MessageId> all() const;

  void setDeleted(MessageId id, qint64 deletedAt);
  /// The version to show in place of `id`, which was deleted and nothing that is shown hangs below: the one before it, or else the
  /// next; 0 when that is not so, or there is none.
  MessageId insteadOf(MessageId id) const;

 private:
  const std::vector<MessageId>& childrenOf(MessageId id) const;
  void collectChildren(MessageId id, std::vector<MessageId>& into) const;
  MessageId descend(MessageId id) const;
  void rememberPath();

  std::unordered_map<MessageId, Message> m_messages;
  std::unordered_map<MessageId, std::vector<MessageId>> m_children;  // in the order of creation; 0: first messages
  MessageId m_leaf = 0;
};

}  // namespace tercet
