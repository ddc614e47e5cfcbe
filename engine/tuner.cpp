#include "engine/tuner.h"

#include <time.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "engine/session.h"

namespace tercet {
namespace {

constexpr double kSame = 0.97;             // speeds this close are one speed
constexpr std::uint32_t kTrialBatch = 128;  // while threads are compared: near the best of any machine
constexpr int kMostRounds = 5;
constexpr int kMostRepeats = 20;  // rounds after those, for what was never measured undisturbed
// Of the processor time that the threads could have had. One other busy thread leaves 2/3 to two threads on two processors
// and 4/5 to four on four; what runs in the background of an idle machine takes a few percent.
constexpr double kUndisturbed = 0.85;
constexpr double kTooShortToTell_s = 0.02;  // some milliseconds pass before threads that slept are all at work
constexpr double kForever = std::numeric_limits<double>::infinity();

/// Of an even number, the greater of the two in the middle: other work makes a machine slower, never faster.
double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Whether other programs took a good part of the processor from `threads` threads.
bool disturbed(const SpeedSample& sample, int threads) {
  return sample.elapsed_s >= kTooShortToTell_s && sample.cpu_s < kUndisturbed * threads * sample.elapsed_s;
}

/// All measurements of one curve. Those that were disturbed only count where there are no others.
class Samples {
 public:
  void add(std::uint32_t at, double tokens_per_s, bool disturbed = false) {
    if (tokens_per_s > 0) (disturbed ? values_[at].disturbed : values_[at].good).push_back(tokens_per_s);
  }
  double at(std::uint32_t x) const {
    const auto found = values_.find(x);
    return found == values_.end() ? 0 : found->second.speed();
  }
  /// Measured, but never undisturbed.
  bool only_disturbed(std::uint32_t x) const {
    const auto found = values_.find(x);
    return found != values_.end() && found->second.good.empty();
  }
  bool any_only_disturbed() const {
    return std::any_of(values_.begin(), values_.end(), [](const auto& entry) { return entry.second.good.empty(); });
  }
  std::vector<SpeedPoint> points() const {
    std::vector<SpeedPoint> out;
    for (const auto& [x, value] : values_) out.push_back({x, value.speed()});
    return out;
  }

 private:
  struct Value {
    std::vector<double> good, disturbed;
    double speed() const { return median(good.empty() ? disturbed : good); }
  };
  std::map<std::uint32_t, Value> values_;
};

/// The greatest power of two up to `value`, at least `least` and at most `most`.
std::uint32_t power_of_two(double value, std::uint32_t least, std::uint32_t most) {
  std::uint32_t power = least;
  while (power * 2 <= most && power * 2.0 <= value) power *= 2;
  return power;
}

/// One search: its clock, what it has measured, and the two halves of the way.
class Search {
 public:
  Search(const TuningProbe& probe, const TuningLimits& limits, const TuningProgress& progress, std::stop_token stop)
      : probe_(probe), limits_(limits), progress_(progress), stop_(std::move(stop)), start_(probe.now_s()) {
    tuning_.logical = limits.cpu.logical;
    tuning_.threads = limits.cpu.recommended;
  }

  Result<Tuning> run() {
    if (auto done = try_recommended(); !done) return done.error();
    if (auto done = try_threads(); !done) return done.error();
    choose_threads();
    if (auto done = try_batches(); !done) return done.error();
    choose_batch();
    tuning_.seconds = elapsed();
    report(1);
    return tuning_;
  }

 private:
  double elapsed() const { return probe_.now_s() - start_; }
  // A little early: a measurement that is cut still has a layer to end, and memory to give back.
  double deadline() const { return start_ + 0.95 * limits_.budget_s; }
  double left() const { return deadline() - probe_.now_s(); }

  void report(double fraction) {
    tuning_.writing_by_threads = writing_.points();
    tuning_.reading_by_threads = reading_.points();
    tuning_.reading_by_batch = batches_.points();
    fraction_ = std::clamp(fraction, fraction_, 1.0);
    if (progress_) progress_(fraction_, tuning_);
  }

  Result<void> write(int threads, std::uint32_t tokens, double until) {
    return note(probe_.write(threads, tokens, until), threads, writing_, static_cast<std::uint32_t>(threads));
  }
  Result<void> read(int threads, std::uint32_t tokens, double until) {
    return note(probe_.read(threads, kTrialBatch, tokens, until), threads, reading_, static_cast<std::uint32_t>(threads));
  }
  Result<void> note(const Result<SpeedSample>& sample, int threads, Samples& samples, std::uint32_t at) {
    if (!sample) return sample.error();
    if (stop_.stop_requested()) return Error{ErrorCode::Stopped, {}};
    samples.add(at, sample->tokens_per_s, disturbed(*sample, threads));
    return {};
  }

  /// A few tokens at the recommended count: whatever happens afterwards, this is known. It also warms everything up, and
  /// says what the rest will cost.
  Result<void> try_recommended() {
    const int threads = limits_.cpu.recommended;
    auto first = probe_.write(threads, 2, kForever);
    if (!first) return first.error();
    if (first->tokens_per_s <= 0) return Error{stop_.stop_requested() ? ErrorCode::Stopped : ErrorCode::OutOfMemory, "not even one measurement was possible"};
    first_writing_ = first->tokens_per_s;
    first_writing_disturbed_ = disturbed(*first, threads);
    // Short texts read slower, so the guess is taken from the longest that costs next to nothing.
    for (std::uint32_t text = std::min<std::uint32_t>(16, probe_.longest_text); text <= std::min(kTrialBatch, probe_.longest_text); text *= 2) {
      const double before = elapsed();
      auto other = probe_.read(threads, kTrialBatch, text, kForever);
      if (!other) return other.error();
      if (other->tokens_per_s > 0) {
        first_reading_ = other->tokens_per_s;
        first_reading_disturbed_ = disturbed(*other, threads);
      }
      if (elapsed() - before > limits_.budget_s / 75) break;
    }
    if (stop_.stop_requested()) return Error{ErrorCode::Stopped, {}};
    report(0.02);
    return {};
  }

  /// Seconds that `tokens` take at most, guessed: with fewer threads than the recommended, in proportion.
  double cost(double speed, int threads, double tokens) const {
    return tokens / (speed * std::min(1.0, static_cast<double>(threads) / limits_.cpu.recommended));
  }

  Result<void> try_threads() {
    const std::vector<int> candidates = thread_candidates(limits_.cpu);
    // Planned for three rounds; what is left of the time is for the batch sizes, whose measurements are longer.
    const double share = limits_.budget_s * 0.4;
    double slowness = 0;  // of all candidates together, in units of the recommended one
    for (const int threads : candidates) slowness += cost(1, threads, 1);
    const double slot = share / (3 * 2 * slowness);  // seconds of one measurement at full speed
    const std::uint32_t written = power_of_two(slot * first_writing_, 4, 64);
    const std::uint32_t text = first_reading_ > 0 ? power_of_two(slot * first_reading_, 16, std::min(kTrialBatch, probe_.longest_text)) : 0;
    for (int round = 0; round < kMostRounds + kMostRepeats; ++round) {
      double round_cost = 0;
      std::vector<int> trying;
      for (const int threads : candidates) {
        if (round > 1 && clearly_slower(threads)) continue;  // one unlucky measurement does not put a count out
        if (round >= kMostRounds && !only_disturbed(threads)) continue;
        trying.push_back(threads);
        round_cost += cost(first_writing_, threads, written) + (text > 0 ? cost(first_reading_, threads, text) : 0);
      }
      if (trying.empty() || (round > 0 && elapsed() + round_cost > share)) break;
      // There and back again, so that nothing regular in the machine's other work meets the same count each time. The
      // recommended one goes first: when time is short, it is known.
      if (round % 2 == 1) std::reverse(trying.begin(), trying.end());
      std::stable_partition(trying.begin(), trying.end(), [&](int threads) { return round == 0 && threads == limits_.cpu.recommended; });
      for (const int threads : trying) {
        const bool must = round == 0 && threads == limits_.cpu.recommended;
        const double limit = must ? deadline() : start_ + share * 1.2;
        if (must || fits(cost(first_writing_, threads, written), limit)) {
          if (auto done = write(threads, written, limit); !done) return done;
        }
        if (text > 0 && (must || fits(cost(first_reading_, threads, text), limit))) {
          if (auto done = read(threads, text, limit); !done) return done;
        }
        report(std::max(elapsed() / limits_.budget_s, 0.02 + 0.38 * std::min(1.0, (round + 0.5) / kMostRounds)));
      }
    }
    // Cut short by the clock: what the first tokens said.
    const auto recommended = static_cast<std::uint32_t>(limits_.cpu.recommended);
    if (writing_.at(recommended) <= 0) writing_.add(recommended, first_writing_, first_writing_disturbed_);
    if (reading_.at(recommended) <= 0) reading_.add(recommended, first_reading_, first_reading_disturbed_);
    report(0.4);
    return {};
  }
  bool fits(double seconds, double until) const { return probe_.now_s() + seconds <= until; }

  /// How many of a typical turn, which reads twice as much as it writes, go into a second. 0: not measured.
  double turns_per_s(int threads) const {
    const auto at = static_cast<std::uint32_t>(threads);
    const bool reading_known = reading_.at(static_cast<std::uint32_t>(limits_.cpu.recommended)) > 0;
    if (writing_.at(at) <= 0 || (reading_known && reading_.at(at) <= 0)) return 0;
    return 1 / (100 / writing_.at(at) + (reading_known ? 200 / reading_.at(at) : 0));
  }
  double best_turns_per_s() const {
    double best = 0;
    for (const int threads : thread_candidates(limits_.cpu)) best = std::max(best, turns_per_s(threads));
    return best;
  }
  bool only_disturbed(int threads) const {
    const auto at = static_cast<std::uint32_t>(threads);
    return writing_.only_disturbed(at) || reading_.only_disturbed(at);
  }
  bool clearly_slower(int threads) const { return !only_disturbed(threads) && turns_per_s(threads) < 0.8 * best_turns_per_s(); }

  void choose_threads() {
    // More threads lose more to other programs: what is left says that few are best, and is wrong as soon as those end.
    if (writing_.any_only_disturbed() || reading_.any_only_disturbed()) {
      tuning_.busy = true;
      return;
    }
    const double best = best_turns_per_s();
    for (const int threads : thread_candidates(limits_.cpu)) {
      if (best <= 0 || turns_per_s(threads) < kSame * best) continue;
      tuning_.threads = threads;
      return;
    }
  }

  /// All batch sizes read the same text, which holds at least one batch of the largest: otherwise the smaller ones would
  /// look faster, since less text lies behind their tokens.
  Result<void> try_batches() {
    constexpr std::uint32_t kSizes[] = {32, 64, 128, 256, 512, 1024};
    const double speed = reading_.at(static_cast<std::uint32_t>(tuning_.threads));
    if (speed <= 0) return {};
    std::vector<std::uint32_t> candidates;
    std::uint32_t text = 0;
    for (const double share : {0.5, 0.9}) {  // of two rounds, or else of one
      for (const std::uint32_t size : kSizes) {
        if (size > probe_.longest_text) break;
        const std::size_t count = static_cast<std::size_t>(std::countr_zero(size)) - 4;
        if (static_cast<double>(count) * size / speed > share * left()) break;
        text = size;
      }
      if (text >= kSizes[2]) break;  // two sizes or fewer say nothing
    }
    for (const std::uint32_t size : kSizes) {
      if (size <= text) candidates.push_back(size);
    }
    if (candidates.size() < 3) return {};
    for (int round = 0; round < kMostRounds + kMostRepeats; ++round) {
      // All once more if there is time, then those that are still in it.
      const auto round_fits = [&](const std::vector<std::uint32_t>& sizes) { return fits(static_cast<double>(sizes.size()) * text / speed, deadline()); };
      std::vector<std::uint32_t> trying = candidates;
      if (round > 1 || (round == 1 && !round_fits(trying))) {
        std::erase_if(trying, [&](std::uint32_t size) { return !batches_.only_disturbed(size) && batches_.at(size) < 0.9 * best_batch(); });
      }
      if (round >= kMostRounds) std::erase_if(trying, [&](std::uint32_t size) { return !batches_.only_disturbed(size); });
      if (trying.empty() || (round > 0 && !round_fits(trying))) break;
      if (round % 2 == 1) std::reverse(trying.begin(), trying.end());
      for (const std::uint32_t size : trying) {
        const double guess = batches_.at(size) > 0 ? batches_.at(size) : speed;
        if (!fits(text / guess, deadline())) continue;
        if (auto done = note(probe_.read(tuning_.threads, size, text, deadline()), tuning_.threads, batches_, size); !done) return done;
        report(std::max(elapsed() / limits_.budget_s, 0.4 + 0.6 * std::min(1.0, (round + 0.5) / kMostRounds)));
      }
    }
    return {};
  }
  double best_batch() const {
    double best = 0;
    for (const SpeedPoint& point : batches_.points()) best = std::max(best, point.tokens_per_s);
    return best;
  }

  void choose_batch() {
    if (batches_.any_only_disturbed()) {
      tuning_.busy = true;
      return;
    }
    const std::vector<SpeedPoint> points = batches_.points();
    const double best = best_batch();
    for (const SpeedPoint& point : points) {
      if (point.tokens_per_s < kSame * best) continue;
      // The largest that there was time for, and still rising: the usual one is no smaller, so it stays.
      const bool at_the_edge = points.size() < 3 || point.at == points.back().at;
      tuning_.batch = at_the_edge ? std::max(point.at, kUsualBatch) : point.at;
      return;
    }
  }

  const TuningProbe& probe_;
  const TuningLimits& limits_;
  const TuningProgress& progress_;
  const std::stop_token stop_;
  const double start_;
  double first_writing_ = 0, first_reading_ = 0, fraction_ = 0;
  bool first_writing_disturbed_ = false, first_reading_disturbed_ = false;
  Samples writing_, reading_, batches_;
  Tuning tuning_;
};

/// Measures with real sessions, and keeps them: a first use of fresh memory would count as slowness.
class SessionProbe {
 public:
  explicit SessionProbe(std::shared_ptr<const Model> model, std::stop_token stop)
      : model_(std::move(model)), stop_(std::move(stop)),
        context_(std::min<std::uint32_t>(model_->config().context_length, 1024 + 64)) {}

  std::uint32_t longest_text() const { return power_of_two(context_ - 1, 1, 1024); }

  Result<SpeedSample> read(int threads, std::uint32_t batch, std::uint32_t tokens, double until) {
    auto session = session_for(threads, batch);
    if (!session || *session == nullptr) return nothing(session);
    (*session)->clear();
    return run(**session, tokens, 1, until, &GenerateResult::prefill_tokens_per_s);
  }

  Result<SpeedSample> write(int threads, std::uint32_t tokens, double until) {
    auto session = session_for(threads, kTrialBatch);
    if (!session || *session == nullptr) return nothing(session);
    // The first token comes from the prompt; so many more are computed.
    return run(**session, 1, std::min(tokens, context_ - 1) + 1, until, &GenerateResult::decode_tokens_per_s);
  }

  static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }

 private:
  struct Kept {
    std::unique_ptr<ThreadPool> pool;
    std::unique_ptr<Session> session;
  };

  static Result<SpeedSample> nothing(const Result<Session*>& session) { return session ? Result<SpeedSample>(SpeedSample()) : session.error(); }

  /// The session of that kind; nullptr when there is no memory for it, even without the others.
  Result<Session*> session_for(int threads, std::uint32_t batch) {
    const std::pair<int, std::uint32_t> key{threads, batch};
    if (const auto found = kept_.find(key); found != kept_.end()) return found->second.session.get();
    // Threads are compared at one batch size, then batch sizes at one thread count: others are not needed any more.
    if (batch != kTrialBatch) std::erase_if(kept_, [&](const auto& entry) { return entry.first.first != threads; });
    for (const bool alone : {false, true}) {
      if (alone) kept_.clear();
      Kept kept{std::make_unique<ThreadPool>(threads), nullptr};
      auto made = Session::create(model_, *kept.pool, {.context_tokens = context_, .batch_tokens = batch});
      if (made) {
        kept.session = std::move(*made);
        return kept_.emplace(key, std::move(kept)).first->second.session.get();
      }
      if (made.error().code != ErrorCode::OutOfMemory) return made.error();
    }
    return static_cast<Session*>(nullptr);
  }

  /// Processor time of all threads of this process, in seconds.
  static double cpu_now() {
    timespec time = {};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  }

  /// Reads `tokens` and writes `written`; ends early at `until` or when a stop is asked for. `speed` is the one that counts.
  Result<SpeedSample> run(Session& session, std::uint32_t tokens, std::uint32_t written, double until, double GenerateResult::*speed) {
    std::stop_source end;
    const std::stop_callback asked(stop_, [&end] { end.request_stop(); });
    const auto watch = [&] {
      if (now() > until) end.request_stop();
    };
    GenerateOptions options;
    options.sampling.temperature = 0;
    options.ignore_stop_tokens = true;
    options.max_tokens = written;
    const GenerateSink sink = {.text = {}, .prefill = [&](const PrefillProgress&) { watch(); }, .token = [&](TokenId) { watch(); }};
    const std::vector<TokenId> prompt = ordinary_tokens(tokens);
    const double start = now(), cpu_start = cpu_now();
    const auto result = session.generate_from_tokens(prompt, options, sink, end.get_token());
    const double elapsed = now() - start, cpu = cpu_now() - cpu_start;
    if (stop_.stop_requested()) return Error{ErrorCode::Stopped, {}};
    if (!result) return result.error();
    return SpeedSample{(*result).*speed, elapsed, cpu};
  }

  /// The same words each time, none of them special.
  std::vector<TokenId> ordinary_tokens(std::uint32_t count) const {
    std::vector<TokenId> tokens;
    std::uint64_t state = 0x7E5CE7;
    for (std::uint64_t tries = 0; tokens.size() < count; ++tries) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      const auto token = static_cast<TokenId>((state >> 33) % model_->config().vocab_size);
      if (!model_->tokenizer().is_special(token) || tries > 100'000) tokens.push_back(token);
    }
    return tokens;
  }

  const std::shared_ptr<const Model> model_;
  const std::stop_token stop_;
  const std::uint32_t context_;
  std::map<std::pair<int, std::uint32_t>, Kept> kept_;
};

}  // namespace

std::vector<int> thread_candidates(const CpuTopology& cpu) {
  const int all = std::max(1, cpu.logical), recommended = std::clamp(cpu.recommended, 1, all);
  std::vector<int> counts = {recommended / 2, recommended - 1, recommended, all};
  for (int count = 1; count < all; count *= 2) counts.push_back(count);
  std::erase_if(counts, [all](int count) { return count < 1 || count > all; });
  std::sort(counts.begin(), counts.end());
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  return counts;
}

Result<Tuning> find_fastest(const TuningProbe& probe, const TuningLimits& limits, const TuningProgress& progress, std::stop_token stop) {
  TuningLimits sane = limits;
  sane.cpu.logical = std::max(1, limits.cpu.logical);
  sane.cpu.recommended = std::clamp(limits.cpu.recommended, 1, sane.cpu.logical);
  return Search(probe, sane, progress, std::move(stop)).run();
}

Result<Tuning> find_fastest(std::shared_ptr<const Model> model, const TuningLimits& limits, const TuningProgress& progress,
                            std::stop_token stop) {
  SessionProbe sessions(std::move(model), stop);
  const TuningProbe probe = {
      .now_s = &SessionProbe::now,
      .read = [&](int threads, std::uint32_t batch, std::uint32_t tokens, double until) { return sessions.read(threads, batch, tokens, until); },
      .write = [&](int threads, std::uint32_t tokens, double until) { return sessions.write(threads, tokens, until); },
      .longest_text = sessions.longest_text()};
  return find_fastest(probe, limits, progress, std::move(stop));
}

}  // namespace tercet
