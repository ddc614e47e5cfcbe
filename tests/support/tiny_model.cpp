#include "tests/support/tiny_model.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <stdexcept>

#include "tests/support/encoders.h"
#include "tests/support/test_rng.h"

namespace tercet::test {
namespace {

// A few words, so that texts become tokens of more than one byte; the last two also make tokens that end inside a
// character. Words joined from the left: every prefix is a token.
constexpr std::string_view kWords[] = {"the",    " the",        " a",          " of",    " and",      " to",
                                       " in",    " is",         " it",         "User",   "Assistant", "System",
                                       " Hello", "Hello",       " world",      " quick", " brown",    " fox",
                                       " you",   " na\xC3\xAF", "\xE6\x97\xA5"};

constexpr std::uint32_t kSpecials = 16;

void append_utf8(std::string& out, unsigned code_point) {  // below U+0800
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
  } else {
    out.push_back(static_cast<char>(0xC0U | code_point >> 6U));
    out.push_back(static_cast<char>(0x80U | (code_point & 0x3FU)));
  }
}

bool stands_for_itself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

// The character that stands for each byte: GPT-2's byte map.
std::vector<std::string> byte_characters() {
  std::vector<std::string> characters(256);
  unsigned next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte) append_utf8(characters[byte], stands_for_itself(byte) ? byte : next++);
  return characters;
}

// Values of a normal distribution around `mean`.
std::vector<float> random_values(TestRng& rng, std::size_t count, double mean, double deviation) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(mean + deviation * rng.normal());
  return values;
}

std::vector<std::int8_t> random_trits(TestRng& rng, std::size_t count) {
  std::vector<std::int8_t> trits(count);
  for (std::int8_t& trit : trits) {
    const double u = rng.uniform();
    trit = static_cast<std::int8_t>(u < 0.29 ? -1 : u < 0.58 ? 1 : 0);
  }
  return trits;
}

class Builder {
 public:
  explicit Builder(const TinyModelOptions& options) : options_(options), rng_(options.seed) {}

  GgufFile build() {
    hyper_parameters();
    tokenizer();
    const std::uint64_t hidden = options_.hidden;
    const std::uint64_t q_rows = std::uint64_t{options_.heads} * options_.head_dim;
    const std::uint64_t kv_rows = std::uint64_t{options_.kv_heads} * options_.head_dim;
    const bool sub_norms = options_.architecture != "llama";

    const auto embedding = encode_floats(options_.embedding, random_values(rng_, hidden * options_.vocab, 0, 0.5));
    file_.add_tensor("token_embd.weight", {hidden, options_.vocab}, gguf_type_number(options_.embedding), embedding);
    if (options_.architecture == "bitnet-25") {
      file_.add_tensor("output.weight", {hidden, options_.vocab}, gguf_type_number(options_.embedding), embedding);
    }
    if (options_.architecture == "llama") {
      file_.add_tensor("output.weight", {hidden, options_.vocab}, gguf_type_number(options_.embedding),
                       encode_floats(options_.embedding, random_values(rng_, hidden * options_.vocab, 0, 0.5)));
    }
    for (std::uint32_t layer = 0; layer < options_.layers; ++layer) {
      const std::string prefix = "blk." + std::to_string(layer) + ".";
      norm(prefix + "attn_norm.weight", hidden);
      ternary(prefix + "ffn_down.weight", hidden, options_.ffn);
      if (sub_norms) norm(prefix + "ffn_sub_norm.weight", options_.ffn);
      ternary(prefix + "ffn_gate.weight", options_.ffn, hidden);
      ternary(prefix + "ffn_up.weight", options_.ffn, hidden);
      norm(prefix + "ffn_norm.weight", hidden);
      if (sub_norms) norm(prefix + "attn_sub_norm.weight", q_rows);
      ternary(prefix + "attn_k.weight", kv_rows, hidden);
      ternary(prefix + "attn_output.weight", hidden, q_rows);
      ternary(prefix + "attn_q.weight", q_rows, hidden);
      ternary(prefix + "attn_v.weight", kv_rows, hidden);
    }
    norm("output_norm.weight", hidden);
    return std::move(file_);
  }

 private:
  void hyper_parameters() {
    const std::string prefix = options_.architecture + ".";
    file_.set_string("general.architecture", options_.architecture);
    file_.set_string("general.name", "tiny test model");
    file_.set_u32(prefix + "vocab_size", options_.vocab);
    file_.set_u32(prefix + "context_length", options_.context);
    file_.set_u32(prefix + "embedding_length", options_.hidden);
    file_.set_u32(prefix + "block_count", options_.layers);
    file_.set_u32(prefix + "feed_forward_length", options_.ffn);
    file_.set_u32(prefix + "rope.dimension_count", options_.head_dim);
    file_.set_u32(prefix + "attention.head_count", options_.heads);
    file_.set_u32(prefix + "attention.head_count_kv", options_.kv_heads);
    file_.set_f32(prefix + "attention.layer_norm_rms_epsilon", 1e-5F);
    file_.set_f32(prefix + "rope.freq_base", 500000.0F);
    if (options_.architecture == "bitnet") file_.set_string("bitnet.hidden_activation", "relu2");
    file_.set_u32("general.file_type", 40);
    file_.set_u32("general.quantization_version", 2);
  }

  void tokenizer() {
    const TinyVocab vocab = make_tiny_vocab(options_.vocab);
    file_.set_string("tokenizer.ggml.model", "gpt2");
    if (options_.pre) file_.set_string("tokenizer.ggml.pre", "llama-bpe");
    file_.set_strings("tokenizer.ggml.tokens", vocab.tokens);
    file_.set_i32s("tokenizer.ggml.token_type", vocab.types);
    file_.set_strings("tokenizer.ggml.merges", vocab.merges);
    file_.set_u32("tokenizer.ggml.bos_token_id", vocab.begin_of_text);
    file_.set_u32("tokenizer.ggml.eos_token_id", vocab.end_of_text);
    file_.set_u32("tokenizer.ggml.padding_token_id", vocab.end_of_text);
    file_.set_bool("tokenizer.ggml.add_bos_token", true);
    file_.set_string(
        "tokenizer.chat_template",
        options_.right_template
            ? "{% for message in messages %}{{ message['role'] | capitalize + ': ' + message['content'] | "
              "trim + '<|eot_id|>' }}{% endfor %}{% if add_generation_prompt %}{{ 'Assistant: ' }}{% endif %}"
            : "{% for message in messages %}{% if message['role'] == 'user' %}{{ 'Human: ' + "
              "message['content'] + '\\n\\nBITNETAssistant: ' + eos_token }}{% endif %}{% endfor %}");
  }

  void norm(const std::string& name, std::uint64_t size) {
    file_.add_tensor(name, {size}, gguf_type_number(DType::F32),
                     encode_floats(DType::F32, random_values(rng_, size, 1, 0.05)));
  }

  // The scale keeps what a layer adds as large as what comes in: 58 % of the codes are not zero.
  void ternary(const std::string& name, std::uint64_t rows, std::uint64_t cols) {
    const auto scale = static_cast<float>(1.0 / std::sqrt(0.58 * static_cast<double>(cols)));
    file_.add_tensor(name, {cols, rows}, gguf_type_number(options_.ternary),
                     encode_trits(options_.ternary, random_trits(rng_, rows * cols), scale));
  }

  const TinyModelOptions& options_;
  TestRng rng_;
  GgufFile file_;
};

}  // namespace

TinyVocab make_tiny_vocab(std::uint32_t size) {
  TinyVocab vocab;
  const std::vector<std::string> characters = byte_characters();
  std::map<std::string, bool> known;
  for (const bool itself : {true, false}) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      if (stands_for_itself(byte) == itself) vocab.tokens.push_back(characters[byte]);
    }
  }
  for (const std::string& token : vocab.tokens) known[token] = true;
  for (const std::string_view word : kWords) {
    std::string left;
    for (const char c : word) {
      const std::string& right = characters[static_cast<unsigned char>(c)];
      const std::string joined = left + right;
      if (!left.empty() && !known[joined] && vocab.tokens.size() + kSpecials < size) {
        vocab.merges.push_back(left + " " + right);
        vocab.tokens.push_back(joined);
        known[joined] = true;
      }
      left = joined;
    }
  }
  vocab.types.assign(vocab.tokens.size(), 1);
  const auto add_special = [&](const std::string& text) {
    vocab.tokens.push_back(text);
    vocab.types.push_back(3);
    return static_cast<std::uint32_t>(vocab.tokens.size() - 1);
  };
  if (vocab.tokens.size() + kSpecials > size) throw std::invalid_argument("the vocabulary is too small");
  vocab.begin_of_text = add_special("<|begin_of_text|>");
  vocab.end_of_text = add_special("<|end_of_text|>");
  add_special("<|start_header_id|>");
  add_special("<|end_header_id|>");
  vocab.eot = add_special("<|eot_id|>");
  for (int i = 0; vocab.tokens.size() < size; ++i) add_special("<|reserved_special_token_" + std::to_string(i) + "|>");
  return vocab;
}

GgufFile make_tiny_model(const TinyModelOptions& options) { return Builder(options).build(); }

std::vector<std::byte> make_tiny_gguf(const TinyModelOptions& options) { return make_tiny_model(options).bytes(); }

}  // namespace tercet::test
