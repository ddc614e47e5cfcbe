// LaTeX formulas -> text that can be read without a formula renderer.
#pragma once

#include <QString>
#include <QStringView>

namespace tercet {

/// The formula between its delimiters as Unicode: fractions as a/b, with brackets where they could be read in two ways, scripts
/// raised and lowered where Unicode has them, symbols, roots, accents. Unknown commands stay as they are written. With `display`,
/// matrices and cases take several lines that line up in a monospaced font; otherwise everything stands on one line. Linear in
/// the length.
QString latexToUnicode(QStringView formula, bool display);

}  // namespace tercet
