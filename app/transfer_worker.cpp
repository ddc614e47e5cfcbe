#include "app/transfer_worker.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QSaveFile>
#include <QSet>

#include <utility>

#include "app/export/conversation_html.h"
#include "app/export/conversation_json.h"
#include "app/export/conversation_markdown.h"
#include "app/export/conversation_pdf.h"
#include "app/export/export_all.h"
#include "app/export/import_file.h"

namespace tercet {
namespace {

using Cause = TransferError::Cause;

constexpr int kBatchesUnderWay = 2;
constexpr std::size_t kMostInBatch = 8;           // conversations, which wait in memory to be stored
constexpr qsizetype kMostTextInBatch = 1 << 17;   // characters
constexpr qsizetype kMostReasons = 20;
constexpr int kProgressMs = 33;
constexpr int kWaitMs = 20;

using Write = std::function<std::optional<TransferError>(QIODevice&)>;

/// Through a temporary file beside `path`, which takes its place only once all of it is on the disk.
std::optional<TransferError> writeFile(const QString& path, const Write& write) {
  QSaveFile file(path);
  const auto failed = [&] {
    const Cause cause = file.error() == QFileDevice::ResourceError ? Cause::DiskFull : Cause::CannotWrite;
    return TransferError{cause, file.errorString()};
  };
  if (!file.open(QIODevice::WriteOnly)) return failed();
  std::optional<TransferError> error = write(file);
  if (!error && file.error() == QFileDevice::NoError && file.flush() && file.commit()) return std::nullopt;
  if (!error || error->cause == Cause::CannotWrite) error = failed();
  file.cancelWriting();
  return error;
}

qsizetype textIn(const Conversation& conversation) {
  qsizetype size = 0;
  for (const Message& message : conversation.messages) {
    size += message.text.size();
    for (const Attachment& attachment : message.attachments) size += attachment.text.size();
  }
  return size;
}

/// A message without a time would be given that of each import, and be new each time.
void giveTimes(Conversation& conversation) {
  for (Message& message : conversation.messages) {
    if (message.createdAt == 0) message.createdAt = conversation.info.createdAt;
  }
}

/// The same for conversations that are the same to the last message.
QByteArray contentOf(const Conversation& conversation) {
  QByteArray all = beginningOf(conversation);
  for (const QByteArray& trace : tracesOf(conversation.messages)) all += trace;
  return QCryptographicHash::hash(all, QCryptographicHash::Sha256);
}

Write writerOf(const FiledConversation& filed, TransferFormat format, const std::function<bool(double)>& goOn) {
  if (format == TransferFormat::Pdf) {
    return [&, goOn](QIODevice& into) { return conversationToPdf(filed.conversation, into, goOn); };
  }
  return [&, format](QIODevice& into) -> std::optional<TransferError> {
    const QByteArray bytes = format == TransferFormat::Json   ? conversationToJson(filed)
                             : format == TransferFormat::Html ? conversationToHtml(filed.conversation)
                                                              : conversationToMarkdown(filed.conversation);
    if (into.write(bytes) == bytes.size()) return std::nullopt;
    return TransferError{Cause::CannotWrite, into.errorString()};
  };
}

}  // namespace

TransferWorker::TransferWorker(QObject* parent) : QObject(parent) {}

std::function<bool(double)> TransferWorker::progressUntil(const std::stop_token& stop) {
  auto since = std::make_shared<QElapsedTimer>();
  return [this, stop, since](double fraction) {
    if (!since->isValid() || since->elapsed() >= kProgressMs) {
      since->start();
      Q_EMIT progressed(fraction);
    }
    return !stop.stop_requested();
  };
}

void TransferWorker::run(const TransferRequest& request) {
  HistoryStore history;
  std::optional<StorageError> trouble;
  connect(&history, &HistoryStore::failed, &history, [&](const StorageError& error) { trouble = error; });
  TransferOutcome outcome;
  if (history.openReadOnly(request.database)) {
    TransferStore store(&history);
    outcome = request.kind == TransferRequest::Kind::Import ? importNow(request, store) : exportNow(request, store, trouble);
  }
  if (trouble && !outcome.error) outcome.error = TransferError{Cause::NoChats, trouble->detail};
  Q_EMIT finished(outcome);
}

/// `trouble` is what the database reports while it is read: a file that lacks something must not look like all there is.
TransferOutcome TransferWorker::exportNow(const TransferRequest& request, TransferStore& store, const std::optional<StorageError>& trouble) {
  TransferOutcome outcome;
  const auto goOn = progressUntil(request.stop);
  if (request.kind == TransferRequest::Kind::ExportAll) {
    outcome.error = writeFile(request.file, [&](QIODevice& into) {
      const ExportedAll done = exportAll(store, into, goOn);
      outcome.conversations = done.conversations;
      return trouble && !done.error ? TransferError{Cause::NoChats, trouble->detail} : done.error;
    });
    return outcome;
  }
  const std::optional<FiledConversation> filed = store.conversation(request.conversation);
  if (!filed || trouble) {
    outcome.error = TransferError{Cause::NoChats, trouble ? trouble->detail : QStringLiteral("the conversation is gone")};
    return outcome;
  }
  outcome.conversations = 1;
  outcome.error = writeFile(request.file, writerOf(*filed, request.format, goOn));
  return outcome;
}

/// Waits for room; false when stopped meanwhile.
bool TransferWorker::give(ImportBatch&& batch, const std::stop_token& stop) {
  while (!m_room.tryAcquire(1, kWaitMs)) {
    if (stop.stop_requested()) return false;
  }
  Q_EMIT read(std::make_shared<const ImportBatch>(std::move(batch)));
  return !stop.stop_requested();
}

TransferOutcome TransferWorker::importNow(const TransferRequest& request, TransferStore& store) {
  m_room.acquire(m_room.available());
  m_room.release(kBatchesUnderWay);
  TransferOutcome outcome;
  const std::optional<Beginnings> beginnings = store.beginnings();
  if (!beginnings) return outcome;
  QSet<QByteArray> given;  // a file may have a conversation twice
  ImportBatch batch;
  qsizetype size = 0;
  const auto giveBatch = [&] {
    size = 0;
    return give(std::exchange(batch, {}), request.stop);
  };
  const ImportSink sink{
      .conversation =
          [&](FiledConversation&& filed) {
            giveTimes(filed.conversation);
            const Kin kin = store.kinOf(filed.conversation, *beginnings);
            const QByteArray all = contentOf(filed.conversation);
            if ((kin.id != 0 && kin.missing == 0) || given.contains(all)) {
              ++outcome.present;
              return true;
            }
            given.insert(all);
            filed.into = kin.id;
            size += textIn(filed.conversation);
            batch.conversations.push_back(std::move(filed));
            return (batch.conversations.size() < kMostInBatch && size < kMostTextInBatch) || giveBatch();
          },
      .library =
          [&](const Library& library) {
            batch.library = library;
            return giveBatch();
          },
      .unreadable =
          [&](const TransferError& error) {
            ++outcome.unreadable;
            if (outcome.reasons.size() < kMostReasons) outcome.reasons << error.detail;
            return true;
          },
      .goOn = progressUntil(request.stop)};
  outcome.error = importFile(request.file, sink);
  if (!batch.conversations.empty() && !request.stop.stop_requested() && !giveBatch()) outcome.error = TransferError{Cause::Stopped, {}};
  return outcome;
}

}  // namespace tercet
