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
  bool first = true;      // they replace those of an earlier search; else they follow those of this one
  bool finished = true;   // else more are being looked for, and come without another request
  MessageId next = 0;     // there may be older messages: `before` of the request for them. 0: none
};

class SearchWorker : public QObject {
  Q_OBJECT

 public:
  static constexpr int kShowAfterMs = 40;

  /// `newest` is the id of the request that is wanted, changed on the other thread. What was found is sent after `showAfterMs`
  /// while the search goes on; with 0, each message by itself.
  SearchWorker(const QString& path, std::shared_ptr<const std::atomic<quint64>> newest, int showAfterMs = kShowAfterMs);

  void search(const tercet::SearchRequest& request);

 Q_SIGNALS:
  /// Not sent for a search that was given up.
  void found(const tercet::SearchResults& results);

 private:
  QString m_path;
  std::shared_ptr<const std::atomic<quint64>> m_newest;
  int m_showAfterMs;
  HistorySearch m_search;  // opened by the first search: the start of the program does not wait for it
};

}  // namespace tercet

Q_DECLARE_METATYPE(tercet::SearchRequest)
Q_DECLARE_METATYPE(tercet::SearchResults)
