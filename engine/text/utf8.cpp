#include "engine/text/utf8.h"

#include <cstring>

namespace tercet {

std::size_t utf8::valid_prefix(std::string_view text) noexcept {
  std::size_t valid = 0;
  while (valid < text.size()) {
    std::uint64_t eight = 0;
    if (text.size() - valid >= sizeof eight) {
      std::memcpy(&eight, text.data() + valid, sizeof eight);
      if ((eight & 0x8080808080808080U) == 0) {  // eight ASCII characters at once
        valid += sizeof eight;
        continue;
      }
    }
    const Step step = first(text.substr(valid));
    if (step.form != Form::Complete) break;
    valid += step.length;
  }
  return valid;
}

}  // namespace tercet
