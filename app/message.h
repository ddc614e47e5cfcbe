// A message of a conversation as a value: what is stored, shown, exported and sent to the model.
#pragma once

#include <QObject>
#include <QString>

#include <cstdint>
#include <vector>

#include "engine/format/checkpoint.h"

namespace tercet {

using ConversationId = qint64;  // 0: none, or the chat that is not stored yet
using MessageId = qint64;       // 0: none

/// How an answer was made. Formatted for people when asked, so that the language can change.
struct MessageStats {
  std::uint32_t tokens = 0;        // written
  std::uint32_t promptTokens = 0;  // read, those from the cache included
  double tokensPerSecond = 0;      // while writing
  int firstTokenMs = -1;           // from the question to the first token; -1 unknown
  std::uint64_t seed = 0;
  int threads = 0;                 // 0 unknown
  QString model;                   // its name
  QString modelIdentity;           // of the file: token ids mean something to this model only
  std::uint32_t forgotten = 0;     // messages of the branch, the oldest ones, that the model no longer saw
  bool known = false;

  friend bool operator==(const MessageStats&, const MessageStats&) = default;
};

/// A text file that goes with a message: the model reads its text before the message.
struct Attachment {
  QString name;
  QString text;

  friend bool operator==(const Attachment&, const Attachment&) = default;
};

struct Message {
  Q_GADGET

 public:
  enum class Author { User, Assistant };
  Q_ENUM(Author)
  /// Reading and Writing are under way. Interrupted: the program ended while it was written. LengthReached: as long as answers may be.
  enum class State { Complete, Reading, Writing, Stopped, Failed, ContextFull, Interrupted, LengthReached };
  Q_ENUM(State)

  MessageId id = 0;
  MessageId parent = 0;              // 0: the first of its branch
  Author author = Author::User;
  State state = State::Complete;
  bool edited = false;               // an answer that a person changed
  QString text;
  std::vector<TokenId> tokens = {};  // the ids the model wrote for `text`; empty when the text did not come so
  MessageStats stats = {};
  std::vector<Attachment> attachments = {};
  MessageId lastChild = 0;           // the child shown last
  qint64 createdAt = 0;              // ms since 1970, UTC
  qint64 deletedAt = 0;              // 0: not deleted

  bool underWay() const { return state == State::Reading || state == State::Writing; }

  friend bool operator==(const Message&, const Message&) = default;
};

}  // namespace tercet
