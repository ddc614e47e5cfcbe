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
    QTest::newRow("quadratic formula") << "x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}" << "x = (−b ± √(b² − 4ac))/(2a)";
    QTest::newRow("root") << "\\sqrt{2}" << "√2";
    QTest::newRow("cube root") << "\\sqrt[3]{x+1}" << "∛(x+1)";
    QTest::newRow("nth root") << "\\sqrt[n]{x}" << "ⁿ√x";
    QTest::newRow("lowered") << "x_1 + x_{12}" << "x₁ + x₁₂";
    QTest::newRow("script without a raised letter") << "x^{q+Q}" << "x^(q+Q)";
    QTest::newRow("one letter without a lowered form") << "V_C" << "V_C";
    QTest::newRow("sum with limits") << "\\sum_{i=1}^{n} i" << "∑ᵢ₌₁ⁿ i";
    QTest::newRow("integral") << "\\int_0^1 x^2 \\, dx" << "∫₀¹ x² dx";
    QTest::newRow("limit") << "\\lim_{x \\to 0} f(x)" << "lim x→0 f(x)";
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
    QTest::newRow("product below a fraction") << "\\frac{1}{2a}" << "1/(2a)";
    QTest::newRow("product above a fraction") << "\\frac{2a}{b}" << "(2a)/b";
    QTest::newRow("powers in a fraction") << "\\frac{x^2}{y_1}" << "x²/y₁";
    QTest::newRow("power without a raised letter in a fraction") << "\\frac{1}{e^{Q}}" << "1/e^Q";
    QTest::newRow("numbers in a fraction") << "\\frac{1.5}{100}" << "1.5/100";
    QTest::newRow("factorials in a fraction") << "\\frac{n!}{k!(n-k)!}" << "n!/(k!(n−k)!)";
    QTest::newRow("functions in a fraction") << "\\frac{f(x)}{\\sin(x)}" << "f(x)/sin(x)";
    QTest::newRow("functions without brackets in a fraction") << "\\frac{\\sin x}{x}" << "(sin x)/x";
    QTest::newRow("factor before a sum in a fraction") << "\\frac{1}{n(n+1)}" << "1/(n(n+1))";
    QTest::newRow("sum in brackets in a fraction") << "\\frac{1}{(n+1)^2}" << "1/(n+1)²";
    QTest::newRow("brackets side by side in a fraction") << "\\frac{1}{(a)(b)}" << "1/((a)(b))";
    QTest::newRow("roots in a fraction") << "\\frac{\\sqrt{3}}{\\sqrt{2}}" << "(√3)/√2";
    QTest::newRow("words in a fraction") << "\\frac{\\text{distance}}{\\mathrm{time}}" << "distance/time";
    QTest::newRow("derivative") << "\\frac{dy}{dx}" << "dy/dx";
    QTest::newRow("partial derivative") << "\\frac{\\partial^2 f}{\\partial x^2}" << "∂²f/∂x²";
    QTest::newRow("mixed derivative") << "\\frac{\\partial^2 f}{\\partial x \\partial y}" << "∂²f/(∂x ∂y)";
    QTest::newRow("fraction before a factor") << "\\frac{1}{2}mv^2" << "(1/2)mv²";
    QTest::newRow("fraction before a factor behind a space") << "\\frac{1}{2} (a+b)" << "(1/2) (a+b)";
    QTest::newRow("fraction before a sum") << "\\frac{1}{n}\\sum_{i=1}^n x_i" << "(1/n) ∑ᵢ₌₁ⁿ xᵢ";
    QTest::newRow("fraction before a sign") << "\\frac{1}{2} + x = \\frac{a}{b} \\cdot c" << "1/2 + x = a/b · c";
    QTest::newRow("fraction before words") << "\\frac{1}{2} \\text{ of it}" << "1/2 of it";
    QTest::newRow("fraction to a power") << "\\frac{a}{b}^2" << "(a/b)²";
    QTest::newRow("fraction behind a number") << "2\\frac{1}{3}" << "2 1/3";
    QTest::newRow("fraction of a function") << "\\sin\\frac{x}{2}" << "sin(x/2)";
    QTest::newRow("fraction of a power of a function") << "\\sin^2 \\frac{x}{2}" << "sin² (x/2)";
    QTest::newRow("sum of fractions") << "\\sum_{n=1}^{\\infty}\\frac{1}{n^2}" << "∑ₙ₌₁^∞ 1/n²";
    QTest::newRow("root of a product") << "\\sqrt{ab}" << "√(ab)";
    QTest::newRow("root of a power") << "\\sqrt{x^2}" << "√(x²)";
    QTest::newRow("root before a factor") << "\\sqrt{2}x" << "√2 x";
    QTest::newRow("product raised") << "e^{i\\pi}" << "e^(iπ)";
    QTest::newRow("list lowered") << "x_{i,j}" << "x_(i,j)";
    QTest::newRow("script before a factor") << "V_{C}x" << "V_C x";
    QTest::newRow("limit at infinity") << "\\lim_{x\\to\\infty} f(x)" << "lim x→∞ f(x)";
    QTest::newRow("limit before brackets") << "\\lim_{n\\to\\infty}(1+\\frac{1}{n})^n" << "lim n→∞ (1+1/n)ⁿ";
    QTest::newRow("limit in a fraction") << "\\frac{\\lim_{x\\to 0} x}{2}" << "(lim x→0 x)/2";
    QTest::newRow("limit superior") << "\\limsup_{n \\to \\infty} a_n" << "lim sup n→∞ aₙ";
    QTest::newRow("maximum of a set") << "\\max_{x \\in S} f(x)" << "max x∈S f(x)";
    QTest::newRow("maximum with a letter below") << "\\max_x f(x)" << "maxₓ f(x)";
    QTest::newRow("minimum with a list below") << "\\min_{w, b} L" << "min_(w, b) L";
    QTest::newRow("infimum") << "\\inf_{n\\geq 1} a_n" << "inf n≥1 aₙ";
    QTest::newRow("operator with limits") << "\\operatorname*{arg\\,max}_{\\theta \\in T} L" << "arg max θ∈T L";
    QTest::newRow("limit set below") << "\\underset{x \\to 0}{\\lim} f" << "lim x→0 f";
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
                              "\\begin{cases} a & ", "\\hat", "\\frac{a}{b}x", "\\frac{1}{", "\\sin\\frac ab", "\\lim_{x\\to", "x^Q"}) {
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
