// Looking into an answer, driven by hand: a real tokenizer, and odds that the test makes up.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <string>
#include <vector>

#include "app/chat_controller.h"
#include "app/notice.h"
#include "app/settings.h"
#include "app/storage/history_store.h"
#include "app/word_odds.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_model.h"

using namespace tercet;

namespace {

TokenOdds odd(const Model& model, TokenId token, double probability, bool endsTurn = false) {
  return {.token = token, .probability = probability, .bytes = std::string(model.tokenizer().token_bytes(token)), .ends_turn = endsTurn};
}

}  // namespace

class TestWordOdds : public QObject {
  Q_OBJECT

  test::TempDir m_dir;
  ThreadPool m_pool{1};
  std::shared_ptr<const Model> m_model;

  struct Bench {
    QTemporaryDir dir;
    Settings settings{dir.path(), 4};
    Notice notice;
    HistoryStore store;
    ChatController chat{&store, &settings, &notice};
    WordOdds odds{&chat};
    std::vector<GenerateRequest> answers;
    std::vector<OddsRequest> requests;

    explicit Bench(std::weak_ptr<const Model> model) {
      store.open(HistoryStore::fileIn(dir.path()));
      QObject::connect(&chat, &ChatController::generateRequested, &chat,
                       [this](const GenerateRequest& request) { answers.push_back(request); });
      QObject::connect(&odds, &WordOdds::oddsRequested, &odds,
                       [this](const OddsRequest& request) { requests.push_back(request); });
      chat.setModelIdentity("1-2");
      chat.setContextTotal(4096);
      chat.setModelReady(true);
      odds.setModel(std::move(model));
    }
    const Message& last() { return chat.messages()->last(); }
    int row() { return chat.messages()->count() - 1; }
    void finish(const QString& text, std::vector<TokenId> tokens) {
      chat.onTextArrived(answers.back().id, text);
      Outcome outcome;
      outcome.result.tokens = std::move(tokens);
      chat.onFinished(answers.back().id, outcome);
    }
    void exchange(const QString& question, const QString& answer, std::vector<TokenId> tokens) {
      chat.setDraft(question);
      chat.send();
      finish(answer, std::move(tokens));
    }
    QVariant get(int row, OddsModel::Role role) { return odds.alternatives()->data(odds.alternatives()->index(row), role); }
  };
  std::unique_ptr<Bench> b;

  std::vector<TokenId> tokensOf(const std::string& text) const {
    std::vector<TokenId> tokens;
    (void)m_model->tokenizer().encode(text, SpecialTokens::AsText, tokens);
    return tokens;
  }
  TokenId tokenOf(const std::string& text) const {
    const std::vector<TokenId> tokens = tokensOf(text);
    return tokens.size() == 1 ? tokens[0] : -1;
  }
  void say(const QString& answer) { b->exchange("Question", answer, tokensOf(answer.toStdString())); }
  QString marked() const { return b->odds.text().mid(b->odds.begin(), b->odds.length()); }
  /// The engine's word: what stands there has 0.5, and these come after it.
  void tell(std::vector<TokenOdds> others) {
    const OddsRequest& request = b->requests.back();
    Odds odds;
    odds.chosen = odd(*m_model, request.messages.back().tokens[request.index], 0.5);
    odds.best = {odds.chosen};
    odds.best.insert(odds.best.end(), others.begin(), others.end());
    b->odds.onReady(request.id, odds);
  }

 private Q_SLOTS:
  void initTestCase() {
    auto model = Model::load(m_dir.write("tiny.gguf", test::make_tiny_gguf()), {}, m_pool);
    QVERIFY(model.has_value());
    m_model = *model;
  }
  void init() { b = std::make_unique<Bench>(m_model); }
  void cleanup() { b.reset(); }

  void the_token_at_a_place_is_asked_for_with_all_that_the_model_had_read() {
    say("abc");
    b->settings.setSystemPrompt("Be brief");
    say("xyz!");
    b->odds.open(b->row(), 2);
    QVERIFY(b->odds.active() && b->odds.busy());
    QCOMPARE(b->odds.row(), 3);
    QCOMPARE(b->odds.text(), "xyz!");
    QCOMPARE(marked(), "z");
    QCOMPARE(b->odds.word(), "z");
    QCOMPARE(b->odds.probability(), -1.0);
    QCOMPARE(b->requests.size(), std::size_t(1));
    const OddsRequest& request = b->requests.back();
    QCOMPARE(request.index, std::size_t(2));
    QCOMPARE(request.count, std::size_t(10));
    QCOMPARE(request.messages.size(), std::size_t(5));
    QCOMPARE(request.messages[0].text, std::string("Be brief"));
    QCOMPARE(request.messages[2].tokens, tokensOf("abc"));
    QVERIFY(request.messages[4].role == Role::Assistant);
    QCOMPARE(request.messages[4].tokens, tokensOf("xyz!"));
  }

  void an_answer_in_the_middle_is_looked_at_without_what_follows() {
    say("abc");
    say("xyz");
    b->odds.open(1);
    QCOMPARE(b->odds.row(), 1);
    QCOMPARE(b->requests.back().messages.size(), std::size_t(2));
    QCOMPARE(b->requests.back().messages[1].text, std::string("abc"));
  }

  void what_the_model_no_longer_saw_is_left_out_again() {
    say("abc");
    b->chat.setDraft("More");
    QVERIFY(b->chat.send());
    b->chat.onTextArrived(b->answers.back().id, "xyz");
    Outcome outcome;
    outcome.result.tokens = tokensOf("xyz");
    outcome.result.prompt_tokens = 10;
    outcome.result.dropped_messages = 2;
    b->chat.onFinished(b->answers.back().id, outcome);
    b->odds.open(b->row());
    QCOMPARE(b->requests.back().alreadyDropped, 2U);
  }

  void odds_are_shown_with_what_stands_there_and_the_rest() {
    say("a b");
    b->odds.open(b->row());
    tell({odd(*m_model, tokenOf("\n"), 0.25), odd(*m_model, tokenOf("z"), 0.0001)});
    QVERIFY(!b->odds.busy());
    QCOMPARE(b->odds.probability(), 0.5);
    QCOMPARE(b->odds.percent(), "50.0 %");
    QCOMPARE(b->odds.alternatives()->count(), 3);
    QCOMPARE(b->get(0, OddsModel::WordRole).toString(), "a");
    QVERIFY(b->get(0, OddsModel::ChosenRole).toBool());
    QCOMPARE(b->get(1, OddsModel::WordRole).toString(), QString(QChar(0x21B5)));
    QCOMPARE(b->get(1, OddsModel::SpokenRole).toString(), "line break");
    QVERIFY(!b->get(1, OddsModel::ChosenRole).toBool());
    QCOMPARE(b->get(2, OddsModel::PercentRole).toString(), "< 0.1 %");
    QCOMPARE(b->odds.otherPercent(), "25.0 %");
  }

  void what_stands_there_is_listed_even_when_it_was_unlikely() {
    say("ab");
    b->odds.open(b->row());
    Odds odds;
    odds.chosen = odd(*m_model, tokenOf("a"), 0.01);
    odds.best = {odd(*m_model, tokenOf("x"), 0.6), odd(*m_model, tokenOf("y"), 0.2)};
    b->odds.onReady(b->requests.back().id, odds);
    QCOMPARE(b->odds.alternatives()->count(), 3);
    QVERIFY(b->get(2, OddsModel::ChosenRole).toBool());
    QCOMPARE(b->odds.otherPercent(), "19.0 %");
  }

  void characters_of_several_tokens_are_marked_whole_and_walked_token_by_token() {
    say("a😀b");
    b->odds.open(b->row(), 2);  // the second half of the surrogate pair
    QCOMPARE(marked(), "😀");
    const std::vector<TokenId> tokens = tokensOf("😀");
    QVERIFY(tokens.size() > 1);
    QCOMPARE(b->requests.back().index, std::size_t(1));
    for (std::size_t i = 1; i < tokens.size(); ++i) {
      b->odds.next();
      QCOMPARE(marked(), "😀");
      QCOMPARE(b->requests.back().index, 1 + i);
      QCOMPARE(b->odds.word().front(), QChar(0x2039));  // bytes, not a character
    }
    b->odds.next();
    QCOMPARE(marked(), "b");
    QVERIFY(!b->odds.hasNext());
    b->odds.next();
    QCOMPARE(marked(), "b");
    b->odds.previous();
    QCOMPARE(marked(), "😀");
    QCOMPARE(b->requests.back().index, tokens.size());
    while (b->odds.hasPrevious()) b->odds.previous();
    QCOMPARE(marked(), "a");
  }

  void only_the_last_of_several_tokens_counts() {
    say("abcd");
    b->odds.open(b->row());
    b->odds.next();
    b->odds.next();
    QCOMPARE(b->requests.size(), std::size_t(3));
    QVERIFY(b->requests[0].stop.stop_requested() && b->requests[1].stop.stop_requested());
    QVERIFY(!b->requests[2].stop.stop_requested());
    Odds late;
    late.chosen = odd(*m_model, tokenOf("b"), 0.75);
    b->odds.onReady(b->requests[1].id, late);
    b->odds.onFailed(b->requests[0].id, {ErrorCode::Stopped, {}});
    QVERIFY(b->odds.busy() && b->odds.error().isEmpty());
    tell({});
    QCOMPARE(b->odds.probability(), 0.5);
    QCOMPARE(marked(), "c");
  }

  void going_on_with_another_word_keeps_what_stands_before_it() {
    say("abcd");
    b->odds.open(b->row(), 2);
    tell({odd(*m_model, tokenOf("z"), 0.25)});
    b->odds.continueWith(1);
    QCOMPARE(b->answers.size(), std::size_t(2));
    std::vector<TokenId> wanted = tokensOf("ab");
    wanted.push_back(tokenOf("z"));
    QCOMPARE(b->answers.back().messages.back().tokens, wanted);
    QCOMPARE(b->answers.back().messages.back().text, std::string("abz"));
    QVERIFY(b->answers.back().options.continue_answer);
    QCOMPARE(b->last().text, "abz");
    QVERIFY(!b->odds.active());
    b->finish("!", tokensOf("abz!"));
    QCOMPARE(b->last().text, "abz!");
    b->chat.showVersion(1, -1);
    QCOMPARE(b->last().text, "abcd");
  }

  void going_on_inside_a_character_leaves_its_rest_to_the_engine() {
    say("a😀");
    b->odds.open(b->row(), 1);
    b->odds.next();
    const std::vector<TokenId> emoji = tokensOf("😀"), other = tokensOf("🙂");
    tell({odd(*m_model, other[1], 0.25)});
    b->odds.continueWith(1);
    QCOMPARE(b->answers.back().messages.back().tokens, (std::vector<TokenId>{tokenOf("a"), emoji[0], other[1]}));
    QCOMPARE(b->last().text, "a");
  }

  void a_first_token_that_is_no_whole_character_can_be_gone_on_with() {
    say("ab");
    b->odds.open(b->row());
    const TokenId part = tokensOf("😀")[0];
    tell({odd(*m_model, part, 0.25)});
    b->odds.continueWith(1);
    QCOMPARE(b->answers.back().messages.size(), std::size_t(2));
    QCOMPARE(b->answers.back().messages.back().tokens, std::vector<TokenId>{part});
  }

  void choosing_the_end_ends_the_answer_there() {
    say("abcd");
    b->odds.open(b->row(), 2);
    tell({odd(*m_model, m_model->chat_template().stop_tokens()[0], 0.25, true)});
    QVERIFY(b->get(1, OddsModel::EndsTurnRole).toBool());
    b->odds.continueWith(1);
    QCOMPARE(b->answers.size(), std::size_t(1));
    QCOMPARE(b->last().text, "ab");
    QCOMPARE(b->last().tokens, tokensOf("ab"));
    QVERIFY(b->last().edited);
    QCOMPARE(b->last().state, Message::State::Complete);
    QVERIFY(!b->odds.active());
    // The tokens still count, for going on and for looking.
    b->odds.open(b->row());
    QCOMPARE(b->requests.back().messages.back().tokens, tokensOf("ab"));
  }

  void there_is_nothing_to_go_on_with_before_the_odds_are_there() {
    say("abcd");
    b->odds.open(b->row());
    tell({odd(*m_model, tokenOf("z"), 0.25)});
    b->odds.next();
    b->odds.continueWith(1);
    b->odds.continueWith(-1);
    QCOMPARE(b->answers.size(), std::size_t(1));
    QVERIFY(b->odds.active());
  }

  void a_text_changed_by_hand_is_read_anew_and_says_so() {
    say("abc");
    b->chat.beginEdit(b->row());
    b->chat.setDraft("a new text");
    QVERIFY(b->chat.send());
    b->odds.open(b->row(), 2);
    QVERIFY(b->odds.note().contains("by hand"));
    QCOMPARE(b->requests.back().messages.back().tokens, tokensOf("a new text"));
    QVERIFY(marked().contains(u'n'));
  }

  void an_answer_of_another_model_is_read_by_this_one_and_says_so() {
    say("abc");
    b->chat.setModelIdentity("other");
    b->odds.open(b->row());
    QVERIFY(b->odds.note().contains("another model"));
    QCOMPARE(b->requests.back().messages.back().tokens, tokensOf("abc"));
  }

  void tokens_that_are_not_those_of_the_text_are_not_believed() {
    b->exchange("Question", "abc", tokensOf("abcdef"));
    b->odds.open(b->row());
    QVERIFY(!b->odds.note().isEmpty());
    QCOMPARE(b->requests.back().messages.back().tokens, tokensOf("abc"));
    b->odds.close();
    b->exchange("Question", "abc", {1, 2, 1'000'000});
    b->odds.open(b->row());
    QCOMPARE(b->requests.back().messages.back().tokens, tokensOf("abc"));
  }

  void an_answer_without_words_says_so() {
    b->exchange("Question", {}, {});
    b->odds.open(b->row());
    QVERIFY(b->odds.active() && !b->odds.busy());
    QVERIFY(b->odds.note().contains("no words"));
    b->odds.next();
    b->odds.choose(3);
    QVERIFY(b->requests.empty());
  }

  void it_cannot_be_opened_while_an_answer_is_written_without_a_model_or_on_a_question() {
    say("abc");
    b->odds.open(0);
    QVERIFY(!b->odds.active());
    b->odds.open(7);
    QVERIFY(!b->odds.active());
    b->chat.setDraft("More");
    QVERIFY(b->chat.send());
    b->odds.open(1);
    QVERIFY(!b->odds.active());
    b->finish("xyz", tokensOf("xyz"));
    b->odds.setModel({});
    b->odds.open(1);
    QVERIFY(!b->odds.active());
    QVERIFY(b->requests.empty());
  }

  void a_question_ends_it_so_that_it_need_not_wait() {
    say("abc");
    b->odds.open(b->row());
    b->chat.setDraft("More");
    QVERIFY(b->chat.send());
    QVERIFY(!b->odds.active());
    QVERIFY(b->requests.back().stop.stop_requested());
    const OddsRequest request = b->requests.back();
    b->odds.onReady(request.id, {});
    QVERIFY(!b->odds.active());
    QCOMPARE(b->odds.alternatives()->count(), 0);
  }

  void it_ends_when_the_answer_is_no_longer_shown() {
    say("abc");
    b->odds.open(b->row());
    b->chat.newChat();
    QVERIFY(!b->odds.active());
  }

  void it_waits_for_an_answer_in_another_chat() {
    say("abc");
    const ConversationId here = b->chat.conversation();
    b->chat.newChat();
    b->chat.setDraft("Elsewhere");
    QVERIFY(b->chat.send());
    b->chat.open(here);
    b->odds.open(b->row());
    QVERIFY(b->odds.active() && !b->odds.busy());
    QVERIFY(b->odds.error().contains("another chat"));
    QVERIFY(b->requests.empty());
    b->finish("Done", tokensOf("Done"));
    QCOMPARE(b->requests.size(), std::size_t(1));
    QVERIFY(b->odds.busy() && b->odds.error().isEmpty());
  }

  void a_failure_is_told_and_another_word_can_be_tried() {
    say("abc");
    b->odds.open(b->row());
    b->odds.onFailed(b->requests.back().id, {ErrorCode::ConversationTooLong, "too long"});
    QVERIFY(!b->odds.busy());
    QVERIFY(!b->odds.error().isEmpty());
    b->odds.next();
    QVERIFY(b->odds.busy() && b->odds.error().isEmpty());
  }

  void carriage_returns_keep_their_place_in_the_text_that_is_shown() {
    say("a\r\nb");
    b->odds.open(b->row(), 3);
    QCOMPARE(b->odds.text().size(), 4);
    QCOMPARE(marked(), "b");
    QVERIFY(!b->odds.text().contains('\r'));
  }

  void words_show_their_spaces_and_hide_nothing() {
    QCOMPARE(OddsModel::wordOf(" the end\n"), QStringLiteral("␣the␣end↵"));
    QCOMPARE(OddsModel::wordOf("\t"), QStringLiteral("⇥"));
    QCOMPARE(OddsModel::wordOf("\x1B"), QStringLiteral("␛"));
    QCOMPARE(OddsModel::wordOf("\xF0\x9F"), QStringLiteral("‹F0 9F›"));
    QCOMPARE(OddsModel::wordOf("ñ😀"), QStringLiteral("ñ😀"));
    QCOMPARE(OddsModel::spokenWordOf(" the"), "the");
    QCOMPARE(OddsModel::spokenWordOf("  "), "space");
    QCOMPARE(OddsModel::spokenWordOf("\n\n"), "line break");
  }
};

QTEST_GUILESS_MAIN(TestWordOdds)
#include "tst_word_odds.moc"
