// A conversation as one HTML page and as PDF.
#include <QBuffer>
#include <QFile>
#include <QGuiApplication>
#include <QHash>
#include <QImage>
#include <QLocale>
#include <QProcess>
#include <QRectF>
#include <QRegularExpression>
#include <QSet>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <algorithm>

#include "app/export/conversation_html.h"
#include "app/export/conversation_pdf.h"
#include "tests/app/conversations.h"
#include "tests/support/test_rng.h"

using namespace tercet;
using namespace tercet::test;

namespace {

FiledConversation saying(const QString& text) {
  FiledConversation filed = numbered(1);
  filed.conversation.info.title = text;
  filed.conversation.messages[0].text = text;
  filed.conversation.messages[0].attachments = {{text, text}};
  filed.conversation.messages[1].text = text;
  filed.conversation.messages[1].stats = {.tokens = 1, .model = text, .modelIdentity = "1", .known = true};
  return filed;
}

/// Why the body is not what this program alone would write: an element or attribute that is not on the list.
QString intruder(const QString& body) {
  static const QSet<QString> kElements{"body", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "p", "div", "pre", "table", "tr", "th", "td", "span", "b",
                                       "i",    "s",  "a",  "br", "hr", "code", "details", "summary"};
  QXmlStreamReader xml("<body>" + QString(body).replace("&nbsp;", "&#160;") + "</body>");
  while (!xml.atEnd()) {
    if (xml.readNext() != QXmlStreamReader::StartElement) continue;
    if (!kElements.contains(xml.name().toString())) return "element " + xml.name().toString();
    for (const QXmlStreamAttribute& attribute : xml.attributes()) {
      const bool link = attribute.name() == u"href" && QRegularExpression("^(https?://|mailto:)", QRegularExpression::CaseInsensitiveOption)
                                                           .match(attribute.value()).hasMatch();
      const bool heading = (attribute.name() == u"role" && attribute.value() == u"heading") ||
                           (attribute.name() == u"aria-level" && attribute.value() == u"2");
      if (!link && !heading && attribute.name() != u"class" && attribute.name() != u"style") {
        return "attribute " + attribute.name().toString() + "=" + attribute.value().toString();
      }
      if (attribute.name() == u"style" && attribute.value().contains(u"url")) return "style " + attribute.value().toString();
    }
  }
  return xml.hasError() ? xml.errorString() + " in " + body : QString();
}

QByteArray pdfOf(const Conversation& conversation) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  if (conversationToPdf(conversation, buffer, [](double) { return true; })) return {};
  return buffer.data();
}

/// What `program`, one of poppler's, makes of `pdf` on its output.
QByteArray readBy(const QString& program, const QStringList& options, const QByteArray& pdf, const QStringList& output = {}) {
  QTemporaryDir dir;
  QFile file(dir.filePath("a.pdf"));
  if (!file.open(QIODevice::WriteOnly)) return {};
  file.write(pdf);
  file.close();
  QProcess process;
  process.start(program, options + QStringList{file.fileName()} + output);
  return process.waitForFinished() ? process.readAllStandardOutput() : QByteArray();
}

QString textIn(const QByteArray& pdf, const QStringList& options = {}) { return QString::fromUtf8(readBy("pdftotext", options, pdf, {"-"})); }

/// The first page, a pixel for each point.
QImage pictureOf(const QByteArray& pdf) { return QImage::fromData(readBy("pdftoppm", {"-r", "72", "-gray", "-l", "1"}, pdf)); }

/// The darkest pixel between two places of a line, 0 black to 255 white.
int darkest(const QImage& page, double from, double to, double y) {
  int found = 255;
  for (int x = qRound(from); x <= qRound(to); ++x) found = std::min(found, qGray(page.pixel(x, qRound(y))));
  return found;
}

/// Where each word stands on the first page, in points; the last place of one that is there more than once.
QHash<QString, QRectF> wordsIn(const QByteArray& pdf) {
  static const QRegularExpression kWord("<word xMin=\"([\\d.]+)\" yMin=\"([\\d.]+)\" xMax=\"([\\d.]+)\" yMax=\"([\\d.]+)\">([^<]*)</word>");
  QHash<QString, QRectF> out;
  const QString found = textIn(pdf, {"-bbox", "-l", "1"});
  for (auto match = kWord.globalMatch(found); match.hasNext();) {
    const QRegularExpressionMatch word = match.next();
    out[word.captured(5)] = QRectF(QPointF(word.captured(1).toDouble(), word.captured(2).toDouble()),
                                   QPointF(word.captured(3).toDouble(), word.captured(4).toDouble()));
  }
  return out;
}

bool canReadPdf() { return !QStandardPaths::findExecutable("pdftotext").isEmpty(); }

qsizetype pagesIn(const QByteArray& pdf) {
  const auto match = QRegularExpression("/Count (\\d+)").match(QString::fromLatin1(pdf));
  return match.captured(1).toInt();
}

}  // namespace

class TestConversationHtml : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { QLocale::setDefault(QLocale::c()); }

  void the_page_is_complete_in_itself() {
    const QString page = QString::fromUtf8(conversationToHtml(everything().conversation));
    QVERIFY(page.startsWith("<!DOCTYPE html>"));
    QVERIFY(page.contains("prefers-color-scheme:dark"));
    QVERIFY(page.contains("default-src 'none'"));
    for (const char* outside : {"<script", "<img", "<link", "<iframe", "src=", "url(", "@import", "/models/"}) {
      QVERIFY2(!page.contains(QLatin1String(outside), Qt::CaseInsensitive), outside);
    }
  }

  void files_are_folded_away_on_the_page_and_named_on_paper() {
    FiledConversation filed = numbered(1);
    filed.conversation.messages[0].attachments = {{"a.txt", "1 < 2\nend"}};
    const QString body = conversationBody(filed.conversation);
    QVERIFY2(body.contains("<details><summary class=\"note\">Attached: a.txt</summary>\n<pre>1 &lt; 2\nend</pre>\n</details>"), qPrintable(body));
    const QString paper = conversationBody(filed.conversation, ShownFiles::Names);
    QVERIFY(paper.contains("<p class=\"note\">Attached: a.txt</p>"));
    QVERIFY(!paper.contains("1 &lt; 2"));
  }

  void headings_code_and_tables_are_shown_as_such() {
    const QString body = conversationBody(saying("# Big\n\n```py\nif a < b:\n    c\n```\n\nBefore\n| a | b \\| c |\n|:--|--:|\n| **1** | 2 | 3 |\n| x").conversation);
    QVERIFY2(body.contains("<h3>Big</h3>"), qPrintable(body));
    QVERIFY(body.contains("<pre>if a &lt; b:\n    c"));
    QVERIFY(body.contains("<th>a</th><th class=\"end\">b | c</th>"));
    QVERIFY(body.contains("<td><b>1</b></td><td class=\"end\">2</td></tr>"));
    QVERIFY(body.contains("<td>x</td><td class=\"end\"></td></tr>"));
    QCOMPARE(intruder(body), QString());
    QVERIFY(conversationBody(saying("| a |\n|:-:|\n| 1 |").conversation).contains("<td class=\"center\">1</td>"));
  }

  void lists_stand_in_each_other() {
    const QString body = conversationBody(saying("- one\n  - two\n    - three\n\n  with one\n").conversation);
    QVERIFY2(body.contains("<div class=\"block\">\u2022 one</div>"), qPrintable(body));
    QVERIFY2(body.contains("<div class=\"block\" style=\"margin-left:24px\">\u2022 two</div>"), qPrintable(body));
    QVERIFY2(body.contains("<div class=\"block\" style=\"margin-left:48px\">\u2022 three</div>"), qPrintable(body));
    QVERIFY2(body.contains("<div class=\"block\" style=\"margin-left:24px\">with one</div>"), qPrintable(body));
    QCOMPARE(intruder(body), QString());
  }

  void speakers_are_headings_to_those_who_listen() {
    const QString body = conversationBody(numbered(1).conversation);
    QVERIFY2(body.contains("<p class=\"author\" role=\"heading\" aria-level=\"2\">You</p>"), qPrintable(body));
    QVERIFY(!body.contains("<h2"));
    QCOMPARE(intruder(body), QString());
  }

  void nothing_of_a_conversation_is_ever_taken_for_markup_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"<script>alert(1)</script>", "</title></style><script>x</script>", "\"><img src=x onerror=alert(1)>",
                             "[a](javascript:alert(1))", "![a](https://example.org/x.png)", "<a href=\"file:///etc/passwd\">x</a>",
                             "```<b>\n</pre><script>x</script>\n```", "`</code><script>`", "| <i>a</i> | b |\n|---|---|\n| <script> | ' |",
                             "[a\" onclick=\"x](https://e.org/\"onclick=\"x)", "&lt;b&gt; &amp; &#60;script&#62;", "https://e.org/<script>\"",
                             "**<u>**</u>", "<!-- -->", "<![CDATA[ x ]]>", "[x](data:text/html,<script>)", "> <b>\n- <b>\n# <b>"}) {
      QTest::newRow(text) << QString::fromUtf8(text);
    }
  }

  void nothing_of_a_conversation_is_ever_taken_for_markup() {
    QFETCH(QString, text);
    QCOMPARE(intruder(conversationBody(saying(text).conversation)), QString());
    const QString page = QString::fromUtf8(conversationToHtml(saying(text).conversation));
    QCOMPARE(page.count("<script"), 0);
    QCOMPARE(page.count("<style"), 1);
    QCOMPARE(page.count("</title>"), 1);
  }

  void random_marks_never_become_markup() {
    TestRng rng(7);
    const QStringList bits{"<", ">", "\"", "'", "&", "|", "---", "\n", "```", "`", "*", "**", "_", "~~", "[", "](", ")", "!", "#", "script", "img src=x",
                           " ", "javascript:", "https://a.b", "x", "\\", "<b", "/>", "|-|-|", "\n\n", "- ", "> ", "\u202E", QString(QChar(0)),
                           QString(QChar(0x1B)), QString(QChar(0xD800)), QString(QChar(0xFFFF))};
    for (int round = 0; round < 3000; ++round) {
      QString text;
      for (std::uint64_t i = 0; i < 3 + rng.below(25); ++i) text += bits[static_cast<qsizetype>(rng.below(static_cast<std::uint64_t>(bits.size())))];
      const QString found = intruder(conversationBody(saying(text).conversation));
      QVERIFY2(found.isEmpty(), qPrintable(found + " from " + text));
    }
  }

  void pdf_has_more_pages_for_more_text() {
    const QByteArray small = pdfOf(saying("short").conversation);
    QVERIFY(small.startsWith("%PDF-"));
    QCOMPARE(pagesIn(small), 1);
    const QByteArray large = pdfOf(saying(QStringLiteral("A line of text.\n\n").repeated(300)).conversation);
    QVERIFY2(pagesIn(large) > 5, qPrintable(QString::number(pagesIn(large))));
  }

  void pdf_can_be_searched() {
    if (!canReadPdf()) QSKIP("pdftotext is not installed");
    FiledConversation filed = saying("Encyclopaedia entry");
    filed.conversation.messages[1].text = "Before\n\n```\nindented_code(1)\n```\n\n| head | two |\n|---|---|\n| cell | 4 |";
    const QString text = textIn(pdfOf(filed.conversation));
    for (const char* word : {"Encyclopaedia entry", "indented_code(1)", "head", "cell", "You"}) {
      QVERIFY2(text.contains(QLatin1String(word)), qPrintable(QLatin1String(word) + " not in " + text));
    }
    QVERIFY(QString(text).remove(' ').contains("1/1"));  // the number of the page
    QVERIFY(!text.contains(qEnvironmentVariable("HOME", "/nowhere")));
  }

  void paper_shows_names_smaller_than_what_is_said_and_room_between_messages() {
    if (!canReadPdf()) QSKIP("pdftotext is not installed");
    const QHash<QString, QRectF> words = wordsIn(pdfOf(numbered(1).conversation));
    for (const char* word : {"You", "question", "Assistant", "answer"}) QVERIFY2(words.contains(word), word);
    QVERIFY(words["You"].height() < words["question"].height());
    QVERIFY(words["Assistant"].height() < words["answer"].height());
    QVERIFY(words["Assistant"].top() - words["question"].bottom() > 10);
  }

  void paper_shows_lists_and_quotes_in_each_other() {
    if (!canReadPdf()) QSKIP("pdftotext is not installed");
    FiledConversation filed = numbered(1);
    filed.conversation.messages[1].text = "Flush\n\n- one\n  - two\n    - three\n\nThen\n\n> quoted\n> > twice";
    const QHash<QString, QRectF> words = wordsIn(pdfOf(filed.conversation));
    for (const char* word : {"Flush", "one", "two", "three", "quoted", "twice"}) QVERIFY2(words.contains(word), word);
    const double step = words["two"].left() - words["one"].left();
    QVERIFY2(step > 10, qPrintable(QString::number(step)));
    QVERIFY(qAbs(words["three"].left() - words["two"].left() - step) < 2);
    QVERIFY(qAbs(words["quoted"].left() - words["Flush"].left() - step) < 2);
    QVERIFY(qAbs(words["twice"].left() - words["quoted"].left() - step) < 2);
  }

  void paper_shows_a_bar_beside_quotes() {
    if (!canReadPdf()) QSKIP("pdftotext is not installed");
    FiledConversation filed = numbered(1);
    filed.conversation.messages[1].text = "Before\n\n- listed\n\n> quoted\n>\n> second\n\nAfter\n\n> above\n>\n> | cell | b |\n> |---|---|\n> | lower | 2 |\n>\n> below\n\nLast";
    const QByteArray pdf = pdfOf(filed.conversation);
    const QHash<QString, QRectF> words = wordsIn(pdf);
    const QImage page = pictureOf(pdf);
    QVERIFY(!page.isNull());
    // Left of the words' column, at the height of a word or between two.
    const auto marked = [&](double y) { return darkest(page, words["Before"].left() - 3, words["quoted"].left() - 3, y) < 230; };
    QVERIFY(marked(words["quoted"].center().y()) && marked(words["second"].center().y()));
    QVERIFY(marked((words["quoted"].bottom() + words["second"].top()) / 2));
    QVERIFY(!marked((words["second"].bottom() + words["After"].top()) / 2));
    QVERIFY(!marked((words["listed"].bottom() + words["quoted"].top()) / 2));
    // Beside a table, too.
    for (const char* word : {"above", "cell", "lower", "below"}) QVERIFY2(marked(words[word].center().y()), word);
    QVERIFY(marked((words["lower"].bottom() + words["below"].top()) / 2));
    QVERIFY(!marked((words["below"].bottom() + words["Last"].top()) / 2));
  }

  void paper_aligns_the_columns_of_tables() {
    if (!canReadPdf()) QSKIP("pdftotext is not installed");
    FiledConversation filed = numbered(1);
    filed.conversation.messages[1].text = "| start | end |\n|---|--:|\n| alpha | 1000000 |\n| omega | 7777 |";
    const QByteArray pdf = pdfOf(filed.conversation);
    const QHash<QString, QRectF> words = wordsIn(pdf);
    for (const char* word : {"start", "end", "alpha", "omega", "1000000", "7777"}) QVERIFY2(words.contains(word), word);
    QVERIFY(qAbs(words["start"].left() - words["alpha"].left()) < 2);
    QVERIFY(qAbs(words["omega"].left() - words["alpha"].left()) < 2);
    QVERIFY(qAbs(words["1000000"].right() - words["7777"].right()) < 2);
    QVERIFY(qAbs(words["1000000"].right() - words["end"].right()) < 2);
    // Each cell has a line before and behind it.
    const QImage page = pictureOf(pdf);
    for (const char* word : {"alpha", "omega", "1000000", "7777"}) {
      const QRectF place = words[word];
      QVERIFY2(darkest(page, place.left() - 40, place.left() - 2, place.center().y()) < 200, word);
      QVERIFY2(darkest(page, place.right() + 2, place.right() + 40, place.center().y()) < 200, word);
    }
  }

  void pdf_is_given_up_when_asked_to() {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    const auto error = conversationToPdf(saying("x").conversation, buffer, [](double) { return false; });
    QVERIFY(error);
    QCOMPARE(error->cause, TransferError::Cause::Stopped);
  }
};

QTEST_MAIN(TestConversationHtml)
#include "tst_conversation_html.moc"
