// The thread pool. The only file that includes TBB.
#include "engine/parallel.h"

#include "engine/cpu_topology.h"

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace tercet {

namespace {

using Clock = std::chrono::steady_clock;

inline void relax() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Threads that take pieces of one job after another, spinning for a moment between jobs and asleep when there are none.
///
/// A decode step is some 150 short jobs with serial gaps of a few microseconds. All that a thread needs to know before it may
/// take a piece is one word, the ticket: which job, of how many pieces, and which comes next. To join a job and to take a
/// piece are the same atomic addition; a thread that comes late finds no piece left, and the caller never waits for a thread
/// that has not taken one. The word is also what idle threads watch.
/// TBB would serve for speed alone (see tests/bench/README.md), but its number of workers is a limit of the process, so that
/// pools of different sizes take workers from each other; more threads than processors are not to be had; and
/// ThreadSanitizer cannot look inside, while it sees all that happens here.
class Team {
 public:
  using Body = FunctionRef<void(std::size_t, std::size_t, int)>;

  /// `alike`: the threads run on cores of one kind.
  Team(int threads, bool alike)
      : threads_(static_cast<std::size_t>(threads)), first_eighths_(alike ? 7 : 4), spin_(threads <= static_cast<int>(std::thread::hardware_concurrency())) {
    for (int worker = 1; worker < threads; ++worker) {
      workers_.emplace_back([this, worker] { work(worker); });
    }
  }
  ~Team() {
    quit_ = true;
    ticket_.fetch_add(kJob);
    ticket_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  void run(std::size_t count, std::size_t grain, Body body) {
    body_ = &body;
    const std::uint64_t pieces = cut(count, grain);
    done_.store(0, std::memory_order_relaxed);
    job_ += kJob;
    ticket_.store(job_ | pieces * kPiece);
    if (asleep_.load() > 0) ticket_.notify_all();
    while (take_piece(0)) {
    }
    for (int spins = 0; done_.load(std::memory_order_acquire) != pieces; ++spins) spins < 4096 ? relax() : std::this_thread::yield();
  }

 private:
  // The ticket: job number (32 bits), number of pieces (16), next piece (16). The last may run beyond the number of pieces
  // by one for each thread.
  static constexpr std::uint64_t kPiece = std::uint64_t{1} << 16, kJob = std::uint64_t{1} << 32;
  static constexpr std::size_t kMostPieces = 2048;
  static bool has_pieces(std::uint64_t ticket) noexcept { return ticket % kPiece < ticket / kPiece % kPiece; }

  /// Fills ends_ with where the pieces end; returns how many there are. Most of the work is parted evenly at once, because
  /// long runs of memory are read fastest (7 eighths of it rather than 4 made a decode step 10 % faster); the rest in pieces
  /// that shrink, so that nobody waits long for a thread that was held up. Where cores differ, more is left for the fast ones.
  std::size_t cut(std::size_t count, std::size_t grain) noexcept {
    std::size_t units = (count + grain - 1) / grain, end = 0, pieces = 0;
    while (units > 0) {
      const std::size_t shared = pieces == 0 ? units * first_eighths_ / 8 : units / 2;
      const bool last = pieces + threads_ >= kMostPieces;
      const std::size_t size = last ? units : std::max<std::size_t>(shared / threads_, 1);
      for (std::size_t i = 0; i < threads_ && units > 0; ++i) {
        const std::size_t taken = std::min(size, units);
        units -= taken;
        end += taken * grain;
        ends_[pieces++] = std::min(end, count);
      }
    }
    return pieces;
  }

  bool take_piece(int worker) {
    if (!has_pieces(ticket_.load())) return false;
    const std::uint64_t ticket = ticket_.fetch_add(1);
    if (!has_pieces(ticket)) return false;
    const std::size_t piece = ticket % kPiece;  // from here to done_ the job cannot end
    (*body_)(piece == 0 ? 0 : ends_[piece - 1], ends_[piece], worker);
    done_.fetch_add(1, std::memory_order_release);
    return true;
  }

  void work(int worker) {
    while (!quit_) {
      if (take_piece(worker)) continue;
      wait_for_pieces();
    }
  }

  void wait_for_pieces() {
    constexpr auto kSpin = std::chrono::microseconds(200);  // longer than any serial gap of a forward pass
    std::uint64_t seen = ticket_.load();
    if (spin_) {
      const auto start = Clock::now();
      do {
        for (int i = 0; i < 64; ++i) {
          seen = ticket_.load();
          if (has_pieces(seen) || quit_) return;
          relax();
        }
      } while (Clock::now() - start < kSpin);
    }
    asleep_.fetch_add(1);
    if (!has_pieces(seen) && !quit_) ticket_.wait(seen);
    asleep_.fetch_sub(1);
  }

  const std::size_t threads_, first_eighths_;
  const bool spin_;  // pointless, and harmful, with more threads than processors
  alignas(64) std::atomic<std::uint64_t> ticket_{0};
  alignas(64) std::atomic<std::uint64_t> done_{0};
  alignas(64) const Body* body_ = nullptr;
  std::uint64_t job_ = 0;
  std::atomic<int> asleep_{0};
  std::atomic<bool> quit_{false};
  std::size_t ends_[kMostPieces] = {};
  std::vector<std::thread> workers_;
};

}  // namespace

struct ThreadPool::Impl {
  explicit Impl(int count)
      : threads(std::max(count, 1)),
        team(threads, threads <= cpu_topology().recommended),
        arena(std::min(threads, tbb::this_task_arena::max_concurrency())) {}

  const int threads;
  Team team;
  tbb::task_arena arena;
};

ThreadPool::ThreadPool(int threads) : impl_(std::make_unique<Impl>(threads)) {}
ThreadPool::~ThreadPool() = default;

int ThreadPool::threads() const noexcept { return impl_->threads; }

void ThreadPool::for_ranges(std::size_t count, std::size_t grain, FunctionRef<void(std::size_t, std::size_t, int)> body) {
  if (count == 0) return;
  if (impl_->threads == 1 || count <= grain) return body(0, count, 0);
  impl_->team.run(count, grain, body);
}

void ThreadPool::for_each(std::size_t count, FunctionRef<void(std::size_t, int)> body) {
  for_ranges(count, 1, [&body](std::size_t begin, std::size_t end, int worker) {
    for (std::size_t i = begin; i < end; ++i) body(i, worker);
  });
}

void ThreadPool::for_each_large(std::size_t chunks, FunctionRef<void(std::size_t)> body) {
#if defined(__SANITIZE_THREAD__)
  // TBB is not built with ThreadSanitizer, which then does not see what orders its threads; the team's own it does see.
  return for_each(chunks, [&body](std::size_t chunk, int) { body(chunk); });
#endif
  impl_->arena.execute([&] { tbb::parallel_for(std::size_t{0}, chunks, body); });
}

}  // namespace tercet
