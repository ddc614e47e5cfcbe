#include "app/export/conversation_markdown.h"

#include <QString>
#include <QStringList>

#include "app/export/shown_branch.h"
#include "app/prompt_text.h"
#include "app/well_formed.h"

namespace tercet {
namespace {

/// `line` with a backslash before whatever Markdown or HTML would take for a mark.
QString literal(const QString& line) {
  QString out;
  for (const QChar c : line) {
    if (QStringView(u"\\`*_[]<>#~|&").contains(c)) out += QLatin1Char('\\');
    out += c;
  }
  return out;
}

/// The fence that is still open at the end of `text`, empty when none is.
QString openFence(const QString& text) {
  QString open;
  for (const QStringView whole : QStringView(text).split(u'\n')) {
    const QStringView line = whole.trimmed();
    qsizetype length = 0;
    while (length < line.size() && (line[length] == u'`' || line[length] == u'~') && line[length] == line[0]) ++length;
    if (length < 3) continue;
    if (open.isEmpty()) {
      open = line.first(length).toString();
    } else if (line[0] == open[0] && length >= open.size() && length == line.size()) {
      open.clear();
    }
  }
  return open;
}

QString closed(const QString& text) {
  const QString fence = openFence(text);
  if (fence.isEmpty()) return text;
  return text.endsWith(QLatin1Char('\n')) ? text + fence : text + QLatin1Char('\n') + fence;
}

}  // namespace

QByteArray conversationToMarkdown(const Conversation& conversation) {
  const ShownBranch branch = shownBranchOf(conversation);
  QStringList parts{QStringLiteral("# ") + literal(branch.title), QStringLiteral("*") + literal(branch.about) + QStringLiteral("*")};
  for (const ShownMessage& message : branch.messages) {
    parts << QStringLiteral("## ") + literal(message.author);
    for (const Attachment& file : message.attachments) {
      parts << QStringLiteral("*") + literal(attachedText(file.name)) + QStringLiteral("*") << fenced(wellFormed(file.text));
    }
    if (!message.text.isEmpty()) parts << closed(message.text);
    if (!message.note.isEmpty()) parts << QStringLiteral("*") + literal(message.note) + QStringLiteral("*");
  }
  return (parts.join(QStringLiteral("\n\n")) + QLatin1Char('\n')).toUtf8();
}

}  // namespace tercet
