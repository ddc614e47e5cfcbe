#include "app/export/conversation_json.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <limits>
#include <unordered_map>
#include <utility>

#include "app/export/portable_text.h"
#include "app/storage/message_row.h"
#include "app/well_formed.h"

namespace tercet {
namespace {

using Cause = TransferError::Cause;

constexpr int kMostMessages = 200'000;

QByteArray compact(const QJsonObject& json) { return QJsonDocument(json).toJson(QJsonDocument::Compact); }

/// The number of each message in the file, and the children on the shown branch, which the leaf decides.
struct Numbers {
  explicit Numbers(const Conversation& conversation) {
    for (const Message& message : conversation.messages) of.emplace(message.id, static_cast<int>(of.size()) + 1);
    std::unordered_map<MessageId, MessageId> parents;
    for (const Message& message : conversation.messages) parents.emplace(message.id, message.parent);
    for (MessageId id = conversation.info.leaf; parents.contains(id) && !shownChild.contains(parents[id]);) {
      const MessageId parent = parents[id];
      shownChild[parent] = id;
      id = parent;
    }
  }
  /// 0 for what is not there.
  int number(MessageId id) const {
    const auto found = of.find(id);
    return found == of.end() ? 0 : found->second;
  }
  int lastChild(const Message& message) const {
    const auto shown = shownChild.find(message.id);
    return number(shown == shownChild.end() ? message.lastChild : shown->second);
  }

  std::unordered_map<MessageId, int> of;
  std::unordered_map<MessageId, MessageId> shownChild;
};

void putNumber(QJsonObject& json, const char* key, int number) {
  if (number != 0) json[QLatin1String(key)] = number;
}

QJsonObject messageToJson(const Message& message, const Numbers& numbers) {
  const Message::State state = message.underWay() ? Message::State::Interrupted : message.state;
  QJsonObject json{{QStringLiteral("id"), numbers.number(message.id)},
                   {QStringLiteral("author"), authorName(message.author)},
                   {QStringLiteral("state"), stateName(state)},
                   {QStringLiteral("text"), wellFormed(message.text)},
                   {QStringLiteral("created_at"), isoTime(message.createdAt)}};
  putNumber(json, "parent", numbers.number(message.parent));
  putNumber(json, "last_child", numbers.lastChild(message));
  if (message.edited) json[QStringLiteral("edited")] = true;
  if (message.deletedAt != 0) json[QStringLiteral("deleted_at")] = isoTime(message.deletedAt);
  if (!message.tokens.empty()) {
    QJsonArray tokens;
    for (const TokenId token : message.tokens) tokens.append(token);
    json[QStringLiteral("tokens")] = tokens;
  }
  if (message.stats.known) json[QStringLiteral("stats")] = wellFormed(QJsonDocument::fromJson(packStats(message.stats)).object());
  if (!message.attachments.empty()) {
    QJsonArray files;
    for (const Attachment& file : message.attachments) {
      files.append(QJsonObject{{QStringLiteral("name"), wellFormed(file.name)}, {QStringLiteral("text"), wellFormed(file.text)}});
    }
    json[QStringLiteral("attachments")] = files;
  }
  return json;
}

/// Takes values of the right type out of an object. The first that has another type ends it, with an error that says where.
class Reader {
 public:
  Reader(QString where, TransferError& error) : m_where(std::move(where)), m_error(error) {}

  bool fail(const QString& what, Cause cause = Cause::Invalid) const {
    m_error = {cause, m_where.isEmpty() ? what : m_where + QStringLiteral(": ") + what};
    return false;
  }
  bool take(const QJsonObject& json, const char* key, QString& into) const {
    return ifThere(json, key, QJsonValue::String, [&](const QJsonValue& value) {
      into = wellFormed(value.toString());
      return true;
    });
  }
  bool take(const QJsonObject& json, const char* key, bool& into) const {
    return ifThere(json, key, QJsonValue::Bool, [&](const QJsonValue& value) {
      into = value.toBool();
      return true;
    });
  }
  bool take(const QJsonObject& json, const char* key, QJsonObject& into) const {
    return ifThere(json, key, QJsonValue::Object, [&](const QJsonValue& value) {
      into = value.toObject();
      return true;
    });
  }
  bool take(const QJsonObject& json, const char* key, QJsonArray& into) const {
    return ifThere(json, key, QJsonValue::Array, [&](const QJsonValue& value) {
      into = value.toArray();
      return true;
    });
  }
  bool takeTime(const QJsonObject& json, const char* key, qint64& into) const {
    return ifThere(json, key, QJsonValue::String, [&](const QJsonValue& value) {
      const std::optional<qint64> time = timeOfIso(value.toString());
      into = time.value_or(0);
      return time || fail(QStringLiteral("%1 is no time").arg(QLatin1String(key)));
    });
  }
  /// A number of a message, 1 or more.
  bool takeNumber(const QJsonObject& json, const char* key, MessageId& into) const {
    return ifThere(json, key, QJsonValue::Double, [&](const QJsonValue& value) {
      into = value.toInteger(0);
      return into > 0 || fail(QStringLiteral("%1 is no number of a message").arg(QLatin1String(key)));
    });
  }

 private:
  bool ifThere(const QJsonObject& json, const char* key, QJsonValue::Type type, const auto& use) const {
    const QJsonValue value = json[QLatin1String(key)];
    if (value.isUndefined() || value.isNull()) return true;
    if (value.type() != type) return fail(QStringLiteral("%1 has the wrong type").arg(QLatin1String(key)));
    return use(value);
  }

  QString m_where;
  TransferError& m_error;
};

bool readTokens(const QJsonArray& array, std::vector<TokenId>& tokens, const Reader& reader) {
  tokens.reserve(static_cast<std::size_t>(array.size()));
  for (const QJsonValue value : array) {
    const qint64 token = value.toInteger(-1);
    if (token < 0 || token > std::numeric_limits<TokenId>::max()) return reader.fail(QStringLiteral("tokens holds what is no token"));
    tokens.push_back(static_cast<TokenId>(token));
  }
  return true;
}

bool readAttachments(const QJsonArray& array, std::vector<Attachment>& attachments, const Reader& reader) {
  for (const QJsonValue value : array) {
    Attachment file;
    const QJsonObject json = value.toObject();
    if (!value.isObject()) return reader.fail(QStringLiteral("attachments holds what is no object"));
    if (!reader.take(json, "name", file.name) || !reader.take(json, "text", file.text)) return false;
    attachments.push_back(std::move(file));
  }
  return true;
}

bool readMessage(const QJsonValue& value, int place, Message& message, TransferError& error) {
  const Reader reader(QStringLiteral("message %1").arg(place), error);
  if (!value.isObject()) return reader.fail(QStringLiteral("it is no object"));
  const QJsonObject json = value.toObject();
  QString author, state = stateName(Message::State::Complete);
  QJsonArray tokens, attachments;
  QJsonObject stats;
  if (!reader.takeNumber(json, "id", message.id) || !reader.takeNumber(json, "parent", message.parent) ||
      !reader.takeNumber(json, "last_child", message.lastChild) || !reader.take(json, "author", author) ||
      !reader.take(json, "state", state) || !reader.take(json, "edited", message.edited) ||
      !reader.take(json, "text", message.text) || !reader.takeTime(json, "created_at", message.createdAt) ||
      !reader.takeTime(json, "deleted_at", message.deletedAt) || !reader.take(json, "tokens", tokens) ||
      !reader.take(json, "stats", stats) || !reader.take(json, "attachments", attachments) ||
      !readTokens(tokens, message.tokens, reader) || !readAttachments(attachments, message.attachments, reader)) {
    return false;
  }
  if (message.id == 0) return reader.fail(QStringLiteral("id is missing"));
  message.author = authorOf(author);
  if (authorName(message.author) != author) return reader.fail(QStringLiteral("author is neither user nor assistant"));
  message.state = stateOf(state);
  if (stateName(message.state) != state) return reader.fail(QStringLiteral("state is unknown"));
  if (message.underWay()) message.state = Message::State::Interrupted;
  if (!stats.isEmpty()) message.stats = unpackStats(compact(wellFormed(stats)));
  return true;
}

/// Puts parents before their children, otherwise in the order given. False for messages that hang on one another in a circle.
bool order(std::vector<Message>& messages, TransferError& error) {
  std::unordered_map<MessageId, std::size_t> places;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!places.emplace(messages[i].id, i).second) {
      error = {Cause::Invalid, QStringLiteral("message %1: its id is there twice").arg(i + 1)};
      return false;
    }
  }
  enum class Mark { Open, Climbed, Placed };
  std::vector<Mark> marks(messages.size(), Mark::Open);
  std::vector<std::size_t> sequence, climb;
  sequence.reserve(messages.size());
  for (std::size_t i = 0; i < messages.size(); ++i) {
    for (std::size_t at = i; marks[at] != Mark::Placed;) {
      if (marks[at] == Mark::Climbed) {
        error = {Cause::Invalid, QStringLiteral("message %1: it hangs on itself").arg(at + 1)};
        return false;
      }
      marks[at] = Mark::Climbed;
      climb.push_back(at);
      const auto parent = places.find(messages[at].parent);
      if (parent == places.end()) {
        messages[at].parent = 0;
        break;
      }
      at = parent->second;
    }
    for (; !climb.empty(); climb.pop_back()) {
      marks[climb.back()] = Mark::Placed;
      sequence.push_back(climb.back());
    }
  }
  std::vector<Message> ordered;
  ordered.reserve(messages.size());
  for (const std::size_t place : sequence) ordered.push_back(std::move(messages[place]));
  messages = std::move(ordered);
  return true;
}

/// Whose schema this is, and whether this version knows it.
bool checkSchema(const QJsonObject& json, const Reader& reader) {
  if (json[QStringLiteral("schema")].toString() != QLatin1String(kConversationSchema)) {
    return reader.fail(QStringLiteral("schema is not %1").arg(QLatin1String(kConversationSchema)), Cause::NotOurs);
  }
  const qint64 version = json[QStringLiteral("version")].toInteger(0);
  if (version > kConversationVersion) return reader.fail(QStringLiteral("version %1").arg(version), Cause::Newer);
  return version == kConversationVersion || reader.fail(QStringLiteral("version is missing"));
}

}  // namespace

QJsonObject wellFormed(const QJsonObject& json) {
  QJsonObject out = json;
  for (auto entry = out.begin(); entry != out.end(); ++entry) {
    if (entry.value().isString()) entry.value() = wellFormed(entry.value().toString());
  }
  return out;
}

QByteArray conversationToJson(const FiledConversation& filed) {
  const ConversationInfo& info = filed.conversation.info;
  const Numbers numbers(filed.conversation);
  QJsonObject json{{QStringLiteral("schema"), QLatin1String(kConversationSchema)},
                   {QStringLiteral("version"), kConversationVersion},
                   {QStringLiteral("title"), wellFormed(info.title)},
                   {QStringLiteral("own_title"), info.ownTitle},
                   {QStringLiteral("pinned"), info.pinned},
                   {QStringLiteral("settings"), wellFormed(info.settings.toJson())},
                   {QStringLiteral("created_at"), isoTime(info.createdAt)},
                   {QStringLiteral("updated_at"), isoTime(info.updatedAt)}};
  putNumber(json, "leaf", numbers.number(info.leaf));
  if (!filed.folder.isEmpty()) json[QStringLiteral("folder")] = wellFormed(filed.folder);
  QByteArray bytes = compact(json);
  bytes.chop(1);  // the brace: the messages follow, one a line
  bytes += ",\n\"messages\":[";
  const char* between = "\n";
  for (const Message& message : filed.conversation.messages) {
    bytes += between + compact(messageToJson(message, numbers));
    between = ",\n";
  }
  return bytes += "\n]}\n";
}

std::optional<FiledConversation> conversationFromJson(const QJsonObject& json, TransferError& error) {
  const Reader reader({}, error);
  FiledConversation filed;
  ConversationInfo& info = filed.conversation.info;
  QJsonObject settings;
  QJsonArray messages;
  if (!checkSchema(json, reader) || !reader.take(json, "title", info.title) || !reader.take(json, "own_title", info.ownTitle) ||
      !reader.take(json, "pinned", info.pinned) || !reader.take(json, "folder", filed.folder) ||
      !reader.take(json, "settings", settings) || !reader.takeTime(json, "created_at", info.createdAt) ||
      !reader.takeTime(json, "updated_at", info.updatedAt) || !reader.takeNumber(json, "leaf", info.leaf) ||
      !reader.take(json, "messages", messages)) {
    return std::nullopt;
  }
  // Names stand on one line wherever they are shown; a stranger's file may say otherwise.
  info.title = info.title.simplified();
  filed.folder = filed.folder.simplified();
  if (messages.size() > kMostMessages) {
    reader.fail(QStringLiteral("more than %1 messages").arg(kMostMessages), Cause::TooLarge);
    return std::nullopt;
  }
  info.settings = ChatSettings::fromJson(wellFormed(settings));
  int place = 0;
  for (const QJsonValue value : messages) {
    Message message;
    if (!readMessage(value, ++place, message, error)) return std::nullopt;
    filed.conversation.messages.push_back(std::move(message));
  }
  if (!order(filed.conversation.messages, error)) return std::nullopt;
  return filed;
}

std::optional<FiledConversation> conversationFromJson(const QByteArray& bytes, TransferError& error) {
  if (bytes.size() > kMostConversationBytes) {
    error = {Cause::TooLarge, QStringLiteral("%1 bytes").arg(bytes.size())};
    return std::nullopt;
  }
  QJsonParseError problem;
  const QJsonDocument document = QJsonDocument::fromJson(bytes, &problem);
  if (document.isNull()) {
    error = {Cause::Damaged, QStringLiteral("%1 at byte %2").arg(problem.errorString()).arg(problem.offset)};
    return std::nullopt;
  }
  if (!document.isObject()) {
    error = {Cause::NotOurs, QStringLiteral("no object")};
    return std::nullopt;
  }
  return conversationFromJson(document.object(), error);
}

}  // namespace tercet
