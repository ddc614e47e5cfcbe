// The tables of the languages that code is coloured in.
#pragma once

#include <QSet>
#include <QString>
#include <QStringList>

#include <vector>

namespace tercet {

/// A comment or string from its opening to its closing marks.
struct Region {
  QString open;
  QString close;          // empty: to the end of the line
  bool comment = false;
  bool multiline = false;
  bool escapes = true;    // a backslash takes the next character along
};

struct Language {
  /// How lines are read, apart from words, numbers and regions.
  enum class Manner { Words, Keys, Tags, Rules, Prose, Changes };

  QStringList names;             // lower case, as labels give them
  QSet<QString> keywords;
  QSet<QString> types;
  std::vector<Region> regions;   // the first that fits counts: longer marks stand before shorter ones
  Manner manner = Manner::Words;
  bool anyCase = false;          // keywords are written in either case
  QString wordMarks;             // characters that belong to words besides letters, digits and _
};

const std::vector<Language>& languages();

}  // namespace tercet
