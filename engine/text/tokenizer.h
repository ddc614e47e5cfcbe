// Text <-> token ids. One virtual interface: byte-level BPE and SentencePiece; a cold path.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/format/checkpoint.h"
#include "engine/result.h"

namespace tercet {

/// What to do with text that spells a special token, such as "<|eot_id|>".
enum class SpecialTokens : std::uint8_t {
  AsText,  // plain characters: everything a person typed
  Parse    // becomes the token: text we trust
};

/// Immutable after construction, safe to share between threads.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  /// Appends the ids of `text` to `out`. No BOS is added. Errors: InvalidUtf8 (out unchanged), Stopped (out holds a part).
  virtual Result<void> encode(std::string_view text, SpecialTokens specials, std::vector<TokenId>& out, std::stop_token stop = {}) const = 0;
  /// The bytes token `id` stands for; special tokens give their literal text. May end inside a character.
  /// id in [0, vocab_size).
  virtual std::string_view token_bytes(TokenId id) const noexcept = 0;
  /// A control token: nothing a person should read. User-defined tokens are text, though found by `find_special`.
  virtual bool is_special(TokenId id) const noexcept = 0;
  /// The control or user-defined token spelled exactly so.
  virtual std::optional<TokenId> find_special(std::string_view text) const noexcept = 0;
  virtual std::size_t vocab_size() const noexcept = 0;
  virtual std::optional<TokenId> bos() const noexcept = 0;
  /// For people: "byte-level BPE, llama-bpe", "SentencePiece BPE".
  virtual std::string description() const = 0;
};

/// Builds the tokenizer a checkpoint asks for. Copies what it needs; the mapping may go afterwards.
/// Errors: BadTokenizer. Appends to checkpoint-level `warnings` what it had to assume.
Result<std::unique_ptr<const Tokenizer>> make_tokenizer(const TokenizerData& data, const ModelConfig& config,
                                                        std::vector<std::string>* warnings);

/// True when `text` is well-formed UTF-8 (no surrogates, no overlong forms).
bool is_valid_utf8(std::string_view text) noexcept;

}  // namespace tercet
