// Characters by their names and numbers in HTML, as they stand in Markdown between & and ;.
#pragma once

#include <QString>
#include <QStringView>

namespace tercet {

/// What `amp`, `#233` or `#xE9` stands for; empty for anything else. Of the names of HTML, those that people and models write in
/// running text. A number that is no character, or a control character, stands for U+FFFD (CommonMark 0.30, section 2.5).
QString htmlCharacter(QStringView reference);

}  // namespace tercet
