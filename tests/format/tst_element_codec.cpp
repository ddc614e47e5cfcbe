// Decoders against the golden encodings, against the worked examples of the format description, and against encoders
// that were written apart from them.
#include "engine/format/element_codec.h"

#include <QFileInfo>
#include <QTest>

#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/format/gguf.h"
#include "tests/support/encoders.h"
#include "tests/support/safetensors_reader.h"
#include "tests/support/test_rng.h"

using namespace tercet;

namespace {

using Bytes = std::vector<std::byte>;

const QString kShared = QStringLiteral(TERCET_SHARED_DIR);

TensorView view_of(DType type, std::uint64_t rows, std::uint64_t cols, const Bytes& bytes) {
  return {.name = "w", .dtype = type, .rows = rows, .cols = cols, .bytes = bytes};
}

std::vector<std::int8_t> random_trits(std::size_t count, std::uint64_t seed) {
  test::TestRng rng(seed);
  std::vector<std::int8_t> trits(count);
  for (auto& trit : trits) trit = static_cast<std::int8_t>(static_cast<int>(rng.below(3)) - 1);
  return trits;
}

// The codes as trits, or nothing when the decoder refuses them.
std::vector<std::int8_t> decoded_trits(const TensorView& tensor, std::uint64_t begin, std::uint64_t end) {
  std::vector<std::uint8_t> codes((end - begin) * tensor.cols);
  if (!decode_ternary_codes(tensor, begin, end, codes)) return {};
  std::vector<std::int8_t> trits;
  for (const std::uint8_t code : codes) trits.push_back(static_cast<std::int8_t>(code - 1));
  return trits;
}

std::vector<float> decoded_floats(DType type, const Bytes& bytes, std::size_t count) {
  std::vector<float> values(count);
  decode_float_row(type, bytes, values);
  return values;
}

DType ternary_type(const QString& name) {
  return name == "i2_s" ? DType::I2_S : name == "tq1_0" ? DType::TQ1_0 : DType::TQ2_0;
}

}  // namespace

class TestElementCodec : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void golden_ternary_encodings_decode_exactly_data();
  void golden_ternary_encodings_decode_exactly();
  void golden_float_rows_decode_exactly_data();
  void golden_float_rows_decode_exactly();
  void arm_layout_does_not_decode_to_the_model();
  void worked_examples_decode();
  void row_ranges_are_parts_of_the_whole_data() { ternary_types(); }
  void row_ranges_are_parts_of_the_whole();
  void code_three_is_found_wherever_it_hides();
  void scale_is_read_data() { ternary_types(); }
  void scale_is_read();
  void impossible_scales_are_refused_data();
  void impossible_scales_are_refused();
  void blocks_without_scale_are_zero_data();
  void blocks_without_scale_are_zero();
  void different_block_scales_are_refused();
  void float_tensor_has_no_ternary_scale();
  void every_half_widens_exactly();
  void halves_are_rounded_to_nearest_even();
  void plain_floats_come_back();
  void sizes_of_published_tensors_are_right();
  void sizes_that_overflow_or_do_not_divide_are_nothing();

 private:
  static void ternary_types() {
    QTest::addColumn<QString>("type");
    for (const char* type : {"i2_s", "tq1_0", "tq2_0"}) QTest::newRow(type) << QString(type);
  }
};

void TestElementCodec::golden_ternary_encodings_decode_exactly_data() {
  QTest::addColumn<QString>("layer");
  QTest::addColumn<QString>("type");
  for (const char* layer : {"k0", "k1", "k2", "k3"}) {
    for (const char* type : {"i2_s", "tq1_0", "tq2_0"}) {
      if (QString(layer) == "k3" && QString(type) != "i2_s") continue;  // 128 columns: no whole block of 256
      QTest::addRow("%s %s", layer, type) << layer << type;
    }
  }
}

void TestElementCodec::golden_ternary_encodings_decode_exactly() {
  QFETCH(QString, layer);
  QFETCH(QString, type);
  const QString path = kShared + "/fixtures/golden_kernels.safetensors";
  if (!QFileInfo::exists(path)) QSKIP("golden_kernels.safetensors is not here");
  const test::SafeTensors golden = test::load_safetensors(path.toStdString());
  const test::SafeTensor& plain = golden.at((layer + ".q").toStdString());
  const Bytes& encoded = golden.at((layer + "." + type).toStdString()).bytes;
  const TensorView tensor = view_of(ternary_type(type), plain.shape[0], plain.shape[1], encoded);
  QCOMPARE(encoded_bytes(tensor.dtype, tensor.rows, tensor.cols), std::optional<std::uint64_t>(encoded.size()));
  QVERIFY(decoded_trits(tensor, 0, tensor.rows) == plain.values<std::int8_t>());
  const Result<float> scale = ternary_scale(tensor);
  QVERIFY(scale.has_value());
  QCOMPARE(*scale, 1.21875F);
}

void TestElementCodec::golden_float_rows_decode_exactly_data() {
  QTest::addColumn<QString>("name");
  QTest::newRow("Q6_K") << "q6_k";
  QTest::newRow("Q8_0") << "q8_0";
}

void TestElementCodec::golden_float_rows_decode_exactly() {
  QFETCH(QString, name);
  const QString path = kShared + "/fixtures/golden_kernels.safetensors";
  if (!QFileInfo::exists(path)) QSKIP("golden_kernels.safetensors is not here");
  const test::SafeTensors golden = test::load_safetensors(path.toStdString());
  const std::string key = ("emb." + name).toStdString();
  const std::vector<float> expected = golden.at(key + "_dequant").values<float>();
  const std::vector<float> found =
      decoded_floats(name == "q6_k" ? DType::Q6_K : DType::Q8_0, golden.at(key).bytes, expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    QVERIFY2(found[i] == expected[i], qPrintable(QString("element %1").arg(i)));
  }
}

void TestElementCodec::arm_layout_does_not_decode_to_the_model() {
  const QString right = kShared + "/fixtures/tiny_i2_s.gguf";
  const QString faulty = kShared + "/fixtures/tiny_i2_s_arm64group.gguf";
  if (!QFileInfo::exists(right) || !QFileInfo::exists(faulty)) QSKIP("the tiny models are not here");
  const Result<Checkpoint> model = open_gguf(right.toStdString());
  const Result<Checkpoint> other = open_gguf(faulty.toStdString());
  QVERIFY(model.has_value() && other.has_value());
  const TensorView* const expected = model->find("blk.0.attn_q.weight");
  const TensorView* const found = other->find("blk.0.attn_q.weight");
  QVERIFY(expected != nullptr && found != nullptr);
  const auto trits = decoded_trits(*found, 0, found->rows);
  QVERIFY(!trits.empty());  // nothing in the file betrays the layout
  QVERIFY(trits != decoded_trits(*expected, 0, expected->rows));
}

void TestElementCodec::worked_examples_decode() {
  // engine.md 4.2: 32 x -1, 32 x 0, 32 x +1, 32 x 0, scale 1.5.
  Bytes i2_s(32, std::byte{0x19});
  for (const int b : {0, 0, 0xC0, 0x3F}) i2_s.push_back(static_cast<std::byte>(b));
  i2_s.resize(64);
  const TensorView first = view_of(DType::I2_S, 1, 128, i2_s);
  const auto trits = decoded_trits(first, 0, 1);
  QCOMPARE(trits.size(), std::size_t{128});
  for (std::size_t i = 0; i < 128; ++i) QCOMPARE(int{trits[i]}, i < 32 ? -1 : i / 32 == 2 ? 1 : 0);
  QCOMPARE(*ternary_scale(first), 1.5F);

  // engine.md 4.3: all zero except element 33 = +1, d = 2.
  Bytes tq2_0(64, std::byte{0x55});
  tq2_0[1] = std::byte{0x59};
  tq2_0.push_back(std::byte{0x00});
  tq2_0.push_back(std::byte{0x40});
  const TensorView second = view_of(DType::TQ2_0, 1, 256, tq2_0);
  const auto sparse = decoded_trits(second, 0, 1);
  for (std::size_t i = 0; i < 256; ++i) QCOMPARE(int{sparse[i]}, i == 33 ? 1 : 0);
  QCOMPARE(*ternary_scale(second), 2.0F);

  // engine.md 4.4: bytes 128, 255, 0 are five zeros, five +1, five -1; 127 is four zeros.
  Bytes tq1_0(54, std::byte{128});
  tq1_0[3] = std::byte{255};
  tq1_0[32] = std::byte{0};
  for (std::size_t j = 48; j < 52; ++j) tq1_0[j] = std::byte{127};
  tq1_0[52] = std::byte{0x00};
  tq1_0[53] = std::byte{0x3C};
  const auto packed = decoded_trits(view_of(DType::TQ1_0, 1, 256, tq1_0), 0, 1);
  for (std::size_t i = 0; i < 256; ++i) {
    const bool plus = i < 160 && i % 32 == 3;
    const bool minus = i >= 160 && i < 240 && i % 16 == 0;
    QCOMPARE(int{packed[i]}, plus ? 1 : minus ? -1 : 0);
  }
}

void TestElementCodec::row_ranges_are_parts_of_the_whole() {
  QFETCH(QString, type);
  const std::size_t rows = 12, cols = 768;
  const std::vector<std::int8_t> trits = random_trits(rows * cols, 7);
  const Bytes bytes = test::encode_trits(ternary_type(type), trits, 0.75F);
  const TensorView tensor = view_of(ternary_type(type), rows, cols, bytes);
  QVERIFY(decoded_trits(tensor, 0, rows) == trits);
  for (const auto& [begin, end] : {std::pair{0U, 1U}, {3U, 7U}, {11U, 12U}}) {
    const std::vector<std::int8_t> expected(trits.begin() + begin * cols, trits.begin() + end * cols);
    QVERIFY(decoded_trits(tensor, begin, end) == expected);
  }
}

void TestElementCodec::code_three_is_found_wherever_it_hides() {
  for (const DType type : {DType::I2_S, DType::TQ2_0}) {
    const Bytes sound = test::encode_trits(type, random_trits(2 * 256, 3), 1.0F);
    const std::size_t data = type == DType::I2_S ? 128 : 64;  // bytes before the scale
    for (std::size_t byte = 0; byte < data; ++byte) {
      for (int shift = 0; shift < 8; shift += 2) {
        Bytes damaged = sound;
        damaged[byte] |= static_cast<std::byte>(3 << shift);
        QVERIFY(decoded_trits(view_of(type, 2, 256, damaged), 0, 2).empty());
      }
    }
    QVERIFY(!decoded_trits(view_of(type, 2, 256, sound), 0, 2).empty());
  }
}

void TestElementCodec::scale_is_read() {
  QFETCH(QString, type);
  const Bytes bytes = test::encode_trits(ternary_type(type), random_trits(1024, 5), 1.21875F);
  const Result<float> scale = ternary_scale(view_of(ternary_type(type), 2, 512, bytes));
  QVERIFY(scale.has_value());
  QCOMPARE(*scale, 1.21875F);
}

void TestElementCodec::impossible_scales_are_refused_data() {
  QTest::addColumn<QString>("type");
  QTest::addColumn<float>("scale");
  for (const char* type : {"i2_s", "tq1_0", "tq2_0"}) {
    QTest::addRow("%s zero", type) << type << 0.0F;
    QTest::addRow("%s negative", type) << type << -1.0F;
    QTest::addRow("%s infinite", type) << type << std::numeric_limits<float>::infinity();
    QTest::addRow("%s NaN", type) << type << std::numeric_limits<float>::quiet_NaN();
  }
}

void TestElementCodec::impossible_scales_are_refused() {
  QFETCH(QString, type);
  QFETCH(float, scale);
  const Bytes bytes = test::encode_trits(ternary_type(type), random_trits(512, 5), scale);
  const Result<float> found = ternary_scale(view_of(ternary_type(type), 2, 256, bytes));
  QVERIFY(!found.has_value());
  QVERIFY(found.error().code == ErrorCode::BadWeights);
  QVERIFY(found.error().detail.find("w") != std::string::npos);
}

void TestElementCodec::blocks_without_scale_are_zero_data() {
  QTest::addColumn<QString>("type");
  for (const char* type : {"tq1_0", "tq2_0"}) QTest::newRow(type) << QString(type);
}

void TestElementCodec::blocks_without_scale_are_zero() {
  QFETCH(QString, type);
  std::vector<std::int8_t> trits = random_trits(3 * 256, 11);
  std::fill(trits.begin() + 256, trits.begin() + 512, std::int8_t{0});
  Bytes bytes = test::encode_trits(ternary_type(type), trits, 1.5F);
  const TensorView tensor = view_of(ternary_type(type), 3, 256, bytes);
  QVERIFY(decoded_trits(tensor, 0, 3) == trits);
  QCOMPARE(*ternary_scale(tensor), 1.5F);
  // Whatever its codes: times nothing they are nothing.
  const std::size_t block = bytes.size() / 3;
  bytes[block] = std::byte{0};
  QVERIFY(decoded_trits(tensor, 0, 3) == trits);
}

void TestElementCodec::different_block_scales_are_refused() {
  Bytes bytes = test::encode_trits(DType::TQ2_0, random_trits(512, 13), 1.5F);
  bytes[bytes.size() - 1] = std::byte{0x40};  // the last block's d becomes 2 and a bit
  const Result<float> scale = ternary_scale(view_of(DType::TQ2_0, 2, 256, bytes));
  QVERIFY(!scale.has_value());
  QVERIFY(scale.error().code == ErrorCode::UnsupportedType);
}

void TestElementCodec::float_tensor_has_no_ternary_scale() {
  const Bytes bytes = test::encode_floats(DType::F16, std::vector<float>(256, 1.0F));
  const Result<float> scale = ternary_scale(view_of(DType::F16, 1, 256, bytes));
  QVERIFY(!scale.has_value());
  QVERIFY(scale.error().code == ErrorCode::UnsupportedType);
  QVERIFY(scale.error().detail.find("F16") != std::string::npos);
}

void TestElementCodec::every_half_widens_exactly() {
  for (unsigned bits = 0; bits < 0x10000U; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const float value = half_to_float(half);
    if ((bits & 0x7C00U) == 0x7C00U) {
      QCOMPARE(std::isnan(value), (bits & 0x3FFU) != 0);
      QCOMPARE(std::isinf(value), (bits & 0x3FFU) == 0);
    } else {
      const int exponent = static_cast<int>(bits >> 10U & 31U);
      const double fraction = bits & 0x3FFU;
      const double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
      QVERIFY(static_cast<double>(value) == ((bits & 0x8000U) != 0 ? -magnitude : magnitude));
    }
    QCOMPARE(std::signbit(value), (bits & 0x8000U) != 0);
    // The row decoder must agree with the single conversion.
    Bytes row;
    test::append_value(row, half);
    QVERIFY(std::bit_cast<std::uint32_t>(decoded_floats(DType::F16, row, 1)[0]) == std::bit_cast<std::uint32_t>(value));
  }
}

void TestElementCodec::halves_are_rounded_to_nearest_even() {
  test::TestRng rng(17);
  for (int i = 0; i < 200'000; ++i) {
    const auto wild = std::bit_cast<float>(static_cast<std::uint32_t>(rng.next()));
    const auto tame = static_cast<float>(std::ldexp(rng.normal(), static_cast<int>(rng.below(45)) - 28));
    for (const float value : {wild, tame}) {
      if (std::isnan(value)) continue;
      QCOMPARE(float_to_half(value), test::reference_half(static_cast<double>(value)));
    }
  }
  // Ties, at the edges of the range and between subnormals.
  QCOMPARE(float_to_half(65519.996F), std::uint16_t{0x7BFF});
  QCOMPARE(float_to_half(65520.0F), std::uint16_t{0x7C00});
  QCOMPARE(float_to_half(0x1p-25F), std::uint16_t{0x0000});
  QCOMPARE(float_to_half(0x1.8p-24F), std::uint16_t{0x0002});
  QCOMPARE(float_to_half(-0x1.002p0F), std::uint16_t{0xBC00});
  QCOMPARE(float_to_half(0x1.ffep-15F), std::uint16_t{0x0400});
  QCOMPARE(float_to_half(-0.0F), std::uint16_t{0x8000});
  QCOMPARE(float_to_half(-std::numeric_limits<float>::infinity()), std::uint16_t{0xFC00});
  QVERIFY(std::isnan(half_to_float(float_to_half(std::numeric_limits<float>::quiet_NaN()))));
}

void TestElementCodec::plain_floats_come_back() {
  test::TestRng rng(19);
  std::vector<float> values(256);
  for (float& value : values) value = static_cast<float>(rng.normal());
  values[0] = 0.0F;
  QVERIFY(decoded_floats(DType::F32, test::encode_floats(DType::F32, values), 256) == values);
  const std::vector<float> brief = decoded_floats(DType::BF16, test::encode_floats(DType::BF16, values), 256);
  const std::vector<float> bytes = decoded_floats(DType::Q8_0, test::encode_floats(DType::Q8_0, values), 256);
  const std::vector<float> six = decoded_floats(DType::Q6_K, test::encode_floats(DType::Q6_K, values), 256);
  for (std::size_t i = 0; i < 256; ++i) {
    QVERIFY(std::fabs(brief[i] - values[i]) <= std::fabs(values[i]) * 0x1p-8F);  // 8 bits of precision
    QVERIFY(std::fabs(bytes[i] - values[i]) < 0.02F);                            // half a step of at most 4 / 127
    QVERIFY(std::fabs(six[i] - values[i]) < 0.12F);  // half a step of at most 4 / 31, and the scales' own rounding
  }
}

void TestElementCodec::sizes_of_published_tensors_are_right() {
  using Size = std::optional<std::uint64_t>;
  QCOMPARE(encoded_bytes(DType::I2_S, 2560, 2560), Size(1'638'432));
  QCOMPARE(encoded_bytes(DType::I2_S, 640, 2560), Size(409'632));
  QCOMPARE(encoded_bytes(DType::I2_S, 6912, 2560), Size(4'423'712));
  QCOMPARE(encoded_bytes(DType::F16, 128'256, 2560), Size(656'670'720));
  QCOMPARE(encoded_bytes(DType::Q6_K, 128'256, 2560), Size(269'337'600));
  QCOMPARE(row_bytes(DType::Q6_K, 2560), std::uint64_t{2100});
  QCOMPARE(row_bytes(DType::Q8_0, 64), std::uint64_t{68});
  QCOMPARE(row_bytes(DType::I2_S, 2560), std::uint64_t{0});
}

void TestElementCodec::sizes_that_overflow_or_do_not_divide_are_nothing() {
  constexpr std::uint64_t kHuge = std::numeric_limits<std::uint64_t>::max();
  QVERIFY(!encoded_bytes(DType::F32, kHuge / 2, 3).has_value());
  QVERIFY(!encoded_bytes(DType::F32, 1, kHuge / 2).has_value());
  QVERIFY(!encoded_bytes(DType::F32, kHuge, kHuge).has_value());
  QVERIFY(!encoded_bytes(DType::I2_S, kHuge / 32, 128).has_value());  // only the tail overflows
  QVERIFY(!encoded_bytes(DType::I2_S, 2, 64).has_value());
  QVERIFY(!encoded_bytes(DType::TQ1_0, 1, 128).has_value());
  QVERIFY(!encoded_bytes(DType::Q8_0, 1, 33).has_value());
}

QTEST_APPLESS_MAIN(TestElementCodec)
#include "tst_element_codec.moc"
