#include "app/markdown.h"

#include <QList>
#include <QStringView>

#include <algorithm>
#include <set>
#include <vector>

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

QString escaped(QStringView text) {
  QString out;
  out.reserve(text.size() + 16);
  for (const QChar c : text) appendEscaped(out, c);
  return out;
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

/// Bold, italics, strike-through, inline code and links. Emphasis follows the delimiter runs of CommonMark 0.30,
/// section 6.2, without its rule of three and with a bounded number of open runs.
class InlineRenderer {
 public:
  explicit InlineRenderer(QStringView text) : text_(text) {}

  QString render() {
    while (at_ < text_.size()) step();
    QString out;
    for (const Part& part : parts_) {
      out += QString(part.literal, part.mark) + part.openTags + part.html;
    }
    return out;
  }

 private:
  // What was written so far; a delimiter run that may still open emphasis begins a new part.
  struct Part {
    QChar mark;
    qsizetype literal = 0;  // characters of the run not used up: they stay as they are
    QString openTags;
    QString html;
  };
  // Bounds that keep hostile text linear.
  static constexpr std::size_t kMaxOpen = 16;     // runs waiting to be closed
  static constexpr qsizetype kMaxTarget = 2048;   // characters of an address
  static constexpr int kMaxDepth = 32;            // brackets inside it

  QString& out() {
    if (parts_.empty()) parts_.emplace_back();
    return parts_.back().html;
  }
  QChar charAt(qsizetype index) const { return index >= 0 && index < text_.size() ? text_[index] : QChar(u' '); }
  qsizetype runLength(qsizetype from) const {
    qsizetype end = from;
    while (end < text_.size() && text_[end] == text_[from]) ++end;
    return end - from;
  }

  void step() {
    const QChar c = text_[at_];
    if (c == u'\\' && isAsciiPunctuation(charAt(at_ + 1))) {
      appendEscaped(out(), text_[at_ + 1]);
      at_ += 2;
    } else if (c == u'`') {
      code();
    } else if (c == u'*' || c == u'_' || (c == u'~' && charAt(at_ + 1) == u'~')) {
      emphasis();
    } else if (c == u'[' && link(at_)) {
    } else if (c == u'!' && charAt(at_ + 1) == u'[' && link(at_ + 1)) {
    } else if (c == u'h' && bareLink()) {
    } else {
      appendEscaped(out(), c);
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
      out() += QString(length, u'`');
      at_ = start;
      return;
    }
    QStringView inside = text_.sliced(start, end - start);
    if (inside.size() > 2 && inside.front() == u' ' && inside.back() == u' ') inside = inside.sliced(1, inside.size() - 2);
    out() += QLatin1String("<code style=\"font-family:'JetBrains Mono'\">") + escaped(inside) + QLatin1String("</code>");
    at_ = end + length;
  }

  void emphasis() {
    const QChar mark = text_[at_];
    qsizetype length = runLength(at_);
    const QChar before = charAt(at_ - 1), after = charAt(at_ + length);
    at_ += length;
    const bool left = !after.isSpace() && (!isPunctuation(after) || before.isSpace() || isPunctuation(before));
    const bool right = !before.isSpace() && (!isPunctuation(before) || after.isSpace() || isPunctuation(after));
    const bool opens = mark == u'_' ? left && (!right || isPunctuation(before)) : left;
    const bool closes = mark == u'_' ? right && (!left || isPunctuation(after)) : right;
    while (closes && length > 0) {
      const auto opener = std::find_if(open_.rbegin(), open_.rend(), [&](std::size_t part) {
        return parts_[part].mark == mark && (mark != u'~' || (parts_[part].literal >= 2 && length >= 2));
      });
      if (opener == open_.rend()) break;
      Part& part = parts_[*opener];
      open_.erase(opener.base(), open_.end());  // runs opened since stay literal
      const qsizetype used = part.literal >= 2 && length >= 2 ? 2 : 1;
      const QLatin1String tag(mark == u'~' ? "s" : used == 2 ? "b" : "i");
      part.openTags.prepend(QLatin1String("<") + tag + QLatin1Char('>'));
      part.literal -= used;
      length -= used;
      if (part.literal == 0) open_.pop_back();
      out() += QLatin1String("</") + tag + QLatin1Char('>');
    }
    if (length == 0) return;
    if (opens && open_.size() < kMaxOpen) {
      parts_.push_back({mark, length, {}, {}});
      open_.push_back(parts_.size() - 1);
    } else {
      out() += QString(length, mark);
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
    const QString shown = InlineRenderer(label).render();
    const bool image = at_ != bracket;
    out() += !image && isSafeTarget(target) ? anchor(target, shown) : shown;
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
    out() += anchor(target, escaped(target));
    at_ += length;
    return true;
  }

  static QString anchor(QStringView target, const QString& shown) {
    return QLatin1String("<a href=\"") + escaped(target) + QLatin1String("\">") + shown + QLatin1String("</a>");
  }

  QStringView text_;
  qsizetype at_ = 0;
  std::vector<Part> parts_;
  std::vector<std::size_t> open_;   // parts whose run may still open emphasis
  std::set<qsizetype> unclosed_;    // lengths of backtick runs that nothing closes from here on
};

/// What a line begins with.
struct Line {
  enum class Kind { Text, Heading, Item, Quote, Rule };
  Kind kind = Kind::Text;
  int level = 0;       // of a heading (1..6), or the depth of a list item (0..)
  QString marker;      // of a list item: a bullet or its own number
  QStringView rest;
};

bool isRule(QStringView line) {
  const QChar mark = line.isEmpty() ? QChar() : line.front();
  if (mark != u'-' && mark != u'*' && mark != u'_') return false;
  const auto marks = std::count(line.begin(), line.end(), mark);
  const auto spaces = std::count(line.begin(), line.end(), QChar(u' '));
  return marks >= 3 && marks + spaces == line.size();
}

Line classify(QStringView whole) {
  int indent = 0;
  qsizetype start = 0;
  for (; start < whole.size() && (whole[start] == u' ' || whole[start] == u'\t'); ++start) {
    indent += whole[start] == u'\t' ? 4 : 1;
  }
  QStringView line = whole.sliced(start);
  while (!line.isEmpty() && line.back().isSpace()) line.chop(1);
  if (isRule(line)) return {Line::Kind::Rule, 0, {}, {}};

  const auto hashes = std::find_if(line.begin(), line.end(), [](QChar c) { return c != u'#'; }) - line.begin();
  if (hashes >= 1 && hashes <= 6 && (hashes == line.size() || line[hashes] == u' ')) {
    QStringView title = line.sliced(hashes).trimmed();
    QStringView bare = title;
    while (bare.endsWith(u'#')) bare.chop(1);
    if (bare.isEmpty() || bare.back() == u' ') title = bare.trimmed();  // closing hashes
    return {Line::Kind::Heading, static_cast<int>(hashes), {}, title};
  }
  if (line.startsWith(u'>')) return {Line::Kind::Quote, 0, {}, line.sliced(1).trimmed()};

  qsizetype digits = 0;
  while (digits < line.size() && digits < 9 && line[digits] >= u'0' && line[digits] <= u'9') ++digits;
  const bool number = digits > 0 && digits < line.size() && (line[digits] == u'.' || line[digits] == u')');
  const bool bullet = !line.isEmpty() && QStringView(u"-*+\u2022").contains(line.front());
  const qsizetype marker = number ? digits + 1 : bullet ? 1 : 0;
  if (marker > 0 && marker < line.size() && line[marker] == u' ') {
    return {Line::Kind::Item, std::min(indent / 2, 8), number ? line.first(marker).toString() : QStringLiteral("\u2022"),
            line.sliced(marker).trimmed()};
  }
  return {Line::Kind::Text, 0, {}, line};
}

/// A run of lines that form one paragraph of the rich text.
struct Piece {
  Line::Kind kind = Line::Kind::Text;
  int level = 0;
  QString marker;
  QString text;
};

QString pieceHtml(const Piece& piece, bool first) {
  const QString inside = InlineRenderer(piece.text).render();
  const int above = first ? 0 : 6;
  switch (piece.kind) {
    case Line::Kind::Heading: {
      // Sizes relative to the body, so that zoom carries them along.
      const QLatin1String size(piece.level == 1 ? "x-large" : piece.level == 2 ? "large" : "medium");
      return QStringLiteral("<p style=\"margin:%1px 0 0 0\"><span style=\"font-size:%2;font-weight:600\">%3</span></p>")
          .arg(QString::number(above), QString(size), inside);
    }
    case Line::Kind::Item:
      // A hanging indent rather than <ol>: Qt 6.4 cannot begin a list at another number than 1, and answers
      // interrupt their lists with code all the time.
      return QStringLiteral("<p style=\"margin:%1px 0 0 %2px;text-indent:-20px\">%3&nbsp;&nbsp;%4</p>")
          .arg(QString::number(first ? 0 : 4), QString::number(24 + 22 * piece.level), piece.marker, inside);
    case Line::Kind::Quote:
      return QStringLiteral("<p style=\"margin:%1px 0 0 16px\"><i>%2</i></p>").arg(QString::number(above), inside);
    case Line::Kind::Rule: return QStringLiteral("<hr/>");
    case Line::Kind::Text: break;
  }
  return QStringLiteral("<p style=\"margin:%1px 0 0 0\">%2</p>").arg(QString::number(above), inside);
}

}  // namespace

QString markdownToHtml(const QString& paragraph) {
  std::vector<Piece> pieces;
  for (const QStringView whole : QStringView(paragraph).split(u'\n')) {
    const Line line = classify(whole);
    // A line of text goes on with the text, item or quote before it.
    const bool joins = !pieces.empty() && pieces.back().kind != Line::Kind::Heading &&
                       pieces.back().kind != Line::Kind::Rule &&
                       (line.kind == Line::Kind::Text ||
                        (line.kind == Line::Kind::Quote && pieces.back().kind == Line::Kind::Quote));
    if (joins) {
      pieces.back().text += QLatin1Char('\n') + line.rest.toString();
    } else {
      pieces.push_back({line.kind, line.level, line.marker, line.rest.toString()});
    }
  }
  if (pieces.size() == 1 && pieces.front().kind == Line::Kind::Text) return InlineRenderer(pieces.front().text).render();
  QString out;
  for (const Piece& piece : pieces) out += pieceHtml(piece, out.isEmpty());
  return out;
}

QString plainToHtml(const QString& text) {
  return QLatin1String("<span style=\"white-space:pre-wrap\">") + escaped(text) + QLatin1String("</span>");
}

}  // namespace tercet
