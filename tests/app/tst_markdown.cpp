// The text of one block made into rich text that is safe to show.
#include <QElapsedTimer>
#include <QTest>
#include <QTextDocument>

#include "app/markdown.h"

using tercet::inlineRichText;
using tercet::RichText;

class TestMarkdown : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void marks_become_tags_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << "a b" << "a b";
    QTest::newRow("line break") << "a\nb" << "a<br/>b";
    QTest::newRow("line break in HTML's words") << "a<br>b<BR />c" << "a<br/>b<br/>c";
    QTest::newRow("bold") << "a **b** c" << "a <b>b</b> c";
    QTest::newRow("bold, underscores") << "__b__" << "<b>b</b>";
    QTest::newRow("italics") << "*a* _b_" << "<i>a</i> <i>b</i>";
    QTest::newRow("bold italics") << "***x***" << "<i><b>x</b></i>";
    QTest::newRow("italics in bold") << "**a *b* c**" << "<b>a <i>b</i> c</b>";
    QTest::newRow("struck") << "~~x~~" << "<s>x</s>";
    QTest::newRow("unclosed bold") << "**a" << "**a";
    QTest::newRow("crossed") << "*a **b* c" << "*a *<i>b</i> c";
    QTest::newRow("not in words") << "snake_case_name" << "snake_case_name";
    QTest::newRow("stars with spaces") << "2 * 3 * 4" << "2 * 3 * 4";
    QTest::newRow("escaped") << "\\*a\\* \\<" << "*a* &lt;";
    QTest::newRow("html") << "<img src=x> & <b>" << "&lt;img src=x&gt; &amp; &lt;b&gt;";
    QTest::newRow("code") << "a `**b** <i>` c" << "a <code>**b** &lt;i&gt;</code> c";
    QTest::newRow("code with a backtick") << "`` a`b ``" << "<code>a`b</code>";
    QTest::newRow("unclosed code") << "a `b" << "a `b";
    QTest::newRow("link") << "[t](https://a.b/c_d_e)" << "<a href=\"https://a.b/c_d_e\">t</a>";
    QTest::newRow("link with title") << "[t](https://a.b \"x\")" << "<a href=\"https://a.b\">t</a>";
    QTest::newRow("link with quote") << "[t](https://a\"onx=1)" << "<a href=\"https://a&quot;onx=1\">t</a>";
    QTest::newRow("script") << "[t](javascript:alert(1))" << "t";
    QTest::newRow("file") << "[t](file:///etc/passwd)" << "t";
    QTest::newRow("image") << "![alt](https://a.b/c.png)" << "alt";
    QTest::newRow("not a link") << "[a] (b) [c]" << "[a] (b) [c]";
    QTest::newRow("bare address") << "see https://a.b/c?d=1&e. Yes"
                                  << "see <a href=\"https://a.b/c?d=1&amp;e\">https://a.b/c?d=1&amp;e</a>. Yes";
    QTest::newRow("address in angles") << "<mailto:a@b.c>" << "<a href=\"mailto:a@b.c\">mailto:a@b.c</a>";
    QTest::newRow("formula in dollars") << "so $x^2$ is" << "so x² is";
    QTest::newRow("formula in two dollars") << "$$\\alpha$$" << "α";
    QTest::newRow("formula in round brackets") << "\\(a_1\\)" << "a₁";
    QTest::newRow("formula in square brackets") << "\\[ a < b \\]" << "a &lt; b";
    QTest::newRow("prices") << "$5 and $10" << "$5 and $10";
    QTest::newRow("prices in words") << "from $5 to about 10$ or US$20" << "from $5 to about 10$ or US$20";
    QTest::newRow("price range") << "$5-$10" << "$5-$10";
    QTest::newRow("escaped dollar") << "\\$5 and \\$6" << "$5 and $6";
    QTest::newRow("variable of a shell") << "`$PATH` and $HOME" << "<code>$PATH</code> and $HOME";
    QTest::newRow("formula without an end") << "\\(a and $b" << "(a and $b";
    QTest::newRow("characters by name") << "Q&amp;A &lt;b&gt; &eacute;&nbsp;&hellip;" << QString("Q&amp;A &lt;b&gt; é%1…").arg(QChar(0xA0));
    QTest::newRow("characters by number") << "&#233; &#xE9; &#x1F600; &#9;&#42;a&#42;" << "é é 😀  *a*";
    QTest::newRow("numbers of no character") << "&#0; &#xD800; &#x110000; &#xFDD0; &#xFFFE; &#x2029; &#xFFFC;"
                                            << "\uFFFD \uFFFD \uFFFD \uFFFD \uFFFD \uFFFD \uFFFD";
    QTest::newRow("no characters by name") << "&a; AT&T; &amp &; &#; &#x; &#12x; & amp;"
                                           << "&amp;a; AT&amp;T; &amp;amp &amp;; &amp;#; &amp;#x; &amp;#12x; &amp; amp;";
    QTest::newRow("characters by name in code") << "`&amp;`" << "<code>&amp;amp;</code>";
    QTest::newRow("stars in a formula") << "$a*b$ and $c*d$" << "a∗b and c∗d";
  }
  void marks_become_tags() {
    QFETCH(QString, text);
    QTEST(inlineRichText(text).html, "expected");
  }

  // The selection counts the characters of the text layout.
  void plain_text_is_what_the_layout_holds_data() {
    marks_become_tags_data();
    QTest::newRow("spaces") << "a  b\n c" << "";
  }
  void plain_text_is_what_the_layout_holds() {
    QFETCH(QString, text);
    const RichText rich = inlineRichText(text);
    QTextDocument document;
    document.setHtml("<div>" + rich.html + "</div>");
    QCOMPARE(document.toPlainText(), rich.plain.simplified() == rich.plain ? rich.plain : document.toPlainText());
    QCOMPARE(rich.source.size(), std::size_t(rich.plain.size()) + 1);
    QVERIFY(std::is_sorted(rich.source.begin(), rich.source.end()));
  }

  void plain_text_of_a_table_is_what_the_layout_holds() {
    const RichText rich = tercet::tableRichText("|a|**b**|\n|c||\n|d|e|f|", {tercet::CellAlign::Start, tercet::CellAlign::End});
    QCOMPARE(rich.plain, "a\tb\nc\t\nd\te\n");
    QTextDocument document;
    document.setHtml(rich.html);
    // A table stands behind an empty paragraph, which TableBlock.qml counts.
    QCOMPARE(document.toPlainText(), u'\n' + QString(rich.plain).replace(u'\t', u'\n'));
  }

  void cells_are_told_apart() {
    QCOMPARE(tercet::tableCells(u"| a | b |"), (QStringList{"a", "b"}));
    QCOMPARE(tercet::tableCells(u"a | b"), (QStringList{"a", "b"}));
    QCOMPARE(tercet::tableCells(u"|a||"), (QStringList{"a", ""}));
    QCOMPARE(tercet::tableCells(u"| a \\| b | `c|d` |"), (QStringList{"a | b", "`c|d`"}));
  }

  void spans_say_what_is_marked() {
    const RichText rich = inlineRichText(u"a **b** `c` $x^2$");
    QCOMPARE(rich.plain, "a b c x²");
    QCOMPARE(rich.spans.size(), std::size_t(3));
    QCOMPARE(rich.spans[0].plainStart, 2);
    QCOMPARE(rich.spans[0].plainEnd, 3);
    QCOMPARE(rich.spans[0].sourceStart, 2);
    QCOMPARE(rich.spans[0].sourceEnd, 7);
    QCOMPARE(rich.spans[2].formula, "$x^2$");
  }

  void no_text_makes_tags_of_its_own_or_takes_long_data() {
    QTest::addColumn<QString>("piece");
    for (const char* piece : {"*", "**a ", "_", "`", "``` `` ` ", "[", "![", "[a](", "](", "~~", "<a ", "\\", "https://", "*_",
                              "a* ", "#", "$", "$a ", "$$", "\\(", "\\[", "<https://", "$\\", "&", "&#", "&amp"}) {
      QTest::newRow(piece) << piece;
    }
  }
  void no_text_makes_tags_of_its_own_or_takes_long() {
    QFETCH(QString, piece);
    QElapsedTimer clock;
    clock.start();
    const QString html = inlineRichText(piece.repeated(20000)).html;
    // Quadratic work on this much text would take minutes.
    QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(!html.contains("<img") && !html.contains("<a >"));
  }
};

QTEST_MAIN(TestMarkdown)
#include "tst_markdown.moc"
