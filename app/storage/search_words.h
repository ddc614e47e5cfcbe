// How a text is cut into what the full-text index holds: words, pairs of characters where no spaces part the words, and pairs of
// common words.
#pragma once

#include <QString>
#include <QStringList>

#include "app/folded_text.h"

namespace tercet {

/// The next word of a text at or after `from`; length 0 at the end.
TextRange nextWord(QStringView text, qsizetype from);

/// True for scripts that put no spaces between words (Thai, Lao, Burmese, Khmer, Japanese, Chinese) or endings on them
/// (Korean): the index would take a whole sentence for one word.
bool isUnspaced(char32_t character);
/// With at least one such character.
bool isUnspaced(QStringView word);

/// What the index is asked for a word of such a script: its overlapping pairs of characters, in order, without those that
/// have no character of such a script; a single character is itself.
QStringList pairsOfWord(QStringView word);

/// What the index holds of a text beside its words (the column `pairs`), in order: of words of such scripts their pairs, and each
/// character by itself; and each pair of common words that follow each other (common_words.h). Empty when there are none.
QString pairsOfText(QStringView text);

/// The pairs that stand for a phrase of common words, in order; empty when one of the words is not common.
QStringList pairsOfCommonWords(const QStringList& words);

}  // namespace tercet
