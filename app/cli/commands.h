// What tercet-cli can do: one entry for each command, one file behind each.
#pragma once

#include <span>
#include <string_view>

#include "app/cli/arguments.h"
#include "app/cli/terminal.h"

namespace tercet::cli {

struct Command {
  std::string_view name;
  std::string_view synopsis;  // after the command's name: "MODEL [--json]"
  std::string_view summary;   // one line
  std::string_view details;   // for "help COMMAND"; may be empty
  std::span<const OptionSpec> options;
  ExitCode (*run)(Arguments& arguments);
};

std::span<const Command> all_commands() noexcept;
/// The command of that name, or nullptr.
const Command* find_command(std::string_view name) noexcept;
/// The part of "help generate" and "help chat" about the sampling options.
std::string_view sampling_help() noexcept;

ExitCode run_inspect(Arguments& arguments);
ExitCode run_tokenize(Arguments& arguments);
ExitCode run_detokenize(Arguments& arguments);
ExitCode run_logits(Arguments& arguments);
ExitCode run_generate(Arguments& arguments);
ExitCode run_chat(Arguments& arguments);
ExitCode run_bench(Arguments& arguments);
ExitCode run_tune(Arguments& arguments);

}  // namespace tercet::cli
