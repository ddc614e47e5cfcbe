// The tensor table, compared with the file: which encodings, and whether all bytes are where the table says.
// Internal to the reader.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/format/gguf_container.h"
#include "engine/result.h"
#include "engine/tensor.h"

namespace tercet::gguf {

/// Views of all tensors, in the order of the table. The data section must consist of the tensors, each padded to the
/// alignment, and nothing else; the padding of the last one may be missing.
/// Errors: UnsupportedType (the format is named), Truncated, Corrupt.
Result<std::vector<TensorView>> place_tensors(const Container& container, std::span<const std::byte> file);

}  // namespace tercet::gguf
