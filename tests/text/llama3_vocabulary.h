// The real Llama-3 vocabulary as a model file would hold it, made from the tiktoken file among the shared fixtures.
#pragma once

#include <QByteArray>
#include <QFile>
#include <QString>

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/config.h"
#include "engine/format/checkpoint.h"

namespace tercet::test {

/// A tiktoken file has ranks only; merge lists are made from them in two ways that must mean the same.
enum class MergeList {
  EverySplit,  // each token from any two tokens: what published model files have
  OneSplit     // each token from the two parts that byte-pair encoding joins last
};

/// The character that stands for each byte in a file.
inline std::vector<std::string> byte_characters() {
  std::vector<std::string> characters(256);
  char16_t next = 0x100;
  for (char16_t byte = 0; byte < 256; ++byte) {
    const bool itself = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    characters[byte] = QString(QChar(itself ? byte : next)).toStdString();
    if (!itself) ++next;
  }
  return characters;
}

inline std::string mapped(std::string_view bytes) {
  static const std::vector<std::string> characters = byte_characters();
  std::string text;
  for (const char c : bytes) text += characters[static_cast<unsigned char>(c)];
  return text;
}

class Llama3Vocabulary {
 public:
  /// Nothing when the file is absent.
  static std::optional<Llama3Vocabulary> load(const QString& tiktoken_path, MergeList merge_list) {
    QFile file(tiktoken_path);
    if (!file.open(QIODevice::ReadOnly)) return std::nullopt;
    Llama3Vocabulary vocabulary;
    std::vector<std::string> ordered;  // by rank: the file is in that order
    for (const QByteArray& line : file.readAll().split('\n')) {
      if (!line.isEmpty()) ordered.push_back(QByteArray::fromBase64(line.left(line.indexOf(' '))).toStdString());
    }
    for (std::size_t rank = 0; rank < ordered.size(); ++rank) vocabulary.ranks_[ordered[rank]] = static_cast<int>(rank);
    for (const std::string& token : ordered) {
      vocabulary.tokens_.push_back(mapped(token));
      if (token.size() < 2) continue;
      if (merge_list == MergeList::EverySplit) {
        vocabulary.add_every_split(token);
      } else {
        vocabulary.add_last_merge(token);
      }
    }
    vocabulary.add_specials();
    return vocabulary;
  }

  /// Views into this object. Like the official file: no name of a pre-tokenizer, no end-of-turn token.
  TokenizerData data() const {
    TokenizerData data;
    data.model = "gpt2";
    data.tokens.assign(tokens_.begin(), tokens_.end());
    data.merges.assign(merges_.begin(), merges_.end());
    data.types.assign(tokens_.size(), 1);
    std::fill(data.types.begin() + 128'000, data.types.end(), 3);
    data.bos = 128'000;
    data.eos = 128'001;
    return data;
  }

  ModelConfig config() const {
    ModelConfig config;
    config.architecture = "bitnet-b1.58";
    config.vocab_size = static_cast<std::uint32_t>(tokens_.size());
    return config;
  }

 private:
  int rank_of(const std::string& bytes) const {
    const auto found = ranks_.find(bytes);
    return found == ranks_.end() ? kUnknown : found->second;
  }

  void add_every_split(const std::string& token) {
    std::vector<std::tuple<int, int, std::string>> splits;
    for (std::size_t i = 1; i < token.size(); ++i) {
      const std::string left = token.substr(0, i), right = token.substr(i);
      const int left_rank = rank_of(left), right_rank = rank_of(right);
      if (left_rank == kUnknown || right_rank == kUnknown) continue;
      splits.emplace_back(left_rank, right_rank, mapped(left) + ' ' + mapped(right));
    }
    std::sort(splits.begin(), splits.end());
    for (const auto& split : splits) merges_.push_back(std::get<2>(split));
  }

  // Byte-pair encoding with the ranks below the token's own, until two parts are left.
  void add_last_merge(const std::string& token) {
    std::vector<std::string> parts;
    for (const char c : token) parts.emplace_back(1, c);
    const int limit = rank_of(token);
    while (parts.size() > 2) {
      int best = kUnknown;
      std::size_t at = 0;
      for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        const int rank = rank_of(parts[i] + parts[i + 1]);
        if (rank < best) best = rank, at = i;
      }
      if (best >= limit) return;  // the token is reachable as a whole only
      parts[at] += parts[at + 1];
      parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    }
    merges_.push_back(mapped(parts[0]) + ' ' + mapped(parts[1]));
  }

  void add_specials() {
    const auto reserved = [this](int i) { tokens_.push_back("<|reserved_special_token_" + std::to_string(i) + "|>"); };
    tokens_.insert(tokens_.end(), {"<|begin_of_text|>", "<|end_of_text|>"});
    for (int i = 0; i < 4; ++i) reserved(i);
    tokens_.insert(tokens_.end(), {"<|start_header_id|>", "<|end_header_id|>"});
    reserved(4);
    tokens_.emplace_back("<|eot_id|>");
    for (int i = 5; i <= 250; ++i) reserved(i);
  }

  static constexpr int kUnknown = 1 << 30;
  std::unordered_map<std::string, int> ranks_;  // by bytes
  std::vector<std::string> tokens_, merges_;    // in byte-map characters
};

}  // namespace tercet::test
