// Files that people attach, as text.
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace tercet {

/// What a file turned out to be.
enum class FileKind { Text, Pdf, Other };

/// The most that is read of a file, in bytes; more than any context holds.
constexpr qint64 kMostFileBytes = 4 << 20;

FileKind fileKind(const QByteArray& bytes);

/// The text of bytes that are Text: UTF-8, UTF-16 with a byte order mark, or else Windows-1252, as old files on laptops are.
/// Line ends become "\n"; lone surrogates are replaced.
QString decodeText(const QByteArray& bytes);

/// The program that reads PDF (poppler's pdftotext), or nothing where it is not installed.
std::optional<QString> pdfReader();

}  // namespace tercet
