#include "app/markdown.h"

#include <QStringList>

#include <algorithm>
#include <numeric>
#include <set>
#include <vector>

#include "app/html_characters.h"
#include "app/latex.h"

namespace tercet {
namespace {

void appendEscaped(QString& out, QChar c) {
  switch (c.unicode()) {
    case u'&': out += QLatin1String("&amp;"); break;
    case u'<': out += QLatin1String("&lt;"); break;
    case u'>': out += QLatin1String("&gt;"); break;
    case u'"': out += QLatin1String("&quot;"); break;
    case u'\n': out += QLatin1String("<br/>"); break;
    case 0: out += QChar::ReplacementCharacter; break;
    default: out += c;
  }
}

bool isAsciiPunctuation(QChar c) { return c.unicode() < 0x80 && (c.isPunct() || c.isSymbol()); }
bool isPunctuation(QChar c) { return c.isPunct() || c.isSymbol(); }

/// Where a link may lead. Files, scripts and data of the page itself are not among it.
bool isSafeTarget(QStringView target) {
  for (const QLatin1String scheme : {QLatin1String("https://"), QLatin1String("http://"), QLatin1String("mailto:")}) {
    if (target.startsWith(scheme, Qt::CaseInsensitive)) return true;
  }
  return false;
}

/// Whether what stands between two dollars is a formula rather than the words between two prices.
bool looksLikeFormula(QStringView inside) {
  if (std::any_of(inside.begin(), inside.end(), [](QChar c) { return QStringView(u"\\^_{}=<>+").contains(c); })) return true;
  return !inside.contains(u' ');
}

/// Emphasis follows the delimiter runs of CommonMark 0.30, section 6.2, without its rule of three and with a bounded
/// number of open runs.
class InlineRenderer {
 public:
  explicit InlineRenderer(QStringView text) : text_(text) {}

  RichText render() {
    while (at_ < text_.size()) step();
    RichText out;
    for (const Part& part : parts_) {
      for (qsizetype i = 0; i < part.literal; ++i) out.source.push_back(part.at + i);
      out.plain += QString(part.literal, part.mark) + part.plain;
      out.html += QString(part.literal, part.mark) + part.openTags + part.html;
      out.source.insert(out.source.end(), part.source.begin(), part.source.end());
    }
    out.source.push_back(text_.size());
    std::sort(spans_.begin(), spans_.end(), [](const MarkedSpan& a, const MarkedSpan& b) {
      return a.sourceStart != b.sourceStart ? a.sourceStart < b.sourceStart : a.sourceEnd > b.sourceEnd;
    });
    const auto shownAt = [&out](qsizetype source) {
      return std::lower_bound(out.source.begin(), out.source.end() - 1, source) - out.source.begin();
    };
    for (MarkedSpan& span : spans_) {
      span.plainStart = shownAt(span.sourceStart);
      span.plainEnd = shownAt(span.sourceEnd);
    }
    out.spans = std::move(spans_);
    return out;
  }

 private:
  // What was written so far; a delimiter run that may still open emphasis begins a new part.
  struct Part {
    QChar mark;
    qsizetype literal = 0;  // characters of the run not used up: they stay as they are
    qsizetype at = 0;       // where the run stands
    QString openTags = {};
    QString html = {};
    QString plain = {};
    std::vector<qsizetype> source = {};
  };
  // Bounds that keep hostile text linear.
  static constexpr std::size_t kMaxOpen = 16;     // runs waiting to be closed
  static constexpr qsizetype kMaxTarget = 2048;   // characters of an address
  static constexpr qsizetype kMaxFormula = 2048;  // characters of a formula between dollars
  static constexpr qsizetype kMaxEntity = 10;     // characters of &name;
  static constexpr int kMaxDepth = 32;            // brackets inside an address

  Part& out() {
    if (parts_.empty()) parts_.emplace_back();
    return parts_.back();
  }
  void put(QChar c, qsizetype source) {
    appendEscaped(out().html, c);
    out().plain += c;
    out().source.push_back(source);
  }
  void put(QStringView text, qsizetype source) {
    for (qsizetype i = 0; i < text.size(); ++i) put(text[i], source + i);
  }
  void tag(const QString& html) { out().html += html; }
  void mark(qsizetype start, qsizetype end, const QString& formula = {}) { spans_.push_back({0, 0, start, end, formula}); }

  QChar charAt(qsizetype index) const { return index >= 0 && index < text_.size() ? text_[index] : QChar(u' '); }
  bool startsAt(qsizetype index, QLatin1String what) const { return text_.sliced(index).startsWith(what); }
  qsizetype runLength(qsizetype from) const {
    qsizetype end = from;
    while (end < text_.size() && text_[end] == text_[from]) ++end;
    return end - from;
  }

  void step() {
    const QChar c = text_[at_];
    if (c == u'\\' && bracketFormula()) return;
    if (c == u'\\' && isAsciiPunctuation(charAt(at_ + 1))) {
      put(text_[at_ + 1], at_);
      at_ += 2;
    } else if (c == u'`') {
      code();
    } else if (c == u'*' || c == u'_' || (c == u'~' && charAt(at_ + 1) == u'~')) {
      emphasis();
    } else if (c == u'[' && link(at_)) {
    } else if (c == u'!' && charAt(at_ + 1) == u'[' && link(at_ + 1)) {
    } else if (c == u'h' && bareLink()) {
    } else if (c == u'<' && angle()) {
    } else if (c == u'&' && entity()) {
    } else if (c == u'$' && dollarFormula()) {
    } else {
      put(c, at_);
      ++at_;
    }
  }

  void code() {
    const qsizetype length = runLength(at_);
    const qsizetype start = at_ + length;
    qsizetype end = -1;
    if (!unclosed_.contains(length)) {
      for (qsizetype next = text_.indexOf(u'`', start); next >= 0;) {
        const qsizetype found = runLength(next);
        if (found == length) {
          end = next;
          break;
        }
        next = text_.indexOf(u'`', next + found);
      }
      if (end < 0) unclosed_.insert(length);
    }
    if (end < 0) {
      put(text_.sliced(at_, length), at_);
      at_ = start;
      return;
    }
    qsizetype from = start, to = end;
    if (to - from > 2 && text_[from] == u' ' && text_[to - 1] == u' ') ++from, --to;
    tag(QStringLiteral("<code>"));
    put(text_.sliced(from, to - from), from);
    tag(QStringLiteral("</code>"));
    mark(at_, end + length);
    at_ = end + length;
  }

  void emphasis() {
    const QChar sign = text_[at_];
    qsizetype length = runLength(at_);
    const QChar before = charAt(at_ - 1), after = charAt(at_ + length);
    qsizetype run = at_;  // where what is left of the run begins
    at_ += length;
    const bool left = !after.isSpace() && (!isPunctuation(after) || before.isSpace() || isPunctuation(before));
    const bool right = !before.isSpace() && (!isPunctuation(before) || after.isSpace() || isPunctuation(after));
    const bool opens = sign == u'_' ? left && (!right || isPunctuation(before)) : left;
    const bool closes = sign == u'_' ? right && (!left || isPunctuation(after)) : right;
    while (closes && length > 0) {
      const auto opener = std::find_if(open_.rbegin(), open_.rend(), [&](std::size_t part) {
        return parts_[part].mark == sign && (sign != u'~' || (parts_[part].literal >= 2 && length >= 2));
      });
      if (opener == open_.rend()) break;
      Part& part = parts_[*opener];
      open_.erase(opener.base(), open_.end());  // runs opened since stay literal
      const qsizetype used = part.literal >= 2 && length >= 2 ? 2 : 1;
      const QLatin1String name(sign == u'~' ? "s" : used == 2 ? "b" : "i");
      part.openTags.prepend(QLatin1String("<") + name + QLatin1Char('>'));
      part.literal -= used;
      length -= used;
      run += used;
      mark(part.at + part.literal, run);
      if (part.literal == 0) open_.pop_back();
      tag(QLatin1String("</") + name + QLatin1Char('>'));
    }
    if (length == 0) return;
    if (opens && open_.size() < kMaxOpen) {
      parts_.push_back({sign, length, run});
      open_.push_back(parts_.size() - 1);
    } else {
      put(text_.sliced(run, length), run);
    }
  }

  /// [label](target "title") with the bracket at `bracket`. A label with brackets inside is not a link.
  bool link(qsizetype bracket) {
    qsizetype close = bracket + 1;
    while (close < text_.size() && text_[close] != u']' && text_[close] != u'[') close += text_[close] == u'\\' ? 2 : 1;
    if (charAt(close) != u']' || charAt(close + 1) != u'(') return false;
    qsizetype end = close + 2;
    const qsizetype furthest = std::min(text_.size(), end + kMaxTarget);
    for (int depth = 1; end < furthest; ++end) {
      if (text_[end] == u'\n' || depth > kMaxDepth) return false;
      if (text_[end] == u'(') ++depth;
      if (text_[end] == u')' && --depth == 0) break;
    }
    if (end >= furthest) return false;
    const QStringView label = text_.sliced(bracket + 1, close - bracket - 1);
    QStringView target = text_.sliced(close + 2, end - close - 2).trimmed();
    if (const qsizetype space = target.indexOf(u' '); space >= 0) target = target.first(space);  // a title follows
    if (target.startsWith(u'<') && target.endsWith(u'>') && target.size() >= 2) target = target.sliced(1, target.size() - 2);
    const bool leads = at_ == bracket && isSafeTarget(target);  // an image leads nowhere
    const RichText shown = InlineRenderer(label).render();
    if (leads) tag(anchor(target));
    tag(shown.html);
    out().plain += shown.plain;
    for (std::size_t i = 0; i + 1 < shown.source.size(); ++i) out().source.push_back(bracket + 1 + shown.source[i]);
    for (const MarkedSpan& span : shown.spans) {
      mark(bracket + 1 + span.sourceStart, bracket + 1 + span.sourceEnd, span.formula);
    }
    if (leads) tag(QStringLiteral("</a>"));
    mark(at_, end + 1);
    at_ = end + 1;
    return true;
  }

  bool bareLink() {
    const QStringView rest = text_.sliced(at_);
    if (!(rest.startsWith(QLatin1String("https://")) || rest.startsWith(QLatin1String("http://")))) return false;
    if (charAt(at_ - 1).isLetterOrNumber()) return false;
    qsizetype length = 0;
    while (length < rest.size() && !rest[length].isSpace() && !QStringView(u"<>\"`*[]").contains(rest[length])) ++length;
    while (length > 0 && QStringView(u".,;:!?)'_~").contains(rest[length - 1])) --length;
    const QStringView target = rest.first(length);
    if (target == QLatin1String("https://") || length <= 7) return false;
    tag(anchor(target));
    put(target, at_);
    tag(QStringLiteral("</a>"));
    at_ += length;
    return true;
  }

  /// A line break in HTML's words, or an address in angle brackets.
  bool angle() {
    for (const QLatin1String broken : {QLatin1String("<br>"), QLatin1String("<br/>"), QLatin1String("<br />")}) {
      if (!text_.sliced(at_).startsWith(broken, Qt::CaseInsensitive)) continue;
      put(u'\n', at_);
      at_ += broken.size();
      return true;
    }
    if (!isSafeTarget(text_.sliced(at_ + 1))) return false;
    qsizetype end = at_ + 1;
    const qsizetype furthest = std::min(text_.size(), end + kMaxTarget);
    while (end < furthest && text_[end] != u'>' && text_[end] != u'<' && !text_[end].isSpace()) ++end;
    if (charAt(end) != u'>') return false;
    tag(anchor(text_.sliced(at_ + 1, end - at_ - 1)));
    put(text_.sliced(at_ + 1, end - at_ - 1), at_ + 1);
    tag(QStringLiteral("</a>"));
    mark(at_, end + 1);
    at_ = end + 1;
    return true;
  }

  /// A character by its name or number in HTML, as CommonMark 0.30 has it, section 2.5.
  bool entity() {
    const qsizetype furthest = std::min(text_.size(), at_ + kMaxEntity);
    qsizetype end = at_ + 1;
    while (end < furthest && (text_[end].isLetterOrNumber() || (text_[end] == u'#' && end == at_ + 1))) ++end;
    if (end >= furthest || text_[end] != u';') return false;
    const QString character = htmlCharacter(text_.sliced(at_ + 1, end - at_ - 1));
    for (const QChar c : character) put(c, at_);
    if (!character.isEmpty()) at_ = end + 1;
    return !character.isEmpty();
  }

  static QString anchor(QStringView target) { return QLatin1String("<a href=\"") + escapedHtml(target) + QLatin1String("\">"); }

  bool bracketFormula() {
    const QChar open = charAt(at_ + 1);
    if (open != u'(' && open != u'[') return false;
    const bool round = open == u'(';
    bool& hopeless = round ? noRound_ : noSquare_;
    if (hopeless) return false;
    const qsizetype end = text_.indexOf(QLatin1String(round ? "\\)" : "\\]"), at_ + 2);
    hopeless = end < 0;
    if (hopeless || text_.sliced(at_ + 2, end - at_ - 2).trimmed().isEmpty()) return false;
    formula(at_ + 2, end, end + 2);
    return true;
  }

  /// The rules of Pandoc: no space inside the dollars, no digit after the closing one.
  bool dollarFormula() {
    const qsizetype marks = charAt(at_ + 1) == u'$' ? 2 : 1;
    const qsizetype start = at_ + marks;
    if ((marks == 1 && charAt(start).isSpace()) || charAt(at_ - 1).isLetterOrNumber()) return false;
    const qsizetype furthest = std::min(text_.size(), start + kMaxFormula);
    for (qsizetype end = start; end < furthest; ++end) {
      if (text_[end] == u'\\') {
        ++end;
      } else if (text_[end] == u'`') {
        return false;
      } else if (text_[end] == u'$') {
        if (marks == 2 ? charAt(end + 1) != u'$' : charAt(end - 1).isSpace() || charAt(end + 1).isDigit()) continue;
        const QStringView inside = text_.sliced(start, end - start);
        if (inside.trimmed().isEmpty() || (marks == 1 && !looksLikeFormula(inside))) return false;
        formula(start, end, end + marks);
        return true;
      }
    }
    return false;
  }

  void formula(qsizetype from, qsizetype to, qsizetype end) {
    const QString shown = latexToUnicode(text_.sliced(from, to - from), false);
    for (const QChar c : shown) put(c, at_);
    mark(at_, end, text_.sliced(at_, end - at_).toString());
    at_ = end;
  }

  QStringView text_;
  qsizetype at_ = 0;
  std::vector<Part> parts_;
  std::vector<std::size_t> open_;   // parts whose run may still open emphasis
  std::vector<MarkedSpan> spans_;
  std::set<qsizetype> unclosed_;    // lengths of backtick runs that nothing closes from here on
  bool noRound_ = false, noSquare_ = false;  // no \) or \] follows
};

struct Cell {
  QString text;
  std::vector<qsizetype> source;  // where each character stands in the line; one more for the end
};

std::vector<Cell> cellsOf(QStringView line) {
  qsizetype i = 0, end = line.size();
  while (i < end && line[i].isSpace()) ++i;
  while (end > i && line[end - 1].isSpace()) --end;
  if (i < end && line[i] == u'|') ++i;
  std::vector<Cell> cells(1);
  const auto finish = [&cells](qsizetype at) {
    Cell& cell = cells.back();
    qsizetype from = 0, to = cell.text.size();
    while (from < to && cell.text[from].isSpace()) ++from;
    while (to > from && cell.text[to - 1].isSpace()) --to;
    cell.source.push_back(at);
    cell.text = cell.text.sliced(from, to - from);
    cell.source = {cell.source.begin() + from, cell.source.begin() + to + 1};
  };
  bool code = false;
  for (; i < end; ++i) {
    const QChar c = line[i];
    if (c == u'`') code = !code;
    if (c == u'|' && !(code && line.first(end).sliced(i).contains(u'`'))) {
      if (i + 1 == end) break;
      finish(i);
      cells.emplace_back();
      continue;
    }
    cells.back().source.push_back(i);
    if (c == u'\\' && i + 1 < end && line[i + 1] == u'|') ++i;
    cells.back().text += line[i];
  }
  finish(i);
  return cells;
}

QLatin1String alignName(CellAlign align) {
  return QLatin1String(align == CellAlign::Center ? "center" : align == CellAlign::End ? "right" : "left");
}

}  // namespace

QString escapedHtml(QStringView text) {
  QString out;
  out.reserve(text.size() + 16);
  for (const QChar c : text) appendEscaped(out, c);
  return out;
}

RichText inlineRichText(QStringView text) { return InlineRenderer(text).render(); }

QStringList tableCells(QStringView line) {
  QStringList out;
  for (Cell& cell : cellsOf(line)) out << std::move(cell.text);
  return out;
}

RichText tableRichText(const QString& rows, const std::vector<CellAlign>& columns) {
  RichText out;
  out.html = QStringLiteral("<table cellpadding=\"7\" cellspacing=\"0\" border=\"1\">");
  bool head = true;
  qsizetype rowAt = 0;
  for (const QStringView row : QStringView(rows).split(u'\n')) {
    std::vector<Cell> cells = cellsOf(row);
    cells.resize(std::max(cells.size(), columns.size()), {QString(), {row.size()}});  // a row may be short of some
    out.html += QLatin1String("<tr>");
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const RichText cell = inlineRichText(cells[column].text);
      const auto inRows = [rowAt, &source = cells[column].source](qsizetype at) {
        return rowAt + source[static_cast<std::size_t>(at)];
      };
      const QLatin1String tag(head ? "th" : "td");
      out.html += QLatin1String("<") + tag + QLatin1String(" align=\"") + alignName(columns[column]) + QLatin1String("\">") +
                  cell.html + QLatin1String("</") + tag + QLatin1Char('>');
      for (MarkedSpan span : cell.spans) {
        span.plainStart += out.plain.size();
        span.plainEnd += out.plain.size();
        span.sourceStart = inRows(span.sourceStart);
        span.sourceEnd = inRows(span.sourceEnd);
        out.spans.push_back(span);
      }
      for (const qsizetype at : cell.source) out.source.push_back(inRows(at));  // that of the end is the tab's
      out.plain += cell.plain + QLatin1Char(column + 1 < columns.size() ? '\t' : '\n');
    }
    out.html += QLatin1String("</tr>");
    rowAt += row.size() + 1;
    head = false;
  }
  out.source.push_back(rows.size());
  out.html += QLatin1String("</table>");
  return out;
}

RichText plainRichText(QStringView text) {
  RichText out;
  out.html = QLatin1String("<span style=\"white-space:pre-wrap\">") + escapedHtml(text) + QLatin1String("</span>");
  out.plain = text.toString();
  out.source.resize(static_cast<std::size_t>(text.size()) + 1);
  std::iota(out.source.begin(), out.source.end(), 0);
  return out;
}

RichText formulaRichText(const QString& source) {
  QStringView inside = QStringView(source).trimmed();
  const QLatin1String close(inside.startsWith(u'$') ? "$$" : "\\]");
  if (inside.size() >= 2) inside = inside.sliced(2);
  if (inside.endsWith(close)) inside.chop(2);
  RichText out;
  out.plain = latexToUnicode(inside, true);
  out.html = QLatin1String("<span style=\"white-space:pre-wrap\">") + escapedHtml(out.plain) + QLatin1String("</span>");
  out.spans.push_back({0, out.plain.size(), 0, source.size(), source});
  return out;
}

}  // namespace tercet
