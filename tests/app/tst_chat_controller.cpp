// The conversation, driven by hand: no engine, only the signals it would send.
#include <QSignalSpy>
#include <QTest>

#include <memory>
#include <vector>

#include "tests/app/chat_bench.h"

using namespace tercet;
using ChatState = ChatController::State;
using MessageState = MessageModel::State;

class TestChatController : public QObject {
  Q_OBJECT

  std::unique_ptr<ChatBench> b;
  QVariant get(int row, int role) { return b->chat.messages()->data(b->chat.messages()->index(row), role); }

 private Q_SLOTS:
  void init() { b = std::make_unique<ChatBench>(); }
  void cleanup() { b.reset(); }

  void a_turn_goes_through_reading_writing_and_idle() {
    QVERIFY(b->chat.canSend());
    QVERIFY(b->say("Hello  there"));
    QCOMPARE(b->chat.draft(), "");
    QCOMPARE(b->chat.state(), ChatState::Reading);
    QVERIFY(b->chat.canStop());
    QVERIFY(!b->chat.canSend());
    QCOMPARE(b->chat.title(), "Hello there");
    QCOMPARE(b->chat.messages()->count(), 2);

    b->chat.onProgressed(b->id(), {.readDone = 25, .readTotal = 100, .readSpeed = 50, .contextUsed = 25});
    QCOMPARE(b->chat.readingProgress(), 0.25);
    QCOMPARE(b->chat.readingSecondsLeft(), 2);
    QCOMPARE(b->chat.contextUsed(), 25);

    b->chat.onTextArrived(b->id(), "Hi");
    QCOMPARE(b->chat.state(), ChatState::Writing);
    QCOMPARE(b->message(1).state, MessageState::Writing);
    b->chat.onTextArrived(b->id(), "!");
    b->chat.onFinished(b->id(), done({7, 8, 9}));
    QCOMPARE(b->chat.state(), ChatState::Idle);
    QCOMPARE(b->message(1).text, "Hi!");
    QCOMPARE(b->message(1).state, MessageState::Complete);
    QCOMPARE(b->message(1).tokens, (std::vector<TokenId>{7, 8, 9}));
    QCOMPARE(b->chat.firstTokenMs(), 250);
    QCOMPARE(b->chat.contextUsed(), 12);
    QVERIFY(b->chat.canSend() && b->chat.canRegenerate());
  }

  void nothing_is_sent_that_is_blank_or_cannot_be_answered() {
    QVERIFY(!b->say(" \n\t"));
    QCOMPARE(b->chat.draft(), " \n\t");
    b->chat.setModelReady(false);
    QVERIFY(!b->say("hello"));
    QCOMPARE(b->chat.draft(), "hello");
    b->chat.setModelReady(true);
    QVERIFY(b->chat.send());
    QVERIFY(!b->say("too early"));
    QCOMPARE(b->chat.draft(), "too early");
    QCOMPARE(b->requests.size(), std::size_t{1});
    QCOMPARE(b->chat.messages()->count(), 2);
  }

  void the_engine_gets_system_prompt_turns_and_token_ids() {
    b->settings.setSystemPrompt("Be brief.");
    QVERIFY(b->say("one"));
    b->answer("two", done({5, 6}));
    QVERIFY(b->say("three"));
    const std::vector<ChatMessage>& messages = b->requests.back().messages;
    QCOMPARE(messages.size(), std::size_t{4});
    QVERIFY(messages[0].role == Role::System && messages[0].text == "Be brief.");
    QVERIFY(messages[1].role == Role::User && messages[1].text == "one");
    QVERIFY(messages[2].role == Role::Assistant && messages[2].text == "two");
    QCOMPARE(messages[2].tokens, (std::vector<TokenId>{5, 6}));
    QVERIFY(messages[3].role == Role::User && messages[3].text == "three");
  }

  void another_model_gets_no_token_ids_of_the_old_one() {
    QVERIFY(b->say("one"));
    b->answer("two", done({5, 6}));
    b->chat.setModelIdentity("3-4");
    b->chat.onModelReplaced();
    QCOMPARE(b->chat.contextUsed(), 0);
    QVERIFY(b->say("three"));
    QVERIFY(b->requests.back().messages[1].tokens.empty());
  }

  void a_growing_answer_is_stored_by_itself_while_it_grows() {
    QVERIFY(b->say("Hello"));
    // What another program would find if this one were killed now: the text of the pieces so far.
    const auto kept = [&] {
      QSqlQuery query = b->store.database().run("SELECT group_concat(text, '') FROM answer_pieces WHERE message_id = ?", {b->message(1).id});
      return query.next() ? query.value(0).toString() : QString();
    };
    b->chat.onTextArrived(b->id(), "One ");
    QCOMPARE(kept(), QString());
    QTRY_COMPARE(kept(), QString("One "));
    b->chat.onTextArrived(b->id(), "two ");
    // Text that goes on arriving does not put it off.
    int arrived = 0;
    QTRY_VERIFY((b->chat.onTextArrived(b->id(), "."), ++arrived, kept().startsWith("One two .")));
    QVERIFY(kept().size() <= 8 + arrived);
  }

  void stop_asks_the_engine_and_keeps_what_is_written() {
    QVERIFY(b->say("q"));
    b->chat.onTextArrived(b->id(), "half an ans");
    QVERIFY(!b->requests.back().stop.stop_requested());
    b->chat.stop();
    QVERIFY(b->requests.back().stop.stop_requested());
    QCOMPARE(b->chat.state(), ChatState::Stopping);
    QVERIFY(!b->chat.canStop());
    b->chat.onTextArrived(b->id(), "wer");
    QCOMPARE(b->chat.state(), ChatState::Stopping);
    b->chat.onFinished(b->id(), done({1}, StopReason::Stopped));
    QCOMPARE(b->message(1).text, "half an answer");
    QCOMPARE(b->message(1).state, MessageState::Stopped);
    QVERIFY(!b->notice.visible());
    QVERIFY(b->chat.canSend());
  }

  void a_stop_while_reading_leaves_an_answer_that_is_not_sent_again() {
    QVERIFY(b->say("one"));
    b->chat.stop();
    b->chat.onFinished(b->id(), done({}, StopReason::Stopped));
    QCOMPARE(b->message(1).state, MessageState::Stopped);
    QVERIFY(b->say("two"));
    QCOMPARE(b->requests.back().messages.size(), std::size_t{2});
  }

  void an_answer_goes_on_in_the_chat_it_belongs_to() {
    QVERIFY(b->say("one"));
    const RequestId old = b->id();
    const ConversationId first = b->chat.conversation();
    b->chat.onTextArrived(old, "An");
    b->chat.newChat();
    QVERIFY(!b->requests.back().stop.stop_requested());
    QCOMPARE(b->chat.state(), ChatState::Idle);
    QCOMPARE(b->chat.messages()->count(), 0);
    b->chat.onTextArrived(old, "swer");
    b->chat.onProgressed(old, {.contextUsed = 77});
    QVERIFY(b->chat.contextUsed() != 77);

    QVERIFY(b->say("two"));
    QVERIFY(b->chat.waiting());
    const ConversationId second = b->chat.conversation();
    QVERIFY(second != first);
    b->chat.open(first);
    QCOMPARE(b->chat.title(), "one");
    QCOMPARE(b->chat.state(), ChatState::Writing);
    QCOMPARE(b->message(1).text, "Answer");
    b->chat.onTextArrived(old, "!");
    QCOMPARE(b->message(1).text, "Answer!");
    b->chat.open(second);
    b->chat.onFinished(old, done());
    QVERIFY(!b->chat.waiting());
    QCOMPARE(b->store.messages(first).back().text, "Answer!");
    QCOMPARE(b->store.messages(first).back().state, MessageState::Complete);
    QCOMPARE(b->chat.state(), ChatState::Reading);
    b->answer("other");
    QCOMPARE(b->message(1).text, "other");
    b->chat.onTextArrived(old, "late");
    b->chat.onFinished(old, failed(ErrorCode::Internal));
    QCOMPARE(b->message(1).text, "other");
    QVERIFY(!b->notice.visible());
  }

  void an_answer_that_waits_is_stopped_at_once() {
    QVERIFY(b->say("one"));
    const RequestId running = b->id();
    b->chat.newChat();
    QVERIFY(b->say("two"));
    b->chat.stop();
    QCOMPARE(b->chat.state(), ChatState::Idle);
    QVERIFY(b->requests.back().stop.stop_requested());
    QCOMPARE(b->message(1).state, MessageState::Stopped);
    QVERIFY(!b->requests.front().stop.stop_requested());
    b->chat.stopAll();
    QVERIFY(b->requests.front().stop.stop_requested());
    b->chat.onFinished(running, done({}, StopReason::Stopped));
    QVERIFY(b->chat.answering().empty());
  }

  void a_message_that_is_too_long_returns_to_the_draft() {
    QVERIFY(b->say("first"));
    b->answer("fine");
    QVERIFY(b->say("a very long message"));
    b->chat.setDraft("typed meanwhile");
    b->chat.onFinished(b->id(), failed(ErrorCode::PromptTooLong));
    QCOMPARE(b->chat.draft(), "a very long message\n\ntyped meanwhile");
    QCOMPARE(b->chat.messages()->count(), 2);
    QCOMPARE(b->notice.code(), "C-301");
    QCOMPARE(b->chat.state(), ChatState::Idle);
    QVERIFY(b->chat.send());
    QVERIFY(!b->notice.visible());
  }

  void a_failure_keeps_the_partial_answer() {
    QVERIFY(b->say("q"));
    b->chat.onTextArrived(b->id(), "partial");
    b->chat.onFinished(b->id(), failed(ErrorCode::ModelChanged));
    QCOMPARE(b->message(1).text, "partial");
    QCOMPARE(b->message(1).state, MessageState::Failed);
    QCOMPARE(b->notice.code(), "M-118");
    QCOMPARE(b->chat.state(), ChatState::Idle);
    QVERIFY(b->chat.canRegenerate());
  }

  void regenerate_writes_beside_the_last_answer_with_another_seed() {
    QVERIFY(b->say("q"));
    b->answer("old");
    const std::uint64_t seed = b->requests.back().options.sampling.seed;
    b->chat.regenerate();
    QCOMPARE(b->chat.messages()->count(), 2);
    QCOMPARE(b->requests.back().messages.size(), std::size_t{1});
    QVERIFY(b->requests.back().options.sampling.seed != seed);
    const QString used = QString::number(b->requests.back().options.sampling.seed);
    b->answer("new");
    QCOMPARE(b->message(1).text, "new");
    QCOMPARE(get(1, MessageModel::SeedRole).toString(), used);
    QCOMPARE(get(1, MessageModel::VersionRole).toInt(), 2);
    QCOMPARE(get(1, MessageModel::VersionsRole).toInt(), 2);
    b->chat.showVersion(1, -1);
    QCOMPARE(b->message(1).text, "old");
    b->chat.showVersion(1, -1);
    QCOMPARE(b->message(1).text, "old");
  }

  void the_last_prompt_can_be_edited_without_naming_its_row() {
    b->chat.editLastPrompt();
    QCOMPARE(b->chat.editing(), ChatController::Editing::Nothing);
    QVERIFY(b->say("one"));
    b->answer("two");
    QVERIFY(b->say("three"));
    b->chat.editLastPrompt();  // not while it is being answered
    QCOMPARE(b->chat.editing(), ChatController::Editing::Nothing);
    b->answer("four");
    b->chat.editLastPrompt();
    QCOMPARE(b->chat.draft(), "three");
    QCOMPARE(b->chat.editing(), ChatController::Editing::Prompt);
  }

  void an_edited_prompt_is_answered_on_a_branch_of_its_own() {
    QVERIFY(b->say("one"));
    b->answer("two");
    QVERIFY(b->say("three"));
    b->answer("four");
    b->chat.setDraft("typed before");
    b->chat.beginEdit(0);
    QCOMPARE(b->chat.draft(), "one");
    QCOMPARE(b->chat.editing(), ChatController::Editing::Prompt);
    QVERIFY(!b->say(" "));
    b->chat.cancelEdit();
    QCOMPARE(b->chat.draft(), "typed before");
    b->chat.beginEdit(0);
    QVERIFY(b->say("uno"));
    QCOMPARE(b->chat.draft(), "typed before");
    QCOMPARE(b->chat.editing(), ChatController::Editing::Nothing);
    QCOMPARE(b->requests.back().messages.size(), std::size_t{1});
    QCOMPARE(b->notice.code(), "H-601");
    b->answer("dos");
    QCOMPARE(b->chat.messages()->count(), 2);
    QCOMPARE(b->message(0).text, "uno");
    b->chat.showVersion(0, -1);
    QCOMPARE(b->chat.messages()->count(), 4);
    QCOMPARE(b->message(3).text, "four");
    QVERIFY(!b->notice.visible());
    QCOMPARE(b->stored().size(), std::size_t{6});  // nothing was erased
  }

  void an_edited_answer_is_marked_and_sent_without_token_ids() {
    QVERIFY(b->say("q"));
    b->answer("wrong", done({5, 6}));
    b->chat.beginEdit(1);
    b->chat.setDraft("half an edit");
    const ConversationId id = b->chat.conversation();
    b->chat.newChat();
    QCOMPARE(b->chat.editing(), ChatController::Editing::Nothing);
    b->chat.open(id);
    QCOMPARE(b->chat.draft(), "");
    b->chat.beginEdit(1);
    QCOMPARE(b->chat.draft(), "half an edit");
    b->chat.setModelReady(false);
    QVERIFY(b->say("right"));
    b->chat.setModelReady(true);
    QCOMPARE(b->message(1).text, "right");
    QVERIFY(get(1, MessageModel::EditedRole).toBool());
    QVERIFY(b->say("next"));
    QCOMPARE(b->requests.back().messages[1].text, "right");
    QVERIFY(b->requests.back().messages[1].tokens.empty());
  }

  void an_answer_that_was_cut_off_goes_on_beside_it() {
    QVERIFY(b->say("q"));
    b->chat.onTextArrived(b->id(), "one two");
    b->chat.stop();
    b->chat.onFinished(b->id(), done({5, 6}, StopReason::Stopped));
    QVERIFY(b->chat.canContinue());
    b->chat.continueAnswer();
    const GenerateRequest& request = b->requests.back();
    QVERIFY(request.options.continue_answer);
    QCOMPARE(request.messages.size(), std::size_t{2});
    QCOMPARE(request.messages[1].text, "one two");
    QCOMPARE(request.messages[1].tokens, (std::vector<TokenId>{5, 6}));
    QCOMPARE(b->message(1).text, "one two");
    Outcome outcome = done({7});
    outcome.result.continued = {5, 6};
    b->answer(" three", outcome);
    QCOMPARE(b->message(1).text, "one two three");
    QCOMPARE(b->message(1).tokens, (std::vector<TokenId>{5, 6, 7}));
    QCOMPARE(get(1, MessageModel::VersionsRole).toInt(), 2);
    QCOMPARE(b->stored().back().text, "one two three");
    b->chat.showVersion(1, -1);
    QCOMPARE(b->message(1).text, "one two");
    QCOMPARE(b->message(1).state, MessageState::Stopped);
  }

  void an_answer_that_the_end_of_the_program_cut_off_goes_on() {
    QVERIFY(b->say("q"));
    b->chat.onTextArrived(b->id(), "half");
    b->chat.storeAll();
    HistoryStore again;
    QVERIFY(again.open(HistoryStore::fileIn(b->dir.path())));
    ChatController chat(&again, &b->settings, &b->notice);
    chat.setModelReady(true);
    chat.openFirst(b->chat.conversation());
    QCOMPARE(chat.messages()->last().state, MessageState::Interrupted);
    QCOMPARE(chat.messages()->last().text, "half");
    QVERIFY(chat.canContinue());
  }

  void a_deleted_message_is_left_out_and_undo_brings_it_back() {
    QVERIFY(b->say("q"));
    b->answer("a");
    QVERIFY(b->say("r"));
    b->answer("s");
    b->chat.deleteMessage(1);
    QCOMPARE(b->chat.messages()->count(), 3);
    QCOMPARE(b->notice.action(), Notice::Action::Undo);
    b->chat.newChat();
    b->notice.dismiss();
    b->chat.open(1);
    QCOMPARE(b->chat.messages()->count(), 3);
    b->chat.deleteMessage(1);
    b->notice.trigger();
    QCOMPARE(b->chat.messages()->count(), 3);
    QCOMPARE(b->message(1).text, "r");
  }

  void the_other_version_is_shown_when_one_is_deleted() {
    QVERIFY(b->say("q"));
    b->answer("first");
    b->chat.regenerate();
    b->answer("second");
    b->chat.deleteMessage(1);
    QCOMPARE(b->chat.messages()->count(), 2);
    QCOMPARE(b->message(1).text, "first");
    b->notice.trigger();
    QCOMPARE(b->message(1).text, "second");
    QCOMPARE(b->chat.messages()->data(b->chat.messages()->index(1), MessageModel::VersionsRole).toInt(), 2);
    b->chat.deleteMessage(1);
    b->chat.deleteMessage(1);
    QCOMPARE(b->chat.messages()->count(), 1);  // the question, which can be answered again
    b->chat.regenerate(0);
    b->answer("third");
    QCOMPARE(b->message(1).text, "third");
    // What is shown is what is found again.
    const ConversationId id = b->chat.conversation();
    b->chat.newChat();
    b->chat.open(id);
    QCOMPARE(b->message(1).text, "third");
  }

  void an_edit_of_a_message_that_was_deleted_meanwhile_is_shown() {
    QVERIFY(b->say("q"));
    b->answer("a");
    b->chat.beginEdit(0);
    b->chat.deleteMessage(0);
    b->chat.setDraft("r");
    QVERIFY(b->chat.send());
    b->answer("s");
    QCOMPARE(b->message(0).text, "r");
    b->chat.beginEdit(1);
    b->chat.deleteMessage(1);
    b->chat.setDraft("t");
    QVERIFY(b->chat.send());
    QCOMPARE(b->message(1).text, "t");
  }

  void what_an_import_adds_is_shown_soon_and_ends_no_edit() {
    QVERIFY(b->say("q"));
    b->answer("a");
    const auto come = [&](const QString& text) {
      Message message;
      message.parent = b->stored().back().id;
      message.text = text;
      QVERIFY(b->store.addMessage(b->chat.conversation(), message) > 0);
      b->chat.onMessagesCameIn(b->chat.conversation());
    };
    QSignalSpy reset(b->chat.messages(), &QAbstractItemModel::modelReset);
    come("one");
    come("two");
    come("three");
    QCOMPARE(b->chat.messages()->count(), 2);
    QTRY_COMPARE(b->chat.messages()->count(), 5);
    QVERIFY(reset.size() <= 1);
    b->chat.beginEdit(0);
    b->chat.setDraft("changed");
    come("four");
    QTest::qWait(800);
    QCOMPARE(b->chat.editing(), ChatController::Editing::Prompt);
    QCOMPARE(b->chat.draft(), "changed");
    b->chat.cancelEdit();
    QTRY_COMPARE(b->chat.messages()->count(), 6);
  }

  void a_fork_holds_the_branch_so_far() {
    QVERIFY(b->say("q"));
    b->answer("a");
    b->chat.regenerate();
    b->answer("b");
    QVERIFY(b->say("r"));
    b->answer("s");
    const ConversationId first = b->chat.conversation();
    b->chat.fork(1);
    QVERIFY(b->chat.conversation() != first);
    QCOMPARE(b->chat.messages()->count(), 2);
    QCOMPARE(b->message(1).text, "b");
    QCOMPARE(get(1, MessageModel::VersionsRole).toInt(), 1);
    QCOMPARE(b->store.messages(first).size(), std::size_t{5});
  }

  void what_was_said_is_there_after_a_restart() {
    QVERIFY(b->say("q"));
    b->answer("a", done({5, 6}));
    b->chat.setDraft("half a thou");
    const ConversationId id = b->chat.conversation();
    b->chat.newChat();
    b->chat.setDraft("another");
    b->chat.storeAll();
    ChatController again(&b->store, &b->settings, &b->notice);
    again.openFirst(0);
    QCOMPARE(again.draft(), "another");
    again.open(id);
    QCOMPARE(again.draft(), "half a thou");
    QCOMPARE(again.messages()->count(), 2);
    QCOMPARE(again.messages()->at(1).tokens, (std::vector<TokenId>{5, 6}));
    QCOMPARE(again.title(), "q");
  }

  void what_cannot_be_stored_is_not_sent_and_stays_in_the_box() {
    QVERIFY(b->store.database().execute("PRAGMA query_only = ON"));
    QVERIFY(!b->say("precious"));
    QCOMPARE(b->chat.draft(), "precious");
    QCOMPARE(b->requests.size(), std::size_t{0});
    QCOMPARE(b->chat.messages()->count(), 0);
    QVERIFY(b->store.database().execute("PRAGMA query_only = OFF"));
    QVERIFY(b->chat.send());
    QVERIFY(b->store.database().execute("PRAGMA query_only = ON"));
    b->answer("an answer that the disk refuses");
    QCOMPARE(b->message(1).text, "an answer that the disk refuses");
    QCOMPARE(b->stored().back().state, MessageState::Writing);
    QVERIFY(b->store.database().execute("PRAGMA query_only = OFF"));
    b->chat.retryStoring();
    QCOMPARE(b->stored().back().text, "an answer that the disk refuses");
    QCOMPARE(b->stored().back().state, MessageState::Complete);
  }

  void settings_of_a_chat_hold_there_only() {
    ChatSettings own;
    own.systemPrompt = "Be brief.";
    own.temperature = 0.25;
    b->chat.setChatSettings(own);
    QVERIFY(b->say("q"));
    QCOMPARE(b->requests.back().messages[0].text, "Be brief.");
    QCOMPARE(b->requests.back().options.sampling.temperature, 0.25F);
    b->answer("a");
    const ConversationId id = b->chat.conversation();
    b->chat.newChat();
    QVERIFY(b->chat.chatSettings() == ChatSettings{});
    b->chat.open(id);
    QVERIFY(b->chat.chatSettings() == own);
  }

  void files_go_with_the_message_and_come_back_when_it_is_refused() {
    b->chat.attachments()->setFiles({{"a.txt", "one"}});
    QVERIFY(b->say("Read this"));
    QCOMPARE(b->requests.back().messages[0].text, "a.txt:\n```\none\n```\n\nRead this");
    QCOMPARE(b->chat.attachments()->count(), 0);
    QCOMPARE(get(0, MessageModel::AttachmentsRole).toStringList(), QStringList{"a.txt"});
    QCOMPARE(b->stored().front().attachments, (std::vector<Attachment>{{"a.txt", "one"}}));
    b->chat.onFinished(b->id(), failed(ErrorCode::PromptTooLong));
    QCOMPARE(b->chat.attachments()->files(), (std::vector<Attachment>{{"a.txt", "one"}}));
    QCOMPARE(b->store.draftAttachments(b->chat.conversation()), (std::vector<Attachment>{{"a.txt", "one"}}));
    QVERIFY(b->say(""));
    QCOMPARE(b->chat.title(), "a.txt");
  }

  void a_text_that_was_clicked_is_sent_where_nothing_else_would_go_with_it() {
    b->chat.setDraft("typed");
    b->chat.ask("clicked");
    QCOMPARE(b->chat.draft(), "typed\n\nclicked");
    QVERIFY(b->requests.empty());
    b->chat.setDraft(" ");
    b->chat.attachments()->setFiles({{"a.txt", "one"}});
    b->chat.ask("clicked");
    QCOMPARE(b->chat.draft(), "clicked");
    QVERIFY(b->requests.empty());
    b->chat.attachments()->clear();
    b->chat.setDraft({});
    b->chat.setModelReady(false);
    b->chat.ask("clicked");
    QCOMPARE(b->chat.draft(), "clicked");
    b->chat.setDraft({});
    b->chat.setModelReady(true);
    b->chat.ask("clicked");
    QCOMPARE(b->requests.size(), std::size_t{1});
    QCOMPARE(b->chat.draft(), QString());
  }

  void an_edited_message_takes_no_files() {
    QFile file(b->dir.path() + "/note.txt");
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("a text") > 0);
    file.close();
    QVERIFY(b->say("q"));
    b->answer("a");
    b->chat.beginEdit(0);
    b->chat.attachments()->add(QUrl::fromLocalFile(file.fileName()));
    QCOMPARE(b->notice.code(), "A-809");
    QCOMPARE(b->chat.attachments()->count(), 0);
    b->chat.cancelEdit();
    b->chat.attachments()->add(QUrl::fromLocalFile(file.fileName()));
    QCOMPARE(b->chat.attachments()->count(), 1);
  }

  void files_of_a_draft_stay_with_their_chat() {
    const std::vector<Attachment> first = {{"a.txt", "one"}}, second = {{"b.txt", "two"}};
    QVERIFY(b->say("q"));
    b->answer("a");
    const ConversationId id = b->chat.conversation();
    b->chat.attachments()->setFiles(first);
    b->chat.newChat();
    QCOMPARE(b->chat.attachments()->count(), 0);
    b->chat.attachments()->setFiles(second);
    b->chat.open(id);
    QCOMPARE(b->chat.attachments()->files(), first);
    b->chat.newChat();
    QCOMPARE(b->chat.attachments()->files(), second);
    QVERIFY(b->say("with b"));
    b->answer("a");
    b->chat.newChat();
    QCOMPARE(b->chat.attachments()->count(), 0);
    b->chat.open(id);
    b->chat.attachments()->remove(0);
    QVERIFY(b->store.draftAttachments(id).empty());
  }

  void a_file_that_was_read_after_its_chat_was_left_waits_there() {
    QVERIFY(b->say("q"));
    b->answer("a");
    const ConversationId id = b->chat.conversation();
    b->chat.attachments()->setFiles({{"a.txt", "one"}});
    b->chat.newChat();
    Q_EMIT b->chat.attachments()->arrivedElsewhere(id, {"b.pdf", "two"});
    QCOMPARE(b->chat.attachments()->count(), 0);
    b->chat.open(id);
    QCOMPARE(b->chat.attachments()->files(), (std::vector<Attachment>{{"a.txt", "one"}, {"b.pdf", "two"}}));
  }

  void a_file_that_was_added_meanwhile_stands_behind_those_that_come_back() {
    QVERIFY(b->say("q"));
    b->answer("a");
    b->chat.attachments()->setFiles({{"a.txt", "one"}});
    QVERIFY(b->say("Read this"));
    b->chat.attachments()->setFiles({{"b.txt", "two"}});
    b->chat.onFinished(b->id(), failed(ErrorCode::PromptTooLong));
    QCOMPARE(b->chat.attachments()->files(), (std::vector<Attachment>{{"a.txt", "one"}, {"b.txt", "two"}}));
  }

  void a_first_message_that_is_refused_leaves_no_chat_behind() {
    QVERIFY(b->say("much too long"));
    const ConversationId id = b->chat.conversation();
    b->chat.onFinished(b->id(), failed(ErrorCode::PromptTooLong));
    QCOMPARE(b->chat.draft(), "much too long");
    QCOMPARE(b->chat.conversation(), ConversationId{0});
    QVERIFY(!b->store.conversation(id));
    QCOMPARE(b->chat.messages()->count(), 0);
  }

  void a_seed_that_is_set_is_used_each_time() {
    b->settings.setSeed("42");
    QVERIFY(b->say("q"));
    QCOMPARE(b->requests.back().options.sampling.seed, std::uint64_t{42});
    b->answer("a");
    b->chat.regenerate();
    QCOMPARE(b->requests.back().options.sampling.seed, std::uint64_t{42});
  }

  void the_old_answer_comes_back_when_regenerating_fails_or_is_stopped_at_once() {
    QVERIFY(b->say("q"));
    b->answer("old", done({3}));
    b->chat.regenerate();
    b->chat.onFinished(b->id(), failed(ErrorCode::OutOfMemory));
    QCOMPARE(b->message(1).text, "old");
    QCOMPARE(b->message(1).tokens, std::vector<TokenId>{3});
    QCOMPARE(b->notice.code(), "M-103");
    b->chat.regenerate();
    b->chat.stop();
    b->chat.onFinished(b->id(), done({}, StopReason::Stopped));
    QCOMPARE(b->message(1).text, "old");
    QCOMPARE(b->chat.messages()->count(), 2);
    QCOMPARE(b->chat.draft(), "");
  }

  void left_out_messages_are_marked_and_stay_left_out() {
    QVERIFY(b->say("one"));
    b->answer("two");
    QVERIFY(b->say("three"));
    Outcome outcome = done();
    outcome.result.dropped_messages = 2;
    b->answer("four", outcome);
    QCOMPARE(b->chat.droppedMessages(), 2);
    QCOMPARE(b->notice.code(), "C-302");
    QCOMPARE(b->notice.kind(), Notice::Kind::Info);
    QCOMPARE(b->chat.messages()->forgottenBefore(), 2);
    QVERIFY(b->say("five"));
    QCOMPARE(b->requests.back().alreadyDropped, 2U);
    b->answer("six", outcome);
    QVERIFY(!b->notice.visible());  // said once
    b->chat.setContextTotal(200);
    QCOMPARE(b->chat.droppedMessages(), 0);
    QCOMPARE(b->chat.messages()->forgottenBefore(), 0);
  }

  void left_out_messages_are_counted_without_empty_answers() {
    QVERIFY(b->say("one"));
    b->chat.stop();
    b->chat.onFinished(b->id(), done({}, StopReason::Stopped));
    QVERIFY(b->say("two"));
    b->answer("three");
    QVERIFY(b->say("four"));
    Outcome outcome = done();
    outcome.result.dropped_messages = 2;  // "one", "two"
    b->answer("five", outcome);
    QCOMPARE(b->chat.messages()->forgottenBefore(), 3);
  }

  void a_full_context_is_said() {
    QVERIFY(b->say("q"));
    b->answer("cut off", done({1}, StopReason::ContextFull));
    QCOMPARE(b->message(1).state, MessageState::ContextFull);
    QCOMPARE(b->notice.code(), "C-302");
    QCOMPARE(b->notice.action(), Notice::Action::NewChat);
  }

  void lone_surrogates_are_replaced_before_anybody_reads_them() {
    QString text = QStringLiteral("a?b?c");
    text[1] = QChar(0xD800);
    text[3] = QChar(0xDC00);
    QVERIFY(b->say(text));
    QCOMPARE(b->message(0).text, QStringLiteral("a\uFFFDb\uFFFDc"));
    QCOMPARE(b->requests.back().messages[0].text, std::string("a\xEF\xBF\xBD" "b\xEF\xBF\xBD" "c"));
    b->answer("ok");
    QVERIFY(b->say(QStringLiteral("\U0001F600")));
    QCOMPARE(b->requests.back().messages.back().text, std::string("\xF0\x9F\x98\x80"));
  }

  void a_long_first_message_gives_a_short_title() {
    QVERIFY(b->say("word " + QString("and another ").repeated(20)));
    QVERIFY(b->chat.title().size() <= 49);
    QVERIFY(b->chat.title().startsWith("word and"));
    QVERIFY(b->chat.title().endsWith(QChar(0x2026)));
  }

  void the_draft_survives_a_new_chat() {
    b->chat.setDraft("kept");
    b->chat.newChat();
    QCOMPARE(b->chat.draft(), "kept");
  }

};

QTEST_GUILESS_MAIN(TestChatController)
#include "tst_chat_controller.moc"
