// A page of a database file, read without the database (https://www.sqlite.org/fileformat.html, 1.6 and 2.1).
#pragma once

#include <QByteArray>

#include <optional>
#include <vector>

#include "app/storage/salvage.h"

namespace tercet {

constexpr qsizetype kPageSize = 4096;  // SQLite's own, which every version of Tercet has kept

/// What a column of a table may hold on the disk.
struct ColumnKinds {
  bool null = false;
  char kind = 0;  // 'i' integer, 't' text, 'b' bytes; 0: nothing but NULL
};

/// A page of a table's tree, as it lies on the disk. Nothing in it is trusted.
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
  const std::vector<qint64>& children() const { return m_children; }

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

}  // namespace tercet
