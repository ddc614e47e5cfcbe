#include "app/cli/bench_probe.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <fstream>
#include <string>

#include "engine/memory.h"
#include "kernels/kernels.h"

namespace tercet::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

constexpr std::size_t kReadChunk = std::size_t{1} << 20;  // bytes a thread takes at least
constexpr int kReadPasses = 4;
constexpr int kPeakPasses = 4;

/// Bytes to stream: too many for the caches, not too many for the machine.
std::size_t stream_bytes() {
  std::uint64_t cache = 0;
#ifdef _SC_LEVEL3_CACHE_SIZE
  cache = static_cast<std::uint64_t>(std::max(0L, ::sysconf(_SC_LEVEL3_CACHE_SIZE)));
#endif
  std::uint64_t bytes = std::clamp<std::uint64_t>(4 * cache, std::uint64_t{512} << 20, std::uint64_t{1} << 30);
  const std::uint64_t available = available_memory_bytes();
  if (available != 0) bytes = std::min(bytes, available / 4);
  return std::max<std::size_t>(static_cast<std::size_t>(bytes) / kReadChunk, 1) * kReadChunk;
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  const double median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {median, values.front(), values.back()};
}

Result<void> sample_limits(const kernels::KernelSet& kernels, ThreadPool& pool, std::span<const std::byte> memory, LimitSamples& samples) {
  constexpr std::size_t kEnough = std::size_t{384} << 20;  // beyond what one machine's share of a cache holds
  MemoryBlock buffer;
  if (memory.size() < kEnough) {
    Result<MemoryBlock> allocated = MemoryBlock::allocate(stream_bytes());
    if (!allocated) return allocated.error();
    buffer = std::move(*allocated);
    // Pages that were never written may all be the same page of zeros, which fits a cache.
    pool.for_ranges(buffer.size(), kReadChunk, [&](std::size_t begin, std::size_t end, int) {
      std::fill_n(buffer.data() + begin, end - begin, static_cast<std::byte>(begin / kReadChunk + 1));
    });
    memory = {buffer.data(), buffer.size()};
  }
  const std::size_t bytes = memory.size() / kReadChunk * kReadChunk;
  std::atomic<std::uint64_t> keep{0};
  for (int pass = 0; pass < kReadPasses; ++pass) {
    const Clock::time_point start = Clock::now();
    pool.for_ranges(bytes, kReadChunk, [&](std::size_t begin, std::size_t end, int) {
      keep.fetch_add(kernels.stream_read(memory.data() + begin, end - begin), std::memory_order_relaxed);
    });
    samples.read_gbs.push_back(static_cast<double>(bytes) / seconds_since(start) / 1e9);
  }

  // Pieces of about 2 ms, so that a thread that was held up holds nobody back.
  std::size_t iterations = 1000;
  while (true) {
    const Clock::time_point start = Clock::now();
    keep.fetch_add(static_cast<std::uint64_t>(kernels.int8_peak(iterations)), std::memory_order_relaxed);
    if (seconds_since(start) >= 0.002) break;
    iterations *= 2;
  }
  const std::size_t pieces = 16 * static_cast<std::size_t>(pool.threads());
  for (int pass = 0; pass < kPeakPasses; ++pass) {
    const Clock::time_point start = Clock::now();
    pool.for_each(pieces, [&](std::size_t, int) {
      keep.fetch_add(static_cast<std::uint64_t>(kernels.int8_peak(iterations)), std::memory_order_relaxed);
    });
    const double macs = static_cast<double>(pieces) * static_cast<double>(iterations) *
                        static_cast<double>(kernels.int8_macs_per_iteration);
    samples.int8_gmacs.push_back(macs / seconds_since(start) / 1e9);
  }
  return {};
}

std::uint64_t peak_memory_bytes() {
  std::ifstream status("/proc/self/status");  // Linux: the one figure that can be reset
  for (std::string word; status >> word;) {
    std::uint64_t kib = 0;
    if (word == "VmHWM:" && status >> kib) return kib * 1024;
  }
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
  return static_cast<std::uint64_t>(usage.ru_maxrss);
#else
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
#endif
}

void forget_peak_memory() {
  std::ofstream("/proc/self/clear_refs") << "5";  // proc(5): resets the peak
}

std::uint64_t hash_of(std::span<const float> values) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const float value : values) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) {
      hash ^= (bits >> shift) & 0xFFU;
      hash *= 0x100000001B3U;
    }
  }
  return hash;
}

std::uint64_t ternary_macs_per_token(const ModelConfig& config) {
  const std::uint64_t hidden = config.hidden, query = std::uint64_t{config.heads} * config.head_dim;
  const std::uint64_t key_value = std::uint64_t{config.kv_heads} * config.head_dim;
  return config.layers * (2 * hidden * query + 2 * hidden * key_value + 3 * hidden * config.ffn);
}

}  // namespace tercet::cli
