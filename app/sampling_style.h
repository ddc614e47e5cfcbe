// The words for how freely a model chooses its words, and the numbers behind them.
#pragma once

#include <array>
#include <cstddef>

namespace tercet {

enum class SamplingStyle { Focused, Balanced, Creative, Custom };

/// What a style says; ranges are those of Settings.
struct SamplingValues {
  double temperature;
  int topK;
  double topP;
  double minP;
  double repeatPenalty;
};

/// By SamplingStyle. Balanced is what holds when nobody chose anything. The penalty is for free writing, where a small model
/// falls into repeating itself; in facts and code repeating a name is right.
inline constexpr std::array<SamplingValues, 3> kSamplingStyles{{
    {.temperature = 0.3, .topK = 20, .topP = 0.9, .minP = 0.1, .repeatPenalty = 1.0},
    {.temperature = 0.7, .topK = 40, .topP = 0.95, .minP = 0.05, .repeatPenalty = 1.0},
    {.temperature = 1.1, .topK = 100, .topP = 0.98, .minP = 0.05, .repeatPenalty = 1.05},
}};

/// `style` is not Custom.
constexpr const SamplingValues& valuesOf(SamplingStyle style) { return kSamplingStyles[static_cast<std::size_t>(style)]; }

/// The style whose numbers these are, to the last digit that the window shows; else Custom.
SamplingStyle styleOf(const SamplingValues& values);

}  // namespace tercet
