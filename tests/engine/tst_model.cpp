// Loading whole models: damaged files of every kind end in an error with its own code, a load can be cancelled, kernel
// sets are chosen and refused by name, and memory is estimated before it is taken.
#include <QtTest/QtTest>

#include <sys/resource.h>

#include <cmath>
#include <cstring>
#include <fstream>

#include "kernels/dispatch.h"
#include "tests/engine/engine_fixture.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_model.h"

using namespace tercet;
using namespace tercet::test;

namespace {

std::vector<std::byte> bytes_of(float value) {
  std::vector<std::byte> out(4);
  std::memcpy(out.data(), &value, 4);
  return out;
}

}  // namespace

class TestModel : public QObject {
  Q_OBJECT

  TempDir dir_;
  ThreadPool pool_{2};

  Result<std::shared_ptr<const Model>> load(const std::vector<std::byte>& bytes) {
    return Model::load(dir_.write("model.gguf", bytes), {.context_tokens = 64}, pool_);
  }

 private Q_SLOTS:
  void a_sound_file_loads_and_says_what_it_is() {
    double last = -1;
    bool monotonic = true;
    const std::string path = dir_.write("sound.gguf", make_tiny_gguf());
    const auto model = Model::load(path, {.context_tokens = 64}, pool_, [&](double fraction) {
      monotonic = monotonic && fraction >= last;
      last = fraction;
    });
    QVERIFY2(model.has_value(), model ? "" : model.error().detail.c_str());
    QVERIFY(monotonic);
    QCOMPARE(last, 1.0);
    QCOMPARE((*model)->info().architecture, std::string("bitnet-b1.58"));
    QCOMPARE((*model)->info().path, path);
    QVERIFY((*model)->info().weight_bytes > 0);
    QVERIFY((*model)->info().load_ms > 0);
    QCOMPARE((*model)->config().layers, 3U);
  }

  void bytes_in_memory_are_a_model_too() {
    // At an odd address, as bytes that are part of a program may lie.
    const std::vector<std::byte> whole = make_tiny_gguf();
    std::vector<std::byte> shifted(whole.size() + 1);
    std::copy(whole.begin(), whole.end(), shifted.begin() + 1);
    const auto model = Model::load({"part of the program", std::span(shifted).subspan(1)}, {.context_tokens = 64}, pool_);
    QVERIFY2(model.has_value(), model ? "" : model.error().detail.c_str());
    QCOMPARE((*model)->info().path, std::string("part of the program"));
    QCOMPARE((*model)->info().file_bytes, std::uint64_t{whole.size()});
    const auto of_file = load(whole);
    QVERIFY(of_file.has_value());
    const std::vector<TokenId> ids = {1, 2, 3};
    GenerateOptions options;
    options.sampling.temperature = 0;
    options.max_tokens = 8;
    std::vector<std::vector<TokenId>> written;
    for (const auto& loaded : {*model, *of_file}) {
      auto session = Session::create(loaded, pool_, {.context_tokens = 64});
      QVERIFY(session.has_value());
      const auto answer = (*session)->generate_from_tokens(ids, options, {}, {});
      QVERIFY(answer.has_value());
      written.push_back(answer->tokens);
    }
    QCOMPARE(written[0], written[1]);
    QVERIFY(!Model::load({"cut", std::span(whole).first(whole.size() / 2)}, {.context_tokens = 64}, pool_).has_value());
  }

  void a_file_cut_anywhere_is_refused() {
    const std::vector<std::byte> whole = make_tiny_gguf();
    for (std::size_t i = 0; i < 200; ++i) {
      const std::size_t size = whole.size() * i / 200;
      const auto model = load({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
      QVERIFY2(!model.has_value(), qPrintable(QString("cut to %1 bytes").arg(size)));
      const ErrorCode code = model.error().code;
      QVERIFY2(code == ErrorCode::Truncated || (size == 0 && code == ErrorCode::EmptyFile) || (size < 4 && code == ErrorCode::NotGguf),
               qPrintable(QString("cut to %1 bytes: %2").arg(size).arg(QString::fromStdString(describe(model.error())))));
    }
  }

  void impossible_numbers_are_refused_data() {
    QTest::addColumn<QString>("tensor");
    QTest::addColumn<float>("value");
    QTest::newRow("scale NaN") << "blk.1.attn_q.weight" << std::nanf("");
    QTest::newRow("scale infinite") << "blk.0.ffn_down.weight" << INFINITY;
    QTest::newRow("scale zero") << "blk.2.ffn_up.weight" << 0.0F;
    QTest::newRow("scale negative") << "blk.2.attn_v.weight" << -1.0F;
    QTest::newRow("norm NaN") << "blk.1.attn_norm.weight" << std::nanf("");
    QTest::newRow("sub-norm infinite") << "blk.1.ffn_sub_norm.weight" << -INFINITY;
    QTest::newRow("output norm NaN") << "output_norm.weight" << std::nanf("");
  }
  void impossible_numbers_are_refused() {
    QFETCH(QString, tensor);
    QFETCH(float, value);
    GgufFile file = make_tiny_model({});
    std::vector<std::byte>& data = file.tensor(tensor.toStdString()).data;
    const std::size_t at = tensor.contains("norm") ? 8 : data.size() - 32;
    const std::vector<std::byte> number = bytes_of(value);
    std::copy(number.begin(), number.end(), data.begin() + static_cast<std::ptrdiff_t>(at));
    const auto model = load(file.bytes());
    QVERIFY(!model.has_value());
    QCOMPARE(model.error().code, ErrorCode::BadWeights);
  }

  void a_code_that_means_nothing_is_refused() {
    GgufFile file = make_tiny_model({});
    file.tensor("blk.2.ffn_down.weight").data[1000] = std::byte{0xC0};
    const auto model = load(file.bytes());
    QVERIFY(!model.has_value());
    QCOMPARE(model.error().code, ErrorCode::BadWeights);
    QVERIFY(model.error().detail.find("blk.2.ffn_down.weight") != std::string::npos);
  }

  void an_embedding_that_is_not_finite_is_refused() {
    GgufFile file = make_tiny_model({});
    std::vector<std::byte>& data = file.tensor("token_embd.weight").data;
    data[5000] = std::byte{0x00};
    data[5001] = std::byte{0x7E};  // a NaN in half precision
    const auto model = load(file.bytes());
    QVERIFY(!model.has_value());
    QCOMPARE(model.error().code, ErrorCode::BadWeights);
  }

  void every_missing_tensor_is_named_data() {
    QTest::addColumn<QString>("tensor");
    const GgufFile file = make_tiny_model({});
    for (const GgufTensor& tensor : file.tensors) {
      if (tensor.name.find("blk.") != 0 || tensor.name.find("blk.1.") == 0) QTest::newRow(tensor.name.c_str()) << QString::fromStdString(tensor.name);
    }
  }
  void every_missing_tensor_is_named() {
    QFETCH(QString, tensor);
    GgufFile file = make_tiny_model({});
    file.remove_tensor(tensor.toStdString());
    const auto model = load(file.bytes());
    QVERIFY(!model.has_value());
    QCOMPARE(model.error().code, ErrorCode::MissingTensor);
    QVERIFY(QString::fromStdString(model.error().detail).contains(tensor));
  }

  void a_misshaped_tensor_is_named() {
    GgufFile file = make_tiny_model({});
    std::swap(file.tensor("blk.0.attn_k.weight").dims[0], file.tensor("blk.0.attn_k.weight").dims[1]);
    const auto model = load(file.bytes());
    QVERIFY(!model.has_value());
    QCOMPARE(model.error().code, ErrorCode::MisshapedTensor);
    QVERIFY(model.error().detail.find("blk.0.attn_k.weight") != std::string::npos);
  }

  void a_load_can_be_cancelled() {
    const std::string path = dir_.write("sound.gguf", make_tiny_gguf());
    std::stop_source stop;
    const auto model = Model::load(path, {.context_tokens = 64}, pool_, [&](double) { stop.request_stop(); }, stop.get_token());
    QVERIFY(!model.has_value());
    QCOMPARE(model.error().code, ErrorCode::Stopped);
  }

  void kernel_sets_are_chosen_by_name_and_refused_by_name() {
    const std::string path = dir_.write("sound.gguf", make_tiny_gguf());
    for (const auto& set : kernels::all_sets()) {
      const auto model = Model::load(path, {.isa = std::string(set.name), .context_tokens = 64}, pool_);
      QCOMPARE(model.has_value(), set.supported);
      if (model) {
        QCOMPARE((*model)->info().isa, std::string(set.name));
      } else {
        QCOMPARE(model.error().code, ErrorCode::UnsupportedCpu);
        QVERIFY(model.error().detail.find(set.name) != std::string::npos);
      }
    }
    QCOMPARE(Model::load(path, {.isa = "quantum", .context_tokens = 64}, pool_).error().code, ErrorCode::UnsupportedCpu);
  }

  void the_environment_forces_a_set() {
    const std::string path = dir_.write("sound.gguf", make_tiny_gguf());
    qputenv("TERCET_ISA", "scalar");
    const auto model = Model::load(path, {.context_tokens = 64}, pool_);
    qunsetenv("TERCET_ISA");
    QVERIFY(model.has_value());
    QCOMPARE((*model)->info().isa, std::string("scalar"));
    QCOMPARE(std::string((*Model::load(path, {.context_tokens = 64}, pool_))->info().isa), std::string(kernels::best_set().name));
  }

  void memory_is_checked_before_it_is_taken() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__linux__)
    QSKIP("the address space cannot be limited under a sanitizer or on this system");
#else
    const std::string path = dir_.write("sound.gguf", make_tiny_gguf());
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_AS, &before), 0);
    std::ifstream statm("/proc/self/statm");
    std::uint64_t pages = 0;
    QVERIFY(static_cast<bool>(statm >> pages));
    rlimit tight = before;
    tight.rlim_cur = pages * 4096 + (std::uint64_t{8} << 20);
    QCOMPARE(setrlimit(RLIMIT_AS, &tight), 0);
    const auto model = Model::load(path, {.context_tokens = 512, .batch_tokens = 2048}, pool_);
    QCOMPARE(setrlimit(RLIMIT_AS, &before), 0);
    QVERIFY(!model.has_value());
    QCOMPARE(model.error().code, ErrorCode::OutOfMemory);
    QVERIFY(model.error().detail.find("MB") != std::string::npos);
#endif
  }

  void the_estimate_grows_with_context_and_batch() {
    const auto model = load(make_tiny_gguf());
    QVERIFY(model.has_value());
    const ModelConfig& config = (*model)->config();
    QVERIFY(estimate_memory(config, 512, 512).kv_cache > estimate_memory(config, 64, 512).kv_cache);
    QVERIFY(estimate_memory(config, 512, 512).buffers > estimate_memory(config, 512, 8).buffers);
    QVERIFY(estimate_memory(config, 512, 512).total() > 300'000);  // a tiny model packs into about 0.35 MB
  }

  void the_published_model_is_estimated_below_the_stated_memory() {
    ModelConfig config;
    config.vocab_size = 128256;
    config.context_length = 4096;
    config.hidden = 2560;
    config.layers = 30;
    config.heads = 20;
    config.kv_heads = 5;
    config.head_dim = 128;
    config.ffn = 6912;
    const std::uint64_t total = estimate_memory(config, 4096, 512).total();
    QVERIFY2(total < 1'220'000'000, qPrintable(QString::number(total)));
    QVERIFY2(total > 1'120'000'000, qPrintable(QString::number(total)));
  }
};

QTEST_APPLESS_MAIN(TestModel)
#include "tst_model.moc"
