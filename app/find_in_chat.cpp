#include "app/find_in_chat.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "app/folded_text.h"
#include "app/message_model.h"
#include "app/storage/search_query.h"

namespace tercet {

FindInChat::FindInChat(MessageModel* messages, QObject* parent) : QObject(parent), m_messages(messages) {
  connect(messages, &MessageModel::rowsInserted, this, [this](const QModelIndex&, int first, int last) {
    if (!m_active) return;
    m_counts.insert(m_counts.begin() + first, static_cast<std::size_t>(last - first + 1), 0);
    if (m_row >= first) m_row += last - first + 1;
    search(first, last);
    settle();
  });
  connect(messages, &MessageModel::rowsRemoved, this, [this](const QModelIndex&, int first, int last) {
    if (!m_active) return;
    const int gone = std::accumulate(m_counts.begin() + first, m_counts.begin() + last + 1, 0);
    m_counts.erase(m_counts.begin() + first, m_counts.begin() + last + 1);
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
            // The end of an answer shows what was held back of it.
            const bool text = roles.isEmpty() || roles.contains(MessageModel::TextRole) || roles.contains(MessageModel::StateRole);
            if (!m_active || !text) return;
            search(first.row(), last.row());
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

int FindInChat::current() const { return m_row < 0 ? 0 : std::accumulate(m_counts.begin(), m_counts.begin() + m_row, 0) + m_place + 1; }

void FindInChat::beginAt(int row) {
  m_begin = row;
  leave();
  settle();
  showCurrent();
}

void FindInChat::next() {
  if (m_count == 0) return;
  int row = m_row, place = m_place + 1;
  while (place >= countIn(row)) {
    row = (row + 1) % static_cast<int>(m_counts.size());
    place = 0;
  }
  goTo(row, place);
  showCurrent();
}

void FindInChat::previous() {
  if (m_count == 0) return;
  int row = m_row, place = m_place - 1;
  while (place < 0) {
    row = (row == 0 ? static_cast<int>(m_counts.size()) : row) - 1;
    place = countIn(row) - 1;
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
  m_counts.assign(m_active ? static_cast<std::size_t>(m_messages->count()) : 0, 0);
  m_count = 0;
  if (m_active) {
    search(0, m_messages->count() - 1);
  } else {
    for (int row = 0; row < m_messages->count(); ++row) m_messages->blocksAt(row)->find({});
  }
  Q_EMIT countChanged();
  settle();
  Q_EMIT currentChanged();
}

void FindInChat::search(int first, int last) {
  int count = m_count;
  for (int row = first; row <= last; ++row) {
    int& here = m_counts[static_cast<std::size_t>(row)];
    const int before = std::exchange(here, m_messages->blocksAt(row)->find(m_folded));
    count += here - before;
  }
  setCount(count);
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
  const MessageBlocks::Place& place = m_messages->blocksAt(m_row)->found(m_place).from;
  Q_EMIT shown(m_row, place.block, place.position);
}

/// Some place is the current one as long as there are any.
void FindInChat::settle() {
  if (m_row >= 0 && m_place < countIn(m_row)) return;
  const int rows = static_cast<int>(m_counts.size());
  for (int step = 0; step < rows; ++step) {
    const int row = (std::clamp(m_begin, 0, rows - 1) + step) % rows;
    if (countIn(row) > 0) return goTo(row, 0);
  }
  goTo(-1, -1);
}

void FindInChat::setCount(int count) {
  if (count != std::exchange(m_count, count)) Q_EMIT countChanged();
}

}  // namespace tercet
