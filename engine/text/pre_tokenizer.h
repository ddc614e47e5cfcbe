// Cuts text into the pieces inside which byte-pair merges may happen, by the Llama-3 expression. Internal to text.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <stop_token>
#include <string_view>

#include "engine/result.h"

namespace tercet {

/// Immutable, safe to share between threads.
class PreTokenizer {
 public:
  /// What the matcher may use. The expression backtracks in steps, not in depth, so that no limit is needed; tests set
  /// low ones to see what happens when a system imposes them.
  struct Limits {
    std::uint32_t match_steps = std::numeric_limits<std::uint32_t>::max();
    bool jit = true;  // systems that forbid executable memory do without
  };

  /// Errors: Internal (a PCRE2 without Unicode).
  static Result<PreTokenizer> create(const Limits& limits);
  static Result<PreTokenizer> create() { return create(Limits()); }
  PreTokenizer(PreTokenizer&&) noexcept;
  PreTokenizer& operator=(PreTokenizer&&) noexcept;
  ~PreTokenizer();

  /// Calls `piece` for every piece in order, until a stop; together they are all of `text`, which must be well-formed UTF-8.
  /// Linear in time. Where the matcher gives up, the rest is one piece: other tokens than the reference's, but all text.
  void split(std::string_view text, const std::function<void(std::string_view)>& piece, const std::stop_token& stop = {}) const;

 private:
  struct Regex;
  explicit PreTokenizer(std::unique_ptr<const Regex> regex);
  std::unique_ptr<const Regex> regex_;
};

}  // namespace tercet
