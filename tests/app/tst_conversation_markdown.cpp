// A conversation as Markdown.
#include <QLocale>
#include <QTest>

#include "app/export/conversation_markdown.h"
#include "tests/app/conversations.h"

using namespace tercet;
using namespace tercet::test;

class TestConversationMarkdown : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { QLocale::setDefault(QLocale::c()); }

  void it_has_the_title_the_date_the_model_and_the_shown_branch() {
    FiledConversation filed = numbered(1);
    filed.conversation.info.title = "A *starry* title";
    filed.conversation.messages[1].stats = {.tokens = 3, .model = "BitNet", .modelIdentity = "1", .known = true};
    filed.conversation.messages.push_back(message(3, 1, Message::Author::Assistant, "not shown"));
    const QString text = QString::fromUtf8(conversationToMarkdown(filed.conversation));
    QVERIFY2(text.startsWith("# A \\*starry\\* title\n\n*"), qPrintable(text));
    QVERIFY(text.contains("2023"));
    QVERIFY(text.contains(" · BitNet*\n"));
    QVERIFY(text.contains("## You\n\nquestion 1\n"));
    QVERIFY(text.contains("## BitNet\n\nanswer 1\n"));
    QVERIFY(!text.contains("not shown"));
  }

  void deleted_messages_are_left_out_and_files_are_there() {
    const QString text = QString::fromUtf8(conversationToMarkdown(everything().conversation));
    QVERIFY(!text.contains("deleted"));
    QVERIFY2(text.contains("*Attached: a.txt*\n\n```\n"), qPrintable(text));
    QVERIFY(!text.contains("/models/"));
    QVERIFY(text.contains("| a | b |\n|---|---|\n| 1 | 2 |\n"));
    QVERIFY(text.contains("*This answer was not finished.*"));
  }

  void a_file_cannot_end_its_block() {
    FiledConversation filed = numbered(1);
    filed.conversation.messages[0].attachments = {{"notes.md", "a\n````\n## Assistant\n\nnever said"}};
    const QString text = QString::fromUtf8(conversationToMarkdown(filed.conversation));
    QVERIFY2(text.contains("## You\n\n*Attached: notes.md*\n\n`````\na\n````\n## Assistant\n\nnever said\n`````\n\nquestion 1\n"), qPrintable(text));
  }

  void code_stays_as_it_is_and_an_open_fence_is_closed_data() {
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QString>("written");
    QTest::newRow("closed") << "```py\na = 1\n```" << "```py\na = 1\n```";
    QTest::newRow("open") << "```py\na = 1" << "```py\na = 1\n```";
    QTest::newRow("open after a line break") << "~~~~\nx\n" << "~~~~\nx\n~~~~";
    QTest::newRow("a shorter fence inside") << "````\n```\n````" << "````\n```\n````";
    QTest::newRow("a fence with a word does not close") << "```\nx\n```py" << "```\nx\n```py\n```";
    QTest::newRow("no fence") << "a `b` c" << "a `b` c";
  }

  void code_stays_as_it_is_and_an_open_fence_is_closed() {
    QFETCH(QString, answer);
    QFETCH(QString, written);
    FiledConversation filed = numbered(1);
    filed.conversation.messages[1].text = answer;
    const QString text = QString::fromUtf8(conversationToMarkdown(filed.conversation));
    QVERIFY2(text.endsWith("## Assistant\n\n" + written + "\n"), qPrintable(text));
  }
};

QTEST_GUILESS_MAIN(TestConversationMarkdown)
#include "tst_conversation_markdown.moc"
