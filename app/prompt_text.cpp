#include "app/prompt_text.h"

#include <algorithm>

namespace tercet {
namespace {

qsizetype longestRun(const QString& text, QChar mark) {
  qsizetype longest = 0, run = 0;
  for (const QChar c : text) {
    run = c == mark ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

QString fenced(const QString& text) {
  const QString fence(std::max<qsizetype>(3, longestRun(text, u'`') + 1), u'`');
  return fence + u'\n' + text + (text.endsWith(u'\n') ? QLatin1String() : QLatin1String("\n")) + fence;
}

QString promptText(const QString& text, const std::vector<Attachment>& attachments) {
  QString prompt;
  for (const Attachment& file : attachments) {
    prompt += file.name.simplified() + QStringLiteral(":\n") + fenced(file.text) + QStringLiteral("\n\n");
  }
  return prompt + text;
}

}  // namespace tercet
