#include "app/export/zip_writer.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>

namespace tercet {

ZipWriter::ZipWriter(QIODevice& into) : m_into(into), m_archive(archive_write_new()) {
  m_ok = m_archive != nullptr && archive_write_set_format_zip(m_archive) == ARCHIVE_OK &&
         // Not filled up with zeros at the end, as tapes want it.
         archive_write_set_bytes_in_last_block(m_archive, 1) == ARCHIVE_OK &&
         archive_write_open(
           m_archive, this, nullptr,
           [](::archive*, void* writer, const void* bytes, size_t size) {
             static_cast<ZipWriter*>(writer)->write(bytes, size);
             return static_cast<la_ssize_t>(size);
           },
           nullptr) == ARCHIVE_OK;
}

ZipWriter::~ZipWriter() {
  // Freeing writes the end of the file as well; where finish() was not reached, it is thrown away.
  m_failed = true;
  if (m_archive) archive_write_free(m_archive);
}

void ZipWriter::write(const void* bytes, std::size_t size) {
  const auto count = static_cast<qint64>(size);
  m_failed = m_failed || m_into.write(static_cast<const char*>(bytes), count) != count;
}

bool ZipWriter::add(const QString& name, const QByteArray& bytes, qint64 time) {
  if (!m_ok) return false;
  const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(), &archive_entry_free);
  m_ok = entry != nullptr;
  if (!m_ok) return false;
  archive_entry_set_pathname_utf8(entry.get(), name.toUtf8().constData());
  archive_entry_set_size(entry.get(), bytes.size());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_mtime(entry.get(), static_cast<time_t>(std::max<qint64>(0, time / 1000)), 0);
  // A warning is about a name that the system's character set lacks; it is written all the same.
  m_ok = archive_write_header(m_archive, entry.get()) >= ARCHIVE_WARN;
  if (m_ok && !bytes.isEmpty()) {
    m_ok = archive_write_data(m_archive, bytes.constData(), static_cast<std::size_t>(bytes.size())) == bytes.size();
  }
  m_ok = m_ok && archive_write_finish_entry(m_archive) == ARCHIVE_OK && !m_failed;
  return m_ok;
}

bool ZipWriter::finish() { return m_ok = m_ok && archive_write_close(m_archive) == ARCHIVE_OK && !m_failed; }

}  // namespace tercet
