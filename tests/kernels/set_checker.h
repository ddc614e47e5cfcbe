// Compares every operation of a kernel set with the scalar set: integers exactly, floats within the tolerance stated at each
// check. Needs nothing but a compiler and the kernels, so that sets of another architecture can be checked under an emulator.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include "kernels/dispatch.h"

namespace tercet::kernels::test {

/// 64-byte aligned array of zeros, as the contracts of the kernels want it.
template <typename T>
class Aligned {
 public:
  explicit Aligned(std::size_t count) : data_(static_cast<T*>(std::aligned_alloc(64, bytes_for(count))), &std::free) {
    std::memset(static_cast<void*>(data_.get()), 0, bytes_for(count));
  }
  T* data() { return data_.get(); }
  T& operator[](std::size_t i) { return data_.get()[i]; }

 private:
  static std::size_t bytes_for(std::size_t count) { return (count * sizeof(T) + 127) / 64 * 64; }
  std::unique_ptr<T, decltype(&std::free)> data_;
};

using Random = std::mt19937;
using Floats = std::vector<float>;

inline Floats normal_values(Random& random, std::size_t n, float deviation) {
  std::normal_distribution<float> distribution(0.0F, deviation);
  Floats values(n);
  for (float& value : values) value = distribution(random);
  return values;
}

inline double relative_difference(const Floats& a, const Floats& b) {
  double difference = 0, size = 1e-30;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double apart = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    if (!(apart <= difference)) difference = apart;  // NaN is a difference too
    size = std::max(size, std::abs(static_cast<double>(a[i])));
  }
  return difference / size;
}

template <typename T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

struct Shape {
  std::size_t heads, dim, tokens, first;
};

/// Compares one set with the scalar one and prints what differs.
class Checker {
 public:
  Checker(const KernelSet& scalar, const KernelSet& set) : scalar_(scalar), set_(set) {}

  /// Prints what differs; false if anything does.
  bool run() {
    for (const std::size_t cols : {64U, 128U, 576U, 2560U, 6912U}) {
      for (const std::size_t tokens : {1U, 2U, 3U, 4U, 5U, 7U, 10U, 12U, 13U}) {
        for (const bool extreme : {false, true}) check_matmul(48, cols, tokens, extreme);
      }
    }
    check_matmul(16, 65536, 1, true);
    check_matmul(16, 65536, 5, true);
    check_matmul(144, 256, 30, false);
    for (const std::size_t cols : {64U, 192U, 256U, 576U, 2560U, 6912U}) {
      for (const bool extreme : {false, true}) check_rows(cols, extreme);
    }
    for (const std::size_t rows : {256U, 768U, 2560U}) {
      for (const std::size_t count : {0U, 1U, 3U, 4U, 7U, 8U, 61U, 192U}) {
        for (const bool extreme : {false, true}) check_columns(rows, count, extreme);
      }
    }
    check_lists();
    for (const std::size_t n : {16U, 256U, 2560U, 6912U}) check_quantize(n);
    check_impossible_numbers();
    for (const std::size_t n : {1U, 3U, 16U, 37U, 256U, 2560U, 6912U}) check_elementwise(n);
    for (const std::size_t dim : {2U, 6U, 10U, 64U, 100U, 128U}) check_rope(dim);
    for (const CacheType cache : {CacheType::F16, CacheType::F32, CacheType::Q8}) {
      for (const Shape shape : {Shape{4, 128, 1, 0}, Shape{4, 128, 3, 14}, Shape{4, 64, 16, 56}, Shape{5, 100, 2, 40},
                                Shape{6, 24, 1, 200}, Shape{1, 2, 5, 30}, Shape{3, 1024, 2, 129}, Shape{4, 128, 16, 120},
                                Shape{4, 64, 9, 250}}) {
        check_attention(shape, cache);
      }
    }
    for (const std::size_t cols : {128U, 256U, 2560U}) {
      for (const std::size_t positions : {1U, 2U, 4U, 5U, 9U}) {
        for (const bool extreme : {false, true}) check_screening(cols, positions, extreme);
      }
    }
    check_screen_packing();
    check_halves();
    check_measurements();
    return failures_ == 0;
  }

 private:
  void expect(bool condition, const char* operation, std::size_t detail) {
    if (condition) return;
    ++failures_;
    std::printf("FAIL %s: %s (%zu)\n", set_.name, operation, detail);
  }

  void check_matmul(std::size_t rows, std::size_t cols, std::size_t tokens, bool extreme) {
    Random random(static_cast<unsigned>(rows + cols + tokens));
    std::vector<std::uint8_t> codes(rows * cols);
    Aligned<std::int8_t> x(tokens * cols);
    for (std::size_t i = 0; i < codes.size(); ++i) {  // extreme: every product at its largest
      codes[i] = static_cast<std::uint8_t>(extreme ? (i / cols % 2 == 0 ? 2 : 0) : random() % 3);
    }
    std::vector<std::int32_t> x_sum(tokens);
    for (std::size_t i = 0; i < tokens * cols; ++i) {
      x[i] = static_cast<std::int8_t>(extreme ? (i / cols % 2 == 0 ? 127 : -127) : static_cast<int>(random() % 255) - 127);
      x_sum[i / cols] += x[i];
    }
    Aligned<std::uint8_t> packed(packed_bytes(rows, cols));
    for (std::size_t group = 0; group < rows / 16; ++group) {
      pack_group(codes.data() + group * 16 * cols, 16, cols, packed.data() + group * group_bytes(cols));
    }
    Floats group_scale(rows / 16), x_scale(tokens);
    for (float& scale : group_scale) scale = static_cast<float>(random() % 1000 + 1) / 700.0F;
    for (float& scale : x_scale) scale = static_cast<float>(random() % 1000 + 1) / 90000.0F;
    Aligned<std::uint8_t> scratch(matmul_scratch_bytes(cols));
    const std::size_t begin = rows > 16 ? 16 : 0;  // a row range that does not start at zero
    const std::size_t stride = rows - begin + 3;
    Floats expected(tokens * stride, -1.0F), found(tokens * stride, -1.0F);
    TernaryMatmul call = {.weights = packed.data(), .group_scale = group_scale.data(), .x = x.data(), .x_scale = x_scale.data(),
                          .x_sum = x_sum.data(), .y = expected.data(), .y_stride = stride, .cols = cols, .tokens = tokens,
                          .row_begin = begin, .row_end = rows, .scratch = tokens > 4 ? scratch.data() : nullptr};
    scalar_.ternary_matmul(call);
    call.y = found.data();
    set_.ternary_matmul(call);
    expect(same_bits(expected, found), extreme ? "ternary_matmul of +-127" : "ternary_matmul", cols * 100 + tokens);
  }

  void check_quantize(std::size_t n) {
    Random random(3);
    for (const float deviation : {0.0F, 1e-7F, 1.0F, 127.0F, 1e9F}) {
      Floats x = normal_values(random, n, deviation);
      if (deviation == 127.0F) {  // rounding ties: amax 127 makes the factor 1
        for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i % 127) + (i % 2 == 0 ? 0.5F : -0.5F);
        x[0] = -127.0F;
      }
      std::vector<std::int8_t> expected(n), found(n);
      float expected_scale = 0, found_scale = -1;
      std::int32_t expected_sum = 0, found_sum = -1;
      scalar_.quantize_row(x.data(), n, expected.data(), &expected_scale, &expected_sum);
      set_.quantize_row(x.data(), n, found.data(), &found_scale, &found_sum);
      expect(expected == found && expected_scale == found_scale && expected_sum == found_sum, "quantize_row", n);
    }
  }

  void check_impossible_numbers() {
    for (const float impossible : {std::nanf(""), INFINITY, -INFINITY}) {
      Floats x(64, 1.0F);
      x[3] = impossible;
      x[60] = -7.0F;
      std::vector<std::int8_t> expected(64), found(64);
      float expected_scale = 0, found_scale = -1;
      std::int32_t expected_sum = 0, found_sum = -1;
      scalar_.quantize_row(x.data(), 64, expected.data(), &expected_scale, &expected_sum);
      set_.quantize_row(x.data(), 64, found.data(), &found_scale, &found_sum);
      expect(expected == found && expected_scale == found_scale && expected_sum == found_sum, "quantize_row of no number", 64);
    }
  }

  void check_elementwise(std::size_t n) {
    Random random(7);
    const Floats gate = normal_values(random, n, 20.0F), up = normal_values(random, n, 5.0F);
    Floats expected(n), found(n);
    scalar_.relu2_mul(gate.data(), up.data(), n, expected.data());
    set_.relu2_mul(gate.data(), up.data(), n, found.data());
    expect(same_bits(expected, found), "relu2_mul", n);
    scalar_.silu_mul(gate.data(), up.data(), n, expected.data());
    set_.silu_mul(gate.data(), up.data(), n, found.data());
    expect(relative_difference(expected, found) < 1e-6, "silu_mul", n);
    scalar_.rms_norm(gate.data(), up.data(), n, 1e-5F, expected.data());
    set_.rms_norm(gate.data(), up.data(), n, 1e-5F, found.data());
    expect(relative_difference(expected, found) < 2e-6, "rms_norm", n);
    found = gate;  // in place
    set_.rms_norm(found.data(), up.data(), n, 1e-5F, found.data());
    expect(relative_difference(expected, found) < 2e-6, "rms_norm in place", n);
    expected = found = gate;
    scalar_.add(expected.data(), up.data(), n);
    set_.add(found.data(), up.data(), n);
    expect(same_bits(expected, found), "add", n);
    const float a = scalar_.dot(gate.data(), up.data(), n), b = set_.dot(gate.data(), up.data(), n);
    expect(std::abs(a - b) <= 1e-4F * static_cast<float>(n), "dot", n);
  }

  void check_rope(std::size_t dim) {
    Random random(5);
    Floats expected = normal_values(random, 3 * dim, 1.0F), cos(dim / 2), sin(dim / 2);
    for (std::size_t i = 0; i < dim / 2; ++i) {
      cos[i] = std::cos(0.1F * static_cast<float>(i));
      sin[i] = std::sin(0.1F * static_cast<float>(i));
    }
    Floats found = expected;
    scalar_.rope(expected.data(), 3, dim, cos.data(), sin.data());
    set_.rope(found.data(), 3, dim, cos.data(), sin.data());
    expect(relative_difference(expected, found) < 1e-6, "rope", dim);
  }

  /// All chunks of a causal attention, merged and divided: f32 [tokens * heads][dim].
  static Floats attend(const KernelSet& set, Attention call, std::size_t dim) {
    const std::size_t queries = call.tokens * call.heads;
    Floats whole(queries * dim), largest(queries, -INFINITY), sum(queries);
    Floats out(queries * dim), part_largest(queries), part_sum(queries);
    Aligned<float> scores(queries * kAttentionChunk);
    call.scores = scores.data();
    call.part = {out.data(), part_largest.data(), part_sum.data()};
    for (call.chunk = 0; call.chunk * kAttentionChunk < call.first_position + call.tokens; ++call.chunk) {
      std::fill(out.begin(), out.end(), std::nanf(""));  // everything is to be written
      set.attend_chunk(call);
      set.merge_attention({whole.data(), largest.data(), sum.data()}, call.part, queries, dim);
    }
    for (std::size_t i = 0; i < whole.size(); ++i) whole[i] /= sum[i / dim];
    return whole;
  }

  void check_attention(const Shape& shape, CacheType cache) {
    const auto [heads, dim, tokens, first] = shape;
    Random random(6);
    const std::size_t keys = first + tokens, blocks = (keys + 15) / 16;
    const Floats q = normal_values(random, tokens * heads * dim, 2.0F);
    Floats k(blocks * 16 * dim, std::nanf(""));  // stale keys are NaN
    for (std::size_t key = 0; key < keys; ++key) {
      const Floats row = normal_values(random, dim, 1.0F);
      for (std::size_t d = 0; d < dim; ++d) k[(key / 16 * dim + d) * 16 + key % 16] = row[d];
    }
    const Floats v = normal_values(random, keys * dim, 1.0F);
    std::vector<std::uint16_t> half_k(k.size()), half_v(v.size());
    scalar_.f32_to_f16(k.data(), k.size(), half_k.data());
    scalar_.f32_to_f16(v.data(), v.size(), half_v.data());
    // Of 8 bits, any numbers will do; stale scales are NaN.
    std::vector<std::int8_t> byte_k(k.size()), byte_v(v.size());
    for (std::vector<std::int8_t>* bytes : {&byte_k, &byte_v}) {
      for (std::int8_t& byte : *bytes) byte = static_cast<std::int8_t>(static_cast<int>(random() % 255) - 127);
    }
    Floats k_scale(blocks * 16, std::nanf("")), v_scale(blocks * 16, std::nanf(""));
    for (std::size_t key = 0; key < keys; ++key) {
      k_scale[key] = static_cast<float>(random() % 1000 + 1) / 40000.0F;
      v_scale[key] = static_cast<float>(random() % 1000 + 1) / 40000.0F;
    }
    const void* const k_of[] = {half_k.data(), k.data(), byte_k.data()};
    const void* const v_of[] = {half_v.data(), v.data(), byte_v.data()};
    const auto type = static_cast<std::size_t>(cache);
    Attention call = {.q = q.data(), .q_stride = heads * dim, .cache = cache, .k = k_of[type], .v = v_of[type],
                      .k_scale = k_scale.data(), .v_scale = v_scale.data(), .part = {}, .scores = nullptr, .heads = heads,
                      .head_dim = dim, .tokens = tokens, .first_position = first, .chunk = 0,
                      .scale = 1.0F / std::sqrt(static_cast<float>(dim))};
    const Floats expected = attend(scalar_, call, dim), found = attend(set_, call, dim);
    expect(relative_difference(expected, found) < 1e-5, "attention", heads * 10000 + dim);
    Floats single;  // one token at a time gives the same bits as all at once
    for (std::size_t t = 0; t < tokens; ++t) {
      Attention one = call;
      one.q = q.data() + t * one.q_stride;
      one.tokens = 1;
      one.first_position = first + t;
      const Floats row = attend(set_, one, dim);
      single.insert(single.end(), row.begin(), row.end());
    }
    expect(same_bits(single, found), "attention token by token", heads * 10000 + dim);
  }

  static void fill_codes(Random& random, std::vector<std::uint8_t>& codes, bool extreme) {
    for (std::uint8_t& code : codes) code = extreme ? 2 : static_cast<std::uint8_t>(random() % 3);
  }
  static std::int8_t activation(Random& random, bool extreme) {
    return static_cast<std::int8_t>(extreme ? 127 : static_cast<int>(random() % 255) - 127);
  }

  void check_rows(std::size_t cols, bool extreme) {
    constexpr std::size_t kRows = 48;
    Random random(static_cast<unsigned>(cols));
    std::vector<std::uint8_t> codes(kRows * cols);
    fill_codes(random, codes, extreme);
    Aligned<std::uint8_t> rows(kRows * row_bytes(cols)), groups(packed_bytes(kRows, cols)), found_groups(packed_bytes(kRows, cols));
    pack_rows(codes.data(), kRows, cols, rows.data());
    for (std::size_t group = 0; group < kRows / 16; ++group) {
      pack_group(codes.data() + group * 16 * cols, 16, cols, groups.data() + group * group_bytes(cols));
      set_.group_from_rows(rows.data() + 16 * group * row_bytes(cols), cols, found_groups.data() + group * group_bytes(cols));
    }
    expect(std::memcmp(groups.data(), found_groups.data(), packed_bytes(kRows, cols)) == 0, "group_from_rows", cols);

    Aligned<std::int8_t> x(cols);
    std::int32_t x_sum = 0;
    for (std::size_t i = 0; i < cols; ++i) x_sum += x[i] = activation(random, extreme);
    const Floats group_scale = {1.5F, 0.75F, 1.25F};
    Aligned<std::uint8_t> scratch(matmul_scratch_bytes(cols));
    for (const std::size_t step : {1U, 3U}) {
      std::vector<std::uint32_t> list;
      for (std::uint32_t row = 0; row < kRows; row += static_cast<std::uint32_t>(step)) list.push_back(row);
      const std::size_t count = list.size();
      list.resize(count + kListPadding, 0);
      Floats expected(count), found(count);
      TernaryRows call = {.weights = rows.data(), .group_scale = group_scale.data(), .x = x.data(), .x_scale = 0.01F, .x_sum = x_sum,
                          .rows = list.data(), .count = count, .y = expected.data(), .cols = cols, .scratch = scratch.data()};
      scalar_.ternary_rows(call);
      call.y = found.data();
      set_.ternary_rows(call);
      expect(same_bits(expected, found), "ternary_rows", cols);
    }
  }

  void check_columns(std::size_t rows, std::size_t count, bool extreme) {
    constexpr std::size_t kCols = 192;
    Random random(static_cast<unsigned>(rows + count));
    std::vector<std::uint8_t> codes(rows * kCols);
    fill_codes(random, codes, extreme);
    const std::size_t stride = column_bytes(rows);
    Aligned<std::uint8_t> columns(kCols * stride), groups(packed_bytes(rows, kCols)), found_groups(packed_bytes(rows, kCols));
    for (std::size_t strip = 0; strip < rows / kStripRows; ++strip) {
      pack_strip(codes.data() + strip * kStripRows * kCols, kStripRows, kCols, stride, columns.data() + strip * kStripBytes);
      set_.groups_from_strip(columns.data() + strip * kStripBytes, stride, kCols,
                             found_groups.data() + strip * kStripRows / 16 * group_bytes(kCols));
    }
    for (std::size_t group = 0; group < rows / 16; ++group) {
      pack_group(codes.data() + group * 16 * kCols, 16, kCols, groups.data() + group * group_bytes(kCols));
    }
    expect(std::memcmp(groups.data(), found_groups.data(), packed_bytes(rows, kCols)) == 0, "groups_from_strip", rows);

    std::vector<std::uint32_t> list;
    std::vector<std::int8_t> x;
    for (std::size_t i = 0; i < count; ++i) {
      list.push_back(static_cast<std::uint32_t>(count > kCols / 2 ? i : 2 * i));
      x.push_back(activation(random, extreme));
    }
    list.resize(count + kListPadding, 1);
    x.resize(count + kListPadding, 100);  // not to be used
    Aligned<std::int32_t> expected(rows), found(rows);
    for (std::size_t row = 0; row < rows; ++row) expected[row] = found[row] = static_cast<std::int32_t>(row);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t row = 0; row < rows; ++row) expected[row] += codes[row * kCols + list[i]] * x[i];
    }
    set_.ternary_columns({.weights = columns.data(), .rows = rows, .columns = list.data(), .x = x.data(), .count = count, .sums = found.data()});
    expect(std::memcmp(expected.data(), found.data(), rows * 4) == 0, "ternary_columns", rows * 1000 + count);
  }

  void check_lists() {
    Random random(11);
    for (const std::size_t n : {16U, 64U, 6912U}) {
      for (const unsigned zeros : {0U, 1U, 3U, 1000U}) {
        Floats x = normal_values(random, n, 1.0F);
        std::vector<std::int8_t> q(n);
        for (std::size_t i = 0; i < n; ++i) {
          if (zeros > 0 && random() % zeros != 0) x[i] = -std::abs(x[i]);
          q[i] = zeros > 0 && random() % zeros != 0 ? std::int8_t{0} : static_cast<std::int8_t>(random() % 255 - 127);
        }
        x[1] = 0.0F;
        x[2] = -0.0F;
        x[3] = std::nanf("");
        std::vector<std::uint32_t> expected, found(n + kListPadding);
        std::vector<std::int8_t> values, found_values(n + kListPadding);
        for (std::size_t i = 0; i < n; ++i) {
          if (x[i] > 0) expected.push_back(static_cast<std::uint32_t>(100 + i));
        }
        found.resize(set_.list_positive(x.data(), n, 100, found.data()));
        expect(expected == found, "list_positive", n);
        expected.clear();
        for (std::size_t i = 0; i < n; ++i) {
          if (q[i] == 0) continue;
          expected.push_back(static_cast<std::uint32_t>(7 + i));
          values.push_back(q[i]);
        }
        found.resize(n + kListPadding);
        found.resize(set_.list_nonzero(q.data(), n, 7, found.data(), found_values.data()));
        found_values.resize(found.size());
        expect(expected == found && values == found_values, "list_nonzero", n);
      }
    }
  }

  void check_screening(std::size_t cols, std::size_t positions, bool extreme) {
    constexpr std::size_t kGroups = 3, kRows = 16 * kGroups;
    Random random(static_cast<unsigned>(cols + positions));
    Floats w = normal_values(random, kRows * cols, 1.0F);
    if (extreme) std::fill(w.begin(), w.end(), 1.0F);
    Aligned<std::uint8_t> packed(kGroups * screen_group_bytes(cols));
    Floats scale(kRows), error(kRows), refined(kRows), norm(kRows);
    std::vector<std::uint32_t> signs(kRows * cols / 32);
    for (std::size_t group = 0; group < kGroups; ++group) {
      const std::size_t row = 16 * group;
      scalar_.pack_screen_rows({w.data() + row * cols, 16, cols, packed.data() + group * screen_group_bytes(cols),
                                signs.data() + row * cols / 32, scale.data() + row, error.data() + row, refined.data() + row, norm.data() + row});
    }
    Aligned<std::int8_t> high(positions * cols), low(positions * cols);
    std::vector<std::int32_t> block_sum(positions * cols / 32);
    std::vector<std::int32_t> x(positions * cols);
    for (std::size_t i = 0; i < positions * cols; ++i) {
      high[i] = activation(random, extreme);
      low[i] = static_cast<std::int8_t>(extreme ? 63 : static_cast<int>(random() % 128) - 64);
      x[i] = 128 * high[i] + low[i];
      block_sum[i / 32] += x[i];
    }
    const std::size_t stride = kRows + 5;
    Floats expected(positions * stride, -1.0F), found(positions * stride, -1.0F);
    ScreenRows call = {.rows = packed.data(), .groups = kGroups, .cols = cols, .high = high.data(), .low = low.data(),
                       .block_sum = block_sum.data(), .positions = positions, .y = expected.data(), .y_stride = stride};
    scalar_.screen_rows(call);
    call.y = found.data();
    set_.screen_rows(call);
    expect(relative_difference(expected, found) < 1e-5, "screen_rows", cols * 100 + positions);
    for (std::size_t p = 0; p < positions; ++p) {  // the packed form means what the rows were, within the stated error
      for (std::size_t row = 0; row < kRows; ++row) {
        double exact = 0, size = 0;
        for (std::size_t i = 0; i < cols; ++i) {
          exact += static_cast<double>(w[row * cols + i]) * x[p * cols + i];
          size += static_cast<double>(x[p * cols + i]) * x[p * cols + i];
        }
        const double estimate = static_cast<double>(found[p * stride + row]) * static_cast<double>(scale[row]);
        const double bound = std::sqrt(size * static_cast<double>(error[row])) * 1.001 + 1e-4 * std::sqrt(size * static_cast<double>(norm[row]));
        expect(std::abs(estimate - exact) <= bound, "screen_rows within its error", row);
        Floats position(cols);
        for (std::size_t i = 0; i < cols; ++i) position[i] = static_cast<float>(x[p * cols + i]);
        const std::uint8_t* group = packed.data() + row / 16 * screen_group_bytes(cols);
        const float more = set_.screen_refinement(group, row % 16, signs.data() + row * cols / 32, position.data(), cols);
        const double refined_bound = std::sqrt(size * static_cast<double>(refined[row])) * 1.001 + 1e-4 * std::sqrt(size * static_cast<double>(norm[row]));
        expect(std::abs(estimate + static_cast<double>(more) * static_cast<double>(scale[row]) - exact) <= refined_bound, "screen_refinement within its error", row);
        expect(extreme || refined[row] < 0.4F * error[row], "the error of refined rows", row);
      }
    }
  }

  void check_screen_packing() {
    Random random(12);
    constexpr std::size_t kCols = 256;
    for (const std::size_t count : {16U, 5U}) {
      Floats w = normal_values(random, 16 * kCols, 0.03F);
      for (std::size_t i = 0; i < kCols; ++i) w[i] = 0.0F;              // a row of zeros
      for (std::size_t i = 0; i < 32; ++i) w[kCols + i] = 0.0F;         // a block of zeros
      w[2 * kCols + 77] = 1e4F;                                         // one value that dwarfs the others
      for (std::size_t i = 0; i < kCols; ++i) w[3 * kCols + i] *= 1e-36F;
      Aligned<std::uint8_t> expected(screen_group_bytes(kCols)), found(screen_group_bytes(kCols));
      Floats scale(16), error(16), refined(16), norm(16), found_scale(16), found_error(16), found_refined(16), found_norm(16);
      std::vector<std::uint32_t> signs(16 * kCols / 32), found_signs(signs.size());
      scalar_.pack_screen_rows({w.data(), count, kCols, expected.data(), signs.data(), scale.data(), error.data(), refined.data(), norm.data()});
      set_.pack_screen_rows({w.data(), count, kCols, found.data(), found_signs.data(), found_scale.data(), found_error.data(), found_refined.data(), found_norm.data()});
      expect(signs == found_signs && relative_difference(refined, found_refined) < 1e-5, "pack_screen_rows signs", count);
      expect(std::memcmp(expected.data(), found.data(), screen_group_bytes(kCols)) == 0 && same_bits(scale, found_scale), "pack_screen_rows", count);
      expect(relative_difference(error, found_error) < 1e-5 && relative_difference(norm, found_norm) < 1e-5, "pack_screen_rows error", count);
    }
  }

  void check_halves() {
    std::vector<std::uint16_t> halves(65536 + 3), back(halves.size());
    for (std::size_t i = 0; i < halves.size(); ++i) halves[i] = static_cast<std::uint16_t>(i);
    Floats expected(halves.size()), found(halves.size());
    scalar_.f16_to_f32(halves.data(), halves.size(), expected.data());
    set_.f16_to_f32(halves.data(), halves.size(), found.data());
    set_.f32_to_f16(found.data(), found.size(), back.data());
    for (std::size_t i = 0; i < halves.size(); ++i) {
      const bool is_nan = std::isnan(expected[i]);
      const bool equal = is_nan ? std::isnan(found[i]) : std::memcmp(&expected[i], &found[i], sizeof(float)) == 0;
      expect(equal, "f16_to_f32", i);
      expect(is_nan || back[i] == halves[i], "f32_to_f16 of a half", i);
    }
    Random random(9);
    Floats values = normal_values(random, 4099, 100.0F);
    for (std::size_t i = 0; i < 2000; ++i) values[i] *= 1e-8F * static_cast<float>(i);  // subnormal halves
    const float edges[] = {65519.9F, 65520.0F, 1e-8F, 6.1e-5F, 2049.0F, 2051.0F, 1e30F, -0.0F};
    std::memcpy(values.data(), edges, sizeof edges);
    std::vector<std::uint16_t> a(values.size()), b(values.size());
    scalar_.f32_to_f16(values.data(), values.size(), a.data());
    set_.f32_to_f16(values.data(), values.size(), b.data());
    expect(a == b, "f32_to_f16", values.size());
  }

  /// The measuring loops: that they read everything and run the work they state.
  void check_measurements() {
    constexpr std::size_t kWords = 512;
    Aligned<std::uint64_t> data(kWords);
    for (std::size_t i = 0; i < kWords; ++i) data[i] = i * 0x9E3779B97F4A7C15U;
    const std::uint64_t all = set_.stream_read(data.data(), kWords * 8);
    for (const std::size_t changed : {std::size_t{0}, std::size_t{5}, std::size_t{263}, kWords - 1}) {
      data[changed] ^= 0x10;
      expect(set_.stream_read(data.data(), kWords * 8) != all, "stream_read", changed);
      data[changed] ^= 0x10;
    }
    expect(set_.int8_macs_per_iteration > 0 && set_.int8_peak(0) != set_.int8_peak(3), "int8_peak", 3);
  }

  const KernelSet& scalar_;
  const KernelSet& set_;
  int failures_ = 0;
};

}  // namespace tercet::kernels::test
