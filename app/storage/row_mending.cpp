#include "app/storage/row_mending.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "app/storage/search_words.h"

namespace tercet {

bool addLostConversations(Database& database, const QString& where) {
  return database.execute(QStringLiteral(
      "INSERT INTO conversations(id, title, created_at, updated_at) SELECT conversation_id, COALESCE((SELECT "
      "substr(replace(trim(f.text), char(10), ' '), 1, 48) FROM messages f WHERE f.conversation_id = m.conversation_id "
      "AND f.author = 'user' ORDER BY f.id LIMIT 1), ''), MIN(created_at), MAX(created_at) FROM messages m "
      "WHERE conversation_id NOT IN (SELECT id FROM conversations) AND %1 GROUP BY conversation_id")
                              .arg(where));
}

bool addTitlePairs(Database& database) {
  QSqlQuery query = database.run(QStringLiteral("SELECT id, title FROM conversations WHERE pairs IS NULL"));
  std::vector<std::pair<qint64, QString>> all;
  while (query.next()) {
    const QString pairs = pairsOfText(query.value(1).toString());
    if (!pairs.isEmpty()) all.emplace_back(query.value(0).toLongLong(), pairs);
  }
  query.finish();
  return std::all_of(all.begin(), all.end(), [&](const auto& title) {
    return database.execute(QStringLiteral("UPDATE conversations SET pairs = ? WHERE id = ?"), {title.second, title.first});
  });
}

bool mendReferences(Database& database) {
  for (const char* statement :
       {"DELETE FROM attachments WHERE message_id NOT IN (SELECT id FROM messages)",
        "DELETE FROM answer_pieces WHERE message_id NOT IN (SELECT id FROM messages)",
        "UPDATE messages SET parent_id = (SELECT MAX(m.id) FROM messages m WHERE m.conversation_id = messages.conversation_id "
        "AND m.id < messages.parent_id) WHERE parent_id NOT IN (SELECT id FROM messages)",
        "UPDATE messages SET parent_id = NULL WHERE parent_id >= id",
        "UPDATE messages SET last_child = NULL WHERE last_child NOT IN (SELECT id FROM messages)",
        "UPDATE conversations SET leaf_id = (SELECT MAX(id) FROM messages WHERE conversation_id = conversations.id) "
        "WHERE leaf_id IS NULL OR leaf_id NOT IN (SELECT id FROM messages)",
        "UPDATE conversations SET folder_id = NULL WHERE folder_id NOT IN (SELECT id FROM folders)"}) {
    if (!database.execute(QLatin1String(statement))) return false;
  }
  return true;
}

bool beginSequences(Database& database) {
  return database.execute(QStringLiteral("INSERT INTO sqlite_sequence(name, seq) SELECT name, 0 FROM sqlite_schema WHERE type = 'table' "
                                         "AND sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)"));
}

bool keepSequences(Database& from, Database& to) {
  QSqlQuery query = from.run(QStringLiteral("SELECT name, seq FROM sqlite_sequence WHERE seq BETWEEN 0 AND 1 << 53"));
  while (query.next()) {
    const QString raise = QStringLiteral("UPDATE sqlite_sequence SET seq = MAX(seq, ?) WHERE name = ?");
    if (!to.execute(raise, {query.value(1), query.value(0)})) return false;
  }
  from.takeError();
  return true;
}

}  // namespace tercet
