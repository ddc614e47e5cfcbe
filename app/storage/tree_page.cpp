#include "app/storage/tree_page.h"

#include <QtEndian>

#include <algorithm>
#include <utility>

namespace tercet {
namespace {

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

bool fitsColumn(quint64 serial, const ColumnKinds& column) {
  if (serial == 0) return column.null;
  const bool integer = serial <= 6 || serial == 8 || serial == 9;
  switch (column.kind) {
    case 'i': return integer;
    case 't': return serial >= 13 && serial % 2 == 1;
    case 'b': return serial >= 12 && serial % 2 == 0;
    default: return false;
  }
}

}  // namespace

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
    return std::equal(cell.kinds.begin(), cell.kinds.end(), columns.begin(), columns.end(), fitsColumn);
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

}  // namespace tercet
