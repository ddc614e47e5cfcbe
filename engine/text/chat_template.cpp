#include "engine/text/chat_template.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace tercet {
namespace {

constexpr std::uint32_t kVocabOf2B4T = 128'256;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// Whether the model wants Llama 3 Instruct turns. The text of the file decides where it has a known shape; 2B4T files are
/// known to carry a wrong one.
bool wants_llama3(const TokenizerData& data, const ModelConfig& config, const Tokenizer& tokenizer) {
  const std::string& architecture = config.architecture;
  if (architecture == "bitnet-b1.58" || architecture == "bitnet-25" || contains(data.chat_template, "BITNETAssistant")) {
    return false;
  }
  if (!tokenizer.find_special("<|start_header_id|>") || !tokenizer.find_special("<|end_header_id|>")) return false;
  if (contains(data.chat_template, "<|start_header_id|>")) return true;
  if (contains(data.chat_template, "Assistant: ") || (architecture == "bitnet" && config.vocab_size == kVocabOf2B4T)) {
    return false;
  }
  return architecture == "llama";
}

/// What ends a turn: the token made for it, or what the file names.
std::optional<TokenId> find_end_of_turn(const TokenizerData& data, const Tokenizer& tokenizer) {
  if (const auto token = tokenizer.find_special("<|eot_id|>")) return token;
  return data.eot ? data.eot : data.eos;
}

/// Bytes of the white-space character (Unicode property White_Space) that `text` starts or ends with; 0 for none.
std::size_t white_space_at(std::string_view text, bool at_end) {
  constexpr std::string_view kWhite[] = {
      " ", "\t", "\n", "\v", "\f", "\r", "\xC2\x85", "\xC2\xA0", "\xE1\x9A\x80",
      "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
      "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF",
      "\xE2\x81\x9F", "\xE3\x80\x80"};
  for (const std::string_view white : kWhite) {
    if (at_end ? text.ends_with(white) : text.starts_with(white)) return white.size();
  }
  return 0;
}

std::string_view trimmed(std::string_view text) {
  while (const std::size_t length = white_space_at(text, false)) text.remove_prefix(length);
  while (const std::size_t length = white_space_at(text, true)) text.remove_suffix(length);
  return text;
}

void append(std::vector<TokenId>& ids, const std::vector<TokenId>& more) { ids.insert(ids.end(), more.begin(), more.end()); }

}  // namespace

Result<ChatTemplate> ChatTemplate::choose(const TokenizerData& data, const ModelConfig& config, const Tokenizer& tokenizer) {
  const bool llama3 = wants_llama3(data, config, tokenizer);
  const auto end_of_turn = find_end_of_turn(data, tokenizer);
  if (!end_of_turn) return Error{ErrorCode::BadTokenizer, "there is neither <|eot_id|> nor an end-of-sequence token"};

  ChatTemplate chat;
  chat.name_ = llama3 ? "Llama 3 Instruct" : "BitNet 2B4T";
  // Our own words are trusted, and in Llama 3 they hold special tokens.
  constexpr std::array<std::string_view, 3> k2B4T = {"System: ", "User: ", "Assistant: "};
  constexpr std::array<std::string_view, 3> kLlama3 = {"<|start_header_id|>system<|end_header_id|>\n\n",
                                                       "<|start_header_id|>user<|end_header_id|>\n\n",
                                                       "<|start_header_id|>assistant<|end_header_id|>\n\n"};
  for (std::size_t role = 0; role < 3; ++role) {
    const std::string_view header = (llama3 ? kLlama3 : k2B4T)[role];
    const auto specials = llama3 ? SpecialTokens::Parse : SpecialTokens::AsText;
    if (auto encoded = tokenizer.encode(header, specials, chat.headers_[role]); !encoded) return encoded.error();
  }
  chat.generation_prompt_ = chat.headers_[static_cast<std::size_t>(Role::Assistant)];
  chat.end_of_turn_ = {*end_of_turn};
  if (tokenizer.bos()) chat.prefix_ = {*tokenizer.bos()};
  for (const auto& stop : {end_of_turn, tokenizer.find_special("<|end_of_text|>"), data.eos, data.eot}) {
    auto& stops = chat.stop_tokens_;
    if (stop && std::find(stops.begin(), stops.end(), *stop) == stops.end()) stops.push_back(*stop);
  }
  return chat;
}

Result<std::vector<TokenId>> ChatTemplate::encode_message(const ChatMessage& message, const Tokenizer& tokenizer, std::stop_token stop) const {
  std::vector<TokenId> ids = headers_[static_cast<std::size_t>(message.role)];
  if (message.tokens.empty()) {
    auto encoded = tokenizer.encode(trimmed(message.text), SpecialTokens::AsText, ids, std::move(stop));
    if (!encoded) return encoded.error();
  } else {
    append(ids, message.tokens);
  }
  append(ids, end_of_turn_);
  return ids;
}

Result<std::vector<TokenId>> ChatTemplate::encode_unfinished(const ChatMessage& answer, const Tokenizer& tokenizer) const {
  if (!answer.tokens.empty()) return answer.tokens;
  std::vector<TokenId> ids;
  if (auto encoded = tokenizer.encode(answer.text, SpecialTokens::AsText, ids); !encoded) return encoded.error();
  return ids;
}

}  // namespace tercet
