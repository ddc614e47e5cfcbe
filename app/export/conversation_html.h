// The shown branch of a conversation as one HTML page.
#pragma once

#include <QByteArray>
#include <QString>

#include "app/storage/history_store.h"

namespace tercet {

/// UTF-8. Complete in itself, light or dark as the reader's system: no script, no picture, nothing that is fetched. Whatever
/// comes from the conversation is escaped; its links lead to http, https and mailto only.
QByteArray conversationToHtml(const Conversation& conversation);

/// What is there of the files that go with a message: their names, or also their texts, folded away.
enum class ShownFiles { Names, Texts };

/// How far each list or quote stands inside the one that it is in.
constexpr int kIndentPixels = 24;

/// What stands between <body> and </body> of that page.
QString conversationBody(const Conversation& conversation, ShownFiles files = ShownFiles::Texts);

}  // namespace tercet
