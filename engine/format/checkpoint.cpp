#include "engine/format/checkpoint.h"

#include <algorithm>

namespace tercet {

const TensorView* Checkpoint::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(tensors.begin(), tensors.end(), [&](const TensorView& tensor) { return tensor.name == name; });
  return found == tensors.end() ? nullptr : &*found;
}

Result<const TensorView*> Checkpoint::require(std::string_view name, std::uint64_t rows, std::uint64_t cols) const {
  const TensorView* const tensor = find(name);
  if (tensor == nullptr) return Error{ErrorCode::MissingTensor, std::string(name)};
  if (tensor->rows == rows && tensor->cols == cols) return tensor;
  const auto shape = [](std::uint64_t r, std::uint64_t c) { return std::to_string(r) + " x " + std::to_string(c); };
  return Error{ErrorCode::MisshapedTensor,
               std::string(name) + " is " + shape(tensor->rows, tensor->cols) + " instead of " + shape(rows, cols)};
}

}  // namespace tercet
