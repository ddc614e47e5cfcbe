// The entries of a .zip file that somebody gave us.
#pragma once

#include <QByteArrayView>
#include <QString>

#include <functional>
#include <optional>

#include "app/export/transfer_error.h"

struct archive;
struct archive_entry;

namespace tercet {

/// Nothing is ever put on the disk: entries are read into memory, and only as far as the limits go, whatever the file says of
/// its sizes. Folders and names that lead out of the archive are passed over.
class ZipReader {
 public:
  struct Limits {
    qint64 totalBytes = qint64{16} << 30;  // unpacked, of the entries that are read
    int entries = 1'000'000;
  };

  ZipReader() = default;
  explicit ZipReader(const Limits& limits) : m_limits(limits) {}
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  /// False, with `error`, when that is no .zip file.
  bool open(const QString& path);
  /// The name of the next entry; nothing at the end and when `error` is set.
  std::optional<QString> next();
  /// Gives the bytes of the present entry to `take` until that returns false. False, with `error`, when they cannot be read or
  /// there are more than `mostBytes`.
  bool read(qint64 mostBytes, const std::function<bool(QByteArrayView)>& take);

  const std::optional<TransferError>& error() const { return m_error; }
  /// Bytes of the file that were read so far.
  qint64 position() const;

 private:
  bool fail(TransferError::Cause cause, const QString& detail = {});

  Limits m_limits;
  ::archive* m_archive = nullptr;
  ::archive_entry* m_entry = nullptr;
  qint64 m_total = 0;
  int m_entries = 0;
  std::optional<TransferError> m_error;
};

}  // namespace tercet
