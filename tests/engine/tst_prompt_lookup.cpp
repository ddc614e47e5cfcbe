// Guesses of the next tokens, when they are checked, and the choice between two ways to do the same.
#include <QtTest/QtTest>

#include "engine/faster_way.h"
#include "engine/prompt_lookup.h"

using namespace tercet;

class TestPromptLookup : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void what_followed_the_longest_occurrence_is_guessed() {
    const std::vector<TokenId> history = {1, 2, 3, 40, 2, 3, 50, 51, 9, 1, 2, 3};
    QCOMPARE(look_up_continuation(history, {}, 2), (std::vector<TokenId>{40, 2}));  // 1 2 3 beats the later 2 3
    QCOMPARE(look_up_continuation(history, {}, 100), (std::vector<TokenId>{40, 2, 3, 50, 51, 9, 1, 2, 3}));
  }
  void the_most_recent_of_equal_occurrences_is_taken() {
    const std::vector<TokenId> history = {7, 8, 1, 7, 8, 2, 7, 8};
    QCOMPARE(look_up_continuation(history, {}, 1), std::vector<TokenId>{2});
  }
  void the_other_text_is_searched_as_well() {
    const std::vector<TokenId> history = {5, 6, 7}, other = {4, 5, 6, 7, 30, 31};
    QCOMPARE(look_up_continuation(history, other, 8), (std::vector<TokenId>{30, 31}));
    const std::vector<TokenId> ends_there = {9, 5, 6, 7};
    QVERIFY(look_up_continuation(history, ends_there, 8).empty());
  }
  void one_token_alone_and_short_texts_give_no_guess() {
    for (const std::vector<TokenId>& history : {std::vector<TokenId>{}, {1}, {1, 1}, {1, 2}, {3, 1, 2, 1}}) {
      QVERIFY(look_up_continuation(history, {}, 8).empty());
    }
    QCOMPARE(look_up_continuation(std::vector<TokenId>{1, 1, 1}, {}, 8), std::vector<TokenId>{1});
  }

  void nothing_is_checked_before_a_step_was_timed_or_without_a_guess() {
    SpeculationGovernor governor;
    QCOMPARE(governor.guesses_to_check(5), 0U);
    governor.record(0, 0, 10.0);
    QCOMPARE(governor.guesses_to_check(0), 0U);
  }

  /// Time of 20,000 tokens of 10 ms, `each` ms more for each guess that is checked, of which `right` come true.
  static double decode_ms(double each, double right, double* checked) {
    SpeculationGovernor governor;
    double ms = 0, luck = 0;
    *checked = 0;
    for (int tokens = 0; tokens < 20'000;) {
      const std::size_t guesses = governor.guesses_to_check(SpeculationGovernor::kMostGuesses);
      std::size_t accepted = 0;
      while (accepted < guesses && (luck += right) >= 1.0) {
        luck -= 1.0;
        ++accepted;
      }
      const double step = 10.0 + each * static_cast<double>(guesses);
      governor.record(guesses, accepted, step);
      ms += step;
      *checked += static_cast<double>(guesses);
      tokens += static_cast<int>(accepted) + 1;
    }
    return ms;
  }
  void wrong_guesses_cost_less_than_two_percent() {
    double checked = 0;
    for (const double each : {0.5, 2.0, 9.0}) {
      for (const double right : {0.0, 0.05, 0.2}) QVERIFY(decode_ms(each, right, &checked) < 1.02 * 200'000);
    }
  }
  void right_guesses_are_used() {
    double checked = 0;
    QVERIFY(decode_ms(1.0, 1.0, &checked) < 0.4 * 200'000);
    QVERIFY(decode_ms(2.0, 0.8, &checked) < 0.8 * 200'000);
    QVERIFY(decode_ms(9.9, 1.0, &checked) < 1.02 * 200'000);  // checking costs as much as computing
  }

  void the_faster_way_is_found_and_found_again_when_it_changes() {
    FasterWay way;
    const auto rounds_of_first = [&way](int rounds, double first_ms, double second_ms) {
      int count = 0;
      for (int i = 0; i < rounds; ++i) {
        const bool first = way.begin_round();
        way.add(first ? first_ms : second_ms);
        way.end_round();
        count += first ? 1 : 0;
      }
      return count;
    };
    QVERIFY(rounds_of_first(240, 5.0, 6.0) >= 225);
    rounds_of_first(480, 9.0, 6.0);
    QVERIFY(rounds_of_first(240, 9.0, 6.0) <= 15);
    rounds_of_first(480, 5.0, 6.0);
    QVERIFY(rounds_of_first(240, 5.0, 6.0) >= 225);
  }
};

QTEST_APPLESS_MAIN(TestPromptLookup)
#include "tst_prompt_lookup.moc"
