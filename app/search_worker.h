// Searches on a thread of its own, so that typing never waits for the disk.
#pragma once

#include <QObject>
#include <QString>

#include <atomic>
#include <memory>
#include <vector>

#include "app/storage/history_search.h"

namespace tercet {

/// Ids grow; a search is given up as soon as a later one is wanted.
struct SearchRequest {
  quint64 id = 0;
  QString text;
  MessageId before = 0;  // 0: from the newest, with titles; else only messages before that one
  qint64 since = 0;      // nothing older, ms since 1970, UTC; 0: of all times
};

struct SearchResults {
  quint64 id = 0;
  std::vector<SearchHit> hits;
  bool more = false;     // there may be older messages
};

class SearchWorker : public QObject {
  Q_OBJECT

 public:
  /// `newest` is the id of the request that is wanted, changed on the other thread.
  SearchWorker(const QString& path, std::shared_ptr<const std::atomic<quint64>> newest);

  void search(const tercet::SearchRequest& request);

 Q_SIGNALS:
  /// Not sent for a search that was given up.
  void found(const tercet::SearchResults& results);

 private:
  QString m_path;
  std::shared_ptr<const std::atomic<quint64>> m_newest;
  HistorySearch m_search;  // opened by the first search: the start of the program does not wait for it
};

}  // namespace tercet

Q_DECLARE_METATYPE(tercet::SearchRequest)
Q_DECLARE_METATYPE(tercet::SearchResults)
