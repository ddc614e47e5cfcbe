#include "app/cli/npy_writer.h"

#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace tercet::cli {

static_assert(std::endian::native == std::endian::little, "the header promises little-endian values");

NpyWriter::~NpyWriter() {
  if (file_ != nullptr) std::fclose(file_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

bool NpyWriter::open(const std::string& path) {
  struct stat existing = {};
  if (::stat(path.c_str(), &existing) == 0) {
    if (S_ISDIR(existing.st_mode)) {
      errno = EISDIR;
      return false;
    }
    if (!S_ISREG(existing.st_mode)) {
      file_ = std::fopen(path.c_str(), "wb");
      return file_ != nullptr;
    }
    if (::access(path.c_str(), W_OK) != 0) return false;  // a rename would go past a write protection
    std::error_code ignored;
    const std::filesystem::path real = std::filesystem::canonical(path, ignored);
    target_ = ignored ? path : real.string();  // a link keeps pointing where it does
  } else {
    target_ = path;
  }

  std::string pattern = target_ + ".XXXXXX";
  const int descriptor = ::mkstemp(pattern.data());
  if (descriptor < 0) return false;
  temporary_ = pattern;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(descriptor, existing.st_mode != 0 ? existing.st_mode & 0777 : 0666 & ~mask);
  file_ = ::fdopen(descriptor, "wb");
  if (file_ == nullptr) ::close(descriptor);
  return file_ != nullptr;
}

bool NpyWriter::write(const void* bytes, std::size_t size) { return std::fwrite(bytes, 1, size, file_) == size; }

bool NpyWriter::begin(std::size_t rows, std::size_t cols) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " +
                       std::to_string(cols) + "), }";
  // The format (NumPy Enhancement Proposal 1) wants the data to start at a multiple of 64 and the header to end in a newline.
  constexpr std::size_t kPrefix = 10;
  header.append((64 - (kPrefix + header.size() + 1) % 64) % 64, ' ').append("\n");
  const unsigned char prefix[kPrefix] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0,
                                         static_cast<unsigned char>(header.size() & 0xFF),
                                         static_cast<unsigned char>(header.size() >> 8)};
  return write(prefix, kPrefix) && write(header.data(), header.size());
}

bool NpyWriter::write_row(std::span<const float> row) { return write(row.data(), row.size_bytes()); }

bool NpyWriter::finish() {
  bool good = std::fflush(file_) == 0;
  if (good && !temporary_.empty()) good = ::fsync(::fileno(file_)) == 0;
  const int reason = errno;
  const bool closed = std::fclose(file_) == 0;
  file_ = nullptr;
  if (!good) errno = reason;
  if (!good || !closed) return false;
  if (temporary_.empty()) return true;
  if (std::rename(temporary_.c_str(), target_.c_str()) != 0) return false;
  temporary_.clear();
  return true;
}

}  // namespace tercet::cli
