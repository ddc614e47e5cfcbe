#include "app/tuning_controller.h"

#include <QFile>

#include <algorithm>

#include "app/error_text.h"
#include "app/model_controller.h"
#include "app/notice.h"

namespace tercet {

TuningController::TuningController(const QString& dataDir, CpuTopology cpu, ModelController* model, Notice* notice,
                                   QObject* parent)
    : QObject(parent),
      m_store(TuningStore::file_in(QFile::encodeName(dataDir).toStdString())),
      m_cpu(cpu),
      m_model(model),
      m_notice(notice) {
  connect(model, &ModelController::stateChanged, this, &TuningController::changed);
  connect(model, &ModelController::modelReplaced, this, &TuningController::onModelReplaced);
  // The file of the old model may be the next one's; and nobody should wait for a measurement.
  connect(model, &ModelController::loadStarting, this, &TuningController::cancel);
}

TuningController::~TuningController() = default;

bool TuningController::canStart() const {
  return m_state == State::Idle && !m_answering && m_model->state() == ModelController::State::Ready;
}

QString TuningController::hint() const {
  if (m_model->state() == ModelController::State::Loading) return tr("Possible when the model is loaded.");
  if (!m_model->hasModel()) return tr("Open a model first.");
  if (m_answering && !measuring()) return tr("Possible when the answer is written.");
  return tr("Tries thread counts and batch sizes, for at most half a minute.");
}

bool TuningController::batchMeasured() const {
  if (!m_result) return false;
  const auto& points = m_result->reading_by_batch;
  return std::any_of(points.begin(), points.end(), [this](const SpeedPoint& point) { return point.at == m_result->batch; });
}

void TuningController::start() {
  if (!canStart()) return;
  m_stop = {};
  m_progress = 0;
  m_state = State::Measuring;
  m_writing.show({}, 0);
  m_reading.show({}, 0);
  m_readingByBatch.show({}, 0);
  Q_EMIT changed();
  Q_EMIT progressChanged();
  Q_EMIT tuneRequested({.id = ++m_id, .limits = {.cpu = m_cpu}, .stop = m_stop});
}

void TuningController::cancel() {
  if (m_state != State::Measuring) return;
  m_stop.request_stop();
  m_state = State::Stopping;
  Q_EMIT changed();
}

void TuningController::setAnswering(bool answering) {
  if (m_answering == answering) return;
  m_answering = answering;
  Q_EMIT changed();
}

TuningKey TuningController::key() const {
  return {.model = m_model->identity(), .machine = machine_identity(m_model->isa().toStdString())};
}

void TuningController::onModelReplaced() {
  m_result.reset();
  if (m_model->hasModel()) {
    m_result = m_store.find(key());
    if (m_result && !still_holds(*m_result, m_cpu)) m_result.reset();
  }
  if (!measuring()) showResult();
  m_model->setMeasured(m_result);
  Q_EMIT changed();
}

void TuningController::onProgressed(RequestId id, double fraction, const Tuning& soFar) {
  if (id != m_id || m_state != State::Measuring) return;
  m_progress = std::clamp(fraction, 0.0, 1.0);
  m_writing.show(soFar.writing_by_threads, 0);
  m_reading.show(soFar.reading_by_threads, 0);
  m_readingByBatch.show(soFar.reading_by_batch, 0);
  Q_EMIT progressChanged();
}

void TuningController::onFinished(RequestId id, const Tuning& tuning) {
  if (id != m_id || !measuring()) return;
  if (m_state == State::Measuring) keep(tuning);  // else it was given up a moment too late
  end();
}

void TuningController::onFailed(RequestId id, const Error& error) {
  if (id != m_id || !measuring()) return;
  end();
  if (error.code != ErrorCode::Stopped) m_notice->show(noticeFor(error, m_model->path()));
}

void TuningController::keep(const Tuning& tuning) {
  m_result = tuning;
  if (const std::error_code failed = m_store.put(key(), m_model->name().toStdString(), tuning)) {
    m_notice->show({Notice::Kind::Warning, QStringLiteral("S-502"), tr("The fastest settings can't be saved."),
                    tr("They hold until you close Tercet. Check the folder in the details."),
                    QString::fromStdString(m_store.file() + "\n" + failed.message())});
  }
  m_model->setMeasured(m_result);
}

void TuningController::end() {
  m_state = State::Idle;
  showResult();
  Q_EMIT changed();
}

void TuningController::showResult() {
  const Tuning shown = m_result.value_or(Tuning());
  // What stays because the computer was busy is not the fastest, so no bar says so.
  const auto chosen = shown.busy ? 0 : static_cast<std::uint32_t>(shown.threads);
  m_writing.show(shown.writing_by_threads, chosen);
  m_reading.show(shown.reading_by_threads, chosen);
  m_readingByBatch.show(shown.reading_by_batch, shown.busy ? 0 : shown.batch);
}

void TuningController::retranslate() {
  for (SpeedCurve* curve : {&m_writing, &m_reading, &m_readingByBatch}) curve->retranslate();
  Q_EMIT changed();
}

}  // namespace tercet
