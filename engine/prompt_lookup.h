// Guesses of the next tokens for speculative decoding, and when they are worth checking.
//
// Answers often repeat what was said before (code that is edited, names, quotations). The tokens that followed the last
// occurrence of the current ending are a guess that costs nothing (prompt lookup: Saxena 2023; assisted generation: Leviathan
// et al. 2023, arXiv 2211.17192). All guesses are checked in one forward pass: it reads the weights once, so that two right
// guesses more than pay for it. Only tokens that would have been chosen anyway are kept, so that results never change.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/format/checkpoint.h"

namespace tercet {

/// Up to `most` tokens that followed the most recent of the longest occurrences of the ending of `history`, earlier in it or
/// in `other` (say, the answer that is being written anew); empty without one of at least two tokens. O(size of both).
std::vector<TokenId> look_up_continuation(std::span<const TokenId> history, std::span<const TokenId> other, std::size_t most);

/// Decides how many guesses are checked, from the measured time of steps and the share of guesses that came true. What
/// checking has cost more than it gained stays below 1.5 % of the time spent decoding.
class SpeculationGovernor {
 public:
  static constexpr std::size_t kMostGuesses = 7;

  /// How many of `available` guesses to check now; 0: none.
  std::size_t guesses_to_check(std::size_t available) const noexcept;
  /// A step that took `ms` checked `guesses` guesses, of which the first `accepted` were right.
  void record(std::size_t guesses, std::size_t accepted, double ms) noexcept;

 private:
  double step_ms(std::size_t guesses) const noexcept;

  double step_ms_[kMostGuesses + 1] = {};  // by number of guesses; 0: not measured yet
  double right_ = 0.7;                     // probability that a guess is right when those before it were
  double total_ms_ = 0;                    // spent decoding
  double balance_ms_ = 0;                  // gained by checking, negative when lost
};

}  // namespace tercet
