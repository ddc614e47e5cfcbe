// The engine's side of the inference thread: requests come in as slots, results go out as signals.
#pragma once

#include <QObject>
#include <QString>

#include <atomic>
#include <memory>

#include "app/inference_types.h"

namespace tercet {

/// Owns the thread pool, the model and the session. Lives on the inference thread; every slot blocks it, so requests
/// queue there by themselves, one at a time. Nothing of the engine throws past this class.
class InferenceWorker : public QObject {
  Q_OBJECT

 public:
  explicit InferenceWorker(QObject* parent = nullptr);
  ~InferenceWorker() override;

  /// Any thread: requests that still wait are dropped. What already runs is stopped by its own stop source.
  void shutDown() noexcept { m_shutDown.store(true, std::memory_order_relaxed); }

  void load(const tercet::LoadRequest& request);
  void configure(const tercet::ConfigureRequest& request);
  void generate(const tercet::GenerateRequest& request);
  void odds(const tercet::OddsRequest& request);
  void tune(const tercet::TuneRequest& request);

 Q_SIGNALS:
  void loadProgressed(tercet::RequestId id, double fraction);  // at most about 30 a second
  void loaded(tercet::RequestId id, const tercet::LoadedModel& model);
  void loadFailed(tercet::RequestId id, const tercet::LoadFailure& failure);
  void configured(tercet::RequestId id, const tercet::EngineConfig& inUse);
  void configureFailed(tercet::RequestId id, const tercet::Error& error, const tercet::EngineConfig& inUse);
  void textArrived(tercet::RequestId id, const QString& delta);  // at most about 30 a second
  void progressed(tercet::RequestId id, const tercet::Progress& progress);
  void finished(tercet::RequestId id, const tercet::Outcome& outcome);
  void oddsReady(tercet::RequestId id, const tercet::Odds& odds);
  void oddsFailed(tercet::RequestId id, const tercet::Error& error);
  void tuneProgressed(tercet::RequestId id, double fraction, const tercet::Tuning& soFar);
  void tuned(tercet::RequestId id, const tercet::Tuning& tuning);
  void tuneFailed(tercet::RequestId id, const tercet::Error& error);

 private:
  Result<LoadedModel> loadNow(const LoadRequest& request);
  LoadedModel describeModel() const;
  QString modelName() const;
  Result<GenerateResult> generateNow(const GenerateRequest& request);
  Result<void> makeSession(const EngineConfig& config);
  Result<void> ensureSession();
  void forgetAfter(const Error& error);
  EngineConfig inUse() const;

  std::atomic<bool> m_shutDown = false;
  // Destroyed from the bottom up: a session uses the model and the pool.
  std::unique_ptr<ThreadPool> m_pool;
  std::shared_ptr<const Model> m_model;
  QString m_modelPath;
  std::unique_ptr<Session> m_session;
  EngineConfig m_config;  // of the session, or of the one to make when there is none
};

}  // namespace tercet
