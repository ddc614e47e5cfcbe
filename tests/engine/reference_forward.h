// The forward pass once more: naive, in double precision, straight from the specification and from the numbers a tiny
// model was made of. Shares no code with the engine but the file it reads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/cache_precision.h"

namespace tercet::test {

/// Logits f64 [tokens][vocab] of a GGUF file of architecture bitnet-b1.58 (F16, F32 or BF16 embedding). Keys and
/// values are rounded as a cache of that precision rounds them; not Auto. Throws std::runtime_error on anything unexpected.
std::vector<double> reference_logits(const std::string& path, const std::vector<std::int32_t>& tokens, CachePrecision cache);

}  // namespace tercet::test
