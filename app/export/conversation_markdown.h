// The shown branch of a conversation as Markdown.
#pragma once

#include <QByteArray>

#include "app/storage/history_store.h"

namespace tercet {

/// UTF-8. Messages are as written, code fences kept; one left open is closed, so that it does not swallow the next message.
QByteArray conversationToMarkdown(const Conversation& conversation);

}  // namespace tercet
