#include "app/cli/bench_generation.h"

namespace tercet::cli {

std::vector<TokenId> random_tokens(const Tokenizer& tokenizer, std::size_t count, std::uint64_t stream) {
  std::vector<TokenId> tokens;
  std::uint64_t state = 0x7E5CE7U + (stream << 32);
  while (tokens.size() < count) {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    const auto token = static_cast<TokenId>((z ^ (z >> 31)) % tokenizer.vocab_size());
    if (!tokenizer.is_special(token)) tokens.push_back(token);
  }
  return tokens;
}

GenerateOptions greedy(std::uint32_t tokens) {
  GenerateOptions options;
  options.sampling.temperature = 0;
  options.ignore_stop_tokens = true;
  options.max_tokens = tokens;
  return options;
}

Result<GenerateResult> generate(Session& session, std::span<const TokenId> prompt, const GenerateOptions& options, std::stop_token stop) {
  Result<GenerateResult> result = session.generate_from_tokens(prompt, options, {}, stop);
  if (result && result->stop_reason == StopReason::Stopped) return Error{ErrorCode::Stopped, {}};
  return result;
}

}  // namespace tercet::cli
