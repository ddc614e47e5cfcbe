// tercet-cli: the engine from a terminal or a script. Finds the command and runs it.
#include <signal.h>

#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "app/cli/commands.h"

namespace tercet::cli {
namespace {

constexpr std::string_view kSettingsHelp =
    "  --threads N          CPU threads, 1 to all that this machine has; 0 or auto: as measured by 'tune', else chosen\n"
    "  --batch N            tokens read at once, 1 to 2048; 0 or auto: as measured by 'tune', else 512\n"
    "  --context N          tokens of context, up to what the model was trained for (default: at most 4096)\n"
    "  --kv-cache NAME      how the conversation is kept: auto f16 f32 q8 (default: auto, f16 or f32 by the model's size);\n"
    "                       q8 takes half the memory of f16 and changes results\n";
constexpr std::string_view kCommonHelp =
    "  --isa NAME           kernel set: scalar avx2 avxvnni avx512vnni neon dotprod i8mm (default: the best here)\n"
    "  --data-dir DIR       where measured settings are kept, instead of the window's usual place\n"
    "  --help               this text\n";

ExitCode print_overview() {
  std::string text = "tercet-cli: offline chat with ternary language models, from a terminal\n\n";
  for (const Command& command : all_commands()) {
    text.append("  ").append(command.name).append(std::string(12 - command.name.size(), ' '));
    text.append(command.summary).append("\n");
  }
  text.append("\nOptions of all commands, the first three not of 'tune':\n").append(kSettingsHelp).append(kCommonHelp);
  text.append("\n'tercet-cli help COMMAND' tells more. Exit codes: 0 good, 2 wrong usage, 3 model refused, 4 other.\n");
  write_out(text);
  return finish_output();
}

ExitCode print_help(const Command& command) {
  std::string text = "tercet-cli ";
  text.append(command.name).append(" ").append(command.synopsis).append("\n\n");
  text.append(command.summary).append("\n\n").append(command.details);
  if (command.name == "generate" || command.name == "chat") text.append(sampling_help());
  if (command.name != "tune") text.append(kSettingsHelp);
  text.append(kCommonHelp);
  write_out(text);
  return finish_output();
}

ExitCode run_command(const Command& command, std::span<const std::string_view> words) {
  Arguments arguments(command.options, words);
  if (arguments.wants_help()) return print_help(command);
  return command.run(arguments);
}

ExitCode run(std::span<const std::string_view> words) {
  if (words.empty()) return fail_usage("a command is missing");
  const std::string_view first = words.front();
  const std::span<const std::string_view> rest = words.subspan(1);
  if (first == "--version") {
    write_out("tercet-cli " TERCET_VERSION "\n");
    return finish_output();
  }
  if (first == "--help" || first == "-h" || (first == "help" && rest.empty())) return print_overview();
  const std::string_view name = first == "help" ? rest.front() : first;
  const Command* command = find_command(name);
  if (command == nullptr) return fail_usage("unknown command '" + std::string(name.substr(0, 60)) + "'");
  return first == "help" ? print_help(*command) : run_command(*command, rest);
}

}  // namespace
}  // namespace tercet::cli

int main(int argc, char** argv) {
  using namespace tercet;
  // A reader that goes away is a failed write with a message, not a silent death.
  ::signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string_view> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  try {
    return cli::run(words);
  } catch (const std::bad_alloc&) {
    return cli::fail({ErrorCode::OutOfMemory, {}});
  } catch (const std::exception& failure) {
    return cli::fail({ErrorCode::Internal, failure.what()});
  }
}
