// Export and import on their own thread: files and what is in them, beside the connection that writes the chats.
#pragma once

#include <QObject>
#include <QSemaphore>
#include <QString>
#include <QStringList>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "app/export/transfer_error.h"
#include "app/storage/transfer_store.h"

class QIODevice;

namespace tercet {

enum class TransferFormat { Markdown, Html, Json, Pdf };

struct TransferRequest {
  enum class Kind { ExportOne, ExportAll, Import };
  Kind kind = Kind::ExportOne;
  QString database = {};                          // path of the chats' database
  QString file = {};                              // path of the file to write or read
  ConversationId conversation = 0;                // of ExportOne
  TransferFormat format = TransferFormat::Json;   // of ExportOne
  std::stop_token stop = {};
};

/// What import read and nobody has yet, in the order of the file.
struct ImportBatch {
  std::vector<FiledConversation> conversations = {};
  std::optional<Library> library = {};
};

struct TransferOutcome {
  int conversations = 0;        // exported
  int present = 0;              // not imported: they were here already
  int unreadable = 0;           // not imported: they could not be read
  QStringList reasons = {};     // of some of those, in English
  std::optional<TransferError> error = {};
};

/// Lives on its thread; a request blocks it until it is done. Nothing is written to the database here.
class TransferWorker : public QObject {
  Q_OBJECT

 public:
  explicit TransferWorker(QObject* parent = nullptr);

  void run(const tercet::TransferRequest& request);
  /// Any thread: a batch was stored, the next one may come.
  void batchStored() { m_room.release(); }

 Q_SIGNALS:
  void progressed(double fraction);  // at most about 30 a second
  void read(const std::shared_ptr<const tercet::ImportBatch>& batch);
  void finished(const tercet::TransferOutcome& outcome);

 private:
  TransferOutcome exportNow(const TransferRequest& request, TransferStore& store, const std::optional<StorageError>& trouble);
  TransferOutcome importNow(const TransferRequest& request, TransferStore& store);
  bool give(ImportBatch&& batch, const std::stop_token& stop);
  std::function<bool(double)> progressUntil(const std::stop_token& stop);

  QSemaphore m_room;  // batches that may be on their way: what waits to be stored must not fill the memory
};

}  // namespace tercet
