#include "app/storage/import_queue.h"

#include <iterator>

namespace tercet {
namespace {

constexpr qsizetype kRoom = 40'000;  // characters, and for each message as many as kMessageRoom, in one transaction

}  // namespace

void ImportQueue::add(std::vector<FiledConversation>&& conversations) {
  m_waiting.insert(m_waiting.end(), std::make_move_iterator(conversations.begin()), std::make_move_iterator(conversations.end()));
}

void ImportQueue::clear() {
  drop();
  m_stored = 0;
}

bool ImportQueue::drop() {
  const bool any = !empty();
  m_waiting.clear();
  m_begun.reset();
  return any;
}

bool ImportQueue::storeSome() {
  TransferStore transfer(m_store);
  Transaction transaction(m_store->database());
  std::vector<HistoryStore::Arrival> arrivals;
  qsizetype room = kRoom;
  bool ok = true;
  int stored = 0;
  while (ok && room > 0 && !empty()) {
    if (!m_begun) {
      m_begun = transfer.place(std::move(m_waiting.front()));
      m_waiting.pop_front();
    }
    ok = m_begun && (m_begun->stored() || m_store->addPart(*m_begun, room, arrivals));
    if (!ok || !m_begun->stored()) continue;
    ++stored;
    m_begun.reset();
  }
  if (!m_store->done(ok && transaction.commit())) {
    drop();
    return false;
  }
  m_stored += stored;
  m_store->announce(arrivals);
  return true;
}

}  // namespace tercet
