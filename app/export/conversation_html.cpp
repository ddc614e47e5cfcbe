#include "app/export/conversation_html.h"

#include <QLocale>
#include <QStringList>

#include <algorithm>

#include "app/export/shown_branch.h"
#include "app/markdown.h"
#include "app/message_blocks.h"

namespace tercet {
namespace {

constexpr auto kStyle = R"(:root{color-scheme:light dark;--back:#f8f7f4;--ink:#1d1c1a;--muted:#6e6a62;--line:#dedbd3;--soft:#efece5;--link:#1f6f6a}
@media (prefers-color-scheme:dark){:root{--back:#191816;--ink:#ece9e2;--muted:#a29d93;--line:#3a3833;--soft:#24221f;--link:#6cc3bc}}
body{margin:0 auto;max-width:46rem;padding:2rem 1.25rem 4rem;background:var(--back);color:var(--ink);font:1rem/1.6 Inter,system-ui,sans-serif;overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:.85rem;color:var(--muted);margin:2rem 0 .4rem}
.about,.note{color:var(--muted);font-size:.85rem;margin:0 0 .5rem}
.own{background:var(--soft);border-radius:.75rem;padding:.1rem 1rem .75rem;margin-top:2rem}
.own h2{margin-top:.6rem}
.block{margin:0 0 .75rem}
pre{background:var(--soft);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;overflow-x:auto;font:.85rem/1.5 'JetBrains Mono',ui-monospace,monospace}
table{border-collapse:collapse;margin:0 0 .75rem}
th,td{border:1px solid var(--line);padding:.3rem .7rem;text-align:left;vertical-align:top}
a{color:var(--link)}
hr{border:0;border-top:1px solid var(--line)})";

/// As in the window's own rich text, but for characters that no HTML may hold.
QString escaped(const QString& text) {
  QString out = text;
  for (QChar& c : out) {
    const char16_t unit = c.unicode();
    const bool control = (unit < 0x20 && unit != u'\n' && unit != u'\t' && unit != u'\r') || (unit >= 0x7F && unit < 0xA0);
    if (control || unit == 0xFFFE || unit == 0xFFFF) c = QChar::ReplacementCharacter;
  }
  return out;
}

QString element(const char* tag, const QString& attributes, const QString& inside) {
  return QStringLiteral("<%1%2>").arg(QLatin1String(tag), attributes) + inside + QStringLiteral("</%1>\n").arg(QLatin1String(tag));
}

QString plain(const char* tag, const char* className, const QString& text) {
  return element(tag, *className ? QStringLiteral(" class=\"%1\"").arg(QLatin1String(className)) : QString(),
                 escaped(text).toHtmlEscaped());
}

/// The cells of a line of a table, without its outer bars. A bar after a backslash belongs to its cell.
QStringList cellsOf(QStringView line) {
  line = line.trimmed();
  if (line.startsWith(u'|')) line = line.sliced(1);
  if (line.endsWith(u'|') && !line.endsWith(QLatin1String("\\|"))) line.chop(1);
  QStringList cells{QString()};
  for (qsizetype i = 0; i < line.size(); ++i) {
    if (line[i] == u'\\' && i + 1 < line.size() && line[i + 1] == u'|') {
      cells.back() += line[++i];
    } else if (line[i] == u'|') {
      cells << QString();
    } else {
      cells.back() += line[i];
    }
  }
  for (QString& cell : cells) cell = cell.trimmed();
  return cells;
}

/// "---|:---:" under the head of a table.
bool isDelimiter(QStringView line) {
  if (!line.contains(u'|') || !line.contains(u'-')) return false;
  const QStringList cells = cellsOf(line);
  return std::all_of(cells.begin(), cells.end(), [](const QString& cell) {
    return cell.contains(u'-') && std::all_of(cell.begin(), cell.end(), [](QChar c) { return c == u'-' || c == u':'; });
  });
}

QString rowHtml(const QStringList& cells, qsizetype columns, const char* tag) {
  QString row;
  for (qsizetype i = 0; i < columns; ++i) {
    row += QStringLiteral("<%1>").arg(QLatin1String(tag)) + markdownToHtml(cells.value(i)) + QStringLiteral("</%1>").arg(QLatin1String(tag));
  }
  return element("tr", {}, row);
}

/// A paragraph, or the table in it with what stands before.
QString paragraphHtml(const QString& text) {
  const QStringList lines = text.split(QLatin1Char('\n'));
  qsizetype delimiter = 1;
  while (delimiter < lines.size() && !(isDelimiter(lines[delimiter]) && lines[delimiter - 1].contains(u'|'))) ++delimiter;
  if (delimiter >= lines.size()) return element("div", QStringLiteral(" class=\"block\""), markdownToHtml(text));
  QString out;
  if (delimiter > 1) out = element("div", QStringLiteral(" class=\"block\""), markdownToHtml(lines.mid(0, delimiter - 1).join(QLatin1Char('\n'))));
  const QStringList head = cellsOf(lines[delimiter - 1]);
  QString rows = rowHtml(head, head.size(), "th");
  for (qsizetype i = delimiter + 1; i < lines.size(); ++i) rows += rowHtml(cellsOf(lines[i]), head.size(), "td");
  return out + element("table", {}, rows);
}

QString textHtml(const ShownMessage& message) {
  MessageBlocks blocks(message.own ? MessageBlocks::Format::Plain : MessageBlocks::Format::Markdown);
  blocks.appendText(escaped(message.text));
  blocks.finish();
  QString out;
  for (int row = 0; row < blocks.rowCount(); ++row) {
    const QModelIndex index = blocks.index(row);
    const QString text = blocks.data(index, MessageBlocks::TextRole).toString();
    if (blocks.data(index, MessageBlocks::KindRole).toInt() == static_cast<int>(MessageBlocks::Kind::Code)) {
      out += element("pre", {}, text.toHtmlEscaped());
    } else if (message.own) {
      out += element("div", QStringLiteral(" class=\"block\""), plainToHtml(text));
    } else {
      out += paragraphHtml(text);
    }
  }
  return out;
}

}  // namespace

QString conversationBody(const Conversation& conversation) {
  const ShownBranch branch = shownBranchOf(conversation);
  QString body = plain("h1", "", branch.title) + plain("p", "about", branch.about);
  for (const ShownMessage& message : branch.messages) {
    QString inside = plain("h2", "", message.author);
    for (const Attachment& file : message.attachments) inside += plain("p", "note", attachedText(file.name));
    inside += textHtml(message);
    if (!message.note.isEmpty()) inside += plain("p", "note", message.note);
    body += element("div", message.own ? QStringLiteral(" class=\"own\"") : QString(), inside);
  }
  return body;
}

QByteArray conversationToHtml(const Conversation& conversation) {
  const QString page = QStringLiteral("<!DOCTYPE html>\n<html lang=\"") + QLocale().bcp47Name().toHtmlEscaped() +
                       QStringLiteral("\">\n<head>\n<meta charset=\"utf-8\">\n"
                                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                                      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n") +
                       plain("title", "", shownBranchOf(conversation).title) +
                       element("style", {}, QLatin1Char('\n') + QString::fromLatin1(kStyle) + QLatin1Char('\n')) +
                       QStringLiteral("</head>\n<body>\n") + conversationBody(conversation) + QStringLiteral("</body>\n</html>\n");
  return page.toUtf8();
}

}  // namespace tercet
