#include "app/export/chatgpt.h"

#include <QCoreApplication>
#include <QHash>
#include <QJsonArray>
#include <QSet>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "app/chat_title.h"
#include "app/well_formed.h"

namespace tercet {
namespace {

using Cause = TransferError::Cause;

constexpr qsizetype kLongestTitle = 500;  // characters

/// Notes that stand for what is not text.
class ChatGptText {
  Q_DECLARE_TR_FUNCTIONS(ChatGptText)

 public:
  static QString picture() { return tr("[image]"); }
  static QString sound() { return tr("[voice message]"); }
  //: %1: the name of a file that was sent along
  static QString file(const QString& name) { return tr("[file: %1]").arg(name); }
  //: %1: the technical name of a kind of content, for example "canvas"
  static QString other(const QString& kind) { return tr("[%1: not text]").arg(kind); }
};

/// Seconds since 1970 as ms; 0 for what is no time between 1970 and 9999.
qint64 timeOf(const QJsonValue& value) {
  const double seconds = value.toDouble();
  constexpr double kYear10000 = 253402300800.0;
  return std::isfinite(seconds) && seconds > 0 && seconds < kYear10000 ? std::llround(seconds * 1000) : 0;
}

/// Without the marks of citations, which stand between two characters of the private area and name nothing outside ChatGPT.
QString withoutMarks(const QString& text) {
  constexpr QChar kOpen(0xE200), kClose(0xE201);
  constexpr qsizetype kLongest = 1000;
  QString out;
  qsizetype from = 0;
  for (qsizetype open = text.indexOf(kOpen); open >= 0; open = text.indexOf(kOpen, from)) {
    const qsizetype close = text.indexOf(kClose, open);
    const bool mark = close >= 0 && close - open <= kLongest;
    out += QStringView(text).sliced(from, open - from);
    from = mark ? close + 1 : open + 1;
    if (close < 0) break;  // looking again for what is not there would cost more with each
  }
  out += QStringView(text).sliced(from);
  return out;
}

QString partText(const QJsonValue& part) {
  if (part.isString()) return part.toString();
  if (!part.isObject()) return {};
  const QJsonObject json = part.toObject();
  const QString kind = json[QStringLiteral("content_type")].toString();
  if (kind == QLatin1String("audio_transcription") || kind == QLatin1String("text")) return json[QStringLiteral("text")].toString();
  if (kind.contains(QLatin1String("image"))) return ChatGptText::picture();
  if (kind.contains(QLatin1String("audio")) || kind.contains(QLatin1String("video"))) return ChatGptText::sound();
  return kind.isEmpty() ? QString() : ChatGptText::other(kind.left(60));
}

QString fenced(const QString& code, const QString& language) {
  QString fence = QStringLiteral("```");
  while (code.contains(fence)) fence += QLatin1Char('`');
  const QString word = language == QLatin1String("unknown") ? QString() : language.simplified().left(40);
  return fence + word + QLatin1Char('\n') + code + QLatin1Char('\n') + fence;
}

QString contentText(const QJsonObject& content) {
  const QString kind = content[QStringLiteral("content_type")].toString();
  if (kind == QLatin1String("code")) return fenced(content[QStringLiteral("text")].toString(), content[QStringLiteral("language")].toString());
  QStringList parts;
  for (const QJsonValue part : content[QStringLiteral("parts")].toArray()) {
    if (const QString text = partText(part); !text.isEmpty()) parts << text;
  }
  if (parts.isEmpty()) parts << content[QStringLiteral("text")].toString();
  return parts.join(QStringLiteral("\n\n"));
}

/// What ChatGPT keeps to itself: instructions, thoughts, what a person told about themselves.
bool isHidden(const QJsonObject& message) {
  static const QSet<QString> kInner{QStringLiteral("thoughts"), QStringLiteral("reasoning_recap"), QStringLiteral("model_editable_context"),
                                    QStringLiteral("user_editable_context"), QStringLiteral("execution_output"),
                                    QStringLiteral("tether_quote"), QStringLiteral("tether_browsing_display"), QStringLiteral("system_error")};
  if (message[QStringLiteral("metadata")].toObject()[QStringLiteral("is_visually_hidden_from_conversation")].toBool()) return true;
  const QString recipient = message[QStringLiteral("recipient")].toString();
  if (!recipient.isEmpty() && recipient != QLatin1String("all")) return true;  // what the assistant told a tool
  return kInner.contains(message[QStringLiteral("content")].toObject()[QStringLiteral("content_type")].toString());
}

/// Nothing for what is passed over.
std::optional<Message> messageOf(const QJsonObject& json) {
  const QString role = json[QStringLiteral("author")].toObject()[QStringLiteral("role")].toString();
  const bool user = role == QLatin1String("user");
  if ((!user && role != QLatin1String("assistant")) || isHidden(json)) return std::nullopt;
  Message message;
  message.author = user ? Message::Author::User : Message::Author::Assistant;
  QStringList texts{withoutMarks(contentText(json[QStringLiteral("content")].toObject()))};
  for (const QJsonValue file : json[QStringLiteral("metadata")].toObject()[QStringLiteral("attachments")].toArray()) {
    const QString name = file.toObject()[QStringLiteral("name")].toString().simplified().left(200);
    if (!name.isEmpty()) texts << ChatGptText::file(name);
  }
  texts.removeAll(QString());
  message.text = wellFormed(texts.join(QStringLiteral("\n\n")));
  if (message.text.trimmed().isEmpty()) return std::nullopt;
  message.createdAt = timeOf(json[QStringLiteral("create_time")]);
  return message;
}

/// Walks the mapping from its beginnings down, each node once: a node that points to one of its ancestors is no child.
class TreeReader {
 public:
  explicit TreeReader(const QJsonObject& mapping) : m_mapping(mapping) {
    QStringList roots;
    for (auto node = mapping.begin(); node != mapping.end(); ++node) {
      const QString parent = node.value().toObject()[QStringLiteral("parent")].toString();
      if (!mapping.contains(parent)) {
        roots << node.key();
      } else {
        m_children[parent] << node.key();
      }
    }
    orderByTime(roots);
    std::for_each(roots.rbegin(), roots.rend(), [&](const QString& root) { m_open.push_back({root, 0, 0}); });
  }

  std::vector<Message> read(qint64 begun) {
    while (!m_open.empty()) {
      const Node node = std::exchange(m_open.back(), {});
      m_open.pop_back();
      if (m_kept.contains(node.key)) continue;
      take(node, begun);
    }
    return std::move(m_messages);
  }
  /// The message at `node`, or the nearest before it that was kept; 0 for none.
  MessageId keptAt(const QString& node) const { return m_kept.value(node, 0); }

 private:
  struct Node {
    QString key;
    MessageId above = 0;  // the kept message before it
    qint64 time = 0;      // of that one
  };

  void take(const Node& node, qint64 begun) {
    const QJsonObject json = m_mapping[node.key].toObject();
    Node below{{}, node.above, node.time};
    if (std::optional<Message> message = messageOf(json[QStringLiteral("message")].toObject())) {
      message->id = static_cast<MessageId>(m_messages.size()) + 1;
      message->parent = node.above;
      if (message->createdAt == 0) message->createdAt = node.time != 0 ? node.time : begun;
      below.above = message->id;
      below.time = message->createdAt;
      m_messages.push_back(std::move(*message));
    }
    m_kept.insert(node.key, below.above);
    const QStringList children = childrenOf(node.key, json);
    std::for_each(children.rbegin(), children.rend(), [&](const QString& child) { m_open.push_back({child, below.above, below.time}); });
  }

  /// In the order that the node gives, then those that only name it as their parent.
  QStringList childrenOf(const QString& key, const QJsonObject& json) const {
    QStringList children;
    QSet<QString> seen;
    for (const QJsonValue child : json[QStringLiteral("children")].toArray()) {
      const QString name = child.toString();
      const QString parent = m_mapping[name].toObject()[QStringLiteral("parent")].toString();
      if (m_mapping.contains(name) && parent == key && !seen.contains(name)) {
        children << name;
        seen.insert(name);
      }
    }
    QStringList rest = m_children.value(key);
    rest.removeIf([&](const QString& name) { return seen.contains(name); });
    orderByTime(rest);
    return children + rest;
  }

  void orderByTime(QStringList& nodes) const {
    std::stable_sort(nodes.begin(), nodes.end(), [&](const QString& a, const QString& b) { return timeAt(a) < timeAt(b); });
  }
  qint64 timeAt(const QString& node) const {
    return timeOf(m_mapping[node].toObject()[QStringLiteral("message")].toObject()[QStringLiteral("create_time")]);
  }

  const QJsonObject m_mapping;
  QHash<QString, QStringList> m_children;
  QHash<QString, MessageId> m_kept;  // the nodes that were met, and what stands at or before them
  std::vector<Node> m_open;
  std::vector<Message> m_messages;
};

}  // namespace

bool isChatGpt(const QJsonObject& json) { return json[QStringLiteral("mapping")].isObject(); }

std::optional<Conversation> conversationFromChatGpt(const QJsonObject& json, TransferError& error) {
  if (!isChatGpt(json)) {
    error = {Cause::NotOurs, QStringLiteral("mapping is missing")};
    return std::nullopt;
  }
  Conversation conversation;
  ConversationInfo& info = conversation.info;
  info.title = wellFormed(json[QStringLiteral("title")].toString()).simplified().left(kLongestTitle);
  info.createdAt = timeOf(json[QStringLiteral("create_time")]);
  TreeReader tree(json[QStringLiteral("mapping")].toObject());
  conversation.messages = tree.read(info.createdAt);
  if (conversation.messages.empty()) {
    error = {Cause::Invalid, QStringLiteral("no message of a person or the assistant")};
    return std::nullopt;
  }
  info.leaf = tree.keptAt(json[QStringLiteral("current_node")].toString());
  if (info.leaf == 0) info.leaf = conversation.messages.back().id;
  info.ownTitle = !info.title.isEmpty();
  if (!info.ownTitle) info.title = titleFor(conversation.messages.front().text);
  if (info.createdAt == 0) info.createdAt = conversation.messages.front().createdAt;
  info.updatedAt = std::max(timeOf(json[QStringLiteral("update_time")]), info.createdAt);
  return conversation;
}

}  // namespace tercet
