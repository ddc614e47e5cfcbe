// Files from strangers: each kind of damage gets its own code, and nothing a file says makes the reader crash, read
// outside the file or allocate more than the file is worth.
#include <QTest>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "engine/format/gguf.h"
#include "tests/support/encoders.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_rng.h"
#include "tests/support/tiny_model.h"

namespace {

// What the code under test asks of the heap; only tests that reset it look at it.
std::size_t largest_allocation = 0;
std::size_t allocated_bytes = 0;

void* counted_allocation(std::size_t size) noexcept {
  largest_allocation = std::max(largest_allocation, size);
  allocated_bytes += size;
  return std::malloc(std::max<std::size_t>(size, 1));
}

void* counted_or_thrown(std::size_t size) {
  if (void* const memory = counted_allocation(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

// The forms in use, all of them: a sanitizer objects when `delete` frees what another `new` allocated.
void* operator new(std::size_t size) { return counted_or_thrown(size); }
void* operator new[](std::size_t size) { return counted_or_thrown(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted_allocation(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return counted_allocation(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

using namespace tercet;
using test::GgufFile;

namespace {

struct Damage {
  const char* name;
  ErrorCode code;
  const char* mentions;  // part of the detail
  std::function<void(GgufFile&)> inflict;
};

constexpr std::uint64_t kHuge = std::numeric_limits<std::uint64_t>::max();
const std::string kArch = "bitnet-b1.58.";

// A tensor of another type with as many bytes as its elements need there.
void retype(GgufFile& file, std::uint32_t type, std::uint64_t block, std::uint64_t block_bytes) {
  test::GgufTensor& tensor = file.tensor("blk.0.ffn_up.weight");
  tensor.type = type;
  tensor.data.resize(tensor.dims[0] * tensor.dims[1] / block * block_bytes);
}

void set_ones(GgufFile& file, const std::string& name, float value) {
  file.add_tensor(name, {32}, 0, test::encode_floats(DType::F32, std::vector<float>(32, value)));
}

std::vector<Damage> header_damages() {
  return {
      {"wrong magic", ErrorCode::NotGguf, "GGJT", [](GgufFile& f) { f.magic = "GGJT"; }},
      {"version 0", ErrorCode::UnsupportedVersion, "v0", [](GgufFile& f) { f.version = 0; }},
      {"version 1", ErrorCode::UnsupportedVersion, "v1", [](GgufFile& f) { f.version = 1; }},
      {"version 4", ErrorCode::UnsupportedVersion, "v4", [](GgufFile& f) { f.version = 4; }},
      {"big-endian", ErrorCode::UnsupportedVersion, "big-endian", [](GgufFile& f) { f.version = 0x03000000; }},
      {"too many tensors", ErrorCode::Corrupt, "tensors", [](GgufFile& f) { f.tensor_count = kHuge; }},
      {"too many keys", ErrorCode::Corrupt, "metadata", [](GgufFile& f) { f.entry_count = kHuge; }},
      {"one tensor too many", ErrorCode::Corrupt, "", [](GgufFile& f) { f.tensor_count = f.tensors.size() + 1; }},
      {"one tensor too few", ErrorCode::Corrupt, "", [](GgufFile& f) { f.tensor_count = f.tensors.size() - 1; }},
      {"endless key", ErrorCode::Corrupt, "", [](GgufFile& f) { f.entries[3].key_length = kHuge; }},
      {"key beyond the end", ErrorCode::Truncated, "", [](GgufFile& f) { f.entries[3].key_length = 1U << 30U; }},
      {"nameless key", ErrorCode::Corrupt, "0 bytes", [](GgufFile& f) { f.set_u32("", 1); }},
      {"same key twice", ErrorCode::Corrupt, "general.name", [](GgufFile& f) { f.entries.push_back(f.entries[1]); }},
      {"unknown value type", ErrorCode::Corrupt, "type 13", [](GgufFile& f) { f.set_raw("x", 13, {}); }},
      {"array of arrays", ErrorCode::Corrupt, "array of arrays",
       [](GgufFile& f) { f.set_raw("x", 9, test::gguf_array_bytes(9, 1, {})); }},
      {"array of an unknown type", ErrorCode::Corrupt, "type 77",
       [](GgufFile& f) { f.set_raw("x", 9, test::gguf_array_bytes(77, 1, {})); }},
      {"endless array of numbers", ErrorCode::Corrupt, "elements",
       [](GgufFile& f) { f.set_raw("x", 9, test::gguf_array_bytes(4, kHuge / 4 + 2, {})); }},
      {"endless array of strings", ErrorCode::Corrupt, "elements",
       [](GgufFile& f) { f.set_raw("x", 9, test::gguf_array_bytes(8, kHuge / 8 + 2, {})); }},
      {"array longer than the file", ErrorCode::Truncated, "needs",
       [](GgufFile& f) { f.set_raw("x", 9, test::gguf_array_bytes(4, 1U << 30U, {})); }},
      {"string longer than the file", ErrorCode::Truncated, "needs",
       [](GgufFile& f) {
         std::vector<std::byte> length;
         test::append_value(length, std::uint64_t{1} << 32U);
         f.set_raw("x", 8, length);
       }},
      {"bool of two", ErrorCode::Corrupt, "bool", [](GgufFile& f) { f.set_raw("x", 7, {std::byte{2}}); }},
      {"bool of two in an array", ErrorCode::Corrupt, "bool",
       [](GgufFile& f) { f.set_raw("x", 9, test::gguf_array_bytes(7, 1, std::vector<std::byte>{std::byte{2}})); }},
      {"alignment of zero", ErrorCode::Corrupt, "alignment", [](GgufFile& f) { f.set_u32("general.alignment", 0); }},
      {"alignment of 24", ErrorCode::Corrupt, "alignment", [](GgufFile& f) { f.set_u32("general.alignment", 24); }},
      {"huge alignment", ErrorCode::Corrupt, "alignment",
       [](GgufFile& f) { f.set_u32("general.alignment", 0x80000000U); }},
      {"alignment as text", ErrorCode::Corrupt, "alignment",
       [](GgufFile& f) { f.set_string("general.alignment", "32"); }},
  };
}

std::vector<Damage> tensor_damages() {
  return {
      {"no dimensions", ErrorCode::Corrupt, "output_norm.weight has 0 dimensions",
       [](GgufFile& f) { f.tensor("output_norm.weight").dim_count = 0; }},
      {"five dimensions", ErrorCode::Corrupt, "5 dimensions",
       [](GgufFile& f) { f.tensor("output_norm.weight").dim_count = 5; }},
      {"dimension of zero", ErrorCode::Corrupt, "dimension 0",
       [](GgufFile& f) { f.tensor("output_norm.weight").dims = {0}; }},
      {"endless dimension", ErrorCode::Corrupt, "impossible dimension",
       [](GgufFile& f) { f.tensor("output_norm.weight").dims = {kHuge}; }},
      {"dimensions whose product overflows", ErrorCode::Corrupt, "impossible dimension",
       [](GgufFile& f) {
         f.tensor("output_norm.weight").dims = {1U << 31U, 1U << 31U, 4, 1};
       }},
      {"more elements than the gap holds", ErrorCode::Corrupt, "overlaps",
       [](GgufFile& f) { f.tensor("blk.0.attn_norm.weight").dims = {512}; }},
      {"fewer elements than the gap holds", ErrorCode::Corrupt, "gap",
       [](GgufFile& f) { f.tensor("blk.0.attn_norm.weight").dims = {128}; }},
      {"last tensor longer than the file", ErrorCode::Truncated, "output_norm.weight",
       [](GgufFile& f) { f.tensor("output_norm.weight").dims = {1 << 20}; }},
      {"two tensors in one place", ErrorCode::Corrupt, "overlaps",
       [](GgufFile& f) { f.tensor("blk.0.ffn_norm.weight").offset = 0; }},
      {"unaligned offset", ErrorCode::Corrupt, "aligned",
       [](GgufFile& f) { f.tensor("output_norm.weight").offset = 17; }},
      {"endless offset", ErrorCode::Corrupt, "impossible offset",
       [](GgufFile& f) { f.tensor("output_norm.weight").offset = kHuge - 31; }},
      {"offset beyond the file", ErrorCode::Corrupt, "gap",
       [](GgufFile& f) { f.tensor("output_norm.weight").offset = std::uint64_t{1} << 33U; }},
      {"same name twice", ErrorCode::Corrupt, "blk.0.ffn_norm.weight occurs twice",
       [](GgufFile& f) { f.tensor("blk.0.attn_norm.weight").name = "blk.0.ffn_norm.weight"; }},
      {"nameless tensor", ErrorCode::Corrupt, "0 bytes", [](GgufFile& f) { f.tensors[1].name.clear(); }},
      {"endless name", ErrorCode::Corrupt, "", [](GgufFile& f) { f.tensors[1].name_length = kHuge; }},
      {"bytes behind the last tensor", ErrorCode::Corrupt, "follow",
       [](GgufFile& f) { f.tensors.back().data.resize(f.tensors.back().data.size() + 64); }},
      {"rows that are no blocks", ErrorCode::Corrupt, "Q8_0",
       [](GgufFile& f) {
         f.tensor("output_norm.weight").dims = {250};
         f.tensor("output_norm.weight").type = 8;
       }},
      {"I2_S blocks across rows", ErrorCode::UnsupportedType, "I2_S",
       [](GgufFile& f) {
         f.tensor("blk.0.attn_q.weight").dims = {64, 1024};
       }},
      {"I2_S of half a block", ErrorCode::Corrupt, "I2_S",
       [](GgufFile& f) {
         f.tensor("blk.0.attn_q.weight").dims = {64, 1};
       }},
      {"Q4_0", ErrorCode::UnsupportedType, "Q4_0 in the tensor blk.0.ffn_up.weight",
       [](GgufFile& f) { retype(f, 2, 32, 18); }},
      {"Q4_K", ErrorCode::UnsupportedType, "Q4_K", [](GgufFile& f) { retype(f, 12, 256, 144); }},
      {"TL1", ErrorCode::UnsupportedType, "TL1", [](GgufFile& f) { retype(f, 38, 4, 1); }},
      {"MXFP4", ErrorCode::UnsupportedType, "MXFP4", [](GgufFile& f) { retype(f, 39, 32, 17); }},
      {"TL2 as 39", ErrorCode::UnsupportedType, "TL2", [](GgufFile& f) { retype(f, 39, 256, 54); }},
      {"TL2 as 42", ErrorCode::UnsupportedType, "TL2", [](GgufFile& f) { retype(f, 42, 256, 54); }},
      {"Q2_0", ErrorCode::UnsupportedType, "Q2_0", [](GgufFile& f) { retype(f, 42, 64, 18); }},
      {"Q2_0 in blocks of 128", ErrorCode::UnsupportedType, "Q2_0", [](GgufFile& f) { retype(f, 42, 128, 34); }},
      {"IQ2_BN", ErrorCode::UnsupportedType, "IQ2_BN", [](GgufFile& f) { retype(f, 135, 64, 16); }},
      {"type nobody knows", ErrorCode::UnsupportedType, "unknown type 9999",
       [](GgufFile& f) { retype(f, 9999, 4, 1); }},
      {"foreign type in a tensor that is not used", ErrorCode::UnsupportedType, "Q4_1",
       [](GgufFile& f) { f.add_tensor("extra", {32}, 3, std::vector<std::byte>(20)); }},
  };
}

std::vector<Damage> config_damages() {
  const auto number = [](const char* key, std::uint32_t value) {
    return [key, value](GgufFile& f) { f.set_u32(kArch + key, value); };
  };
  const auto real = [](const char* key, float value) {
    return [key, value](GgufFile& f) { f.set_f32(kArch + key, value); };
  };
  std::vector<Damage> damages = {
      {"no architecture", ErrorCode::BadConfig, "general.architecture",
       [](GgufFile& f) { f.remove("general.architecture"); }},
      {"architecture as number", ErrorCode::BadConfig, "general.architecture",
       [](GgufFile& f) { f.set_u32("general.architecture", 5); }},
      {"foreign architecture", ErrorCode::UnsupportedArchitecture, "\"gemma3\"",
       [](GgufFile& f) { f.set_string("general.architecture", "gemma3"); }},
      {"architecture full of control characters", ErrorCode::UnsupportedArchitecture, "\"?[31m?\"",
       [](GgufFile& f) { f.set_string("general.architecture", "\x1b[31m\n"); }},
      {"number as text", ErrorCode::BadConfig, "block_count",
       [](GgufFile& f) { f.set_string(kArch + "block_count", "3"); }},
      {"number as array", ErrorCode::BadConfig, "attention.head_count",
       [](GgufFile& f) {
         f.set_i32s(kArch + "attention.head_count", std::vector<std::int32_t>{4, 4, 4});
       }},
      {"negative number", ErrorCode::BadConfig, "block_count",
       [](GgufFile& f) { f.set_i32(kArch + "block_count", -3); }},
      {"number beyond 32 bits", ErrorCode::BadConfig, "block_count",
       [](GgufFile& f) { f.set_u64(kArch + "block_count", (std::uint64_t{1} << 32U) + 3); }},
      {"zero layers", ErrorCode::BadConfig, "block_count is 0", number("block_count", 0)},
      {"absurdly many layers", ErrorCode::BadConfig, "block_count", number("block_count", 0xFFFFFFFFU)},
      {"fewer layers than the tensors", ErrorCode::BadConfig, "blk.2.", number("block_count", 2)},
      {"zero heads", ErrorCode::BadConfig, "head_count", number("attention.head_count", 0)},
      {"zero key heads", ErrorCode::BadConfig, "head_count_kv", number("attention.head_count_kv", 0)},
      {"heads that do not divide", ErrorCode::BadConfig, "3 heads", number("attention.head_count", 3)},
      {"key heads that do not divide", ErrorCode::BadConfig, "3 key heads", number("attention.head_count_kv", 3)},
      {"odd heads", ErrorCode::BadConfig, "63", number("rope.dimension_count", 63)},
      {"huge heads", ErrorCode::BadConfig, "key_length", number("attention.key_length", 4096)},
      {"width that is no whole block", ErrorCode::BadConfig, "260", number("embedding_length", 260)},
      {"zero width", ErrorCode::BadConfig, "embedding_length", number("embedding_length", 0)},
      {"huge width", ErrorCode::BadConfig, "embedding_length", number("embedding_length", 1U << 30U)},
      {"zero feed-forward width", ErrorCode::BadConfig, "feed_forward_length", number("feed_forward_length", 0)},
      {"feed-forward width that is no whole block", ErrorCode::BadConfig, "700", number("feed_forward_length", 700)},
      {"zero context", ErrorCode::BadConfig, "context_length", number("context_length", 0)},
      {"huge context", ErrorCode::BadConfig, "context_length", number("context_length", 0xFFFFFFFFU)},
      {"vocabulary of another size", ErrorCode::BadConfig, "383", number("vocab_size", 383)},
      {"zero vocabulary", ErrorCode::BadConfig, "vocab_size", number("vocab_size", 0)},
      {"zero epsilon", ErrorCode::BadConfig, "epsilon", real("attention.layer_norm_rms_epsilon", 0)},
      {"NaN epsilon", ErrorCode::BadConfig, "epsilon",
       real("attention.layer_norm_rms_epsilon", std::numeric_limits<float>::quiet_NaN())},
      {"infinite rope base", ErrorCode::BadConfig, "freq_base",
       real("rope.freq_base", std::numeric_limits<float>::infinity())},
      {"negative rope base", ErrorCode::BadConfig, "freq_base", real("rope.freq_base", -1)},
      {"half-rotated heads", ErrorCode::UnsupportedArchitecture, "rotated", number("attention.key_length", 128)},
      {"scaled rope", ErrorCode::UnsupportedArchitecture, "yarn",
       [](GgufFile& f) { f.set_string(kArch + "rope.scaling.type", "yarn"); }},
      {"scaled frequencies", ErrorCode::UnsupportedArchitecture, "rope_freqs",
       [](GgufFile& f) { set_ones(f, "rope_freqs.weight", 8.0F); }},
      {"foreign activation", ErrorCode::UnsupportedArchitecture, "gelu",
       [](GgufFile& f) { f.set_string(kArch + "hidden_activation", "gelu"); }},
      {"mixture of experts", ErrorCode::UnsupportedArchitecture, "ffn_gate_inp",
       [](GgufFile& f) { set_ones(f, "blk.0.ffn_gate_inp.weight", 1.0F); }},
      {"gated attention", ErrorCode::UnsupportedArchitecture, "attn_gate",
       [](GgufFile& f) { set_ones(f, "blk.0.attn_gate.weight", 1.0F); }},
      {"normed queries", ErrorCode::UnsupportedArchitecture, "attn_q_norm",
       [](GgufFile& f) { set_ones(f, "blk.0.attn_q_norm.weight", 1.0F); }},
      {"biases", ErrorCode::UnsupportedArchitecture, "attn_q.bias",
       [](GgufFile& f) { set_ones(f, "blk.0.attn_q.bias", 1.0F); }},
      {"separate scales", ErrorCode::UnsupportedArchitecture, "attn_q.scale",
       [](GgufFile& f) { set_ones(f, "blk.0.attn_q.scale", 2.0F); }},
  };
  for (const char* key : {"block_count", "embedding_length", "feed_forward_length", "attention.head_count",
                          "context_length", "attention.layer_norm_rms_epsilon", "rope.freq_base"}) {
    damages.push_back({key, ErrorCode::BadConfig, key, [key](GgufFile& f) { f.remove(kArch + key); }});
  }
  return damages;
}

std::vector<Damage> tokenizer_damages() {
  const auto without = [](const char* key) { return [key](GgufFile& f) { f.remove(key); }; };
  const auto as_number = [](const char* key) { return [key](GgufFile& f) { f.set_u32(key, 7); }; };
  std::vector<Damage> damages = {
      {"no tokenizer model", ErrorCode::BadTokenizer, "tokenizer.ggml.model", without("tokenizer.ggml.model")},
      {"no tokens", ErrorCode::BadTokenizer, "tokenizer.ggml.tokens", without("tokenizer.ggml.tokens")},
      {"no token types", ErrorCode::BadTokenizer, "token_type", without("tokenizer.ggml.token_type")},
      {"no merges", ErrorCode::BadTokenizer, "merges", without("tokenizer.ggml.merges")},
      {"empty tokens", ErrorCode::BadTokenizer, "tokens",
       [](GgufFile& f) { f.set_strings("tokenizer.ggml.tokens", {}); }},
      {"empty merges", ErrorCode::BadTokenizer, "merges",
       [](GgufFile& f) { f.set_strings("tokenizer.ggml.merges", {}); }},
      {"tokens as a number", ErrorCode::BadTokenizer, "tokens", as_number("tokenizer.ggml.tokens")},
      {"tokens as numbers", ErrorCode::BadTokenizer, "tokens",
       [](GgufFile& f) { f.set_i32s("tokenizer.ggml.tokens", std::vector<std::int32_t>(384)); }},
      {"model as a number", ErrorCode::BadTokenizer, "model", as_number("tokenizer.ggml.model")},
      {"pre as a number", ErrorCode::BadTokenizer, "pre", as_number("tokenizer.ggml.pre")},
      {"template as a number", ErrorCode::BadTokenizer, "chat_template", as_number("tokenizer.chat_template")},
      {"add_bos_token as a number", ErrorCode::BadTokenizer, "add_bos", as_number("tokenizer.ggml.add_bos_token")},
      {"types as strings", ErrorCode::BadTokenizer, "token_type",
       [](GgufFile& f) { f.set_strings("tokenizer.ggml.token_type", std::vector<std::string>(384)); }},
      {"types beyond 32 bits", ErrorCode::BadTokenizer, "token_type",
       [](GgufFile& f) {
         const std::vector<std::uint64_t> wide(384, kHuge);
         f.set_raw("tokenizer.ggml.token_type", 9, test::gguf_array_bytes(10, 384, std::as_bytes(std::span(wide))));
       }},
      {"a type too few", ErrorCode::BadTokenizer, "383 token types",
       [](GgufFile& f) { f.set_i32s("tokenizer.ggml.token_type", std::vector<std::int32_t>(383, 1)); }},
      {"unknown token type", ErrorCode::BadTokenizer, "type 9",
       [](GgufFile& f) { f.set_i32s("tokenizer.ggml.token_type", std::vector<std::int32_t>(384, 9)); }},
      {"a score too few", ErrorCode::BadTokenizer, "383 token scores",
       [](GgufFile& f) { f.set_f32s("tokenizer.ggml.scores", std::vector<float>(383)); }},
  };
  for (const char* id : {"bos", "eos", "eot", "padding", "unknown"}) {
    damages.push_back({id, ErrorCode::BadTokenizer, id,
                       [id](GgufFile& f) { f.set_u32("tokenizer.ggml." + std::string(id) + "_token_id", 384); }});
  }
  return damages;
}

std::vector<Damage> all_damages() {
  std::vector<Damage> all;
  for (auto part : {header_damages(), tensor_damages(), config_damages(), tokenizer_damages()}) {
    std::move(part.begin(), part.end(), std::back_inserter(all));
  }
  return all;
}

// A file as small as the structure allows, so that thousands of variants are quick.
GgufFile small_model() { return test::make_tiny_model({.vocab = 340, .layers = 1, .ffn = 256}); }

// Every view must lie inside the file, whatever the file says.
bool views_lie_inside(const Checkpoint& checkpoint) {
  const auto file = checkpoint.mapping->bytes();
  const auto inside = [&](const void* begin, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(begin);
    return size == 0 || (first >= file.data() && size <= file.size() &&
                         static_cast<std::size_t>(first - file.data()) <= file.size() - size);
  };
  const auto text_inside = [&](std::string_view text) { return inside(text.data(), text.size()); };
  const TokenizerData& data = checkpoint.tokenizer;
  return std::all_of(checkpoint.tensors.begin(), checkpoint.tensors.end(),
                     [&](const TensorView& t) { return inside(t.bytes.data(), t.bytes.size()); }) &&
         std::all_of(data.tokens.begin(), data.tokens.end(), text_inside) &&
         std::all_of(data.merges.begin(), data.merges.end(), text_inside);
}

}  // namespace

class TestDamagedFiles : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void damage_is_named_data();
  void damage_is_named();
  void bitnet_variants_are_refused();
  void missing_query_is_not_taken_for_a_variant();
  void cut_file_is_refused_wherever_it_is_cut();
  void changed_bytes_never_break_the_reader_data();
  void changed_bytes_never_break_the_reader();
  void claims_do_not_make_the_reader_allocate();
  void errors_stay_short_and_printable();

 private:
  const GgufFile sound_ = test::make_tiny_model({});
  const std::vector<Damage> damages_ = all_damages();
  test::TempDir dir_;
};

void TestDamagedFiles::damage_is_named_data() {
  QTest::addColumn<int>("index");
  for (std::size_t i = 0; i < damages_.size(); ++i) {
    const Damage& damage = damages_[i];
    QTest::addRow("%s %s", code_name(damage.code).data(), damage.name) << static_cast<int>(i);
  }
}

void TestDamagedFiles::damage_is_named() {
  QFETCH(int, index);
  const Damage& damage = damages_[static_cast<std::size_t>(index)];
  GgufFile file = sound_;
  damage.inflict(file);
  const Result<Checkpoint> opened = open_gguf(dir_.write("damaged.gguf", file.bytes()));
  QVERIFY(!opened.has_value());
  QCOMPARE(code_name(opened.error().code).data(), code_name(damage.code).data());
  QVERIFY2(opened.error().detail.find(damage.mentions) != std::string::npos, opened.error().detail.c_str());
}

void TestDamagedFiles::bitnet_variants_are_refused() {
  GgufFile file = test::make_tiny_model({.architecture = "bitnet"});
  file.remove_tensor("blk.1.attn_k.weight");
  const Result<Checkpoint> opened = open_gguf(dir_.write("shared_keys.gguf", file.bytes()));
  QVERIFY(!opened.has_value() && opened.error().code == ErrorCode::UnsupportedArchitecture);
  QVERIFY(opened.error().detail.find("attn_k") != std::string::npos);
}

void TestDamagedFiles::missing_query_is_not_taken_for_a_variant() {
  GgufFile file = test::make_tiny_model({.architecture = "bitnet"});
  file.remove_tensor("blk.1.attn_q.weight");
  const Result<Checkpoint> opened = open_gguf(dir_.write("no_query.gguf", file.bytes()));
  QVERIFY(opened.has_value());
  const auto query = opened->require("blk.1.attn_q.weight", 256, 256);
  QVERIFY(!query.has_value() && query.error().code == ErrorCode::MissingTensor);
}

void TestDamagedFiles::cut_file_is_refused_wherever_it_is_cut() {
  const std::vector<std::byte> bytes = sound_.bytes();
  const std::size_t head = sound_.data_start();
  std::vector<std::size_t> lengths;
  for (std::size_t i = 0; i < 32; ++i) lengths.push_back(i);                            // within the first fields
  for (std::size_t i = 0; i < 150; ++i) lengths.push_back(32 + (head - 32) * i / 150);  // within the tables
  for (std::size_t i = 0; i < 50; ++i) lengths.push_back(head + (bytes.size() - head) * i / 50);  // within the data
  lengths.push_back(bytes.size() - 1);
  for (const std::size_t length : lengths) {
    const Result<Checkpoint> opened = open_gguf(dir_.write("cut.gguf", std::span(bytes).first(length)));
    QVERIFY2(!opened.has_value(), qPrintable(QString("cut after %1 bytes").arg(length)));
    QCOMPARE(code_name(opened.error().code).data(),
             code_name(length == 0 ? ErrorCode::EmptyFile : ErrorCode::Truncated).data());
  }
}

void TestDamagedFiles::changed_bytes_never_break_the_reader_data() {
  QTest::addColumn<int>("changes");
  QTest::newRow("one byte") << 1;
  QTest::newRow("eight bytes") << 8;
}

// Changes bytes of header and tables in place, opens, and puts them back.
void TestDamagedFiles::changed_bytes_never_break_the_reader() {
  QFETCH(int, changes);
  const GgufFile file = small_model();
  const std::vector<std::byte> bytes = file.bytes();
  const std::string path = dir_.write("changed.gguf", bytes);
  std::fstream patch(path, std::ios::in | std::ios::out | std::ios::binary);
  const auto put = [&](std::size_t at, char value) {
    patch.seekp(static_cast<std::streamoff>(at));
    patch.put(value);
    patch.flush();
  };
  test::TestRng rng(23);
  int refused = 0;
  constexpr int kRounds = 4000;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<std::size_t> changed;
    for (int i = 0; i < changes; ++i) {
      // Lengths and counts have most of their bytes zero; extreme values find more than random ones.
      changed.push_back(static_cast<std::size_t>(rng.below(file.data_start())));
      const char values[] = {'\0', '\x01', '\x7F', '\x80', '\xFF', static_cast<char>(rng.below(256))};
      put(changed.back(), values[rng.below(std::size(values))]);
    }
    largest_allocation = 0;
    const Result<Checkpoint> opened = open_gguf(path);
    QVERIFY2(largest_allocation <= 16 * bytes.size(), qPrintable(QString("round %1").arg(round)));
    if (opened) QVERIFY2(views_lie_inside(*opened), qPrintable(QString("round %1").arg(round)));
    refused += opened ? 0 : 1;
    for (const std::size_t at : changed) put(at, static_cast<char>(bytes[at]));
  }
  QVERIFY(refused > kRounds / 10);  // otherwise the changes did not reach the tables
  QVERIFY(open_gguf(path).has_value());
}

void TestDamagedFiles::claims_do_not_make_the_reader_allocate() {
  for (const Damage& damage : damages_) {
    GgufFile file = sound_;
    damage.inflict(file);
    const std::vector<std::byte> bytes = file.bytes();
    const std::string path = dir_.write("claims.gguf", bytes);
    allocated_bytes = 0;
    QVERIFY(!open_gguf(path).has_value());
    QVERIFY2(allocated_bytes <= 4 * bytes.size(), damage.name);
  }
}

void TestDamagedFiles::errors_stay_short_and_printable() {
  GgufFile file = sound_;
  file.tensor("output_norm.weight").dims = {128};
  file.tensor("output_norm.weight").name = "\x1b]0;title\x07" + std::string(50'000, 'x') + "\xFF";
  const Result<Checkpoint> opened = open_gguf(dir_.write("long.gguf", file.bytes()));
  QVERIFY(!opened.has_value());
  QVERIFY2(opened.error().detail.size() < 300, opened.error().detail.c_str());
  const bool printable = std::all_of(opened.error().detail.begin(), opened.error().detail.end(),
                                     [](char c) { return c >= 0x20 && c < 0x7F; });
  QVERIFY(printable);
}

QTEST_APPLESS_MAIN(TestDamagedFiles)
#include "tst_damaged_files.moc"
