// What export reads from the database as a whole, and what import adds to it.
#pragma once

#include <QByteArray>
#include <QMultiHash>
#include <QString>

#include <optional>
#include <vector>

#include "app/storage/history_store.h"

namespace tercet {

/// A conversation and the name of the folder it is in, empty for none.
struct FiledConversation {
  Conversation conversation;
  QString folder = {};
  ConversationId into = 0;  // of import: the stored one that lacks some of its messages; 0: it is a new one
};

/// The stored conversations by how they began; see beginningOf.
using Beginnings = QMultiHash<QByteArray, ConversationId>;

/// The stored conversation that has the most of one to import.
struct Kin {
  ConversationId id = 0;  // 0: none began like it
  std::size_t missing = 0;
};

/// What belongs to no conversation. Times are ms since 1970, UTC; 0 means never.
struct Library {
  struct Folder {
    QString name;
    qint64 createdAt = 0;
    bool collapsed = false;
  };
  struct Persona {
    QString key;                // of one that came with the program, else empty
    QString name;
    ChatSettings settings = {};
    bool hidden = false;
    qint64 createdAt = 0;
  };
  struct Prompt {
    QString key;                // as of a persona; without a text it is as it came
    QString title;
    QString text;
    bool hidden = false;
    qint64 createdAt = 0;
    qint64 usedAt = 0;
  };
  std::vector<Folder> folders = {};
  std::vector<Persona> personas = {};
  std::vector<Prompt> prompts = {};
};

/// Works through a store, on its thread; failures are told by HistoryStore::failed.
class TransferStore {
 public:
  /// `store` is open and outlives this. Reading works with one that is read-only.
  explicit TransferStore(HistoryStore* store) : m_store(store) {}

  /// Oldest first, without the recently deleted.
  std::optional<std::vector<ConversationId>> conversations();
  /// An answer that is being written has the text that was stored so far. Nothing when it is gone.
  std::optional<FiledConversation> conversation(ConversationId id);
  std::optional<Library> library();
  /// Of the conversations that are not among the recently deleted.
  std::optional<Beginnings> beginnings();
  /// One that is gone by now is passed over.
  Kin kinOf(const Conversation& conversation, const Beginnings& beginnings);

  /// The conversation with the folder it comes in, which is found by name and made when absent; or with what the stored one
  /// has of it by now. Should that be gone, it is a new one. Nothing when the database refuses. For ImportQueue, within its
  /// transaction.
  std::optional<HistoryStore::Incoming> place(FiledConversation&& filed);
  /// Adds what is not there yet: folders by name, personas by key or name and settings, prompts by key or title and text.
  /// One that came with the program and is as it came gives way to what was made of it.
  bool add(const Library& library);

 private:
  std::optional<qint64> folderNamed(const Library::Folder& folder);
  bool holds(const QString& sql, std::initializer_list<QVariant> values, bool& ok);
  bool addPersona(const Library::Persona& persona);
  bool addPrompt(const Library::Prompt& prompt);

  HistoryStore* m_store;
};

/// The same for conversations that began as the same: with that time and first message.
QByteArray beginningOf(const Conversation& conversation);
/// For each message what is the same in another conversation that has it on the same messages: author, time and text of it
/// and of all above it.
std::vector<QByteArray> tracesOf(const std::vector<Message>& messages);

}  // namespace tercet
