#include "app/export/conversation_pdf.h"

#include <QAbstractTextDocumentLayout>
#include <QCoreApplication>
#include <QLocale>
#include <QPainter>
#include <QPdfWriter>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextLayout>
#include <QTextTable>

#include <vector>

#include "app/export/conversation_html.h"
#include "app/export/shown_branch.h"

namespace tercet {
namespace {

// Margins are in px, each side by itself: QTextDocument takes those in pt or rem for none. Headings have the sizes that it gives
// them, whatever is said here in pt; h5 and h6 would be smaller than the text or not bold.
constexpr auto kPrintStyle =
    "h1{margin-top:0px;margin-bottom:2px} h3,h4,h5,h6{margin-top:14px;margin-bottom:4px} h5,h6{font-size:medium;font-weight:bold}"
    "p{margin-top:0px;margin-bottom:8px} .about,.note{font-size:9pt;color:#6e6a62}"
    ".author{font-size:9pt;font-weight:bold;color:#6e6a62;margin-top:22px;margin-bottom:4px} .block{margin-bottom:8px}"
    "blockquote{margin-top:0px;margin-bottom:8px;margin-left:%1px;margin-right:0px;color:#6e6a62}"
    "pre{font-family:'JetBrains Mono',monospace;font-size:8.5pt;background-color:#efece5;white-space:pre-wrap;margin-top:4px;margin-bottom:10px}"
    "table{border-collapse:collapse;margin-top:4px;margin-bottom:10px}"
    "th,td{border:1px solid #9a958b;padding:3px 6px;text-align:left} .center{text-align:center} .end{text-align:right} a{color:#1f6f6a}";

constexpr int kDpi = 300;
constexpr qreal kMarginMm = 20, kFooterMm = 10;
constexpr qreal kBarMm = 2.5, kBarWidthMm = 0.6;  // of quotes

class PdfText {
  Q_DECLARE_TR_FUNCTIONS(PdfText)

 public:
  //: At the foot of a printed page: its number and how many there are
  static QString foot(int page, int pages) { return tr("%1 / %2").arg(page).arg(pages); }
};

/// Letter where its inches are used, A4 elsewhere.
QPageSize pageSize() {
  const bool inches = QLocale().measurementSystem() == QLocale::ImperialUSSystem;
  return QPageSize(inches ? QPageSize::Letter : QPageSize::A4);
}

/// QTextDocument scales the indents of paragraphs to the paper, but takes their left margins for dots of it.
void indentByMargins(QTextDocument& document) {
  document.setIndentWidth(kIndentPixels);
  QTextCursor cursor(&document);
  cursor.beginEditBlock();
  for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
    QTextBlockFormat format = block.blockFormat();
    if (format.leftMargin() <= 0) continue;
    format.setIndent(qRound(format.leftMargin() / kIndentPixels));
    format.setLeftMargin(0);
    cursor.setPosition(block.position());
    cursor.setBlockFormat(format);
  }
  cursor.endEditBlock();
}

/// The lines of a paragraph. One that moves to the next page keeps the place where it would have begun.
QRectF linesOf(const QTextDocument& document, const QTextBlock& block) {
  const QPointF place = document.documentLayout()->blockBoundingRect(block).topLeft();
  return block.layout()->boundingRect().translated(place);
}

/// The bars that stand left of quotes, from top to bottom; quoted paragraphs and tables that follow each other share one.
/// QTextDocument draws no borders of paragraphs.
std::vector<QRectF> quoteBars(const QTextDocument& document) {
  constexpr qreal mm = kDpi / 25.4;
  std::vector<QRectF> bars;
  bool goesOn = false;
  const QTextTable* quotedTable = nullptr;
  for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
    const QTextTable* table = QTextCursor(block).currentTable();
    if (table && table == quotedTable) continue;
    const bool quoted = block.blockFormat().hasProperty(QTextFormat::BlockQuoteLevel);
    if (quoted) {
      // An empty one stands before a table; the cells do not know that they are quoted.
      const QTextTable* next = block.length() == 1 && block.next().isValid() ? QTextCursor(block.next()).currentTable() : nullptr;
      quotedTable = next != table ? next : nullptr;
      const QRectF place = quotedTable ? document.documentLayout()->frameBoundingRect(const_cast<QTextTable*>(quotedTable)) : linesOf(document, block);
      const QRectF bar(kBarMm * mm, place.top(), kBarWidthMm * mm, place.height());
      if (goesOn) {
        bars.back() |= bar;
      } else {
        bars.push_back(bar);
      }
    }
    goesOn = quoted;
  }
  return bars;
}

}  // namespace

std::optional<TransferError> conversationToPdf(const Conversation& conversation, QIODevice& into,
                                               const std::function<bool(double)>& goOn) {
  QPdfWriter writer(&into);
  writer.setResolution(kDpi);
  writer.setPageSize(pageSize());
  writer.setPageMargins(QMarginsF(kMarginMm, kMarginMm, kMarginMm, kMarginMm), QPageLayout::Millimeter);
  writer.setTitle(shownBranchOf(conversation).title);
  writer.setCreator(QStringLiteral("Tercet"));

  QTextDocument document;
  document.documentLayout()->setPaintDevice(&writer);
  document.setDefaultFont(QFont(QStringLiteral("Inter"), 10));
  document.setDefaultStyleSheet(QString::fromLatin1(kPrintStyle).arg(kIndentPixels));
  document.setDocumentMargin(0);
  document.setHtml(QStringLiteral("<html><body>") + conversationBody(conversation, ShownFiles::Names) + QStringLiteral("</body></html>"));
  indentByMargins(document);
  const QRectF paper(QPointF(0, 0), QSizeF(writer.width(), writer.height()));
  document.setPageSize(paper.size());

  QPainter painter;
  if (!painter.begin(&writer)) return TransferError{TransferError::Cause::CannotWrite, into.errorString()};
  const int pages = document.pageCount();
  const std::vector<QRectF> bars = quoteBars(document);
  auto bar = bars.begin();
  const qreal footer = kFooterMm * kDpi / 25.4;
  for (int page = 0; page < pages; ++page) {
    if (!goOn(static_cast<double>(page) / pages)) return TransferError{TransferError::Cause::Stopped, {}};
    if (page > 0) writer.newPage();
    const QRectF view = paper.translated(0, page * paper.height());
    painter.save();
    painter.translate(0, -view.top());
    QAbstractTextDocumentLayout::PaintContext context;
    context.clip = view;
    context.palette.setColor(QPalette::Text, Qt::black);  // whatever the window looks like
    painter.setClipRect(view);
    document.documentLayout()->draw(&painter, context);
    for (; bar != bars.end() && bar->top() < view.bottom(); ++bar) {
      painter.fillRect(bar->intersected(view), QColor(0xc9, 0xc4, 0xb8));
      if (bar->bottom() > view.bottom()) break;  // it goes on on the next page
    }
    painter.restore();
    painter.setFont(QFont(QStringLiteral("Inter"), 8));
    painter.setPen(QColor(0x6e, 0x6a, 0x62));
    painter.drawText(QRectF(0, paper.height(), paper.width(), footer), Qt::AlignHCenter | Qt::AlignBottom,
                     PdfText::foot(page + 1, pages));
  }
  painter.end();
  return std::nullopt;
}

}  // namespace tercet
