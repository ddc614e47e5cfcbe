#include "app/folded_text.h"

namespace tercet {
namespace {

constexpr char32_t kEndOfAccentedScripts = 0x2000;  // Latin, Greek and Cyrillic with their extensions lie below

char32_t foldedCharacter(char32_t character) {
  if (character < 0x80) return character >= U'A' && character <= U'Z' ? character + 32 : character;
  if (character < kEndOfAccentedScripts && QChar::decompositionTag(character) == QChar::Canonical) {
    // A letter with several accents is a letter with one and another accent.
    const QString parts = QChar::decomposition(character);
    if (parts.size() == 2 && isCombiningAccent(parts[1].unicode())) return foldedCharacter(parts[0].unicode());
  }
  return QChar::toCaseFolded(character);
}

/// Calls add(character, where it stands) for each character that counts.
template <typename Add>
void fold(QStringView text, Add add) {
  for (qsizetype next = 0; next < text.size();) {
    const qsizetype at = next;
    const char32_t character = takeCharacter(text, next);
    if (!isCombiningAccent(character)) add(foldedCharacter(character), at);
  }
}

void append(QString& text, char32_t character) {
  if (QChar::requiresSurrogates(character)) {
    text += QChar(QChar::highSurrogate(character));
    text += QChar(QChar::lowSurrogate(character));
  } else {
    text += QChar(static_cast<char16_t>(character));
  }
}

}  // namespace

char32_t takeCharacter(QStringView text, qsizetype& at) {
  const QChar first = text[at++];
  if (!first.isSurrogate()) return first.unicode();
  if (first.isLowSurrogate() || at == text.size() || !text[at].isLowSurrogate()) return QChar::ReplacementCharacter;
  return QChar::surrogateToUcs4(first, text[at++]);
}

bool isCombiningAccent(char32_t character) { return character >= 0x300 && character <= 0x36f; }

bool isWordCharacter(char32_t character) {
  if (character < 0x80) return (character >= U'0' && character <= U'9') || ((character | 32) >= U'a' && (character | 32) <= U'z');
  return QChar::isLetterOrNumber(character) || QChar::category(character) == QChar::Other_PrivateUse;
}

QString folded(QStringView text) {
  QString result;
  result.reserve(text.size());
  fold(text, [&](char32_t character, qsizetype) { append(result, character); });
  return result;
}

FoldedText foldedWithOrigins(QStringView text) {
  FoldedText result;
  result.text.reserve(text.size());
  result.origins.reserve(static_cast<std::size_t>(text.size()) + 1);
  fold(text, [&](char32_t character, qsizetype at) {
    append(result.text, character);
    while (result.origins.size() < static_cast<std::size_t>(result.text.size())) result.origins.push_back(at);
  });
  result.origins.push_back(text.size());
  return result;
}

}  // namespace tercet
