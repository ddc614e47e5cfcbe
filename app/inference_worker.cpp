#include "app/inference_worker.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cmath>
#include <exception>
#include <new>
#include <string>
#include <utility>

#include "engine/tuning_store.h"
#include "resources/builtin/builtin_model.h"

namespace tercet {
namespace {

constexpr qint64 kFrameMs = 33;  // people and screens see no more updates than that

/// The one place that catches: the engine reports its errors as values, but an allocation may fail anywhere.
template <typename T, typename Body>
Result<T> guarded(Body&& body) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::OutOfMemory, "an allocation failed"};
  } catch (const std::exception& failure) {
    return Error{ErrorCode::Internal, failure.what()};
  }
}

QString toQString(const std::string& text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

std::string nativePath(const QString& path) {
#if defined(_WIN32)
  return path.toStdString();
#else
  return QFile::encodeName(path).toStdString();
#endif
}

SessionOptions sessionOptions(const EngineConfig& config, const ModelConfig& model) {
  return {.context_tokens = std::min(static_cast<std::uint32_t>(config.context), model.context_length),
          .batch_tokens = static_cast<std::uint32_t>(config.batch),
          .cache = config.cache};
}

/// Collects what the engine says about one answer and lets it out once a frame. A timer could not: it would wait for
/// the busy thread.
class AnswerStream {
 public:
  AnswerStream(InferenceWorker& worker, RequestId id, const Session& session)
      : worker_(worker), id_(id), session_(session) {
    sinceStart_.start();
  }

  GenerateSink sink() {
    return {.text = [this](std::string_view text) { takeText(text); },
            .prefill = [this](const PrefillProgress& progress) { takePrefill(progress); },
            .token = [this](TokenId) { takeToken(); }};
  }

  void flush() {
    if (!pending_.empty()) Q_EMIT worker_.textArrived(id_, toQString(std::exchange(pending_, {})));
    progress_.contextUsed = session_.context_used();
    Q_EMIT worker_.progressed(id_, progress_);
    sinceFlush_.start();
  }

 private:
  void takePrefill(const PrefillProgress& prefill) {
    progress_.readDone = prefill.done;
    progress_.readTotal = prefill.total;
    progress_.readSpeed = prefill.tokens_per_s;
    if (due() || prefill.done == prefill.total) flush();
  }
  void takeToken() {
    ++progress_.written;
    if (progress_.written == 1) {
      progress_.firstTokenMs = static_cast<int>(sinceStart_.elapsed());
      sinceFirst_.start();
    } else if (const qint64 elapsed = sinceFirst_.nsecsElapsed(); elapsed > 0) {
      progress_.writeSpeed = (progress_.written - 1) * 1e9 / static_cast<double>(elapsed);
    }
  }
  void takeText(std::string_view text) {
    pending_ += text;
    if (due()) flush();
  }
  bool due() const { return !sinceFlush_.isValid() || sinceFlush_.elapsed() >= kFrameMs; }

  InferenceWorker& worker_;
  RequestId id_;
  const Session& session_;
  Progress progress_;
  std::string pending_;
  QElapsedTimer sinceStart_, sinceFirst_, sinceFlush_;
};

}  // namespace

InferenceWorker::InferenceWorker(QObject* parent) : QObject(parent) {}
InferenceWorker::~InferenceWorker() = default;

void InferenceWorker::load(const LoadRequest& request) {
  if (m_shutDown) return;
  auto loaded = guarded<LoadedModel>([&] { return loadNow(request); });
  if (loaded) {
    Q_EMIT this->loaded(request.id, *loaded);
  } else {
    Q_EMIT loadFailed(request.id, {loaded.error(), m_model != nullptr});
  }
}

/// The model in memory is only given up when the new one stands complete, with its session.
Result<LoadedModel> InferenceWorker::loadNow(const LoadRequest& request) {
  const std::stop_token stop = request.stop.get_token();
  if (stop.stop_requested()) return Error{ErrorCode::Stopped, {}};
  if (request.unloadFirst) {
    m_session.reset();
    m_model.reset();
  }
  auto pool = std::make_unique<ThreadPool>(request.config.threads);
  QElapsedTimer sinceReport;
  const auto report = [&](double fraction) {
    if (sinceReport.isValid() && sinceReport.elapsed() < kFrameMs) return;
    sinceReport.start();
    Q_EMIT loadProgressed(request.id, fraction);
  };
  const LoadOptions options{.isa = {},
                            .context_tokens = static_cast<std::uint32_t>(request.config.context),
                            .batch_tokens = static_cast<std::uint32_t>(request.config.batch),
                            .cache = request.config.cache};
  auto model = Model::load(builtin::source_of(nativePath(request.path)), options, *pool, report, stop);
  if (!model) return model.error();
  auto session = Session::create(*model, *pool, sessionOptions(request.config, (*model)->config()));
  if (!session) return session.error();

  m_session.reset();  // before the pool and the model it uses
  m_model = std::move(*model);
  m_pool = std::move(pool);
  m_session = std::move(*session);
  m_config = inUse();
  m_modelPath = request.path;
  return describeModel();
}

QString InferenceWorker::modelName() const {
  const QString name = toQString(m_model->info().name).simplified();
  return name.isEmpty() ? QFileInfo(m_modelPath).completeBaseName() : name;
}

LoadedModel InferenceWorker::describeModel() const {
  const ModelInfo& info = m_model->info();
  LoadedModel loaded{.path = m_modelPath,
                     .name = modelName(),
                     .architecture = toQString(info.architecture),
                     .isa = toQString(info.isa),
                     .tokenizer = toQString(info.tokenizer),
                     .chatTemplate = toQString(info.chat_template),
                     .warnings = {},
                     .identity = model_identity(builtin::source_of(nativePath(m_modelPath))),
                     .memoryBytes = 0,
                     .config = m_model->config(),
                     .inUse = m_config,
                     .model = m_model};
  for (const std::string& warning : info.warnings) loaded.warnings << toQString(warning);
  const SessionOptions& options = m_session->options();
  loaded.memoryBytes = estimate_memory(loaded.config, options.context_tokens, options.batch_tokens, options.cache).total();
  return loaded;
}

void InferenceWorker::configure(const ConfigureRequest& request) {
  if (m_shutDown || !m_model) return;
  const EngineConfig before = m_config;
  auto done = guarded<void>([&] { return makeSession(request.config); });
  if (done) {
    Q_EMIT configured(request.id, m_config);
    return;
  }
  auto restored = guarded<void>([&] { return makeSession(before); });
  if (!restored) m_config = before;  // the next answer tries again, and says so when it fails
  Q_EMIT configureFailed(request.id, done.error(), m_config);
}

/// The old session goes first: its cache may be most of the memory.
Result<void> InferenceWorker::makeSession(const EngineConfig& config) {
  m_session.reset();
  if (!m_pool || m_pool->threads() != config.threads) {
    m_pool.reset();
    m_pool = std::make_unique<ThreadPool>(config.threads);
  }
  auto session = Session::create(m_model, *m_pool, sessionOptions(config, m_model->config()));
  if (!session) return session.error();
  m_session = std::move(*session);
  m_config = inUse();
  return {};
}

EngineConfig InferenceWorker::inUse() const {
  const SessionOptions& options = m_session->options();
  return {.threads = m_pool->threads(),
          .batch = static_cast<int>(options.batch_tokens),
          .context = static_cast<int>(options.context_tokens),
          .cache = options.cache};
}

void InferenceWorker::generate(const GenerateRequest& request) {
  if (m_shutDown) return;
  auto result = guarded<GenerateResult>([&] { return generateNow(request); });
  Outcome outcome;
  if (result) {
    outcome.result = std::move(*result);
    outcome.model = modelName();
    outcome.threads = m_config.threads;
    outcome.seed = request.options.sampling.seed;
  } else {
    outcome.failed = true;
    outcome.error = result.error();
    forgetAfter(outcome.error);
  }
  Q_EMIT finished(request.id, outcome);
}

/// After an exception nothing is known of what the cache holds.
void InferenceWorker::forgetAfter(const Error& error) {
  if (m_session && error.code == ErrorCode::Internal) m_session->clear();
}

/// A configuration that failed may have left the model without a session.
Result<void> InferenceWorker::ensureSession() {
  if (!m_model) return Error{ErrorCode::Internal, "there is no model in memory"};
  return m_session ? Result<void>() : makeSession(m_config);
}

Result<GenerateResult> InferenceWorker::generateNow(const GenerateRequest& request) {
  const std::stop_token stop = request.stop.get_token();
  if (stop.stop_requested()) return Error{ErrorCode::Stopped, {}};
  if (auto there = ensureSession(); !there) return there.error();
  AnswerStream stream(*this, request.id, *m_session);
  auto result = m_session->generate(request.messages, request.options, stream.sink(), stop, request.alreadyDropped);
  stream.flush();
  return result;
}

void InferenceWorker::odds(const OddsRequest& request) {
  if (m_shutDown) return;
  auto odds = guarded<Odds>([&]() -> Result<Odds> {
    if (request.stop.stop_requested()) return Error{ErrorCode::Stopped, {}};
    if (auto there = ensureSession(); !there) return there.error();
    return m_session->odds(request.messages, request.index, request.count, request.alreadyDropped, request.stop.get_token());
  });
  if (odds) {
    Q_EMIT oddsReady(request.id, *odds);
  } else {
    forgetAfter(odds.error());
    Q_EMIT oddsFailed(request.id, odds.error());
  }
}

void InferenceWorker::tune(const TuneRequest& request) {
  if (m_shutDown) return;
  const auto report = [&](double fraction, const Tuning& soFar) { Q_EMIT tuneProgressed(request.id, fraction, soFar); };
  auto tuning = guarded<Tuning>([&]() -> Result<Tuning> {
    if (!m_model) return Error{ErrorCode::Internal, "there is no model in memory"};
    return find_fastest(m_model, request.limits, report, request.stop.get_token());
  });
  if (tuning) {
    Q_EMIT tuned(request.id, *tuning);
  } else {
    Q_EMIT tuneFailed(request.id, tuning.error());
  }
}

}  // namespace tercet
