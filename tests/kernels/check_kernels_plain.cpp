// Every operation of the kernel sets named on the command line (of all sets this CPU runs, if none is named) against the
// scalar set. Needs nothing but a compiler and the kernels, so that sets of another architecture can be checked under an
// emulator, where there is no Qt Test. Exit: 0 equal, 1 different, 2 no such set, 77 the CPU refuses a named set.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "kernels/dispatch.h"

using namespace tercet::kernels;

namespace {

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

Floats normal_values(Random& random, std::size_t n, float deviation) {
  std::normal_distribution<float> distribution(0.0F, deviation);
  Floats values(n);
  for (float& value : values) value = distribution(random);
  return values;
}

double relative_difference(const Floats& a, const Floats& b) {
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

  bool run() {
    for (const std::size_t cols : {64U, 128U, 576U, 2560U, 6912U}) {
      for (const std::size_t tokens : {1U, 2U, 3U, 4U, 5U, 7U, 10U, 12U, 13U}) {
        for (const bool extreme : {false, true}) check_matmul(48, cols, tokens, extreme);
      }
    }
    check_matmul(16, 65536, 1, true);
    check_matmul(16, 65536, 5, true);
    for (const std::size_t n : {16U, 256U, 2560U, 6912U}) check_quantize(n);
    check_impossible_numbers();
    for (const std::size_t n : {1U, 3U, 16U, 37U, 256U, 2560U, 6912U}) check_elementwise(n);
    for (const std::size_t dim : {2U, 6U, 10U, 64U, 100U, 128U}) check_rope(dim);
    for (const CacheType cache : {CacheType::F16, CacheType::F32}) {
      for (const Shape shape : {Shape{4, 128, 1, 0}, Shape{4, 128, 3, 14}, Shape{4, 64, 17, 56}, Shape{5, 100, 2, 40},
                                Shape{6, 24, 1, 200}, Shape{1, 2, 5, 30}, Shape{3, 1024, 2, 129}}) {
        check_attention(shape, cache);
      }
    }
    for (const std::size_t cols : {32U, 256U, 2560U}) {
      for (const std::size_t rows : {1U, 4U, 7U, 64U}) check_screening(rows, cols);
    }
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
    const bool half = cache == CacheType::F16;
    Aligned<float> scores(heads * attention_score_stride(keys));
    Floats expected(q.size()), found(q.size()), single(q.size());
    Attention call = {.q = q.data(), .q_stride = heads * dim, .cache = cache,
                      .k = half ? static_cast<const void*>(half_k.data()) : k.data(),
                      .v = half ? static_cast<const void*>(half_v.data()) : v.data(), .out = expected.data(),
                      .out_stride = heads * dim, .scores = scores.data(), .heads = heads, .head_dim = dim, .tokens = tokens,
                      .first_position = first, .scale = 1.0F / std::sqrt(static_cast<float>(dim))};
    scalar_.attention(call);
    call.out = found.data();
    set_.attention(call);
    expect(relative_difference(expected, found) < 1e-5, "attention", heads * 10000 + dim);
    for (std::size_t t = 0; t < tokens; ++t) {  // one token at a time gives the same bits as all at once
      Attention one = call;
      one.q = q.data() + t * one.q_stride;
      one.out = single.data() + t * one.out_stride;
      one.tokens = 1;
      one.first_position = first + t;
      set_.attention(one);
    }
    expect(same_bits(single, found), "attention token by token", heads * 10000 + dim);
  }

  void check_screening(std::size_t rows, std::size_t cols) {
    Random random(8);
    const int limit = static_cast<int>(std::min<std::size_t>(32767, 2147483647U / (127 * cols)));
    for (const bool extreme : {false, true}) {
      Aligned<std::int8_t> q(rows * cols);
      Aligned<std::int16_t> x(cols);
      for (std::size_t i = 0; i < rows * cols; ++i) q[i] = static_cast<std::int8_t>(static_cast<int>(random() % 255) - 127);
      for (std::size_t i = 0; i < cols; ++i) {
        const int value = static_cast<int>(random() % static_cast<unsigned>(2 * limit + 1)) - limit;
        x[i] = static_cast<std::int16_t>(extreme ? (rows == 7 ? -limit : limit) : value);
        if (extreme) q[i] = 127;  // the first row at the edge of 32 bits
      }
      std::vector<std::int32_t> expected(rows), found(rows);
      scalar_.screen_rows({q.data(), x.data(), expected.data(), rows, cols});
      set_.screen_rows({q.data(), x.data(), found.data(), rows, cols});
      expect(expected == found, "screen_rows", cols * 100 + rows);
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

}  // namespace

int main(int argc, char** argv) {
  int result = 0;
  for (const SetStatus& status : all_sets()) {
    const std::string name(status.name);
    if (argc == 1 && status.supported) {
      const bool equal = Checker(*find_set("scalar")->set, *status.set).run();
      std::printf("%s: %s\n", name.c_str(), equal ? "ok" : "DIFFERENT");
      if (!equal) result = 1;
    } else if (argc == 1) {
      std::printf("%s: skipped, %s\n", name.c_str(), status.set == nullptr ? "not compiled" : "not supported by this CPU");
    }
  }
  for (int i = 1; i < argc; ++i) {
    const SetStatus* status = find_set(argv[i]);
    if (status == nullptr) {
      std::printf("%s: no such set\n", argv[i]);
      return 2;
    }
    if (!status->supported) {
      std::printf("%s: refused, %s\n", argv[i], status->set == nullptr ? "not compiled" : "not supported by this CPU");
      if (result == 0) result = 77;
      continue;
    }
    const bool equal = Checker(*find_set("scalar")->set, *status->set).run();
    std::printf("%s: %s\n", argv[i], equal ? "ok" : "DIFFERENT");
    if (!equal) result = 1;
  }
  return result;
}
