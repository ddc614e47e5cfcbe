// "Find the fastest settings": runs the measurement on the engine's thread, keeps its result, and tells what Auto means.
#pragma once

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <optional>
#include <stop_token>

#include "app/inference_types.h"
#include "app/speed_curve.h"
#include "engine/tuning_store.h"

namespace tercet {

class ModelController;
class Notice;

/// Knows no worker: it emits requests and takes what arrives under the current id.
class TuningController : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(State state READ state NOTIFY changed)
  Q_PROPERTY(bool measuring READ measuring NOTIFY changed)                  // also while it is being stopped
  Q_PROPERTY(bool canStart READ canStart NOTIFY changed)
  Q_PROPERTY(QString hint READ hint NOTIFY changed)                         // what it does, or why it cannot start
  Q_PROPERTY(double progress READ progress NOTIFY progressChanged)          // 0..1
  Q_PROPERTY(bool hasResult READ hasResult NOTIFY changed)                  // of the model in memory
  Q_PROPERTY(int threads READ threads NOTIFY changed)                       // of the result, 0 without one
  Q_PROPERTY(int batch READ batch NOTIFY changed)
  Q_PROPERTY(bool batchMeasured READ batchMeasured NOTIFY changed)          // it is among those tried
  Q_PROPERTY(bool busy READ busy NOTIFY changed)                            // other programs kept it from telling
  Q_PROPERTY(tercet::SpeedCurve* writing READ writing CONSTANT)             // by threads
  Q_PROPERTY(tercet::SpeedCurve* reading READ reading CONSTANT)             // by threads
  Q_PROPERTY(tercet::SpeedCurve* readingByBatch READ readingByBatch CONSTANT)

 public:
  enum class State { Idle, Measuring, Stopping };
  Q_ENUM(State)

  /// `dataDir` holds the results; it may not exist. The pointers outlive this.
  TuningController(const QString& dataDir, CpuTopology cpu, ModelController* model, Notice* notice,
                   QObject* parent = nullptr);
  ~TuningController() override;

  State state() const { return m_state; }
  bool measuring() const { return m_state != State::Idle; }
  bool canStart() const;
  QString hint() const;
  double progress() const { return m_progress; }
  bool hasResult() const { return m_result.has_value(); }
  int threads() const { return m_result ? m_result->threads : 0; }
  int batch() const { return m_result ? static_cast<int>(m_result->batch) : 0; }
  bool batchMeasured() const;
  bool busy() const { return m_result && m_result->busy; }
  SpeedCurve* writing() { return &m_writing; }
  SpeedCurve* reading() { return &m_reading; }
  SpeedCurve* readingByBatch() { return &m_readingByBatch; }

  Q_INVOKABLE void start();
  /// Gives the measurement up; the result of last time, if any, stays.
  Q_INVOKABLE void cancel();

  /// Whether an answer is being written.
  void setAnswering(bool answering);
  /// Another model is in memory, or none: looks up what was measured for it.
  void onModelReplaced();
  /// Texts are written anew in the current language.
  void retranslate();

  // From the worker; other ids than the current one are dropped.
  void onProgressed(tercet::RequestId id, double fraction, const tercet::Tuning& soFar);
  void onFinished(tercet::RequestId id, const tercet::Tuning& tuning);
  void onFailed(tercet::RequestId id, const tercet::Error& error);

 Q_SIGNALS:
  void changed();
  void progressChanged();
  void tuneRequested(const tercet::TuneRequest& request);

 private:
  TuningKey key() const;
  void end();
  void showResult();
  void keep(const Tuning& tuning);

  const TuningStore m_store;
  const CpuTopology m_cpu;
  ModelController* m_model;
  Notice* m_notice;
  SpeedCurve m_writing, m_reading, m_readingByBatch;
  State m_state = State::Idle;
  double m_progress = 0;
  bool m_answering = false;
  RequestId m_id = 0;
  std::stop_source m_stop;
  std::optional<Tuning> m_result;
};

}  // namespace tercet
