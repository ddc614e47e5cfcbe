// Small windows of the program that stand in place of the big one.
#pragma once

#include <QString>

#include <functional>

namespace tercet {

/// Another Tercet has the data directory and does not answer. A window says so, and stderr; true when it is to be tried again.
bool triesAgain(const QString& dataDir);

/// Does `work`, the repair of the chats, on a thread of its own and returns when it is done; where it takes long, a window tells of it.
void repair(const QString& dataDir, const std::function<void()>& work);

}  // namespace tercet
