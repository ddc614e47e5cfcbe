// What holds for one conversation instead of the general settings.
#pragma once

#include <QJsonObject>
#include <QString>

#include <optional>

namespace tercet {

/// What to do when a conversation no longer fits the model's context.
enum class ContextPolicy { LeaveOutOldest, Ask };

/// Only what differs: an empty value follows the general settings, also when those change later.
struct ChatSettings {
  QString persona;                         // the name of the preset it came from, for people; may be empty
  QString model;                           // path of the model file it is meant for; empty: whichever is open
  std::optional<QString> systemPrompt;
  std::optional<double> temperature;
  std::optional<int> topK;
  std::optional<double> topP;
  std::optional<double> minP;
  std::optional<double> repeatPenalty;
  std::optional<int> maxTokens;
  std::optional<QString> seed;             // digits; "" means another each time
  std::optional<ContextPolicy> policy;

  QJsonObject toJson() const;
  /// Takes what it knows and what has the right type; ranges are checked by Settings::inRange.
  static ChatSettings fromJson(const QJsonObject& json);

  ContextPolicy contextPolicy() const { return policy.value_or(ContextPolicy::LeaveOutOldest); }

  friend bool operator==(const ChatSettings&, const ChatSettings&) = default;
};

}  // namespace tercet
