#include "app/storage/history_search.h"

#include <algorithm>
#include <limits>

#include "app/storage/message_row.h"

namespace tercet {
namespace {

// The index holds words by their first 2 and first 3 letters (1.sql). A longer beginning is gathered from all its words.
constexpr int kIndexedPrefix = 3;
// A look at the newest messages decides how a long beginning is searched; see messages().
constexpr int kLookedAt = 400;

// Where the messages of a time are is looked up as long as there are no more than so many; see spansSince().
constexpr int kMostListed = 100'000;
constexpr int kSpanBits = 14;  // spans are of 16,384 ids, some two hours

constexpr int kMostOld = 64;   // messages that are too old, one after the other in a span

constexpr qsizetype kSnippetLength = 180;  // UTF-16 units
constexpr qsizetype kBeforeMark = 50;      // of them before the first find
constexpr std::size_t kMarks = 12;

const QString kFromIndex = QStringLiteral(
    "SELECT messages.id, messages.conversation_id, title, author, messages.created_at, messages.text "
    "FROM message_index CROSS JOIN messages ON messages.id = message_index.rowid "
    "CROSS JOIN conversations ON conversations.id = messages.conversation_id "
    "WHERE message_index MATCH ? AND message_index.rowid BETWEEN ? AND ? "
    "AND (messages.created_at >= ? OR messages.id < ?) AND messages.deleted_at IS NULL AND conversations.deleted_at IS NULL "
    "ORDER BY message_index.rowid DESC");

/// A single letter is a word when nothing else is asked for or a space follows. Otherwise the next letter is on its way,
/// and every second message would be found for this one.
SearchQuery withoutHalfWord(SearchQuery query) {
  if (query.terms.empty()) return query;
  SearchTerm& last = query.terms.back();
  if (!last.prefix || last.words.back().size() > 1) return query;
  last.prefix = false;
  if (!query.halfWord) return query;
  if (last.words.size() > 1) {
    last.words.removeLast();
  } else if (query.terms.size() > 1) {
    query.terms.pop_back();
  }
  return query;
}

/// The text around the first find, on one line.
void cutSnippet(const QString& text, const std::vector<SearchTerm>& terms, SearchHit& hit) {
  const std::vector<TextRange> first = findTerms(text, terms, 1);
  qsizetype start = first.empty() ? 0 : std::max<qsizetype>(0, first[0].start - kBeforeMark);
  if (start > 0) {
    // From the beginning of a word, unless that is too far.
    while (start < first[0].start && !text[start - 1].isSpace()) ++start;
    if (start == first[0].start) start = std::max<qsizetype>(0, start - kBeforeMark);
    if (text[start].isLowSurrogate()) ++start;
  }
  qsizetype end = std::min(text.size(), start + kSnippetLength);
  if (end < text.size() && text[end].isLowSurrogate()) --end;
  hit.snippet = QStringView(text).mid(start, end - start).toString().simplified();
  if (start > 0) hit.snippet.prepend(QStringLiteral("… "));
  if (end < text.size()) hit.snippet += QStringLiteral("…");
  hit.marks = findTerms(hit.snippet, terms, kMarks);
}

}  // namespace

/// A query of the index, where it is asked, and what its rows still have to hold.
struct HistorySearch::Scan {
  QString pattern;
  const SearchQuery& query;
  const std::vector<Span>& spans;                      // newest first
  qint64 since = 0;
  bool check = false;                                  // of the rows, some do not fit
  int lookedAt = std::numeric_limits<int>::max();      // rows, then it stops
};

/// Where the messages since a time are, up to `last`. Old messages that were imported lately have ids between those of new
/// ones, and a common word would be found in all of them first. A time of many messages is not looked up: its finds are many.
std::vector<HistorySearch::Span> HistorySearch::spansSince(qint64 since, MessageId last) {
  const std::vector<Span> all{{1, last}};
  if (since <= 0) return all;
  QSqlQuery many = m_database.run(QStringLiteral("SELECT 1 FROM messages WHERE created_at >= ? LIMIT 1 OFFSET ?"), {since, kMostListed});
  if (many.next()) return all;
  QSqlQuery blocks = m_database.run(
      QStringLiteral("SELECT DISTINCT id >> ? AS block FROM messages WHERE created_at >= ? ORDER BY block DESC"), {kSpanBits, since});
  std::vector<Span> spans;
  while (blocks.next()) {
    const MessageId block = blocks.value(0).toLongLong();
    const Span span{std::max<MessageId>(1, block << kSpanBits), std::min(last, ((block + 1) << kSpanBits) - 1)};
    if (span.first > last) continue;
    if (!spans.empty() && spans.back().first == span.last + 1) {
      spans.back().first = span.first;
    } else {
      spans.push_back(span);
    }
  }
  return spans;
}

/// Up to this message the index may lack the pairs of common words (3.sql).
MessageId HistorySearch::lastWithoutPairs() {
  QSqlQuery mark = m_database.run(QStringLiteral("SELECT value FROM marks WHERE name = 'without_pairs_of_words'"));
  if (mark.next()) return mark.value(0).toLongLong();
  m_database.takeError();  // an older file that cannot be written
  return std::numeric_limits<MessageId>::max();
}

/// What was found and not shown yet, and how many more are wanted.
struct HistorySearch::Finds {
  std::vector<SearchHit>& hits;
  int wanted;
  const Shown& shown;
};

/// Adds a row to the finds when it fits.
bool HistorySearch::take(const QSqlQuery& row, const Scan& scan, Finds& finds) {
  const QString text = row.value(5).toString();
  if (scan.check && !holds(text, scan.query)) return false;
  SearchHit hit;
  hit.message = row.value(0).toLongLong();
  hit.conversation = row.value(1).toLongLong();
  hit.title = row.value(2).toString();
  hit.author = authorOf(row.value(3).toString());
  hit.time = row.value(4).toLongLong();
  cutSnippet(text, scan.query.terms, hit);
  finds.hits.push_back(std::move(hit));
  --finds.wanted;
  if (finds.shown) finds.shown(finds.hits);
  return true;
}

/// Goes down from `last`, which is moved to where it stopped.
/// The index goes on to the next message that fits, wherever it is, before it looks at any bound. So one query serves all
/// spans. Below the first one it also finds what is too old: then it is asked anew, from the next span or with that one's bound.
HistorySearch::Stop HistorySearch::walk(const Scan& scan, MessageId& last, const Cancelled& cancelled, Finds& finds) {
  int looked = 0;
  for (auto span = scan.spans.begin(); span != scan.spans.end();) {
    last = std::min(last, span->last);
    if (last < span->first) {
      ++span;
      continue;
    }
    QSqlQuery rows = m_database.run(kFromIndex, {scan.pattern, scan.spans.back().first, last, scan.since, span->first});
    for (int old = 0; old < kMostOld;) {
      if (cancelled()) return Stop::Enough;
      if (!rows.next()) return Stop::AtEnd;
      last = rows.value(0).toLongLong();
      while (last < span->first) ++span;  // the last one begins where the query ends
      if (rows.value(4).toLongLong() < scan.since) {
        if (last > span->last) break;  // between two spans
        --last;
        ++old;
        continue;
      }
      --last;
      ++looked;
      if (take(rows, scan, finds) && finds.wanted == 0) return Stop::Enough;
      if (looked == scan.lookedAt) return Stop::LookedAt;
    }
  }
  return Stop::AtEnd;
}

std::vector<SearchHit> HistorySearch::recent(int limit, qint64 since) {
  std::vector<SearchHit> hits;
  QSqlQuery rows = m_database.run(
      QStringLiteral("SELECT id, title, updated_at FROM conversations WHERE deleted_at IS NULL AND updated_at >= ? "
                     "ORDER BY updated_at DESC LIMIT ?"),
      {since, limit});
  while (rows.next()) {
    SearchHit hit;
    hit.conversation = rows.value(0).toLongLong();
    hit.title = rows.value(1).toString();
    hit.time = rows.value(2).toLongLong();
    hits.push_back(std::move(hit));
  }
  return hits;
}

std::vector<SearchHit> HistorySearch::titles(const SearchQuery& query, int limit, qint64 since) {
  std::vector<SearchHit> hits;
  if (query.empty()) return hits;
  QSqlQuery rows = m_database.run(QStringLiteral("SELECT id, conversations.title, updated_at FROM title_index CROSS JOIN conversations "
                                                 "ON id = title_index.rowid WHERE title_index MATCH ? AND deleted_at IS NULL "
                                                 "AND updated_at >= ? ORDER BY updated_at DESC"),
                                  {indexQuery(query), since});
  const bool check = !isExact(query);
  while (static_cast<int>(hits.size()) < limit && rows.next()) {
    SearchHit hit;
    hit.conversation = rows.value(0).toLongLong();
    hit.title = rows.value(1).toString();
    hit.time = rows.value(2).toLongLong();
    if (check && !holds(hit.title, query)) continue;
    hit.marks = findTerms(hit.title, query.terms, kMarks);
    hits.push_back(std::move(hit));
  }
  return hits;
}

/// Looks for the query in `spans`, from `last` downwards.
HistorySearch::Stop HistorySearch::search(const SearchQuery& query, const std::vector<Span>& spans, bool pairs, qint64 since, MessageId& last,
                                          const Cancelled& cancelled, Finds& finds) {
  const SearchTerm& end = query.terms.back();
  // A beginning of more letters than the index holds is gathered before the first message is found: half a second for
  // words that every message has. So the newest messages with its first letters are read first. Where they are not
  // enough, few messages have the whole of it, and gathering them is fast.
  if (end.prefix && end.words.back().size() > kIndexedPrefix) {
    const Scan look{.pattern = indexQuery(query, {.longestPrefix = kIndexedPrefix, .commonPairs = pairs}), .query = query, .spans = spans,
                    .since = since, .check = true, .lookedAt = kLookedAt};
    if (const Stop stop = walk(look, last, cancelled, finds); stop != Stop::LookedAt) return stop;
  }
  const IndexForm form{.commonPairs = pairs};
  const Scan all{.pattern = indexQuery(query, form), .query = query, .spans = spans, .since = since, .check = !isExact(query, form)};
  return walk(all, last, cancelled, finds);
}

HistorySearch::Page HistorySearch::messages(const SearchQuery& typed, MessageId before, int limit, const Cancelled& cancelled, qint64 since,
                                           const Shown& shown) {
  Page page;
  const SearchQuery query = withoutHalfWord(typed);
  if (query.empty()) return page;
  MessageId last = before - 1;
  if (before == 0) {
    QSqlQuery newest = m_database.run(QStringLiteral("SELECT MAX(id) FROM messages"));
    last = newest.next() ? newest.value(0).toLongLong() : 0;
  }
  // A phrase of common words is in few messages, and each of its words in nearly all: where the index holds pairs of such words it is
  // asked for these.
  const bool pairs = indexQuery(query, {.commonPairs = true}) != indexQuery(query);
  const MessageId plain = pairs ? std::min(last, lastWithoutPairs()) : 0;  // up to here without pairs
  std::vector<Span> newer, older;
  for (const Span& span : spansSince(since, last)) {
    if (span.last > plain) newer.push_back({std::max(span.first, plain + 1), span.last});
    if (span.first <= plain) older.push_back({span.first, std::min(span.last, plain)});
  }
  Finds finds{page.hits, limit, shown};
  Stop stop = search(query, newer, pairs, since, last, cancelled, finds);
  if (stop == Stop::AtEnd && !older.empty()) stop = search(query, older, false, since, last, cancelled, finds);
  if (stop != Stop::AtEnd) page.next = last + 1;
  return page;
}

}  // namespace tercet
