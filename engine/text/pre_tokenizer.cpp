#include "engine/text/pre_tokenizer.h"

#include <cassert>
#include <string>
#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "engine/text/utf8.h"

namespace tercet {
namespace {

// The expression of the Llama-3 tokenizer, with two parts written out:
// - \s is the characters of the property White_Space, because PCRE2's \s also has U+180E, which left it in Unicode 6.3;
// - the contractions name both cases, because caseless matching of "s" would also take U+017F (long s).
// Letters and numbers are those of the Unicode version that PCRE2 was built with; what it does not know is neither.
std::string expression() {
  const std::string white = R"(\x09-\x0d\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000})";
  const std::string space = "[" + white + "]", no_space = "[^" + white + "]";
  // clang-format off
  return R"('(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL]))"
         R"(|[^\r\n\p{L}\p{N}]?\p{L}+)"
         R"(|\p{N}{1,3})"
         "| ?[^" + white + R"(\p{L}\p{N}]+[\r\n]*)"
         "|" + space + R"(*[\r\n]+)"
         "|" + space + "+(?!" + no_space + ")"
         "|" + space + "+";
  // clang-format on
}

PCRE2_SPTR units(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

struct MatchDataDeleter {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

}  // namespace

struct PreTokenizer::Regex {
  pcre2_code* code = nullptr;
  pcre2_match_context* context = nullptr;

  Regex() = default;
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;
  ~Regex() {
    pcre2_match_context_free(context);
    pcre2_code_free(code);
  }

  /// Bytes of the piece that starts at `offset`; 0 when the matcher gave up.
  std::size_t match(std::string_view text, std::size_t offset, pcre2_match_data* data) const {
    // The text is known to be UTF-8: checking it again at every piece would make the whole quadratic.
    int found = pcre2_match(code, units(text), text.size(), offset, PCRE2_NO_UTF_CHECK, data, context);
    if (found < 0 && found != PCRE2_ERROR_NOMATCH) {  // compiled code has a small stack; the interpreter has none
      found = pcre2_match(code, units(text), text.size(), offset, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, data, context);
    }
    return found < 0 ? 0 : pcre2_get_ovector_pointer(data)[1] - offset;
  }
};

Result<PreTokenizer> PreTokenizer::create(const Limits& limits) {
  auto regex = std::make_unique<Regex>();
  const std::string pattern = expression();
  int error = 0;
  PCRE2_SIZE error_offset = 0;
  // Every character starts some alternative, so the search is anchored: a piece begins where the last one ended.
  regex->code = pcre2_compile(units(pattern), pattern.size(), PCRE2_UTF | PCRE2_UCP | PCRE2_ANCHORED, &error,
                              &error_offset, nullptr);
  if (regex->code == nullptr) {
    return Error{ErrorCode::Internal, "PCRE2 does not take the expression (its error " + std::to_string(error) + ")"};
  }
  if (limits.jit) pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);  // without it the interpreter runs
  regex->context = pcre2_match_context_create(nullptr);
  if (regex->context == nullptr) return Error{ErrorCode::OutOfMemory, "for the tokenizer"};
  constexpr std::uint32_t kUnlimited = std::numeric_limits<std::uint32_t>::max();
  pcre2_set_match_limit(regex->context, limits.match_steps);
  pcre2_set_depth_limit(regex->context, kUnlimited);
  pcre2_set_heap_limit(regex->context, kUnlimited);
  return PreTokenizer(std::move(regex));
}

PreTokenizer::PreTokenizer(std::unique_ptr<const Regex> regex) : regex_(std::move(regex)) {}
PreTokenizer::PreTokenizer(PreTokenizer&&) noexcept = default;
PreTokenizer& PreTokenizer::operator=(PreTokenizer&&) noexcept = default;
PreTokenizer::~PreTokenizer() = default;

void PreTokenizer::split(std::string_view text, const std::function<void(std::string_view)>& piece, const std::stop_token& stop) const {
  if (text.empty()) return;
  assert(utf8::valid_prefix(text) == text.size());
  const std::unique_ptr<pcre2_match_data, MatchDataDeleter> data(pcre2_match_data_create(1, nullptr));
  for (std::size_t offset = 0; offset < text.size() && !stop.stop_requested();) {
    std::size_t length = data ? regex_->match(text, offset, data.get()) : 0;
    if (length == 0) length = text.size() - offset;
    piece(text.substr(offset, length));
    offset += length;
  }
}

}  // namespace tercet
