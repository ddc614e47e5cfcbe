// Bytes in, complete characters out: tokens may end inside a character, what people see may not.
#pragma once

#include <string>
#include <string_view>

namespace tercet {

/// Holds back an incomplete UTF-8 tail until the bytes that finish it arrive. Bytes that can never become
/// well-formed are replaced by U+FFFD, one for each maximal ill-formed part (Unicode 15, section 3.9).
class Utf8Stream {
 public:
  /// The complete characters that `bytes` finishes or contains.
  std::string push(std::string_view bytes);
  /// What is held back, as U+FFFD if it is incomplete; empties the stream.
  std::string finish();
  /// Whether the last bytes are an incomplete character.
  bool holds_back() const noexcept { return !held_.empty(); }

 private:
  std::string held_;
};

}  // namespace tercet
