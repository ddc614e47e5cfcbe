// Reads the golden results, which are kept as safetensors files. For trusted test data: a bad file throws.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace tercet::test {

struct SafeTensor {
  std::string dtype;  // "F32", "I8", "I32", "U8", "BF16"
  std::vector<std::size_t> shape;
  std::vector<std::byte> bytes;

  /// The elements; throws when T has another size than the element type.
  template <typename T>
  std::vector<T> values() const {
    std::size_t count = 1;
    for (const std::size_t dim : shape) count *= dim;
    if (count * sizeof(T) != bytes.size()) throw std::invalid_argument(dtype + " elements have another size");
    std::vector<T> out(count);
    if (count > 0) std::memcpy(out.data(), bytes.data(), bytes.size());
    return out;
  }
};

using SafeTensors = std::map<std::string, SafeTensor>;

/// All tensors of a file by name. Throws std::runtime_error when it cannot be read.
SafeTensors load_safetensors(const std::string& path);

}  // namespace tercet::test
