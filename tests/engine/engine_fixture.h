// A loaded model with its pool and session, as most engine tests need them. Failure to load is a failed test.
#pragma once

#include <memory>
#include <string>

#include "engine/session.h"

namespace tercet::test {

struct Engine {
  std::unique_ptr<ThreadPool> pool;
  std::shared_ptr<const Model> model;
  std::unique_ptr<Session> session;
  std::string failure;  // empty: all is there
};

struct EngineOptions {
  std::string isa = {};
  int threads = 1;
  std::uint32_t batch = 512;
  std::uint32_t context = 256;
  CachePrecision cache = CachePrecision::Auto;
  SpeedFeatures features = {};
};

inline Engine make_engine(const std::string& path, const EngineOptions& options = {}) {
  Engine engine;
  engine.pool = std::make_unique<ThreadPool>(options.threads);
  auto model = Model::load(path, {.isa = options.isa, .context_tokens = options.context, .batch_tokens = options.batch}, *engine.pool);
  if (!model) {
    engine.failure = std::string(code_name(model.error().code)) + " " + describe(model.error());
    return engine;
  }
  engine.model = *model;
  auto session = Session::create(engine.model, *engine.pool, {.context_tokens = options.context, .batch_tokens = options.batch, .cache = options.cache, .features = options.features});
  if (!session) {
    engine.failure = describe(session.error());
    return engine;
  }
  engine.session = std::move(*session);
  return engine;
}

/// Logits of all positions, f32 [tokens][vocab]; empty on error.
inline std::vector<float> all_logits(Session& session, std::span<const TokenId> tokens) {
  std::vector<float> out;
  const auto done = session.logits(tokens, [&](std::size_t, std::span<const float> row) { out.insert(out.end(), row.begin(), row.end()); });
  return done ? out : std::vector<float>();
}

inline GenerateOptions greedy(std::uint32_t max_tokens) {
  GenerateOptions options;
  options.sampling.temperature = 0;
  options.max_tokens = max_tokens;
  options.ignore_stop_tokens = true;
  return options;
}

}  // namespace tercet::test
