#include "app/storage/search_query.h"

#include <algorithm>

#include "app/storage/common_words.h"
#include "app/storage/search_words.h"

namespace tercet {
namespace {

// What nobody types, and what the index need not be asked.
constexpr qsizetype kLongestQuery = 1000;  // UTF-16 units
constexpr std::size_t kMostTerms = 24;

struct Word {
  TextRange range;
  QString text;  // folded
};

QStringList wordsOf(QStringView text) {
  QStringList words;
  for (TextRange word = nextWord(text, 0); word.length > 0; word = nextWord(text, word.start + word.length)) {
    words << text.mid(word.start, word.length).toString();
  }
  return words;
}

bool isQuote(QChar c) { return QStringView(u"\"“”„«»").contains(c); }

QString quoted(const SearchTerm& term, int longestPrefix = 0) {
  if (isUnspaced(term)) {
    return QStringLiteral("pairs : \"") + pairsOfWord(term.words.front()).join(QLatin1Char(' ')) + QLatin1Char('"');
  }
  QStringList words = term.words;
  if (term.prefix && longestPrefix > 0) words.back().truncate(longestPrefix);
  // Words hold letters and digits only, so that no quote can end the string.
  return QLatin1Char('"') + words.join(QLatin1Char(' ')) + QLatin1Char('"') + (term.prefix ? QStringLiteral("*") : QString());
}

/// The pairs of the common words that a term consists of, but for the beginning of a word at its end.
QStringList pairsIn(const SearchTerm& term) {
  return pairsOfCommonWords(term.prefix ? term.words.mid(0, term.words.size() - 1) : term.words);
}

/// A phrase of common words by their pairs. The beginning of a word is in none, and is looked for behind the word before it, anywhere.
QString quotedByPairs(const SearchTerm& term, int longestPrefix) {
  const QStringList pairs = pairsIn(term);
  if (pairs.isEmpty()) return quoted(term, longestPrefix);
  const QString phrase = QStringLiteral("pairs : \"") + pairs.join(QLatin1Char(' ')) + QLatin1Char('"');
  if (!term.prefix) return phrase;
  return phrase + QLatin1Char(' ') + quoted({.words = term.words.mid(term.words.size() - 2), .prefix = true}, longestPrefix);
}

/// Unspaced with other letters beside, of which the index holds no pairs: it finds too much then.
bool isMixed(const SearchTerm& term) {
  if (!isUnspaced(term)) return false;
  const QString& word = term.words.front();
  for (qsizetype at = 0; at < word.size();) {
    if (!isUnspaced(takeCharacter(word, at))) return true;
  }
  return false;
}

/// A private character that the index may hold for something else.
bool isPrivate(const SearchTerm& term) {
  return std::any_of(term.words.begin(), term.words.end(), [](const QString& word) {
    for (qsizetype at = 0; at < word.size();) {
      if (isPairOfCommonWords(takeCharacter(word, at))) return true;
    }
    return false;
  });
}

bool findsTooMuch(const SearchTerm& term) { return isMixed(term) || isPrivate(term); }

bool fits(const SearchTerm& term, const QStringList& wanted, const std::vector<Word>& last) {
  const std::size_t count = static_cast<std::size_t>(wanted.size());
  if (last.size() < count) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const QString& word = last[last.size() - count + i].text;
    const QString& want = wanted[static_cast<qsizetype>(i)];
    if (i + 1 == count && term.prefix ? !word.startsWith(want) : word != want) return false;
  }
  return true;
}

void findAnywhere(QStringView text, const SearchTerm& term, std::vector<TextRange>& into) {
  const FoldedText where = foldedWithOrigins(text);
  const QString wanted = folded(term.words.front());
  for (qsizetype at = where.text.indexOf(wanted); at >= 0; at = where.text.indexOf(wanted, at + wanted.size())) {
    const qsizetype start = where.origins[static_cast<std::size_t>(at)];
    into.push_back({start, where.origins[static_cast<std::size_t>(at + wanted.size())] - start});
  }
}

}  // namespace

SearchQuery parseSearch(const QString& typed) {
  const QString text = typed.left(kLongestQuery).normalized(QString::NormalizationForm_C);
  SearchQuery query;
  const auto add = [&](QStringView part, bool excluded, bool whole) {
    const SearchTerm term{.words = wordsOf(part), .prefix = !whole && !excluded};
    auto& into = excluded ? query.excluded : query.terms;
    if (term.words.isEmpty() || into.size() >= kMostTerms) return;
    if (!isUnspaced(term)) {
      into.push_back(term);
      return;
    }
    // Nothing says what follows what there, so that each piece is looked for by itself.
    for (const QString& word : term.words) into.push_back({.words = {word}, .prefix = false});
  };
  qsizetype at = 0;
  while (at < text.size()) {
    if (text[at].isSpace()) {
      ++at;
      continue;
    }
    const bool excluded = text[at] == QLatin1Char('-');
    if (excluded) ++at;
    if (at < text.size() && isQuote(text[at])) {
      qsizetype end = at + 1;
      while (end < text.size() && !isQuote(text[end])) ++end;
      // A phrase that is not closed is still being typed.
      add(QStringView(text).mid(at + 1, end - at - 1), excluded, end < text.size());
      at = end + 1;
      continue;
    }
    qsizetype end = at;
    while (end < text.size() && !text[end].isSpace() && !isQuote(text[end])) ++end;
    add(QStringView(text).mid(at, end - at), excluded, false);
    at = end;
  }
  for (std::size_t i = 0; i + 1 < query.terms.size(); ++i) query.terms[i].prefix = false;
  // A letter behind an apostrophe or a hyphen (don't) is no such beginning.
  const bool alone = text.size() == 1 || (text.size() > 1 && (text[text.size() - 2].isSpace() || isQuote(text[text.size() - 2])));
  query.halfWord = alone && !query.terms.empty() && query.terms.back().prefix && query.terms.back().words.back() == text.right(1);
  return query;
}

QString indexQuery(const SearchQuery& query, const IndexForm& form) {
  QString result;
  if (query.empty()) return result;  // nothing cannot be without something
  for (const SearchTerm& term : query.terms) {
    if (!result.isEmpty()) result += QLatin1Char(' ');
    result += form.commonPairs ? quotedByPairs(term, form.longestPrefix) : quoted(term, form.longestPrefix);
  }
  for (const SearchTerm& term : query.excluded) {
    if (!findsTooMuch(term)) result += QStringLiteral(" NOT ") + quoted(term);
  }
  return result;
}

bool isExact(const SearchQuery& query, const IndexForm& form) {
  const SearchTerm* last = query.terms.empty() ? nullptr : &query.terms.back();
  if (form.commonPairs && last != nullptr && last->prefix && !pairsIn(*last).isEmpty()) return false;
  return std::none_of(query.terms.begin(), query.terms.end(), findsTooMuch) &&
         std::none_of(query.excluded.begin(), query.excluded.end(), findsTooMuch);
}

bool isUnspaced(const SearchTerm& term) {
  return std::any_of(term.words.begin(), term.words.end(), [](const QString& word) { return isUnspaced(word); });
}

bool holds(QStringView text, const SearchQuery& query) {
  const auto there = [&](const SearchTerm& term) { return !findTerms(text, {term}, 1).empty(); };
  return std::all_of(query.terms.begin(), query.terms.end(), there) &&
         std::none_of(query.excluded.begin(), query.excluded.end(), there);
}

std::vector<TextRange> findTerms(QStringView text, const std::vector<SearchTerm>& terms, std::size_t limit) {
  std::vector<TextRange> found;
  std::vector<std::pair<const SearchTerm*, QStringList>> wanted;
  std::size_t longest = 0;
  for (const SearchTerm& term : terms) {
    if (isUnspaced(term)) {
      findAnywhere(text, term, found);
      continue;
    }
    QStringList words;
    for (const QString& word : term.words) words << folded(word);
    longest = std::max(longest, static_cast<std::size_t>(words.size()));
    wanted.emplace_back(&term, std::move(words));
  }
  std::vector<Word> last;  // as many words as the longest phrase has
  for (TextRange range = nextWord(text, 0); range.length > 0 && !wanted.empty() && found.size() < limit;
       range = nextWord(text, range.start + range.length)) {
    if (last.size() == longest) last.erase(last.begin());
    last.push_back({range, folded(text.mid(range.start, range.length))});
    for (const auto& [term, words] : wanted) {
      if (!fits(*term, words, last)) continue;
      const qsizetype start = last[last.size() - static_cast<std::size_t>(words.size())].range.start;
      found.push_back({start, range.start + range.length - start});
    }
  }
  std::sort(found.begin(), found.end(), [](const TextRange& a, const TextRange& b) {
    return a.start != b.start ? a.start < b.start : a.length > b.length;
  });
  // What lies in another find is marked with it.
  std::vector<TextRange> apart;
  for (const TextRange& range : found) {
    if (apart.size() == limit) break;
    if (apart.empty() || range.start >= apart.back().start + apart.back().length) apart.push_back(range);
  }
  return apart;
}

}  // namespace tercet
