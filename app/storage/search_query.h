// What a person types to search: read into terms, written as a query of the index, and found again in a text.
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

#include "app/folded_text.h"

namespace tercet {

/// A word, or several that follow each other ("a phrase", or what the index cuts: don't).
struct SearchTerm {
  QStringList words;    // as typed, composed (NFC)
  bool prefix = false;  // the last word may go on: performa finds performance
};

struct SearchQuery {
  std::vector<SearchTerm> terms;     // all have to be there
  std::vector<SearchTerm> excluded;  // none may be there
  bool halfWord = false;             // the text ends with a letter by itself, which may be the beginning of a word

  bool empty() const { return terms.empty(); }
};

/// Words; "quoted phrases"; -excluded. The last word counts as the beginning of one. Everything else (operators, symbols,
/// emoji) means nothing. Empty when no word is to be found.
SearchQuery parseSearch(const QString& text);

/// How the index is asked.
struct IndexForm {
  int longestPrefix = 0;      // no prefix has more characters; 0: as typed
  bool commonPairs = false;   // a phrase of common words is looked up as one of their pairs: much faster, where the index holds those
};

/// The query in the language of FTS5, every word quoted; empty for an empty one. Words of unspaced scripts are looked up as
/// phrases of their pairs (search_words.h).
QString indexQuery(const SearchQuery& query, const IndexForm& form = {});
/// False when the index finds more for indexQuery than `holds` agrees to.
bool isExact(const SearchQuery& query, const IndexForm& form = {});

/// A word of a script that puts no spaces between words (Chinese, Japanese, Thai, ...), or of Korean, whose words carry
/// endings. parseSearch makes a term of each.
bool isUnspaced(const SearchTerm& term);

/// What the index answers, found in the text itself; also for unspaced scripts, anywhere in a sentence.
bool holds(QStringView text, const SearchQuery& query);

/// Where the terms stand in a text, in whole words, at most `limit` places. Terms of unspaced scripts are found anywhere.
std::vector<TextRange> findTerms(QStringView text, const std::vector<SearchTerm>& terms, std::size_t limit);

}  // namespace tercet
