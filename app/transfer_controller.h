// Export and import for the window: one at a time, with progress, and what came of it as a notice.
#pragma once

#include <QObject>
#include <QString>
#include <QThread>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <optional>
#include <stop_token>

#include "app/storage/import_queue.h"
#include "app/transfer_worker.h"

namespace tercet {

class HistoryStore;
class Notice;
class Settings;

/// Files are read and written on a thread of its own; what is imported is stored here, a little in each turn, so that the window
/// stays alive and only one connection ever writes.
class TransferController : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(bool busy READ busy NOTIFY changed)
  Q_PROPERTY(bool importing READ importing NOTIFY changed)
  Q_PROPERTY(double progress READ progress NOTIFY progressChanged)  // 0..1

 public:
  enum class Format { Markdown, Html, Json, Pdf };
  Q_ENUM(Format)

  /// All outlive this.
  TransferController(HistoryStore* store, Settings* settings, Notice* notice, QObject* parent = nullptr);
  ~TransferController() override;

  bool busy() const { return m_busy; }
  bool importing() const { return m_busy && m_request.kind == TransferRequest::Kind::Import; }
  double progress() const { return m_progress; }

  /// Each is ignored while another is under way. `file` is a local file, which is replaced when it is there.
  Q_INVOKABLE void exportConversation(qint64 conversation, tercet::TransferController::Format format, const QUrl& file);
  Q_INVOKABLE void exportAll(const QUrl& file);
  Q_INVOKABLE void importFile(const QUrl& file);
  /// Gives up what is under way. What was imported by then stays; a half-written file does not.
  Q_INVOKABLE void cancel();

  /// Where a file dialog may begin: the documents' folder, and a name made of the title.
  Q_INVOKABLE QUrl suggestedFile(qint64 conversation, tercet::TransferController::Format format) const;
  /// The same for everything: Tercet-YYYY-MM-DD.zip.
  Q_INVOKABLE QUrl suggestedArchive() const;
  /// The folder of the last export.
  QString exportFolder() const { return m_exportFolder; }
  /// "md", "html", "json" or "pdf".
  Q_INVOKABLE static QString suffix(tercet::TransferController::Format format);

  /// Gives up what is under way and joins the thread. Called by the destructor if not before.
  void shutDown();

 Q_SIGNALS:
  void changed();
  void progressChanged();
  /// What was asked for ended; the notice says how.
  void finished();
  /// Folders, personas and prompts were stored.
  void libraryAdded();
  void requested(const tercet::TransferRequest& request);

 private:
  void start(TransferRequest request, const QUrl& file);
  void storeSome();
  void giveUp();
  void end();
  void onRead(const std::shared_ptr<const ImportBatch>& batch);
  void onFinished(const TransferOutcome& outcome);
  void setProgress(double progress);

  HistoryStore* m_store;
  Settings* m_settings;
  Notice* m_notice;
  std::unique_ptr<TransferWorker> m_worker;  // lives on m_thread
  QThread m_thread;
  bool m_busy = false;
  double m_progress = 0;
  TransferRequest m_request;
  std::stop_source m_stop;
  QString m_exportFolder;
  ImportQueue m_queue;
  int m_batches = 0;                         // in the queue
  bool m_dropped = false;                    // some of it was not stored, as it was cancelled
  std::optional<TransferOutcome> m_outcome;  // of the worker, when it is done
  bool m_storeFailed = false;                // the store's own notice said why
};

}  // namespace tercet
