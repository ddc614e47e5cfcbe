// What export reads from the database as a whole, and what import adds to it.
#pragma once

#include <QByteArray>
#include <QSet>
#include <QString>

#include <optional>
#include <vector>

#include "app/storage/history_store.h"

namespace tercet {

/// A conversation and the name of the folder it is in, empty for none.
struct FiledConversation {
  Conversation conversation;
  QString folder = {};
};

/// What belongs to no conversation. Times are ms since 1970, UTC; 0 means never.
struct Library {
  struct Folder {
    QString name;
    qint64 createdAt = 0;
  };
  struct Persona {
    QString key;                // of one that came with the program, else empty
    QString name;
    ChatSettings settings = {};
    bool hidden = false;
    qint64 createdAt = 0;
  };
  struct Prompt {
    QString title;
    QString text;
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
  std::optional<QSet<QByteArray>> fingerprints();

  /// All or none of them. Folders are found by name, and made when absent.
  bool add(const std::vector<FiledConversation>& conversations);
  /// Adds what is not there yet: folders by name, personas by key or name and settings, prompts by title and text.
  bool add(const Library& library);

 private:
  std::optional<qint64> folderNamed(const QString& name, qint64 createdAt);
  bool holds(const QString& sql, std::initializer_list<QVariant> values, bool& ok);

  HistoryStore* m_store;
};

/// Tells whether two conversations began as the same: time, title and first message.
QByteArray fingerprintOf(const Conversation& conversation);

}  // namespace tercet
