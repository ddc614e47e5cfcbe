// Conversations where something comes between: no room, a full disk, messages that come and go beside an answer.
#include <QElapsedTimer>
#include <QTest>

#include <memory>

#include "tests/app/chat_bench.h"

using namespace tercet;
using MessageState = MessageModel::State;

class TestChatTrouble : public QObject {
  Q_OBJECT

  std::unique_ptr<ChatBench> b;
  void askWhenTooLong() {
    ChatSettings own;
    own.policy = ContextPolicy::Ask;
    b->chat.setChatSettings(own);
  }
  QVariant get(int row, int role) { return b->chat.messages()->data(b->chat.messages()->index(row), role); }

 private Q_SLOTS:
  void init() { b = std::make_unique<ChatBench>(); }
  void cleanup() { b.reset(); }

  // ---- a chat that is too long, and asks ----

  void a_chat_that_is_too_long_asks_where_it_should() {
    askWhenTooLong();
    QVERIFY(b->say("q"));
    QVERIFY(b->requests.back().options.overflow == Overflow::Refuse);
    b->chat.onFinished(b->id(), failed(ErrorCode::ConversationTooLong));
    QCOMPARE(b->chat.messages()->count(), 1);
    QCOMPARE(b->notice.action(), Notice::Action::LeaveOutOldest);
    b->chat.leaveOutOldest();
    QVERIFY(b->requests.back().options.overflow == Overflow::LeaveOutOldest);
    b->answer("a");
    QCOMPARE(b->chat.messages()->count(), 2);
  }

  void the_choice_answers_the_prompt_that_was_edited() {
    QVERIFY(b->say("old question"));
    b->answer("old answer");
    askWhenTooLong();
    b->chat.beginEdit(0);
    QVERIFY(b->say("new question"));
    b->chat.onFinished(b->id(), failed(ErrorCode::ConversationTooLong));
    QCOMPARE(b->chat.messages()->count(), 1);
    QCOMPARE(b->message(0).text, "new question");
    b->chat.leaveOutOldest();
    b->answer("new answer");
    QCOMPARE(b->message(0).text, "new question");
    QCOMPARE(b->message(1).text, "new answer");
    b->chat.showVersion(0, -1);
    QCOMPARE(b->message(1).text, "old answer");
    QCOMPARE(get(1, MessageModel::VersionsRole).toInt(), 1);
  }

  void the_choice_goes_on_with_the_answer_that_was_to_be_continued() {
    QVERIFY(b->say("q"));
    b->chat.onTextArrived(b->id(), "one");
    b->chat.stop();
    b->chat.onFinished(b->id(), done({5}, StopReason::Stopped));
    askWhenTooLong();
    b->chat.continueAnswer();
    b->chat.onFinished(b->id(), failed(ErrorCode::ConversationTooLong));
    QCOMPARE(b->message(1).text, "one");
    QCOMPARE(b->message(1).state, MessageState::Stopped);
    b->chat.leaveOutOldest();
    QVERIFY(b->requests.back().options.continue_answer);
    QCOMPARE(b->requests.back().messages.back().text, "one");
    b->answer(" two");
    QCOMPARE(b->message(1).text, "one two");
  }

  void the_choice_writes_the_answer_in_the_middle_anew() {
    QVERIFY(b->say("q"));
    b->answer("a");
    QVERIFY(b->say("r"));
    b->answer("s");
    askWhenTooLong();
    b->chat.regenerate(1);
    b->chat.onFinished(b->id(), failed(ErrorCode::ConversationTooLong));
    QCOMPARE(b->chat.messages()->count(), 4);
    b->chat.leaveOutOldest();
    QCOMPARE(b->requests.back().messages.back().text, "q");
    b->answer("other a");
    QCOMPARE(b->chat.messages()->count(), 2);
    QCOMPARE(b->message(1).text, "other a");
  }

  void the_choice_is_for_the_chat_that_asked() {
    askWhenTooLong();
    QVERIFY(b->say("q"));
    const ConversationId asked = b->chat.conversation();
    b->chat.newChat();
    b->chat.onFinished(b->id(), failed(ErrorCode::ConversationTooLong));
    b->chat.leaveOutOldest();
    QCOMPARE(b->chat.conversation(), asked);
    b->answer("a");
    QCOMPARE(b->message(1).text, "a");
  }

  // ---- what happens beside an answer ----

  void a_message_that_comes_back_leaves_the_answer_under_way_whole() {
    QVERIFY(b->say("q"));
    b->answer("a");
    const MessageId old = b->message(1).id;
    b->chat.deleteMessage(1);
    QVERIFY(b->say("r"));
    b->chat.onTextArrived(b->id(), "one");
    b->chat.setMessageDeleted(b->chat.conversation(), old, false);
    QCOMPARE(b->message(3).text, "one");
    b->chat.onTextArrived(b->id(), " two");
    b->chat.onFinished(b->id(), done());
    QCOMPARE(b->message(3).text, "one two");
    QCOMPARE(b->stored().back().text, "one two");
  }

  void messages_that_expire_while_an_answer_is_written_are_let_go_after_it() {
    QVERIFY(b->say("q"));
    b->answer("a");
    b->chat.deleteMessage(1);
    const MessageId old = b->stored()[1].id;
    QVERIFY(b->say("r"));
    QVERIFY(b->store.purgeMessage(b->chat.conversation(), old));
    b->chat.onMessagesChanged(b->chat.conversation());
    QVERIFY(b->chat.tree().find(old));
    b->answer("s");
    QVERIFY(!b->chat.tree().find(old));
    QCOMPARE(b->chat.messages()->last().text, "s");
    QVERIFY(b->say("t"));
  }

  void an_answer_that_the_disk_refuses_is_there_when_the_chat_is_opened_again() {
    QVERIFY(b->say("q"));
    const ConversationId id = b->chat.conversation();
    QVERIFY(b->store.database().execute("PRAGMA query_only = ON"));
    b->answer("refused so far");
    b->chat.newChat();
    b->chat.open(id);
    QCOMPARE(b->message(1).text, "refused so far");
    QCOMPARE(b->message(1).state, MessageState::Complete);
    QVERIFY(b->store.database().execute("PRAGMA query_only = OFF"));
    b->chat.retryStoring();
    QCOMPARE(b->stored().back().text, "refused so far");
  }

  void a_hit_on_another_branch_waits_for_the_answer_and_says_so() {
    QVERIFY(b->say("q"));
    b->answer("first");
    const MessageId first = b->message(1).id;
    b->chat.regenerate();
    QCOMPARE(b->chat.openAt(b->chat.conversation(), first), -1);
    QCOMPARE(b->notice.code(), "H-603");
    b->answer("second");
    QCOMPARE(b->chat.openAt(b->chat.conversation(), first), 1);
    QCOMPARE(b->message(1).text, "first");
  }

  void an_answer_as_long_as_may_be_says_so_and_goes_on() {
    QVERIFY(b->say("q"));
    b->answer("one", done({1}, StopReason::MaxTokens));
    QCOMPARE(b->message(1).state, MessageState::LengthReached);
    QCOMPARE(b->stored().back().state, MessageState::LengthReached);
    QVERIFY(b->chat.canContinue());
  }

  void what_was_left_out_is_still_marked_when_the_chat_is_opened_again() {
    QVERIFY(b->say("one"));
    b->answer("two");
    QVERIFY(b->say("three"));
    const ConversationId id = b->chat.conversation();
    Outcome outcome = done();
    outcome.result.dropped_messages = 2;
    b->chat.newChat();
    b->answer("four", outcome);  // unseen
    b->chat.open(id);
    QCOMPARE(b->chat.messages()->forgottenBefore(), 2);
    b->chat.setModelIdentity("3-4");  // another one may have more room
    QCOMPARE(b->chat.messages()->forgottenBefore(), 0);
    b->chat.setModelIdentity("1-2");
    QCOMPARE(b->chat.messages()->forgottenBefore(), 2);
    b->chat.regenerate();
    QCOMPARE(b->requests.back().alreadyDropped, 2U);
    b->answer("another four");
    QCOMPARE(b->chat.messages()->forgottenBefore(), 0);
    b->chat.showVersion(3, -1);
    QCOMPARE(b->chat.messages()->forgottenBefore(), 2);
  }

  void what_was_said_of_a_file_is_taken_back_when_the_message_goes() {
    b->chat.attachments()->add(QUrl("https://example.org/a.txt"));
    QCOMPARE(b->notice.code(), QStringLiteral("A-801"));
    QVERIFY(b->say("without it"));
    QVERIFY(!b->notice.visible());
  }

  void what_is_typed_without_a_pause_is_stored_meanwhile() {
    QVERIFY(b->say("q"));
    b->answer("a");
    QElapsedTimer typing;
    typing.start();
    QString text;
    while (typing.elapsed() < 1500 && b->store.draft(b->chat.conversation()).isEmpty()) {
      b->chat.setDraft(text += 'x');
      QTest::qWait(50);
    }
    QVERIFY(!b->store.draft(b->chat.conversation()).isEmpty());
  }
};

QTEST_GUILESS_MAIN(TestChatTrouble)
#include "tst_chat_trouble.moc"
