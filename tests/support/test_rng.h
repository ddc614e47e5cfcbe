// Random numbers that are the same on every machine and in every standard library, so that a seed in a failed test's
// output is enough to see the failure again.
#pragma once

#include <cmath>
#include <cstdint>

namespace tercet::test {

/// SplitMix64 (Steele, Lea, Flood 2014): tiny, and any seed is a good seed.
class TestRng {
 public:
  explicit TestRng(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  /// In [0, n); n > 0. The bias of the remainder is below what a test can see.
  std::uint64_t below(std::uint64_t n) noexcept { return next() % n; }
  /// In [0, 1).
  double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }
  /// Mean 0, variance 1: the sum of twelve uniform numbers, which needs no library function that rounds differently.
  double normal() noexcept {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }

 private:
  std::uint64_t state_;
};

}  // namespace tercet::test
