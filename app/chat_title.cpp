#include "app/chat_title.h"

namespace tercet {
namespace {

constexpr qsizetype kTitleLength = 48;  // characters

}  // namespace

QString titleFor(const QString& text) {
  const QString words = text.simplified();
  if (words.size() <= kTitleLength) return words;
  const qsizetype space = words.lastIndexOf(u' ', kTitleLength);
  qsizetype end = space > kTitleLength / 2 ? space : kTitleLength;
  if (words[end - 1].isHighSurrogate()) --end;
  return words.first(end) + QChar(0x2026);
}

}  // namespace tercet
