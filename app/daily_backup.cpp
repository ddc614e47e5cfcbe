#include "app/daily_backup.h"

#include <QDateTime>
#include <QThread>

#include "app/storage/backup.h"
#include "app/storage/history_store.h"

namespace tercet {
namespace {

constexpr int kFirstLookMs = 3 * 60 * 1000;  // starting is over by then
constexpr int kLookMs = 10 * 60 * 1000;
constexpr int kDaysKept = 30;                // of what was deleted

}  // namespace

DailyBackup::DailyBackup(HistoryStore* store, QObject* parent) : QObject(parent), m_store(store) {
  connect(&m_timer, &QTimer::timeout, this, &DailyBackup::look);
  m_timer.start(kFirstLookMs);
}

DailyBackup::~DailyBackup() { shutDown(); }

void DailyBackup::shutDown() {
  m_timer.stop();
  if (m_thread) m_thread->wait();
}

void DailyBackup::look() {
  m_timer.setInterval(kLookMs);
  const QDate today = QDate::currentDate();
  if (m_busy || m_thread || m_lookedOn == today || !m_store->isWritable()) return;
  m_lookedOn = today;
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
  if (error && error->cause == StorageError::Cause::Damaged) m_store->markDamaged();
  if (error) {
    Q_EMIT failed(*error);
    return;
  }
  m_store->purgeDeletedBefore(QDateTime::currentDateTimeUtc().addDays(-kDaysKept).toMSecsSinceEpoch());
  Q_EMIT made();
}

}  // namespace tercet
