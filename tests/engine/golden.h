// The golden results: what an independent float64 implementation computed for the tiny models, and the rules by which the
// engine's own results count as the same. Cases marked safe keep clear of rounding ties and agree within 1e-3; the others may
// differ by a flipped activation, so each row must have a cosine of 0.999 and greedy tokens count while their lead is above 3.
#pragma once

#include <simdjson.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "engine/session.h"
#include "tests/support/safetensors_reader.h"

namespace tercet::test {

/// Model files and the golden results they must give.
inline constexpr std::pair<const char*, const char*> kGoldenModels[] = {
    {"tiny_i2_s.gguf", "2b4t"}, {"tiny_i2_s_bitnet25.gguf", "2b4t"}, {"tiny_tq2_0.gguf", "2b4t"},
    {"tiny_llama_i2_s.gguf", "llama"}, {"tiny_1bitllm_i2_s.gguf", "1bitllm"}};

struct GoldenCase {
  std::vector<TokenId> tokens, greedy;
  std::vector<double> lead;
  std::vector<float> logits;  // f32 [tokens][vocab]
  bool safe = false;
};

/// Reads golden_<name>.json and .safetensors. `fixtures` ends in a slash.
inline std::vector<GoldenCase> golden_cases(const std::string& fixtures, const std::string& name) {
  simdjson::dom::parser parser;
  const SafeTensors tensors = load_safetensors(fixtures + "golden_" + name + ".safetensors");
  std::vector<GoldenCase> cases;
  for (const auto item : parser.load(fixtures + "golden_" + name + ".json")["cases"].get_array()) {
    GoldenCase one;
    for (const auto token : item["tokens"].get_array()) one.tokens.push_back(static_cast<TokenId>(token.get_int64().value()));
    for (const auto token : item["greedy"].get_array()) one.greedy.push_back(static_cast<TokenId>(token.get_int64().value()));
    for (const auto lead : item["greedy_lead"].get_array()) one.lead.push_back(lead.get_double().value());
    one.logits = tensors.at("case" + std::to_string(cases.size()) + ".logits").values<float>();
    one.safe = item["safe"].get_bool().value();
    cases.push_back(std::move(one));
  }
  return cases;
}

inline double cosine(const float* a, const float* b, std::size_t n) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < n; ++i) {
    ab += double(a[i]) * double(b[i]);
    aa += double(a[i]) * double(a[i]);
    bb += double(b[i]) * double(b[i]);
  }
  return ab / std::sqrt(aa * bb);
}

/// How far logits are from the golden ones.
struct LogitDistance {
  double largest = 0, lowest_cosine = 1;
  bool within(bool safe) const { return lowest_cosine >= 0.999 && (!safe || largest <= 1e-3); }
};

/// `got` has as many elements as `one.logits`.
inline LogitDistance distance(const GoldenCase& one, const std::vector<float>& got) {
  LogitDistance apart;
  const std::size_t vocab = got.size() / one.tokens.size();
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double difference = std::abs(double(got[i]) - double(one.logits[i]));
    if (!(difference <= apart.largest)) apart.largest = difference;  // NaN is a difference too
  }
  for (std::size_t row = 0; row < one.tokens.size(); ++row) {
    const double angle = cosine(&got[row * vocab], &one.logits[row * vocab], vocab);
    if (!(angle >= apart.lowest_cosine)) apart.lowest_cosine = angle;
  }
  return apart;
}

/// Whether greedily chosen tokens are the golden ones as far as those are certain.
inline bool greedy_agrees(const GoldenCase& one, const std::vector<TokenId>& tokens) {
  if (tokens.size() != one.greedy.size()) return false;
  for (std::size_t i = 0; i < tokens.size() && one.lead[i] > 3; ++i) {
    if (tokens[i] != one.greedy[i]) return false;
  }
  return !one.safe || tokens[0] == one.greedy[0];
}

}  // namespace tercet::test
