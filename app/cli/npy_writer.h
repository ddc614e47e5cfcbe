// A float32 matrix as a NumPy .npy file, written row by row. The file appears whole or not at all.
#pragma once

#include <cstddef>
#include <cstdio>
#include <span>
#include <string>

namespace tercet::cli {

class NpyWriter {
 public:
  NpyWriter() = default;
  /// Removes what was not finished.
  ~NpyWriter();
  NpyWriter(const NpyWriter&) = delete;
  NpyWriter& operator=(const NpyWriter&) = delete;

  /// Makes a temporary file next to `path` (so that the rename at the end stays on one disk). A path that names a pipe or
  /// a device is written directly. False on failure, with errno as the reason; so for all below.
  bool open(const std::string& path);
  /// The header: float32 [rows][cols], C order. Once, before the rows.
  bool begin(std::size_t rows, std::size_t cols);
  bool write_row(std::span<const float> row);
  /// Flushes to the disk and puts the file in its place, replacing what was there.
  bool finish();

 private:
  bool write(const void* bytes, std::size_t size);

  std::FILE* file_ = nullptr;
  std::string target_;
  std::string temporary_;  // empty when the target is written directly
};

}  // namespace tercet::cli
