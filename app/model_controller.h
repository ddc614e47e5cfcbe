// The model in memory: opening, cancelling, and what the engine really uses.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "app/inference_types.h"
#include "engine/cpu_topology.h"

namespace tercet {

class Settings;
class Notice;

/// Two models at once: a new one is read while the old one stays in memory and usable, so that a failed or cancelled
/// load costs nothing. The engine checks its memory estimate against what is left then; if both do not fit, the new one
/// is refused (M-103) and the notice offers to close the old one first, which is the only way a model is given up early.
/// Where no other model can be used, the small one that is part of the program is: there is always somebody to talk to.
class ModelController : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(State state READ state NOTIFY stateChanged)
  Q_PROPERTY(double progress READ progress NOTIFY progressChanged)           // 0..1 of the load
  Q_PROPERTY(QString name READ name NOTIFY modelChanged)
  Q_PROPERTY(QString path READ path NOTIFY modelChanged)
  Q_PROPERTY(QString details READ details NOTIFY modelChanged)
  Q_PROPERTY(QString architecture READ architecture NOTIFY modelChanged)
  Q_PROPERTY(int contextLimit READ contextLimit NOTIFY modelChanged)         // tokens the model was trained for
  Q_PROPERTY(QString isa READ isa NOTIFY modelChanged)
  Q_PROPERTY(QString pendingName READ pendingName NOTIFY stateChanged)       // what is being loaded
  Q_PROPERTY(bool builtIn READ builtIn NOTIFY builtInChanged)                // the model in memory, or the first that comes, is the built-in one
  Q_PROPERTY(bool hasModel READ hasModel NOTIFY modelChanged)                // also while another is loaded
  Q_PROPERTY(int effectiveThreads READ effectiveThreads NOTIFY effectiveChanged)  // 0: no engine yet
  Q_PROPERTY(int effectiveBatch READ effectiveBatch NOTIFY effectiveChanged)
  Q_PROPERTY(int effectiveContext READ effectiveContext NOTIFY effectiveChanged)
  Q_PROPERTY(int logicalThreads READ logicalThreads CONSTANT)
  Q_PROPERTY(int recommendedThreads READ recommendedThreads NOTIFY recommendedChanged)  // what Auto means
  Q_PROPERTY(int recommendedBatch READ recommendedBatch NOTIFY recommendedChanged)
  Q_PROPERTY(bool measured READ measured NOTIFY recommendedChanged)          // and whether that was measured

 public:
  enum class State { NoModel, Loading, Ready };
  Q_ENUM(State)

  /// `dataDir` holds the marker of an unfinished load; it may not exist. Both pointers outlive this.
  ModelController(const QString& dataDir, CpuTopology cpu, Settings* settings, Notice* notice,
                  QObject* parent = nullptr);
  ~ModelController() override;

  State state() const { return m_state; }
  double progress() const { return m_progress; }
  bool hasModel() const { return m_model.has_value(); }
  bool builtIn() const { return m_builtIn; }
  QString name() const;
  QString path() const;
  QString details() const;
  QString architecture() const;
  int contextLimit() const;
  QString isa() const;
  QString pendingName() const;
  int effectiveThreads() const;
  int effectiveBatch() const;
  int effectiveContext() const;
  int logicalThreads() const { return m_cpu.logical; }
  int recommendedThreads() const { return m_measured ? m_measured->threads : m_cpu.recommended; }
  int recommendedBatch() const { return static_cast<int>(m_measured ? m_measured->batch : kUsualBatch); }
  bool measured() const { return m_measured.has_value(); }
  /// What measured settings are kept under; empty without a model.
  std::string identity() const;
  /// The model in memory, for its tokens; only the worker keeps it there.
  std::weak_ptr<const Model> engineModel() const { return m_model ? m_model->model : std::weak_ptr<const Model>(); }
  /// What Auto means for the model in memory: the result of a measurement that holds here, or none.
  void setMeasured(const std::optional<Tuning>& measured);

  /// A file: URL, or a plain path. Other schemes are refused.
  Q_INVOKABLE void open(const QUrl& fileUrlOrPath);
  Q_INVOKABLE void openPath(const QString& path);
  Q_INVOKABLE void openBuiltIn();
  /// Where a person most likely finds the next file: the folder of the model of last time, or where downloads arrive.
  Q_INVOKABLE QUrl likelyFolder() const;
  /// Gives the load up; the previous model, if any, stays.
  Q_INVOKABLE void cancel();
  /// Uses the threads, batch, context and cache of the settings now, without waiting for a slider to rest.
  Q_INVOKABLE void reloadWithCurrentSettings();
  /// What a session of the loaded model would take, e.g. "1.2 GB"; empty without a model.
  Q_INVOKABLE QString memoryEstimateText(int context, int batch, bool compactCache) const;

  /// Tries the file of the last attempt again; with `unloadFirst` the model in memory is closed before.
  void retry(bool unloadFirst);
  /// Loads the model of last time, or the built-in one; that, with a notice, also when the last load never finished.
  void openLast();
  /// Settings that still wait for the timer are sent now.
  void applyPending();
  /// Gives up whatever runs; nothing is reported any more. The program is about to end.
  void shutDown();
  /// Texts are written anew in the current language.
  void retranslate();

  // From the worker.
  void onLoadProgressed(tercet::RequestId id, double fraction);
  void onLoaded(tercet::RequestId id, const tercet::LoadedModel& model);
  void onLoadFailed(tercet::RequestId id, const tercet::LoadFailure& failure);
  void onConfigured(tercet::RequestId id, const tercet::EngineConfig& inUse);
  void onConfigureFailed(tercet::RequestId id, const tercet::Error& error, const tercet::EngineConfig& inUse);

 Q_SIGNALS:
  void stateChanged();
  void progressChanged();
  void modelChanged();
  void builtInChanged();
  void effectiveChanged();
  void recommendedChanged();
  /// A load begins: whoever uses the engine should stop.
  void loadStarting();
  /// Another model than before is in memory, or none.
  void modelReplaced();
  void loadRequested(const tercet::LoadRequest& request);
  void configureRequested(const tercet::ConfigureRequest& request);

 private:
  EngineConfig wanted() const;
  void startLoad(const QString& path, bool unloadFirst);
  void requestLoad(const QString& path, bool unloadFirst);
  void fallBack();
  void showFailure(const LoadFailure& failure);
  void endLoad();
  void updateBuiltIn();
  void setInUse(const EngineConfig& inUse);
  void refuseContext();
  void writeMarker(const QString& path);
  void removeMarker();

  QString m_markerPath;
  CpuTopology m_cpu;
  Settings* m_settings;
  Notice* m_notice;
  QTimer m_settle;                       // sliders send many values; the engine gets the last
  State m_state = State::NoModel;
  double m_progress = 0;
  std::optional<LoadedModel> m_model;
  QString m_pendingPath;                 // of the load that runs
  QString m_attemptedPath;               // of the last load, for a retry
  std::stop_source m_stop;
  RequestId m_loadId = 0;
  RequestId m_configureId = 0;
  std::optional<Tuning> m_measured;
  std::optional<EngineConfig> m_requested;  // asked of the worker, not answered yet
  bool m_builtIn = false;
  bool m_fallingBack = false;            // the load that runs was nobody's choice
  bool m_shutDown = false;
};

}  // namespace tercet
