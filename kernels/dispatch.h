// Which kernel sets exist, which this machine runs, and the choice among them.
#pragma once

#include <span>
#include <string_view>

#include "kernels/kernels.h"

namespace tercet::kernels {

struct SetStatus {
  std::string_view name;
  const KernelSet* set;       // null when it was not compiled for this architecture
  bool supported;             // the CPU and the operating system run it
};

/// Every name of the catalogue (scalar avx2 avxvnni avx512vnni neon dotprod i8mm), slowest first.
std::span<const SetStatus> all_sets() noexcept;
/// The entry of that name, or nullptr for a name that is not in the catalogue.
const SetStatus* find_set(std::string_view name) noexcept;
/// The fastest supported set; never null, at least scalar.
const KernelSet& best_set() noexcept;

}  // namespace tercet::kernels
