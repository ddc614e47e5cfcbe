// tercet-cli logits: the scores of every vocabulary entry at every position, for comparisons with other programs.
#include <cerrno>
#include <cstring>

#include "app/cli/commands.h"
#include "app/cli/engine_options.h"
#include "app/cli/interrupt.h"
#include "app/cli/npy_writer.h"

namespace tercet::cli {

ExitCode run_logits(Arguments& arguments) {
  const std::string path = arguments.operand("MODEL");
  const EngineOptions options = read_engine_options(arguments);
  const std::vector<TokenId> tokens = arguments.tokens("--tokens");
  const std::string out = arguments.text("--out");
  if (!arguments.has("--tokens")) arguments.refuse("--tokens LIST is missing");
  if (out.empty()) arguments.refuse("--out FILE is missing");
  if (!arguments.problem().empty()) return fail_usage(arguments.problem(), "logits");

  Interrupt interrupt;
  StopOnInterrupt stop(interrupt);
  // First what is quick to fail: a place that cannot be written would waste the load.
  NpyWriter file;
  if (!file.open(out)) return fail_output("'" + out + "'", std::strerror(errno));
  const Result<Engine> engine = open_engine(path, options, stop.token());
  if (!engine) return fail(engine.error());

  int write_error = 0;
  const auto remember = [&write_error, &stop](bool good) {
    if (good || write_error != 0) return;
    write_error = errno == 0 ? EIO : errno;
    stop.request_stop();
  };
  remember(file.begin(tokens.size(), engine->model->config().vocab_size));
  const Result<void> computed = engine->session->logits(
      tokens, [&](std::size_t, std::span<const float> row) { if (write_error == 0) remember(file.write_row(row)); },
      stop.token());
  if (!computed && write_error == 0) return fail(computed.error());
  if (write_error == 0) remember(file.finish());
  if (write_error != 0) return fail_output("'" + out + "'", std::strerror(write_error));
  return kGood;
}

}  // namespace tercet::cli
