// Small vocabularies that tests change before they make a tokenizer of them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/tokenizer.h"
#include "tests/support/tiny_model.h"
#include "tests/text/llama3_vocabulary.h"

namespace tercet::test {

using Ids = std::vector<TokenId>;

inline Ids encode(const Tokenizer& tokenizer, std::string_view text,
                  SpecialTokens specials = SpecialTokens::AsText) {
  Ids ids;
  if (!tokenizer.encode(text, specials, ids)) ids = {-1};
  return ids;
}

inline std::string decode(const Tokenizer& tokenizer, const Ids& ids) {
  std::string text;
  for (const TokenId id : ids) text += tokenizer.token_bytes(id);
  return text;
}

/// A vocabulary that tests change before they make a tokenizer of it.
struct Vocabulary {
  std::string model = "gpt2", pre = "llama-bpe";
  std::vector<std::string> tokens, merges;
  std::vector<std::int32_t> types;
  std::vector<float> scores;  // of SentencePiece
  bool add_space_prefix = true;
  std::optional<TokenId> bos, eos, eot;
  std::vector<std::string> warnings;

  TokenId add(const std::string& text, std::int32_t type = 1) {
    tokens.push_back(text);
    types.push_back(type);
    return static_cast<TokenId>(tokens.size() - 1);
  }
  Result<std::unique_ptr<const Tokenizer>> make() {
    TokenizerData data;
    data.model = model;
    data.pre = pre;
    data.tokens.assign(tokens.begin(), tokens.end());
    data.merges.assign(merges.begin(), merges.end());
    data.types = types;
    data.scores = scores;
    data.add_space_prefix = add_space_prefix;
    data.bos = bos;
    data.eos = eos;
    data.eot = eot;
    ModelConfig config;
    config.vocab_size = static_cast<std::uint32_t>(tokens.size());
    return make_tokenizer(data, config, &warnings);
  }
};

inline Vocabulary tiny() {
  const TinyVocab made = make_tiny_vocab(384);
  Vocabulary vocabulary;
  vocabulary.tokens = made.tokens;
  vocabulary.merges = made.merges;
  vocabulary.types = made.types;
  vocabulary.bos = static_cast<TokenId>(made.begin_of_text);
  vocabulary.eos = static_cast<TokenId>(made.end_of_text);
  return vocabulary;
}

/// The 256 bytes alone: id n is the byte n.
inline Vocabulary bytes_only() {
  Vocabulary vocabulary;
  for (const std::string& character : byte_characters()) vocabulary.add(character);
  return vocabulary;
}

}  // namespace tercet::test
