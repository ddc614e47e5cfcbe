// What crosses between the GUI thread and the inference thread: values only, sent by queued signals.
#pragma once

#include <QMetaType>
#include <QString>

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/config.h"
#include "engine/result.h"
#include "engine/session.h"
#include "engine/tuner.h"

namespace tercet {

/// Grows with every request; what arrives under an older id than the current one is dropped.
using RequestId = quint64;

/// How the engine is set up. On the way down: what is wanted, Auto already resolved. On the way up: what is in use.
struct EngineConfig {
  int threads = 1;
  int batch = 512;     // tokens read at once
  int context = 4096;  // tokens
  CachePrecision cache = CachePrecision::Auto;

  friend bool operator==(const EngineConfig&, const EngineConfig&) = default;
};

struct LoadRequest {
  RequestId id = 0;
  QString path;
  EngineConfig config;             // a context beyond the model's own limit means that limit
  bool unloadFirst = false;        // drop the model in memory before this one is read
  std::stop_source stop = {};
};

/// A model that is ready, in the words and numbers people are told.
struct LoadedModel {
  QString path;
  QString name;                    // general.name, else the base name of the file
  QString architecture;
  QString isa;
  QString tokenizer;
  QString chatTemplate;
  QStringList warnings;            // English, from the engine
  std::string identity;            // of the file, for what was measured (model_identity)
  quint64 memoryBytes = 0;         // weights, KV cache and buffers
  ModelConfig config;              // for estimates
  EngineConfig inUse;
  std::weak_ptr<const Model> model = {};  // for counting tokens; only the worker keeps it in memory
};

struct LoadFailure {
  Error error;
  bool keptPrevious = false;       // another model is still in memory and usable
};

/// Threads, batch, context or cache changed while a model is in memory.
struct ConfigureRequest {
  RequestId id = 0;
  EngineConfig config;
};

struct GenerateRequest {
  RequestId id = 0;
  std::vector<ChatMessage> messages;
  GenerateOptions options;
  std::uint32_t alreadyDropped = 0;
  std::stop_source stop = {};
};

/// What else could stand in place of a token of the answer that is the last message.
struct OddsRequest {
  RequestId id = 0;
  std::vector<ChatMessage> messages;
  std::size_t index = 0;  // of the token
  std::size_t count = 10;
  std::uint32_t alreadyDropped = 0;
  std::stop_source stop = {};
};

/// The fastest settings of the model in memory are to be found.
struct TuneRequest {
  RequestId id = 0;
  TuningLimits limits;
  std::stop_source stop = {};
};

/// How far an answer is. Speeds are 0 and times -1 while unknown.
struct Progress {
  std::uint32_t readDone = 0, readTotal = 0;  // tokens of the prompt that had to be computed
  double readSpeed = 0;                       // tokens/s
  std::uint32_t written = 0;                  // tokens
  double writeSpeed = 0;                      // tokens/s
  int firstTokenMs = -1;
  std::uint32_t contextUsed = 0;              // tokens
};

/// How a request ended: with `result`, or with `error` when `failed`. `result` then holds what is known.
struct Outcome {
  bool failed = false;
  Error error;
  GenerateResult result;
  // What the answer came of.
  QString model;           // as LoadedModel::name
  int threads = 0;
  std::uint64_t seed = 0;
};

}  // namespace tercet

Q_DECLARE_METATYPE(tercet::LoadRequest)
Q_DECLARE_METATYPE(tercet::LoadedModel)
Q_DECLARE_METATYPE(tercet::LoadFailure)
Q_DECLARE_METATYPE(tercet::ConfigureRequest)
Q_DECLARE_METATYPE(tercet::GenerateRequest)
Q_DECLARE_METATYPE(tercet::OddsRequest)
Q_DECLARE_METATYPE(tercet::Odds)
Q_DECLARE_METATYPE(tercet::TuneRequest)
Q_DECLARE_METATYPE(tercet::Tuning)
Q_DECLARE_METATYPE(tercet::Progress)
Q_DECLARE_METATYPE(tercet::Outcome)
Q_DECLARE_METATYPE(tercet::EngineConfig)
