// The shown branch of a conversation as Markdown.
#pragma once

#include <QByteArray>

#include "app/storage/history_store.h"

namespace tercet {

/// UTF-8. Messages are as written, code fences kept; one left open is closed, so that it does not swallow the next message.
/// The files that go with a message stand before it, as blocks of code.
QByteArray conversationToMarkdown(const Conversation& conversation);

}  // namespace tercet
