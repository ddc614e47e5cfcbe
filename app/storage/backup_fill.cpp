#include "app/storage/backup_fill.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "app/storage/row_mending.h"
#include "app/storage/search_words.h"
#include "app/storage/sql_values.h"

namespace tercet {
namespace {

int messagesIn(Database& database) {
  QSqlQuery query = database.run(QStringLiteral("SELECT COUNT(*) FROM messages"));
  return query.next() ? query.value(0).toInt() : 0;
}

/// True when `hollow`, in which pieces may be zeroed, was `text`.
bool wasText(const QString& hollow, const QString& text) {
  const QByteArray before = hollow.toUtf8(), whole = text.toUtf8();
  if (whole.contains('\0')) return false;
  const qsizetype zero = before.indexOf('\0');
  if (zero < 0) return before == whole;
  // Half a character at either end of the piece counts as another.
  constexpr qsizetype kHalves = 12;
  return std::abs(before.size() - whole.size()) <= kHalves && whole.startsWith(before.left(std::max<qsizetype>(0, zero - kHalves)));
}

/// A zeroed piece of the disk in the middle of a long row reads as zeros in its text, or as nothing behind it. Takes the whole of it from
/// the backup, where that is what it was, and returns of how many rows; -1 when the new database took nothing.
int fillHollow(Database& backup, Database& to, const char* table, const QStringList& columns, const char* where) {
  const QString name = QLatin1String(table);
  QSqlQuery rows = to.run(QStringLiteral("SELECT id, text FROM %1 WHERE %2").arg(name, QLatin1String(where)));
  std::vector<std::pair<qint64, QString>> hollow;
  while (rows.next()) hollow.emplace_back(rows.value(0).toLongLong(), rows.value(1).toString());
  rows.finish();
  int filled = 0;
  for (const auto& [id, text] : hollow) {
    QSqlQuery whole = backup.run(QStringLiteral("SELECT %1 FROM %2 WHERE id = ?").arg(columns.join(QLatin1String(", ")), name), {id});
    if (!whole.next() || !wasText(text, whole.value(0).toString())) continue;
    QSqlQuery update(to.connection());
    update.prepare(QStringLiteral("UPDATE %1 SET %2 = ? WHERE id = ?").arg(name, columns.join(QLatin1String(" = ?, "))));
    for (int i = 0; i < columns.size(); ++i) {
      const bool pairs = columns[i] == QLatin1String("pairs");  // may be of an older version there
      update.addBindValue(pairs ? orNull(pairsOfText(whole.value(0).toString())) : whole.value(i));
    }
    update.addBindValue(id);
    if (!update.exec()) return -1;
    ++filled;
  }
  backup.takeError();
  return filled;
}

/// Conversations whose rows are missing, in a table of this connection. What is in none of these ranges is known to be gone.
bool noteHoles(Database& to, const std::vector<IdRange>& ranges) {
  if (!to.execute(QStringLiteral("CREATE TEMP TABLE holes (first INTEGER NOT NULL, last INTEGER NOT NULL)"))) return false;
  return std::all_of(ranges.begin(), ranges.end(), [&](const IdRange& range) {
    return to.execute(QStringLiteral("INSERT INTO temp.holes VALUES (?, ?)"), {range.first, range.last});
  });
}

/// The chats and drafts of the damaged file itself.
bool noteOwn(Database& to) {
  return to.execute(QStringLiteral("CREATE TEMP TABLE own_conversations AS SELECT id FROM conversations")) &&
         to.execute(QStringLiteral("CREATE TEMP TABLE own_drafts AS SELECT conversation_id FROM drafts "
                                   "UNION SELECT conversation_id FROM draft_attachments"));
}

/// A chat of the backup of which there is no message, also not in the backup where the file lost some, was purged: its title goes, too.
bool dropEmptyChats(Database& to) {
  return to.execute(QStringLiteral("DELETE FROM conversations WHERE id NOT IN (SELECT id FROM temp.own_conversations) "
                                   "AND id NOT IN (SELECT conversation_id FROM messages) "
                                   "AND id NOT IN (SELECT conversation_id FROM temp.own_drafts)"));
}

/// Drafts of the backup for chats that are `gone`, and of edits of messages that are. What was typed into the damaged file stays.
bool dropDrafts(Database& to, const QString& gone) {
  for (const char* table : {"drafts", "draft_attachments"}) {
    const QString statement = QStringLiteral("DELETE FROM %1 WHERE conversation_id NOT IN (SELECT conversation_id FROM temp.own_drafts) "
                                             "AND ((conversation_id > 0 AND %2) OR "
                                             "(conversation_id < 0 AND -conversation_id NOT IN (SELECT id FROM messages)))");
    if (!to.execute(statement.arg(QLatin1String(table), gone))) return false;
  }
  return true;
}

}  // namespace

std::optional<BackupFill> fillFromBackup(const QStringList& backups, Database& to, Missing& missing) {
  const QString known = QStringLiteral("NOT EXISTS (SELECT 1 FROM temp.holes WHERE conversation_id BETWEEN first AND last)");
  // Messages of the damaged file stay in any case. Where rows of conversations are missing, the backup may have them as they were.
  if (!noteHoles(to, missing[QStringLiteral("conversations")]) || !addLostConversations(to, known)) return std::nullopt;
  for (const QString& path : backups) {
    Database backup;
    if (backup.openReadOnly(path) || !isSound(backup)) continue;
    const int before = messagesIn(to);
    const int messages = fillHollow(backup, to, "messages", {"text", "pairs", "tokens", "stats", "created_at"},
                                    "instr(CAST(text AS BLOB), x'00') > 0 OR created_at <= 0");
    const int files = fillHollow(backup, to, "attachments", {"text"}, "instr(CAST(text AS BLOB), x'00') > 0");
    if (messages < 0 || files < 0 || !noteOwn(to)) return std::nullopt;
    if (!copyMissing(backup, to, missing) || !keepSequences(backup, to)) return std::nullopt;
    const QString gone = QStringLiteral("conversation_id NOT IN (SELECT id FROM conversations) AND ") + known;
    if (!to.execute(QStringLiteral("DELETE FROM messages WHERE ") + gone) || !dropEmptyChats(to) || !dropDrafts(to, gone)) return std::nullopt;
    const int filled = messagesIn(to) - before + messages;
    return BackupFill{filled, filled > 0 ? path : QString()};
  }
  return BackupFill{};
}

}  // namespace tercet
