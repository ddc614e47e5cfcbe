// The packed forms and the scalar set against their definitions, and every compiled set this CPU runs against the scalar
// one. Sets that cannot run here are skipped by name.
#include <QtTest/QtTest>

#include <cmath>
#include <random>
#include <vector>

#include "tests/kernels/set_checker.h"

using namespace tercet::kernels;
using namespace tercet::kernels::test;

namespace {

void add_set_rows() {
  QTest::addColumn<QString>("set");
  for (const SetStatus& status : all_sets()) {
    QTest::newRow(status.name.data()) << QString::fromUtf8(status.name.data(), static_cast<int>(status.name.size()));
  }
}

const KernelSet& scalar() { return *find_set("scalar")->set; }

std::vector<std::uint8_t> random_codes(Random& random, std::size_t n) {
  std::vector<std::uint8_t> codes(n);
  for (auto& code : codes) code = static_cast<std::uint8_t>(random() % 3);
  return codes;
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
      const std::vector<std::uint8_t> codes = random_codes(random, rows * cols);
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

  void rows_are_packed_as_documented() {
    Random random(2);
    constexpr std::size_t kCols = 192;
    const std::vector<std::uint8_t> codes = random_codes(random, 3 * kCols);
    std::vector<std::uint8_t> packed(3 * row_bytes(kCols));
    pack_rows(codes.data(), 3, kCols, packed.data());
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const std::size_t row = i / kCols, col = i % kCols;
      const std::uint8_t byte = packed[row * row_bytes(kCols) + col / 16 * 4 + col % 4];
      QCOMPARE(int{(byte >> (2 * (col % 16 / 4))) & 3}, int{codes[i]});
    }
  }

  void strips_are_packed_as_documented() {
    Random random(3);
    constexpr std::size_t kCols = 128;
    for (const std::size_t rows : {256U, 130U}) {
      const std::vector<std::uint8_t> codes = random_codes(random, rows * kCols);
      std::vector<std::uint8_t> packed(kCols * 64);
      pack_strip(codes.data(), rows, kCols, 64, packed.data());
      for (std::size_t row = 0; row < 256; ++row) {
        const std::size_t f = row / 64, v = row / 16 % 4, l = row / 4 % 4, i = row % 4;
        for (std::size_t col = 0; col < kCols; ++col) {
          const int code = (packed[col * 64 + 16 * l + 4 * v + i] >> (2 * f)) & 3;
          QCOMPARE(code, row < rows ? int{codes[row * kCols + col]} : 1);
        }
      }
    }
  }

  void the_ternary_product_is_what_it_is_defined_to_be() {
    Random random(4);
    constexpr std::size_t kRows = 16, kCols = 192;
    const std::vector<std::uint8_t> codes = random_codes(random, kRows * kCols);
    Aligned<std::uint8_t> groups(packed_bytes(kRows, kCols)), rows(kRows * row_bytes(kCols)), scratch(matmul_scratch_bytes(kCols));
    pack_group(codes.data(), kRows, kCols, groups.data());
    pack_rows(codes.data(), kRows, kCols, rows.data());
    Aligned<std::int8_t> x(kCols);
    std::int32_t x_sum = 0;
    for (std::size_t i = 0; i < kCols; ++i) x_sum += x[i] = static_cast<std::int8_t>(static_cast<int>(random() % 255) - 127);
    const float group_scale = 1.21875F, x_scale = 0.0173F;
    std::vector<float> by_groups(kRows), by_rows(kRows);
    scalar().ternary_matmul({.weights = groups.data(), .group_scale = &group_scale, .x = x.data(), .x_scale = &x_scale, .x_sum = &x_sum,
                             .y = by_groups.data(), .y_stride = kRows, .cols = kCols, .tokens = 1, .row_begin = 0, .row_end = kRows,
                             .scratch = scratch.data()});
    std::vector<std::uint32_t> list(kRows + kListPadding, 0);
    for (std::uint32_t row = 0; row < kRows; ++row) list[row] = row;
    scalar().ternary_rows({.weights = rows.data(), .group_scale = &group_scale, .x = x.data(), .x_scale = x_scale, .x_sum = x_sum,
                           .rows = list.data(), .count = kRows, .y = by_rows.data(), .cols = kCols, .scratch = scratch.data()});
    for (std::size_t row = 0; row < kRows; ++row) {
      std::int32_t sum = 0;
      for (std::size_t k = 0; k < kCols; ++k) sum += (int{codes[row * kCols + k]} - 1) * int{x[k]};
      const float expected = static_cast<float>(sum) * (x_scale * group_scale);
      QCOMPARE(by_groups[row], expected);
      QCOMPARE(by_rows[row], expected);
    }
  }

  void every_operation_agrees_with_the_scalar_set_data() { add_set_rows(); }
  void every_operation_agrees_with_the_scalar_set() {
    FETCH_SET(kernels);
    QVERIFY2(Checker(scalar(), kernels).run(), "what differs is printed above");
  }

  void rms_norm_takes_values_beyond_the_range_of_half_precision_data() { add_set_rows(); }
  void rms_norm_takes_values_beyond_the_range_of_half_precision() {
    FETCH_SET(kernels);
    std::vector<float> x(6912, 1e7F), w(6912, 1.0F), y(6912);
    kernels.rms_norm(x.data(), w.data(), x.size(), 1e-5F, y.data());
    for (const float value : y) QVERIFY(std::abs(value - 1.0F) < 1e-5F);
  }

  void relu2_product_exceeds_half_precision_unharmed_data() { add_set_rows(); }
  void relu2_product_exceeds_half_precision_unharmed() {
    FETCH_SET(kernels);
    std::vector<float> gate(16, 5000.0F), up(16, -3.0F), y(16);
    kernels.relu2_mul(gate.data(), up.data(), 16, y.data());
    for (const float value : y) QCOMPARE(value, -7.5e7F);
  }

  void halves_are_widened_by_the_definition() {
    for (std::uint32_t i = 0; i < 65536; ++i) {
      const std::uint16_t half = static_cast<std::uint16_t>(i);
      float found = 0;
      scalar().f16_to_f32(&half, 1, &found);
      if ((i & 0x7C00) == 0x7C00) {
        QVERIFY((i & 0x3FF) != 0 ? std::isnan(found) : std::isinf(found));
        continue;
      }
      const double value = std::ldexp((i & 0x7C00) == 0 ? double(i & 0x3FF) : double((i & 0x3FF) + 1024),
                                      (i & 0x7C00) == 0 ? -24 : int((i >> 10) & 31) - 25);
      QCOMPARE(static_cast<double>(found), (i & 0x8000) != 0 ? -value : value);
    }
  }

  void singles_are_rounded_to_the_nearest_half() {
    const float values[] = {65519.9F, 65520.0F, 2049.0F, 2051.0F};
    std::uint16_t halves[4] = {};
    scalar().f32_to_f16(values, 4, halves);
    QCOMPARE(halves[0], std::uint16_t{0x7BFF});
    QCOMPARE(halves[1], std::uint16_t{0x7C00});
    QCOMPARE(halves[2], std::uint16_t{0x6800});
    QCOMPARE(halves[3], std::uint16_t{0x6802});
  }
};

QTEST_APPLESS_MAIN(TestKernels)
#include "tst_kernels.moc"
