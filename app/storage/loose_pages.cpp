#include "app/storage/loose_pages.h"

#include <QByteArray>
#include <QFile>
#include <QFileInfo>
#include <QtEndian>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace tercet {
namespace {

constexpr qsizetype kPageSize = 4096;  // SQLite's own, which every version of Tercet has kept
constexpr qsizetype kSizeField = 28;   // in the header: how many pages the file has
constexpr std::size_t kMostColumns = 64;

/// A number of 1 to 9 bytes, 7 bits in each but the last, the highest first. Nothing when the page ends before it does.
std::optional<quint64> takeNumber(const QByteArray& bytes, qsizetype& at) {
  quint64 value = 0;
  for (int i = 0; i < 9; ++i) {
    if (at >= bytes.size()) return std::nullopt;
    const auto byte = static_cast<quint8>(bytes[at++]);
    if (i == 8) return (value << 8) | byte;
    value = (value << 7) | (byte & 0x7f);
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

qint64 fourBytes(const QByteArray& bytes, qsizetype at) { return qFromBigEndian<quint32>(bytes.constData() + at); }
int twoBytes(const QByteArray& bytes, qsizetype at) { return qFromBigEndian<quint16>(bytes.constData() + at); }

/// What a column of a table may hold on the disk.
struct ColumnKinds {
  bool null = false;
  char kind = 0;  // 'i' integer, 't' text, 'b' bytes; 0: nothing but NULL
};

bool fits(quint64 serial, const ColumnKinds& column) {
  if (serial == 0) return column.null;
  const bool integer = serial <= 6 || serial == 8 || serial == 9;
  switch (column.kind) {
    case 'i': return integer;
    case 't': return serial >= 13 && serial % 2 == 1;
    case 'b': return serial >= 12 && serial % 2 == 0;
    default: return false;
  }
}

/// A page of a table's tree, as it lies on the disk (https://www.sqlite.org/fileformat.html, 1.6 and 2.1). Nothing in it is trusted.
class TreePage {
 public:
  explicit TreePage(const QByteArray& bytes);

  /// Rows stand on the last pages of a tree; in a table without row ids also on those that lead there.
  bool hasRows() const { return !m_cells.empty(); }
  bool hasRowIds() const { return m_type == kTableLeaf; }
  /// True when more than half of the rows have just these columns: damage to one row does not hide the others.
  bool holds(const std::vector<ColumnKinds>& columns) const;
  /// From the first to the last row that has an id.
  IdRange range() const;
  std::vector<qint64> ids() const;
  /// A leaf without rows: an empty table.
  bool isBare() const { return m_type == kTableLeaf && m_count == 0; }
  /// The pages that it leads to.
  std::vector<qint64> children() const { return m_children; }

 private:
  static constexpr int kTableLeaf = 13, kTableInner = 5, kIndexLeaf = 10, kIndexInner = 2;
  struct Cell {
    qint64 id = 0;
    std::vector<quint64> kinds;  // serial types
  };
  std::optional<Cell> cellAt(const QByteArray& bytes, qsizetype at) const;

  int m_type = 0;
  qsizetype m_count = 0;  // of cells, also unreadable ones
  std::vector<Cell> m_cells;
  std::vector<qint64> m_children;
};

TreePage::TreePage(const QByteArray& bytes) {
  if (bytes.size() < kPageSize) return;
  m_type = static_cast<quint8>(bytes[0]);
  const bool inner = m_type == kTableInner || m_type == kIndexInner;
  if (!inner && m_type != kTableLeaf && m_type != kIndexLeaf) return;
  const qsizetype pointers = inner ? 12 : 8;
  m_count = std::min<qsizetype>(twoBytes(bytes, 3), (bytes.size() - pointers) / 2);
  if (inner) m_children.push_back(fourBytes(bytes, 8));
  for (qsizetype i = 0; i < m_count; ++i) {
    const qsizetype at = twoBytes(bytes, pointers + 2 * i);
    if (inner && at + 4 <= bytes.size()) m_children.push_back(fourBytes(bytes, at));
    if (m_type == kTableInner) continue;
    if (std::optional<Cell> cell = cellAt(bytes, inner ? at + 4 : at)) m_cells.push_back(std::move(*cell));
  }
}

std::optional<TreePage::Cell> TreePage::cellAt(const QByteArray& bytes, qsizetype at) const {
  Cell cell;
  if (!takeNumber(bytes, at)) return std::nullopt;  // bytes of the row
  if (hasRowIds()) {
    const std::optional<quint64> id = takeNumber(bytes, at);
    if (!id) return std::nullopt;
    cell.id = static_cast<qint64>(*id);
  }
  const qsizetype begin = at;
  const std::optional<quint64> length = takeNumber(bytes, at);
  if (!length || *length > static_cast<quint64>(bytes.size() - begin)) return std::nullopt;
  while (at < begin + static_cast<qsizetype>(*length)) {
    const std::optional<quint64> kind = takeNumber(bytes, at);
    if (!kind || cell.kinds.size() == kMostColumns) return std::nullopt;
    cell.kinds.push_back(*kind);
  }
  return cell;
}

bool TreePage::holds(const std::vector<ColumnKinds>& columns) const {
  const auto good = std::count_if(m_cells.begin(), m_cells.end(), [&](const Cell& cell) {
    return std::equal(cell.kinds.begin(), cell.kinds.end(), columns.begin(), columns.end(), fits);
  });
  return good > m_count / 2;
}

IdRange TreePage::range() const {
  const auto [first, last] = std::minmax_element(m_cells.begin(), m_cells.end(), [](const Cell& a, const Cell& b) { return a.id < b.id; });
  return {first->id, last->id};
}

std::vector<qint64> TreePage::ids() const {
  std::vector<qint64> ids;
  for (const Cell& cell : m_cells) ids.push_back(cell.id);
  return ids;
}

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
        QStringLiteral("SELECT s.sql, l.wr, s.rootpage FROM sqlite_schema s, pragma_table_list l WHERE s.name = ? AND l.schema = 'main' AND l.name = s.name"), {name});
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

/// Copies a file from `from` on, in whole pages; what the disk does not give is left empty. False when there is no room.
bool append(const QString& path, qint64 from, QFile& copy) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered)) return true;
  for (qint64 at = from; at < file.size(); at += kPageSize) {
    QByteArray page = file.seek(at) ? file.read(kPageSize) : QByteArray();
    page.append(kPageSize - page.size(), '\0');
    if (copy.write(page) != kPageSize) return false;
  }
  return copy.flush();
}

StorageError noRoom() { return {StorageError::Cause::Full, QStringLiteral("no room for a copy of the damaged file")}; }

/// Moves what the journal of the copy holds into it. Of one that is damaged, what comes before the damage.
std::optional<StorageError> emptyJournal(const QString& work) {
  Database journal;
  if (std::optional<StorageError> error = journal.openUnchecked(work)) return error;
  journal.execute(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)"));
  const std::optional<StorageError> error = journal.takeError();
  journal.close();
  for (const char* end : {"-wal", "-shm"}) QFile::remove(work + QLatin1String(end));
  return error && error->cause == StorageError::Cause::Full ? error : std::nullopt;
}

/// A copy of the damaged file with an empty list of tables and what the journal holds in its place.
std::optional<StorageError> makeCopy(const QString& damaged, const QString& work) {
  Database empty;
  if (std::optional<StorageError> error = empty.openUnchecked(work)) return error;
  if (!empty.execute(QStringLiteral("PRAGMA journal_mode = WAL"))) return empty.takeError();
  empty.close();
  const QByteArray first = firstPage(work);
  QFile copy(work);
  if (first.isEmpty() || !copy.open(QIODevice::ReadWrite)) return noRoom();
  const auto begin = [&] { return writeFirstPage(copy, first, copy.size() / kPageSize); };
  if (!copy.seek(kPageSize) || !append(damaged, kPageSize, copy) || !begin()) return noRoom();
  if (QFileInfo(Database::journalOf(damaged)).size() == 0) return std::nullopt;
  {
    QFile journal(Database::journalOf(work));
    if (!journal.open(QIODevice::WriteOnly) || !append(Database::journalOf(damaged), 0, journal)) return noRoom();
  }
  if (std::optional<StorageError> error = emptyJournal(work)) return error;
  // It may have held a first page, whose list of tables leads nowhere either.
  if (!begin()) return noRoom();
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

/// Takes `known` out of the ranges.
void subtract(std::vector<IdRange>& ranges, IdRange known) {
  std::vector<IdRange> left;
  for (const IdRange& range : ranges) {
    if (known.last < range.first || range.last < known.first) {
      left.push_back(range);
      continue;
    }
    if (range.first < known.first) left.push_back({range.first, known.first - 1});
    if (known.last < range.last) left.push_back({known.last + 1, range.last});
  }
  ranges = left;
}

TreePage pageOf(const QString& path, qint64 number) {
  QFile file(path);
  return TreePage(file.open(QIODevice::ReadOnly) && file.seek((number - 1) * kPageSize) ? file.read(kPageSize) : QByteArray());
}

/// Reads each page of a table as a table of its own: a page that ends a tree is a whole tree where the list of tables says
/// that the tree begins with it. What could be read from its first to its last row is not missing afterwards.
class PageCopy {
 public:
  PageCopy(Database& from, Database& to, const DiskTable& table) : m_from(from), m_to(to), m_table(table) {}

  /// True in `all` when every row of the pages could be read.
  std::optional<StorageError> copy(const std::vector<RowPage>& pages, std::vector<IdRange>& missing, bool& all) {
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
      if (good && m_table.hasRowIds) subtract(missing, page->range);
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
  return std::adjacent_find(pages.begin(), pages.end(), [](const RowPage& a, const RowPage& b) { return a.range.last >= b.range.first; }) != pages.end();
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
  if (!from.execute(QStringLiteral("PRAGMA journal_mode = OFF")) || !from.execute(QStringLiteral("PRAGMA synchronous = OFF"))) return from.takeError();
  const std::vector<std::vector<RowPage>> rows = owners.rows();
  const std::vector<bool> whole = owners.whole();
  for (std::size_t i = 0; i < tables.size(); ++i) {
    std::vector<IdRange>& holes = missing[tables[i].name];
    std::vector<IdRange> left = holes;
    bool all = true;
    if (std::optional<StorageError> error = PageCopy(from, to, tables[i]).copy(rows[i], left, all)) return error;
    if (tables[i].hasRowIds && overlap(rows[i])) continue;
    holes = whole[i] && all ? std::vector<IdRange>() : left;
  }
  return std::nullopt;
}

}  // namespace tercet
