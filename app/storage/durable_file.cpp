#include "app/storage/durable_file.h"

#include <QFile>
#include <QFileInfo>

#include <filesystem>
#include <system_error>

#ifdef _WIN32
#include <io.h>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

namespace tercet {
namespace {

std::filesystem::path native(const QString& path) { return std::filesystem::path(path.toStdU16String()); }

/// The names in a folder. Windows writes them with the file.
void syncFolder([[maybe_unused]] const QString& folder) {
#ifndef _WIN32
  const int descriptor = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);  // some file systems do not offer it for folders
  ::close(descriptor);
#endif
}

}  // namespace

bool syncToDisk(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadWrite | QIODevice::ExistingOnly)) return false;
#ifdef _WIN32
  return ::_commit(file.handle()) == 0;
#else
  return ::fsync(file.handle()) == 0;
#endif
}

bool replaceFile(const QString& from, const QString& to) {
  std::error_code error;
  std::filesystem::rename(native(from), native(to), error);
  if (!error) syncFolder(QFileInfo(to).path());
  return !error;
}

bool keepUnder(const QString& path, const QString& copy) {
  if (QFileInfo::exists(copy)) return false;
  std::error_code error;
  std::filesystem::create_hard_link(native(path), native(copy), error);
  if (error && !(QFile::copy(path, copy) && syncToDisk(copy))) {
    QFile::remove(copy);
    return false;
  }
  syncFolder(QFileInfo(copy).path());
  return true;
}

}  // namespace tercet
