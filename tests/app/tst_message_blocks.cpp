// Markdown cut into blocks while it arrives in pieces, and made into rich text that is safe to show.
#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include "app/markdown.h"
#include "app/message_blocks.h"
#include "tests/support/test_rng.h"

using tercet::markdownToHtml;
using tercet::MessageBlocks;

namespace {

QString get(const MessageBlocks& blocks, int row, int role) { return blocks.data(blocks.index(row), role).toString(); }

/// "P:text" and "C(language):text" for each block, which is all there is to see of them.
QStringList summary(const MessageBlocks& blocks) {
  QStringList out;
  for (int row = 0; row < blocks.rowCount(); ++row) {
    const bool code = blocks.data(blocks.index(row), MessageBlocks::KindRole).toInt() == int(MessageBlocks::Kind::Code);
    const QString language = get(blocks, row, MessageBlocks::LanguageRole);
    out << (code ? QStringLiteral("C(%1):").arg(language) : QStringLiteral("P:")) +
               get(blocks, row, MessageBlocks::TextRole);
  }
  return out;
}

QStringList blocksOf(const QString& text, bool finish = true) {
  MessageBlocks blocks(MessageBlocks::Format::Markdown);
  blocks.appendText(text);
  if (finish) blocks.finish();
  return summary(blocks);
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
                                                         << QStringList{"P:1. do", "C(sh):ls\n  -l"};
    QTest::newRow("unclosed fence") << "```c\nint x;" << QStringList{"C(c):int x;"};
    QTest::newRow("unclosed fence, hidden backticks come out") << "```c\na\n``" << QStringList{"C(c):a\n``"};
    QTest::newRow("backtick in the info string is inline code") << "``` a`b\nc" << QStringList{"P:``` a`b\nc"};
    QTest::newRow("code on one line is inline code") << "```x```" << QStringList{"P:```x```"};
    QTest::newRow("fence characters with text do not close") << "```\n``` x\n```" << QStringList{"C():``` x"};
    QTest::newRow("attributes of the language") << "```{.rust .x}\na\n```" << QStringList{"C(rust):a"};
    QTest::newRow("list stays together") << "- a\n- b\n  c" << QStringList{"P:- a\n- b\n  c"};
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
    const QStringList parts{"```", "~~~", "````", "\n", "\n", "\r\n", " ", "a", "`", "~", "**b**", "- ", "\u00e9"};
    for (int round = 0; round < 400; ++round) {
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

  void only_the_growing_block_is_open() {
    MessageBlocks blocks(MessageBlocks::Format::Markdown);
    blocks.appendText("one\n\ntwo");
    QVERIFY(!blocks.data(blocks.index(0), MessageBlocks::OpenRole).toBool());
    QVERIFY(blocks.data(blocks.index(1), MessageBlocks::OpenRole).toBool());
    blocks.finish();
    QVERIFY(!blocks.data(blocks.index(1), MessageBlocks::OpenRole).toBool());
  }

  void what_a_person_typed_is_shown_as_it_is() {
    MessageBlocks blocks(MessageBlocks::Format::Plain);
    blocks.appendText("**no**  <b>tags</b>\nnext");
    blocks.finish();
    const QString html = get(blocks, 0, MessageBlocks::HtmlRole);
    QVERIFY2(html.contains("**no**  &lt;b&gt;tags&lt;/b&gt;<br/>next"), qUtf8Printable(html));
  }

  void markdown_becomes_rich_text_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << "a b" << "a b";
    QTest::newRow("line break") << "a\nb" << "a<br/>b";
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
  }
  void markdown_becomes_rich_text() {
    QFETCH(QString, text);
    QTEST(markdownToHtml(text), "expected");
  }

  void inline_code_keeps_its_characters() {
    QVERIFY(markdownToHtml("a `**b** <i>` c").contains(">**b** &lt;i&gt;</code> c"));
    QVERIFY(markdownToHtml("`` a`b ``").contains(">a`b</code>"));
  }

  void headings_lists_and_quotes_are_told_apart() {
    const QString html = markdownToHtml("## Title\ntext\n- one\n  more\n3. three\n> said\n---");
    QVERIFY(html.contains("font-size:large;font-weight:600\">Title</span>"));
    QVERIFY(html.contains(">text</p>"));
    QVERIFY(html.contains("\u2022&nbsp;&nbsp;one<br/>more</p>"));
    QVERIFY(html.contains(">3.&nbsp;&nbsp;three</p>"));  // numbers stay as written
    QVERIFY(html.contains("<i>said</i>"));
    QVERIFY(html.contains("<hr/>"));
    QCOMPARE(markdownToHtml("#hashtag"), "#hashtag");
  }

  void no_text_makes_tags_of_its_own_or_takes_long_data() {
    QTest::addColumn<QString>("piece");
    for (const char* piece : {"*", "**a ", "_", "`", "``` `` ` ", "[", "![", "[a](", "](", "~~", "<a ", "\\", "https://", "*_", "a* ", "#"}) {
      QTest::newRow(piece) << piece;
    }
  }
  void no_text_makes_tags_of_its_own_or_takes_long() {
    QFETCH(QString, piece);
    QElapsedTimer clock;
    clock.start();
    const QString html = markdownToHtml(piece.repeated(20000));
    // Quadratic work on this much text would take minutes.
    QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(!html.contains("<img") && !html.contains("<a >"));
  }
};

QTEST_GUILESS_MAIN(TestMessageBlocks)
#include "tst_message_blocks.moc"
