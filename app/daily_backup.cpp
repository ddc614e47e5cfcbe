#include "app/daily_backup.h"

#include <QThread>

#include <cstdlib>
#include <utility>

#include "app/storage/backup.h"
#include "app/storage/history_store.h"

namespace tercet {
namespace {

constexpr int kFirstLookMs = 30 * 1000;  // starting is over by then
constexpr int kLookMs = 10 * 60 * 1000;
constexpr qint64 kTryAgainMs = 60 * 60 * 1000;
constexpr int kDaysKept = 30;                // of what was deleted

}  // namespace

DailyBackup::DailyBackup(HistoryStore* store, QObject* parent, Clock clock)
    : QObject(parent), m_store(store), m_clock(std::move(clock)) {
  connect(&m_timer, &QTimer::timeout, this, &DailyBackup::look);
  m_timer.start(kFirstLookMs);
}

DailyBackup::~DailyBackup() { shutDown(); }

void DailyBackup::shutDown() {
  m_timer.stop();
  if (m_thread) m_thread->wait();
}

/// Whoever sets the clock back does not wait for it to come round.
bool DailyBackup::mayTry() const {
  const QDateTime time = m_clock();
  return m_doneOn != time.date() && (!m_failedAt.isValid() || std::abs(m_failedAt.msecsTo(time)) >= kTryAgainMs);
}

void DailyBackup::look() {
  m_timer.setInterval(kLookMs);
  if (m_busy || m_thread || !m_store->isWritable() || !mayTry()) return;
  const QDate today = m_clock().date();
  const QString file = m_store->database().path();
  m_thread.reset(QThread::create([this, file, today] {
    const std::optional<StorageError> error = makeBackup(file, today);
    if (!error) removeOldBackups(file);
    QMetaObject::invokeMethod(this, [this, error] { onFinished(error); }, Qt::QueuedConnection);
  }));
  m_thread->start(QThread::LowPriority);
}

void DailyBackup::onFinished(const std::optional<StorageError>& error) {
  m_thread->wait();
  m_thread.reset();
  const QDate today = m_clock().date();
  const bool damaged = error && error->cause == StorageError::Cause::Damaged;
  m_failedAt = error ? m_clock() : QDateTime();
  if (!error || damaged) m_doneOn = today;
  if (damaged) m_store->markDamaged();
  if (error && std::exchange(m_saidOn, today) != today) Q_EMIT failed(*error);
  if (!damaged) purgeOld();  // nothing is written to a damaged file that can wait
  if (!error) Q_EMIT made();
}

void DailyBackup::purgeOld() {
  const QDateTime time = m_clock();
  if (std::exchange(m_purgedOn, time.date()) != time.date()) m_store->purgeDeletedBefore(time.addDays(-kDaysKept).toMSecsSinceEpoch());
}

}  // namespace tercet
