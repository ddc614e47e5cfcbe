// When the conversations are copied: once a day, in the background, when nothing is asked of the machine.
#pragma once

#include <QDate>
#include <QDateTime>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>

#include "app/storage/database.h"

class QThread;

namespace tercet {

class HistoryStore;

/// Also lets go what was deleted 30 days ago, after the copy, or the first attempt at one.
class DailyBackup : public QObject {
  Q_OBJECT

 public:
  using Clock = std::function<QDateTime()>;

  /// `store` outlives this. The first look is some minutes after the start.
  explicit DailyBackup(HistoryStore* store, QObject* parent = nullptr, Clock clock = [] { return QDateTime::currentDateTime(); });
  /// Waits for a copy under way.
  ~DailyBackup() override;

  /// An answer is under way: the copy waits.
  void setBusy(bool busy) { m_busy = busy; }
  /// Makes today's copy if there is none and nothing speaks against it.
  void look();
  bool running() const { return m_thread != nullptr; }
  /// Waits for a copy under way and begins no other.
  void shutDown();

 Q_SIGNALS:
  /// A look is over; a good copy of the day is there.
  void made();
  /// No copy so far; said once a day, however often it is tried.
  void failed(const tercet::StorageError& error);

 private:
  void onFinished(const std::optional<StorageError>& error);
  void purgeOld();
  bool mayTry() const;

  HistoryStore* m_store;
  QTimer m_timer;
  std::unique_ptr<QThread> m_thread;
  Clock m_clock;
  QDate m_doneOn;        // a copy is there, or cannot be made of such a file
  QDate m_saidOn;        // that there is none
  QDate m_purgedOn;
  QDateTime m_failedAt;  // room may be made meanwhile
  bool m_busy = false;
};

}  // namespace tercet
