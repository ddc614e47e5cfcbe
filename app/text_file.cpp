#include "app/text_file.h"

#include <QStandardPaths>
#include <QStringDecoder>

#include <algorithm>
#include <utility>

#include "app/well_formed.h"

namespace tercet {
namespace {

bool startsAsUtf16(const QByteArray& bytes) { return bytes.startsWith("\xff\xfe") || bytes.startsWith("\xfe\xff"); }

/// Control characters that no text file has; a page break and an escape of a log may be there.
bool isBinary(const QByteArray& bytes) {
  return std::any_of(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f' && byte != 0x1b;
  });
}

// 0x80..0x9f of Windows-1252, https://encoding.spec.whatwg.org/#windows-1252; the rest is Latin-1.
constexpr char16_t kWindows1252[32] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
    0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

QString fromWindows1252(const QByteArray& bytes) {
  QString text = QString::fromLatin1(bytes);
  for (QChar& c : text) {
    if (c >= QChar(0x80) && c < QChar(0xa0)) c = QChar(kWindows1252[c.unicode() - 0x80]);
  }
  return text;
}

}  // namespace

FileKind fileKind(const QByteArray& bytes) {
  if (bytes.startsWith("%PDF-")) return FileKind::Pdf;
  return startsAsUtf16(bytes) || !isBinary(bytes) ? FileKind::Text : FileKind::Other;
}

QString decodeText(const QByteArray& bytes) {
  QStringDecoder decoder(startsAsUtf16(bytes) ? QStringDecoder::Utf16 : QStringDecoder::Utf8);
  QString text = decoder(bytes);
  if (decoder.hasError() && !startsAsUtf16(bytes)) text = fromWindows1252(bytes);
  text.replace(QLatin1String("\r\n"), QLatin1String("\n")).replace(u'\r', u'\n');
  return wellFormed(std::move(text));
}

std::optional<QString> pdfReader() {
  const QString program = QStandardPaths::findExecutable(QStringLiteral("pdftotext"));
  return program.isEmpty() ? std::nullopt : std::optional(program);
}

}  // namespace tercet
