// The thread pool over a TBB arena, and what the machine offers. The only file that includes TBB.
#include "engine/parallel.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <utility>

#if defined(__linux__)
#include <sched.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace tercet {

struct ThreadPool::Impl {
  explicit Impl(int count)
      : threads(std::max(count, 1)),
        // TBB keeps to the hardware threads unless told otherwise; the person's choice is what counts.
        limit(tbb::global_control::max_allowed_parallelism,
              static_cast<std::size_t>(std::max(threads, tbb::this_task_arena::max_concurrency()))),
        arena(threads) {}

  const int threads;
  tbb::global_control limit;
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
  // One task per worker, chunks from a shared counter: a slow core takes fewer, and a worker that comes late finds none.
  std::atomic<std::size_t> next{0};
  impl_->arena.execute([&] {
    tbb::parallel_for(
        0, impl_->threads, 1,
        [&](int worker) {
          for (std::size_t chunk = next.fetch_add(1, std::memory_order_relaxed); chunk < chunks;
               chunk = next.fetch_add(1, std::memory_order_relaxed)) {
            body(chunk, worker);
          }
        },
        tbb::simple_partitioner());
  });
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
