#include "app/storage/message_row.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtEndian>

#include <algorithm>
#include <array>
#include <utility>

namespace tercet {
namespace {

using State = Message::State;

constexpr std::array<std::pair<State, const char*>, 7> kStates{{{State::Complete, "complete"},
                                                                {State::Writing, "writing"},
                                                                {State::Stopped, "stopped"},
                                                                {State::Failed, "failed"},
                                                                {State::ContextFull, "context_full"},
                                                                {State::Interrupted, "interrupted"},
                                                                {State::LengthReached, "length_reached"}}};

}  // namespace

QString stateName(State state) {
  if (state == State::Reading) state = State::Writing;
  const auto found = std::find_if(kStates.begin(), kStates.end(), [&](const auto& entry) { return entry.first == state; });
  return QLatin1String(found == kStates.end() ? "complete" : found->second);
}

State stateOf(const QString& name) {
  const auto found = std::find_if(kStates.begin(), kStates.end(), [&](const auto& entry) { return name == QLatin1String(entry.second); });
  return found == kStates.end() ? State::Complete : found->first;
}

QString authorName(Message::Author author) { return QLatin1String(author == Message::Author::User ? "user" : "assistant"); }
Message::Author authorOf(const QString& name) {
  return name == QLatin1String("user") ? Message::Author::User : Message::Author::Assistant;
}

QByteArray packTokens(const std::vector<TokenId>& tokens) {
  QByteArray bytes(static_cast<qsizetype>(tokens.size() * sizeof(quint32)), Qt::Uninitialized);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    qToLittleEndian<quint32>(static_cast<quint32>(tokens[i]), bytes.data() + i * sizeof(quint32));
  }
  return bytes;
}

std::vector<TokenId> unpackTokens(const QByteArray& bytes) {
  if (bytes.size() % static_cast<qsizetype>(sizeof(quint32)) != 0) return {};
  std::vector<TokenId> tokens(static_cast<std::size_t>(bytes.size()) / sizeof(quint32));
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    tokens[i] = static_cast<TokenId>(qFromLittleEndian<quint32>(bytes.data() + i * sizeof(quint32)));
  }
  return tokens;
}

QByteArray packStats(const MessageStats& stats) {
  if (!stats.known) return {};
  QJsonObject json{{QStringLiteral("tokens"), static_cast<qint64>(stats.tokens)},
                   {QStringLiteral("prompt_tokens"), static_cast<qint64>(stats.promptTokens)},
                   {QStringLiteral("tokens_per_s"), stats.tokensPerSecond},
                   {QStringLiteral("first_token_ms"), stats.firstTokenMs},
                   {QStringLiteral("seed"), QString::number(stats.seed)},
                   {QStringLiteral("threads"), stats.threads},
                   {QStringLiteral("model"), stats.model},
                   {QStringLiteral("model_identity"), stats.modelIdentity}};
  if (stats.forgotten > 0) json[QStringLiteral("forgotten")] = static_cast<qint64>(stats.forgotten);
  return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

MessageStats unpackStats(const QByteArray& bytes) {
  const QJsonDocument document = QJsonDocument::fromJson(bytes);
  if (!document.isObject()) return {};
  const QJsonObject json = document.object();
  const auto count = [&](const char* key) {
    return static_cast<std::uint32_t>(std::clamp(json[QLatin1String(key)].toInteger(), qint64{0}, qint64{UINT32_MAX}));
  };
  MessageStats stats;
  stats.tokens = count("tokens");
  stats.promptTokens = count("prompt_tokens");
  stats.tokensPerSecond = std::max(0.0, json[QLatin1String("tokens_per_s")].toDouble());
  stats.firstTokenMs = std::max(-1, json[QLatin1String("first_token_ms")].toInt(-1));
  stats.seed = json[QLatin1String("seed")].toString().toULongLong();
  stats.threads = std::max(0, json[QLatin1String("threads")].toInt());
  stats.model = json[QLatin1String("model")].toString();
  stats.modelIdentity = json[QLatin1String("model_identity")].toString();
  stats.forgotten = count("forgotten");
  stats.known = true;
  return stats;
}

}  // namespace tercet
