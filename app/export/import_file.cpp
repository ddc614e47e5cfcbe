#include "app/export/import_file.h"

#include <QDateTime>
#include <QFile>
#include <QJsonDocument>

#include <algorithm>
#include <utility>

#include "app/export/chatgpt.h"
#include "app/export/conversation_json.h"
#include "app/export/json_elements.h"
#include "app/export/library_json.h"
#include "app/export/zip_reader.h"

namespace tercet {
namespace {

using Cause = TransferError::Cause;

constexpr qint64 kPiece = 1 << 20;
constexpr qint64 kMostLibraryBytes = qint64{32} << 20;
constexpr qint64 kMostArrayBytes = qint64{8} << 30;  // of conversations.json; only its largest element is in memory

/// One file on its way in.
class Import {
 public:
  explicit Import(const ImportSink& sink) : m_sink(sink) {}

  std::optional<TransferError> run(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return TransferError{Cause::CannotRead, file.errorString()};
    m_size = std::max<qint64>(1, file.size());
    m_time = file.fileTime(QFileDevice::FileModificationTime).toMSecsSinceEpoch();
    const QByteArray start = file.peek(4096);
    const QByteArray text = (start.startsWith("\xEF\xBB\xBF") ? start.sliced(3) : start).trimmed();
    if (start.startsWith("PK")) {
      file.close();
      readZip(path);
    } else if (text.startsWith('[')) {
      readArray(file);
    } else if (text.startsWith('{')) {
      readSingle(file);
    } else {
      return TransferError{Cause::NotOurs, {}};
    }
    return m_error;
  }

 private:
  bool fail(Cause cause, const QString& detail = {}) {
    m_error = TransferError{cause, detail};
    return false;
  }
  bool goOn(qint64 position) {
    m_done = std::max(m_done, static_cast<double>(position) / static_cast<double>(m_size));
    return m_sink.goOn(std::min(1.0, m_done)) || fail(Cause::Stopped);
  }
  /// What has no time gets that of the file, which stays the same when the file is imported again.
  bool give(FiledConversation&& filed) {
    ConversationInfo& info = filed.conversation.info;
    if (info.createdAt == 0) info.createdAt = m_time;
    if (info.updatedAt == 0) info.updatedAt = info.createdAt;
    for (Message& message : filed.conversation.messages) {
      if (message.createdAt == 0) message.createdAt = info.createdAt;
    }
    return m_sink.conversation(std::move(filed)) || fail(Cause::Stopped);
  }
  /// One conversation cannot be read; `where` names it.
  bool passOver(const QString& where, TransferError error) {
    error.detail = where + QStringLiteral(": ") + error.detail;
    return m_sink.unreadable(error) || fail(Cause::Stopped);
  }

  void readSingle(QFile& file) {
    if (file.size() > kMostConversationBytes) {
      fail(Cause::TooLarge, QStringLiteral("%1 bytes").arg(file.size()));
      return;
    }
    const QByteArray bytes = file.readAll();
    if (file.error() != QFile::NoError) {
      fail(Cause::CannotRead, file.errorString());
      return;
    }
    TransferError error;
    const QJsonObject json = QJsonDocument::fromJson(bytes).object();
    std::optional<FiledConversation> filed;
    if (isChatGpt(json)) {
      if (std::optional<Conversation> conversation = conversationFromChatGpt(json, error)) filed = FiledConversation{std::move(*conversation), {}};
    } else {
      filed = conversationFromJson(bytes, error);
    }
    if (filed) {
      give(std::move(*filed));
    } else {
      m_error = error;
    }
  }

  /// An element of conversations.json.
  bool takeElement(const QByteArray& bytes) {
    const QString where = QStringLiteral("conversation %1").arg(++m_elements);
    if (bytes.size() >= kMostConversationBytes) return passOver(where, {Cause::TooLarge, QStringLiteral("too large")});
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &problem);
    TransferError error{Cause::Damaged, problem.errorString()};
    m_sawOther = m_sawOther || !bytes.startsWith('{');
    if (document.isNull()) return passOver(where, error);
    if (std::optional<Conversation> conversation = conversationFromChatGpt(document.object(), error)) {
      m_readOne = true;
      return give({std::move(*conversation), {}});
    }
    m_sawOther = m_sawOther || error.cause == Cause::NotOurs;
    return passOver(where, error);
  }

  /// After the last byte of conversations.json came.
  bool endArray(const JsonElements& elements) {
    if (m_error) return false;
    if (elements.broken()) return fail(Cause::Damaged, QStringLiteral("no array of conversations"));
    if (!elements.complete()) return fail(Cause::Damaged, QStringLiteral("the file ends in the middle"));
    return (m_readOne || !m_sawOther) || fail(Cause::NotOurs, QStringLiteral("an array of something else"));
  }

  JsonElements makeElements() {
    return JsonElements(kMostConversationBytes, [this](const QByteArray& element) { return takeElement(element); });
  }

  void readArray(QFile& file) {
    JsonElements elements = makeElements();
    while (!file.atEnd()) {
      const QByteArray block = file.read(kPiece);
      if (block.isEmpty()) break;
      if (!goOn(file.pos()) || !elements.feed(block)) break;
    }
    if (file.error() != QFile::NoError) fail(Cause::CannotRead, file.errorString());
    endArray(elements);
  }

  void readZip(const QString& path) {
    ZipReader zip;
    if (zip.open(path)) {
      while (const std::optional<QString> name = zip.next()) {
        if (!goOn(zip.position()) || !takeEntry(zip, *name)) return;
      }
    }
    if (zip.error()) {
      m_error = zip.error();
    } else if (!m_known) {
      fail(Cause::NotOurs, QStringLiteral("no conversations in the archive"));
    }
  }

  /// By its name; what is no file of ours is passed over unread.
  bool takeEntry(ZipReader& zip, const QString& path) {
    const QString name = path.section(QLatin1Char('/'), -1);
    const QString folder = path.section(QLatin1Char('/'), -2, -2);
    if (!name.endsWith(QLatin1String(".json"))) return true;
    if (folder == QLatin1String("conversations")) return takeConversation(zip, path);
    if (name == QLatin1String("library.json")) return takeLibrary(zip);
    if (name.startsWith(QLatin1String("conversations"))) return takeArray(zip);
    return true;
  }

  std::optional<QByteArray> bytesOf(ZipReader& zip, qint64 most) {
    QByteArray bytes;
    const bool ok = zip.read(most, [&](QByteArrayView block) {
      bytes.append(block);
      return true;
    });
    if (!ok) m_error = zip.error();
    return ok ? std::optional(bytes) : std::nullopt;
  }

  bool takeConversation(ZipReader& zip, const QString& path) {
    m_known = true;
    const std::optional<QByteArray> bytes = bytesOf(zip, kMostConversationBytes);
    if (!bytes) return false;
    TransferError error;
    std::optional<FiledConversation> filed = conversationFromJson(*bytes, error);
    return filed ? give(std::move(*filed)) : passOver(path, error);
  }

  bool takeLibrary(ZipReader& zip) {
    m_known = true;
    const std::optional<QByteArray> bytes = bytesOf(zip, kMostLibraryBytes);
    if (!bytes) return false;
    TransferError error;
    const std::optional<Library> library = libraryFromJson(*bytes, error);
    if (!library) return passOver(QStringLiteral("library.json"), error);
    return m_sink.library(*library) || fail(Cause::Stopped);
  }

  bool takeArray(ZipReader& zip) {
    m_known = true;
    JsonElements elements = makeElements();
    const bool ok = zip.read(kMostArrayBytes, [&](QByteArrayView block) { return goOn(zip.position()) && elements.feed(block); });
    if (!ok) m_error = zip.error();
    return endArray(elements);
  }

  const ImportSink& m_sink;
  std::optional<TransferError> m_error;
  qint64 m_size = 1;
  qint64 m_time = 0;         // of the file
  double m_done = 0;
  int m_elements = 0;
  bool m_readOne = false;    // of the elements of an array
  bool m_sawOther = false;   // among them something that is no conversation
  bool m_known = false;      // the archive holds something of ours
};

}  // namespace

std::optional<TransferError> importFile(const QString& path, const ImportSink& sink) { return Import(sink).run(path); }

}  // namespace tercet
