#include "app/export/conversation_html.h"

#include <QLocale>

#include <algorithm>

#include "app/export/shown_branch.h"
#include "app/block.h"
#include "app/markdown.h"
#include "app/message_blocks.h"

namespace tercet {
namespace {

constexpr auto kStyle = R"(:root{color-scheme:light dark;--back:#f8f7f4;--ink:#1d1c1a;--muted:#6e6a62;--line:#dedbd3;--soft:#efece5;--link:#1f6f6a}
@media (prefers-color-scheme:dark){:root{--back:#191816;--ink:#ece9e2;--muted:#a29d93;--line:#3a3833;--soft:#24221f;--link:#6cc3bc}}
body{margin:0 auto;max-width:46rem;padding:2rem 1.25rem 4rem;background:var(--back);color:var(--ink);font:1rem/1.6 Inter,system-ui,sans-serif;overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}
.author{font-size:.85rem;font-weight:bold;color:var(--muted);margin:2rem 0 .4rem}
.about,.note{color:var(--muted);font-size:.85rem;margin:0 0 .5rem}
.own{background:var(--soft);border-radius:.75rem;padding:.1rem 1rem .75rem;margin-top:2rem}
.own .author{margin-top:.6rem}
h3,h4,h5,h6{margin:1.2rem 0 .4rem;line-height:1.3}
blockquote{margin:0 0 .75rem;padding-left:.9rem;border-left:3px solid var(--line);color:var(--muted)}
.block{margin:0 0 .75rem}
pre{background:var(--soft);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;overflow-x:auto;font:.85rem/1.5 'JetBrains Mono',ui-monospace,monospace}
table{border-collapse:collapse;margin:0 0 .75rem}
th,td{border:1px solid var(--line);padding:.3rem .7rem;text-align:left;vertical-align:top}
.center{text-align:center}
.end{text-align:right}
summary{cursor:pointer}
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

/// Who speaks: a heading to those who listen to the page. No h2, because paper would show one larger than what is said.
QString authorHtml(const QString& author) {
  return element("p", QStringLiteral(" class=\"author\" role=\"heading\" aria-level=\"2\""), escaped(author).toHtmlEscaped());
}

/// In pixels: paper knows no rem.
QString indentStyle(int steps) {
  return steps > 0 ? QStringLiteral(" style=\"margin-left:%1px\"").arg(steps * kIndentPixels) : QString();
}

/// A class: QTextDocument takes the borders away from cells with a style of their own.
QString alignClass(CellAlign align) {
  switch (align) {
    case CellAlign::Center: return QStringLiteral(" class=\"center\"");
    case CellAlign::End: return QStringLiteral(" class=\"end\"");
    case CellAlign::Start: break;
  }
  return {};
}

QString tableHtml(const Block& block) {
  const auto row = [&](const char* tag, const QString& line) {
    const QStringList cells = tableCells(line);
    QString inside;
    for (std::size_t i = 0; i < block.aligns.size(); ++i) {
      inside += QStringLiteral("<%1%2>%3</%1>")
                    .arg(QLatin1String(tag), alignClass(block.aligns[i]), inlineRichText(cells.value(static_cast<qsizetype>(i))).html);
    }
    return element("tr", {}, inside);
  };
  QString rows = block.continues ? QString() : row("th", block.head);
  for (const QString& line : block.text.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) rows += row("td", line);
  return element("table", indentStyle(block.depth), rows);
}

QString itemHtml(const Block& block) {
  const QString marker = block.task == TaskState::None ? block.marker : block.task == TaskState::Done ? QStringLiteral("☑") : QStringLiteral("☐");
  return element("div", QStringLiteral(" class=\"block\"") + indentStyle(block.depth - 1),
                 marker.toHtmlEscaped() + u' ' + inlineRichText(block.text).html);
}

QString blockHtml(const MessageBlocks& blocks, int row, bool own) {
  const Block& block = blocks.block(row);
  const QString indent = indentStyle(block.depth), inBlock = QStringLiteral(" class=\"block\"") + indent;
  switch (block.kind) {
    case BlockKind::Code: return block.continues ? QString() : element("pre", indent, blocks.code(row).toHtmlEscaped());
    case BlockKind::Table: return tableHtml(block);
    case BlockKind::Heading: return element(qPrintable(QStringLiteral("h%1").arg(std::min(6, block.level + 2))), indent, inlineRichText(block.text).html);
    case BlockKind::Item: return itemHtml(block);
    case BlockKind::Rule: return QStringLiteral("<hr/>\n");
    case BlockKind::Formula: return element("div", inBlock, formulaRichText(block.text).html);
    case BlockKind::Paragraph: break;
  }
  return element("div", inBlock, own ? plainRichText(block.text).html : inlineRichText(block.text).html);
}

QString fileHtml(const Attachment& file, ShownFiles files) {
  const QString name = attachedText(file.name);
  if (files == ShownFiles::Names) return plain("p", "note", name);
  return element("details", {}, plain("summary", "note", name) + plain("pre", "", file.text));
}

QString textHtml(const ShownMessage& message) {
  MessageBlocks blocks(message.own ? MessageBlocks::Format::Plain : MessageBlocks::Format::Markdown);
  blocks.appendText(escaped(message.text));
  blocks.finish();
  QString out;
  for (int row = 0; row < blocks.rowCount(); ++row) {
    QString html = blockHtml(blocks, row, message.own);
    for (int quote = 0; quote < blocks.block(row).quotes && !html.isEmpty(); ++quote) html = element("blockquote", {}, html);
    out += html;
  }
  return out;
}

}  // namespace

QString conversationBody(const Conversation& conversation, ShownFiles files) {
  const ShownBranch branch = shownBranchOf(conversation);
  QString body = plain("h1", "", branch.title) + plain("p", "about", branch.about);
  for (const ShownMessage& message : branch.messages) {
    QString inside = authorHtml(message.author);
    for (const Attachment& file : message.attachments) inside += fileHtml(file, files);
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
