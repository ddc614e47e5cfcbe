#include "engine/text/utf8_stream.h"

#include "engine/text/utf8.h"

namespace tercet {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

}  // namespace

std::string Utf8Stream::push(std::string_view bytes) {
  std::string joined;
  if (!held_.empty()) {
    joined = held_;
    joined.append(bytes);
    bytes = joined;
    held_.clear();
  }
  std::string complete;
  complete.reserve(bytes.size());
  while (!bytes.empty()) {
    const utf8::Step step = utf8::first(bytes);
    if (step.form == utf8::Form::Incomplete) {
      held_ = bytes;
      break;
    }
    complete.append(step.form == utf8::Form::Complete ? bytes.substr(0, step.length) : kReplacement);
    bytes.remove_prefix(step.length);
  }
  return complete;
}

std::string Utf8Stream::finish() {
  if (held_.empty()) return {};
  held_.clear();  // always the start of one character, so one replacement
  return std::string(kReplacement);
}

}  // namespace tercet
