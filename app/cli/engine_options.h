// The options every command shares, and the engine opened with them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "app/cli/arguments.h"
#include "engine/cpu_topology.h"
#include "engine/model.h"
#include "engine/parallel.h"
#include "engine/session.h"
#include "engine/tuning_store.h"

namespace tercet::cli {

struct EngineOptions {
  int threads = 1;
  std::uint32_t batch = 512;
  std::optional<std::uint32_t> context;  // not chosen: 4096, or less when the model has less
  std::string isa;                       // empty: the engine chooses
  CachePrecision cache = CachePrecision::Auto;
  SpeedFeatures features = {};
};

/// Reads --threads, --batch, --context, --isa, --kv-cache and --data-dir. What is left to Auto is as measured for this model on this
/// machine, if it was. `list_of_threads`: --threads is a list that the caller reads.
EngineOptions read_engine_options(Arguments& arguments, bool list_of_threads = false);
/// Reads --isa.
std::string read_isa(Arguments& arguments);
/// Measured settings of --data-dir, or of the window's usual place.
TuningStore tuning_store(Arguments& arguments);

/// Reads the sampling options of generate and chat. Ranges are those of SamplingOptions.
SamplingOptions read_sampling_options(Arguments& arguments);
/// -n, or 0 when it is not given.
std::uint32_t read_max_tokens(Arguments& arguments);

/// The file, or for "builtin" the model that is part of the program.
ModelSource model_source(const std::string& path);

/// Whether this machine runs the chosen set. Errors: UnsupportedCpu.
Result<void> check_isa(const EngineOptions& options);

/// Reads the model, with the progress on standard error when that is a terminal. Errors: those of Model::load.
Result<std::shared_ptr<const Model>> load_model(const std::string& path, const LoadOptions& options, ThreadPool& pool,
                                                std::stop_token stop);

/// The engine, ready for one conversation. Members end in the right order.
struct Engine {
  std::unique_ptr<ThreadPool> pool;
  std::shared_ptr<const Model> model;
  std::unique_ptr<Session> session;
};

/// Loads the model and makes its session. Errors: those of Model::load and Session::create.
Result<Engine> open_engine(const std::string& path, const EngineOptions& options, std::stop_token stop);

}  // namespace tercet::cli
