#include "app/message_tree.h"

#include <algorithm>
#include <utility>

namespace tercet {

void MessageTree::clear() {
  m_messages.clear();
  m_children.clear();
  m_leaf = 0;
}

void MessageTree::load(std::vector<Message> messages, MessageId leaf) {
  clear();
  std::sort(messages.begin(), messages.end(), [](const Message& a, const Message& b) { return a.id < b.id; });
  for (Message& message : messages) {
    const MessageId id = message.id;
    // Ids grow, so a parent comes first; whatever else a damaged table says would make a circle.
    if (!m_messages.contains(message.parent)) message.parent = 0;
    m_children[message.parent].push_back(id);
    m_messages.emplace(id, std::move(message));
  }
  if (m_messages.contains(leaf)) {
    m_leaf = leaf;
  } else {
    m_leaf = descend(0);
  }
}

void MessageTree::add(Message message) {
  const MessageId id = message.id;
  m_children[message.parent].push_back(id);
  m_messages.insert_or_assign(id, std::move(message));
  m_leaf = id;
  rememberPath();
}

void MessageTree::remove(MessageId id) {
  const auto found = m_messages.find(id);
  if (found == m_messages.end() || !childrenOf(id).empty()) return;
  const MessageId above = found->second.parent;
  std::erase(m_children[above], id);
  m_messages.erase(found);
  if (m_leaf == id) m_leaf = above;
}

const Message* MessageTree::find(MessageId id) const {
  const auto found = m_messages.find(id);
  return found == m_messages.end() ? nullptr : &found->second;
}

const std::vector<MessageId>& MessageTree::childrenOf(MessageId id) const {
  static const std::vector<MessageId> kNone;
  const auto found = m_children.find(id);
  return found == m_children.end() ? kNone : found->second;
}

/// Those of a deleted child count as children themselves. In the order of creation: ids grow.
void MessageTree::collectChildren(MessageId id, std::vector<MessageId>& into) const {
  std::vector<MessageId> open = childrenOf(id);
  while (!open.empty()) {
    const MessageId child = open.back();
    open.pop_back();
    if (m_messages.at(child).deletedAt == 0) {
      into.push_back(child);
    } else {
      const auto& below = childrenOf(child);
      open.insert(open.end(), below.begin(), below.end());
    }
  }
  std::sort(into.begin(), into.end());
}

/// From `id` down to where the branch was left last, or along the newest messages.
MessageId MessageTree::descend(MessageId id) const {
  for (;;) {
    const auto& children = childrenOf(id);
    if (children.empty()) return id;
    const Message* message = find(id);
    const bool known = message && std::find(children.begin(), children.end(), message->lastChild) != children.end();
    id = known ? message->lastChild : children.back();
  }
}

void MessageTree::showBranchOf(MessageId id) {
  if (!m_messages.contains(id)) return;
  m_leaf = descend(id);
  rememberPath();
}

void MessageTree::showUpTo(MessageId id) {
  m_leaf = m_messages.contains(id) ? id : 0;
  rememberPath();
}

void MessageTree::rememberPath() {
  for (MessageId id = m_leaf; id != 0;) {
    const MessageId above = m_messages.at(id).parent;
    if (above != 0) m_messages.at(above).lastChild = id;
    id = above;
  }
}

std::vector<MessageId> MessageTree::pathTo(MessageId id) const {
  std::vector<MessageId> path;
  if (!m_messages.contains(id)) return path;
  for (; id != 0; id = m_messages.at(id).parent) {
    if (m_messages.at(id).deletedAt == 0) path.push_back(id);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

MessageId MessageTree::parent(MessageId id) const {
  const Message* message = find(id);
  for (id = message ? message->parent : 0; id != 0 && m_messages.at(id).deletedAt != 0;) id = m_messages.at(id).parent;
  return id;
}

std::vector<MessageId> MessageTree::siblings(MessageId id) const {
  std::vector<MessageId> all;
  collectChildren(parent(id), all);
  return all;
}

std::size_t MessageTree::countBelow(MessageId id) const {
  std::size_t count = 0;
  std::vector<MessageId> open = childrenOf(id);
  while (!open.empty()) {
    const MessageId below = open.back();
    open.pop_back();
    if (m_messages.at(below).deletedAt == 0) ++count;
    const auto& children = childrenOf(below);
    open.insert(open.end(), children.begin(), children.end());
  }
  return count;
}

std::vector<MessageId> MessageTree::all() const {
  std::vector<MessageId> ids;
  ids.reserve(m_messages.size());
  for (const auto& [id, message] : m_messages) ids.push_back(id);
  std::sort(ids.begin(), ids.end());  // ids grow: parents come before children
  return ids;
}

void MessageTree::setDeleted(MessageId id, qint64 deletedAt) {
  if (m_messages.contains(id)) m_messages.at(id).deletedAt = deletedAt;
}

MessageId MessageTree::insteadOf(MessageId id) const {
  const Message* deleted = find(id);
  if (!deleted) return 0;
  MessageId below = m_leaf;
  while (below != 0 && below != id && m_messages.at(below).deletedAt != 0) below = m_messages.at(below).parent;
  if (below != id) return 0;
  MessageId found = 0;
  for (const MessageId other : siblings(id)) {  // oldest first
    if (other == id || m_messages.at(other).author != deleted->author) continue;
    if (found != 0 && other > id) break;
    found = other;
  }
  return found;
}

}  // namespace tercet
