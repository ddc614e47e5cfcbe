#include "engine/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tercet {
namespace {

Error out_of_range(const char* what) { return {ErrorCode::InvalidOption, what}; }

/// Better first; the lower id on ties, so that greedy choice does not depend on the order of candidates.
bool better(const Candidate& a, const Candidate& b) noexcept {
  return a.logit > b.logit || (a.logit == b.logit && a.token < b.token);
}

}  // namespace

Result<void> SamplingOptions::validate() const {
  // Written so that NaN fails.
  if (!(temperature >= 0.0F && temperature <= 5.0F)) return out_of_range("temperature must be between 0 and 5");
  if (!(top_p > 0.0F && top_p <= 1.0F)) return out_of_range("top-p must be above 0 and at most 1");
  if (!(min_p >= 0.0F && min_p < 1.0F)) return out_of_range("min-p must be at least 0 and below 1");
  if (!(repeat_penalty >= 1.0F && repeat_penalty <= 2.0F)) return out_of_range("repetition penalty must be between 1 and 2");
  return {};
}

// The state is advanced once so that neighbouring seeds part at once (SplitMix64 is a bijection of a counter).
Sampler::Sampler(const SamplingOptions& options) : options_(options), state_(options.seed) { uniform(); }

double Sampler::uniform() {
  state_ += 0x9E3779B97F4A7C15U;  // SplitMix64 (Steele, Lea and Flood 2014)
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  z ^= z >> 31;
  return static_cast<double>(z >> 11) * 0x1p-53;
}

std::uint32_t Sampler::candidates_needed() const noexcept { return options_.temperature == 0.0F ? 1 : options_.top_k; }

float Sampler::logit_range() const noexcept {
  if (options_.temperature == 0.0F) return 0.0F;
  if (options_.min_p <= 0.0F) return std::numeric_limits<float>::infinity();
  // p / p_max = exp((l - l_max) / T) >= min_p; a hair wider than needed, as choose() decides exactly.
  return -std::log(options_.min_p) * options_.temperature * 1.0001F + 1e-6F;
}

TokenId Sampler::choose(std::vector<Candidate>& candidates) {
  if (options_.temperature == 0.0F) return std::min_element(candidates.begin(), candidates.end(), better)->token;

  std::sort(candidates.begin(), candidates.end(), better);
  std::size_t count = candidates.size();
  if (options_.top_k > 0) count = std::min<std::size_t>(count, options_.top_k);
  const double best = static_cast<double>(candidates[0].logit), temperature = static_cast<double>(options_.temperature);
  weights_.clear();
  double total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double weight = std::exp((static_cast<double>(candidates[i].logit) - best) / temperature);
    if (!(weight >= static_cast<double>(options_.min_p)) || weight == 0.0) break;  // sorted: the rest is below as well
    weights_.push_back(weight);
    total += weight;
  }
  if (weights_.empty()) return candidates[0].token;  // only when no logit is finite
  count = weights_.size();
  if (options_.top_p < 1.0F) {
    const double wanted = total * static_cast<double>(options_.top_p);
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      sum += weights_[i];
      if (sum >= wanted) {
        count = i + 1;
        break;
      }
    }
    total = std::min(sum, total);
  }
  double target = uniform() * total;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    target -= weights_[i];
    if (target < 0) return candidates[i].token;
  }
  return candidates[count - 1].token;
}

void apply_repeat_penalty(std::vector<Candidate>& candidates, std::span<const TokenId> sorted_recent, float penalty) {
  if (penalty == 1.0F) return;
  for (Candidate& candidate : candidates) {
    if (!std::binary_search(sorted_recent.begin(), sorted_recent.end(), candidate.token)) continue;
    candidate.logit = candidate.logit > 0 ? candidate.logit / penalty : candidate.logit * penalty;
  }
}

}  // namespace tercet
