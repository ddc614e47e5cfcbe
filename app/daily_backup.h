// When the conversations are copied: once a day, in the background, when nothing is asked of the machine.
#pragma once

#include <QDate>
#include <QObject>
#include <QTimer>

#include <memory>

#include "app/storage/database.h"

class QThread;

namespace tercet {

class HistoryStore;

/// Also lets go what was deleted 30 days ago, after a good copy.
class DailyBackup : public QObject {
  Q_OBJECT

 public:
  /// `store` outlives this. The first look is some minutes after the start.
  explicit DailyBackup(HistoryStore* store, QObject* parent = nullptr);
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
  /// No copy today.
  void failed(const tercet::StorageError& error);

 private:
  void onFinished(const std::optional<StorageError>& error);

  HistoryStore* m_store;
  QTimer m_timer;
  std::unique_ptr<QThread> m_thread;
  QDate m_lookedOn;  // said once a day, whatever came of it
  bool m_busy = false;
};

}  // namespace tercet
