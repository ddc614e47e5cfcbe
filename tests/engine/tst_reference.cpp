// The engine against a naive double-precision forward pass, on tiny models made here: works in a clone without the shared
// fixtures. A flipped rounding tie moves a row, so most rows must agree closely and all must point the same way.
#include <QtTest/QtTest>

#include <cmath>

#include "kernels/dispatch.h"
#include "tests/engine/engine_fixture.h"
#include "tests/engine/reference_forward.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_rng.h"
#include "tests/support/tiny_model.h"

using namespace tercet;
using namespace tercet::test;

class TestReference : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void logits_agree_with_the_naive_forward_pass_data() {
    QTest::addColumn<QString>("isa");
    QTest::addColumn<int>("shape");
    for (const auto& set : kernels::all_sets()) {
      for (int shape = 0; shape < 6; ++shape) QTest::addRow("%s, shape %d", set.name.data(), shape) << QString::fromLatin1(set.name.data()) << shape;
    }
  }
  void logits_agree_with_the_naive_forward_pass() {
    QFETCH(QString, isa);
    QFETCH(int, shape);
    if (!kernels::find_set(isa.toStdString())->supported) QSKIP(qPrintable(isa + " does not run here"));
    const CachePrecision cache = shape >= 4 ? CachePrecision::EightBit : shape % 2 == 0 ? CachePrecision::Half : CachePrecision::Single;
    TinyModelOptions options;
    options.seed = static_cast<std::uint64_t>(40 + shape);
    if (shape == 1) options.embedding = DType::F32;
    if (shape == 2) options.embedding = DType::BF16, options.heads = 8, options.kv_heads = 2, options.head_dim = 32;
    if (shape == 3) options.architecture = "bitnet-25", options.heads = 2, options.kv_heads = 1, options.head_dim = 128, options.ffn = 512;
    if (shape == 5) options.heads = 8, options.kv_heads = 2, options.head_dim = 32;
    const TempDir dir;
    const std::string path = dir.write("tiny.gguf", make_tiny_gguf(options));

    TestRng random(7);
    std::vector<TokenId> tokens;
    for (int i = 0; i < 20; ++i) tokens.push_back(static_cast<TokenId>(random.below(options.vocab)));
    Engine engine = make_engine(path, {.isa = isa.toStdString(), .threads = 2, .batch = 7, .cache = cache});
    QVERIFY2(engine.failure.empty(), engine.failure.c_str());
    const std::vector<float> got = all_logits(*engine.session, tokens);
    const std::vector<double> want = reference_logits(path, tokens, cache);
    QCOMPARE(got.size(), want.size());
    int close_rows = 0;
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      double ab = 0, aa = 0, bb = 0, largest = 0, spread = 0;
      for (std::size_t i = t * options.vocab; i < (t + 1) * options.vocab; ++i) {
        ab += double(got[i]) * want[i];
        aa += double(got[i]) * double(got[i]);
        bb += want[i] * want[i];
        largest = std::max(largest, std::abs(double(got[i]) - want[i]));
        spread = std::max(spread, std::abs(want[i]));
      }
      QVERIFY2(ab / std::sqrt(aa * bb) > 0.999, qPrintable(QString("position %1: cosine %2").arg(t).arg(ab / std::sqrt(aa * bb))));
      if (largest < 1e-4 * spread) ++close_rows;
    }
    QVERIFY2(close_rows >= 1, qPrintable(QString("%1 of %2 rows agree to 1e-4").arg(close_rows).arg(tokens.size())));
  }
};

QTEST_APPLESS_MAIN(TestReference)
#include "tst_reference.moc"
