#include "app/export/export_all.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

#include "app/export/conversation_json.h"
#include "app/export/conversation_markdown.h"
#include "app/export/library_json.h"
#include "app/export/portable_text.h"
#include "app/export/zip_writer.h"

namespace tercet {
namespace {

using Cause = TransferError::Cause;

class ReadmeText {
  Q_DECLARE_TR_FUNCTIONS(ReadmeText)

 public:
  static QString text() {
    return QStringList{tr("These are your chats from Tercet."),
                       QString(),
                       tr("conversations: each chat twice. The file that ends in .md can be read with any text editor and holds "
                          "what the chat shows. The one that ends in .json holds everything: all versions of messages, also "
                          "deleted ones, the settings, the figures of the answers and where the model file was."),
                       tr("library.json: your folders, personas and prompts."),
                       QString(),
                       tr("To bring them back, choose \"Import\" in the settings of Tercet and open this .zip file, or one of "
                          "the .json files."),
                       tr("Whoever has this file can read your chats.")}
               .join(QLatin1Char('\n')) +
           QLatin1Char('\n');
  }
};

QString entryName(int number, const QString& title) {
  return QStringLiteral("conversations/%1-%2").arg(number, 4, 10, QLatin1Char('0')).arg(fileNameOf(title));
}

}  // namespace

ExportedAll exportAll(TransferStore& store, QIODevice& into, const std::function<bool(double)>& goOn) {
  ExportedAll done;
  const auto end = [&](Cause cause, const QString& detail = {}) {
    done.error = TransferError{cause, detail};
    return done;
  };
  const std::optional<std::vector<ConversationId>> ids = store.conversations();
  const std::optional<Library> library = ids ? store.library() : std::nullopt;
  if (!library) return end(Cause::NoChats);
  ZipWriter zip(into);
  // Times of entries come from the chats, so that the same chats give the same file.
  qint64 newest = 0;
  if (!zip.add(QStringLiteral("library.json"), libraryToJson(*library), newest)) return end(Cause::CannotWrite, into.errorString());
  for (const ConversationId id : *ids) {
    if (!goOn(static_cast<double>(done.conversations) / static_cast<double>(ids->size()))) return end(Cause::Stopped);
    const std::optional<FiledConversation> filed = store.conversation(id);
    if (!filed) continue;  // gone since; a database that fails says so by itself
    const ConversationInfo& info = filed->conversation.info;
    const QString name = entryName(++done.conversations, info.title);
    newest = std::max(newest, info.updatedAt);
    if (!zip.add(name + QStringLiteral(".json"), conversationToJson(*filed), info.updatedAt) ||
        !zip.add(name + QStringLiteral(".md"), conversationToMarkdown(filed->conversation), info.updatedAt)) {
      return end(Cause::CannotWrite, into.errorString());
    }
  }
  if (!zip.add(QStringLiteral("README.txt"), ReadmeText::text().toUtf8(), newest) || !zip.finish()) {
    return end(Cause::CannotWrite, into.errorString());
  }
  return done;
}

}  // namespace tercet
