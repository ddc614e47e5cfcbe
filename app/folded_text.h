// Text as searching compares it: without case and diacritics, as the full-text index does (unicode61, remove_diacritics 2).
#pragma once

#include <QString>

#include <vector>

namespace tercet {

/// A piece of a text, in UTF-16 units.
struct TextRange {
  qsizetype start = 0;
  qsizetype length = 0;

  friend bool operator==(const TextRange&, const TextRange&) = default;
};

struct FoldedText {
  QString text;
  std::vector<qsizetype> origins;  // for each unit of `text`, where it comes from; one more at the end
};

/// Small letters without accents. Only Latin, Greek and Cyrillic lose marks: elsewhere they make another letter.
QString folded(QStringView text);
FoldedText foldedWithOrigins(QStringView text);

/// The character at `at`, which is moved behind it. Half a surrogate pair is U+FFFD.
char32_t takeCharacter(QStringView text, qsizetype& at);

/// Letters, digits and private characters make words, as in the index; all else parts them.
bool isWordCharacter(char32_t character);
/// An accent written as a character of its own. It belongs to the word that it stands in.
bool isCombiningAccent(char32_t character);

}  // namespace tercet
