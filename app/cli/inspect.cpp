// tercet-cli inspect: what is in a model file, from its header alone; nothing is loaded.
#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "app/cli/commands.h"
#include "app/cli/engine_options.h"
#include "app/cli/json_writer.h"
#include "engine/format/gguf.h"

namespace tercet::cli {
namespace {

struct TypeTotals {
  std::uint64_t count = 0;  // tensors
  std::uint64_t bytes = 0;
};

struct Inspection {
  Checkpoint checkpoint;
  std::unique_ptr<const Tokenizer> tokenizer;
  ChatTemplate chat_template;
  std::map<std::string_view, TypeTotals> types;
  std::uint64_t parameters = 0;
  std::uint32_t context = 0;  // tokens the estimate is for
  MemoryEstimate memory;
};

Result<Inspection> inspect(const std::string& path, const EngineOptions& options) {
  Result<Checkpoint> checkpoint = open_gguf(model_source(path));
  if (!checkpoint) return checkpoint.error();
  const ModelConfig& config = checkpoint->config;
  if (options.context && *options.context > config.context_length) {
    return Error{ErrorCode::InvalidOption, "context " + std::to_string(*options.context) + " is not between 1 and " +
                                               std::to_string(config.context_length)};
  }
  auto tokenizer = make_tokenizer(checkpoint->tokenizer, config, &checkpoint->warnings);
  if (!tokenizer) return tokenizer.error();
  auto chat_template = ChatTemplate::choose(checkpoint->tokenizer, config, **tokenizer);
  if (!chat_template) return chat_template.error();

  Inspection found{std::move(*checkpoint), std::move(*tokenizer), std::move(*chat_template), {}, 0, 0, {}};
  for (const TensorView& tensor : found.checkpoint.tensors) {
    TypeTotals& totals = found.types[dtype_name(tensor.dtype)];
    totals.count += 1;
    totals.bytes += tensor.bytes.size();
    found.parameters += tensor.rows * tensor.cols;
  }
  found.context = options.context.value_or(std::min<std::uint32_t>(4096, found.checkpoint.config.context_length));
  found.memory = estimate_memory(found.checkpoint.config, found.context, options.batch, options.cache);
  return found;
}

std::string_view activation_name(Activation activation) {
  switch (activation) {
    case Activation::Relu2: return "relu2";
    case Activation::Silu: return "silu";
  }
  return "unknown";
}

void write_optional(JsonWriter& json, std::string_view name, const std::optional<TokenId>& id) {
  json.key(name);
  if (id) {
    json.value(*id);
  } else {
    json.null();
  }
}

std::string as_json(const Inspection& found) {
  const ModelConfig& config = found.checkpoint.config;
  const TokenizerData& data = found.checkpoint.tokenizer;
  JsonWriter json;
  json.begin_object()
      .member("architecture", config.architecture)
      .member("name", config.name)
      .member("container", found.checkpoint.container)
      .member("file_bytes", found.checkpoint.file_bytes)
      .member("parameters", found.parameters)
      .member("layers", config.layers)
      .member("hidden", config.hidden)
      .member("heads", config.heads)
      .member("kv_heads", config.kv_heads)
      .member("head_dim", config.head_dim)
      .member("ffn", config.ffn)
      .member("vocab_size", config.vocab_size)
      .member("context_length", config.context_length)
      .member("rope_theta", config.rope_theta)
      .member("rms_eps", config.rms_eps)
      .member("activation", activation_name(config.activation))
      .member("sub_norms", config.sub_norms);
  json.key("tensor_types").begin_object();
  for (const auto& [type, totals] : found.types) {
    json.key(type).begin_object().member("count", totals.count).member("bytes", totals.bytes).end_object();
  }
  json.end_object();
  json.key("tokenizer").begin_object();
  json.member("description", found.tokenizer->description()).member("model", data.model).member("pre", data.pre);
  json.member("tokens", data.tokens.size()).member("merges", data.merges.size());
  write_optional(json, "bos", found.tokenizer->bos());
  write_optional(json, "eos", data.eos);
  write_optional(json, "eot", data.eot);
  json.member("add_bos", data.add_bos).end_object();
  json.key("chat_template").begin_object();
  json.member("name", found.chat_template.name()).member("in_file", !data.chat_template.empty());
  json.member("stop_tokens", found.chat_template.stop_tokens()).end_object();
  json.key("memory").begin_object();
  json.member("weights", found.memory.weights).member("kv_cache", found.memory.kv_cache);
  json.member("buffers", found.memory.buffers).member("tokenizer", found.memory.tokenizer);
  json.member("total", found.memory.total()).member("context", found.context).end_object();
  json.key("warnings").begin_array();
  for (const std::string& warning : found.checkpoint.warnings) json.value(warning);
  json.end_array().end_object();
  return json.text();
}

std::string megabytes(std::uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
  return text;
}

std::string as_text(const Inspection& found) {
  const ModelConfig& config = found.checkpoint.config;
  std::string text;
  const auto line = [&text](std::string_view label, const std::string& content) {
    text.append(label).append(std::string(label.size() < 16 ? 16 - label.size() : 1, ' ')).append(content).append("\n");
  };
  line("Name", config.name.empty() ? "(none)" : config.name);
  line("Architecture", config.architecture);
  line("File", found.checkpoint.container + ", " + megabytes(found.checkpoint.file_bytes));
  line("Parameters", std::to_string(found.parameters));
  line("Layers", std::to_string(config.layers));
  line("Hidden, FFN", std::to_string(config.hidden) + ", " + std::to_string(config.ffn) + " (" +
                          std::string(activation_name(config.activation)) + ")");
  line("Heads", std::to_string(config.heads) + " of " + std::to_string(config.head_dim) + ", " +
                    std::to_string(config.kv_heads) + " for keys and values");
  line("Vocabulary", std::to_string(config.vocab_size) + " tokens");
  line("Context", std::to_string(config.context_length) + " tokens");
  for (const auto& [type, totals] : found.types) {
    line("Tensors", std::to_string(totals.count) + " x " + std::string(type) + ", " + megabytes(totals.bytes));
  }
  line("Tokenizer", found.tokenizer->description());
  line("Chat format", found.chat_template.name());
  line("Memory", megabytes(found.memory.total()) + " with a context of " + std::to_string(found.context) + ": weights " +
                     megabytes(found.memory.weights) + ", KV cache " + megabytes(found.memory.kv_cache) + ", buffers " +
                     megabytes(found.memory.buffers) + ", tokenizer " + megabytes(found.memory.tokenizer));
  for (const std::string& warning : found.checkpoint.warnings) line("Warning", warning);
  return without_controls(text);
}

}  // namespace

ExitCode run_inspect(Arguments& arguments) {
  const std::string path = arguments.operand("MODEL");
  const EngineOptions options = read_engine_options(arguments);
  if (!arguments.problem().empty()) return fail_usage(arguments.problem(), "inspect");
  if (const Result<void> usable = check_isa(options); !usable) return fail(usable.error());

  const Result<Inspection> found = inspect(path, options);
  if (!found) return fail(found.error());
  write_out(arguments.has("--json") ? as_json(*found) + "\n" : as_text(*found));
  return finish_output();
}

}  // namespace tercet::cli
