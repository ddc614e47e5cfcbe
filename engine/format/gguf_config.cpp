#include "engine/format/gguf_config.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <iterator>
#include <optional>
#include <string_view>

namespace tercet::gguf {
namespace {

// What an architecture's name implies (engine.md 3.4).
struct Family {
  std::string_view architecture;
  bool always_sub_norms;  // otherwise they are there when their tensors are
  Activation activation;  // when the file does not say
  bool qk_rows_permuted;
  bool rope_theta_needed;  // otherwise 10,000 when the file does not say
};

constexpr Family kFamilies[] = {
    {"bitnet-b1.58", true, Activation::Relu2, false, true},
    {"bitnet-25", true, Activation::Relu2, false, true},
    {"bitnet", false, Activation::Silu, false, false},
    {"llama", false, Activation::Silu, true, false},
};

const Family* find_family(std::string_view architecture) {
  const auto found = std::find_if(std::begin(kFamilies), std::end(kFamilies),
                                  [&](const Family& family) { return family.architecture == architecture; });
  return found == std::end(kFamilies) ? nullptr : found;
}

// Far above every known model; they keep products of sizes from overflowing and sums of products within int32.
constexpr std::uint32_t kMostLayers = 1'024;
constexpr std::uint32_t kMostHeads = 1'024;
constexpr std::uint32_t kMostHeadDim = 1'024;
constexpr std::uint32_t kMostWidth = 65'536;
constexpr std::uint32_t kMostVocab = 1U << 22U;
constexpr std::uint32_t kMostContext = 1U << 24U;
constexpr std::uint32_t kTernaryBlock = 128;  // widths are whole blocks of I2_S
constexpr std::uint32_t kVocabOf2B4T = 128'256;

Error bad(const std::string& detail) { return {ErrorCode::BadConfig, detail}; }

Error unsupported(const std::string& detail) { return {ErrorCode::UnsupportedArchitecture, detail}; }

bool has_tensor(std::span<const TensorView> tensors, std::string_view name) {
  return std::any_of(tensors.begin(), tensors.end(), [&](const TensorView& tensor) { return tensor.name == name; });
}

// Collects hyper-parameters and remembers the first that is absent or impossible.
class ConfigReader {
 public:
  ConfigReader(const Container& container, std::string_view architecture)
      : fields_(container, ErrorCode::BadConfig), prefix_(std::string(architecture) + ".") {}

  std::uint32_t size(std::string_view key, std::uint32_t most) {
    const std::optional<std::uint32_t> value = fields_.number(full(key));
    return checked(key, value, most);
  }
  std::uint32_t size_or(std::string_view key, std::uint32_t fallback, std::uint32_t most) {
    const std::optional<std::uint32_t> value = fields_.number(full(key));
    return checked(key, value ? value : fallback, most);
  }
  float positive(std::string_view key, std::optional<float> fallback) {
    std::optional<float> value = fields_.real(full(key));
    if (!value) value = fallback;
    if (!value) return fail(full(key) + " is missing"), 0.0F;
    if (!std::isfinite(*value) || !(*value > 0)) fail(full(key) + " is " + std::to_string(*value));
    return *value;
  }
  std::optional<std::uint32_t> number(std::string_view key) { return fields_.number(full(key)); }
  std::optional<std::string_view> text(std::string_view key) { return fields_.text(full(key)); }
  std::string full(std::string_view key) const { return prefix_ + std::string(key); }

  void fail(const std::string& detail) {
    if (!error_) error_ = bad(detail);
  }
  /// A wrong type counts before what follows from it, such as an absent value.
  std::optional<Error> error() const { return fields_.error() ? fields_.error() : error_; }

 private:
  std::uint32_t checked(std::string_view key, std::optional<std::uint32_t> value, std::uint32_t most) {
    if (!value) return fail(full(key) + " is missing"), 0;
    if (*value < 1 || *value > most) {
      fail(full(key) + " is " + std::to_string(*value) + " (must be 1 to " + std::to_string(most) + ")");
    }
    return *value;
  }

  Fields fields_;
  std::string prefix_;
  std::optional<Error> error_;
};

// The widths fit together, and ternary rows are whole blocks.
std::optional<Error> check_widths(const ModelConfig& c) {
  const auto number = [](std::uint32_t value) { return std::to_string(value); };
  if (c.hidden % c.heads != 0)
    return bad(number(c.hidden) + " values do not divide among " + number(c.heads) + " heads");
  if (c.heads % c.kv_heads != 0) {
    return bad(number(c.heads) + " query heads do not divide among " + number(c.kv_heads) + " key heads");
  }
  if (c.head_dim % 2 != 0) return bad("heads of " + number(c.head_dim) + " values cannot be rotated in pairs");
  if (c.heads * c.head_dim > kMostWidth) {
    return bad(number(c.heads) + " heads of " + number(c.head_dim) + " values are too wide");
  }
  for (const std::uint32_t width : {c.hidden, c.heads * c.head_dim, c.ffn}) {
    if (width % kTernaryBlock != 0) {
      return bad("the width " + number(width) + " is not a multiple of " + number(kTernaryBlock));
    }
  }
  return std::nullopt;
}

Result<Activation> read_activation(ConfigReader& reader, const Family& family, const ModelConfig& config,
                                   std::vector<std::string>& warnings) {
  const std::optional<std::string_view> name = reader.text("hidden_activation");
  if (!name) {
    // llama.cpp's older converter wrote 2B4T as "bitnet" without the key; its vocabulary gives it away.
    if (family.architecture != "bitnet" || config.vocab_size != kVocabOf2B4T) return family.activation;
    warnings.push_back("bitnet.hidden_activation is missing: using relu2 because the vocabulary is that of 2B4T");
    return Activation::Relu2;
  }
  if (*name == "relu2") return Activation::Relu2;
  if (*name == "silu") return Activation::Silu;
  return unsupported("the activation \"" + printable(*name) + "\" (relu2 and silu are computed)");
}

// Only plain rotary positions over whole heads are computed.
std::optional<Error> check_rope(ConfigReader& reader, const ModelConfig& config) {
  const std::uint32_t rotated = reader.number("rope.dimension_count").value_or(config.head_dim);
  if (rotated != config.head_dim) {
    return unsupported("only " + std::to_string(rotated) + " of " + std::to_string(config.head_dim) +
                       " values of a head are rotated");
  }
  const std::uint32_t value_dim = reader.number("attention.value_length").value_or(config.head_dim);
  if (value_dim != config.head_dim) return unsupported("values of another length than keys");
  const std::string_view scaling = reader.text("rope.scaling.type").value_or("none");
  if (scaling != "none") return unsupported("rotary scaling \"" + printable(scaling) + "\"");
  return std::nullopt;
}

bool all_ones(const TensorView& tensor) {
  if (tensor.dtype != DType::F32) return false;
  for (std::size_t i = 0; i < tensor.bytes.size(); i += sizeof(float)) {
    float factor = 0;
    std::memcpy(&factor, tensor.bytes.data() + i, sizeof factor);
    if (factor != 1.0F) return false;
  }
  return true;
}

// Parts that this engine would leave out silently: mixtures of experts, gated or normed attention, biases, the separate
// scales of lookup-table encodings; and factors (of outputs in old files, of rotary frequencies) unless they do
// nothing.
std::optional<Error> check_no_foreign_parts(std::span<const TensorView> tensors) {
  constexpr std::string_view kForeign[] = {".ffn_gate_inp.weight",   ".ffn_gate_exps.weight", ".attn_gate.weight",
                                           ".attn_q_norm.weight",    ".attn_k_norm.weight",   ".bias",
                                           ".attn_q_norm_in.weight", ".weight_scale"};
  constexpr std::string_view kFactors[] = {".scale", "rope_freqs.weight"};
  for (const TensorView& tensor : tensors) {
    const auto is_named = [&](std::string_view tail) { return tensor.name.ends_with(tail); };
    const bool foreign = std::any_of(std::begin(kForeign), std::end(kForeign), is_named);
    const bool factor = std::any_of(std::begin(kFactors), std::end(kFactors), is_named);
    if (foreign || (factor && !all_ones(tensor))) {
      return unsupported("a variant with the tensor " + printable(tensor.name));
    }
  }
  return std::nullopt;
}

// The layer a tensor belongs to, by its name "blk.N.".
std::optional<std::uint32_t> layer_of(std::string_view name) {
  constexpr std::string_view kPrefix = "blk.";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  std::uint32_t layer = 0;
  const char* const begin = name.data() + kPrefix.size();
  const auto [end, error] = std::from_chars(begin, name.data() + name.size(), layer);
  if (error != std::errc() || end == begin) return std::nullopt;
  return layer;
}

std::optional<Error> check_layers(const Family& family, const ModelConfig& config,
                                  std::span<const TensorView> tensors) {
  std::vector<bool> has_query(config.layers), has_key(config.layers);
  for (const TensorView& tensor : tensors) {
    const std::optional<std::uint32_t> layer = layer_of(tensor.name);
    if (!layer) continue;
    if (*layer >= config.layers) {
      return bad("the file has the tensor " + printable(tensor.name) + " but says it has " +
                 std::to_string(config.layers) + " layers");
    }
    if (tensor.name.ends_with(".attn_q.weight")) has_query[*layer] = true;
    if (tensor.name.ends_with(".attn_k.weight")) has_key[*layer] = true;
  }
  // "bitnet" is also the name of unreleased models that share keys between layers.
  for (std::uint32_t layer = 0; family.architecture == "bitnet" && layer < config.layers; ++layer) {
    if (!has_query[layer] || has_key[layer]) continue;
    return unsupported("a variant whose layer " + std::to_string(layer) + " has no attn_k.weight");
  }
  return std::nullopt;
}

// Tokens are counted here and read by the tokenizer's reader.
std::uint32_t token_count(const Container& container) {
  const Value* const tokens = container.find("tokenizer.ggml.tokens");
  if (tokens == nullptr || tokens->type != ValueType::Array) return 0;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(tokens->count, kMostVocab + 1));
}

}  // namespace

Result<std::string> read_architecture(const Container& container) {
  Fields fields(container, ErrorCode::BadConfig);
  const std::optional<std::string_view> name = fields.text("general.architecture");
  if (fields.error()) return *fields.error();
  if (!name) return bad("general.architecture is missing");
  if (find_family(*name) != nullptr) return std::string(*name);
  return unsupported("\"" + printable(*name) + "\" (bitnet-b1.58, bitnet-25, bitnet and ternary llama are supported)");
}

Result<ModelConfig> read_config(const Container& container, const std::string& architecture,
                                std::span<const TensorView> tensors, std::vector<std::string>& warnings) {
  const Family& family = *find_family(architecture);
  Fields general(container, ErrorCode::BadConfig);
  ConfigReader reader(container, architecture);

  ModelConfig config;
  config.architecture = architecture;
  config.name = printable(general.text("general.name").value_or(""));
  config.layers = reader.size("block_count", kMostLayers);
  config.hidden = reader.size("embedding_length", kMostWidth);
  config.ffn = reader.size("feed_forward_length", kMostWidth);
  config.heads = reader.size("attention.head_count", kMostHeads);
  config.kv_heads = reader.size_or("attention.head_count_kv", config.heads, kMostHeads);
  config.context_length = reader.size("context_length", kMostContext);
  config.rms_eps = reader.positive("attention.layer_norm_rms_epsilon", std::nullopt);
  const std::optional<float> theta = family.rope_theta_needed ? std::nullopt : std::optional<float>(10'000.0F);
  config.rope_theta = reader.positive("rope.freq_base", theta);
  if (reader.error()) return *reader.error();
  config.head_dim =
      reader.size_or("attention.key_length",
                     reader.size_or("rope.dimension_count", config.hidden / config.heads, kMostHeadDim), kMostHeadDim);
  const std::uint32_t tokens = token_count(container);
  // Without tokens the tokenizer's reader has the better error.
  config.vocab_size = reader.size_or("vocab_size", tokens == 0 ? 1 : tokens, kMostVocab);
  if (reader.error()) return *reader.error();
  if (general.error()) return *general.error();
  if (tokens != 0 && config.vocab_size != tokens) {
    return bad(reader.full("vocab_size") + " is " + std::to_string(config.vocab_size) + " but there are " +
               std::to_string(tokens) + " tokens");
  }

  if (const auto error = check_widths(config)) return *error;
  if (const auto error = check_no_foreign_parts(tensors)) return *error;
  if (const auto error = check_layers(family, config, tensors)) return *error;
  if (const auto error = check_rope(reader, config)) return *error;
  const Result<Activation> activation = read_activation(reader, family, config, warnings);
  if (!activation) return activation.error();
  config.activation = *activation;
  config.sub_norms = family.always_sub_norms || has_tensor(tensors, "blk.0.attn_sub_norm.weight");
  config.qk_rows_permuted = family.qk_rows_permuted;
  if (reader.error()) return *reader.error();
  return config;
}

}  // namespace tercet::gguf
