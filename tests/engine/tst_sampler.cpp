// Sampling: greedy choice, each filter, the seed, and the ranges of the settings.
#include <QtTest/QtTest>

#include <cmath>
#include <map>

#include "engine/sampler.h"

using namespace tercet;

namespace {

std::vector<Candidate> candidates(std::initializer_list<float> logits) {
  std::vector<Candidate> out;
  for (const float logit : logits) out.push_back({static_cast<TokenId>(out.size()), logit});
  return out;
}

SamplingOptions plain() {
  SamplingOptions options;
  options.temperature = 1;
  options.top_k = 0;
  options.top_p = 1;
  options.min_p = 0;
  return options;
}

/// How often each token is drawn in 20,000 draws.
std::map<TokenId, int> draw(const SamplingOptions& options, const std::vector<Candidate>& from) {
  Sampler sampler(options);
  std::map<TokenId, int> counts;
  for (int i = 0; i < 20000; ++i) {
    std::vector<Candidate> copy = from;
    ++counts[sampler.choose(copy)];
  }
  return counts;
}

}  // namespace

class TestSampler : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void temperature_zero_takes_the_best_and_the_lower_id_on_ties() {
    SamplingOptions options;
    options.temperature = 0;
    Sampler sampler(options);
    auto some = candidates({1, 5, 3, 5, -2});
    QCOMPARE(sampler.choose(some), 1);
    std::reverse(some.begin(), some.end());
    QCOMPARE(sampler.choose(some), 1);
    QCOMPARE(sampler.candidates_needed(), 1U);
  }

  void probabilities_are_those_of_softmax() {
    SamplingOptions options = plain();
    options.seed = 11;
    const auto counts = draw(options, candidates({std::log(1.0F), std::log(2.0F), std::log(7.0F)}));
    // Standard deviation of a count is below 71; five of them.
    QVERIFY(std::abs(counts.at(0) - 2000) < 350);
    QVERIFY(std::abs(counts.at(1) - 4000) < 350);
    QVERIFY(std::abs(counts.at(2) - 14000) < 350);
  }

  void temperature_flattens_and_sharpens() {
    SamplingOptions options = plain();
    options.temperature = 0.5F;
    const auto sharp = draw(options, candidates({std::log(1.0F), std::log(3.0F)}));
    QVERIFY(std::abs(sharp.at(1) - 18000) < 350);  // 3^2 : 1
  }

  void top_k_leaves_the_k_best() {
    SamplingOptions options = plain();
    options.top_k = 2;
    const auto counts = draw(options, candidates({0.0F, 0.3F, 0.1F, 0.2F}));
    QCOMPARE(counts.size(), 2U);
    QVERIFY(counts.count(1) == 1 && counts.count(3) == 1);
  }

  void top_p_leaves_the_smallest_set_with_that_mass() {
    SamplingOptions options = plain();
    options.top_p = 0.8F;
    const auto counts = draw(options, candidates({std::log(5.0F), std::log(3.5F), std::log(1.0F), std::log(0.5F)}));
    QCOMPARE(counts.size(), 2U);  // 0.5 + 0.35 >= 0.8
    QVERIFY(counts.count(0) == 1 && counts.count(1) == 1);
  }

  void top_p_below_the_best_probability_leaves_one() {
    SamplingOptions options = plain();
    options.top_p = 0.01F;
    QCOMPARE(draw(options, candidates({1, 2, 3})).size(), 1U);
  }

  void min_p_leaves_what_is_near_the_best() {
    SamplingOptions options = plain();
    options.min_p = 0.3F;
    const auto counts = draw(options, candidates({std::log(10.0F), std::log(4.0F), std::log(2.9F)}));
    QCOMPARE(counts.size(), 2U);
    Sampler sampler(options);
    QVERIFY(sampler.logit_range() >= -std::log(0.3F) && sampler.logit_range() < -std::log(0.3F) + 0.01F);
  }

  void the_same_seed_gives_the_same_draws_and_another_seed_others() {
    SamplingOptions options = plain();
    const auto sequence = [&](std::uint64_t seed) {
      options.seed = seed;
      Sampler sampler(options);
      std::vector<TokenId> out;
      for (int i = 0; i < 64; ++i) {
        auto some = candidates({0, 0.1F, 0.2F, 0.3F, 0.4F});
        out.push_back(sampler.choose(some));
      }
      return out;
    };
    QCOMPARE(sequence(5), sequence(5));
    QVERIFY(sequence(5) != sequence(6));
  }

  void the_order_of_candidates_does_not_matter() {
    SamplingOptions options = plain();
    options.seed = 3;
    Sampler a(options), b(options);
    for (int i = 0; i < 100; ++i) {
      auto forward = candidates({0, 0.1F, 0.2F, 0.2F}), backward = forward;
      std::reverse(backward.begin(), backward.end());
      QCOMPARE(a.choose(forward), b.choose(backward));
    }
  }

  void repetition_lowers_recent_tokens_only() {
    auto some = candidates({4, -4, 4, -4});
    const TokenId recent[] = {0, 1};
    apply_repeat_penalty(some, recent, 2.0F);
    QCOMPARE(some[0].logit, 2.0F);
    QCOMPARE(some[1].logit, -8.0F);
    QCOMPARE(some[2].logit, 4.0F);
    QCOMPARE(some[3].logit, -4.0F);
  }

  void infinite_and_extreme_logits_do_no_harm() {
    auto hopeless = candidates({-INFINITY, -INFINITY});
    QCOMPARE(Sampler(plain()).choose(hopeless), 0);
    auto wide = candidates({-1e30F, 1e30F, 0});
    QCOMPARE(Sampler(plain()).choose(wide), 1);
  }

  void values_outside_their_range_are_refused_by_name_data() {
    QTest::addColumn<float>("temperature");
    QTest::addColumn<float>("top_p");
    QTest::addColumn<float>("min_p");
    QTest::addColumn<float>("penalty");
    QTest::addColumn<QString>("named");
    const float nan = std::nanf("");
    QTest::newRow("temperature below") << -0.1F << 1.0F << 0.0F << 1.0F << "temperature";
    QTest::newRow("temperature above") << 5.1F << 1.0F << 0.0F << 1.0F << "temperature";
    QTest::newRow("temperature NaN") << nan << 1.0F << 0.0F << 1.0F << "temperature";
    QTest::newRow("top-p zero") << 1.0F << 0.0F << 0.0F << 1.0F << "top-p";
    QTest::newRow("top-p above") << 1.0F << 1.1F << 0.0F << 1.0F << "top-p";
    QTest::newRow("min-p one") << 1.0F << 1.0F << 1.0F << 1.0F << "min-p";
    QTest::newRow("min-p NaN") << 1.0F << 1.0F << nan << 1.0F << "min-p";
    QTest::newRow("penalty below") << 1.0F << 1.0F << 0.0F << 0.9F << "penalty";
    QTest::newRow("penalty above") << 1.0F << 1.0F << 0.0F << 2.5F << "penalty";
  }
  void values_outside_their_range_are_refused_by_name() {
    QFETCH(float, temperature);
    QFETCH(float, top_p);
    QFETCH(float, min_p);
    QFETCH(float, penalty);
    QFETCH(QString, named);
    SamplingOptions options;
    options.temperature = temperature;
    options.top_p = top_p;
    options.min_p = min_p;
    options.repeat_penalty = penalty;
    const auto valid = options.validate();
    QVERIFY(!valid.has_value());
    QCOMPARE(valid.error().code, ErrorCode::InvalidOption);
    QVERIFY(QString::fromStdString(valid.error().detail).contains(named));
    QVERIFY(SamplingOptions().validate().has_value());
  }
};

QTEST_APPLESS_MAIN(TestSampler)
#include "tst_sampler.moc"
