#include "app/storage/search_query.h"

#include <algorithm>

namespace tercet {
namespace {

// What nobody types, and what the index need not be asked.
constexpr qsizetype kLongestQuery = 1000;  // UTF-16 units
constexpr std::size_t kMostTerms = 24;

struct Word {
  TextRange range;
  QString text;  // folded
};

/// The next word of a text at or after `from`; length 0 at the end.
TextRange nextWord(QStringView text, qsizetype from) {
  qsizetype start = -1, end = text.size();
  for (qsizetype next = from; next < text.size();) {
    const qsizetype at = next;
    const char32_t character = takeCharacter(text, next);
    const bool inside = isWordCharacter(character) || (start >= 0 && isCombiningAccent(character));
    if (inside && start < 0) start = at;
    if (!inside && start >= 0) {
      end = at;
      break;
    }
  }
  return start < 0 ? TextRange{text.size(), 0} : TextRange{start, end - start};
}

QStringList wordsOf(QStringView text) {
  QStringList words;
  for (TextRange word = nextWord(text, 0); word.length > 0; word = nextWord(text, word.start + word.length)) {
    words << text.mid(word.start, word.length).toString();
  }
  return words;
}

bool isQuote(QChar c) { return QStringView(u"\"“”„«»").contains(c); }

/// The same letters as the index messages_unspaced in resources/history/1.sql.
bool unspaced(char32_t c) {
  return (c >= 0x0e01 && c <= 0x0edf) || (c >= 0x1000 && c <= 0x109f) || (c >= 0x1780 && c <= 0x17f9) ||
         (c >= 0x3041 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3) ||
         (c >= 0xf900 && c <= 0xfad9) || (c >= 0x20000 && c <= 0x323af);
}

QString quoted(const SearchTerm& term, int longestPrefix) {
  QStringList words = term.words;
  if (term.prefix && longestPrefix > 0) words.back().truncate(longestPrefix);
  // Words hold letters and digits only, so that no quote can end the string.
  return QLatin1Char('"') + words.join(QLatin1Char(' ')) + QLatin1Char('"') + (term.prefix ? QStringLiteral("*") : QString());
}

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
  query.typing = !query.terms.empty() && query.terms.back().prefix && !text.back().isSpace();
  return query;
}

QString indexQuery(const SearchQuery& query, int longestPrefix) {
  QString result;
  if (query.empty()) return result;  // nothing cannot be without something
  for (const SearchTerm& term : query.terms) result += (result.isEmpty() ? QString() : QStringLiteral(" ")) + quoted(term, longestPrefix);
  for (const SearchTerm& term : query.excluded) result += QStringLiteral(" NOT ") + quoted(term, 0);
  return result;
}

bool isUnspaced(const SearchTerm& term) {
  return std::any_of(term.words.begin(), term.words.end(), [](const QString& word) {
    for (qsizetype at = 0; at < word.size();) {
      if (unspaced(takeCharacter(word, at))) return true;
    }
    return false;
  });
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
