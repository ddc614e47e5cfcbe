// SentencePiece BPE as the Llama 2 family has it: pieces with scores, spaces written as U+2581, bytes for all other characters.
// The splitting is the sentencepiece library's; only this part knows the library.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/bpe_tables.h"
#include "engine/text/special_tokens.h"
#include "engine/text/tokenizer.h"

namespace sentencepiece {
class SentencePieceProcessor;
}

namespace tercet {

class SpmTokenizer final : public Tokenizer {
 public:
  /// data.model is "llama", with one score and type for each token (GGUF keys tokenizer.ggml.scores and token_type).
  /// - Of the pairs whose concatenation is a token, the one with the highest score is merged first, leftmost on ties.
  /// - Spaces become U+2581; with data.add_space_prefix one more goes in front of a text, and of what follows a special token.
  /// - Characters without a token become the tokens of their bytes (type 6), which are there for all 256 bytes or for none;
  ///   without them they become the unknown token.
  /// - No text becomes a control or user-defined token, except where SpecialTokens::Parse finds it spelled.
  /// Errors: BadTokenizer.
  static Result<std::unique_ptr<const Tokenizer>> create(const TokenizerData& data);
  ~SpmTokenizer() override;

  /// A stop is seen before and after each stretch between special tokens.
  Result<void> encode(std::string_view text, SpecialTokens specials, std::vector<TokenId>& out, std::stop_token stop) const override;
  std::string_view token_bytes(TokenId id) const noexcept override;
  bool is_special(TokenId id) const noexcept override;
  std::optional<TokenId> find_special(std::string_view text) const noexcept override { return specials_.find(text); }
  std::size_t vocab_size() const noexcept override { return tokens_.size(); }
  std::optional<TokenId> bos() const noexcept override { return bos_; }
  std::string description() const override { return "SentencePiece BPE"; }

 private:
  SpmTokenizer();
  Result<void> read_tokens(const TokenizerData& data);
  Result<void> load(const TokenizerData& data);

  std::unique_ptr<sentencepiece::SentencePieceProcessor> processor_;
  TokenTable tokens_;             // the bytes of every token, as they are read
  SpecialTokenSet specials_;      // control and user-defined; views into tokens_
  std::vector<bool> is_control_;  // by id
  std::optional<TokenId> bos_;
};

}  // namespace tercet
