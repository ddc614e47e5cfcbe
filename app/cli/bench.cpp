// tercet-cli bench: reading and writing speed, next to what the machine could do at best in the same minutes.
#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "app/cli/bench_probe.h"
#include "app/cli/commands.h"
#include "app/cli/engine_options.h"
#include "app/cli/interrupt.h"
#include "app/cli/json_writer.h"

namespace tercet::cli {
namespace {

struct BenchOptions {
  std::uint32_t prompt = 128;    // tokens read
  std::uint32_t written = 64;    // tokens written
  std::uint32_t depth = 0;       // tokens in the context before either
  std::uint32_t repetitions = 3;
};

struct Measurement {
  int threads = 0;
  std::string isa;
  Spread prefill, decode;            // tokens/s
  std::uint64_t bytes_per_token = 0;  // weights, output screen and KV cache, in the middle of the written tokens
  Spread read_gbs, int8_gmacs;
  double decode_fraction = 0, prefill_fraction = 0;
  std::uint64_t peak_bytes = 0;
  double load_ms = 0;
  std::uint64_t logits_hash = 0;
};

/// The same ordinary tokens on every machine (SplitMix64 from a fixed seed); `stream` picks another sequence.
std::vector<TokenId> random_tokens(const Tokenizer& tokenizer, std::size_t count, std::uint64_t stream) {
  std::vector<TokenId> tokens;
  std::uint64_t state = 0x7E5CE7U + (stream << 32);
  while (tokens.size() < count) {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    const auto token = static_cast<TokenId>((z ^ (z >> 31)) % tokenizer.vocab_size());
    if (!tokenizer.is_special(token)) tokens.push_back(token);
  }
  return tokens;
}

/// Reads, writes and hashes with an engine that is ready. The context holds the first `depth` tokens throughout. The limits
/// are sampled in between, so that whatever else the machine does slows both.
Result<void> measure_engine(const Engine& engine, const BenchOptions& bench, std::stop_token stop, Measurement& result) {
  Session& session = *engine.session;
  const Tokenizer& tokenizer = session.model().tokenizer();
  const std::vector<TokenId> before = random_tokens(tokenizer, bench.depth, 0);
  GenerateOptions one, many;
  one.sampling.temperature = many.sampling.temperature = 0;
  one.ignore_stop_tokens = many.ignore_stop_tokens = true;
  one.max_tokens = 1;
  many.max_tokens = bench.written + 1;  // the first comes from the prompt; so many more are computed

  std::vector<double> prefill, decode;
  LimitSamples limits;
  std::vector<TokenId> last;
  for (std::uint32_t repetition = 0; repetition <= bench.repetitions; ++repetition) {  // the first warms up
    std::vector<TokenId> prompt = before;
    const std::vector<TokenId> more = random_tokens(tokenizer, bench.prompt, 1 + repetition);
    prompt.insert(prompt.end(), more.begin(), more.end());
    const Result<GenerateResult> read = session.generate_from_tokens(prompt, one, {}, stop);
    if (!read) return read.error();
    if (read->stop_reason == StopReason::Stopped) return Error{ErrorCode::Stopped, {}};

    prompt.resize(std::max<std::size_t>(bench.depth, 1));
    const Result<GenerateResult> written = session.generate_from_tokens(prompt, many, {}, stop);
    if (!written) return written.error();
    if (written->stop_reason == StopReason::Stopped) return Error{ErrorCode::Stopped, {}};
    if (repetition == 0) {
      result.peak_bytes = peak_memory_bytes();  // now everything is in place, and nothing of the measurement yet
      continue;
    }
    if (Result<void> sampled = sample_limits(session.model().kernels(), *engine.pool, limits); !sampled) return sampled;
    prefill.push_back(read->prefill_tokens_per_s);
    decode.push_back(written->decode_tokens_per_s);
    last = more;
  }
  result.prefill = spread_of(std::move(prefill));
  result.decode = spread_of(std::move(decode));
  result.read_gbs = spread_of(std::move(limits.read_gbs));
  result.int8_gmacs = spread_of(std::move(limits.int8_gmacs));
  result.bytes_per_token = session.bytes_per_token() + session.cache_bytes_per_position() * (bench.depth + bench.written / 2);

  // The logits after the last tokens read, as a fingerprint; few enough that it does not cost more than the measurement.
  last.resize(std::min<std::size_t>(last.size(), 32));
  return session.logits(last, [&](std::size_t, std::span<const float> row) { result.logits_hash = hash_of(row); }, stop);
}

/// One thread count, from a fresh load.
Result<Measurement> measure(const std::string& path, const EngineOptions& options, const BenchOptions& bench,
                            std::stop_token stop) {
  forget_peak_memory();
  const Result<Engine> engine = open_engine(path, options, stop);
  if (!engine) return engine.error();
  Measurement result;
  result.threads = options.threads;
  result.isa = engine->model->info().isa;
  result.load_ms = engine->model->info().load_ms;
  if (Result<void> done = measure_engine(*engine, bench, stop, result); !done) return done.error();
  result.decode_fraction =
      result.decode.median * static_cast<double>(result.bytes_per_token) / 1e9 / result.read_gbs.median;
  result.prefill_fraction = result.prefill.median *
                            static_cast<double>(ternary_macs_per_token(engine->model->config())) / 1e9 /
                            result.int8_gmacs.median;
  return result;
}

std::string hexadecimal(std::uint64_t value) {
  char text[20];
  std::snprintf(text, sizeof text, "%016" PRIx64, value);
  return text;
}

void write_spread(JsonWriter& json, std::string_view name, const Spread& spread) {
  json.key(name).begin_object();
  json.member("median", spread.median).member("min", spread.least).member("max", spread.most).end_object();
}

std::string as_json(const std::vector<Measurement>& results, const BenchOptions& bench, std::uint32_t batch) {
  JsonWriter json;
  json.begin_array();
  for (const Measurement& result : results) {
    json.begin_object().member("threads", result.threads);
    write_spread(json, "prefill_tokens_per_s", result.prefill);
    write_spread(json, "decode_tokens_per_s", result.decode);
    json.member("bytes_per_token", result.bytes_per_token)
        .member("read_bandwidth_gbs", result.read_gbs.median)
        .member("decode_fraction_of_bandwidth", result.decode_fraction)
        .member("int8_peak_gmacs", result.int8_gmacs.median)
        .member("prefill_fraction_of_peak", result.prefill_fraction)
        .member("peak_rss_mb", static_cast<double>(result.peak_bytes) / 1e6)
        .member("load_ms", result.load_ms)
        .member("isa", result.isa)
        .member("logits_hash", hexadecimal(result.logits_hash))
        .member("prompt_tokens", bench.prompt)
        .member("generated_tokens", bench.written)
        .member("depth", bench.depth)
        .member("batch", batch)
        .member("repetitions", bench.repetitions)
        .end_object();
  }
  return json.end_array().text() + "\n";
}

std::string as_report(const std::vector<Measurement>& results, const BenchOptions& bench, std::uint32_t batch) {
  char line[200];
  std::snprintf(line, sizeof line, "Read %u tokens in batches of %u, write %u, at depth %u; median (least to most) of %u.\n",
                bench.prompt, batch, bench.written, bench.depth, bench.repetitions);
  std::string text = line;
  for (const Measurement& r : results) {
    std::snprintf(line, sizeof line, "\n%d thread%s, kernels %s\n", r.threads, r.threads == 1 ? "" : "s", r.isa.c_str());
    text += line;
    std::snprintf(line, sizeof line, "  reading  %9.2f tokens/s (%.2f to %.2f), %.0f %% of the int8 limit of %.1f GMAC/s\n",
                  r.prefill.median, r.prefill.least, r.prefill.most, r.prefill_fraction * 100, r.int8_gmacs.median);
    text += line;
    std::snprintf(line, sizeof line, "  writing  %9.2f tokens/s (%.2f to %.2f), %.0f %% of the memory bandwidth of %.1f GB/s\n",
                  r.decode.median, r.decode.least, r.decode.most, r.decode_fraction * 100, r.read_gbs.median);
    text += line;
    std::snprintf(line, sizeof line, "  memory   %9.1f MB at most, %.1f MB read for each token written\n",
                  static_cast<double>(r.peak_bytes) / 1e6, static_cast<double>(r.bytes_per_token) / 1e6);
    text += line;
    std::snprintf(line, sizeof line, "  load     %9.0f ms\n  logits   %s\n", r.load_ms, hexadecimal(r.logits_hash).c_str());
    text += line;
  }
  return text;
}

}  // namespace

ExitCode run_bench(Arguments& arguments) {
  const std::string path = arguments.operand("MODEL");
  EngineOptions options = read_engine_options(arguments, true);
  const auto logical = static_cast<std::uint64_t>(cpu_topology().logical);
  const std::string listed = arguments.text("--threads");
  std::vector<std::uint64_t> threads;
  if (listed != "auto" && listed != "0") threads = arguments.list("--threads", 1, logical);
  BenchOptions bench;
  constexpr std::uint64_t kMost = 1U << 20;
  bench.prompt = static_cast<std::uint32_t>(arguments.whole("-p", 1, kMost, bench.prompt));
  bench.written = static_cast<std::uint32_t>(arguments.whole("-n", 1, kMost, bench.written));
  bench.depth = static_cast<std::uint32_t>(arguments.whole("-d", 0, kMost, bench.depth));
  bench.repetitions = static_cast<std::uint32_t>(arguments.whole("-r", 1, 1000, bench.repetitions));
  const std::uint32_t needed = std::max(bench.depth + bench.prompt, std::max(bench.depth, 1U) + bench.written) + 1;
  if (options.context && *options.context < needed) {
    arguments.refuse("-d, -p and -n need a context of " + std::to_string(needed) + " tokens, --context says " +
                     std::to_string(*options.context));
  }
  if (!arguments.problem().empty()) return fail_usage(arguments.problem(), "bench");
  if (threads.empty()) threads.push_back(static_cast<std::uint64_t>(options.threads));
  if (!options.context && needed > 4096) options.context = needed;

  Interrupt interrupt;
  StopOnInterrupt stop(interrupt);
  std::vector<Measurement> results;
  for (const std::uint64_t count : threads) {
    options.threads = static_cast<int>(count);
    Result<Measurement> result = measure(path, options, bench, stop.token());
    if (!result) return fail(result.error());
    results.push_back(std::move(*result));
  }
  write_out(arguments.has("--json") ? as_json(results, bench, options.batch) : as_report(results, bench, options.batch));
  return finish_output();
}

}  // namespace tercet::cli
