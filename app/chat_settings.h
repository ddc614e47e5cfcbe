// What holds for one conversation instead of the general settings.
#pragma once

#include <QJsonObject>
#include <QString>

#include <optional>

#include "app/sampling_style.h"

namespace tercet {

/// What to do when a conversation no longer fits the model's context.
enum class ContextPolicy { LeaveOutOldest, Ask };

/// Only what differs: an empty value follows the general settings, also when those change later.
struct ChatSettings {
  QString persona;                         // the preset it came from, as Personas::referenceOf says it; may be empty
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

  /// Sets all five numbers; without values they follow the general settings.
  void setSampling(const std::optional<SamplingValues>& values);
  /// What a persona keeps of it: model, instructions, sampling and length.
  ChatSettings preset() const;
  /// This with the model, instructions, sampling and length of `preset` in place of its own.
  ChatSettings withPreset(const ChatSettings& preset) const;

  ContextPolicy contextPolicy() const { return policy.value_or(ContextPolicy::LeaveOutOldest); }

  friend bool operator==(const ChatSettings&, const ChatSettings&) = default;
};

}  // namespace tercet
