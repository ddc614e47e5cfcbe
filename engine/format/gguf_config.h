// Metadata -> hyper-parameters: what each architecture's keys mean, and which models this engine must not touch because
// it would compute something else than they mean. Internal to the reader.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/config.h"
#include "engine/format/gguf_container.h"
#include "engine/result.h"
#include "engine/tensor.h"

namespace tercet::gguf {

/// The architecture alone, so that a foreign model is named before anything else is held against it.
/// Errors: BadConfig (absent), UnsupportedArchitecture.
Result<std::string> read_architecture(const Container& container);

/// The rest; `tensors` decide about sub-norms and about variants that share an architecture name.
/// Errors: BadConfig, UnsupportedArchitecture. `warnings` gets what had to be assumed.
Result<ModelConfig> read_config(const Container& container, const std::string& architecture,
                                std::span<const TensorView> tensors, std::vector<std::string>& warnings);

}  // namespace tercet::gguf
