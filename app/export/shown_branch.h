// The branch of a conversation that is shown, in the words that documents print.
#pragma once

#include <QString>

#include <vector>

#include "app/storage/history_store.h"

namespace tercet {

struct ShownMessage {
  QString author;   // "You" or the model's name
  bool own = false; // of the person
  QString text;
  QString note;     // how it ended, when not by itself
  std::vector<Attachment> attachments = {};
};

struct ShownBranch {
  QString title;                    // on one line
  QString about;                    // date and models, on one line
  std::vector<ShownMessage> messages = {};
};

/// Texts are in the language of the program and well-formed. Nothing of the computer is in it: no path, no name of a user.
ShownBranch shownBranchOf(const Conversation& conversation);

/// "Attached: notes.txt".
QString attachedText(const QString& name);

}  // namespace tercet
