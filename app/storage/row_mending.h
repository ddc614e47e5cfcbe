// What has to be put right in a database that was put together from what could be saved. Each is false when the database refused.
#pragma once

#include <QString>

#include "app/storage/database.h"

namespace tercet {

/// Begins conversations whose own row is lost and whose messages are there; `where` says more of their id.
bool addLostConversations(Database& database, const QString& where = QStringLiteral("1"));
/// What the index of the titles holds of those that addLostConversations made up.
bool addTitlePairs(Database& database);
/// What refers to a row that is lost: a message hangs on the one before instead, the rest is let go.
bool mendReferences(Database& database);

/// SQLite notes the last id of a table with its first row; until then there is nothing that keepSequences could raise.
bool beginSequences(Database& database);
/// Ids that were used and purged are not used again either.
bool keepSequences(Database& from, Database& to);

}  // namespace tercet
