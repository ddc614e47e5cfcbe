#include "app/storage/loose_pages.h"

#include <QByteArray>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <limits>
#include <map>
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

int twoBytes(const QByteArray& bytes, qsizetype at) { return static_cast<quint8>(bytes[at]) << 8 | static_cast<quint8>(bytes[at + 1]); }

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

/// A page with rows, as it lies on the disk (https://www.sqlite.org/fileformat.html, 1.6 and 2.1). Nothing in it is trusted.
class RowPage {
 public:
  explicit RowPage(const QByteArray& bytes);

  bool hasRowIds() const { return m_type == kTableLeaf; }
  bool isEmpty() const { return m_cells.empty(); }
  /// True when more than half of the rows have just these columns: damage to one row does not hide the others.
  bool holds(const std::vector<ColumnKinds>& columns) const;
  /// From the first to the last row that has an id; empty (first > last) when none has.
  IdRange ids() const;

 private:
  static constexpr int kTableLeaf = 13, kIndexLeaf = 10, kIndexInner = 2;
  struct Cell {
    qint64 id = 0;
    std::vector<quint64> kinds;  // serial types
  };
  std::optional<Cell> cellAt(const QByteArray& bytes, qsizetype at) const;

  int m_type = 0;
  qsizetype m_count = 0;  // of cells, also unreadable ones
  std::vector<Cell> m_cells;
};

RowPage::RowPage(const QByteArray& bytes) {
  if (bytes.size() < 16) return;
  m_type = static_cast<quint8>(bytes[0]);
  if (m_type != kTableLeaf && m_type != kIndexLeaf && m_type != kIndexInner) return;
  m_count = twoBytes(bytes, 3);
  const qsizetype pointers = m_type == kIndexInner ? 12 : 8;
  m_count = std::min<qsizetype>(m_count, (bytes.size() - pointers) / 2);
  for (qsizetype i = 0; i < m_count; ++i) {
    if (std::optional<Cell> cell = cellAt(bytes, twoBytes(bytes, pointers + 2 * i))) m_cells.push_back(std::move(*cell));
  }
}

std::optional<RowPage::Cell> RowPage::cellAt(const QByteArray& bytes, qsizetype at) const {
  if (m_type == kIndexInner) at += 4;  // the page below
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

bool RowPage::holds(const std::vector<ColumnKinds>& columns) const {
  const auto good = std::count_if(m_cells.begin(), m_cells.end(), [&](const Cell& cell) {
    return std::equal(cell.kinds.begin(), cell.kinds.end(), columns.begin(), columns.end(), fits);
  });
  return good > m_count / 2;
}

IdRange RowPage::ids() const {
  IdRange range{std::numeric_limits<qint64>::max(), -1};
  for (const Cell& cell : m_cells) {
    if (cell.id < 0) continue;
    range.first = std::min(range.first, cell.id);
    range.last = std::max(range.last, cell.id);
  }
  return range;
}

struct DiskTable {
  QString name;
  QString sql;
  bool hasRowIds = true;
  std::vector<ColumnKinds> columns;
};

std::vector<DiskTable> tablesOf(Database& database) {
  std::vector<DiskTable> tables;
  for (const QString& name : Salvage::tables(database)) {
    QSqlQuery entry = database.run(
        QStringLiteral("SELECT s.sql, l.wr FROM sqlite_schema s, pragma_table_list l WHERE s.name = ? AND l.schema = 'main' AND l.name = s.name"), {name});
    if (!entry.next()) continue;
    DiskTable table{name, entry.value(0).toString(), !entry.value(1).toBool(), {}};
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

/// Moves what the journal holds into the database. One that cannot be read is as good as none.
std::optional<StorageError> emptyJournal(const QString& database) {
  Database journal;
  if (std::optional<StorageError> error = journal.openUnchecked(database)) return error;
  journal.execute(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)"));
  journal.close();
  for (const char* end : {"-wal", "-shm"}) QFile::remove(database + QLatin1String(end));
  return std::nullopt;
}

/// Writes the pages behind the first of `damaged` after it; what the disk does not give is left empty.
bool appendPages(const QString& damaged, QFile& copy) {
  QFile file(damaged);
  if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered)) return false;
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
  if (first.isEmpty() || !copy.open(QIODevice::ReadWrite)) return noRoom();
  const auto begin = [&] { return writeFirstPage(copy, first, copy.size() / kPageSize); };
  if (!copy.seek(kPageSize) || !appendPages(damaged, copy) || !begin()) return noRoom();
  if (!QFileInfo::exists(Database::journalOf(damaged))) return std::nullopt;
  if (!QFile::copy(Database::journalOf(damaged), Database::journalOf(work))) return noRoom();
  if (std::optional<StorageError> error = emptyJournal(work)) return error;
  // It may have held a first page, whose list of tables leads nowhere either.
  if (!begin()) return noRoom();
  return std::nullopt;
}

/// The pages that hold rows of the tables, by table, as far as rows in their range are missing.
std::map<QString, std::vector<qint64>> pagesWithMissing(const QString& path, const std::vector<DiskTable>& tables, const Missing& missing) {
  std::map<QString, std::vector<qint64>> pages;
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly) || !file.seek(kPageSize)) return pages;
  QByteArray bytes;
  for (qint64 number = 2; (bytes = file.read(kPageSize)).size() == kPageSize; ++number) {
    const RowPage page(bytes);
    // No two tables have the same columns.
    const auto table = std::find_if(tables.begin(), tables.end(), [&](const DiskTable& each) {
      return each.hasRowIds == page.hasRowIds() && page.holds(each.columns);
    });
    if (table == tables.end()) continue;
    const auto holes = missing.find(table->name);
    if (holes == missing.end()) continue;
    const IdRange ids = page.ids();
    const bool wanted = std::any_of(holes->second.begin(), holes->second.end(), [&](const IdRange& hole) {
      return !table->hasRowIds || (ids.first <= hole.last && hole.first <= ids.last);
    });
    if (wanted) pages[table->name].push_back(number);
  }
  return pages;
}

/// Reads each page of a table as a table of its own: a page that ends a tree is a whole tree where the list of tables says
/// that the tree begins with it.
std::optional<StorageError> copyPages(Database& from, Database& to, const DiskTable& table, const std::vector<qint64>& pages) {
  const auto changeList = [&](const char* statement, std::initializer_list<QVariant> values) {
    return from.execute(QStringLiteral("PRAGMA writable_schema = ON")) && from.execute(QLatin1String(statement), values) &&
           from.execute(QStringLiteral("PRAGMA writable_schema = RESET"));
  };
  if (!changeList("INSERT INTO sqlite_schema(type, name, tbl_name, rootpage, sql) VALUES ('table', ?, ?, ?, ?)",
                  {table.name, table.name, pages.front(), table.sql})) {
    return from.takeError();
  }
  Salvage salvage(from, to, table.name);
  for (const qint64 page : pages) {
    if (!changeList("UPDATE sqlite_schema SET rootpage = ?", {page})) return from.takeError();
    salvage.copy({});
    if (salvage.refused()) return to.takeError().value_or(noRoom());
  }
  if (!changeList("DELETE FROM sqlite_schema", {})) return from.takeError();
  return std::nullopt;
}

}  // namespace

std::optional<StorageError> copyLoosePages(const QString& damaged, const QString& work, Database& to, const Missing& missing) {
  if (std::optional<StorageError> error = makeCopy(damaged, work)) return error;
  const std::vector<DiskTable> tables = tablesOf(to);
  const std::map<QString, std::vector<qint64>> pages = pagesWithMissing(work, tables, missing);
  Database from;
  if (std::optional<StorageError> error = from.openUnchecked(work)) return error;
  // The copy is of no use when this is cut off.
  if (!from.execute(QStringLiteral("PRAGMA journal_mode = OFF")) || !from.execute(QStringLiteral("PRAGMA synchronous = OFF"))) return from.takeError();
  for (const DiskTable& table : tables) {
    const auto own = pages.find(table.name);
    if (own == pages.end()) continue;
    if (std::optional<StorageError> error = copyPages(from, to, table, own->second)) return error;
  }
  return std::nullopt;
}

}  // namespace tercet
