// Errors as values. The engine never throws across its border (bad_alloc aside), never prints, never aborts.
#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace tercet {

/// Everything that can go wrong, one enumerator per stable code that people can search for.
/// The code string of each is given by `code_name`; never renumber one that was released.
enum class ErrorCode {
  UnsupportedArchitecture,  // M-101 a model family this engine does not compute
  Truncated,                // M-102 the file ends before its own tables say so
  OutOfMemory,              // M-103 weights, KV cache and buffers do not fit, or an allocation failed
  UnsupportedCpu,           // M-104 the named kernel set is unknown, not compiled, or lacks CPU/OS support
  NotFound,                 // M-105 no such file
  IsDirectory,              // M-106 a directory where a file is wanted
  EmptyFile,                // M-107 zero bytes
  NotGguf,                  // M-108 wrong magic
  UnsupportedVersion,       // M-109 a GGUF version (or byte order) this reader does not know
  Corrupt,                  // M-110 counts, offsets or sizes that overflow, overlap or contradict
  MissingTensor,            // M-111 a tensor of the architecture is absent
  MisshapedTensor,          // M-112 a tensor has other dimensions than the hyper-parameters say
  UnsupportedType,          // M-113 a tensor encoding this engine does not read (named)
  BadTokenizer,             // M-114 tokenizer data missing or contradictory
  BadWeights,               // M-115 non-finite or non-positive scales, non-finite norms, code 3 in ternary data
  BadConfig,                // M-116 missing, zero or impossible hyper-parameters (zero layers, ...)
  Unreadable,               // M-117 permission or I/O error while reading
  ModelChanged,             // M-118 the model file was cut or changed while in use
  PromptTooLong,            // C-301 the prompt does not fit the context, even alone
  ContextFull,              // C-302 no room left for another token
  InvalidUtf8,              // C-303 text that is not UTF-8
  InvalidToken,             // C-304 a token id outside the vocabulary, or an empty prompt
  InvalidOption,            // C-305 a setting outside its range (named, with the range)
  Stopped,                  // C-306 the caller asked to stop
  ConversationTooLong,      // C-307 the conversation does not fit the context, and nothing may be left out
  Internal,                 // E-401 a bug of ours
};

/// The stable code, e.g. "M-101".
std::string_view code_name(ErrorCode code) noexcept;

/// An error with the English particulars: the thing that failed, expected and found.
struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string detail;
};

/// One English sentence pair for a terminal: what happened (with `detail`) and what to do. No trailing newline.
std::string describe(const Error& error);

/// A value or an Error; the shape of std::expected, which g++ 12 with clang 14 cannot share.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}        // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}    // NOLINT
  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  T& operator*() & { assert(has_value()); return *std::get_if<0>(&state_); }
  const T& operator*() const& { assert(has_value()); return *std::get_if<0>(&state_); }
  T&& operator*() && { assert(has_value()); return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { assert(has_value()); return std::get_if<0>(&state_); }
  const T* operator->() const { assert(has_value()); return std::get_if<0>(&state_); }
  const Error& error() const { assert(!has_value()); return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT
  bool has_value() const noexcept { return ok_; }
  explicit operator bool() const noexcept { return ok_; }
  const Error& error() const { assert(!ok_); return error_; }

 private:
  Error error_;
  bool ok_ = true;
};

}  // namespace tercet
