// What can go wrong between the chats and a file.
#pragma once

#include <QString>

namespace tercet {

struct TransferError {
  enum class Cause {
    CannotWrite,  // the file or its folder
    DiskFull,
    CannotRead,   // the file
    NotOurs,      // neither a file of Tercet nor one of ChatGPT
    Damaged,      // malformed JSON, an archive cut off
    Encrypted,
    TooLarge,     // beyond what a real file has
    Newer,        // written by a later version of Tercet
    Invalid,      // well-formed, but it contradicts itself
    NoChats,      // the conversations' database could not be read or written
    Stopped       // by the person
  };
  Cause cause = Cause::CannotRead;
  QString detail = {};  // English: which message, which entry, what the system said

  friend bool operator==(const TransferError&, const TransferError&) = default;
};

}  // namespace tercet
