// An answer as one line of JSON, for scripts.
#pragma once

#include <string>

#include "app/cli/engine_options.h"

namespace tercet::cli {

/// One object and a line break: text, tokens, stop_reason, token counts, speeds, and what it came of.
std::string answer_json(const GenerateResult& result, const Engine& engine, const SamplingOptions& sampling);

}  // namespace tercet::cli
