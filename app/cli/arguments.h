// The command line, read strictly: what is not understood is refused by name, nothing is guessed or clamped.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/format/checkpoint.h"

namespace tercet::cli {

/// One option a command accepts.
struct OptionSpec {
  std::string_view name;   // "--threads"
  std::string_view alias;  // "-t"; may be empty
  std::string_view value;  // what its value is called in help; empty: the option is a switch
};

/// The words after the command. Reading a value that is wrong notes the first problem and returns the fallback, so that a
/// command reads all it needs and then looks at `problem` once.
class Arguments {
 public:
  /// Splits `words` into options and operands. "--name value" and "--name=value" are the same; "--" ends the options.
  /// The specs must outlive this.
  Arguments(std::span<const OptionSpec> specs, std::span<const std::string_view> words);

  /// The first thing that is wrong, in English without a full stop; empty when all is well.
  const std::string& problem() const noexcept { return problem_; }
  bool wants_help() const noexcept { return wants_help_; }

  /// The one operand, called `what` when it is missing ("MODEL").
  std::string operand(std::string_view what);
  bool has(std::string_view name) const noexcept { return find(name) != nullptr; }
  std::string text(std::string_view name, std::string_view fallback = {}) const;
  std::uint64_t whole(std::string_view name, std::uint64_t least, std::uint64_t most, std::uint64_t fallback);
  /// As `whole`, but 0 and "auto" mean nothing was chosen.
  std::optional<std::uint64_t> whole_or_auto(std::string_view name, std::uint64_t least, std::uint64_t most);
  double number(std::string_view name, double least, double most, double fallback);
  /// Comma-separated whole numbers, at least one.
  std::vector<std::uint64_t> list(std::string_view name, std::uint64_t least, std::uint64_t most);
  std::vector<TokenId> tokens(std::string_view name);

  /// Notes a problem that a command found; the first one stays.
  void refuse(std::string problem);

 private:
  struct Given {
    std::string_view name, value;
  };
  const Given* find(std::string_view name) const noexcept;
  std::optional<std::uint64_t> parse_whole(std::string_view name, std::string_view word, std::uint64_t least,
                                           std::uint64_t most, std::string_view also);

  std::vector<Given> given_;
  std::vector<std::string_view> operands_;
  std::string problem_;
  bool wants_help_ = false;
};

}  // namespace tercet::cli
