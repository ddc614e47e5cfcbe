// tercet-cli chat: a conversation in a terminal, or line by line through a pipe.
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <optional>
#include <random>

#include "app/cli/answer_json.h"
#include "app/cli/commands.h"
#include "app/cli/engine_options.h"
#include "app/cli/interrupt.h"
#include "app/cli/reading_line.h"

namespace tercet::cli {
namespace {

/// Lines of standard input that can be waited for together with Ctrl+C.
class LineReader {
 public:
  enum class Outcome { Line, End, Interrupted };
  explicit LineReader(const Interrupt& interrupt) : interrupt_(interrupt) {}

  /// The next line without its end ("\n" or "\r\n"); a last line without one counts too.
  Outcome next(std::string& line) {
    while (true) {
      const std::size_t end = held_.find('\n', searched_);
      if (end != std::string::npos) return take(end, end + 1, line);
      searched_ = held_.size();
      if (ended_) return held_.empty() ? Outcome::End : take(held_.size(), held_.size(), line);
      pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0}, {interrupt_.descriptor(), POLLIN, 0}};
      if (::poll(waits, 2, -1) < 0 && errno != EINTR) return Outcome::End;
      if ((waits[1].revents & POLLIN) != 0) return Outcome::Interrupted;
      if (waits[0].revents == 0) continue;
      char chunk[4096];
      const ssize_t got = ::read(STDIN_FILENO, chunk, sizeof chunk);
      if (got > 0) held_.append(chunk, static_cast<std::size_t>(got));
      if (got == 0 || (got < 0 && errno != EINTR)) ended_ = true;
    }
  }

 private:
  Outcome take(std::size_t length, std::size_t consumed, std::string& line) {
    line.assign(held_, 0, length);
    if (line.ends_with('\r')) line.pop_back();
    held_.erase(0, consumed);
    searched_ = 0;
    return Outcome::Line;
  }

  const Interrupt& interrupt_;
  std::string held_;
  std::size_t searched_ = 0;
  bool ended_ = false;
};

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos; }

/// The conversation and how it goes on.
class Chat {
 public:
  Chat(const Engine& engine, const GenerateOptions& options, std::string system, bool json)
      : engine_(engine), options_(options), system_(std::move(system)), json_(json), terminal_(output_is_terminal()) {
    start_over();
  }

  void start_over() {
    messages_.clear();
    if (!system_.empty()) messages_.push_back({Role::System, system_, {}});
    dropped_ = 0;
  }

  /// Answers `text`; a message that could not be answered is forgotten.
  ExitCode say(const std::string& text, Interrupt& interrupt) {
    messages_.push_back({Role::User, text, {}});
    return answer(interrupt);
  }

  /// Answers the last message once more, with another seed.
  ExitCode regenerate(Interrupt& interrupt) {
    if (messages_.empty() || messages_.back().role != Role::Assistant) return kGood;
    messages_.pop_back();
    ++options_.sampling.seed;
    return answer(interrupt);
  }

  /// Goes on with the last answer, which may have been cut off.
  ExitCode go_on(Interrupt& interrupt) {
    if (messages_.empty() || messages_.back().role != Role::Assistant) return kGood;
    return answer(interrupt);
  }

 private:
  /// Answers the last message, or goes on where that is an answer itself.
  ExitCode answer(Interrupt& interrupt) {
    options_.continue_answer = messages_.back().role == Role::Assistant;
    StopOnInterrupt stop(interrupt);
    ReadingLine reading(errors_are_terminal());
    GenerateSink sink;
    sink.prefill = [&reading](const PrefillProgress& progress) { reading.show(progress); };
    sink.text = [this, &reading, &stop](std::string_view text) {
      reading.clear();
      if (json_) return;
      const bool written = terminal_ ? write_out(without_controls(text)) : write_out(text);
      if (!written || !flush_out()) stop.request_stop();
    };
    Result<GenerateResult> result = engine_.session->generate(messages_, options_, sink, stop.token(), dropped_);
    reading.clear();
    if (!result) {
      if (!options_.continue_answer) messages_.pop_back();
      return fail(result.error());
    }
    write_out(json_ ? answer_json(*result, engine_, options_.sampling) : "\n");
    if (const ExitCode written = finish_output(); written != kGood) return written;
    if (result->dropped_messages > dropped_) {
      std::fputs("(The conversation no longer fits: the oldest messages are left out.)\n", stderr);
    }
    dropped_ = result->dropped_messages;
    if (result->stop_reason == StopReason::ContextFull) {
      std::fputs("(The context is full: /new starts over.)\n", stderr);
    } else if (result->stop_reason == StopReason::Stopped && terminal_) {
      std::fputs("(Stopped)\n", stderr);
    }
    if (options_.continue_answer) {
      messages_.back().text += result->text;
      messages_.back().tokens.insert(messages_.back().tokens.end(), result->tokens.begin(), result->tokens.end());
    } else if (result->tokens.empty()) {
      messages_.pop_back();  // stopped before the first word: as if it had not been asked
    } else {
      messages_.push_back({Role::Assistant, std::move(result->text), std::move(result->tokens)});
    }
    return kGood;
  }

  const Engine& engine_;
  GenerateOptions options_;
  std::string system_;
  bool json_, terminal_;
  std::vector<ChatMessage> messages_;
  std::uint32_t dropped_ = 0;  // oldest messages that no longer fit, without the system message
};

/// Reads and answers until the end. In a pipe, one message that failed makes the whole run one that failed.
ExitCode converse(Chat& chat, Interrupt& interrupt) {
  const bool interactive = input_is_terminal() && errors_are_terminal();
  LineReader lines(interrupt);
  ExitCode worst = kGood;
  bool warned = false;
  std::string line;
  while (true) {
    if (interactive) std::fputs("> ", stderr);
    const LineReader::Outcome outcome = lines.next(line);
    if (outcome == LineReader::Outcome::Interrupted) {
      interrupt.take();
      if (!interactive || warned) return worst;
      std::fputs("\n(Ctrl+C again, Ctrl+D or /quit leaves.)\n", stderr);
      warned = true;
      continue;
    }
    if (outcome == LineReader::Outcome::End) break;
    warned = false;
    if (is_blank(line)) continue;
    ExitCode answered = kGood;
    if (line == "/quit") {
      break;
    } else if (line == "/new") {
      chat.start_over();
    } else if (line == "/regen") {
      answered = chat.regenerate(interrupt);
    } else if (line == "/more") {
      answered = chat.go_on(interrupt);
    } else if (!is_valid_utf8(line)) {
      answered = fail({ErrorCode::InvalidUtf8, "this line"});
    } else {
      answered = chat.say(line, interrupt);
    }
    interrupt.take();
    if (answered != kGood && !interactive) worst = answered;
    if (!flush_out()) return worst;  // said already
  }
  if (interactive) std::fputs("\n", stderr);
  return worst;
}

}  // namespace

ExitCode run_chat(Arguments& arguments) {
  const std::string path = arguments.operand("MODEL");
  const EngineOptions options = read_engine_options(arguments);
  GenerateOptions generate;
  generate.sampling = read_sampling_options(arguments);
  generate.max_tokens = read_max_tokens(arguments);
  if (!arguments.problem().empty()) return fail_usage(arguments.problem(), "chat");
  const std::string system = arguments.text("--system");
  if (!is_valid_utf8(system)) return fail({ErrorCode::InvalidUtf8, "--system"});
  if (!arguments.has("--seed")) generate.sampling.seed = std::random_device{}();

  Interrupt interrupt;
  std::optional<Engine> engine;
  {
    StopOnInterrupt stop(interrupt);
    Result<Engine> opened = open_engine(path, options, stop.token());
    if (!opened) return fail(opened.error());
    engine.emplace(std::move(*opened));
  }
  interrupt.take();
  Chat chat(*engine, generate, system, arguments.has("--json"));
  return converse(chat, interrupt);
}

}  // namespace tercet::cli
