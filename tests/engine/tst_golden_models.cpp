// The golden models against the results of an independent float64 implementation, for each kernel set, thread count and
// batch size. Cases marked safe keep clear of rounding ties and agree within 1e-3; the others may differ by a flipped
// activation, so each row must have a cosine of 0.999 and greedy tokens count while their lead is above 3.
#include <simdjson.h>
#include <QtTest/QtTest>

#include <cmath>
#include <filesystem>

#include "kernels/dispatch.h"
#include "tests/engine/engine_fixture.h"
#include "tests/support/safetensors_reader.h"

using namespace tercet;
using namespace tercet::test;

namespace {

const std::string kFixtures = std::string(TERCET_SHARED_DIR) + "/fixtures/";

struct GoldenCase {
  std::vector<TokenId> tokens, greedy;
  std::vector<double> lead;
  bool safe = false;
};

std::vector<GoldenCase> golden_cases(const std::string& name) {
  simdjson::dom::parser parser;
  std::vector<GoldenCase> cases;
  for (const auto item : parser.load(kFixtures + "golden_" + name + ".json")["cases"].get_array()) {
    GoldenCase one;
    for (const auto token : item["tokens"].get_array()) one.tokens.push_back(static_cast<TokenId>(token.get_int64().value()));
    for (const auto token : item["greedy"].get_array()) one.greedy.push_back(static_cast<TokenId>(token.get_int64().value()));
    for (const auto lead : item["greedy_lead"].get_array()) one.lead.push_back(lead.get_double().value());
    one.safe = item["safe"].get_bool().value();
    cases.push_back(std::move(one));
  }
  return cases;
}

double cosine(const float* a, const float* b, std::size_t n) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < n; ++i) {
    ab += double(a[i]) * double(b[i]);
    aa += double(a[i]) * double(a[i]);
    bb += double(b[i]) * double(b[i]);
  }
  return ab / std::sqrt(aa * bb);
}

}  // namespace

class TestGoldenModels : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    if (!std::filesystem::exists(kFixtures + "golden_2b4t.json")) QSKIP("shared fixtures are absent: golden models are not compared");
  }

  void logits_and_greedy_tokens_are_the_golden_ones_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("golden");
    QTest::addColumn<QString>("isa");
    QTest::addColumn<int>("threads");
    QTest::addColumn<int>("batch");
    const std::pair<const char*, const char*> models[] = {{"tiny_i2_s.gguf", "2b4t"}, {"tiny_i2_s_bitnet25.gguf", "2b4t"},
                                                          {"tiny_tq2_0.gguf", "2b4t"}, {"tiny_llama_i2_s.gguf", "llama"},
                                                          {"tiny_1bitllm_i2_s.gguf", "1bitllm"}};
    for (const auto& [file, golden] : models) {
      for (const auto& set : kernels::all_sets()) {
        for (const int threads : {1, 2}) {
          for (const int batch : {1, 7, 512}) {
#if defined(__SANITIZE_THREAD__)
            if (threads == 1 || batch != 7) continue;  // what concerns threads; everything takes ten times as long here
#endif
            QTest::addRow("%s %s, %d threads, batch %d", file, set.name.data(), threads, batch)
                << QString::fromLatin1(file) << QString::fromLatin1(golden) << QString::fromLatin1(set.name.data()) << threads << batch;
          }
        }
      }
    }
  }
  void logits_and_greedy_tokens_are_the_golden_ones() {
    QFETCH(QString, file);
    QFETCH(QString, golden);
    QFETCH(QString, isa);
    QFETCH(int, threads);
    QFETCH(int, batch);
    if (!kernels::find_set(isa.toStdString())->supported) QSKIP(qPrintable(isa + " does not run here"));
    Engine engine = make_engine(kFixtures + file.toStdString(), {.isa = isa.toStdString(), .threads = threads, .batch = static_cast<std::uint32_t>(batch)});
    QVERIFY2(engine.failure.empty(), engine.failure.c_str());
    QCOMPARE(QString::fromStdString(engine.model->info().isa), isa);
    const std::size_t vocab = engine.model->config().vocab_size;
    const SafeTensors expected = load_safetensors(kFixtures + "golden_" + golden.toStdString() + ".safetensors");
    const std::vector<GoldenCase> cases = golden_cases(golden.toStdString());
    QVERIFY(!cases.empty());
    for (std::size_t c = 0; c < cases.size(); ++c) {
      const GoldenCase& one = cases[c];
      const std::vector<float> want = expected.at("case" + std::to_string(c) + ".logits").values<float>();
      const std::vector<float> got = all_logits(*engine.session, one.tokens);
      QCOMPARE(got.size(), want.size());
      double largest = 0, lowest_cosine = 1;
      for (std::size_t i = 0; i < got.size(); ++i) largest = std::max(largest, std::abs(double(got[i]) - double(want[i])));
      for (std::size_t row = 0; row < one.tokens.size(); ++row) {
        lowest_cosine = std::min(lowest_cosine, cosine(&got[row * vocab], &want[row * vocab], vocab));
      }
      const QByteArray where = QByteArray("case ") + QByteArray::number(static_cast<int>(c)) + (one.safe ? " (safe)" : "") + ": largest difference " +
                               QByteArray::number(largest) + ", lowest cosine " + QByteArray::number(lowest_cosine, 'g', 9);
      if (qEnvironmentVariableIsSet("TERCET_TEST_VERBOSE")) qInfo("%s", where.constData());
      if (one.safe) QVERIFY2(largest <= 1e-3, where.constData());
      QVERIFY2(lowest_cosine >= 0.999, where.constData());

      auto answer = engine.session->generate_from_tokens(one.tokens, greedy(static_cast<std::uint32_t>(one.greedy.size())), {}, {});
      QVERIFY(answer.has_value());
      for (std::size_t i = 0; i < one.greedy.size() && one.lead[i] > 3; ++i) QCOMPARE(answer->tokens[i], one.greedy[i]);
      if (one.safe) QCOMPARE(answer->tokens[0], one.greedy[0]);
    }
  }

  void a_file_in_the_faulty_arm_layout_is_not_taken_for_the_model() {
    Engine engine = make_engine(kFixtures + "tiny_i2_s_arm64group.gguf");
    QVERIFY2(engine.failure.empty(), engine.failure.c_str());
    const std::vector<GoldenCase> cases = golden_cases("2b4t");
    const std::vector<float> want = load_safetensors(kFixtures + "golden_2b4t.safetensors").at("case4.logits").values<float>();
    const std::vector<float> got = all_logits(*engine.session, cases[4].tokens);
    QCOMPARE(got.size(), want.size());
    QVERIFY(cosine(got.data(), want.data(), got.size()) < 0.9);
  }

  // Their embedding rows differ slightly from the golden ones, so only the direction is compared.
  void quantised_embeddings_give_nearly_the_golden_logits_data() {
    QTest::addColumn<QString>("file");
    QTest::newRow("Q8_0") << "tiny_i2_s_q8emb.gguf";
    QTest::newRow("Q6_K, TQ1_0") << "tiny_tq1_0_q6k.gguf";
  }
  void quantised_embeddings_give_nearly_the_golden_logits() {
    QFETCH(QString, file);
    Engine engine = make_engine(kFixtures + file.toStdString());
    QVERIFY2(engine.failure.empty(), engine.failure.c_str());
    const std::vector<GoldenCase> cases = golden_cases("2b4t");
    const SafeTensors expected = load_safetensors(kFixtures + "golden_2b4t.safetensors");
    const std::vector<float> want = expected.at("case4.logits").values<float>(), got = all_logits(*engine.session, cases[4].tokens);
    QCOMPARE(got.size(), want.size());
    QVERIFY2(cosine(got.data(), want.data(), got.size()) > 0.98, QByteArray::number(cosine(got.data(), want.data(), got.size())).constData());
  }
};

QTEST_APPLESS_MAIN(TestGoldenModels)
#include "tst_golden_models.moc"
