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
  // A phrase of common words that seldom stand so can take long.
  QElapsedTimer clock;
  clock.start();
  const auto add = [&](std::vector<SearchHit>& hits) {
    std::move(hits.begin(), hits.end(), std::back_inserter(results.hits));
    hits.clear();
  };
  const auto shown = [&](std::vector<SearchHit>& hits) {
    if (clock.elapsed() < m_showAfterMs || unwanted()) return;
    add(hits);
    results.finished = false;
    Q_EMIT found(results);
    results.hits.clear();
    results.first = false;
    clock.restart();
  };
  HistorySearch::Page page = m_search.messages(query, request.before, kMessages, unwanted, request.since, shown);
  if (unwanted()) return;
  add(page.hits);
  results.next = page.next;
  results.finished = true;
  Q_EMIT found(results);
}

}  // namespace tercet
