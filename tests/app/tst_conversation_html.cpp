// A conversation as one HTML page and as PDF.
#include <QBuffer>
#include <QFile>
#include <QGuiApplication>
#include <QLocale>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

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
      if (!link && attribute.name() != u"class" && attribute.name() != u"style") {
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
    QVERIFY(body.contains("<th>a</th><th>b | c</th>"));
    QVERIFY(body.contains("<td><b>1</b></td><td>2</td></tr>"));
    QVERIFY(body.contains("<td>x</td><td></td></tr>"));
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
    const QString program = QStandardPaths::findExecutable("pdftotext");
    if (program.isEmpty()) QSKIP("pdftotext is not installed");
    FiledConversation filed = saying("Encyclopaedia entry");
    filed.conversation.messages[1].text = "Before\n\n```\nindented_code(1)\n```\n\n| head | two |\n|---|---|\n| cell | 4 |";
    QTemporaryDir dir;
    QFile file(dir.filePath("a.pdf"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(pdfOf(filed.conversation));
    file.close();
    QProcess process;
    process.start(program, {file.fileName(), "-"});
    QVERIFY(process.waitForFinished());
    const QString text = QString::fromUtf8(process.readAllStandardOutput());
    for (const char* word : {"Encyclopaedia entry", "indented_code(1)", "head", "cell", "You"}) {
      QVERIFY2(text.contains(QLatin1String(word)), qPrintable(QLatin1String(word) + " not in " + text));
    }
    QVERIFY(QString(text).remove(' ').contains("1/1"));  // the number of the page
    QVERIFY(!text.contains(qEnvironmentVariable("HOME", "/nowhere")));
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
