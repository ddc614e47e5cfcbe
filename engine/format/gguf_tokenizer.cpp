#include "engine/format/gguf_tokenizer.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace tercet::gguf {
namespace {

Error bad(const std::string& detail) { return {ErrorCode::BadTokenizer, detail}; }

std::string count_of(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what);
}

// A token id key; `out` stays empty when the file lacks it.
std::optional<Error> read_id(Fields& fields, std::string_view name, std::size_t vocab, std::optional<TokenId>& out) {
  const std::string key = "tokenizer.ggml." + std::string(name) + "_token_id";
  const std::optional<std::uint32_t> id = fields.number(key);
  if (!id) return std::nullopt;
  if (*id >= vocab) return bad(key + " is " + std::to_string(*id) + " in a vocabulary of " + count_of(vocab, "tokens"));
  out = static_cast<TokenId>(*id);
  return std::nullopt;
}

std::optional<Error> read_ids(Fields& fields, TokenizerData& data) {
  std::optional<TokenId> unused;
  const std::pair<std::string_view, std::optional<TokenId>*> ids[] = {
      {"bos", &data.bos}, {"eos", &data.eos}, {"eot", &data.eot}, {"padding", &unused}, {"unknown", &unused}};
  for (const auto& [name, out] : ids) {
    if (auto error = read_id(fields, name, data.tokens.size(), *out)) return error;
  }
  return std::nullopt;
}

// One type for each token, of those the format knows.
std::optional<Error> check_types(const TokenizerData& data) {
  constexpr std::int32_t kHighestType = 6;  // byte
  if (data.types.size() != data.tokens.size()) {
    return bad(count_of(data.types.size(), "token types for ") + count_of(data.tokens.size(), "tokens"));
  }
  const auto unknown = std::find_if(data.types.begin(), data.types.end(),
                                    [](std::int32_t type) { return type < 0 || type > kHighestType; });
  if (unknown != data.types.end()) return bad("the token type " + std::to_string(*unknown) + " does not exist");
  return std::nullopt;
}

}  // namespace

Result<TokenizerData> read_tokenizer(const Container& container, std::vector<std::string>& warnings) {
  Fields fields(container, ErrorCode::BadTokenizer);
  const auto model = fields.text("tokenizer.ggml.model");
  auto tokens = fields.texts("tokenizer.ggml.tokens");
  auto types = fields.numbers("tokenizer.ggml.token_type");
  auto merges = fields.texts("tokenizer.ggml.merges");
  if (fields.error()) return *fields.error();
  if (!model) return bad("tokenizer.ggml.model is missing");
  if (!tokens || tokens->empty()) return bad("tokenizer.ggml.tokens is missing");
  if (!types) return bad("tokenizer.ggml.token_type is missing");
  const bool byte_level = *model == "gpt2";
  if (byte_level && (!merges || merges->empty())) return bad("tokenizer.ggml.merges is missing");

  TokenizerData data;
  data.model = *model;
  data.pre = fields.text("tokenizer.ggml.pre").value_or("");
  data.tokens = std::move(*tokens);
  data.types = std::move(*types);
  data.scores = fields.reals("tokenizer.ggml.scores").value_or(std::vector<float>());
  if (merges) data.merges = std::move(*merges);
  data.add_bos = fields.flag("tokenizer.ggml.add_bos_token").value_or(true);
  data.add_space_prefix = fields.flag("tokenizer.ggml.add_space_prefix").value_or(true);
  data.chat_template = fields.text("tokenizer.chat_template").value_or("");

  if (const auto error = read_ids(fields, data)) return *error;
  if (fields.error()) return *fields.error();
  if (const auto error = check_types(data)) return *error;
  if (!data.scores.empty() && data.scores.size() != data.tokens.size()) {
    return bad(count_of(data.scores.size(), "token scores for ") + count_of(data.tokens.size(), "tokens"));
  }

  if (byte_level && data.pre.empty()) warnings.push_back("tokenizer.ggml.pre is missing: using llama-bpe");
  if (data.chat_template.find("BITNETAssistant") != std::string::npos) {
    warnings.push_back("the file's chat template is a known wrong one: using that of BitNet 2B4T");
  }
  return data;
}

}  // namespace tercet::gguf
