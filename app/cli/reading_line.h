// "Reading your message 37 % · about 12 s" on one line of the terminal, while the prompt is computed.
#pragma once

#include "engine/session.h"

namespace tercet::cli {

class ReadingLine {
 public:
  explicit ReadingLine(bool shown) : shown_(shown) {}
  ~ReadingLine() { clear(); }
  ReadingLine(const ReadingLine&) = delete;
  ReadingLine& operator=(const ReadingLine&) = delete;

  void show(const PrefillProgress& progress);
  /// Removes the line, if there is one.
  void clear();

 private:
  bool shown_;
  bool visible_ = false;
};

}  // namespace tercet::cli
