// The personas that come with the program, in the language of the window.
#pragma once

#include <QString>

#include <span>

#include "app/sampling_style.h"

namespace tercet {

/// Written for a small model: who it is, three or four short rules in the order of their weight, nothing to reason about.
struct BuiltInPersona {
  const char* key;           // never changes: chats and the database know it by this
  const char* name;          // source text
  const char* instructions;  // likewise
  SamplingStyle style;

  QString translatedName() const;
  QString translatedInstructions() const;
  /// Whether a text is its instructions in any language of the program, for a chat keeps those of the day it began.
  bool instructs(const QString& text) const;
};

std::span<const BuiltInPersona> builtInPersonas();

}  // namespace tercet
