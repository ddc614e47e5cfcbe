#include "tests/engine/reference_forward.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "engine/format/gguf.h"
#include "tests/support/encoders.h"

namespace tercet::test {
namespace {

using Row = std::vector<double>;

double plain_half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31, mantissa = bits & 1023;
  const double value = exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(mantissa + 1024, exponent - 25);
  return (bits & 0x8000) != 0 ? -value : value;
}

double through_half(double x) { return plain_half(reference_half(x)); }

struct Ternary {
  std::vector<std::int8_t> values;  // [rows][cols]
  std::size_t rows = 0, cols = 0;
  double scale = 0;
};

class Reference {
 public:
  Reference(const std::string& path, CachePrecision cache) : checkpoint_(open(path)), config_(checkpoint_.config), cache_(cache) {}

  std::vector<double> logits(const std::vector<std::int32_t>& tokens) {
    const std::size_t hidden = config_.hidden, dim = config_.head_dim, group = config_.heads / config_.kv_heads;
    std::vector<Row> x;
    for (const std::int32_t token : tokens) x.push_back(float_row("token_embd.weight", static_cast<std::size_t>(token), hidden));
    for (std::uint32_t layer = 0; layer < config_.layers; ++layer) {
      const std::string base = "blk." + std::to_string(layer) + ".";
      const Ternary q = ternary(base + "attn_q.weight"), k = ternary(base + "attn_k.weight"), v = ternary(base + "attn_v.weight"),
                    o = ternary(base + "attn_output.weight"), gate = ternary(base + "ffn_gate.weight"), up = ternary(base + "ffn_up.weight"),
                    down = ternary(base + "ffn_down.weight");
      std::vector<Row> keys, values;
      for (std::size_t t = 0; t < tokens.size(); ++t) {
        const Row h = rms(x[t], base + "attn_norm.weight");
        Row query = linear(q, h), key = linear(k, h), value = linear(v, h), attended;
        rotate(query, t);
        rotate(key, t);
        through_cache(key);
        through_cache(value);
        keys.push_back(key);
        values.push_back(value);
        for (std::size_t head = 0; head < config_.heads; ++head) {
          const std::size_t shared = head / group * dim;
          Row scores;
          for (const Row& past : keys) {
            double dot = 0;
            for (std::size_t d = 0; d < dim; ++d) dot += query[head * dim + d] * past[shared + d];
            scores.push_back(dot / std::sqrt(static_cast<double>(dim)));
          }
          const double top = *std::max_element(scores.begin(), scores.end());
          double sum = 0;
          for (double& score : scores) sum += score = std::exp(score - top);
          for (std::size_t d = 0; d < dim; ++d) {
            double mixed = 0;
            for (std::size_t past = 0; past < values.size(); ++past) mixed += scores[past] / sum * values[past][shared + d];
            attended.push_back(mixed);
          }
        }
        add(x[t], linear(o, rms(attended, base + "attn_sub_norm.weight")));
        const Row f = rms(x[t], base + "ffn_norm.weight"), g = linear(gate, f), u = linear(up, f);
        Row product;
        for (std::size_t i = 0; i < g.size(); ++i) product.push_back(g[i] > 0 ? g[i] * g[i] * u[i] : 0.0);
        add(x[t], linear(down, rms(product, base + "ffn_sub_norm.weight")));
      }
    }
    std::vector<double> out;
    const char* head = checkpoint_.find("output.weight") != nullptr ? "output.weight" : "token_embd.weight";
    for (const Row& row : x) {
      const Row h = rms(row, "output_norm.weight");
      for (std::size_t token = 0; token < config_.vocab_size; ++token) {
        const Row w = float_row(head, token, hidden);
        double dot = 0;
        for (std::size_t i = 0; i < hidden; ++i) dot += h[i] * w[i];
        out.push_back(dot);
      }
    }
    return out;
  }

 private:
  /// Keys or values of one position as they come out of the cache.
  void through_cache(Row& row) const {
    if (cache_ == CachePrecision::Half) {
      for (double& one : row) one = through_half(one);
    }
    if (cache_ != CachePrecision::EightBit) return;
    for (std::size_t head = 0; head < row.size(); head += config_.head_dim) {
      double largest = 0;
      for (std::size_t d = head; d < head + config_.head_dim; ++d) largest = std::max(largest, std::abs(row[d]));
      if (largest == 0) continue;
      for (std::size_t d = head; d < head + config_.head_dim; ++d) row[d] = std::nearbyint(row[d] * 127 / largest) * largest / 127;
    }
  }
  static Checkpoint open(const std::string& path) {
    auto checkpoint = open_gguf(path);
    if (!checkpoint) throw std::runtime_error(checkpoint.error().detail);
    return std::move(*checkpoint);
  }

  const TensorView& tensor(const std::string& name) const {
    const TensorView* found = checkpoint_.find(name);
    if (found == nullptr) throw std::runtime_error("no " + name);
    return *found;
  }

  Row float_row(const std::string& name, std::size_t row, std::size_t cols) const {
    const TensorView& view = tensor(name);
    const std::size_t size = view.dtype == DType::F32 ? 4 : 2;
    Row out;
    for (std::size_t i = 0; i < cols; ++i) {
      const std::byte* at = view.bytes.data() + (row * cols + i) * size;
      if (view.dtype == DType::F32) {
        float value;
        std::memcpy(&value, at, 4);
        out.push_back(static_cast<double>(value));
      } else {
        std::uint16_t bits;
        std::memcpy(&bits, at, 2);
        if (view.dtype == DType::BF16) {
          const std::uint32_t wide = std::uint32_t{bits} << 16;
          float value;
          std::memcpy(&value, &wide, 4);
          out.push_back(static_cast<double>(value));
        } else if (view.dtype == DType::F16) {
          out.push_back(plain_half(bits));
        } else {
          throw std::runtime_error("the reference reads plain floats only");
        }
      }
    }
    return out;
  }

  /// I2_S: element j of a block of 128 is in the bits 7-2(j/32)..6-2(j/32) of byte j % 32.
  Ternary ternary(const std::string& name) const {
    const TensorView& view = tensor(name);
    if (view.dtype != DType::I2_S) throw std::runtime_error("the reference reads I2_S only");
    Ternary out{.values = std::vector<std::int8_t>(view.rows * view.cols), .rows = view.rows, .cols = view.cols};
    for (std::size_t i = 0; i < out.values.size(); ++i) {
      const int byte = static_cast<int>(view.bytes[i / 128 * 32 + i % 32]);
      out.values[i] = static_cast<std::int8_t>(((byte >> (6 - 2 * (i % 128 / 32))) & 3) - 1);
    }
    float scale;
    std::memcpy(&scale, view.bytes.data() + out.values.size() / 4, 4);
    out.scale = static_cast<double>(scale);
    return out;
  }

  Row rms(const Row& x, const std::string& weight) const {
    const Row w = float_row(weight, 0, x.size());
    double sum = 0;
    for (const double value : x) sum += value * value;
    const double factor = 1.0 / std::sqrt(sum / static_cast<double>(x.size()) + static_cast<double>(config_.rms_eps));
    Row out;
    for (std::size_t i = 0; i < x.size(); ++i) out.push_back(x[i] * factor * w[i]);
    return out;
  }

  static Row linear(const Ternary& w, const Row& x) {
    double amax = 1e-5;
    for (const double value : x) amax = std::max(amax, std::abs(value));
    const double s = 127.0 / amax;
    std::vector<int> integers;
    for (const double value : x) integers.push_back(static_cast<int>(std::nearbyint(value * s)));
    Row out;
    for (std::size_t row = 0; row < w.rows; ++row) {
      long sum = 0;
      for (std::size_t i = 0; i < w.cols; ++i) sum += long{w.values[row * w.cols + i]} * integers[i];
      out.push_back(static_cast<double>(sum) / s * w.scale);
    }
    return out;
  }

  void rotate(Row& x, std::size_t position) const {
    const std::size_t dim = config_.head_dim, half = dim / 2;
    for (std::size_t base = 0; base < x.size(); base += dim) {
      for (std::size_t i = 0; i < half; ++i) {
        const double angle = static_cast<double>(position) * std::pow(static_cast<double>(config_.rope_theta), -2.0 * static_cast<double>(i) / static_cast<double>(dim));
        const double a = x[base + i], b = x[base + i + half];
        x[base + i] = a * std::cos(angle) - b * std::sin(angle);
        x[base + i + half] = b * std::cos(angle) + a * std::sin(angle);
      }
    }
  }

  static void add(Row& x, const Row& y) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += y[i];
  }

  Checkpoint checkpoint_;
  const ModelConfig config_;
  const CachePrecision cache_;
};

}  // namespace

std::vector<double> reference_logits(const std::string& path, const std::vector<std::int32_t>& tokens, CachePrecision cache) {
  return Reference(path, cache).logits(tokens);
}

}  // namespace tercet::test
