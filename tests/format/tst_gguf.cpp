// Sound files: what the reader makes of them, in all the forms that they have.
#include "engine/format/gguf.h"

#include <QFileInfo>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "engine/format/element_codec.h"
#include "tests/support/encoders.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_model.h"

using namespace tercet;

namespace {

const QString kShared = QStringLiteral(TERCET_SHARED_DIR);

bool warns_of(const Checkpoint& checkpoint, std::string_view word) {
  return std::any_of(checkpoint.warnings.begin(), checkpoint.warnings.end(),
                     [&](const std::string& warning) { return warning.find(word) != std::string::npos; });
}

}  // namespace

class TestGguf : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void fixtures_open_with_their_settings_data();
  void fixtures_open_with_their_settings();
  void tiny_models_open_data();
  void tiny_models_open();
  void tensors_lie_where_the_writer_put_them();
  void tokenizer_data_is_what_was_written();
  void official_file_is_warned_about();
  void version_2_is_read();
  void other_alignments_are_read_data();
  void other_alignments_are_read();
  void last_padding_may_be_missing();
  void tensors_may_lie_in_any_order();
  void integers_of_other_widths_are_read();
  void absent_optional_keys_have_defaults();
  void file_without_tensors_opens();
  void bitnet_activation_follows_key_and_vocabulary_data();
  void bitnet_activation_follows_key_and_vocabulary();
  void sub_norms_follow_their_tensors();
  void requiring_a_tensor_checks_name_and_shape();
  void names_for_people_are_made_printable();
  void mapping_gives_bytes_and_reads();
  void bytes_in_memory_are_read_in_place();
  void change_of_the_file_is_noticed();
  void shortened_file_is_an_error_to_read();
  void things_that_are_no_files_are_refused();
  void file_without_permission_is_refused();

 private:
  Result<Checkpoint> open(const test::GgufFile& file) const {
    return open_gguf(dir_.write("model.gguf", file.bytes()));
  }

  test::TempDir dir_;
};

void TestGguf::fixtures_open_with_their_settings_data() {
  QTest::addColumn<QString>("architecture");
  QTest::addColumn<int>("layers");
  QTest::addColumn<int>("kv_heads");
  QTest::addColumn<int>("ffn");
  QTest::addColumn<bool>("relu2");
  QTest::addColumn<bool>("sub_norms");
  QTest::addColumn<bool>("permuted");
  QTest::addColumn<float>("theta");
  QTest::addColumn<QString>("embedding");
  QTest::addColumn<QString>("ternary");
  QTest::newRow("tiny_i2_s") << "bitnet-b1.58" << 3 << 2 << 768 << true << true << false << 500000.0F << "F16"
                             << "I2_S";
  QTest::newRow("tiny_i2_s_bitnet25") << "bitnet-25" << 3 << 2 << 768 << true << true << false << 500000.0F << "F16"
                                      << "I2_S";
  QTest::newRow("tiny_i2_s_q8emb") << "bitnet-b1.58" << 3 << 2 << 768 << true << true << false << 500000.0F << "Q8_0"
                                   << "I2_S";
  QTest::newRow("tiny_tq2_0") << "bitnet" << 3 << 2 << 768 << true << true << false << 500000.0F << "F16"
                              << "TQ2_0";
  QTest::newRow("tiny_tq1_0_q6k") << "bitnet" << 3 << 2 << 768 << true << true << false << 500000.0F << "Q6_K"
                                  << "TQ1_0";
  QTest::newRow("tiny_1bitllm_i2_s") << "bitnet" << 2 << 4 << 512 << false << true << false << 10000.0F << "F16"
                                     << "I2_S";
  QTest::newRow("tiny_llama_i2_s") << "llama" << 2 << 1 << 512 << false << false << true << 1000042.0F << "F16"
                                   << "I2_S";
}

void TestGguf::fixtures_open_with_their_settings() {
  const QString path = kShared + "/fixtures/" + QTest::currentDataTag() + ".gguf";
  if (!QFileInfo::exists(path)) QSKIP(qPrintable(QString(QTest::currentDataTag()) + " is not here"));
  QFETCH(QString, architecture);
  QFETCH(int, layers);
  QFETCH(int, kv_heads);
  QFETCH(int, ffn);
  QFETCH(bool, relu2);
  QFETCH(bool, sub_norms);
  QFETCH(bool, permuted);
  QFETCH(float, theta);
  QFETCH(QString, embedding);
  QFETCH(QString, ternary);
  const Result<Checkpoint> opened = open_gguf(path.toStdString());
  QVERIFY2(opened.has_value(), opened ? "" : describe(opened.error()).c_str());
  const ModelConfig& config = opened->config;
  QCOMPARE(config.architecture, architecture.toStdString());
  QCOMPARE(config.layers, static_cast<std::uint32_t>(layers));
  QCOMPARE(config.hidden, 256U);
  QCOMPARE(config.heads, 4U);
  QCOMPARE(config.kv_heads, static_cast<std::uint32_t>(kv_heads));
  QCOMPARE(config.head_dim, 64U);
  QCOMPARE(config.ffn, static_cast<std::uint32_t>(ffn));
  QCOMPARE(config.vocab_size, 512U);
  QCOMPARE(config.context_length, 512U);
  QVERIFY(config.activation == (relu2 ? Activation::Relu2 : Activation::Silu));
  QCOMPARE(config.sub_norms, sub_norms);
  QCOMPARE(config.qk_rows_permuted, permuted);
  QCOMPARE(config.rope_theta, theta);
  QCOMPARE(config.rms_eps, permuted ? 1e-6F : 1e-5F);
  QCOMPARE(opened->container, std::string("GGUF v3"));
  QCOMPARE(opened->file_bytes, static_cast<std::uint64_t>(QFileInfo(path).size()));
  const auto token_embd = opened->require("token_embd.weight", 512, 256);
  const auto query = opened->require("blk.1.attn_q.weight", 256, 256);
  QVERIFY(token_embd.has_value() && query.has_value());
  QCOMPARE(std::string((dtype_name((*token_embd)->dtype))), embedding.toStdString());
  QCOMPARE(std::string(dtype_name((*query)->dtype)), ternary.toStdString());
  QCOMPARE(opened->tokenizer.tokens.size(), std::size_t{512});
  QCOMPARE(opened->tokenizer.bos, std::optional<TokenId>(496));
  QCOMPARE(opened->tokenizer.eos, std::optional<TokenId>(497));
  QCOMPARE(opened->tokenizer.tokens[505], std::string_view("<|eot_id|>"));
}

void TestGguf::tiny_models_open_data() {
  QTest::addColumn<QString>("architecture");
  QTest::addColumn<int>("embedding");
  QTest::addColumn<int>("ternary");
  for (const char* architecture : {"bitnet-b1.58", "bitnet-25", "bitnet", "llama"}) {
    for (const DType embedding : {DType::F32, DType::F16, DType::BF16, DType::Q8_0, DType::Q6_K}) {
      for (const DType ternary : {DType::I2_S, DType::TQ1_0, DType::TQ2_0}) {
        QTest::addRow("%s %s %s", architecture, dtype_name(embedding).data(), dtype_name(ternary).data())
            << architecture << static_cast<int>(embedding) << static_cast<int>(ternary);
      }
    }
  }
}

void TestGguf::tiny_models_open() {
  QFETCH(QString, architecture);
  QFETCH(int, embedding);
  QFETCH(int, ternary);
  const Result<Checkpoint> opened = open(test::make_tiny_model({.architecture = architecture.toStdString(),
                                                                .embedding = static_cast<DType>(embedding),
                                                                .ternary = static_cast<DType>(ternary)}));
  QVERIFY2(opened.has_value(), opened ? "" : describe(opened.error()).c_str());
  QVERIFY(opened->warnings.empty());
  QCOMPARE(opened->config.architecture, architecture.toStdString());
  QVERIFY(opened->find("token_embd.weight")->dtype == static_cast<DType>(embedding));
  QVERIFY(opened->find("blk.2.ffn_down.weight")->dtype == static_cast<DType>(ternary));
  QCOMPARE(opened->config.sub_norms, architecture != "llama");
  QCOMPARE(opened->find("output.weight") != nullptr, architecture == "bitnet-25" || architecture == "llama");
}

void TestGguf::tensors_lie_where_the_writer_put_them() {
  const test::GgufFile file = test::make_tiny_model({});
  const std::vector<std::byte> bytes = file.bytes();
  const Result<Checkpoint> opened = open(file);
  QVERIFY(opened.has_value());
  QCOMPARE(opened->tensors.size(), file.tensors.size());
  for (std::size_t i = 0; i < file.tensors.size(); ++i) {
    const TensorView& view = opened->tensors[i];
    QCOMPARE(view.name, file.tensors[i].name);
    QCOMPARE(view.cols, file.tensors[i].dims[0]);
    QCOMPARE(view.rows, file.tensors[i].dims.size() > 1 ? file.tensors[i].dims[1] : std::uint64_t{1});
    QVERIFY(std::equal(view.bytes.begin(), view.bytes.end(), file.tensors[i].data.begin(), file.tensors[i].data.end()));
    QVERIFY(std::equal(view.bytes.begin(), view.bytes.end(),
                       bytes.begin() + static_cast<std::ptrdiff_t>(view.file_offset)));
  }
}

void TestGguf::tokenizer_data_is_what_was_written() {
  const test::TinyVocab vocab = test::make_tiny_vocab(384);
  test::GgufFile file = test::make_tiny_model({});
  file.set_u32("tokenizer.ggml.eot_token_id", vocab.eot);
  file.set_f32s("tokenizer.ggml.scores", std::vector<float>(384, -1000.0F));
  file.set_bool("tokenizer.ggml.add_bos_token", false);
  const Result<Checkpoint> opened = open(file);
  QVERIFY(opened.has_value());
  const TokenizerData& data = opened->tokenizer;
  QCOMPARE(data.model, std::string("gpt2"));
  QCOMPARE(data.pre, std::string("llama-bpe"));
  QVERIFY(std::equal(data.tokens.begin(), data.tokens.end(), vocab.tokens.begin(), vocab.tokens.end()));
  QVERIFY(std::equal(data.merges.begin(), data.merges.end(), vocab.merges.begin(), vocab.merges.end()));
  QVERIFY(data.types == vocab.types);
  QVERIFY(data.scores == std::vector<float>(384, -1000.0F));
  QCOMPARE(data.bos, std::optional<TokenId>(static_cast<TokenId>(vocab.begin_of_text)));
  QCOMPARE(data.eos, std::optional<TokenId>(static_cast<TokenId>(vocab.end_of_text)));
  QCOMPARE(data.eot, std::optional<TokenId>(static_cast<TokenId>(vocab.eot)));
  QVERIFY(!data.add_bos);
  QVERIFY(data.chat_template.find("Assistant: ") != std::string::npos);
}

void TestGguf::official_file_is_warned_about() {
  const Result<Checkpoint> opened = open(test::make_tiny_model({.pre = false, .right_template = false}));
  QVERIFY(opened.has_value());
  QVERIFY(opened->tokenizer.pre.empty());
  QVERIFY(warns_of(*opened, "tokenizer.ggml.pre"));
  QVERIFY(warns_of(*opened, "chat template"));
}

void TestGguf::version_2_is_read() {
  test::GgufFile file = test::make_tiny_model({});
  file.version = 2;
  const Result<Checkpoint> opened = open(file);
  QVERIFY(opened.has_value());
  QCOMPARE(opened->container, std::string("GGUF v2"));
}

void TestGguf::other_alignments_are_read_data() {
  QTest::addColumn<unsigned>("alignment");
  for (const unsigned alignment : {1U, 2U, 8U, 64U, 4096U}) QTest::addRow("%u", alignment) << alignment;
}

void TestGguf::other_alignments_are_read() {
  QFETCH(unsigned, alignment);
  test::GgufFile file = test::make_tiny_model({.embedding = DType::Q6_K, .layers = 1});
  file.alignment = alignment;
  file.set_u32("general.alignment", alignment);
  const Result<Checkpoint> opened = open(file);
  QVERIFY2(opened.has_value(), opened ? "" : describe(opened.error()).c_str());
  const auto& expected = file.tensors.back().data;
  const auto& found = opened->tensors.back().bytes;
  QVERIFY(std::equal(found.begin(), found.end(), expected.begin(), expected.end()));
}

void TestGguf::last_padding_may_be_missing() {
  test::GgufFile file = test::make_tiny_model({.layers = 1});
  file.alignment = 4096;
  file.set_u32("general.alignment", 4096);
  QVERIFY(open(file).has_value());
  file.pad_end = false;
  QVERIFY(open(file).has_value());
}

void TestGguf::tensors_may_lie_in_any_order() {
  test::GgufFile file = test::make_tiny_model({.layers = 2});
  const std::size_t count = file.tensors.size();
  std::vector<std::byte> first_data = file.tensors.front().data;
  // The table is turned around, the data stay: offsets fall along the table.
  std::uint64_t next = 0;
  for (test::GgufTensor& tensor : file.tensors) {
    tensor.offset = next;
    next += (tensor.data.size() + 31) / 32 * 32;
  }
  std::vector<std::byte> bytes = file.bytes();
  const std::vector<std::byte> data(bytes.begin() + static_cast<std::ptrdiff_t>(file.data_start()), bytes.end());
  std::reverse(file.tensors.begin(), file.tensors.end());
  bytes = file.bytes();
  bytes.resize(file.data_start());
  bytes.insert(bytes.end(), data.begin(), data.end());
  const Result<Checkpoint> opened = open_gguf(dir_.write("turned.gguf", bytes));
  QVERIFY2(opened.has_value(), opened ? "" : describe(opened.error()).c_str());
  QCOMPARE(opened->tensors.size(), count);
  QCOMPARE(opened->tensors.back().name, std::string("token_embd.weight"));
  QVERIFY(std::equal(first_data.begin(), first_data.end(), opened->tensors.back().bytes.begin()));
}

void TestGguf::integers_of_other_widths_are_read() {
  test::GgufFile file = test::make_tiny_model({});
  file.set_u64("bitnet-b1.58.block_count", 3);
  file.set_i32("bitnet-b1.58.context_length", 128);
  file.set_raw("bitnet-b1.58.attention.head_count", 0, {std::byte{4}});  // u8
  const Result<Checkpoint> opened = open(file);
  QVERIFY(opened.has_value());
  QCOMPARE(opened->config.layers, 3U);
  QCOMPARE(opened->config.context_length, 128U);
  QCOMPARE(opened->config.heads, 4U);
}

void TestGguf::absent_optional_keys_have_defaults() {
  test::GgufFile file = test::make_tiny_model({.kv_heads = 4});
  for (const char* key : {"bitnet-b1.58.vocab_size", "bitnet-b1.58.rope.dimension_count", "general.name",
                          "bitnet-b1.58.attention.head_count_kv", "tokenizer.ggml.add_bos_token",
                          "tokenizer.ggml.padding_token_id", "tokenizer.chat_template"}) {
    file.remove(key);
  }
  const Result<Checkpoint> opened = open(file);
  QVERIFY(opened.has_value());
  QCOMPARE(opened->config.vocab_size, 384U);  // the number of tokens
  QCOMPARE(opened->config.head_dim, 64U);     // hidden / heads
  QCOMPARE(opened->config.kv_heads, 4U);      // heads
  QVERIFY(opened->tokenizer.add_bos);
  QVERIFY(opened->config.name.empty());

  file.set_u32("bitnet-b1.58.attention.key_length", 128);
  const Result<Checkpoint> wide = open(file);
  QVERIFY(wide.has_value());
  QCOMPARE(wide->config.head_dim, 128U);
}

void TestGguf::file_without_tensors_opens() {
  test::GgufFile file = test::make_tiny_model({});  // such files carry a vocabulary only
  file.tensors.clear();
  file.pad_end = false;
  const Result<Checkpoint> opened = open(file);
  QVERIFY2(opened.has_value(), opened ? "" : describe(opened.error()).c_str());
  QVERIFY(opened->tensors.empty());
}

void TestGguf::bitnet_activation_follows_key_and_vocabulary_data() {
  QTest::addColumn<QString>("key");
  QTest::addColumn<unsigned>("vocab");
  QTest::addColumn<bool>("relu2");
  QTest::newRow("relu2") << "relu2" << 384U << true;
  QTest::newRow("silu") << "silu" << 384U << false;
  QTest::newRow("silent") << "" << 384U << false;
  QTest::newRow("silent with the vocabulary of 2B4T") << "" << 128256U << true;
}

void TestGguf::bitnet_activation_follows_key_and_vocabulary() {
  QFETCH(QString, key);
  QFETCH(unsigned, vocab);
  QFETCH(bool, relu2);
  test::GgufFile file = test::make_tiny_model({.architecture = "bitnet", .layers = 1});
  if (vocab != 384) {
    const test::TinyVocab large = test::make_tiny_vocab(vocab);
    file.set_strings("tokenizer.ggml.tokens", large.tokens);
    file.set_i32s("tokenizer.ggml.token_type", large.types);
    file.set_u32("bitnet.vocab_size", vocab);
  }
  file.remove("bitnet.hidden_activation");
  if (!key.isEmpty()) file.set_string("bitnet.hidden_activation", key.toStdString());
  const Result<Checkpoint> opened = open(file);
  QVERIFY2(opened.has_value(), opened ? "" : describe(opened.error()).c_str());
  QVERIFY(opened->config.activation == (relu2 ? Activation::Relu2 : Activation::Silu));
  QCOMPARE(warns_of(*opened, "hidden_activation"), vocab != 384);
}

void TestGguf::sub_norms_follow_their_tensors() {
  test::GgufFile file = test::make_tiny_model({.architecture = "bitnet", .layers = 1});
  QVERIFY(open(file)->config.sub_norms);
  file.remove_tensor("blk.0.attn_sub_norm.weight");
  file.remove_tensor("blk.0.ffn_sub_norm.weight");
  QVERIFY(!open(file)->config.sub_norms);

  test::GgufFile fixed = test::make_tiny_model({.layers = 1});  // 2B4T always has them: absent means missing
  fixed.remove_tensor("blk.0.attn_sub_norm.weight");
  QVERIFY(open(fixed)->config.sub_norms);
}

void TestGguf::requiring_a_tensor_checks_name_and_shape() {
  const Result<Checkpoint> opened = open(test::make_tiny_model({}));
  QVERIFY(opened.has_value());
  const auto found = opened->require("blk.0.ffn_down.weight", 256, 768);
  QVERIFY(found.has_value());
  QCOMPARE((*found)->name, std::string("blk.0.ffn_down.weight"));
  const auto missing = opened->require("blk.9.ffn_down.weight", 256, 768);
  QVERIFY(!missing.has_value() && missing.error().code == ErrorCode::MissingTensor);
  QVERIFY(missing.error().detail.find("blk.9.ffn_down.weight") != std::string::npos);
  const auto turned = opened->require("blk.0.ffn_down.weight", 768, 256);
  QVERIFY(!turned.has_value() && turned.error().code == ErrorCode::MisshapedTensor);
  QVERIFY(turned.error().detail.find("256 x 768") != std::string::npos);
}

void TestGguf::names_for_people_are_made_printable() {
  test::GgufFile file = test::make_tiny_model({.layers = 1});
  file.set_string("general.name", "\x1b[2Jna\xC3\xAFve");
  QCOMPARE(open(file)->config.name, std::string("?[2Jna\xC3\xAFve"));
  file.set_string("general.name", "bad \xFF bytes");
  QCOMPARE(open(file)->config.name, std::string("bad ? bytes"));
}

void TestGguf::mapping_gives_bytes_and_reads() {
  const std::vector<std::byte> bytes = test::make_tiny_gguf();
  const auto file = MappedFile::open(dir_.write("map", bytes));
  QVERIFY(file.has_value());
  QCOMPARE((*file)->size(), std::uint64_t{bytes.size()});
  const auto mapped = (*file)->bytes();
  QVERIFY(std::equal(mapped.begin(), mapped.end(), bytes.begin(), bytes.end()));
  (*file)->done_with(100, bytes.size());  // beyond the end, and not on page borders
  (*file)->done_with(bytes.size() + 5, 1);
  QVERIFY(std::equal(mapped.begin(), mapped.end(), bytes.begin(), bytes.end()));
  std::vector<std::byte> part(1000);
  QVERIFY((*file)->read_at(12'345, part).has_value());
  QVERIFY(std::equal(part.begin(), part.end(), bytes.begin() + 12'345));
  (*file)->unmap();
  QVERIFY((*file)->bytes().empty());
  QVERIFY((*file)->read_at(0, part).has_value());
  QVERIFY(std::equal(part.begin(), part.end(), bytes.begin()));
  QVERIFY(!(*file)->read_at(bytes.size() - 999, part).has_value());
}

void TestGguf::bytes_in_memory_are_read_in_place() {
  const std::vector<std::byte> bytes = test::make_tiny_gguf();
  const auto file = MappedFile::open({"in memory", bytes});
  QVERIFY(file.has_value());
  QCOMPARE((*file)->bytes().data(), bytes.data());
  QVERIFY((*file)->unchanged());
  (*file)->done_with(0, bytes.size());
  (*file)->unmap();
  QVERIFY((*file)->bytes().empty());
  std::vector<std::byte> part(1000);
  QVERIFY((*file)->read_at(12'345, part).has_value());
  QVERIFY(std::equal(part.begin(), part.end(), bytes.begin() + 12'345));
  QVERIFY(!(*file)->read_at(bytes.size() - 999, part).has_value());
}

void TestGguf::change_of_the_file_is_noticed() {
  const std::vector<std::byte> bytes(4096, std::byte{7});
  const std::string path = dir_.write("changing", bytes);
  const auto file = MappedFile::open(path);
  QVERIFY(file.has_value());
  QVERIFY((*file)->unchanged());
  std::ofstream(path, std::ios::app) << "more";
  QVERIFY(!(*file)->unchanged());
}

void TestGguf::shortened_file_is_an_error_to_read() {
  const std::vector<std::byte> bytes(4096, std::byte{7});
  const std::string path = dir_.write("shortened", bytes);
  const auto file = MappedFile::open(path);
  QVERIFY(file.has_value());
  QCOMPARE(::truncate(path.c_str(), 100), 0);
  std::vector<std::byte> part(1000);
  const Result<void> read = (*file)->read_at(0, part);
  QVERIFY(!read.has_value() && read.error().code == ErrorCode::ModelChanged);
  QVERIFY(!(*file)->unchanged());
}

void TestGguf::things_that_are_no_files_are_refused() {
  const auto code = [](const std::string& path) {
    const Result<Checkpoint> opened = open_gguf(path);
    return opened ? ErrorCode::Internal : opened.error().code;
  };
  QVERIFY(code(dir_.file("absent.gguf")) == ErrorCode::NotFound);
  QVERIFY(code(dir_.write("plain", {}) + "/below") == ErrorCode::NotFound);
  QVERIFY(code("") == ErrorCode::NotFound);
  QVERIFY(code(std::string("a\0b", 3)) == ErrorCode::NotFound);
  QVERIFY(code(dir_.path().string()) == ErrorCode::IsDirectory);
  QVERIFY(code(dir_.write("empty.gguf", {})) == ErrorCode::EmptyFile);
  const std::string fifo = dir_.file("fifo");
  QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
  QVERIFY(code(fifo) == ErrorCode::Unreadable);  // and does not wait for a writer
  QVERIFY(code("/dev/null") == ErrorCode::Unreadable);
}

void TestGguf::file_without_permission_is_refused() {
  if (::geteuid() == 0) QSKIP("permissions do not hold for root");
  const std::string locked = dir_.write("locked", std::vector<std::byte>(10));
  QCOMPARE(::chmod(locked.c_str(), 0), 0);
  const Result<Checkpoint> opened = open_gguf(locked);
  QVERIFY(!opened.has_value() && opened.error().code == ErrorCode::Unreadable);
}

QTEST_APPLESS_MAIN(TestGguf)
#include "tst_gguf.moc"
