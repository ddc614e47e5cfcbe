// One forward pass over many tokens against one token at a time: the hidden states must be the same to the bit for each kernel
// set, thread count, batch size and speed feature, across several chunks of keys.
#include <QtTest/QtTest>

#include <cstring>

#include "engine/transformer.h"
#include "kernels/dispatch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_model.h"

using namespace tercet;
using namespace tercet::test;

class TestTransformer : public QObject {
  Q_OBJECT

  static constexpr std::uint32_t kContext = 320;  // beyond two chunks of keys
  TempDir dir_;
  std::string path_;
  std::vector<TokenId> tokens_;

  /// Hidden states of all tokens, computed `batch` at a time. f32 [tokens][hidden]
  std::vector<float> hidden_states(const Model& model, int threads, std::size_t batch, bool skip_zeros, kernels::CacheType type) {
    ThreadPool pool(threads);
    auto cache = KvCache::create(model.config(), kContext, type);
    auto activations = Activations::create(model.config(), static_cast<std::uint32_t>(batch), kContext, threads);
    if (!cache || !activations) qFatal("no memory");
    Transformer transformer(model, pool, *cache, *activations, skip_zeros);
    std::vector<float> states;
    for (std::size_t at = 0; at < tokens_.size(); at += batch) {
      const std::size_t count = std::min(batch, tokens_.size() - at);
      if (!transformer.forward(std::span(tokens_).subspan(at, count), {})) qFatal("forward failed");
      for (std::size_t i = 0; i < count; ++i) {
        const float* state = transformer.final_hidden(i);
        states.insert(states.end(), state, state + model.config().hidden);
      }
    }
    return states;
  }

 private Q_SLOTS:
  void initTestCase() {
    path_ = dir_.write("tiny.gguf", make_tiny_gguf());
    for (std::uint32_t i = 0; i < 300; ++i) tokens_.push_back(static_cast<TokenId>(i * 37 % 251));
  }

  void however_it_is_computed_the_bits_are_the_same_data() {
    QTest::addColumn<QString>("set");
    QTest::addColumn<int>("cache");
    for (const auto& status : kernels::all_sets()) {
      for (const CachePrecision cache : {CachePrecision::Half, CachePrecision::Single, CachePrecision::EightBit}) {
        QTest::addRow("%s, %s", status.name.data(), name_of(cache).data()) << QString::fromLatin1(status.name.data()) << static_cast<int>(cache);
      }
    }
  }
  void however_it_is_computed_the_bits_are_the_same() {
    QFETCH(QString, set);
    QFETCH(int, cache);
    const kernels::SetStatus* status = kernels::find_set(set.toStdString());
    if (status->set == nullptr || !status->supported) QSKIP(qPrintable(set + " cannot run here"));
    ThreadPool pool(2);
    auto model = Model::load(path_, {.isa = set.toStdString(), .context_tokens = kContext}, pool);
    QVERIFY(model.has_value());
    const kernels::CacheType type = cache_type(static_cast<CachePrecision>(cache), (*model)->config());
    const std::vector<float> expected = hidden_states(**model, 1, 1, false, type);
    QCOMPARE(expected.size(), tokens_.size() * 256);
    for (const int threads : {1, 2, 3}) {
      for (const std::size_t batch : {1U, 2U, 4U, 5U, 17U, 150U, 300U}) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        if (threads != 2 || (batch != 1 && batch != 4 && batch != 150)) continue;  // each way through once: all takes minutes here
#endif
        for (const bool skip : {true, false}) {
          if (skip && batch > 1) continue;  // only single tokens leave anything out
          const std::vector<float> got = hidden_states(**model, threads, batch, skip, type);
          QVERIFY2(std::memcmp(got.data(), expected.data(), expected.size() * sizeof(float)) == 0,
                   qPrintable(QString("%1 threads, batch %2, leaving out zeros: %3").arg(threads).arg(batch).arg(skip)));
        }
      }
    }
  }
};

QTEST_APPLESS_MAIN(TestTransformer)
#include "tst_transformer.moc"
