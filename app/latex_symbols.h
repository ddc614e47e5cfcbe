// What LaTeX's names stand for in Unicode.
#pragma once

#include <QHash>
#include <QSet>
#include <QString>

namespace tercet::latex {

/// Letters and signs that stand close to their neighbours.
const QHash<QString, QString>& symbols();
/// Relations and operators, which stand between spaces.
const QHash<QString, QString>& relations();
/// Names set upright ("sin") and large operators; what follows is kept apart from them.
const QHash<QString, QString>& functions();
/// Those of them, without their spaces, that take what is below them as limits, as signs such as that of a sum do.
const QSet<QString>& limitNames();
/// Commands about size and style alone.
const QSet<QString>& ignored();
/// Commands whose argument is words, not a formula.
const QSet<QString>& wordCommands();
/// Commands that change only the look of their argument.
const QSet<QString>& transparent();
/// The combining character of an accent.
const QHash<QString, QChar>& accents();

const QHash<QChar, QChar>& superscripts();
const QHash<QChar, QChar>& subscripts();
const QHash<QChar, QChar>& doubleStruck();
const QHash<QChar, QChar>& script();

/// Brackets of a matrix; the tall ones are top, middle, bottom and waist pieces for one row each.
struct Brackets {
  QString left, right, tallLeft, tallRight;
};
Brackets bracketsOf(const QString& environment);

}  // namespace tercet::latex
