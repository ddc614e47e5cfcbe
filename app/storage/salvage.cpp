#include "app/storage/salvage.h"

#include <QSet>

#include <algorithm>
#include <limits>
#include <optional>

#include "app/storage/message_row.h"
#include "app/storage/search_words.h"
#include "app/storage/sql_values.h"

namespace tercet {
namespace {

constexpr qint64 kSingleSteps = 64;  // ids tried one by one behind a break, before the steps grow

/// The columns of a table, by name, with their type; the first column of the key is marked.
struct ColumnInfo {
  QString name;
  QString type;
  bool notNull;
  int keyPlace;     // from 1; 0: not in the key
  bool hasDefault;  // which stands for a column that a row lacks
};

std::vector<ColumnInfo> columnsOf(Database& database, const QString& table) {
  std::vector<ColumnInfo> columns;
  QSqlQuery query =
      database.run(QStringLiteral("SELECT name, type, \"notnull\", pk, dflt_value IS NOT NULL FROM pragma_table_info(?)"), {table});
  while (query.next()) {
    columns.push_back({query.value(0).toString(), query.value(1).toString(), query.value(2).toBool(), query.value(3).toInt(),
                       query.value(4).toBool()});
  }
  return columns;
}

}  // namespace

QStringList Salvage::tables(Database& database) {
  QStringList names;
  QSqlQuery query = database.run(
      QStringLiteral("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name <> 'marks' "
                     "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"));
  while (query.next()) names << query.value(0).toString();
  return names;
}

Salvage::Salvage(Database& from, Database& to, const QString& table) : m_from(from), m_to(to), m_table(table) {
  QSet<QString> old;
  for (const ColumnInfo& column : columnsOf(from, table)) old << column.name;
  const std::vector<ColumnInfo> columns = columnsOf(to, table);
  bool named = true;
  for (const ColumnInfo& column : columns) {
    if (!old.contains(column.name)) {
      // An older version may lack a column. No row could be taken without one that must not be empty; and where there are as many, one
      // has another name: the list of tables is damaged.
      if ((column.notNull && !column.hasDefault) || static_cast<std::size_t>(old.size()) == columns.size()) named = false;
      continue;
    }
    if (column.keyPlace == 1) m_key = column.name;
    if (column.keyPlace > 1) m_keyOfOne = false;
    const bool number = column.type == QLatin1String("INTEGER");
    const QVariant nothing = number ? QVariant(0) : QVariant(QLatin1String(""));
    const int type = number ? QMetaType::LongLong : column.type == QLatin1String("BLOB") ? QMetaType::QByteArray : QMetaType::QString;
    m_columns.push_back({column.name, column.notNull ? nothing : QVariant(), type, column.hasDefault});
  }
  if (!named) m_key.clear();
  // The key is read first: the other columns follow in the order of the table.
  std::stable_partition(m_columns.begin(), m_columns.end(), [this](const Column& column) { return column.name == m_key; });
}

std::vector<IdRange> Salvage::copy(IdRange range, bool behindBreak) {
  if (m_key.isEmpty()) return {range};
  const IdRange all = range;
  std::vector<IdRange> missing;
  Reading reading = read(range, true);
  if (!reading.whole && !m_keyOfOne) {
    // Behind a break may be more rows of the same id.
    read(range, false);
    return {range};
  }
  if (behindBreak && reading.any && reading.first > range.first) missing.push_back({range.first, reading.first - 1});
  while (!reading.whole && !m_refused) {
    const qint64 broken = reading.any ? reading.last + 1 : range.first;
    if (broken > range.last) break;
    // A page that cannot be read gives an error for each of its ids: the next page lies somewhere behind.
    qint64 next = broken;
    const bool odd = reading.odd;
    reading = {};
    for (qint64 step = 1; step <= range.last - broken && !reading.whole && !reading.any && !m_refused;) {
      next = broken + step;
      reading = read({next, range.last}, true);
      if (step > (range.last - broken) / 2) break;  // also keeps the step in its range
      step = step < kSingleSteps ? step + 1 : step * 2;
    }
    const bool behind = reading.whole || reading.any;  // there is something to read from `next` on
    // The step may have been too long.
    const IdRange skipped{broken, behind ? next - 1 : range.last};
    const Reading back = read(skipped, false);
    // A page of which a piece is garbage may not show that it had rows there.
    const qint64 end = !odd && back.any ? back.last - 1 : reading.any ? reading.first - 1 : range.last;
    if (broken <= end) missing.push_back({broken, end});
    if (!behind) break;
    range.first = next;
  }
  if (missing.empty()) return missing;
  const std::vector<qint64> ids = listedIds(all);
  for (const IdRange& hole : missing) {
    copyEach({std::lower_bound(ids.begin(), ids.end(), hole.first), std::upper_bound(ids.begin(), ids.end(), hole.last)});
  }
  return missing;
}

/// The ids of messages from an index, which has pages of its own. They lie far apart, so that steps may pass good pages between bad ones.
std::vector<qint64> Salvage::listedIds(IdRange range) {
  std::vector<qint64> ids;
  if (m_table != QLatin1String("messages")) return ids;
  QSqlQuery query = m_from.run(QStringLiteral("SELECT id FROM messages INDEXED BY messages_by_time WHERE id BETWEEN ? AND ?"),
                               {range.first, range.last});
  while (query.next()) ids.push_back(query.value(0).toLongLong());
  m_from.takeError();
  std::sort(ids.begin(), ids.end());
  return ids;
}

void Salvage::copyEach(const std::vector<qint64>& ids) {
  for (const qint64 id : ids) {
    if (!m_refused) read({id, id}, true);
  }
}

Salvage::Reading Salvage::read(IdRange range, bool upwards) {
  QStringList names;
  for (const Column& column : m_columns) names << column.name;
  // A damaged id above all others would end the reading as if nothing came behind it.
  const qint64 last = upwards && range.last == IdRange{}.last ? std::numeric_limits<qint64>::max() : range.last;
  Reading reading;
  std::optional<qint64> before;  // the row before the last
  QSqlQuery query = m_from.run(QStringLiteral("SELECT %1 FROM %2 WHERE %3 BETWEEN ? AND ? ORDER BY %3 %4")
                                   .arg(names.join(QLatin1String(", ")), m_table, m_key, QLatin1String(upwards ? "ASC" : "DESC")),
                               {range.first, last});
  while (query.next()) {
    const qint64 id = query.value(0).toLongLong();
    // An order that contradicts itself would lead round in circles.
    const bool behind = !reading.any || (upwards ? id > reading.last : id < reading.last) || (id == reading.last && !m_keyOfOne);
    if (id < range.first || id > range.last || !behind || !canBe(query)) {
      reading.odd = true;
      // Where the row would fit behind the one before the last, it is the last that has a wrong id.
      if (upwards && reading.any && id >= range.first && id < reading.last && (!before || id > *before)) {
        reading.any = before.has_value();
        reading.last = before.value_or(0);
      }
      m_from.takeError();
      return reading;
    }
    if (!insert(query)) {
      m_refused = true;
      return reading;
    }
    if (!reading.any) reading.first = id;
    if (reading.any) before = reading.last;
    reading.any = true;
    reading.last = id;
  }
  reading.whole = query.isActive() && !query.lastError().isValid();
  m_from.takeError();
  return reading;
}

/// False for a row of another table on a page that was written in the wrong place, and for one without anything: a zeroed piece of a
/// page reads as such.
bool Salvage::canBe(const QSqlQuery& row) const {
  bool anything = m_columns.size() == 1;
  for (std::size_t i = 1; i < m_columns.size(); ++i) {
    const QVariant value = row.value(static_cast<int>(i));
    if (value.isNull()) continue;
    if (value.typeId() != m_columns[i].type) return false;
    if (!m_columns[i].hasDefault) anything = true;
  }
  return anything;
}

bool Salvage::insert(const QSqlQuery& row) {
  QStringList names, marks;
  for (const Column& column : m_columns) {
    names << column.name;
    marks << QStringLiteral("?");
  }
  QSqlQuery query(m_to.connection());
  QString indexed;  // the text of the row that the full-text index holds
  query.prepare(QStringLiteral("INSERT OR IGNORE INTO %1(%2) VALUES (%3)")
                    .arg(m_table, names.join(QLatin1String(", ")), marks.join(QLatin1String(", "))));
  for (std::size_t i = 0; i < m_columns.size(); ++i) {
    QVariant value = row.value(static_cast<int>(i));
    if (value.isNull()) value = m_columns[i].insteadOfNull;
    if (m_table == QLatin1String("messages")) {
      // Words that a damaged row may have changed, and that the table would refuse.
      if (m_columns[i].name == QLatin1String("author")) value = authorName(authorOf(value.toString()));
      if (m_columns[i].name == QLatin1String("state")) value = stateName(stateOf(value.toString()));
    }
    // Made anew: the row may be damaged in either.
    if (m_columns[i].name == QLatin1String("text") || m_columns[i].name == QLatin1String("title")) indexed = value.toString();
    if (m_columns[i].name == QLatin1String("pairs")) value = orNull(pairsOfText(indexed));
    query.addBindValue(value);
  }
  return query.exec();
}

bool copyMissing(Database& from, Database& to, Missing& missing) {
  for (auto& [table, ranges] : missing) {
    Salvage salvage(from, to, table);
    std::vector<IdRange> left;
    for (const IdRange& range : ranges) {
      const bool behindBreak = !left.empty() && left.back().last + 1 == range.first;
      for (const IdRange& hole : salvage.copy(range, behindBreak)) left.push_back(hole);
      if (salvage.refused()) return false;
    }
    ranges = left;
  }
  return true;
}

}  // namespace tercet
