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

QString promptText(const QString& text, const std::vector<Attachment>& attachments) {
  QString prompt;
  for (const Attachment& file : attachments) {
    const QString fence(std::max<qsizetype>(3, longestRun(file.text, u'`') + 1), u'`');
    prompt += file.name.simplified() + QStringLiteral(":\n") + fence + u'\n' + file.text;
    if (!file.text.endsWith(u'\n')) prompt += u'\n';
    prompt += fence + QStringLiteral("\n\n");
  }
  return prompt + text;
}

}  // namespace tercet
