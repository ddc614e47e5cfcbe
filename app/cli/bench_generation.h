// What all measurements of the bench generate, and how.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/session.h"

namespace tercet::cli {

/// The same ordinary tokens on every machine (SplitMix64 from a fixed seed); `stream` picks another sequence.
std::vector<TokenId> random_tokens(const Tokenizer& tokenizer, std::size_t count, std::uint64_t stream);

/// So many tokens, whatever they say.
GenerateOptions greedy(std::uint32_t tokens);

/// generate_from_tokens, with a stop as an error.
Result<GenerateResult> generate(Session& session, std::span<const TokenId> prompt, const GenerateOptions& options, std::stop_token stop);

}  // namespace tercet::cli
