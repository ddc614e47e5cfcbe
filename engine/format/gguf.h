// GGUF v2/v3 reader. Files come from strangers: every count, offset and size is checked before use.
#pragma once

#include "engine/format/checkpoint.h"
#include "engine/format/model_source.h"

namespace tercet {

/// Maps the file, unless it is in memory, and reads its header, metadata and tensor table.
/// Errors: those of MappedFile::open, NotGguf, UnsupportedVersion, Truncated, Corrupt, UnsupportedArchitecture,
/// UnsupportedType, BadConfig, BadTokenizer (tokens missing).
/// Source: the GGUF specification, and the forks' type numbers as far as they can be told apart.
Result<Checkpoint> open_gguf(const ModelSource& source);

}  // namespace tercet
