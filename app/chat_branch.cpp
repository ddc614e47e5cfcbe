#include "app/chat_branch.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

#include "app/prompt_text.h"
#include "app/storage/history_store.h"
#include "app/well_formed.h"

namespace tercet {

ChatBranch::ChatBranch(HistoryStore* store) : m_store(store) {}

const Message* ChatBranch::shown(int row) const {
  return row >= 0 && row < m_messages.count() ? &m_messages.at(row) : nullptr;
}

MessageId ChatBranch::beside(MessageId id, int step) const {
  const std::vector<MessageId> siblings = m_tree.siblings(id);
  const auto here = std::find(siblings.begin(), siblings.end(), id);
  const auto wanted = (here - siblings.begin()) + step;
  const bool there = wanted >= 0 && wanted < static_cast<std::ptrdiff_t>(siblings.size());
  return there ? siblings[static_cast<std::size_t>(wanted)] : 0;
}

void ChatBranch::clear() {
  m_tree.clear();
  m_messages.clear();
  m_dropped = 0;
}

bool ChatBranch::add(ConversationId conversation, Message& message) {
  message.createdAt = QDateTime::currentMSecsSinceEpoch();
  message.id = m_store->addMessage(conversation, message);
  if (message.id != 0) m_tree.add(message);
  return message.id != 0;
}

void ChatBranch::show() {
  std::vector<MessageModel::Row> rows;
  for (const MessageId id : m_tree.path()) {
    const std::vector<MessageId> siblings = m_tree.siblings(id);
    const auto here = std::find(siblings.begin(), siblings.end(), id);
    rows.push_back({*m_tree.find(id), static_cast<int>(here - siblings.begin()) + 1, static_cast<int>(siblings.size())});
  }
  m_messages.show(std::move(rows));
}

std::vector<Message> ChatBranch::copyUpTo(int row) const {
  std::vector<Message> copy;
  for (int i = 0; i <= row; ++i) {
    copy.push_back(m_messages.at(i));
    copy.back().parent = i == 0 ? 0 : m_messages.at(i - 1).id;
  }
  return copy;
}

void ChatBranch::setDropped(std::uint32_t dropped, const std::vector<MessageId>& sent) {
  m_dropped = std::min(dropped, static_cast<std::uint32_t>(sent.size()));
  m_messages.setForgottenBefore(m_dropped > 0 ? m_messages.rowOf(sent[m_dropped - 1]) + 1 : 0);
}

void ChatBranch::recallDropped(const QString& identity) {
  std::vector<MessageId> read;  // before the last answer
  std::uint32_t dropped = 0;
  std::vector<MessageId> sent;
  for (int row = 0; row < m_messages.count(); ++row) {
    const Message& message = m_messages.at(row);
    if (message.stats.known && message.stats.modelIdentity == identity) dropped = message.stats.forgotten, sent = read;
    if (isRead(message)) read.push_back(message.id);
  }
  setDropped(dropped, sent);
}

ChatBranch::Reading ChatBranch::readingUpTo(MessageId last, const QString& systemPrompt, const QString& identity) const {
  Reading reading;
  if (!systemPrompt.trimmed().isEmpty()) reading.messages.push_back({Role::System, wellFormed(systemPrompt).toStdString(), {}});
  for (const MessageId id : m_tree.pathTo(last)) {
    const Message& message = *m_tree.find(id);
    const bool user = message.author == Message::Author::User, isLast = id == last;
    const bool known = isLast || message.stats.modelIdentity == identity;
    // One to go on with may begin with a part of a character.
    if (isRead(message) || (isLast && !message.tokens.empty())) {
      reading.messages.push_back({user ? Role::User : Role::Assistant,
                                  promptText(message.text, message.attachments).toStdString(),
                                  known ? message.tokens : std::vector<TokenId>{}});
      if (!isLast) reading.sent.push_back(id);
    }
  }
  reading.dropped = std::min(m_dropped, static_cast<std::uint32_t>(reading.sent.size()));
  return reading;
}

}  // namespace tercet
