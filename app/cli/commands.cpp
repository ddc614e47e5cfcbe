#include "app/cli/commands.h"

#include <array>

namespace tercet::cli {
namespace {

constexpr std::array<OptionSpec, 6> kCommon = {{
    {"--threads", "", "N"},
    {"--batch", "", "N"},
    {"--context", "", "N"},
    {"--isa", "", "NAME"},
    {"--kv-cache", "", "NAME"},
    {"--data-dir", "", "DIR"},
}};

/// The common options and then a command's own.
template <std::size_t N>
constexpr std::array<OptionSpec, kCommon.size() + N> with_common(const std::array<OptionSpec, N>& own) {
  std::array<OptionSpec, kCommon.size() + N> all;
  for (std::size_t i = 0; i < kCommon.size(); ++i) all[i] = kCommon[i];
  for (std::size_t i = 0; i < N; ++i) all[kCommon.size() + i] = own[i];
  return all;
}

constexpr OptionSpec kJson = {"--json", "", ""};
constexpr auto kInspectOptions = with_common<1>({kJson});
constexpr auto kTokenizeOptions = with_common<1>({{{"--no-special", "", ""}}});
constexpr auto kLogitsOptions = with_common<2>({{{"--tokens", "", "LIST"}, {"--out", "", "FILE"}}});
constexpr auto kGenerateOptions = with_common<11>({{{"--prompt", "", "TEXT"},
                                                    {"--answer", "", "TEXT"},
                                                    {"--tokens", "", "LIST"},
                                                    {"-n", "", "N"},
                                                    {"--temperature", "", "T"},
                                                    {"--top-k", "", "K"},
                                                    {"--top-p", "", "P"},
                                                    {"--min-p", "", "P"},
                                                    {"--repeat-penalty", "", "R"},
                                                    {"--seed", "", "S"},
                                                    kJson}});
constexpr auto kChatOptions = with_common<9>({{{"--system", "", "TEXT"},
                                               {"-n", "", "N"},
                                               {"--temperature", "", "T"},
                                               {"--top-k", "", "K"},
                                               {"--top-p", "", "P"},
                                               {"--min-p", "", "P"},
                                               {"--repeat-penalty", "", "R"},
                                               {"--seed", "", "S"},
                                               kJson}});
// The measurement takes a list of thread counts, so it has its own form of the common options.
constexpr std::array<OptionSpec, 15> kBenchOptions = {{{"--threads", "-t", "LIST"},
                                                      {"--batch", "-b", "N"},
                                                      {"--context", "", "N"},
                                                      {"--isa", "", "NAME"},
                                                      {"--kv-cache", "", "NAME"},
                                                      {"--data-dir", "", "DIR"},
                                                      {"-p", "", "N"},
                                                      {"-n", "", "N"},
                                                      {"-d", "", "N"},
                                                      {"-r", "", "N"},
                                                      {"--kernels", "", ""},
                                                      {"--speculation", "", ""},
                                                      {"--turns", "", "N"},
                                                      {"--without", "", "LIST"},
                                                      kJson}};

// Threads and batch size are what it looks for.
constexpr std::array<OptionSpec, 5> kTuneOptions = {
    {{"--seconds", "", "N"}, {"--no-save", "", ""}, kJson, {"--isa", "", "NAME"}, {"--data-dir", "", "DIR"}}};

constexpr std::string_view kSamplingHelp =
    "  -n N                 at most N tokens (default: until the model ends its turn or the context is full)\n"
    "  --temperature T      0 to 5, default 0.7; 0 always takes the likeliest token\n"
    "  --top-k K            only the K likeliest tokens, default 40; 0 is off\n"
    "  --top-p P            only the likeliest tokens that together have P, default 0.95; 1 is off\n"
    "  --min-p P            only tokens at least P times as likely as the likeliest, default 0.05; 0 is off\n"
    "  --repeat-penalty R   1 to 2, default 1 (off)\n"
    "  --seed S             0 to 18446744073709551615; the same seed gives the same answer\n";

constexpr Command kCommands[] = {
    {"inspect", "MODEL [--json]", "show what is in a model file and how much memory it needs", "", kInspectOptions, run_inspect},
    {"tokenize", "MODEL [--no-special]", "UTF-8 text on standard input to a JSON array of token ids",
     "  --no-special         text such as \"<|eot_id|>\" is plain text, not a token\n", kTokenizeOptions, run_tokenize},
    {"detokenize", "MODEL", "a JSON array of token ids on standard input to the bytes they stand for", "", kCommon,
     run_detokenize},
    {"logits", "MODEL --tokens 1,2,3 --out FILE.npy", "the logits of every position as float32 [tokens][vocab]", "",
     kLogitsOptions, run_logits},
    {"generate",
     "MODEL (--prompt TEXT [--answer TEXT] | --tokens LIST) [-n N] [--temperature T] [--top-k K]\n"
     "           [--top-p P] [--min-p P] [--repeat-penalty R] [--seed S] [--json]",
     "answer one prompt, or continue token ids",
     "  --prompt TEXT        one message, in the model's chat format\n"
     "  --answer TEXT        how the answer begins; what is written goes on from there\n"
     "  --tokens LIST        exactly these ids, without chat format or beginning-of-text token\n"
     "  --json               one JSON object instead of the text\n", kGenerateOptions, run_generate},
    {"chat", "MODEL [--system TEXT] [sampling options as for generate] [--json]", "hold a conversation in the terminal",
     "  --system TEXT        what the model is told before the conversation\n"
     "  --json               each answer as a JSON object on one line\n"
     "Each line is a message. /new starts over, /regen answers again, /more goes on with an answer that was\n"
     "cut off, /quit or the end of input leaves; Ctrl+C stops the answer. The seed is random unless --seed\n"
     "says otherwise.\n", kChatOptions, run_chat},
    {"bench",
     "MODEL [-p 128] [-n 64] [-d 0] [-t 1,2] [-b 512] [-r 3] [--speculation] [--turns N] [--without LIST] [--json]\n"
     "  tercet-cli bench --kernels [--isa NAME] [-t 1,2] [-r 3] [--json]",
     "measure reading and writing speed against the limits of this machine",
     "  -p N                 tokens read (default 128)\n"
     "  -n N                 tokens written (default 64)\n"
     "  -d N                 tokens already in the context (default 0)\n"
     "  -t LIST              thread counts, each measured (default: Auto)\n"
     "  -b N                 batch size (default: Auto)\n"
     "  -r N                 repetitions (default 3)\n"
     "  --speculation        measure writing with guesses as well, on text that repeats and on text that does not\n"
     "  --turns N            hold a conversation of N turns as well, -p tokens read and -n written in each: the time to its first token\n"
     "  --without LIST       turn speed features off: skip (of zeros), screen (of the output matrix)\n"
     "  --kernels            no model: each operation of the kernel sets by itself, on the shapes of 2B4T\n", kBenchOptions, run_bench},
    {"tune", "MODEL [--seconds 30] [--no-save] [--json]", "find the fastest settings for a model on this machine",
     "Tries thread counts and batch sizes and keeps the fastest for this model and machine; from then on they are what\n"
     "Auto means, here and in the window.\n\n"
     "  --seconds N          take at most N seconds, 1 to 600 (default 30)\n"
     "  --no-save            only show the result\n", kTuneOptions, run_tune},
};

}  // namespace

std::span<const Command> all_commands() noexcept { return kCommands; }

const Command* find_command(std::string_view name) noexcept {
  for (const Command& command : kCommands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::string_view sampling_help() noexcept { return kSamplingHelp; }

}  // namespace tercet::cli
