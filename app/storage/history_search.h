// Full-text search over the stored conversations, newest first, at a cost that hardly grows with their number.
#pragma once

#include <QString>

#include <functional>
#include <optional>
#include <vector>

#include "app/folded_text.h"
#include "app/message.h"
#include "app/storage/database.h"
#include "app/storage/search_query.h"

namespace tercet {

struct SearchHit {
  ConversationId conversation = 0;
  MessageId message = 0;          // 0: the conversation itself was found, by its title
  QString title;
  QString snippet;                // of the message, on one line
  std::vector<TextRange> marks;   // what was searched, in the snippet, or in the title
  Message::Author author = Message::Author::User;
  qint64 time = 0;                // of the message, or of the newest in the conversation; ms since 1970, UTC
};

/// A connection of its own that only reads: it waits for nobody, and nobody for it. Used on the thread that opened it.
/// Deleted conversations and messages are not found, nor answers that are still being written.
class HistorySearch {
 public:
  /// Asked before each message that is found; true ends the search with what it has.
  using Cancelled = std::function<bool()>;

  /// Told of each message that was found, with all that are to be returned; it may take them away.
  using Shown = std::function<void(std::vector<SearchHit>&)>;

  struct Page {
    std::vector<SearchHit> hits;
    MessageId next = 0;  // there may be older ones; `before` of the call that goes on. 0: none
  };

  std::optional<StorageError> open(const QString& path) { return m_database.openReadOnly(path); }
  bool isOpen() const { return m_database.isOpen(); }

  // `since` leaves out what is older: messages by their own time, conversations by that of their newest message; ms since
  // 1970, UTC, 0: nothing.

  /// The conversations that were used last.
  std::vector<SearchHit> recent(int limit, qint64 since = 0);
  /// Conversations by their titles, those used last first.
  std::vector<SearchHit> titles(const SearchQuery& query, int limit, qint64 since = 0);
  /// At most `limit` messages, newest first, of those before `before` (0: of all).
  Page messages(const SearchQuery& query, MessageId before, int limit, const Cancelled& cancelled, qint64 since = 0, const Shown& shown = {});

 private:
  /// Both included.
  struct Span {
    MessageId first = 0, last = 0;
  };
  struct Scan;
  enum class Stop { AtEnd, Enough, LookedAt };
  std::vector<Span> spansSince(qint64 since, MessageId last);
  MessageId lastWithoutPairs();
  struct Finds;
  bool take(const QSqlQuery& row, const Scan& scan, Finds& finds);
  Stop search(const SearchQuery& query, const std::vector<Span>& spans, bool pairs, qint64 since, MessageId& last, const Cancelled& cancelled,
              Finds& finds);
  Stop walk(const Scan& scan, MessageId& last, const Cancelled& cancelled, Finds& finds);

  Database m_database;
};

}  // namespace tercet
