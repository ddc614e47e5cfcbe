// The commonest words, and what stands for two of them that follow each other in the full-text index.
#pragma once

#include <QStringView>

namespace tercet {

/// The place of a word among the commonest of English, Spanish, French, German, Portuguese and Italian; -1 for any other.
int commonWord(QStringView word);

/// The private character (plane 15) that stands for two common words in a row. The index takes it for a word, and one of a single
/// character costs it no beginnings of words. Part of the format: which words these are belongs to version 3 of the database.
char32_t pairOfCommonWords(int first, int second);
/// Parts two pairs that do not belong to the same words.
constexpr char32_t kNoPair = 0xffffd;
/// True for what stands for pairs, or parts them.
bool isPairOfCommonWords(char32_t character);

}  // namespace tercet
