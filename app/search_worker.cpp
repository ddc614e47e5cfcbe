#include "app/search_worker.h"

#include <iterator>
#include <utility>

namespace tercet {
namespace {

constexpr int kRecent = 30, kTitles = 6, kMessages = 30;  // at a time

}  // namespace

SearchWorker::SearchWorker(const QString& path, std::shared_ptr<const std::atomic<quint64>> newest)
    : m_path(path), m_newest(std::move(newest)) {}

void SearchWorker::search(const SearchRequest& request) {
  const auto unwanted = [&] { return *m_newest != request.id; };
  if (unwanted()) return;
  SearchResults results{.id = request.id, .hits = {}, .more = false};
  // A file that cannot be read is reported where it is written.
  if (m_search.isOpen() || !m_search.open(m_path)) {
    const SearchQuery query = parseSearch(request.text);
    if (request.before == 0) {
      results.hits = query.empty() ? m_search.recent(kRecent, request.since) : m_search.titles(query, kTitles, request.since);
    }
    HistorySearch::Page page = m_search.messages(query, request.before, kMessages, unwanted, request.since);
    std::move(page.hits.begin(), page.hits.end(), std::back_inserter(results.hits));
    results.more = page.more;
  }
  if (!unwanted()) Q_EMIT found(results);
}

}  // namespace tercet
