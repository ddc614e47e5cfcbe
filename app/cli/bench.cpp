// tercet-cli bench: reading and writing speed, next to what the machine could do at best in the same minutes.
#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <optional>

#include "app/cli/bench_generation.h"
#include "app/cli/bench_kernels.h"
#include "app/cli/bench_probe.h"
#include "app/cli/bench_turns.h"
#include "app/cli/commands.h"
#include "app/cli/engine_options.h"
#include "app/cli/interrupt.h"
#include "app/cli/json_writer.h"
#include "engine/weights.h"
#include "kernels/dispatch.h"

namespace tercet::cli {
namespace {

struct BenchOptions {
  std::uint32_t prompt = 128;    // tokens read
  std::uint32_t written = 64;    // tokens written
  std::uint32_t depth = 0;       // tokens in the context before either
  std::uint32_t repetitions = 3;
  bool speculation = false;      // measure it as well
  std::uint32_t turns = 0;       // of a conversation to measure as well
};

/// Writing with guesses against writing without, in turn: median ratio of the speeds, and how many guesses came true.
struct SpeculationMeasurement {
  double fresh = 0;      // text that nothing in the context predicts
  double repeated = 0;   // an answer that is written again word by word
  double resampled = 0;  // an answer that is written again with another seed: guesses that are mostly wrong
  std::uint64_t guesses = 0, accepted = 0;
};

struct Measurement {
  int threads = 0;
  std::string isa;
  std::string_view cache;
  Spread prefill, decode;            // tokens/s
  std::uint64_t bytes_per_token = 0;  // really read: weights, output screen, exact rows and KV cache
  double up_skipped = 0, down_skipped = 0;  // share of the feed-forward weights left out
  double refined = 0, exact = 0;            // output rows looked at more closely, and computed, for each token
  std::optional<SpeculationMeasurement> speculation;
  std::vector<TurnMeasurement> turns;  // empty when not asked for
  Spread read_gbs, int8_gmacs;
  double decode_fraction = 0, prefill_fraction = 0;
  std::uint64_t peak_bytes = 0;
  double load_ms = 0;
  std::uint64_t logits_hash = 0;
};

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// What the counts of `session` say of the tokens it has written.
void describe_decode(const SpeedCounts& counts, Measurement& result) {
  result.bytes_per_token = counts.bytes_read / std::max<std::uint64_t>(counts.tokens, 1);
  result.up_skipped = 1.0 - share(counts.up_rows_read, counts.up_rows);
  result.down_skipped = 1.0 - share(counts.down_columns_read, counts.down_columns);
  result.refined = share(counts.refined, counts.states);
  result.exact = share(counts.exact, counts.states);
}

/// Reads, writes and hashes with an engine that is ready. The context holds the first `depth` tokens throughout. The limits
/// are sampled in between, so that whatever else the machine does slows both.
Result<void> measure_engine(const Engine& engine, const BenchOptions& bench, std::stop_token stop, Measurement& result) {
  Session& session = *engine.session;
  const Tokenizer& tokenizer = session.model().tokenizer();
  const std::vector<TokenId> before = random_tokens(tokenizer, bench.depth, 0);
  // Of what is written, the first token comes from the prompt; so many more are computed.
  const GenerateOptions one = greedy(1), many = greedy(bench.written + 1);

  std::vector<double> prefill, decode;
  LimitSamples limits;
  std::vector<TokenId> last;
  for (std::uint32_t repetition = 0; repetition <= bench.repetitions; ++repetition) {  // the first warms up
    std::vector<TokenId> prompt = before;
    const std::vector<TokenId> more = random_tokens(tokenizer, bench.prompt, 1 + repetition);
    prompt.insert(prompt.end(), more.begin(), more.end());
    const Result<GenerateResult> read = generate(session, prompt, one, stop);
    if (!read) return read.error();

    prompt.resize(std::max<std::size_t>(bench.depth, 1));
    const Result<GenerateResult> written = generate(session, prompt, many, stop);
    if (!written) return written.error();
    if (repetition == 0) {
      result.peak_bytes = peak_memory_bytes();  // now everything is in place, and nothing of the measurement yet
      continue;
    }
    if (Result<void> sampled = sample_limits(session.model().kernels(), *engine.pool, session.model().weights().ternary_memory(), limits); !sampled) return sampled;
    prefill.push_back(read->prefill_tokens_per_s);
    decode.push_back(written->decode_tokens_per_s);
    last = more;
  }
  result.prefill = spread_of(std::move(prefill));
  result.decode = spread_of(std::move(decode));
  result.read_gbs = spread_of(std::move(limits.read_gbs));
  result.int8_gmacs = spread_of(std::move(limits.int8_gmacs));
  describe_decode(session.speed_counts(), result);

  // The logits after the last tokens read, as a fingerprint; few enough that it does not cost more than the measurement.
  last.resize(std::min<std::size_t>(last.size(), 32));
  return session.logits(last, [&](std::size_t, std::span<const float> row) { result.logits_hash = hash_of(row); }, stop);
}

/// Writes the same with and without guesses, in turn.
Result<SpeculationMeasurement> measure_speculation(const Engine& engine, const BenchOptions& bench, std::stop_token stop) {
  Session& plain = *engine.session;
  SessionOptions options = plain.options();
  options.features.speculate = true;
  auto created = Session::create(engine.model, *engine.pool, options);
  if (!created) return created.error();
  Session& guessing = **created;

  SpeculationMeasurement result;
  std::vector<double> fresh, repeated, resampled;
  for (std::uint32_t repetition = 0; repetition <= bench.repetitions; ++repetition) {  // the first warms up
    const std::vector<TokenId> prompt = random_tokens(plain.model().tokenizer(), std::max(bench.depth, 16U), 100 + repetition);
    GenerateOptions sampled = greedy(bench.written + 1);
    sampled.sampling = {.seed = repetition};
    const auto run = [&](Session& session, const GenerateOptions& generation, double* speed) -> Result<std::vector<TokenId>> {
      const Result<GenerateResult> written = generate(session, prompt, generation, stop);
      if (!written) return written.error();
      *speed = written->decode_tokens_per_s;
      return written->tokens;
    };
    double speeds[6] = {};
    guessing.clear();
    const std::pair<Session*, GenerateOptions> turns[] = {{&plain, greedy(bench.written + 1)}, {&guessing, greedy(bench.written + 1)},
                                                          {&plain, greedy(bench.written + 1)}, {&guessing, greedy(bench.written + 1)},
                                                          {&plain, sampled}, {&guessing, sampled}};
    std::vector<TokenId> tokens[6];
    for (std::size_t turn = 0; turn < 6; ++turn) {
      auto written = run(*turns[turn].first, turns[turn].second, &speeds[turn]);
      if (!written) return written.error();
      tokens[turn] = std::move(*written);
    }
    for (std::size_t turn = 0; turn < 6; turn += 2) {
      if (tokens[turn] != tokens[turn + 1]) return Error{ErrorCode::Internal, "guesses changed the result"};
    }
    if (repetition == 0) continue;
    fresh.push_back(speeds[1] / speeds[0]);
    repeated.push_back(speeds[3] / speeds[2]);
    resampled.push_back(speeds[5] / speeds[4]);
  }
  result.fresh = spread_of(std::move(fresh)).median;
  result.repeated = spread_of(std::move(repeated)).median;
  result.resampled = spread_of(std::move(resampled)).median;
  result.guesses = guessing.speed_counts().guesses;
  result.accepted = guessing.speed_counts().accepted;
  return result;
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
  result.cache = name_of(engine->session->cache_precision());
  result.load_ms = engine->model->info().load_ms;
  if (Result<void> done = measure_engine(*engine, bench, stop, result); !done) return done.error();
  if (bench.speculation) {
    Result<SpeculationMeasurement> speculation = measure_speculation(*engine, bench, stop);
    if (!speculation) return speculation.error();
    result.speculation = *speculation;
  }
  if (bench.turns > 0) {
    Result<std::vector<TurnMeasurement>> turns = measure_turns(*engine->session, bench.turns, bench.prompt, bench.written, bench.repetitions, stop);
    if (!turns) return turns.error();
    result.turns = std::move(*turns);
  }
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
        .member("kv_cache", result.cache)
        .member("logits_hash", hexadecimal(result.logits_hash))
        .member("up_rows_skipped", result.up_skipped)
        .member("down_columns_skipped", result.down_skipped)
        .member("refined_rows_per_token", result.refined)
        .member("exact_rows_per_token", result.exact);
    if (result.speculation) {
      json.key("speculation").begin_object();
      json.member("fresh_ratio", result.speculation->fresh)
          .member("repeated_ratio", result.speculation->repeated)
          .member("resampled_ratio", result.speculation->resampled)
          .member("guesses", result.speculation->guesses)
          .member("accepted", result.speculation->accepted)
          .end_object();
    }
    if (!result.turns.empty()) {
      json.key("turns").begin_array();
      for (const TurnMeasurement& turn : result.turns) {
        json.begin_object().member("context_before", turn.context_before).member("computed_tokens", turn.computed);
        write_spread(json, "time_to_first_token_ms", turn.first_token_ms);
        json.end_object();
      }
      json.end_array();
    }
    json
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
    std::snprintf(line, sizeof line, "\n%d thread%s, kernels %s, cache %s\n", r.threads, r.threads == 1 ? "" : "s", r.isa.c_str(), r.cache.data());
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
    std::snprintf(line, sizeof line, "  left out %9.1f %% of up rows, %.1f %% of down columns; for each token %.1f output rows refined, %.1f exact\n",
                  r.up_skipped * 100, r.down_skipped * 100, r.refined, r.exact);
    text += line;
    if (r.speculation) {
      std::snprintf(line, sizeof line, "  guesses  x %.3f on new text, x %.3f on a repeated answer, x %.3f on a resampled one; %.0f %% of %llu right\n",
                    r.speculation->fresh, r.speculation->repeated, r.speculation->resampled,
                    100 * share(r.speculation->accepted, r.speculation->guesses), static_cast<unsigned long long>(r.speculation->guesses));
      text += line;
    }
    for (std::size_t i = 0; i < r.turns.size(); ++i) {
      const TurnMeasurement& turn = r.turns[i];
      std::snprintf(line, sizeof line, "  turn %3zu %9.1f ms to the first token (%.1f to %.1f), %u tokens computed, %u in the context before\n", i + 1,
                    turn.first_token_ms.median, turn.first_token_ms.least, turn.first_token_ms.most, turn.computed, turn.context_before);
      text += line;
    }
    std::snprintf(line, sizeof line, "  load     %9.0f ms\n  logits   %s\n", r.load_ms, hexadecimal(r.logits_hash).c_str());
    text += line;
  }
  return text;
}

}  // namespace

namespace {

std::string kernels_as_json(const std::vector<KernelMeasurement>& results) {
  JsonWriter json;
  json.begin_array();
  for (const KernelMeasurement& result : results) {
    json.begin_object().member("isa", result.isa).member("threads", result.threads).member("operation", result.operation).member("shape", result.shape);
    if (result.gbs.median > 0) write_spread(json, "gbs", result.gbs);
    if (result.gmacs.median > 0) write_spread(json, "gmacs", result.gmacs);
    json.end_object();
  }
  return json.end_array().text() + "\n";
}

std::string kernels_as_report(const std::vector<KernelMeasurement>& results) {
  std::string text;
  char line[200];
  for (const KernelMeasurement& r : results) {
    const bool reads = r.gbs.median > 0;
    const Spread& rate = reads ? r.gbs : r.gmacs;
    std::snprintf(line, sizeof line, "%-11s %2d  %-16s %-28s %8.1f %s (%.1f to %.1f)\n", r.isa.c_str(), r.threads, r.operation.c_str(), r.shape.c_str(),
                  rate.median, reads ? "GB/s  " : "GMAC/s", rate.least, rate.most);
    text += line;
  }
  return text;
}

/// bench --kernels: the sets this machine runs, or the one that was named.
ExitCode bench_kernels(const EngineOptions& options, const std::vector<std::uint64_t>& threads, std::uint32_t repetitions, bool as_json) {
  if (Result<void> usable = check_isa(options); !usable) return fail(usable.error());
  std::vector<KernelMeasurement> results;
  for (const kernels::SetStatus& status : kernels::all_sets()) {
    const bool named = options.isa == status.name;
    if (status.set == nullptr || !status.supported || (options.isa.empty() ? status.name == "scalar" : !named)) continue;
    for (const std::uint64_t count : threads) {
      auto measured = measure_kernels(*status.set, static_cast<int>(count), repetitions);
      if (!measured) return fail(measured.error());
      results.insert(results.end(), measured->begin(), measured->end());
    }
  }
  write_out(as_json ? kernels_as_json(results) : kernels_as_report(results));
  return finish_output();
}

/// --without skip,screen
SpeedFeatures read_features(Arguments& arguments) {
  SpeedFeatures features;
  features.speculate = false;  // text that happens to repeat would flatter the speed; --speculation measures it
  const std::string listed = arguments.text("--without");
  std::string_view rest = listed;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view name = rest.substr(0, comma);
    if (name == "skip") {
      features.skip_zeros = false;
    } else if (name == "screen") {
      features.screen_head = false;
    } else {
      arguments.refuse("--without takes skip and screen, not '" + std::string(name.substr(0, 40)) + "'");
    }
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return features;
}

}  // namespace

ExitCode run_bench(Arguments& arguments) {
  const bool kernels_alone = arguments.has("--kernels");
  const std::string path = kernels_alone ? std::string() : arguments.operand("MODEL");
  EngineOptions options = read_engine_options(arguments, true);
  options.features = read_features(arguments);
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
  bench.speculation = arguments.has("--speculation");
  constexpr std::uint64_t kMostTurns = 64;
  bench.turns = static_cast<std::uint32_t>(arguments.whole("--turns", 1, kMostTurns, bench.turns));
  const std::uint32_t needed = std::max({bench.depth + bench.prompt, std::max(bench.depth, 1U) + bench.written, bench.turns * (bench.prompt + bench.written)}) + 1;
  if (options.context && *options.context < needed) {
    arguments.refuse("-d, -p, -n and --turns need a context of " + std::to_string(needed) + " tokens, --context says " +
                     std::to_string(*options.context));
  }
  if (!arguments.problem().empty()) return fail_usage(arguments.problem(), "bench");
  if (threads.empty()) threads.push_back(static_cast<std::uint64_t>(options.threads));
  if (kernels_alone) return bench_kernels(options, threads, bench.repetitions, arguments.has("--json"));
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
