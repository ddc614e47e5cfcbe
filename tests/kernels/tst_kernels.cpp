// Every operation of every compiled set this CPU runs, against the scalar set: integers exactly, floats within the
// tolerance stated at each test. Sets that cannot run here are skipped by name.
#include <QtTest/QtTest>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "kernels/dispatch.h"

using namespace tercet::kernels;

namespace {

/// 64-byte aligned array, as the contracts of the kernels want it.
template <typename T>
class Aligned {
 public:
  explicit Aligned(std::size_t count)
      : size_(count), data_(static_cast<T*>(std::aligned_alloc(64, (count * sizeof(T) + 127) / 64 * 64)), &std::free) {
    std::memset(static_cast<void*>(data_.get()), 0, (count * sizeof(T) + 127) / 64 * 64);
  }
  T* data() { return data_.get(); }
  T& operator[](std::size_t i) { return data_.get()[i]; }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_;
  std::unique_ptr<T, decltype(&std::free)> data_;
};

using Random = std::mt19937;

std::vector<float> normal_values(Random& random, std::size_t n, float deviation = 1.0F) {
  std::normal_distribution<float> distribution(0.0F, deviation);
  std::vector<float> values(n);
  for (float& value : values) value = distribution(random);
  return values;
}

void add_set_rows() {
  QTest::addColumn<QString>("set");
  for (const SetStatus& status : all_sets()) {
    QTest::newRow(status.name.data()) << QString::fromUtf8(status.name.data(), static_cast<int>(status.name.size()));
  }
}

const KernelSet& scalar() { return *find_set("scalar")->set; }

double relative_difference(const float* a, const float* b, std::size_t n) {
  double difference = 0, size = 1e-30;
  for (std::size_t i = 0; i < n; ++i) {
    difference = std::max(difference, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    size = std::max(size, std::abs(static_cast<double>(a[i])));
  }
  return difference / size;
}

}  // namespace

// Fetches the set of the current row or skips the row by name.
#define FETCH_SET(variable)                                                                     \
  QFETCH(QString, set);                                                                         \
  const SetStatus* status_of_row = find_set(set.toStdString());                                 \
  if (status_of_row->set == nullptr) QSKIP(qPrintable(set + " is not compiled for this architecture")); \
  if (!status_of_row->supported) QSKIP(qPrintable(set + " is not supported by this CPU"));      \
  const KernelSet& variable = *status_of_row->set

class TestKernels : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void packing_is_undone_by_the_documented_layout() {
    Random random(1);
    for (const std::size_t rows : {16U, 5U}) {
      const std::size_t cols = 128;
      std::vector<std::uint8_t> codes(rows * cols);
      for (auto& code : codes) code = static_cast<std::uint8_t>(random() % 3);
      std::vector<std::uint8_t> packed(packed_bytes(rows, cols));
      pack_group(codes.data(), rows, cols, packed.data());
      for (std::size_t row = 0; row < 16; ++row) {
        for (std::size_t col = 0; col < cols; ++col) {
          const std::uint8_t byte = packed[col / 16 * 64 + 4 * row + col % 4];
          const int code = (byte >> (2 * (col % 16 / 4))) & 3;
          QCOMPARE(code, row < rows ? int{codes[row * cols + col]} : 1);
        }
      }
    }
  }

  void ternary_matmul_equals_scalar_exactly_data() {
    QTest::addColumn<QString>("set");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("cols");
    QTest::addColumn<int>("tokens");
    QTest::addColumn<bool>("extreme");
    for (const SetStatus& status : all_sets()) {
      const QString name = QString::fromUtf8(status.name.data(), static_cast<int>(status.name.size()));
      for (const int cols : {128, 192, 2560, 6912}) {
        for (const int tokens : {1, 2, 3, 4, 5, 7, 12, 13, 30}) {
          for (const int rows : {16, 48}) {
            for (const bool extreme : {false, true}) {
              QTest::addRow("%s %dx%d, %d tokens%s", qPrintable(name), rows, cols, tokens, extreme ? ", +-127" : "")
                  << name << rows << cols << tokens << extreme;
            }
          }
        }
      }
    }
  }
  void ternary_matmul_equals_scalar_exactly() {
    FETCH_SET(kernels);
    QFETCH(int, rows);
    QFETCH(int, cols);
    QFETCH(int, tokens);
    QFETCH(bool, extreme);
    const std::size_t r = static_cast<std::size_t>(rows), c = static_cast<std::size_t>(cols), t = static_cast<std::size_t>(tokens);
    Random random(static_cast<unsigned>(rows + cols + tokens));
    std::vector<std::uint8_t> codes(r * c);
    Aligned<std::int8_t> x(t * c);
    if (extreme) {  // every product at its largest: the first half of the rows all +1, the rest all -1
      for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = i < codes.size() / 2 ? 2 : 0;
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = (i / c) % 2 == 0 ? 127 : -127;
    } else {
      for (auto& code : codes) code = static_cast<std::uint8_t>(random() % 3);
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<std::int8_t>(static_cast<int>(random() % 255) - 127);
    }
    Aligned<std::uint8_t> packed(packed_bytes(r, c));
    for (std::size_t group = 0; group < r / 16; ++group) {
      pack_group(codes.data() + group * 16 * c, 16, c, packed.data() + group * group_bytes(c));
    }
    std::vector<float> group_scale(r / 16), x_scale(t);
    for (float& scale : group_scale) scale = static_cast<float>(random() % 1000 + 1) / 700.0F;
    for (float& scale : x_scale) scale = static_cast<float>(random() % 1000 + 1) / 90000.0F;
    std::vector<std::int32_t> x_sum(t);
    for (std::size_t i = 0; i < x.size(); ++i) x_sum[i / c] += x[i];
    Aligned<std::uint8_t> scratch(matmul_scratch_bytes(c));

    const std::size_t begin = r > 16 ? 16 : 0;  // a row range that does not start at zero
    const std::size_t stride = r - begin + 3;
    std::vector<float> expected(t * stride, -1.0F), found(t * stride, -1.0F);
    TernaryMatmul call = {.weights = packed.data(), .group_scale = group_scale.data(), .x = x.data(), .x_scale = x_scale.data(),
                          .x_sum = x_sum.data(), .y = expected.data(), .y_stride = stride, .cols = c, .tokens = t,
                          .row_begin = begin, .row_end = r, .scratch = scratch.data()};
    scalar().ternary_matmul(call);
    call.y = found.data();
    kernels.ternary_matmul(call);
    QVERIFY(std::memcmp(expected.data(), found.data(), found.size() * sizeof(float)) == 0);

    // And scalar against the definition, on unpacked codes.
    for (std::size_t row = begin; row < r; ++row) {
      std::int64_t sum = 0;
      for (std::size_t k = 0; k < c; ++k) sum += (int{codes[row * c + k]} - 1) * int{x[k]};
      QCOMPARE(expected[row - begin], static_cast<float>(sum) * (x_scale[0] * group_scale[row / 16]));
    }
  }

  void quantize_row_equals_scalar_exactly_data() { add_set_rows(); }
  void quantize_row_equals_scalar_exactly() {
    FETCH_SET(kernels);
    Random random(3);
    for (const std::size_t n : {16U, 256U, 2560U, 6912U}) {
      for (const float deviation : {0.0F, 1e-7F, 1.0F, 1e9F}) {
        std::vector<float> x = normal_values(random, n, deviation);
        if (n == 256) {  // rounding ties: amax 127 makes the factor 1
          for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i % 127) + 0.5F;
          x[0] = -127.0F;
        }
        Aligned<std::int8_t> expected(n), found(n);
        float expected_scale = 0, found_scale = 0;
        std::int32_t expected_sum = 0, found_sum = 0;
        scalar().quantize_row(x.data(), n, expected.data(), &expected_scale, &expected_sum);
        kernels.quantize_row(x.data(), n, found.data(), &found_scale, &found_sum);
        QVERIFY(std::memcmp(expected.data(), found.data(), n) == 0);
        QCOMPARE(found_scale, expected_scale);
        QCOMPARE(found_sum, expected_sum);
      }
    }
  }

  void quantize_row_keeps_its_range_on_impossible_numbers_data() { add_set_rows(); }
  void quantize_row_keeps_its_range_on_impossible_numbers() {
    FETCH_SET(kernels);
    std::vector<float> x(64, 1.0F);
    x[3] = std::nanf("");
    x[5] = INFINITY;
    x[7] = -INFINITY;
    Aligned<std::int8_t> q(64);
    float scale = 0;
    std::int32_t sum = 0;
    kernels.quantize_row(x.data(), x.size(), q.data(), &scale, &sum);
    for (std::size_t i = 0; i < 64; ++i) QVERIFY(q[i] >= -127);
  }

  // Tolerance 2e-6 of the largest value: sums are taken in another order.
  void rms_norm_agrees_with_scalar_data() { add_set_rows(); }
  void rms_norm_agrees_with_scalar() {
    FETCH_SET(kernels);
    Random random(4);
    for (const std::size_t n : {1U, 17U, 64U, 256U, 2560U, 6912U}) {
      const std::vector<float> x = normal_values(random, n, 3.0F), w = normal_values(random, n);
      std::vector<float> expected(n), found(n);
      scalar().rms_norm(x.data(), w.data(), n, 1e-5F, expected.data());
      kernels.rms_norm(x.data(), w.data(), n, 1e-5F, found.data());
      QVERIFY(relative_difference(expected.data(), found.data(), n) < 2e-6);
    }
  }

  void rms_norm_takes_values_beyond_the_range_of_half_precision_data() { add_set_rows(); }
  void rms_norm_takes_values_beyond_the_range_of_half_precision() {
    FETCH_SET(kernels);
    std::vector<float> x(6912, 1e7F), w(6912, 1.0F), y(6912);
    kernels.rms_norm(x.data(), w.data(), x.size(), 1e-5F, y.data());
    for (const float value : y) QVERIFY(std::abs(value - 1.0F) < 1e-5F);
  }

  // Tolerance 1e-6: products may be rounded apart or fused.
  void rope_agrees_with_scalar_data() { add_set_rows(); }
  void rope_agrees_with_scalar() {
    FETCH_SET(kernels);
    Random random(5);
    for (const std::size_t dim : {2U, 10U, 64U, 100U, 128U}) {
      std::vector<float> expected = normal_values(random, 3 * dim), cos(dim / 2), sin(dim / 2);
      for (std::size_t i = 0; i < dim / 2; ++i) {
        cos[i] = std::cos(0.1F * static_cast<float>(i));
        sin[i] = std::sin(0.1F * static_cast<float>(i));
      }
      std::vector<float> found = expected;
      scalar().rope(expected.data(), 3, dim, cos.data(), sin.data());
      kernels.rope(found.data(), 3, dim, cos.data(), sin.data());
      QVERIFY(relative_difference(expected.data(), found.data(), found.size()) < 1e-6);
    }
  }

  // Tolerance 1e-5 of the largest value: exponentials and sums differ in the last bits.
  void attention_agrees_with_scalar_data() { add_set_rows(); }
  void attention_agrees_with_scalar() {
    FETCH_SET(kernels);
    Random random(6);
    struct Shape { std::size_t heads, dim, tokens, first; };
    for (const Shape shape : {Shape{4, 128, 1, 0}, Shape{4, 128, 3, 14}, Shape{4, 64, 5, 100}, Shape{1, 64, 2, 31}, Shape{2, 64, 17, 0},
                              Shape{5, 100, 2, 40}, Shape{6, 24, 1, 200}}) {
      const std::size_t keys = shape.first + shape.tokens, blocks = (keys + 15) / 16;
      const std::vector<float> q = normal_values(random, shape.tokens * shape.heads * shape.dim, 2.0F);
      std::vector<std::uint16_t> k(blocks * 16 * shape.dim, 0x7E00), v(keys * shape.dim);  // stale keys are NaN
      for (std::size_t key = 0; key < keys; ++key) {
        const std::vector<float> row = normal_values(random, shape.dim);
        std::vector<std::uint16_t> half(shape.dim);
        scalar().f32_to_f16(row.data(), shape.dim, half.data());
        for (std::size_t d = 0; d < shape.dim; ++d) k[(key / 16 * shape.dim + d) * 16 + key % 16] = half[d];
        const std::vector<float> value = normal_values(random, shape.dim);
        scalar().f32_to_f16(value.data(), shape.dim, v.data() + key * shape.dim);
      }
      Aligned<float> scores(shape.heads * attention_score_stride(keys));
      std::vector<float> expected(q.size()), found(q.size());
      // The same cache in single precision must give the same bits: widening a half is exact.
      std::vector<float> wide_k(k.size()), wide_v(v.size()), wide_out(q.size());
      scalar().f16_to_f32(k.data(), k.size(), wide_k.data());
      scalar().f16_to_f32(v.data(), v.size(), wide_v.data());
      Attention call = {.q = q.data(), .q_stride = shape.heads * shape.dim, .cache = CacheType::F16, .k = k.data(), .v = v.data(), .out = expected.data(),
                        .out_stride = shape.heads * shape.dim, .scores = scores.data(), .heads = shape.heads, .head_dim = shape.dim,
                        .tokens = shape.tokens, .first_position = shape.first,
                        .scale = 1.0F / std::sqrt(static_cast<float>(shape.dim))};
      scalar().attention(call);
      call.out = found.data();
      kernels.attention(call);
      QVERIFY(relative_difference(expected.data(), found.data(), found.size()) < 1e-5);

      Attention wide = call;
      wide.cache = CacheType::F32;
      wide.k = wide_k.data();
      wide.v = wide_v.data();
      wide.out = wide_out.data();
      kernels.attention(wide);
      QVERIFY(std::memcmp(wide_out.data(), found.data(), found.size() * sizeof(float)) == 0);

      // One token at a time gives the same bits as all at once.
      std::vector<float> single(q.size());
      for (std::size_t t = 0; t < shape.tokens; ++t) {
        Attention one = call;
        one.q = q.data() + t * one.q_stride;
        one.out = single.data() + t * one.out_stride;
        one.tokens = 1;
        one.first_position = shape.first + t;
        kernels.attention(one);
      }
      QVERIFY(std::memcmp(single.data(), found.data(), found.size() * sizeof(float)) == 0);
    }
  }

  // Tolerance 1e-6 of the largest value.
  void elementwise_operations_agree_with_scalar_data() { add_set_rows(); }
  void elementwise_operations_agree_with_scalar() {
    FETCH_SET(kernels);
    Random random(7);
    for (const std::size_t n : {1U, 16U, 37U, 6912U}) {
      const std::vector<float> gate = normal_values(random, n, 20.0F), up = normal_values(random, n, 5.0F);
      std::vector<float> expected(n), found(n);
      scalar().relu2_mul(gate.data(), up.data(), n, expected.data());
      kernels.relu2_mul(gate.data(), up.data(), n, found.data());
      QVERIFY(std::memcmp(expected.data(), found.data(), n * sizeof(float)) == 0);
      scalar().silu_mul(gate.data(), up.data(), n, expected.data());
      kernels.silu_mul(gate.data(), up.data(), n, found.data());
      QVERIFY(relative_difference(expected.data(), found.data(), n) < 1e-6);
      expected = gate;
      found = gate;
      scalar().add(expected.data(), up.data(), n);
      kernels.add(found.data(), up.data(), n);
      QVERIFY(std::memcmp(expected.data(), found.data(), n * sizeof(float)) == 0);
      const float a = scalar().dot(gate.data(), up.data(), n), b = kernels.dot(gate.data(), up.data(), n);
      QVERIFY(std::abs(a - b) <= 1e-6F * 100.0F * static_cast<float>(n));
    }
  }

  void relu2_product_exceeds_half_precision_unharmed_data() { add_set_rows(); }
  void relu2_product_exceeds_half_precision_unharmed() {
    FETCH_SET(kernels);
    std::vector<float> gate(16, 5000.0F), up(16, -3.0F), y(16);
    kernels.relu2_mul(gate.data(), up.data(), 16, y.data());
    for (const float value : y) QCOMPARE(value, -7.5e7F);
  }

  void screening_equals_scalar_exactly_data() { add_set_rows(); }
  void screening_equals_scalar_exactly() {
    FETCH_SET(kernels);
    Random random(8);
    for (const std::size_t cols : {64U, 256U, 2560U}) {
      for (const std::size_t rows : {1U, 4U, 7U, 64U}) {
        Aligned<std::int8_t> q(rows * cols);
        Aligned<std::int16_t> x(cols);
        const int limit = static_cast<int>(std::min<std::size_t>(32767, 2147483647U / (127 * cols)));
        for (std::size_t i = 0; i < q.size(); ++i) q[i] = static_cast<std::int8_t>(static_cast<int>(random() % 255) - 127);
        for (std::size_t i = 0; i < cols; ++i) {
          x[i] = static_cast<std::int16_t>(static_cast<int>(random() % static_cast<unsigned>(2 * limit + 1)) - limit);
        }
        for (std::size_t i = 0; i < cols; ++i) {  // the first row at the edge of 32 bits
          q[i] = 127;
          if (rows == 7) x[i] = static_cast<std::int16_t>(limit);
        }
        std::vector<std::int32_t> expected(rows), found(rows);
        scalar().screen_rows({q.data(), x.data(), expected.data(), rows, cols});
        kernels.screen_rows({q.data(), x.data(), found.data(), rows, cols});
        QCOMPARE(found, expected);
      }
    }
  }

  void half_precision_conversions_are_exact_data() { add_set_rows(); }
  void half_precision_conversions_are_exact() {
    FETCH_SET(kernels);
    std::vector<std::uint16_t> halves(65536), back(65536);
    for (std::size_t i = 0; i < halves.size(); ++i) halves[i] = static_cast<std::uint16_t>(i);
    std::vector<float> expected(65536), found(65536);
    scalar().f16_to_f32(halves.data(), halves.size(), expected.data());
    kernels.f16_to_f32(halves.data(), halves.size(), found.data());
    for (std::size_t i = 0; i < halves.size(); ++i) {
      const bool is_nan = (i & 0x7C00) == 0x7C00 && (i & 0x3FF) != 0;
      if (is_nan) {
        QVERIFY(std::isnan(found[i]) && std::isnan(expected[i]));
      } else {
        QVERIFY(std::memcmp(&found[i], &expected[i], 4) == 0);
        const double value = std::ldexp((i & 0x7C00) == 0 ? double(i & 0x3FF) : double((i & 0x3FF) + 1024),
                                        (i & 0x7C00) == 0 ? -24 : int((i >> 10) & 31) - 25);
        if ((i & 0x7C00) != 0x7C00) QCOMPARE(static_cast<double>(expected[i]), (i & 0x8000) != 0 ? -value : value);
      }
    }
    kernels.f32_to_f16(found.data(), found.size(), back.data());
    for (std::size_t i = 0; i < halves.size(); ++i) {
      if (!std::isnan(found[i])) QCOMPARE(back[i], halves[i]);
    }
    Random random(9);
    std::vector<float> values = normal_values(random, 4099, 100.0F);
    values[0] = 65519.9F;
    values[1] = 65520.0F;
    values[2] = 1e-8F;
    values[3] = 6.1e-5F;
    values[4] = 2049.0F;
    values[5] = 2051.0F;
    std::vector<std::uint16_t> a(values.size()), b(values.size());
    scalar().f32_to_f16(values.data(), values.size(), a.data());
    kernels.f32_to_f16(values.data(), values.size(), b.data());
    QCOMPARE(b, a);
    QCOMPARE(a[0], std::uint16_t{0x7BFF});
    QCOMPARE(a[1], std::uint16_t{0x7C00});
    QCOMPARE(a[4], std::uint16_t{0x6800});
    QCOMPARE(a[5], std::uint16_t{0x6802});
  }
};

QTEST_APPLESS_MAIN(TestKernels)
#include "tst_kernels.moc"
