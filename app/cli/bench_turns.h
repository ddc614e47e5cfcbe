// How long the answer of each turn of a conversation lets wait: what earlier turns left in the cache is not read again.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "app/cli/bench_probe.h"
#include "engine/session.h"

namespace tercet::cli {

struct TurnMeasurement {
  Spread first_token_ms;             // from the request to the first token of the answer
  std::uint32_t computed = 0;        // tokens that were not in the cache, and so computed before the answer
  std::uint32_t context_before = 0;  // tokens of the conversation before the turn
};

/// Holds a conversation of `turns` turns, each of `prompt` tokens read and `written` tokens answered, `repetitions` times
/// after one to warm up. Errors: those of Session::generate_from_tokens, and Stopped.
Result<std::vector<TurnMeasurement>> measure_turns(Session& session, std::uint32_t turns, std::uint32_t prompt, std::uint32_t written,
                                                   std::uint32_t repetitions, std::stop_token stop);

}  // namespace tercet::cli
