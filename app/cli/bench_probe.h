// What this machine could do at best, measured: the limits that the engine's speed is compared with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/model.h"
#include "engine/parallel.h"
#include "engine/result.h"

namespace tercet::cli {

/// Median, least and most of repeated measurements. All 0 for none.
struct Spread {
  double median = 0, least = 0, most = 0;
};
Spread spread_of(std::vector<double> values);

/// Measurements of the limits, taken with the threads and the kernel set of the engine.
struct LimitSamples {
  std::vector<double> read_gbs;     // 1e9 bytes per second, streamed from memory
  std::vector<double> int8_gmacs;   // 1e9 int8 multiply-adds per second, from registers
};

/// Adds some samples of both limits. Reads `memory`, the weights themselves, as where pages lie in a machine decides how fast
/// they can be read; where that would fit the caches, a buffer of several times their size, or as much as memory allows,
/// given back before this returns. Errors: OutOfMemory.
Result<void> sample_limits(const kernels::KernelSet& kernels, ThreadPool& pool, std::span<const std::byte> memory, LimitSamples& samples);

/// Most memory this process has had resident since `forget_peak_memory`, or since its start where the system cannot forget.
std::uint64_t peak_memory_bytes();
void forget_peak_memory();

/// FNV-1a, 64 bits, of the bits of the values: equal hashes mean equal logits to the bit.
std::uint64_t hash_of(std::span<const float> values);

/// int8 multiply-adds of one token in the ternary matrices.
std::uint64_t ternary_macs_per_token(const ModelConfig& config);

}  // namespace tercet::cli
