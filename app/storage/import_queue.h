// Conversations on their way into the store, a little at a time, so that the window stays alive meanwhile.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "app/storage/transfer_store.h"

namespace tercet {

/// Works through a store, on its thread; failures are told by HistoryStore::failed. An import that ends in the middle of a
/// long conversation leaves its beginning, and the next import of it adds what is missing.
class ImportQueue {
 public:
  /// `store` is open and outlives this.
  explicit ImportQueue(HistoryStore* store) : m_store(store) {}

  void add(std::vector<FiledConversation>&& conversations);
  bool empty() const { return !m_begun && m_waiting.empty(); }
  void clear();
  /// Gives up what was not stored yet. False when there was nothing.
  bool drop();
  /// Conversations that are in the store with all their messages, since the beginning or clear().
  int stored() const { return m_stored; }

  /// Stores the next messages, in one transaction: some 15 ms of work, more only for a long message. Folders are found by
  /// name, and made when absent. What a stored conversation lacks is added to it; should it be gone by now, the conversation is
  /// a new one. False when it failed: what was waiting is given up then.
  bool storeSome();

 private:
  HistoryStore* m_store;
  std::deque<FiledConversation> m_waiting;
  std::optional<HistoryStore::Incoming> m_begun;
  int m_stored = 0;
};

}  // namespace tercet
