#include "engine/prompt_lookup.h"

#include <algorithm>

namespace tercet {

namespace {

constexpr std::size_t kLeast = 2, kLongest = 16;  // tokens that have to and that need to match

/// Where the longest occurrence of the ending of `history` in `text` before `before` ends, if it is longer than *length.
std::size_t longest_occurrence(std::span<const TokenId> history, std::span<const TokenId> text, std::size_t before, std::size_t* length) {
  std::size_t found = 0;
  for (std::size_t end = before; end >= kLeast && *length < kLongest; --end) {
    std::size_t same = 0;
    const std::size_t most = std::min({kLongest, end, history.size()});
    while (same < most && text[end - 1 - same] == history[history.size() - 1 - same]) ++same;
    if (same <= *length) continue;
    *length = same;
    found = end;
  }
  return found;
}

}  // namespace

std::vector<TokenId> look_up_continuation(std::span<const TokenId> history, std::span<const TokenId> other, std::size_t most) {
  if (history.empty()) return {};
  std::size_t length = kLeast - 1;
  std::span<const TokenId> guess;
  if (const std::size_t end = longest_occurrence(history, history, history.size() - 1, &length); end != 0) guess = history.subspan(end);
  // The very end of the other text has nothing behind it to guess.
  if (const std::size_t end = other.empty() ? 0 : longest_occurrence(history, other, other.size() - 1, &length); end != 0) guess = other.subspan(end);
  guess = guess.first(std::min(most, guess.size()));
  return {guess.begin(), guess.end()};
}

double SpeculationGovernor::step_ms(std::size_t guesses) const noexcept {
  if (step_ms_[guesses] > 0) return step_ms_[guesses];
  // Not measured yet: from the nearest that is, at a tenth more for each guess, which favours trying it.
  for (std::size_t fewer = guesses; fewer-- > 0;) {
    if (step_ms_[fewer] > 0) return step_ms_[fewer] * (1.0 + 0.1 * static_cast<double>(guesses - fewer));
  }
  return 0;
}

std::size_t SpeculationGovernor::guesses_to_check(std::size_t available) const noexcept {
  constexpr double kShareAtRisk = 0.015, kWorthwhile = 1.05;
  const double single = step_ms_[0];
  if (single <= 0 || available == 0) return 0;
  std::size_t best = 0;
  double best_rate = kWorthwhile / single, expected = 1.0, all_right = 1.0;
  for (std::size_t guesses = 1; guesses <= std::min(available, kMostGuesses); ++guesses) {
    all_right *= right_;
    expected += all_right;
    const double ms = step_ms(guesses);
    if (balance_ms_ - (ms - single) < -kShareAtRisk * total_ms_) break;  // a wrong first guess would cost too much
    if (expected / ms > best_rate) {
      best_rate = expected / ms;
      best = guesses;
    }
  }
  return best;
}

void SpeculationGovernor::record(std::size_t guesses, std::size_t accepted, double ms) noexcept {
  double& known = step_ms_[guesses];
  known = known > 0 ? known + 0.1 * (ms - known) : ms;
  total_ms_ += ms;
  if (guesses == 0) return;
  balance_ms_ += static_cast<double>(accepted + 1) * step_ms_[0] - ms;
  const std::size_t tried = std::min(accepted + 1, guesses);  // behind the first wrong one nothing was learnt
  for (std::size_t i = 0; i < tried; ++i) right_ += 0.1 * ((i < accepted ? 1.0 : 0.0) - right_);
}

}  // namespace tercet
