// Markdown cut into blocks while it arrives in pieces.
#include <QAbstractItemModelTester>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include "app/message_blocks.h"
#include "tests/support/test_rng.h"

using tercet::Block;
namespace BlockKind = tercet::BlockKind;
using tercet::MessageBlocks;

namespace {

QString get(const MessageBlocks& blocks, int row, int role) { return blocks.data(blocks.index(row), role).toString(); }

/// "P:text", "C(language):text" and the like for each block: all there is to see of it.
QStringList summary(const MessageBlocks& blocks) {
  QStringList out;
  for (int row = 0; row < blocks.rowCount(); ++row) {
    const Block& block = blocks.block(row);
    QString line = QString(block.quotes, u'>') + QString(block.depth, u' ');
    if (block.continues) line += block.glued ? u'=' : u'~';
    switch (block.kind) {
      case BlockKind::Paragraph: line += u'P'; break;
      case BlockKind::Heading: line += u'H' + QString::number(block.level); break;
      case BlockKind::Item: line += block.marker + QStringList{"", "[]", "[x]"}[block.task]; break;
      case BlockKind::Rule: line += u'R'; break;
      case BlockKind::Code: line += QStringLiteral("C(%1)").arg(block.language); break;
      case BlockKind::Table: line += QStringLiteral("T(%1)").arg(block.head); break;
      case BlockKind::Formula: line += u'F'; break;
    }
    out << line + u':' + block.text;
  }
  return out;
}

QStringList blocksOf(const QString& text, bool finish = true) {
  MessageBlocks blocks(MessageBlocks::Format::Markdown);
  blocks.appendText(text);
  if (finish) blocks.finish();
  return summary(blocks);
}

/// "row:words" for each stretch that is marked so.
QStringList marked(const MessageBlocks& blocks, const QString& kind) {
  static const QRegularExpression span(QStringLiteral("<span class=\"(found|here)\">([^<]*)</span>"));
  QStringList out;
  for (int row = 0; row < blocks.rowCount(); ++row) {
    for (auto matches = span.globalMatch(get(blocks, row, MessageBlocks::HtmlRole)); matches.hasNext();) {
      const QRegularExpressionMatch match = matches.next();
      if (match.captured(1) == kind) out << QStringLiteral("%1:%2").arg(row).arg(match.captured(2));
    }
  }
  return out;
}

}  // namespace

class TestMessageBlocks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void text_is_cut_into_blocks_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("nothing") << "" << QStringList{};
    QTest::newRow("only blank lines") << "\n \n\t\n" << QStringList{};
    QTest::newRow("one paragraph") << "a\nb" << QStringList{"P:a\nb"};
    QTest::newRow("two paragraphs") << "a\n\nb" << QStringList{"P:a", "P:b"};
    QTest::newRow("many blank lines") << "\n\na\n \n\n\nb\n\n" << QStringList{"P:a", "P:b"};
    QTest::newRow("Windows line ends") << "a\r\nb\r\n\r\nc" << QStringList{"P:a\nb", "P:c"};
    QTest::newRow("fence") << "a\n```python\nx = 1\n```\nb" << QStringList{"P:a", "C(python):x = 1", "P:b"};
    QTest::newRow("fence without language") << "```\nx\n```" << QStringList{"C():x"};
    QTest::newRow("blank lines inside code stay") << "```\n\na\n\nb\n\n```" << QStringList{"C():\na\n\nb\n"};
    QTest::newRow("tildes") << "~~~ js\n```\n~~~" << QStringList{"C(js):```"};
    QTest::newRow("longer fence holds shorter one") << "````md\n```py\nx\n```\n````\nz"
                                                    << QStringList{"C(md):```py\nx\n```", "P:z"};
    QTest::newRow("longer closing fence") << "```\nx\n`````\ny" << QStringList{"C():x", "P:y"};
    QTest::newRow("indented fence takes its indent off") << "1. do\n   ```sh\n   ls\n     -l\n   ```"
                                                         << QStringList{" 1.:do", " C(sh):ls\n  -l"};
    QTest::newRow("unclosed fence") << "```c\nint x;" << QStringList{"C(c):int x;"};
    QTest::newRow("unclosed fence, hidden backticks come out") << "```c\na\n``" << QStringList{"C(c):a\n``"};
    QTest::newRow("backtick in the info string is inline code") << "``` a`b\nc" << QStringList{"P:``` a`b\nc"};
    QTest::newRow("code on one line is inline code") << "```x```" << QStringList{"P:```x```"};
    QTest::newRow("fence characters with text do not close") << "```\n``` x\n```" << QStringList{"C():``` x"};
    QTest::newRow("attributes of the language") << "```{.rust .x}\na\n```" << QStringList{"C(rust):a"};
    QTest::newRow("items") << "- a\n- b\n  c\n* d" << QStringList{" •:a", " •:b\nc", " •:d"};
    QTest::newRow("nested items") << "- a\n  - b\n    - c\n - d\n  * e"
                                  << QStringList{" •:a", "  •:b", "   •:c", " •:d", "  •:e"};
    QTest::newRow("careless indents") << "1. a\n  - b\n     - c\n2. d" << QStringList{" 1.:a", "  •:b", "   •:c", " 2.:d"};
    QTest::newRow("numbers") << "3. a\n4) b\n\n5. c" << QStringList{" 3.:a", " 4.:b", " 5.:c"};
    QTest::newRow("numbers that are all the same count") << "1. a\n1. b\n1. c" << QStringList{" 1.:a", " 2.:b", " 3.:c"};
    QTest::newRow("numbers go on after code") << "1. a\n```\nx\n```\n2. b" << QStringList{" 1.:a", "C():x", " 2.:b"};
    QTest::newRow("paragraph of an item") << "- a\n\n  b\n\nc" << QStringList{" •:a", " P:b", "P:c"};
    QTest::newRow("tasks") << "- [ ] a\n- [x] b\n- [y] c" << QStringList{" •[]:a", " •[x]:b", " •:[y] c"};
    QTest::newRow("fence as an item") << "- ```sh\n  ls\n  ```\n- b" << QStringList{" •:", " C(sh):ls", " •:b"};
    QTest::newRow("year at the start of a line") << "It was in\n1986. Then" << QStringList{"P:It was in\n1986. Then"};
    QTest::newRow("headings") << "# A\n## B ##\ntext\n#hashtag" << QStringList{"H1:A", "H2:B", "P:text\n#hashtag"};
    QTest::newRow("rule") << "a\n---\nb\n* * *" << QStringList{"P:a", "R:", "P:b", "R:"};
    QTest::newRow("quote") << "> a\n> b\nlazy\n\nc" << QStringList{">P:a\nb\nlazy", "P:c"};
    QTest::newRow("nested quote") << "> a\n>> b\n> - c" << QStringList{">P:a", ">>P:b", "> •:c"};
    QTest::newRow("code in a quote") << "> ```\n> x\n> > y\n> ```\n> b" << QStringList{">C():x\n> y", ">P:b"};
    QTest::newRow("quote ends inside code") << "> ```\n> x\ny" << QStringList{">C():x", "P:y"};
    QTest::newRow("table") << "a\n| x | y |\n|---|:-:|\n| 1 | 2 |\nb"
                           << QStringList{"P:a", "T(| x | y |):| 1 | 2 |", "P:b"};
    QTest::newRow("table without outer pipes") << "x | y\n--|--\n1 | 2" << QStringList{"T(x | y):1 | 2"};
    QTest::newRow("table without rows") << "|x|\n|-|" << QStringList{"T(|x|):"};
    QTest::newRow("pipes without a table") << "| x |\n| y |\nz" << QStringList{"P:| x |\n| y |\nz"};
    QTest::newRow("delimiter that does not fit") << "|x|y|\n|-|" << QStringList{"P:|x|y|\n|-|"};
    QTest::newRow("formula") << "a\n\\[\nx\n\\]\nb\n$$y$$" << QStringList{"P:a", "F:\\[\nx\n\\]", "P:b", "F:$$y$$"};
    QTest::newRow("formula with words behind it") << "\\[\nx\n\\] so\nb" << QStringList{"F:\\[\nx\n\\]", "P:so\nb"};
    QTest::newRow("formula in a line") << "$$x$$ is" << QStringList{"P:$$x$$ is"};
    QTest::newRow("two dollars without an end") << "$$ a\nb\n\nc" << QStringList{"P:$$ a\nb", "P:c"};
    QTest::newRow("backtick at the end") << "a `" << QStringList{"P:a `"};
    QTest::newRow("two backticks alone") << "``" << QStringList{"P:``"};
  }
  void text_is_cut_into_blocks() {
    QFETCH(QString, text);
    QTEST(blocksOf(text), "expected");
  }

  void pieces_give_the_same_blocks_as_the_whole_data() { text_is_cut_into_blocks_data(); }
  void pieces_give_the_same_blocks_as_the_whole() {
    QFETCH(QString, text);
    const QStringList whole = blocksOf(text);
    // Every way to cut it in two, and one character at a time.
    for (qsizetype cut = 0; cut <= text.size(); ++cut) {
      MessageBlocks blocks(MessageBlocks::Format::Markdown);
      const QAbstractItemModelTester tester(&blocks, QAbstractItemModelTester::FailureReportingMode::QtTest);
      blocks.appendText(text.first(cut));
      blocks.appendText(text.sliced(cut));
      blocks.finish();
      QCOMPARE(summary(blocks), whole);
    }
    MessageBlocks blocks(MessageBlocks::Format::Markdown);
    for (const QChar c : text) blocks.appendText(QString(c));
    blocks.finish();
    QCOMPARE(summary(blocks), whole);
  }

  void random_pieces_of_random_markdown_give_the_same_blocks() {
    tercet::test::TestRng rng(7);
    const QStringList parts{"```", "~~~", "````", "\n", "\n", "\r\n", " ", "a", "`", "~", "**b**", "- ", "\u00e9", "|", "|-|",
                            "> ", "1. ", "# ", "$$", "\\[", "\\]", "  ", "---", "[ ] ", "\t"};
    for (int round = 0; round < 2000; ++round) {
      QString text;
      for (int i = 0; i < 30; ++i) text += parts[qsizetype(rng.below(std::uint64_t(parts.size())))];
      MessageBlocks blocks(MessageBlocks::Format::Markdown);
      for (qsizetype at = 0; at < text.size();) {
        const qsizetype size = std::min<qsizetype>(text.size() - at, qsizetype(1 + rng.below(5)));
        blocks.appendText(text.sliced(at, size));
        at += size;
      }
      blocks.finish();
      QVERIFY2(summary(blocks) == blocksOf(text), qUtf8Printable(text));
    }
  }

  void earlier_blocks_never_change() {
    MessageBlocks blocks(MessageBlocks::Format::Markdown);
    blocks.appendText("one\n\ntwo");
    QSignalSpy spy(&blocks, &MessageBlocks::dataChanged);
    blocks.appendText(" and a half");
    QCOMPARE(spy.size(), 1);
    QCOMPARE(spy[0][0].toModelIndex().row(), 1);
    QCOMPARE(spy[0][1].toModelIndex().row(), 1);
    spy.clear();
    blocks.appendText("\n\n```\nx\ny");
    for (const QList<QVariant>& change : spy) QVERIFY(change[0].toModelIndex().row() >= 1);
    QCOMPARE(get(blocks, 0, MessageBlocks::TextRole), "one");
  }

  void a_possible_fence_is_not_shown_before_it_is_clear() {
    MessageBlocks blocks(MessageBlocks::Format::Markdown);
    blocks.appendText("text\n`");
    QCOMPARE(summary(blocks), QStringList{"P:text"});
    blocks.appendText("``py");
    QCOMPARE(summary(blocks), QStringList{"P:text"});
    blocks.appendText("thon\nx");
    QCOMPARE(summary(blocks), (QStringList{"P:text", "C(python):x"}));
    blocks.appendText("\n``");
    QCOMPARE(summary(blocks), (QStringList{"P:text", "C(python):x"}));
    blocks.appendText("`");
    blocks.finish();
    QCOMPARE(summary(blocks), (QStringList{"P:text", "C(python):x"}));
  }

  void a_long_line_is_the_same_in_pieces_and_as_a_whole() {
    for (const QString& head : {QString(), QStringLiteral("```\n"), QStringLiteral("| a |\n|---|\n| "), QStringLiteral("- ")}) {
      const QString text = head + QStringLiteral("some words ").repeated(1500) + QStringLiteral("\nend");
      MessageBlocks blocks(MessageBlocks::Format::Markdown);
      for (qsizetype at = 0; at < text.size(); at += 7) blocks.appendText(text.sliced(at, std::min<qsizetype>(7, text.size() - at)));
      blocks.finish();
      QCOMPARE(summary(blocks), blocksOf(text));
      QVERIFY(blocks.rowCount() > 3);
    }
  }

  void parts_of_code_are_copied_as_one() {
    QString code;
    for (int i = 0; i < 100; ++i) code += QStringLiteral("line %1\n").arg(i);
    code += QStringLiteral("x").repeated(10000) + u'\n';
    MessageBlocks blocks(MessageBlocks::Format::Markdown);
    blocks.appendText("```c\n" + code + "```");
    blocks.finish();
    QVERIFY(blocks.rowCount() > 4);
    QCOMPARE(blocks.code(2) + u'\n', code);
    QVERIFY(blocks.data(blocks.index(0), MessageBlocks::FirstPartRole).toBool());
    QVERIFY(!blocks.data(blocks.index(1), MessageBlocks::FirstPartRole).toBool());
    QVERIFY(!blocks.data(blocks.index(1), MessageBlocks::LastPartRole).toBool());
    QVERIFY(blocks.data(blocks.index(blocks.rowCount() - 1), MessageBlocks::LastPartRole).toBool());
  }

  void colours_carry_on_from_part_to_part() {
    MessageBlocks blocks(MessageBlocks::Format::Markdown);
    blocks.appendText("```c\n/*\n" + QStringLiteral("int\n").repeated(100) + "*/\nint\n```");
    blocks.finish();
    QVERIFY(get(blocks, 1, MessageBlocks::HtmlRole).startsWith("<span class=\"comment\">int"));
    QVERIFY(get(blocks, blocks.rowCount() - 1, MessageBlocks::HtmlRole).endsWith("<span class=\"type\">int</span>"));
  }

  void a_string_that_is_cut_stays_one() {
    MessageBlocks blocks(MessageBlocks::Format::Markdown);
    blocks.appendText("```c\nchar* s = \"" + QStringLiteral("word ").repeated(400) + "\"; int y;\n// " +
                      QStringLiteral("if ").repeated(400) + "\nint z;\n```");
    blocks.finish();
    QVERIFY(blocks.rowCount() > 5);
    QString html;
    for (int row = 0; row < blocks.rowCount(); ++row) html += get(blocks, row, MessageBlocks::HtmlRole);
    QVERIFY(!html.contains("<span class=\"keyword\">if"));
    QCOMPARE(html.count("<span class=\"type\">"), 3);  // char, int, int
    QVERIFY(get(blocks, 1, MessageBlocks::HtmlRole).startsWith("<span class=\"string\">word"));
  }

  // Qt builds those of more than 10,000 characters, with the style, anew with each step of scrolling (BlockCutter::kCodePart).
  void rich_text_of_code_stays_short() {
    for (const QString& code : {QStringLiteral("int x = 1; ").repeated(5000), QStringLiteral("0,1,").repeated(5000),
                                QStringLiteral("\"x\":1,").repeated(3000), QStringLiteral("int x = 1; if (x > 2) return \"<&>\";\n").repeated(200)}) {
      MessageBlocks blocks(MessageBlocks::Format::Markdown);
      blocks.appendText("```c\n" + code + "\n```");
      blocks.finish();
      QVERIFY(blocks.rowCount() > 10);
      for (int row = 0; row < blocks.rowCount(); ++row) QVERIFY(get(blocks, row, MessageBlocks::HtmlRole).size() < 9'000);
    }
  }

  void what_was_found_is_marked_where_it_is_shown_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("needle");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("words") << "a word, two words" << "word" << QStringList{"0:word", "0:word"};
    QTest::newRow("lines and paragraphs") << "one\nword\n\n  word" << "word" << QStringList{"0:word", "1:word"};
    QTest::newRow("Windows line ends") << "one\r\nword\r\n\r\nword" << "word" << QStringList{"0:word", "1:word"};
    QTest::newRow("heading") << "## a word ##" << "word" << QStringList{"0:word"};
    QTest::newRow("list in a quote") << "> - a word\n>   and word\n>   - [x] word" << "word"
                                     << QStringList{"0:word", "0:word", "1:word"};
    QTest::newRow("inside emphasis") << "a **bold word** more" << "word" << QStringList{"0:word"};
    QTest::newRow("marks of emphasis") << "a **bold** word" << "**" << QStringList{};
    QTest::newRow("over emphasis") << "a **bold** word" << "bold word" << QStringList{"0:bold", "0: word"};
    QTest::newRow("into emphasis") << "re*words*" << "ewo" << QStringList{"0:e", "0:wo"};
    QTest::newRow("inline code") << "a `word` more" << "word" << QStringList{"0:word"};
    QTest::newRow("letters that HTML needs") << "a <b & \"c\"" << "<b & \"" << QStringList{"0:&lt;b &amp; &quot;"};
    QTest::newRow("label of a link") << "see [a word](https://x.org) word" << "word" << QStringList{"0:word", "0:word"};
    QTest::newRow("address of a link") << "see [here](https://word.org) x" << "word" << QStringList{};
    QTest::newRow("formula") << "so $\\alpha + 1$ is" << "\u03b1" << QStringList{"0:\u03b1"};
    QTest::newRow("formula of its own lines") << "$$\n\\alpha\n$$" << "\u03b1" << QStringList{"0:\u03b1"};
    QTest::newRow("behind a formula") << "$$\nx\n$$ word" << "word" << QStringList{"1:word"};
    QTest::newRow("code") << "```\na word\n  word\n```" << "word" << QStringList{"0:word", "0:word"};
    QTest::newRow("code in colours") << "```py\nif word: return word\n```" << "if word" << QStringList{"0:if", "0: word"};
    QTest::newRow("code in a list in a quote") << "> - x\n>   ```\n>   a word\n>   ```" << "word" << QStringList{"1:word"};
    QTest::newRow("label of code") << "```word\nx\n```" << "word" << QStringList{};
    QTest::newRow("code of several parts") << "```\n" + QString("line\n").repeated(90) + "word\n```" << "word" << QStringList{"5:word"};
    QTest::newRow("table") << "x\n\n| a word | b |\n|---|---|\n| c\\|word | **word** |\n| | word" << "word"
                           << QStringList{"1:word", "1:word", "1:word", "1:word"};
    QTest::newRow("table without outer pipes") << "a | word\n---|---\nword | b" << "word" << QStringList{"0:word", "0:word"};
    QTest::newRow("rule") << "a\n\n---\n\nb" << "---" << QStringList{};
  }
  void what_was_found_is_marked_where_it_is_shown() {
    QFETCH(QString, text);
    QFETCH(QString, needle);
    QFETCH(QStringList, expected);
    MessageBlocks blocks(MessageBlocks::Format::Markdown);
    blocks.appendText(text);
    blocks.finish();
    blocks.find(needle);
    QCOMPARE(marked(blocks, "found"), expected);
    if (!expected.isEmpty()) {
      // The place is where the first mark begins.
      const MessageBlocks::Place place = blocks.found(0).from;
      const QString word = expected.front().section(u':', 1);
      const QString shown = get(blocks, place.block, MessageBlocks::TextRole).sliced(place.position);
      QVERIFY2(shown.toHtmlEscaped().startsWith(word), qPrintable(shown));
      QCOMPARE(QString::number(place.block), expected.front().section(u':', 0, 0));
      // And comes from where it stands in the source.
      if (text.count(needle) == 1) QCOMPARE(blocks.sourceAt(place), text.indexOf(needle));
    }
    blocks.find({});
    QCOMPARE(marked(blocks, "found"), QStringList{});
  }

  void a_place_in_the_source_is_led_to_where_it_is_shown_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("needle");
    QTest::addColumn<QString>("expected");  // "row:position"
    QTest::newRow("words") << "one\n\na word" << "word" << "1:2";
    QTest::newRow("into emphasis") << "re*words*" << "e*wo" << "0:1";
    QTest::newRow("address of a link") << "see [here](https://word.org) x" << "word" << "0:4";
    QTest::newRow("source of a formula") << "so $\\alpha + 1$ is" << "alpha" << "0:3";
    QTest::newRow("label of code") << "x\n\n```word\ny\n```" << "word" << "1:0";
    QTest::newRow("table") << "x\n\n| a | b |\n|---|---|\n| c | **word** |" << "word" << "1:6";
  }
  void a_place_in_the_source_is_led_to_where_it_is_shown() {
    QFETCH(QString, text);
    QFETCH(QString, needle);
    MessageBlocks blocks(MessageBlocks::Format::Markdown);
    blocks.appendText(text);
    blocks.finish();
    const MessageBlocks::Place place = blocks.placeOf({text.indexOf(needle), needle.size()});
    QTEST(QStringLiteral("%1:%2").arg(place.block).arg(place.position), "expected");
  }

  void the_current_place_stands_out() {
    const QString text = "word\n\nword word\n\nword";
    MessageBlocks blocks(MessageBlocks::Format::Markdown);
    blocks.appendText(text);
    blocks.finish();
    blocks.find("word");
    blocks.setCurrentFound(0);
    QSignalSpy changed(&blocks, &MessageBlocks::dataChanged);
    blocks.setCurrentFound(2);
    QCOMPARE(marked(blocks, "here"), QStringList{"1:word"});
    QCOMPARE(marked(blocks, "found"), (QStringList{"0:word", "1:word", "2:word"}));
    for (const QList<QVariant>& change : changed) {
      QCOMPARE(change[2].value<QList<int>>(), QList<int>{MessageBlocks::HtmlRole});
      QVERIFY(change[1].toModelIndex().row() <= 1);  // the last block stays as it is
    }
    blocks.setCurrentFound(-1);
    QCOMPARE(marked(blocks, "here"), QStringList{});
  }

  void a_question_is_marked_as_it_was_typed() {
    const QString text = "*a word*\n\n```\nword\n```";
    MessageBlocks blocks(MessageBlocks::Format::Plain);
    blocks.appendText(text);
    blocks.finish();
    blocks.find("word");
    QCOMPARE(marked(blocks, "found"), (QStringList{"0:word", "1:word"}));
  }

  void marks_are_told_of_wherever_parts_are_cut() {
    const QString text = QStringLiteral("line\n\n").repeated(60) + "word";
    MessageBlocks blocks(MessageBlocks::Format::Plain);
    blocks.appendText(text);
    blocks.finish();
    QSignalSpy changed(&blocks, &MessageBlocks::dataChanged);
    blocks.find("word");
    blocks.setCurrentFound(0);
    QCOMPARE(marked(blocks, "here"), QStringList{"3:word"});
    QCOMPARE(changed.size(), 2);
    for (const QList<QVariant>& change : changed) QCOMPARE(change[1].toModelIndex().row(), 3);
  }

  void what_a_person_typed_is_shown_as_it_is() {
    MessageBlocks blocks(MessageBlocks::Format::Plain);
    blocks.appendText("**no**  <b>tags</b>\nnext");
    blocks.finish();
    const QString html = get(blocks, 0, MessageBlocks::HtmlRole);
    QVERIFY2(html.contains("**no**  &lt;b&gt;tags&lt;/b&gt;<br/>next"), qUtf8Printable(html));
    MessageBlocks spaced(MessageBlocks::Format::Plain);
    spaced.appendText("\n# a\n\n- b\n\n");
    spaced.finish();
    QCOMPARE(summary(spaced), QStringList{"P:# a\n\n- b"});
  }

  void a_long_code_block_costs_no_more_per_update_than_a_short_one() {
    staysBounded("```python\n", "    value = compute(first, \"second\")  # and so on\n", tercet::BlockCutter::kCodePart);
  }
  void a_long_list_costs_no_more_per_update_than_a_short_one() { staysBounded("", "- an item with **some** words\n"); }
  void a_long_table_costs_no_more_per_update_than_a_short_one() {
    staysBounded("| a | b |\n|---|---|\n", "| some cell | another `cell` |\n");
  }
  void a_long_paragraph_costs_no_more_per_update_than_a_short_one() {
    staysBounded("", "A line of a paragraph that never ends, with *words* in it.\n");
  }
  void a_line_without_end_costs_no_more_per_update_than_a_short_one() {
    staysBounded("", "words that go on ");
    staysBounded("```\n", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo", tercet::BlockCutter::kCodePart);
  }

 private:
  /// Streams 90,000 characters in small pieces: each update may touch two rows and insert two, each of bounded length.
  /// (A changed width of code may be told to its other parts, whose text stays.)
  static void staysBounded(const QString& head, const QString& piece, const tercet::BlockCutter::Part& part = tercet::BlockCutter::kTextPart) {
    MessageBlocks blocks(MessageBlocks::Format::Markdown);
    blocks.appendText(head);
    int firstTouched = 0, inserted = 0;
    qsizetype characters = 0;
    connect(&blocks, &MessageBlocks::dataChanged, &blocks, [&](const QModelIndex& first, const QModelIndex& last, const QList<int>& roles) {
      if (!roles.isEmpty()) return;  // not the text
      firstTouched = std::min(firstTouched, first.row());
      for (int row = first.row(); row <= last.row(); ++row) characters += get(blocks, row, MessageBlocks::TextRole).size();
    });
    connect(&blocks, &MessageBlocks::rowsInserted, &blocks, [&](const QModelIndex&, int first, int last) {
      inserted += last - first + 1;
      for (int row = first; row <= last; ++row) characters += get(blocks, row, MessageBlocks::TextRole).size();
    });
    const QString text = piece.repeated(90000 / piece.size());
    for (qsizetype at = 0; at < text.size(); at += 20) {
      firstTouched = blocks.rowCount();
      inserted = 0;
      characters = 0;
      blocks.appendText(text.sliced(at, std::min<qsizetype>(20, text.size() - at)));
      QVERIFY(firstTouched >= blocks.rowCount() - 3);
      QVERIFY(inserted <= 2);
      QVERIFY(characters <= 3 * part.characters);
    }
    blocks.finish();
    QVERIFY(blocks.rowCount() > 15);
  }
};

QTEST_GUILESS_MAIN(TestMessageBlocks)
#include "tst_message_blocks.moc"
