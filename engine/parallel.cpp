// The thread pool and what the machine offers. The only file that includes TBB.
#include "engine/parallel.h"

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sched.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

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

/// Threads that take chunks of one job after another, spinning for a moment between jobs and asleep when there are none.
///
/// A decode step is some 120 short jobs with serial gaps of a few microseconds. A worker that is awake joins within a
/// microsecond; one that comes late finds no chunks left, and the caller never waits for a worker that has not joined.
/// Speed alone would not ask for it: a job costs 1.8 us beside the work, in a TBB arena 3.3 us (median of 3,000 jobs of two
/// times 40 us on 2 cores), which is 0.4 % of a decode step of 2B4T. But TBB's number of workers is a limit of the process,
/// so that pools of different sizes take workers from each other and it prints warnings; more threads than processors are
/// not to be had; and ThreadSanitizer cannot look inside, while it sees all that happens here.
class Team {
 public:
  using Body = std::function<void(std::size_t, int)>;

  explicit Team(int threads) : spin_(threads <= static_cast<int>(std::thread::hardware_concurrency())) {
    for (int worker = 1; worker < threads; ++worker) {
      workers_.emplace_back([this, worker] { work(worker); });
    }
  }
  ~Team() {
    quit_ = true;
    job_.fetch_add(2);
    job_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  void run(std::size_t chunks, const Body& body) {
    body_ = &body;
    chunks_ = chunks;
    next_ = 0;
    job_.fetch_add(1);  // odd: open
    if (asleep_.load() > 0) job_.notify_all();
    take_chunks(body, chunks, 0);
    job_.fetch_add(1);  // even: closed; who has joined before is counted in active_
    for (int spins = 0; active_.load() > 0; ++spins) spins < 4096 ? relax() : std::this_thread::yield();
  }

 private:
  void take_chunks(const Body& body, std::size_t chunks, int worker) {
    for (std::size_t chunk = next_.fetch_add(1); chunk < chunks; chunk = next_.fetch_add(1)) body(chunk, worker);
  }

  void work(int worker) {
    std::uint64_t seen = 0;
    for (;;) {
      const std::uint64_t job = wait_for_job(seen);
      if (quit_) return;
      seen = job;
      if (job % 2 == 0) continue;
      // Counted first, asked again after: the caller closes the job first and reads the count after, so either it sees this
      // worker or this worker sees the job closed.
      active_.fetch_add(1);
      if (job_.load() == job) take_chunks(*body_, chunks_, worker);
      active_.fetch_sub(1);
    }
  }

  /// The number of a job other than `seen`.
  std::uint64_t wait_for_job(std::uint64_t seen) {
    constexpr auto kSpin = std::chrono::microseconds(200);  // longer than any serial gap of a forward pass
    if (spin_) {
      const auto start = Clock::now();
      do {
        for (int i = 0; i < 64; ++i) {
          if (const std::uint64_t job = job_.load(); job != seen) return job;
          relax();
        }
      } while (Clock::now() - start < kSpin);
    }
    asleep_.fetch_add(1);
    job_.wait(seen);
    asleep_.fetch_sub(1);
    return job_.load();
  }

  const bool spin_;  // pointless, and harmful, with more threads than processors
  alignas(64) std::atomic<std::uint64_t> job_{0};
  alignas(64) std::atomic<std::size_t> next_{0};
  alignas(64) std::atomic<int> active_{0};
  std::atomic<int> asleep_{0};
  std::atomic<bool> quit_{false};
  const Body* body_ = nullptr;
  std::size_t chunks_ = 0;
  std::vector<std::thread> workers_;
};

}  // namespace

struct ThreadPool::Impl {
  explicit Impl(int count)
      : threads(std::max(count, 1)),
        team(threads),
        arena(std::min(threads, tbb::this_task_arena::max_concurrency())) {}

  const int threads;
  Team team;
  tbb::task_arena arena;
};

ThreadPool::ThreadPool(int threads) : impl_(std::make_unique<Impl>(threads)) {}
ThreadPool::~ThreadPool() = default;

int ThreadPool::threads() const noexcept { return impl_->threads; }

void ThreadPool::for_each(std::size_t chunks, const std::function<void(std::size_t, int)>& body) {
  if (impl_->threads == 1 || chunks <= 1) {
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) body(chunk, 0);
    return;
  }
  impl_->team.run(chunks, body);
}

void ThreadPool::for_each_large(std::size_t chunks, const std::function<void(std::size_t)>& body) {
#if defined(__SANITIZE_THREAD__)
  // TBB is not built with ThreadSanitizer, which then does not see what orders its threads; the team's own it does see.
  return for_each(chunks, [&body](std::size_t chunk, int) { body(chunk); });
#endif
  impl_->arena.execute([&] { tbb::parallel_for(std::size_t{0}, chunks, body); });
}

namespace {

#if defined(__linux__)

/// First number of a small system file, or `fallback`.
long read_number(const std::string& path, long fallback) {
  std::ifstream file(path);
  long value = 0;
  return (file >> value) ? value : fallback;
}

/// CPUs that a container's quota allows, rounded up; a large number when there is no quota.
int quota_cpus() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (file >> quota >> period && quota != "max" && period > 0) {
    return std::max(1, static_cast<int>(std::ceil(std::atof(quota.c_str()) / period)));
  }
  const long v1_quota = read_number("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", -1);
  const long v1_period = read_number("/sys/fs/cgroup/cpu/cpu.cfs_period_us", 0);
  if (v1_quota > 0 && v1_period > 0) return std::max(1, static_cast<int>((v1_quota + v1_period - 1) / v1_period));
  return 1 << 20;
}

CpuTopology detect_topology() {
  CpuTopology topology;
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  std::vector<int> cpus;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(cpu, &allowed)) cpus.push_back(cpu);
    }
  }
  if (cpus.empty()) {
    topology.logical = topology.recommended = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    return topology;
  }
  // Physical cores, and of those the ones whose capacity (or top frequency) is that of the fastest.
  std::set<std::pair<long, long>> cores, fast_cores;
  long best_capacity = 0;
  const auto capacity_of = [](const std::string& base) {
    const long capacity = read_number(base + "cpu_capacity", 0);
    return capacity > 0 ? capacity : read_number(base + "cpufreq/cpuinfo_max_freq", 0);
  };
  const auto base_of = [](int cpu) { return "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/"; };
  for (const int cpu : cpus) best_capacity = std::max(best_capacity, capacity_of(base_of(cpu)));
  for (const int cpu : cpus) {
    const std::string base = base_of(cpu);
    const std::pair<long, long> core = {read_number(base + "topology/physical_package_id", 0),
                                        read_number(base + "topology/core_id", cpu)};
    cores.insert(core);
    // Favoured cores of one kind differ by a few percent; efficiency cores by far more.
    if (capacity_of(base) * 100 >= best_capacity * 80) fast_cores.insert(core);
  }
  const int quota = quota_cpus();
  topology.logical = std::max(1, std::min(static_cast<int>(cpus.size()), quota));
  topology.recommended = std::clamp(static_cast<int>(fast_cores.empty() ? cores.size() : fast_cores.size()), 1, topology.logical);
  return topology;
}

#elif defined(__APPLE__)

int sysctl_number(const char* name) {
  int value = 0;
  size_t size = sizeof value;
  return sysctlbyname(name, &value, &size, nullptr, 0) == 0 ? value : 0;
}

CpuTopology detect_topology() {
  CpuTopology topology;
  topology.logical = std::max(1, sysctl_number("hw.logicalcpu"));
  int fast = sysctl_number("hw.perflevel0.physicalcpu");
  if (fast <= 0) fast = sysctl_number("hw.physicalcpu");
  topology.recommended = std::clamp(fast, 1, topology.logical);
  return topology;
}

#else

CpuTopology detect_topology() {
  const int count = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return {count, count};
}

#endif

}  // namespace

CpuTopology cpu_topology() { return detect_topology(); }

}  // namespace tercet
