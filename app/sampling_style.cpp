#include "app/sampling_style.h"

#include <cmath>

namespace tercet {
namespace {

bool same(double a, double b) { return std::abs(a - b) < 0.0005; }  // the window shows three decimals

}  // namespace

SamplingStyle styleOf(const SamplingValues& values) {
  for (std::size_t i = 0; i < kSamplingStyles.size(); ++i) {
    const SamplingValues& style = kSamplingStyles[i];
    if (same(values.temperature, style.temperature) && values.topK == style.topK && same(values.topP, style.topP) &&
        same(values.minP, style.minP) && same(values.repeatPenalty, style.repeatPenalty)) {
      return static_cast<SamplingStyle>(i);
    }
  }
  return SamplingStyle::Custom;
}

}  // namespace tercet
