#include "engine/text/tokenizer.h"

#include <algorithm>

#include "engine/text/bpe_tokenizer.h"
#include "engine/text/spm_tokenizer.h"
#include "engine/text/utf8.h"

namespace tercet {
namespace {

Error bad(const std::string& detail) { return {ErrorCode::BadTokenizer, detail}; }

// A name from a file, fit for a message.
std::string quoted(std::string_view name) {
  constexpr std::size_t kLongest = 40;
  std::string text = "'";
  for (const char c : name.substr(0, kLongest)) text.push_back(c > 0x20 && c < 0x7F ? c : '?');
  return text + (name.size() > kLongest ? "...'" : "'");
}

bool is_llama3(std::string_view pre) { return pre == "llama-bpe" || pre == "llama3" || pre == "llama-v3"; }

// Says once what was assumed; the reader of the file may have said it already.
void warn(std::vector<std::string>* warnings, const std::string& text) {
  if (warnings == nullptr || std::find(warnings->begin(), warnings->end(), text) != warnings->end()) return;
  warnings->push_back(text);
}

Result<void> check(const TokenizerData& data, const ModelConfig& config) {
  if (data.model != "gpt2" && data.model != "llama") {
    return bad("tokenizer.ggml.model is " + quoted(data.model) + "; only byte-level BPE ('gpt2') and SentencePiece ('llama') can be read");
  }
  if (data.tokens.empty()) return bad("there are no tokens");
  if (data.tokens.size() != config.vocab_size) {
    return bad(std::to_string(data.tokens.size()) + " tokens for a model of " + std::to_string(config.vocab_size));
  }
  if (data.types.size() != data.tokens.size()) {
    return bad(std::to_string(data.types.size()) + " token types for " + std::to_string(data.tokens.size()) + " tokens");
  }
  for (const std::optional<TokenId>& id : {data.bos, data.eos, data.eot}) {
    if (id && (*id < 0 || static_cast<std::size_t>(*id) >= data.tokens.size())) {
      return bad("the special token " + std::to_string(*id) + " is not in the vocabulary");
    }
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<const Tokenizer>> make_tokenizer(const TokenizerData& data, const ModelConfig& config,
                                                        std::vector<std::string>* warnings) {
  if (auto sound = check(data, config); !sound) return sound.error();
  if (data.model == "llama") return SpmTokenizer::create(data);
  // Published 2B4T files do not say, and "default" is what converters write that do not know: other splitters than
  // Llama 3's give such models tokens they were not trained on.
  if (data.pre.empty()) {
    warn(warnings, "tokenizer.ggml.pre is missing: using llama-bpe");
  } else if (data.pre == "default") {
    warn(warnings, "tokenizer.ggml.pre is 'default': using llama-bpe");
  } else if (!is_llama3(data.pre)) {
    return bad("tokenizer.ggml.pre is " + quoted(data.pre) + "; only 'llama-bpe' can be read");
  }
  return BpeTokenizer::create(data);
}

bool is_valid_utf8(std::string_view text) noexcept { return utf8::valid_prefix(text) == text.size(); }

}  // namespace tercet
