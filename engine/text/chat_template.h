// Messages -> token ids, per model family, as data: special tokens are ids, never text, so what a person types
// cannot forge a turn. No Jinja.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/result.h"
#include "engine/text/tokenizer.h"

namespace tercet {

enum class Role : std::uint8_t { System, User, Assistant };

/// One message of a conversation. `tokens`, when not empty, are the ids the model itself wrote for `text`
/// (an assistant turn): they are used as they are, so that the KV cache of earlier turns stays valid.
struct ChatMessage {
  Role role = Role::User;
  std::string text;
  std::vector<TokenId> tokens;
};

/// The chat format of one model family. Immutable.
class ChatTemplate {
 public:
  /// Chooses by architecture, vocabulary and the template text of the file. bitnet-b1.58 / bitnet-25 and files whose
  /// template says "BITNETAssistant": the 2B4T format, headers and contents encoded apart (engine.md 5.2 (b)).
  /// Errors: BadTokenizer when the needed special tokens are absent.
  static Result<ChatTemplate> choose(const TokenizerData& data, const ModelConfig& config, const Tokenizer& tokenizer);

  /// Ids of one message: header, trimmed content (specials as text), end of turn. Errors: InvalidUtf8, Stopped.
  Result<std::vector<TokenId>> encode_message(const ChatMessage& message, const Tokenizer& tokenizer, std::stop_token stop = {}) const;
  /// Ids of an answer that is to go on, to follow `generation_prompt`: its content as it stands, untrimmed, with no end of
  /// turn. Errors: InvalidUtf8.
  Result<std::vector<TokenId>> encode_unfinished(const ChatMessage& answer, const Tokenizer& tokenizer) const;
  /// Ids that start every prompt (the one BOS).
  std::span<const TokenId> prefix() const noexcept { return prefix_; }
  /// Ids that ask for a reply: "Assistant: ".
  std::span<const TokenId> generation_prompt() const noexcept { return generation_prompt_; }
  /// Ids that end a reply: for 2B4T 128009 and 128001.
  std::span<const TokenId> stop_tokens() const noexcept { return stop_tokens_; }
  /// For people: "BitNet 2B4T".
  const std::string& name() const noexcept { return name_; }

 private:
  std::string name_;
  std::vector<TokenId> prefix_, generation_prompt_, stop_tokens_, end_of_turn_;
  std::vector<TokenId> headers_[3];  // by Role: "System: ", "User: ", "Assistant: "
};

}  // namespace tercet
