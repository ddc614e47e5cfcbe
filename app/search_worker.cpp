#include "app/search_worker.h"

#include <QElapsedTimer>

#include <iterator>
#include <utility>

namespace tercet {
namespace {

constexpr int kRecent = 30, kTitles = 6, kMessages = 30;  // at a time

}  // namespace

SearchWorker::SearchWorker(const QString& path, std::shared_ptr<const std::atomic<quint64>> newest, int showAfterMs)
    : m_path(path), m_newest(std::move(newest)), m_showAfterMs(showAfterMs) {}

void SearchWorker::search(const SearchRequest& request) {
  const auto unwanted = [&] { return *m_newest != request.id; };
  if (unwanted()) return;
  SearchResults results{.id = request.id, .hits = {}, .first = request.before == 0};
  // A file that cannot be read is reported where it is written.
  if (!m_search.isOpen() && m_search.open(m_path)) {
    Q_EMIT found(results);
    return;
  }
  const SearchQuery query = parseSearch(request.text);
  if (results.first) {
    results.hits = query.empty() ? m_search.recent(kRecent, request.since) : m_search.titles(query, kTitles, request.since);
  }
  results.next = request.before;
  for (int wanted = kMessages; wanted > 0;) {
    // A phrase of common words that seldom stand so can take long.
    QElapsedTimer clock;
    clock.start();
    bool begun = false;
    const auto enough = [&] { return unwanted() || (std::exchange(begun, true) && clock.elapsed() >= m_showAfterMs); };
    HistorySearch::Page page = m_search.messages(query, results.next, wanted, enough, request.since);
    if (unwanted()) return;
    wanted -= static_cast<int>(page.hits.size());
    std::move(page.hits.begin(), page.hits.end(), std::back_inserter(results.hits));
    results.next = page.next;
    results.finished = wanted == 0 || page.next == 0;
    if (results.finished || !results.hits.empty()) {
      Q_EMIT found(results);
      results.hits.clear();
      results.first = false;
    }
    if (results.finished) break;
  }
}

}  // namespace tercet
