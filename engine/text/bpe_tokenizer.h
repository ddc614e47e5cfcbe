// Byte-level BPE as Llama 3 has it: pieces that are tokens stay whole, other pieces are merged from their bytes.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "engine/text/bpe_tables.h"
#include "engine/text/pre_tokenizer.h"
#include "engine/text/special_tokens.h"
#include "engine/text/tokenizer.h"

namespace tercet {

class BpeTokenizer final : public Tokenizer {
 public:
  /// data.model is "gpt2"; the pre-tokenizer is Llama 3's whatever data.pre says.
  /// - Of equal tokens the first id is used. Tokens of other characters than the byte map's are kept as they are written;
  ///   no text becomes one of them.
  /// - Every byte needs a token, otherwise some text could not be encoded.
  /// - A merge whose parts or result are not in the vocabulary contradicts it, and the file is refused. One that needs or
  ///   makes a special token is left out: no typed text may become one.
  /// Errors: BadTokenizer, Internal (see PreTokenizer).
  static Result<std::unique_ptr<const Tokenizer>> create(const TokenizerData& data);

  Result<void> encode(std::string_view text, SpecialTokens specials, std::vector<TokenId>& out, std::stop_token stop) const override;
  std::string_view token_bytes(TokenId id) const noexcept override;
  bool is_special(TokenId id) const noexcept override;
  std::optional<TokenId> find_special(std::string_view text) const noexcept override { return specials_.find(text); }
  std::size_t vocab_size() const noexcept override { return tokens_.size(); }
  std::optional<TokenId> bos() const noexcept override { return bos_; }
  std::string description() const override { return "byte-level BPE, llama-bpe"; }

 private:
  class Merger;
  explicit BpeTokenizer(PreTokenizer pre_tokenizer) : pre_tokenizer_(std::move(pre_tokenizer)) {}
  Result<void> read_tokens(const TokenizerData& data);
  Result<void> read_merges(const TokenizerData& data);

  PreTokenizer pre_tokenizer_;
  TokenTable tokens_;                     // ordinary tokens can be found, special ones only by `specials_`
  MergeTable merges_;
  SpecialTokenSet specials_;              // control and user-defined; views into tokens_
  std::vector<bool> is_control_;          // by id
  std::array<TokenId, 256> byte_tokens_{};
  std::optional<TokenId> bos_;
};

}  // namespace tercet
