#include "app/transfer_controller.h"

#include <QDate>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTimer>

#include <algorithm>
#include <utility>

#include "app/export/portable_text.h"
#include "app/notice.h"
#include "app/settings.h"
#include "app/transfer_text.h"

namespace tercet {
namespace {

TransferFormat formatOf(TransferController::Format format) {
  switch (format) {
    case TransferController::Format::Markdown: return TransferFormat::Markdown;
    case TransferController::Format::Html: return TransferFormat::Html;
    case TransferController::Format::Json: return TransferFormat::Json;
    case TransferController::Format::Pdf: break;
  }
  return TransferFormat::Pdf;
}

/// Not everybody has a folder for documents.
QUrl inDocuments(const QString& name) {
  const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
  return QUrl::fromLocalFile(QDir(QFileInfo(documents).isDir() ? documents : QDir::homePath()).filePath(name));
}

}  // namespace

TransferController::TransferController(HistoryStore* store, Settings* settings, Notice* notice, QObject* parent)
    : QObject(parent), m_store(store), m_settings(settings), m_notice(notice), m_worker(std::make_unique<TransferWorker>()), m_queue(store) {
  m_thread.setObjectName(QStringLiteral("transfer"));
  m_thread.setStackSize(8U << 20);  // JSON is read by recursion, and secondary threads of macOS have half a megabyte
  m_worker->moveToThread(&m_thread);
  connect(this, &TransferController::requested, m_worker.get(), &TransferWorker::run);
  connect(m_worker.get(), &TransferWorker::progressed, this, &TransferController::setProgress);
  connect(m_worker.get(), &TransferWorker::read, this, &TransferController::onRead);
  connect(m_worker.get(), &TransferWorker::finished, this, &TransferController::onFinished);
}

TransferController::~TransferController() { shutDown(); }

void TransferController::shutDown() {
  m_queue.clear();
  m_stop.request_stop();
  m_thread.quit();
  m_thread.wait();
}

void TransferController::start(TransferRequest request, const QUrl& file) {
  if (m_busy) return;
  m_stop = std::stop_source();
  request.database = m_store->database().path();
  request.file = file.toLocalFile();
  request.stop = m_stop.get_token();
  m_request = std::move(request);
  m_queue.clear();
  m_batches = 0;
  m_outcome.reset();
  m_dropped = false;
  m_storeFailed = false;
  m_busy = true;
  setProgress(0);
  Q_EMIT changed();
  if (!m_thread.isRunning()) m_thread.start(QThread::LowPriority);
  Q_EMIT requested(m_request);
}

void TransferController::exportConversation(qint64 conversation, Format format, const QUrl& file) {
  start({.kind = TransferRequest::Kind::ExportOne, .conversation = conversation, .format = formatOf(format)}, file);
}

void TransferController::exportAll(const QUrl& file) { start({.kind = TransferRequest::Kind::ExportAll}, file); }

void TransferController::importFile(const QUrl& file) { start({.kind = TransferRequest::Kind::Import}, file); }

void TransferController::cancel() { m_stop.request_stop(); }

/// Settings come from a file of a stranger, so they pass the same ranges as those that people enter.
void TransferController::onRead(const std::shared_ptr<const ImportBatch>& batch) {
  if (m_storeFailed) return;
  TransferStore store(m_store);
  bool ok = true;
  if (batch->library) {
    Library library = *batch->library;
    for (Library::Persona& persona : library.personas) persona.settings = m_settings->inRange(persona.settings);
    ok = store.add(library);
    if (ok) Q_EMIT libraryAdded();
  }
  std::vector<FiledConversation> conversations = batch->conversations;
  for (FiledConversation& filed : conversations) {
    filed.conversation.info.settings = m_settings->inRange(filed.conversation.info.settings);
  }
  const bool idle = m_batches++ == 0;
  m_queue.add(std::move(conversations));
  if (!ok) giveUp();
  if (idle) storeSome();
}

/// The store's own notice said why.
void TransferController::giveUp() {
  m_storeFailed = true;
  m_stop.request_stop();
}

void TransferController::storeSome() {
  if (m_stop.stop_requested() && m_queue.drop()) m_dropped = true;
  if (!m_storeFailed && !m_queue.empty() && !m_queue.storeSome()) giveUp();
  if (!m_storeFailed && !m_queue.empty()) {
    // After the window's own events: one part after the other in one turn of its thread would hold them up.
    QTimer::singleShot(0, this, &TransferController::storeSome);
    return;
  }
  for (; m_batches > 0; --m_batches) m_worker->batchStored();
  if (m_outcome) onFinished(*m_outcome);
}

void TransferController::onFinished(const TransferOutcome& outcome) {
  m_outcome = outcome;
  if (m_dropped && !m_outcome->error) m_outcome->error = TransferError{TransferError::Cause::Stopped, {}};
  if (m_batches == 0) end();
}

void TransferController::end() {
  m_busy = false;
  setProgress(1);
  Q_EMIT changed();
  if (m_request.kind != TransferRequest::Kind::Import) m_exportFolder = QFileInfo(m_request.file).absolutePath();
  // What the store said must not be covered by "stopped".
  if (!m_storeFailed) {
    m_notice->show(m_request.kind == TransferRequest::Kind::Import ? noticeForImport(*m_outcome, m_queue.stored(), m_request.file)
                                                                   : noticeForExport(*m_outcome, m_request));
  }
  Q_EMIT finished();
}

void TransferController::setProgress(double progress) {
  m_progress = std::clamp(progress, 0.0, 1.0);
  Q_EMIT progressChanged();
}

QString TransferController::suffix(Format format) {
  switch (format) {
    case Format::Markdown: return QStringLiteral("md");
    case Format::Html: return QStringLiteral("html");
    case Format::Json: return QStringLiteral("json");
    case Format::Pdf: break;
  }
  return QStringLiteral("pdf");
}

QUrl TransferController::suggestedFile(qint64 conversation, Format format) const {
  const std::optional<ConversationInfo> info = m_store->conversation(conversation);
  return inDocuments(fileNameOf(info ? info->title : QString()) + QLatin1Char('.') + suffix(format));
}

QUrl TransferController::suggestedArchive() const {
  return inDocuments(QStringLiteral("Tercet-%1.zip").arg(QDate::currentDate().toString(Qt::ISODate)));
}

}  // namespace tercet
