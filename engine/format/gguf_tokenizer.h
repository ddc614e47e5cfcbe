// Metadata -> tokenizer data, with the counts and ids checked against each other. Internal to the reader.
#pragma once

#include <string>
#include <vector>

#include "engine/format/checkpoint.h"
#include "engine/format/gguf_container.h"
#include "engine/result.h"

namespace tercet::gguf {

/// Errors: BadTokenizer. `warnings` gets what is known to be wrong in published files.
Result<TokenizerData> read_tokenizer(const Container& container, std::vector<std::string>& warnings);

}  // namespace tercet::gguf
