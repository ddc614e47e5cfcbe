#include "app/cli/answer_json.h"

#include "app/cli/json_writer.h"

namespace tercet::cli {

std::string answer_json(const GenerateResult& result, const Engine& engine, const SamplingOptions& sampling) {
  JsonWriter json;
  json.begin_object()
      .member("text", result.text)
      .member("tokens", std::span<const TokenId>(result.tokens))
      .member("stop_reason", stop_reason_name(result.stop_reason))
      .member("prompt_tokens", result.prompt_tokens)
      .member("reused_tokens", result.reused_tokens)
      .member("prefill_tokens_per_s", result.prefill_tokens_per_s)
      .member("decode_tokens_per_s", result.decode_tokens_per_s)
      .member("threads", engine.pool->threads())
      .member("batch", engine.session->options().batch_tokens)
      .member("isa", engine.model->info().isa)
      .member("seed", sampling.seed)
      .end_object();
  return json.text() + "\n";
}

}  // namespace tercet::cli
