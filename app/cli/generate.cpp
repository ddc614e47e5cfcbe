// tercet-cli generate: one answer, as text while it is written or as one JSON object at the end.
#include "app/cli/answer_json.h"
#include "app/cli/commands.h"
#include "app/cli/engine_options.h"
#include "app/cli/interrupt.h"
#include "app/cli/reading_line.h"

namespace tercet::cli {

ExitCode run_generate(Arguments& arguments) {
  const std::string path = arguments.operand("MODEL");
  const EngineOptions options = read_engine_options(arguments);
  GenerateOptions generate;
  generate.sampling = read_sampling_options(arguments);
  generate.max_tokens = read_max_tokens(arguments);
  const std::vector<TokenId> tokens = arguments.tokens("--tokens");
  if (arguments.has("--prompt") == arguments.has("--tokens")) arguments.refuse("give either --prompt TEXT or --tokens LIST");
  if (arguments.has("--answer") && !arguments.has("--prompt")) arguments.refuse("--answer TEXT needs --prompt TEXT");
  if (!arguments.problem().empty()) return fail_usage(arguments.problem(), "generate");
  const std::string prompt = arguments.text("--prompt"), begun = arguments.text("--answer");
  if (!is_valid_utf8(prompt)) return fail({ErrorCode::InvalidUtf8, "--prompt"});
  if (!is_valid_utf8(begun)) return fail({ErrorCode::InvalidUtf8, "--answer"});
  generate.continue_answer = arguments.has("--answer");
  const bool json = arguments.has("--json");

  Interrupt interrupt;
  StopOnInterrupt stop(interrupt);
  const Result<Engine> engine = open_engine(path, options, stop.token());
  if (!engine) return fail(engine.error());

  ReadingLine reading(errors_are_terminal());
  GenerateSink sink;
  sink.prefill = [&reading](const PrefillProgress& progress) { reading.show(progress); };
  sink.token = [&reading](TokenId) { reading.clear(); };
  if (!json) {
    const bool terminal = output_is_terminal();
    sink.text = [&stop, terminal](std::string_view text) {
      const bool written = terminal ? write_out(without_controls(text)) : write_out(text);
      if (!written || !flush_out()) stop.request_stop();  // nobody reads on
    };
  }
  std::vector<ChatMessage> messages = {{Role::User, prompt, {}}};
  if (generate.continue_answer) messages.push_back({Role::Assistant, begun, {}});
  const Result<GenerateResult> result =
      arguments.has("--tokens") ? engine->session->generate_from_tokens(tokens, generate, sink, stop.token())
                                : engine->session->generate(messages, generate, sink, stop.token());
  reading.clear();
  if (!result) return fail(result.error());
  write_out(json ? answer_json(*result, *engine, generate.sampling) : "\n");
  return finish_output();
}

}  // namespace tercet::cli
