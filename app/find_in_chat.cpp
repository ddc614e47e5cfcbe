#include "app/find_in_chat.h"

#include <algorithm>
#include <utility>

#include "app/message_model.h"
#include "app/storage/search_query.h"

namespace tercet {

FindInChat::FindInChat(MessageModel* messages, QObject* parent) : QObject(parent), m_messages(messages) {
  connect(messages, &MessageModel::rowsInserted, this, [this](const QModelIndex&, int first, int last) {
    if (!m_active) return;
    m_found.insert(m_found.begin() + first, static_cast<std::size_t>(last - first + 1), {});
    if (m_row >= first) m_row += last - first + 1;
    for (int row = first; row <= last; ++row) search(row);
    settle();
  });
  connect(messages, &MessageModel::rowsRemoved, this, [this](const QModelIndex&, int first, int last) {
    if (!m_active) return;
    int gone = 0;
    for (int row = first; row <= last; ++row) gone += static_cast<int>(places(row).size());
    m_found.erase(m_found.begin() + first, m_found.begin() + last + 1);
    if (m_row > last) {
      m_row -= last - first + 1;
    } else if (m_row >= first) {
      m_row = m_place = -1;
    }
    setCount(m_count - gone);
    settle();
  });
  connect(messages, &MessageModel::dataChanged, this,
          [this](const QModelIndex& first, const QModelIndex& last, const QList<int>& roles) {
            if (!m_active || !(roles.isEmpty() || roles.contains(MessageModel::TextRole))) return;
            for (int row = first.row(); row <= last.row(); ++row) search(row);
            settle();
          });
  connect(messages, &MessageModel::modelReset, this, [this] {
    if (m_active) searchAll();
  });
}

FindInChat::~FindInChat() = default;

void FindInChat::setActive(bool active) {
  if (active == m_active) return;
  m_active = active;
  searchAll();
  Q_EMIT activeChanged();
}

void FindInChat::setText(const QString& text) {
  if (text == m_text) return;
  m_text = text;
  m_folded = folded(text);
  Q_EMIT textChanged();
  searchAll();
  showCurrent();
}

int FindInChat::current() const {
  if (m_row < 0) return 0;
  int before = 0;
  for (int row = 0; row < m_row; ++row) before += static_cast<int>(m_found[static_cast<std::size_t>(row)].places.size());
  return before + m_place + 1;
}

std::vector<TextRange> FindInChat::places(int row) const {
  return row >= 0 && static_cast<std::size_t>(row) < m_found.size() ? m_found[static_cast<std::size_t>(row)].places
                                                                     : std::vector<TextRange>{};
}

void FindInChat::beginAt(int row) {
  m_begin = row;
  leave();
  settle();
  showCurrent();
}

void FindInChat::next() {
  if (m_count == 0) return;
  int row = m_row, place = m_place + 1;
  while (static_cast<std::size_t>(place) >= m_found[static_cast<std::size_t>(row)].places.size()) {
    row = (row + 1) % static_cast<int>(m_found.size());
    place = 0;
  }
  goTo(row, place);
  showCurrent();
}

void FindInChat::previous() {
  if (m_count == 0) return;
  int row = m_row, place = m_place - 1;
  while (place < 0) {
    row = (row == 0 ? static_cast<int>(m_found.size()) : row) - 1;
    place = static_cast<int>(m_found[static_cast<std::size_t>(row)].places.size()) - 1;
  }
  goTo(row, place);
  showCurrent();
}

void FindInChat::reach(int row) {
  const std::vector<TextRange> found = findTerms(m_messages->at(row).text, parseSearch(m_searched).terms, 1);
  const MessageBlocks::Place place = found.empty() ? MessageBlocks::Place{} : m_messages->blocksAt(row)->placeOf(found.front());
  Q_EMIT shown(row, place.block, place.position);
}

void FindInChat::searchAll() {
  leave();
  m_found.assign(m_active ? static_cast<std::size_t>(m_messages->count()) : 0, {});
  m_count = 0;
  for (int row = 0; row < m_messages->count(); ++row) {
    if (m_active) {
      search(row);
    } else {
      m_messages->blocksAt(row)->setFound({});
    }
  }
  Q_EMIT countChanged();
  settle();
  Q_EMIT currentChanged();
}

/// Searches what was added to the end of a message, with as much before it as a place can begin in.
void FindInChat::search(int row) {
  if (m_folded.isEmpty()) return m_messages->blocksAt(row)->setFound({});
  Found& found = m_found[static_cast<std::size_t>(row)];
  const QString& whole = m_messages->at(row).text;
  const std::size_t before = found.places.size();
  if (whole.size() < found.searched) found = {};
  const FoldedText text = foldedWithOrigins(QStringView(whole).mid(found.searched));
  const auto origin = [&](qsizetype at) { return found.searched + text.origins[static_cast<std::size_t>(at)]; };
  qsizetype done = std::max(qsizetype{0}, text.text.size() - m_folded.size() + 1);
  for (qsizetype at = text.text.indexOf(m_folded); at >= 0; at = text.text.indexOf(m_folded, at + m_folded.size())) {
    const qsizetype end = at + m_folded.size();
    found.places.push_back({origin(at), origin(end) - origin(at)});
    done = std::max(done, end);
  }
  found.searched = origin(done);
  m_messages->blocksAt(row)->setFound(found.places);
  setCount(m_count + static_cast<int>(found.places.size()) - static_cast<int>(before));
}

void FindInChat::goTo(int row, int place) {
  if (row == m_row && place == m_place) return;
  leave();
  m_row = row;
  m_place = place;
  if (row >= 0) {
    m_begin = row;
    m_messages->blocksAt(row)->setCurrentFound(place);
  }
  Q_EMIT currentChanged();
}

/// No place is the current one for now.
void FindInChat::leave() {
  if (m_row >= 0) m_messages->blocksAt(m_row)->setCurrentFound(-1);
  m_row = m_place = -1;
}

void FindInChat::showCurrent() {
  if (m_row < 0) return;
  const TextRange& range = m_found[static_cast<std::size_t>(m_row)].places[static_cast<std::size_t>(m_place)];
  const MessageBlocks::Place place = m_messages->blocksAt(m_row)->placeOf(range);
  Q_EMIT shown(m_row, place.block, place.position);
}

/// Some place is the current one as long as there are any.
void FindInChat::settle() {
  if (m_row >= 0 && static_cast<std::size_t>(m_place) < m_found[static_cast<std::size_t>(m_row)].places.size()) return;
  const int rows = static_cast<int>(m_found.size());
  for (int step = 0; step < rows; ++step) {
    const int row = (std::clamp(m_begin, 0, rows - 1) + step) % rows;
    if (!m_found[static_cast<std::size_t>(row)].places.empty()) return goTo(row, 0);
  }
  goTo(-1, -1);
}

void FindInChat::setCount(int count) {
  if (count != std::exchange(m_count, count)) Q_EMIT countChanged();
}

}  // namespace tercet
