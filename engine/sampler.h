// From logits to one token: temperature, top-k, top-p, min-p, repetition penalty; seeded.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/format/checkpoint.h"
#include "engine/result.h"

namespace tercet {

/// Defaults suit 2B4T in a chat. Ranges are checked by `validate`, nothing is clamped.
struct SamplingOptions {
  float temperature = 0.7F;      // 0 = greedy; [0, 5]
  std::uint32_t top_k = 40;      // 0 = off; [0, vocab]
  float top_p = 0.95F;           // 1 = off; (0, 1]
  float min_p = 0.05F;           // 0 = off; [0, 1)
  float repeat_penalty = 1.0F;   // 1 = off; [1, 2] divides positive, multiplies negative logits of recent tokens
  std::uint32_t repeat_window = 64;  // recent tokens that are penalised
  std::uint64_t seed = 0;

  /// Errors: InvalidOption naming the setting and its range.
  Result<void> validate() const;
};

/// A token that may come next, with its (penalised) logit.
struct Candidate {
  TokenId token = 0;
  float logit = 0;
};

/// Seeded and deterministic: the same seed and the same candidates give the same tokens.
class Sampler {
 public:
  explicit Sampler(const SamplingOptions& options);
  const SamplingOptions& options() const noexcept { return options_; }

  /// How many of the best candidates decide the choice: 1 when greedy, top_k when that is on, 0 = all of them.
  std::uint32_t candidates_needed() const noexcept;
  /// Candidates further than this below the best logit are never chosen (min-p); infinity when that is off.
  float logit_range() const noexcept;
  /// Filters in the order top-k, min-p, top-p, each on what the one before left, then draws. `candidates` holds at least the `candidates_needed()` best within
  /// `logit_range()`, in any order; it is reordered.
  /// Ties go to the lower id. Non-empty.
  TokenId choose(std::vector<Candidate>& candidates);

 private:
  double uniform();
  SamplingOptions options_;
  std::uint64_t state_;
  std::vector<double> weights_;
};

/// Divides positive and multiplies negative logits of the tokens in `sorted_recent` (ascending) by `penalty` >= 1
/// (Keskar et al. 2019, CTRL).
void apply_repeat_penalty(std::vector<Candidate>& candidates, std::span<const TokenId> sorted_recent, float penalty);

}  // namespace tercet
