#include "app/storage/search_words.h"

#include <QSet>

#include <algorithm>

#include "app/storage/common_words.h"

namespace tercet {
namespace {

constexpr char16_t kFirstUnspaced = 0x0e01;  // nothing below can be one, nor a surrogate

/// The pairs of a word that is folded.
QStringList overlapping(const QString& letters) {
  QStringList pairs;
  qsizetype before = -1;  // where the character before stands
  bool unspacedBefore = false;
  for (qsizetype next = 0; next < letters.size();) {
    const qsizetype at = next;
    const bool unspaced = isUnspaced(takeCharacter(letters, next));
    if (before >= 0 && (unspaced || unspacedBefore)) pairs << letters.mid(before, next - before);
    before = at;
    unspacedBefore = unspaced;
  }
  return pairs;
}

/// The pairs of a word in order, and those of its characters that are not `known` yet.
QStringList unspacedTokens(QStringView word, QSet<char32_t>& known) {
  QStringList parts = overlapping(folded(word));
  // A single character also keeps the pairs of one word from following those of the word before.
  QString character;
  bool single = false;
  for (qsizetype next = 0; next < word.size();) {
    const qsizetype at = next;
    const char32_t code = takeCharacter(word, next);
    if (!isUnspaced(code)) continue;
    character = word.mid(at, next - at).toString();
    if (known.contains(code)) continue;
    known << code;
    parts << character;
    single = true;
  }
  if (!single) parts << character;
  return parts;
}

QString characterText(char32_t character) { return QString::fromUcs4(&character, 1); }

}  // namespace

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

bool isUnspaced(char32_t c) {
  return (c >= kFirstUnspaced && c <= 0x0edf) || (c >= 0x1000 && c <= 0x109f) || (c >= 0x1780 && c <= 0x17f9) ||
         (c >= 0x3041 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3) ||
         (c >= 0xf900 && c <= 0xfad9) || (c >= 0x20000 && c <= 0x323af);
}

bool isUnspaced(QStringView word) {
  for (qsizetype at = 0; at < word.size();) {
    if (isUnspaced(takeCharacter(word, at))) return true;
  }
  return false;
}

QStringList pairsOfWord(QStringView word) {
  const QString letters = folded(word);
  QStringList pairs = overlapping(letters);
  // There is no pair without a second character.
  if (pairs.isEmpty() && isUnspaced(letters)) pairs << letters;
  return pairs;
}

QString pairsOfText(QStringView text) {
  QStringList tokens;
  QSet<char32_t> known;
  int before = -1;     // the place of the word before among the common ones
  int end = -1;        // that of the last word of the last pair of common words
  bool on = false;     // that pair ends with the word before
  for (TextRange range = nextWord(text, 0); range.length > 0; range = nextWord(text, range.start + range.length)) {
    const QStringView word = text.mid(range.start, range.length);
    const int place = commonWord(word);
    const bool pair = before >= 0 && place >= 0;
    if (pair) {
      // "to be, red, be or" must not be found for "to be or".
      if (!on && end == before) tokens << characterText(kNoPair);
      tokens << characterText(pairOfCommonWords(before, place));
      end = place;
    } else if (place < 0 && isUnspaced(word)) {
      tokens += unspacedTokens(word, known);
    }
    on = pair;
    before = place;
  }
  return tokens.join(QLatin1Char(' '));
}

QStringList pairsOfCommonWords(const QStringList& words) {
  QStringList pairs;
  int before = -1;
  for (const QString& word : words) {
    const int place = commonWord(word);
    if (place < 0) return {};
    if (before >= 0) pairs << characterText(pairOfCommonWords(before, place));
    before = place;
  }
  return pairs;
}

}  // namespace tercet
