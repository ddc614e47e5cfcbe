// What the words of code are, line by line.
#include <QTest>

#include "app/highlighter.h"
#include "app/languages.h"
#include "tests/support/test_rng.h"

using tercet::highlightLine;
using tercet::Ink;
using tercet::InkSpan;
using tercet::languageNamed;

namespace {

/// "keyword:int number:1" for a line; `state` goes in and comes out.
QString inks(const QString& language, const QString& line, int& state) {
  std::vector<InkSpan> spans;
  state = highlightLine(languageNamed(language), line, state, spans);
  static const char* const names[] = {"comment", "string", "number", "keyword", "type", "added", "removed"};
  QStringList out;
  for (const InkSpan& span : spans) {
    out << QString::fromLatin1(names[static_cast<int>(span.ink)]) + u':' + line.sliced(span.start, span.length);
  }
  return out.join(u'|');
}

}  // namespace

class TestHighlighter : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void words_are_told_apart_data() {
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("expected");
    QTest::newRow("python") << "python" << "for n in range(3):  # three" << "keyword:for|keyword:in|type:range|number:3|comment:# three";
    QTest::newRow("python string") << "py" << "x = 'a # b' + f\"c\"" << "string:'a # b'|string:\"c\"";
    QTest::newRow("python raw string") << "py" << "r'\\' + y" << "string:r'\\'";
    QTest::newRow("member named like a keyword") << "python" << "re.match(x)" << "";
    QTest::newRow("c++") << "C++" << "const int x = 0x1F; // y" << "keyword:const|type:int|number:0x1F|comment:// y";
    QTest::newRow("preprocessor") << "cpp" << "#include \"a.h\"" << "keyword:#include|string:\"a.h\"";
    QTest::newRow("escaped quote") << "c" << "s = \"a\\\"b\";" << "string:\"a\\\"b\"";
    QTest::newRow("javascript") << "js" << "let $x = `a`;" << "keyword:let|string:`a`";
    QTest::newRow("typescript") << "ts" << "const n: number = 1.5e-3" << "keyword:const|type:number|number:1.5e-3";
    QTest::newRow("json") << "json" << "{\"a\": [1, true, \"b\"]}" << "keyword:\"a\"|number:1|keyword:true|string:\"b\"";
    QTest::newRow("html") << "html" << "<a href=\"x\">1 for</a>" << "keyword:a|type:href|string:\"x\"|keyword:a";
    QTest::newRow("css") << "css" << "  color: #fff; /* c */" << "type:color|number:#fff|comment:/* c */";
    QTest::newRow("bash") << "sh" << "if [ $#  -gt 1 ]; then echo \"hi\"; fi # c"
                          << "keyword:if|number:1|keyword:then|type:echo|string:\"hi\"|keyword:fi|comment:# c";
    QTest::newRow("sql in either case") << "sql" << "SELECT a from t WHERE b = 'c' -- d"
                                        << "keyword:SELECT|keyword:from|keyword:WHERE|string:'c'|comment:-- d";
    QTest::newRow("rust lifetime") << "rust" << "fn f<'a>(x: &'a str)" << "keyword:fn|type:str";
    QTest::newRow("yaml") << "yaml" << "key-a: true # c" << "keyword:key-a|keyword:true|comment:# c";
    QTest::newRow("diff, added") << "diff" << "+ x" << "added:+ x";
    QTest::newRow("diff, removed") << "diff" << "- x" << "removed:- x";
    QTest::newRow("markdown") << "md" << "# Title" << "keyword:# Title";
    QTest::newRow("unknown language") << "klingon" << "for int 1" << "";
    QTest::newRow("no language") << "" << "for int 1" << "";
  }
  void words_are_told_apart() {
    QFETCH(QString, language);
    QFETCH(QString, line);
    int state = 0;
    QTEST(inks(language, line, state), "expected");
    QCOMPARE(state, 0);
  }

  void what_is_open_goes_on_in_the_next_line_data() {
    QTest::addColumn<QString>("language");
    QTest::addColumn<QStringList>("lines");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("comment") << "c" << QStringList{"a /* b", "int", "c */ int"}
                             << QStringList{"comment:/* b", "comment:int", "comment:c */|type:int"};
    QTest::newRow("triple quotes") << "python" << QStringList{"\"\"\"a", "for", "\"\"\" for"}
                                   << QStringList{"string:\"\"\"a", "string:for", "string:\"\"\"|keyword:for"};
    QTest::newRow("template") << "js" << QStringList{"`a", "b`+1"} << QStringList{"string:`a", "string:b`|number:1"};
    QTest::newRow("plain string ends with its line") << "c" << QStringList{"\"a", "int"} << QStringList{"string:\"a", "type:int"};
    QTest::newRow("tag") << "html" << QStringList{"<a", "b='c'>", "b"} << QStringList{"keyword:a", "type:b|string:'c'", ""};
  }
  void what_is_open_goes_on_in_the_next_line() {
    QFETCH(QString, language);
    QFETCH(QStringList, lines);
    QFETCH(QStringList, expected);
    int state = 0;
    for (qsizetype i = 0; i < lines.size(); ++i) QCOMPARE(inks(language, lines[i], state), expected[i]);
  }

  void stretches_are_in_order_and_inside_the_line_whatever_comes() {
    tercet::test::TestRng rng(11);
    const QString characters = QStringLiteral("ab01 \"'`/*#<>-=[]{}\\:.r_!+@");
    for (const tercet::Language& language : tercet::languages()) {
      int state = 0;
      for (int round = 0; round < 200; ++round) {
        QString line;
        for (int i = 0; i < 30; ++i) line += characters[qsizetype(rng.below(std::uint64_t(characters.size())))];
        std::vector<InkSpan> spans;
        state = highlightLine(&language, line, state, spans);
        qsizetype at = 0;
        for (const InkSpan& span : spans) {
          QVERIFY2(span.start >= at && span.length > 0, qPrintable(language.names.first() + ": " + line));
          at = span.start + span.length;
        }
        QVERIFY(at <= line.size());
      }
    }
  }

  void every_name_leads_to_one_language() {
    QSet<QString> seen;
    for (const tercet::Language& language : tercet::languages()) {
      for (const QString& name : language.names) {
        QVERIFY2(!seen.contains(name), qPrintable(name));
        seen.insert(name);
      }
    }
    QVERIFY(tercet::languages().size() >= 20);
  }

  void rich_text_escapes_the_code() {
    QCOMPARE(tercet::highlightedHtml(languageNamed("c"), "if (a<b)\n\"&\"", 0),
             "<span class=\"keyword\">if</span> (a&lt;b)<br/><span class=\"string\">&quot;&amp;&quot;</span>");
  }
};

QTEST_GUILESS_MAIN(TestHighlighter)
#include "tst_highlighter.moc"
