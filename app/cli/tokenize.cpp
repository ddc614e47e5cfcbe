// tercet-cli tokenize and detokenize: text to token ids and back, without loading the weights.
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <vector>

#include "app/cli/commands.h"
#include "app/cli/engine_options.h"
#include "app/cli/json_writer.h"
#include "engine/format/gguf.h"
#include "engine/text/tokenizer.h"

namespace tercet::cli {
namespace {

Result<std::unique_ptr<const Tokenizer>> open_tokenizer(const std::string& path) {
  Result<Checkpoint> checkpoint = open_gguf(model_source(path));
  if (!checkpoint) return checkpoint.error();
  return make_tokenizer(checkpoint->tokenizer, checkpoint->config, &checkpoint->warnings);
}

/// A JSON array of whole numbers and nothing else. Numbers too large for an id become -1, which no vocabulary has.
class IdArrayParser {
 public:
  explicit IdArrayParser(std::string_view text) : rest_(text) {}

  /// False when the text is something else.
  bool parse(std::vector<TokenId>& ids) {
    if (!take('[')) return false;
    if (take(']')) return at_end();
    do {
      TokenId id = 0;
      if (!number(id)) return false;
      ids.push_back(id);
    } while (take(','));
    return take(']') && at_end();
  }

 private:
  void skip_blanks() {
    const std::size_t next = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(next == std::string_view::npos ? rest_.size() : next);
  }
  bool at_end() {
    skip_blanks();
    return rest_.empty();
  }
  bool take(char wanted) {
    skip_blanks();
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool number(TokenId& id) {
    const bool negative = take('-');
    if (!negative) skip_blanks();
    const std::size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (digits == 0 || (digits > 1 && rest_.front() == '0')) return false;  // JSON knows no leading zeros
    const auto [end, failure] = std::from_chars(rest_.data(), rest_.data() + digits, id);
    (void)end;
    if (failure != std::errc{} || (negative && id != 0)) id = -1;
    rest_.remove_prefix(digits);
    return true;
  }

  std::string_view rest_;
};

/// What both commands begin with: arguments read, the tokenizer open and standard input read.
struct Input {
  ExitCode exit = kGood;
  std::unique_ptr<const Tokenizer> tokenizer;
  std::string bytes;
};

Input open_input(Arguments& arguments, std::string_view command) {
  Input input;
  const std::string path = arguments.operand("MODEL");
  const EngineOptions options = read_engine_options(arguments);
  if (!arguments.problem().empty()) {
    input.exit = fail_usage(arguments.problem(), command);
    return input;
  }
  if (const Result<void> usable = check_isa(options); !usable) {
    input.exit = fail(usable.error());
    return input;
  }
  Result<std::unique_ptr<const Tokenizer>> tokenizer = open_tokenizer(path);
  if (!tokenizer) {
    input.exit = fail(tokenizer.error());
    return input;
  }
  input.tokenizer = std::move(*tokenizer);
  if (!read_all_input(input.bytes)) {
    input.exit = fail_input(std::string("standard input cannot be read: ") + std::strerror(errno) + "; check where it comes from");
  }
  return input;
}

}  // namespace

ExitCode run_tokenize(Arguments& arguments) {
  const Input input = open_input(arguments, "tokenize");
  if (input.exit != kGood) return input.exit;
  const SpecialTokens specials = arguments.has("--no-special") ? SpecialTokens::AsText : SpecialTokens::Parse;
  std::vector<TokenId> ids;
  if (const Result<void> encoded = input.tokenizer->encode(input.bytes, specials, ids); !encoded) return fail(encoded.error());
  JsonWriter json;
  json.value(ids);
  write_out(json.text() + "\n");
  return finish_output();
}

ExitCode run_detokenize(Arguments& arguments) {
  const Input input = open_input(arguments, "detokenize");
  if (input.exit != kGood) return input.exit;
  std::vector<TokenId> ids;
  if (!IdArrayParser(input.bytes).parse(ids)) {
    return fail_input("standard input is not a JSON array of whole numbers; give something like [1, 2, 3]");
  }
  const std::size_t vocabulary = input.tokenizer->vocab_size();
  std::string bytes;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] < 0 || static_cast<std::size_t>(ids[i]) >= vocabulary) {
      return fail({ErrorCode::InvalidToken, "number " + std::to_string(i + 1) + " of the array is not between 0 and " +
                                                std::to_string(vocabulary - 1)});
    }
    bytes.append(input.tokenizer->token_bytes(ids[i]));
  }
  write_out(bytes);
  return finish_output();
}

}  // namespace tercet::cli
