#include "engine/text/spm_tokenizer.h"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "engine/text/utf8.h"

namespace tercet {
namespace {

constexpr std::int32_t kUnknown = 2, kControl = 3, kUserDefined = 4, kByte = 6;  // token types of the file format
constexpr std::string_view kSpace = "\xE2\x96\x81";                             // U+2581

Error bad(std::string detail) { return {ErrorCode::BadTokenizer, std::move(detail)}; }

/// A message of sentencepiece's model file (sentencepiece_model.proto), in the wire format of Protocol Buffers. The library
/// reads a vocabulary only so.
class Message {
 public:
  void number(std::uint32_t field, std::uint64_t value) {
    varint(std::uint64_t{field} << 3U);
    varint(value);
  }
  void real(std::uint32_t field, float value) {
    varint(std::uint64_t{field} << 3U | 5U);
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (unsigned shift = 0; shift < 32; shift += 8) bytes_.push_back(static_cast<char>(bits >> shift & 0xFFU));
  }
  void bytes(std::uint32_t field, std::string_view value) {
    varint(std::uint64_t{field} << 3U | 2U);
    varint(value.size());
    bytes_.append(value);
  }
  void clear() { bytes_.clear(); }
  const std::string& data() const noexcept { return bytes_; }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) bytes_.push_back(static_cast<char>(value | 0x80U));
    bytes_.push_back(static_cast<char>(value));
  }

  std::string bytes_;
};

/// The byte that "<0x1F>" names.
std::optional<char> named_byte(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  if (text.size() != 6 || !text.starts_with("<0x") || text[5] != '>') return std::nullopt;
  const int high = digit(text[3]), low = digit(text[4]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

void append_with_spaces(std::string_view text, std::string& out) {
  for (std::size_t space = text.find(kSpace); space != std::string_view::npos; space = text.find(kSpace)) {
    out.append(text.substr(0, space)).push_back(' ');
    text.remove_prefix(space + kSpace.size());
  }
  out.append(text);
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
}

}  // namespace

SpmTokenizer::SpmTokenizer() : processor_(std::make_unique<sentencepiece::SentencePieceProcessor>()) {}

SpmTokenizer::~SpmTokenizer() = default;

Result<std::unique_ptr<const Tokenizer>> SpmTokenizer::create(const TokenizerData& data) {
  std::unique_ptr<SpmTokenizer> tokenizer(new SpmTokenizer());
  if (auto read = tokenizer->read_tokens(data); !read) return read.error();
  if (auto loaded = tokenizer->load(data); !loaded) return loaded.error();
  tokenizer->bos_ = data.bos ? data.bos : tokenizer->specials_.find("<s>");
  return std::unique_ptr<const Tokenizer>(std::move(tokenizer));
}

Result<void> SpmTokenizer::read_tokens(const TokenizerData& data) {
  if (data.scores.size() != data.tokens.size()) return bad("tokenizer.ggml.scores is missing");
  std::size_t total = 0;
  for (const std::string_view token : data.tokens) total += token.size();
  // The library counts in 32 bits with a sign; a piece takes up to 20 bytes more than its text.
  constexpr std::size_t kMost = std::size_t{1} << 30U;
  if (total > kMost || data.tokens.size() > kMost / 32) return bad("the tokens are longer than 1 GB");
  tokens_.reserve(data.tokens.size(), total);
  is_control_.resize(data.tokens.size());

  std::string bytes;
  std::vector<TokenId> specials;
  std::size_t byte_tokens = 0;
  for (std::size_t i = 0; i < data.tokens.size(); ++i) {
    const std::string_view token = data.tokens[i];
    const auto complaint = [i](std::string_view what) { return bad("token " + std::to_string(i) + ' ' + std::string(what)); };
    if (!std::isfinite(data.scores[i])) return complaint("has an impossible score");
    if (utf8::valid_prefix(token) != token.size()) return complaint("is not UTF-8");
    bytes.clear();
    if (data.types[i] == kByte) {
      const auto byte = named_byte(token);
      if (!byte) return complaint("should name a byte and does not");
      bytes.push_back(*byte);
      ++byte_tokens;
    } else if (data.types[i] == kControl || data.types[i] == kUserDefined || data.types[i] == kUnknown) {
      // The library would take the typed character for the token.
      if (data.types[i] != kUnknown && characters(token) == 1) return complaint("is a special token of one character");
      bytes = token;
      if (data.types[i] != kUnknown) specials.push_back(static_cast<TokenId>(i));
    } else {
      append_with_spaces(token, bytes);
    }
    tokens_.add(bytes, false);
    is_control_[i] = data.types[i] == kControl || data.types[i] == kUnknown;
  }
  if (byte_tokens != 0 && byte_tokens != 256) return bad(std::to_string(byte_tokens) + " byte tokens instead of 256");
  tokens_.shrink();  // before anything points into it
  std::vector<std::pair<std::string_view, TokenId>> named;
  for (const TokenId id : specials) named.emplace_back(tokens_.bytes(id), id);
  specials_ = SpecialTokenSet(std::move(named));
  return {};
}

Result<void> SpmTokenizer::load(const TokenizerData& data) {
  // Numbers of fields and values: sentencepiece_model.proto.
  constexpr std::uint32_t kPieces = 1, kTrainerSpec = 2, kNormalizerSpec = 3;
  constexpr std::uint32_t kText = 1, kScore = 2, kType = 3;
  constexpr std::uint32_t kModelType = 3, kByteFallback = 35, kUnknownId = 40;
  constexpr std::uint32_t kAddDummyPrefix = 3, kRemoveExtraWhitespaces = 4, kEscapeWhitespaces = 5;
  constexpr std::uint64_t kBpe = 2;

  Message model, part;
  std::uint64_t unknown = 0;
  for (std::size_t i = 0; i < data.tokens.size(); ++i) {
    // As control tokens, user-defined ones are not found in text that a person typed.
    const std::int32_t type = data.types[i] == kUserDefined ? kControl : data.types[i];
    part.clear();
    part.bytes(kText, data.tokens[i]);
    part.real(kScore, data.scores[i]);
    part.number(kType, static_cast<std::uint64_t>(std::max(type, 1)));
    model.bytes(kPieces, part.data());
    if (type == kUnknown) unknown = i;
  }
  part.clear();
  part.number(kModelType, kBpe);
  part.number(kByteFallback, std::find(data.types.begin(), data.types.end(), kByte) != data.types.end() ? 1 : 0);
  part.number(kUnknownId, unknown);
  model.bytes(kTrainerSpec, part.data());
  part.clear();
  part.number(kAddDummyPrefix, data.add_space_prefix ? 1 : 0);
  part.number(kRemoveExtraWhitespaces, 0);
  part.number(kEscapeWhitespaces, 1);
  model.bytes(kNormalizerSpec, part.data());

  if (const auto loaded = processor_->LoadFromSerializedProto(model.data()); !loaded.ok()) {
    return bad("the vocabulary contradicts itself: " + loaded.ToString());
  }
  return {};
}

Result<void> SpmTokenizer::encode(std::string_view text, SpecialTokens specials, std::vector<TokenId>& out, std::stop_token stop) const {
  if (const std::size_t valid = utf8::valid_prefix(text); valid != text.size()) {
    return Error{ErrorCode::InvalidUtf8, "at byte " + std::to_string(valid + 1)};
  }
  std::vector<int> ids;
  const auto encode_stretch = [&](std::string_view stretch) -> Result<void> {
    if (stop.stop_requested()) return Error{ErrorCode::Stopped, {}};
    if (const auto encoded = processor_->Encode(stretch, &ids); !encoded.ok()) {
      return Error{ErrorCode::Internal, "sentencepiece: " + encoded.ToString()};
    }
    out.insert(out.end(), ids.begin(), ids.end());
    return {};
  };
  std::size_t begin = 0;
  if (specials == SpecialTokens::Parse) {
    while (const auto match = specials_.search(text, begin)) {
      if (auto encoded = encode_stretch(text.substr(begin, match->begin - begin)); !encoded) return encoded;
      out.push_back(match->token);
      begin = match->end;
    }
  }
  if (auto encoded = encode_stretch(text.substr(begin)); !encoded) return encoded;
  if (stop.stop_requested()) return Error{ErrorCode::Stopped, {}};
  return {};
}

std::string_view SpmTokenizer::token_bytes(TokenId id) const noexcept { return tokens_.bytes(id); }

bool SpmTokenizer::is_special(TokenId id) const noexcept { return is_control_[static_cast<std::size_t>(id)]; }

}  // namespace tercet
