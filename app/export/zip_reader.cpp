#include "app/export/zip_reader.h"

#include <QFile>
#include <QStringList>

#include <archive.h>
#include <archive_entry.h>

namespace tercet {
namespace {

using Cause = TransferError::Cause;

constexpr std::size_t kBlock = 1U << 16;

/// A name inside the archive's own folder.
bool staysInside(const QString& name) {
  if (name.isEmpty() || name.startsWith(QLatin1Char('/')) || name.contains(QLatin1Char('\\')) || name.contains(QLatin1Char(':'))) return false;
  const QStringList parts = name.split(QLatin1Char('/'));
  return !parts.contains(QStringLiteral("..")) && !parts.contains(QStringLiteral("."));
}

}  // namespace

ZipReader::~ZipReader() {
  if (m_archive) archive_read_free(m_archive);
}

bool ZipReader::fail(Cause cause, const QString& detail) {
  const char* said = m_archive ? archive_error_string(m_archive) : nullptr;
  m_error = TransferError{cause, detail.isEmpty() && said ? QString::fromUtf8(said) : detail};
  return false;
}

bool ZipReader::open(const QString& path) {
  m_archive = archive_read_new();
  if (!m_archive) return fail(Cause::CannotRead, QStringLiteral("out of memory"));
  // By its directory at the end, as every other program does: what stands between the entries means nothing.
  archive_read_support_format_zip_seekable(m_archive);
  if (archive_read_open_filename(m_archive, QFile::encodeName(path).constData(), kBlock) == ARCHIVE_OK) return true;
  return fail(Cause::Damaged);
}

std::optional<QString> ZipReader::next() {
  while (!m_error) {
    const int result = archive_read_next_header(m_archive, &m_entry);
    if (result == ARCHIVE_EOF) return std::nullopt;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
      fail(Cause::Damaged);
    } else if (++m_entries > m_limits.entries) {
      fail(Cause::TooLarge, QStringLiteral("more than %1 entries").arg(m_limits.entries));
    } else if (archive_entry_filetype(m_entry) == AE_IFREG) {
      const char* utf8 = archive_entry_pathname_utf8(m_entry);
      const QString name = QString::fromUtf8(utf8 ? utf8 : archive_entry_pathname(m_entry));
      if (staysInside(name)) return name;
    }
  }
  return std::nullopt;
}

bool ZipReader::read(qint64 mostBytes, const std::function<bool(QByteArrayView)>& take) {
  if (archive_entry_is_encrypted(m_entry)) return fail(Cause::Encrypted, QStringLiteral("the archive has a password"));
  char block[kBlock];
  for (qint64 read = 0;;) {
    const la_ssize_t count = archive_read_data(m_archive, block, sizeof block);
    if (count == 0) return true;
    if (count < 0) return fail(Cause::Damaged);
    read += count;
    m_total += count;
    if (read > mostBytes) return fail(Cause::TooLarge, QStringLiteral("an entry has more than %1 bytes").arg(mostBytes));
    if (m_total > m_limits.totalBytes) return fail(Cause::TooLarge, QStringLiteral("more than %1 bytes").arg(m_limits.totalBytes));
    if (!take(QByteArrayView(block, static_cast<qsizetype>(count)))) return true;
  }
}

qint64 ZipReader::position() const { return m_archive ? archive_filter_bytes(m_archive, -1) : 0; }

}  // namespace tercet
