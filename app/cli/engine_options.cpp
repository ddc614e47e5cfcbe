#include "app/cli/engine_options.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "app/cli/terminal.h"
#include "kernels/dispatch.h"
#ifdef TERCET_BUILTIN_MODEL
#include "resources/builtin/builtin_model.h"
#endif

namespace tercet::cli {
namespace {

constexpr std::uint32_t kUsualContext = 4096;  // tokens; what 2B4T was trained for
constexpr std::uint32_t kMost32 = std::numeric_limits<std::uint32_t>::max();

std::string known_isa_names() {
  std::string names;
  for (const kernels::SetStatus& set : kernels::all_sets()) names.append(names.empty() ? "" : ", ").append(set.name);
  return names;
}

CachePrecision read_cache_precision(Arguments& arguments) {
  if (!arguments.has("--kv-cache")) return CachePrecision::Auto;
  const std::string name = arguments.text("--kv-cache");
  const auto found = std::find(kCachePrecisionNames.begin(), kCachePrecisionNames.end(), name);
  if (found == kCachePrecisionNames.end()) {
    arguments.refuse("--kv-cache takes auto, f16, f32 or q8, not '" + name.substr(0, 60) + "'");
    return CachePrecision::Auto;
  }
  return static_cast<CachePrecision>(found - kCachePrecisionNames.begin());
}

/// What was measured for a model file and holds for this process. The kernel set is the one that loading will choose.
std::optional<Tuning> measured_for(const std::string& model, const std::string& isa, const TuningStore& store, const CpuTopology& cpu) {
  std::string set = isa;
  if (const char* forced = std::getenv("TERCET_ISA"); set.empty() && forced != nullptr) set = forced;
  if (set.empty()) set = kernels::best_set().name;
  const std::optional<Tuning> found = store.find({.model = model_identity(model_source(model)), .machine = machine_identity(set)});
  return found && still_holds(*found, cpu) ? found : std::nullopt;
}

/// Overwrites one line of the terminal with how much is loaded, and clears it at the end.
class LoadLine {
 public:
  explicit LoadLine(bool shown) : shown_(shown) {}
  ~LoadLine() {
    if (last_ >= 0) std::fputs("\r\033[K", stderr);
  }
  LoadLine(const LoadLine&) = delete;
  LoadLine& operator=(const LoadLine&) = delete;
  void show(double fraction) {
    const int percent = static_cast<int>(fraction * 100);
    if (!shown_ || percent == last_) return;
    last_ = percent;
    std::fprintf(stderr, "\rLoading %d %%", percent);
    std::fflush(stderr);
  }

 private:
  bool shown_;
  int last_ = -1;
};

}  // namespace

std::string read_isa(Arguments& arguments) {
  std::string isa = arguments.text("--isa");
  if (arguments.has("--isa") && kernels::find_set(isa) == nullptr) {
    arguments.refuse("--isa takes one of " + known_isa_names() + ", not '" + isa.substr(0, 60) + "'");
  }
  return isa;
}

TuningStore tuning_store(Arguments& arguments) {
  if (!arguments.has("--data-dir")) return TuningStore(TuningStore::file_in(TuningStore::usual_directory()));
  const std::string directory = arguments.text("--data-dir");
  if (directory.empty()) arguments.refuse("--data-dir needs a directory");
  return TuningStore(TuningStore::file_in(directory));
}

EngineOptions read_engine_options(Arguments& arguments, bool list_of_threads) {
  EngineOptions options;
  const CpuTopology cpu = cpu_topology();
  std::optional<std::uint64_t> threads;
  if (!list_of_threads) threads = arguments.whole_or_auto("--threads", 1, static_cast<std::uint64_t>(cpu.logical));
  const std::optional<std::uint64_t> batch = arguments.whole_or_auto("--batch", 1, 2048);
  if (arguments.has("--context")) {
    options.context = static_cast<std::uint32_t>(arguments.whole("--context", 1, kMost32, kUsualContext));
  }
  options.isa = read_isa(arguments);
  options.cache = read_cache_precision(arguments);
  const TuningStore store = tuning_store(arguments);
  // Only `bench --kernels` has no model, and so no settings that were measured for it.
  const std::string model = arguments.has("--kernels") ? std::string() : arguments.operand("MODEL");

  std::optional<Tuning> measured;
  if ((!threads || !batch) && !model.empty() && arguments.problem().empty()) measured = measured_for(model, options.isa, store, cpu);
  options.threads = threads ? static_cast<int>(*threads) : measured ? measured->threads : cpu.recommended;
  options.batch = batch ? static_cast<std::uint32_t>(*batch) : measured ? measured->batch : kUsualBatch;
  return options;
}

SamplingOptions read_sampling_options(Arguments& arguments) {
  SamplingOptions sampling;
  const auto number = [&arguments](std::string_view name, double least, double most, float fallback) {
    return arguments.has(name) ? static_cast<float>(arguments.number(name, least, most, fallback)) : fallback;
  };
  sampling.temperature = number("--temperature", 0, 5, sampling.temperature);
  sampling.top_k = static_cast<std::uint32_t>(arguments.whole("--top-k", 0, kMost32, sampling.top_k));
  sampling.top_p = number("--top-p", 0, 1, sampling.top_p);
  sampling.min_p = number("--min-p", 0, 1, sampling.min_p);
  sampling.repeat_penalty = number("--repeat-penalty", 1, 2, sampling.repeat_penalty);
  sampling.seed = arguments.whole("--seed", 0, std::numeric_limits<std::uint64_t>::max(), sampling.seed);
  // The engine knows which ends of the ranges are open.
  if (const Result<void> valid = sampling.validate(); !valid) arguments.refuse(valid.error().detail);
  return sampling;
}

std::uint32_t read_max_tokens(Arguments& arguments) {
  return static_cast<std::uint32_t>(arguments.whole("-n", 1, kMost32, 0));
}

ModelSource model_source(const std::string& path) {
#ifdef TERCET_BUILTIN_MODEL
  return builtin::source_of(path);
#else
  return path;
#endif
}

Result<void> check_isa(const EngineOptions& options) {
  if (options.isa.empty()) return {};
  const kernels::SetStatus* status = kernels::find_set(options.isa);
  if (status != nullptr && status->set != nullptr && status->supported) return {};
  const bool compiled = status != nullptr && status->set != nullptr;
  return Error{ErrorCode::UnsupportedCpu,
               options.isa + (compiled ? " needs instructions that this processor or system lacks"
                                       : " is not part of this build for this kind of processor")};
}

Result<std::shared_ptr<const Model>> load_model(const std::string& path, const LoadOptions& options, ThreadPool& pool,
                                                std::stop_token stop) {
  LoadLine line(errors_are_terminal());
  return Model::load(model_source(path), options, pool, [&line](double fraction) { line.show(fraction); }, std::move(stop));
}

Result<Engine> open_engine(const std::string& path, const EngineOptions& options, std::stop_token stop) {
  if (Result<void> usable = check_isa(options); !usable) return usable.error();
  Engine engine;
  engine.pool = std::make_unique<ThreadPool>(options.threads);
  LoadOptions load;
  load.isa = options.isa;
  load.context_tokens = options.context.value_or(kUsualContext);
  load.batch_tokens = options.batch;
  load.cache = options.cache;
  Result<std::shared_ptr<const Model>> model = load_model(path, load, *engine.pool, stop);
  if (!model) return model.error();
  engine.model = std::move(*model);
  SessionOptions session;
  session.context_tokens = options.context.value_or(std::min(kUsualContext, engine.model->config().context_length));
  session.batch_tokens = options.batch;
  session.cache = options.cache;
  session.features = options.features;
  Result<std::unique_ptr<Session>> created = Session::create(engine.model, *engine.pool, session);
  if (!created) return created.error();
  engine.session = std::move(*created);
  return engine;
}

}  // namespace tercet::cli
