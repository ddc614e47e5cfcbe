// Formulas made readable without a formula renderer.
#include <QElapsedTimer>
#include <QTest>

#include "app/latex.h"

using tercet::latexToUnicode;

class TestLatex : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void formulas_become_readable_data() {
    QTest::addColumn<QString>("formula");
    QTest::addColumn<QString>("expected");
    QTest::newRow("letters") << "E = mc^2" << "E = mc²";
    QTest::newRow("greek") << "\\alpha + \\beta x" << "α + βx";
    QTest::newRow("fraction") << "\\frac{a}{b}" << "a/b";
    QTest::newRow("fraction of sums") << "\\frac{a+b}{2}" << "(a+b)/2";
    QTest::newRow("fraction in a fraction") << "\\frac{1}{\\frac{a}{b}}" << "1/(a/b)";
    QTest::newRow("fraction without braces") << "\\frac12" << "1/2";
    QTest::newRow("quadratic formula") << "x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}" << "x = (−b ± √(b² − 4ac))/2a";
    QTest::newRow("root") << "\\sqrt{2}" << "√2";
    QTest::newRow("cube root") << "\\sqrt[3]{x+1}" << "∛(x+1)";
    QTest::newRow("nth root") << "\\sqrt[n]{x}" << "ⁿ√x";
    QTest::newRow("lowered") << "x_1 + x_{12}" << "x₁ + x₁₂";
    QTest::newRow("script without a raised letter") << "x^{q+Q}" << "x^(q+Q)";
    QTest::newRow("one letter without a lowered form") << "V_C" << "V_C";
    QTest::newRow("sum with limits") << "\\sum_{i=1}^{n} i" << "∑ᵢ₌₁ⁿ i";
    QTest::newRow("integral") << "\\int_0^1 x^2 \\, dx" << "∫₀¹ x² dx";
    QTest::newRow("limit") << "\\lim_{x \\to 0} f(x)" << "lim_(x → 0) f(x)";
    QTest::newRow("logarithm") << "\\log_2 n" << "log₂ n";
    QTest::newRow("names") << "\\sin x \\cos(y)" << "sin x cos(y)";
    QTest::newRow("relations") << "a\\leq b\\neq c" << "a ≤ b ≠ c";
    QTest::newRow("sets") << "x \\in \\mathbb{R}^n" << "x ∈ ℝⁿ";
    QTest::newRow("words") << "v = 3 \\text{ metres per second}" << "v = 3 metres per second";
    QTest::newRow("upright") << "\\mathrm{d}x" << "dx";
    QTest::newRow("accents") << "\\hat{x} \\bar{y} \\vec{v}" << "x\u0302 y\u0304 v\u20d7";
    QTest::newRow("prime") << "f'(x)" << "f′(x)";
    QTest::newRow("brackets that grow") << "\\left( \\frac{a}{b} \\right)^2" << "(a/b)²";
    QTest::newRow("binomial") << "\\binom{n}{k}" << "C(n, k)";
    QTest::newRow("degrees") << "90^\\circ" << "90°";
    QTest::newRow("escaped") << "5\\% of \\$10" << "5% of $10";
    QTest::newRow("matrix on one line") << "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}" << "(1 2; 3 4)";
    QTest::newRow("unknown command") << "\\foo{x}" << "\\foo x";
    QTest::newRow("not closed") << "\\frac{a}{b" << "a/b";
    QTest::newRow("nothing") << "" << "";
    QTest::newRow("lonely backslash") << "\\" << "\\";
    QTest::newRow("lonely brace") << "a}b" << "a}b";
  }
  void formulas_become_readable() {
    QFETCH(QString, formula);
    QTEST(latexToUnicode(formula, false), "expected");
  }

  void matrices_of_a_formula_of_its_own_lines_line_up() {
    QCOMPARE(latexToUnicode(u"A = \\begin{bmatrix} 1 & 20 \\\\ 300 & 4 \\end{bmatrix}", true),
             "A = ⎡ 1    20 ⎤\n    ⎣ 300  4  ⎦");
    QCOMPARE(latexToUnicode(u"f(x) = \\begin{cases} x & x > 0 \\\\ 0 & \\text{else} \\end{cases}", true),
             "f(x) = ⎧ x  x > 0\n       ⎩ 0  else");
  }

  void lines_of_a_derivation_stay_lines() {
    QCOMPARE(latexToUnicode(u"\\begin{aligned} a &= b \\\\ &= c \\end{aligned}", true), "a = b\n  = c");
    QCOMPARE(latexToUnicode(u"a = b \\\\ c = d", true), "a = b\nc = d");
  }

  void no_formula_takes_long_or_breaks_data() {
    QTest::addColumn<QString>("piece");
    for (const char* piece : {"{", "}", "\\frac", "\\frac{", "^", "_{", "\\sqrt[", "\\begin{matrix}", "\\left", "\\\\", "&",
                              "\\begin{cases} a & ", "\\hat"}) {
      QTest::newRow(piece) << piece;
    }
  }
  void no_formula_takes_long_or_breaks() {
    QFETCH(QString, piece);
    QElapsedTimer clock;
    clock.start();
    const QString shown = latexToUnicode(piece.repeated(2000), true);
    QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(shown.size() < 200000);
  }
};

QTEST_GUILESS_MAIN(TestLatex)
#include "tst_latex.moc"
