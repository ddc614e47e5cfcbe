#include "app/chat_settings.h"

#include <QJsonValue>

#include <limits>

namespace tercet {
namespace {

constexpr auto kPolicyOldest = "leave_out_oldest";
constexpr auto kPolicyAsk = "ask";

void put(QJsonObject& json, const char* key, const auto& value) {
  if (value) json[QLatin1String(key)] = *value;
}

void put(QJsonObject& json, const char* key, const QString& value) {
  if (!value.isEmpty()) json[QLatin1String(key)] = value;
}

void take(const QJsonObject& json, const char* key, std::optional<QString>& value) {
  if (const QJsonValue found = json[QLatin1String(key)]; found.isString()) value = found.toString();
}

void take(const QJsonObject& json, const char* key, std::optional<double>& value) {
  if (const QJsonValue found = json[QLatin1String(key)]; found.isDouble()) value = found.toDouble();
}

void take(const QJsonObject& json, const char* key, std::optional<int>& value) {
  // toInt gives its default for numbers that are no whole numbers of this size.
  constexpr int kNone = std::numeric_limits<int>::min();
  if (const int found = json[QLatin1String(key)].toInt(kNone); found != kNone) value = found;
}

}  // namespace

QJsonObject ChatSettings::toJson() const {
  QJsonObject json;
  put(json, "persona", persona);
  put(json, "model", model);
  put(json, "system_prompt", systemPrompt);
  put(json, "temperature", temperature);
  put(json, "top_k", topK);
  put(json, "top_p", topP);
  put(json, "min_p", minP);
  put(json, "repeat_penalty", repeatPenalty);
  put(json, "max_tokens", maxTokens);
  put(json, "seed", seed);
  if (policy) json[QLatin1String("context_policy")] = QLatin1String(*policy == ContextPolicy::Ask ? kPolicyAsk : kPolicyOldest);
  return json;
}

ChatSettings ChatSettings::fromJson(const QJsonObject& json) {
  ChatSettings settings;
  settings.persona = json[QLatin1String("persona")].toString();
  settings.model = json[QLatin1String("model")].toString();
  take(json, "system_prompt", settings.systemPrompt);
  take(json, "temperature", settings.temperature);
  take(json, "top_k", settings.topK);
  take(json, "top_p", settings.topP);
  take(json, "min_p", settings.minP);
  take(json, "repeat_penalty", settings.repeatPenalty);
  take(json, "max_tokens", settings.maxTokens);
  take(json, "seed", settings.seed);
  const QString policy = json[QLatin1String("context_policy")].toString();
  if (policy == QLatin1String(kPolicyAsk)) settings.policy = ContextPolicy::Ask;
  if (policy == QLatin1String(kPolicyOldest)) settings.policy = ContextPolicy::LeaveOutOldest;
  return settings;
}

void ChatSettings::setSampling(const std::optional<SamplingValues>& values) {
  temperature = values ? std::optional(values->temperature) : std::nullopt;
  topK = values ? std::optional(values->topK) : std::nullopt;
  topP = values ? std::optional(values->topP) : std::nullopt;
  minP = values ? std::optional(values->minP) : std::nullopt;
  repeatPenalty = values ? std::optional(values->repeatPenalty) : std::nullopt;
}

ChatSettings ChatSettings::preset() const {
  ChatSettings kept = *this;
  kept.persona.clear();
  kept.seed.reset();
  kept.policy.reset();
  return kept;
}

ChatSettings ChatSettings::withPreset(const ChatSettings& preset) const {
  ChatSettings changed = preset;
  changed.persona = persona;
  changed.seed = seed;
  changed.policy = policy;
  return changed;
}

}  // namespace tercet
