#include "app/storage/loose_pages.h"

#include <QByteArray>
#include <QFile>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "app/storage/journal.h"
#include "app/storage/tree_page.h"

namespace tercet {
namespace {

constexpr qsizetype kSizeField = 28;  // in the header: how many pages the file has

struct DiskTable {
  QString name;
  QString sql;
  bool hasRowIds = true;
  qint64 root = 0;  // where its tree begins; the same page in every file, since all begin with the same 1.sql
  std::vector<ColumnKinds> columns;
};

std::vector<DiskTable> tablesOf(Database& database) {
  std::vector<DiskTable> tables;
  for (const QString& name : Salvage::tables(database)) {
    QSqlQuery entry = database.run(
        QStringLiteral("SELECT s.sql, l.wr, s.rootpage FROM sqlite_schema s, pragma_table_list l "
                       "WHERE s.name = ? AND l.schema = 'main' AND l.name = s.name"),
        {name});
    if (!entry.next()) continue;
    DiskTable table{name, entry.value(0).toString(), !entry.value(1).toBool(), entry.value(2).toLongLong(), {}};
    entry.finish();
    QSqlQuery columns = database.run(QStringLiteral("SELECT type, \"notnull\", pk FROM pragma_table_info(?)"), {name});
    while (columns.next()) {
      const bool rowId = table.hasRowIds && columns.value(2).toInt() > 0;  // stands before the row; in it there is NULL
      const QString type = columns.value(0).toString();
      const char kind = rowId ? 0 : type == QLatin1String("INTEGER") ? 'i' : type == QLatin1String("BLOB") ? 'b' : 't';
      table.columns.push_back({.null = rowId || (!columns.value(1).toBool() && columns.value(2).toInt() == 0), .kind = kind});
    }
    tables.push_back(table);
  }
  return tables;
}

/// The first page of a database without tables. Empty when it is not as it should be.
QByteArray firstPage(const QString& database) {
  QFile file(database);
  const QByteArray page = file.open(QIODevice::ReadOnly) ? file.read(kPageSize) : QByteArray();
  return page.size() == kPageSize ? page : QByteArray();
}

/// Begins `file` with a first page that says how many pages there are.
bool writeFirstPage(QFile& file, QByteArray page, qint64 pages) {
  for (int i = 0; i < 4; ++i) page[kSizeField + i] = static_cast<char>(pages >> (8 * (3 - i)));
  return file.seek(0) && file.write(page) == kPageSize && file.flush();
}

/// Copies the pages behind the first; what the disk does not give is left empty. False when there is no room.
bool append(const QString& path, QFile& copy) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered)) return true;
  for (qint64 at = kPageSize; at < file.size(); at += kPageSize) {
    QByteArray page = file.seek(at) ? file.read(kPageSize) : QByteArray();
    page.append(kPageSize - page.size(), '\0');
    if (copy.write(page) != kPageSize) return false;
  }
  return copy.flush();
}

StorageError noRoom() { return {StorageError::Cause::Full, QStringLiteral("no room for a copy of the damaged file")}; }

/// A copy of the damaged file with an empty list of tables and what the journal holds in its place.
std::optional<StorageError> makeCopy(const QString& damaged, const QString& work) {
  Database empty;
  if (std::optional<StorageError> error = empty.openUnchecked(work)) return error;
  if (!empty.execute(QStringLiteral("PRAGMA journal_mode = WAL"))) return empty.takeError();
  empty.close();
  const QByteArray first = firstPage(work);
  QFile copy(work);
  if (first.isEmpty() || !copy.open(QIODevice::ReadWrite) || !copy.seek(kPageSize)) return noRoom();
  if (!append(damaged, copy) || !applyJournal(Database::journalOf(damaged), copy)) return noRoom();
  if (!writeFirstPage(copy, first, copy.size() / kPageSize)) return noRoom();
  return std::nullopt;
}

/// A page with rows of a table.
struct RowPage {
  qint64 number = 0;
  IdRange range;        // of its ids, where it has such
  bool wanted = false;  // rows in that range are missing
};

/// Which pages belong to which table, read from the pages themselves.
class PageOwners {
 public:
  PageOwners(const std::vector<DiskTable>& tables, const Missing& missing) : m_tables(tables), m_missing(missing), m_rows(tables.size()) {}

  void add(qint64 number, const TreePage& page) {
    if (!page.children().empty()) m_children[number] = page.children();
    if (page.isBare()) m_bare.insert(number);
    if (!page.hasRows()) return;
    // No two tables have the same columns.
    const auto table = std::find_if(m_tables.begin(), m_tables.end(), [&](const DiskTable& each) {
      return each.hasRowIds == page.hasRowIds() && page.holds(each.columns);
    });
    if (table == m_tables.end()) return;
    const auto index = static_cast<std::size_t>(table - m_tables.begin());
    m_owners[number] = index;
    const auto holes = m_missing.find(table->name);
    if (holes == m_missing.end()) return;
    const IdRange range = page.range();
    const bool wanted = std::any_of(holes->second.begin(), holes->second.end(), [&](const IdRange& hole) {
      return !table->hasRowIds || (range.first <= hole.last && hole.first <= range.last);
    });
    m_rows[index].push_back({number, range, wanted});
  }

  /// By table, in the order of their ids.
  std::vector<std::vector<RowPage>> rows() const {
    std::vector<std::vector<RowPage>> sorted = m_rows;
    for (std::vector<RowPage>& pages : sorted) {
      std::sort(pages.begin(), pages.end(), [](const RowPage& a, const RowPage& b) { return a.range.first < b.range.first; });
    }
    return sorted;
  }

  /// True for the tables of which no page is lost: their pages lead to their pages only, and all are led to but the beginning.
  std::vector<bool> whole() {
    ownTheInner();
    std::vector<std::size_t> astray(m_tables.size());
    std::set<qint64> led;
    for (const auto& [number, children] : m_children) {
      const auto owner = m_owners.find(number);
      if (owner == m_owners.end()) continue;
      for (const qint64 child : children) {
        const auto same = m_owners.find(child);
        if (same == m_owners.end() || same->second != owner->second || !led.insert(child).second) ++astray[owner->second];
      }
    }
    std::vector<std::vector<qint64>> beginnings(m_tables.size());
    for (const auto& [number, owner] : m_owners) {
      if (led.count(number) == 0) beginnings[owner].push_back(number);
    }
    std::vector<bool> whole;
    for (std::size_t i = 0; i < m_tables.size(); ++i) {
      const bool empty = beginnings[i].empty() && m_bare.count(m_tables[i].root) > 0;
      whole.push_back(empty || (astray[i] == 0 && beginnings[i] == std::vector<qint64>{m_tables[i].root}));
    }
    return whole;
  }

 private:
  /// A page that leads to pages of a table is one of it.
  void ownTheInner() {
    for (bool more = true; std::exchange(more, false);) {
      for (const auto& [number, children] : m_children) {
        if (m_owners.count(number) > 0) continue;
        const auto known = std::find_if(children.begin(), children.end(), [this](qint64 child) { return m_owners.count(child) > 0; });
        if (known == children.end()) continue;
        m_owners[number] = m_owners[*known];
        more = true;
      }
    }
  }

  const std::vector<DiskTable>& m_tables;
  const Missing& m_missing;
  std::vector<std::vector<RowPage>> m_rows;
  std::map<qint64, std::size_t> m_owners;            // by page
  std::map<qint64, std::vector<qint64>> m_children;  // by page
  std::set<qint64> m_bare;
};

/// What is left of `ranges` without `known`; the first ids of `known` are in order.
std::vector<IdRange> without(const std::vector<IdRange>& ranges, const std::vector<IdRange>& known) {
  std::vector<IdRange> left;
  for (IdRange range : ranges) {
    auto next = std::lower_bound(known.begin(), known.end(), range.first, [](const IdRange& each, qint64 id) { return each.last < id; });
    for (; next != known.end() && next->first <= range.last && range.first <= range.last; ++next) {
      if (range.first < next->first) left.push_back({range.first, next->first - 1});
      range.first = std::max(range.first, next->last + 1);
    }
    if (range.first <= range.last) left.push_back(range);
  }
  return left;
}

TreePage pageOf(const QString& path, qint64 number) {
  QFile file(path);
  return TreePage(file.open(QIODevice::ReadOnly) && file.seek((number - 1) * kPageSize) ? file.read(kPageSize) : QByteArray());
}

/// Reads each page of a table as a table of its own: a page that ends a tree is a whole tree where the list of tables says
/// that the tree begins with it.
class PageCopy {
 public:
  PageCopy(Database& from, Database& to, const DiskTable& table) : m_from(from), m_to(to), m_table(table) {}

  /// Copies the wanted ones of `pages`. `known` are the ranges of those that could be read from their first to their last row.
  std::optional<StorageError> copy(const std::vector<RowPage>& pages, std::vector<IdRange>& known, bool& all) {
    const auto first = std::find_if(pages.begin(), pages.end(), [](const RowPage& page) { return page.wanted; });
    if (first == pages.end()) return std::nullopt;
    if (!changeList("INSERT INTO sqlite_schema(type, name, tbl_name, rootpage, sql) VALUES ('table', ?, ?, ?, ?)",
                    {m_table.name, m_table.name, first->number, m_table.sql})) {
      return m_from.takeError();
    }
    Salvage salvage(m_from, m_to, m_table.name);
    for (auto page = first; page != pages.end(); ++page) {
      if (!page->wanted) continue;
      if (!changeList("UPDATE sqlite_schema SET rootpage = ?", {page->number})) return m_from.takeError();
      const bool good = salvage.copy(kAllIds).empty();
      if (good && m_table.hasRowIds) known.push_back(page->range);
      if (!good && m_table.hasRowIds) salvage.copyEach(pageOf(m_from.path(), page->number).ids());
      if (salvage.refused()) return m_to.takeError().value_or(noRoom());
      all = all && good;
    }
    if (!changeList("DELETE FROM sqlite_schema", {})) return m_from.takeError();
    return std::nullopt;
  }

 private:
  bool changeList(const char* statement, std::initializer_list<QVariant> values) {
    return m_from.execute(QStringLiteral("PRAGMA writable_schema = ON")) && m_from.execute(QLatin1String(statement), values) &&
           m_from.execute(QStringLiteral("PRAGMA writable_schema = RESET"));
  }

  Database& m_from;
  Database& m_to;
  const DiskTable& m_table;
};

/// A page that was written in another's place: nothing tells what that one held.
bool overlap(const std::vector<RowPage>& pages) {
  const auto met = [](const RowPage& a, const RowPage& b) { return a.range.last >= b.range.first; };
  return std::adjacent_find(pages.begin(), pages.end(), met) != pages.end();
}

}  // namespace

std::optional<StorageError> copyLoosePages(const QString& damaged, const QString& work, Database& to, Missing& missing) {
  if (std::optional<StorageError> error = makeCopy(damaged, work)) return error;
  const std::vector<DiskTable> tables = tablesOf(to);
  PageOwners owners(tables, missing);
  {
    QFile file(work);
    if (!file.open(QIODevice::ReadOnly)) return noRoom();
    QByteArray bytes = file.read(kPageSize);
    for (qint64 number = 2; (bytes = file.read(kPageSize)).size() == kPageSize; ++number) owners.add(number, TreePage(bytes));
  }
  Database from;
  if (std::optional<StorageError> error = from.openUnchecked(work)) return error;
  // The copy is of no use when this is cut off.
  if (!from.execute(QStringLiteral("PRAGMA journal_mode = OFF")) || !from.execute(QStringLiteral("PRAGMA synchronous = OFF"))) {
    return from.takeError();
  }
  const std::vector<std::vector<RowPage>> rows = owners.rows();
  const std::vector<bool> whole = owners.whole();
  for (std::size_t i = 0; i < tables.size(); ++i) {
    std::vector<IdRange>& holes = missing[tables[i].name];
    std::vector<IdRange> known;
    bool all = true;
    if (std::optional<StorageError> error = PageCopy(from, to, tables[i]).copy(rows[i], known, all)) return error;
    if (tables[i].hasRowIds && overlap(rows[i])) continue;
    holes = whole[i] && all ? std::vector<IdRange>() : without(holes, known);
  }
  return std::nullopt;
}

}  // namespace tercet
