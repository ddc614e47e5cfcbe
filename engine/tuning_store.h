// Where measured settings are kept: one small text file that the window and tercet-cli share, with one section for each
// model and machine. Both read it anew each time, so neither needs to know of the other.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "engine/format/model_source.h"
#include "engine/tuner.h"

namespace tercet {

/// What a result holds for.
struct TuningKey {
  std::string model;    // see model_identity
  std::string machine;  // see machine_identity

  friend bool operator==(const TuningKey&, const TuningKey&) = default;
};

/// Size and fingerprint of a model: the same wherever its file lies and whatever it is called. Reads its beginning (where
/// the name and the hyper-parameters are), middle and end. Empty when there is nothing to be read.
std::string model_identity(const ModelSource& source);
/// The processor, the number of its hardware threads and the kernel set.
std::string machine_identity(std::string_view isa);

/// Whether a result may be used here and now: never more threads than this process is allowed, and not when more are
/// allowed than could be tried at the time.
bool still_holds(const Tuning& tuning, const CpuTopology& cpu) noexcept;

class TuningStore {
 public:
  /// `file` need not exist; empty: nothing is kept.
  explicit TuningStore(std::string file) : file_(std::move(file)) {}
  const std::string& file() const noexcept { return file_; }

  /// What was stored under the key, if anything. A damaged file, or the damaged part of one, counts as not there.
  std::optional<Tuning> find(const TuningKey& key) const;
  /// Stores under the key, in place of what was there; `name` is for people who look into the file. The file is replaced as a
  /// whole or not at all, and holds the newest 64 results.
  std::error_code put(const TuningKey& key, std::string_view name, const Tuning& tuning) const;

  /// The file in a data directory.
  static std::string file_in(const std::string& data_directory);
  /// The data directory of the window when nobody chooses another; empty when there is no home.
  static std::string usual_directory();

 private:
  struct Entry;
  std::vector<Entry> read() const;
  std::string file_;
};

}  // namespace tercet
