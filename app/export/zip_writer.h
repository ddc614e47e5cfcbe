// A .zip file as it is written, one entry after the other.
#pragma once

#include <QByteArray>
#include <QIODevice>
#include <QString>

#include <cstddef>

struct archive;

namespace tercet {

/// Holds no more than the entry that is added. Once something failed, nothing more is written; why, `into` knows.
class ZipWriter {
 public:
  /// `into` is open for writing and outlives this; it need not be a file.
  explicit ZipWriter(QIODevice& into);
  ~ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;

  /// `name` with slashes between folders; `time` in ms since 1970, UTC.
  bool add(const QString& name, const QByteArray& bytes, qint64 time);
  /// Writes the directory of entries. Without it the file is cut off.
  bool finish();

 private:
  void write(const void* bytes, std::size_t size);

  QIODevice& m_into;
  /// Kept from libarchive, which loses its buffers once it knows of a failure.
  bool m_failed = false;
  ::archive* m_archive = nullptr;
  bool m_ok = false;
};

}  // namespace tercet
