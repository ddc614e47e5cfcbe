// Conversations to export, with everything that can be in one.
#pragma once

#include <QString>

#include <limits>

#include "app/storage/import_queue.h"

namespace tercet::test {

inline Message message(MessageId id, MessageId parent, Message::Author author, const QString& text) {
  Message made;
  made.id = id;
  made.parent = parent;
  made.author = author;
  made.text = text;
  made.createdAt = 1700000000000 + id;
  return made;
}

/// As an import stores them.
inline bool storeAll(HistoryStore& history, std::vector<FiledConversation> conversations) {
  ImportQueue queue(&history);
  queue.add(std::move(conversations));
  while (!queue.empty()) {
    if (!queue.storeSome()) return false;
  }
  return true;
}

/// A tree of two branches with every kind of thing in it.
inline FiledConversation everything() {
  using Author = Message::Author;
  FiledConversation filed;
  ConversationInfo& info = filed.conversation.info;
  info.title = QStringLiteral("¿Qué? <b>\"Ünïcode\"</b> \U0001F680 / \\ : *");
  info.ownTitle = true;
  info.pinned = true;
  info.createdAt = 1700000000001;
  info.updatedAt = 1700000009999;
  info.settings.persona = QStringLiteral("Poet");
  info.settings.model = QStringLiteral("/models/m.gguf");
  info.settings.systemPrompt = QStringLiteral("Be\nbrief.");
  info.settings.temperature = 0.7;
  info.settings.topK = 40;
  info.settings.topP = 0.95;
  info.settings.minP = 0.05;
  info.settings.repeatPenalty = 1.1;
  info.settings.maxTokens = 512;
  info.settings.seed = QStringLiteral("18446744073709551615");
  info.settings.policy = ContextPolicy::Ask;
  filed.folder = QStringLiteral("Work & play");

  Message question = message(10, 0, Author::User, QStringLiteral("line\r\n\ttab \u2028 ").append(QChar(0)) + QStringLiteral("\U0001F680"));
  question.attachments = {{QStringLiteral("a.txt"), QStringLiteral("one\ntwo")}, {QStringLiteral("b"), QString()}};
  question.lastChild = 12;
  Message first = message(11, 10, Author::Assistant, QStringLiteral("```py\nprint(1)\n```"));
  first.tokens = {0, 1, 128255, std::numeric_limits<TokenId>::max()};
  first.stats = {.tokens = 3, .promptTokens = 9, .tokensPerSecond = 24.123456789012345, .firstTokenMs = 250,
                 .seed = std::numeric_limits<std::uint64_t>::max(), .threads = 4, .model = QStringLiteral("M"),
                 .modelIdentity = QStringLiteral("1-2"), .known = true};
  Message second = message(12, 10, Author::Assistant, QStringLiteral("other"));
  second.state = Message::State::Stopped;
  second.edited = true;
  second.lastChild = 13;
  Message third = message(13, 12, Author::User, QStringLiteral("deleted"));
  third.deletedAt = 1700000005000;
  third.lastChild = 14;
  Message last = message(14, 13, Author::Assistant, QStringLiteral("| a | b |\n|---|---|\n| 1 | 2 |"));
  last.state = Message::State::ContextFull;
  info.leaf = 14;
  filed.conversation.messages = {question, first, second, third, last};
  return filed;
}

/// A short conversation, another for each number.
inline FiledConversation numbered(int number) {
  FiledConversation filed;
  filed.conversation.info.title = QStringLiteral("Chat %1").arg(number);
  filed.conversation.info.createdAt = filed.conversation.info.updatedAt = 1700000000000 + number * 60000;
  filed.conversation.info.leaf = 2;
  filed.conversation.messages = {message(1, 0, Message::Author::User, QStringLiteral("question %1").arg(number)),
                                 message(2, 1, Message::Author::Assistant, QStringLiteral("answer %1").arg(number))};
  filed.conversation.messages[0].lastChild = 2;
  return filed;
}

}  // namespace tercet::test
