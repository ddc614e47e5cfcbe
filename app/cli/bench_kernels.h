// The kernels by themselves, on the shapes of 2B4T: what each operation reaches, next to what the machine could do.
#pragma once

#include <string>
#include <vector>

#include "app/cli/bench_probe.h"

namespace tercet::cli {

/// One operation of one set with so many threads. Only one of the two rates is not 0.
struct KernelMeasurement {
  std::string isa;
  int threads = 0;
  std::string operation, shape;
  Spread gbs;    // 1e9 bytes of weights (or cache) per second; of what is skipped, nothing counts
  Spread gmacs;  // 1e9 multiply-adds per second
};

/// Measures every operation that matters for speed, `repetitions` times in turn. Errors: OutOfMemory.
Result<std::vector<KernelMeasurement>> measure_kernels(const kernels::KernelSet& kernels, int threads, std::uint32_t repetitions);

}  // namespace tercet::cli
