#include "app/cli/bench_turns.h"

#include "app/cli/bench_generation.h"

namespace tercet::cli {

Result<std::vector<TurnMeasurement>> measure_turns(Session& session, std::uint32_t turns, std::uint32_t prompt, std::uint32_t written,
                                                   std::uint32_t repetitions, std::stop_token stop) {
  std::vector<TurnMeasurement> result(turns);
  std::vector<std::vector<double>> waited(turns);
  for (std::uint32_t repetition = 0; repetition <= repetitions; ++repetition) {  // the first warms up
    session.clear();
    std::vector<TokenId> conversation;
    for (std::uint32_t turn = 0; turn < turns; ++turn) {
      result[turn].context_before = static_cast<std::uint32_t>(conversation.size());
      const std::vector<TokenId> said = random_tokens(session.model().tokenizer(), prompt, 200 + turn);
      conversation.insert(conversation.end(), said.begin(), said.end());
      const Result<GenerateResult> answer = generate(session, conversation, greedy(written), stop);
      if (!answer) return answer.error();
      conversation.insert(conversation.end(), answer->tokens.begin(), answer->tokens.end());
      result[turn].computed = answer->prompt_tokens - answer->reused_tokens;
      if (repetition > 0) waited[turn].push_back(answer->time_to_first_token_ms);
    }
  }
  for (std::uint32_t turn = 0; turn < turns; ++turn) result[turn].first_token_ms = spread_of(std::move(waited[turn]));
  return result;
}

}  // namespace tercet::cli
