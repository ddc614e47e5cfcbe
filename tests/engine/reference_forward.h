// The forward pass once more: naive, in double precision, straight from the specification and from the numbers a tiny
// model was made of. Shares no code with the engine but the file it reads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tercet::test {

/// Logits f64 [tokens][vocab] of a GGUF file of architecture bitnet-b1.58 (F16, F32 or BF16 embedding). half_cache: keys
/// and values are rounded to half precision, as the engine's cache does for large models. Throws std::runtime_error on anything unexpected.
std::vector<double> reference_logits(const std::string& path, const std::vector<std::int32_t>& tokens, bool half_cache);

}  // namespace tercet::test
