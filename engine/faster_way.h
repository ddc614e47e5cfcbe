// Which of two ways to do the same work is faster here and now, found by doing it.
#pragma once

#include <chrono>
#include <cstdint>

namespace tercet {

/// Chooses between two ways that give the same result, such as reading a matrix whole or leaving out what does not count:
/// which is faster depends on the model, the machine and what else it does. Mostly the better one is taken; one round in 24
/// tries the other, so that a wrong or outdated choice is noticed and trying costs less than a percent.
class FasterWay {
 public:
  /// Begins a round (a token, say); returns whether it is to be done the first way.
  bool begin_round() noexcept {
    ++round_;
    const bool better_first = !(ms_[1] > 0 && ms_[0] > ms_[1]);  // until both are known: the first
    first_ = round_ % kTrial == 0 || round_ == 2 ? !better_first : better_first;
    spent_ = 0;
    return first_;
  }
  /// Adds what a part of the round took.
  void add(double ms) noexcept { spent_ += ms; }
  void end_round() noexcept {
    double& known = ms_[first_ ? 0 : 1];
    known = known > 0 ? known + 0.25 * (spent_ - known) : spent_;
  }
  bool first() const noexcept { return first_; }

 private:
  static constexpr std::uint64_t kTrial = 24;
  std::uint64_t round_ = 0;
  bool first_ = true;
  double spent_ = 0;
  double ms_[2] = {};  // of a round each way; 0: not known
};

/// Adds the time of its life to a round.
class TimedPart {
 public:
  explicit TimedPart(FasterWay& way) noexcept : way_(way) {}
  ~TimedPart() { way_.add(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count()); }
  TimedPart(const TimedPart&) = delete;
  TimedPart& operator=(const TimedPart&) = delete;

 private:
  FasterWay& way_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace tercet
