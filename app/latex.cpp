#include "app/latex.h"

#include <QHash>
#include <QStringList>

#include <algorithm>
#include <utility>

#include "app/latex_symbols.h"

namespace tercet {
namespace {

constexpr int kMaxBraces = 40;  // braces inside each other; deeper ones are shown as written

bool isCombining(QChar c) { return c.category() == QChar::Mark_NonSpacing || c.category() == QChar::Mark_Enclosing; }

/// Columns that `text` takes in a monospaced font.
qsizetype columns(const QString& text) {
  return std::count_if(text.begin(), text.end(), [](QChar c) { return !isCombining(c) && !c.isLowSurrogate(); });
}

/// One or more lines of text; `base` is the one that its neighbours stand beside.
struct Box {
  QStringList lines{QString()};
  qsizetype base = 0;

  bool flat() const { return lines.size() == 1; }
};

/// `right` beside `left`, base to base.
Box beside(const Box& left, const Box& right) {
  if (left.flat() && right.flat()) return {{left.lines[0] + right.lines[0]}, 0};
  qsizetype width = 0;
  for (const QString& line : left.lines) width = std::max(width, columns(line));
  Box out;
  out.base = std::max(left.base, right.base);
  const qsizetype below = std::max(left.lines.size() - left.base, right.lines.size() - right.base);
  out.lines.clear();
  for (qsizetype i = 0; i < out.base + below; ++i) {
    const qsizetype l = i - out.base + left.base, r = i - out.base + right.base;
    QString line = l >= 0 && l < left.lines.size() ? left.lines[l] : QString();
    if (r >= 0 && r < right.lines.size()) line += QString(width - columns(line), u' ') + right.lines[r];
    out.lines << line;
  }
  return out;
}

QString raised(const QString& text, const QHash<QChar, QChar>& table) {
  QString out;
  for (const QChar c : text) {
    if (c == u' ') continue;
    const auto found = table.constFind(c);
    if (found == table.cend()) return {};
    out += *found;
  }
  return out;
}

/// Whether `text` needs no parentheses beside a slash, a root or a script.
bool isAtom(const QString& text) {
  if (text.isEmpty()) return false;
  if (text.front() == u'(' && text.back() == u')' && text.indexOf(u')') == text.size() - 1) return true;
  return std::all_of(text.begin(), text.end(), [](QChar c) {
    return c.isLetterOrNumber() || c.isSurrogate() || isCombining(c) || c == u'.' || c == u',' || c == QChar(0x2032) ||
           c == QChar(0x221E);
  });
}

QString grouped(const QString& text) { return isAtom(text) ? text : u'(' + text + u')'; }

class FormulaReader {
 public:
  FormulaReader(QStringView text, bool display) : text_(text), display_(display) {}

  QString read() {
    Box all;
    while (at_ < text_.size()) {
      all = beside(all, sequence(u'\0'));
      if (at_ < text_.size()) {  // a brace or an end that nothing began
        all = beside(all, {{QString(text_[at_])}, 0});
        ++at_;
      }
    }
    QStringList lines;
    for (QString line : all.lines.join(u'\n').split(u'\n')) {
      while (line.endsWith(u' ')) line.chop(1);
      lines << (all.flat() ? line.trimmed() : line);
    }
    return lines.join(u'\n');
  }

 private:
  QChar peek(qsizetype ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : QChar(u'\0'); }
  void skipSpaces() {
    while (peek().isSpace()) ++at_;
  }

  /// What is under way on the current line.
  struct Line {
    Box done;         // boxes that are finished, on the left
    QString text;     // what follows them
    bool named = false;  // a name such as "sin" stands at the end: a letter that follows needs a space

    void put(const QString& piece) {
      if (piece.isEmpty()) return;
      if (named && (piece.front().isLetterOrNumber() || piece.front().isSurrogate())) text += u' ';
      named = false;
      text += piece;
    }
    void space() {
      if (!text.isEmpty() && !QStringView(u" ([").contains(text.back())) text += u' ';
      named = false;
    }
    void put(const Box& box) {
      if (box.flat()) {
        put(box.lines[0]);
        return;
      }
      done = beside(beside(done, {{text}, 0}), box);
      text.clear();
      named = false;
    }
    Box box() const { return beside(done, {{text}, 0}); }
  };

  /// Up to `end` (not taken), the end of the text, or what closes an environment or a cell.
  Box sequence(QChar end, bool inCell = false) {
    Line line;
    QStringList above;  // lines ended by a double backslash
    ++depth_;
    while (at_ < text_.size()) {
      const QChar c = peek();
      if (c == end || (c == u'}' && end != u'\0')) break;
      if (c == u'}') break;
      if (c == u'\\' && peek(1) == u'\\') {
        if (inCell) break;
        at_ += 2;
        if (display_ && line.done.flat()) {
          above << line.done.lines[0] + line.text;
          line = {};
        } else {
          line.put(QStringLiteral("; "));
        }
        continue;
      }
      if (inCell && (c == u'&' || text_.sliced(at_).startsWith(QLatin1String("\\end{")))) break;
      item(line);
    }
    --depth_;
    Box out = line.box();
    if (!above.isEmpty()) {
      while (!out.lines.isEmpty() && out.lines.back().trimmed().isEmpty()) out.lines.removeLast();
      out.lines = above + out.lines;
      out.base = 0;
    }
    return out;
  }

  void item(Line& line) {
    const QChar c = peek();
    if (c == u'\\') {
      command(line);
    } else if (c == u'{') {
      line.put(argumentBox());
    } else if (c == u'^' || c == u'_') {
      script(line);
    } else if (c.isSpace() || c == u'~') {
      ++at_;
      line.space();
    } else if (c == u'&') {
      ++at_;  // alignment marks
    } else if (c == u'\'') {
      ++at_;
      line.put(QString(QChar(0x2032)));
    } else {
      ++at_;
      while ((c == u')' || c == u']') && line.text.endsWith(u' ')) line.text.chop(1);
      line.put(c == u'-' ? QString(QChar(0x2212)) : c == u'*' ? QString(QChar(0x2217)) : QString(c));
      if (c.isHighSurrogate() && peek().isLowSurrogate()) line.text += text_[at_++];
    }
  }

  /// The next group in braces, command or character.
  Box argumentBox() {
    skipSpaces();
    if (depth_ >= kMaxBraces) {
      const QString rest = text_.sliced(at_).toString();
      at_ = text_.size();
      return {{rest}, 0};
    }
    if (peek() == u'{') {
      ++at_;
      const Box inside = sequence(u'}');
      if (peek() == u'}') ++at_;
      return inside;
    }
    Line line;
    ++depth_;
    if (at_ < text_.size() && peek() != u'}') item(line);
    --depth_;
    return line.box();
  }
  QString argument() { return flattened(argumentBox()).trimmed(); }

  static QString flattened(const Box& box) {
    return box.flat() ? box.lines[0] : u'(' + box.lines.join(QStringLiteral("; ")).simplified() + u')';
  }

  /// The next group exactly as it is written, for words.
  QString words() {
    skipSpaces();
    if (peek() != u'{') return at_ < text_.size() ? QString(text_[at_++]) : QString();
    int open = 0;
    const qsizetype start = at_ + 1;
    for (; at_ < text_.size(); ++at_) {
      if (peek() == u'{') ++open;
      if (peek() == u'}' && --open == 0) break;
    }
    const QString inside = text_.sliced(std::min(start, text_.size()), std::max<qsizetype>(0, at_ - start)).toString();
    if (at_ < text_.size()) ++at_;
    return inside;
  }

  QString optional() {
    if (peek() != u'[') return {};
    const qsizetype end = text_.indexOf(u']', at_);
    if (end < 0) return {};
    const QStringView inside = text_.sliced(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return depth_ < kMaxBraces ? FormulaReader(inside, false).read() : inside.toString();
  }

  void script(Line& line) {
    const bool up = text_[at_++] == u'^';
    const bool named = line.named;
    const QString inside = argument();
    while (line.text.endsWith(u' ') && !inside.isEmpty()) line.text.chop(1);
    line.named = false;
    QString out = raised(inside, up ? latex::superscripts() : latex::subscripts());
    if (up && (inside == QChar(0x2218) || inside == QChar(0x00B0))) out = QChar(0x00B0);  // degrees
    if (out.isEmpty() && inside.size() == 1 && inside[0] == QChar(0x2032)) out = inside;
    if (out.isEmpty() && !inside.isEmpty()) out = (up ? u'^' : u'_') + grouped(inside);
    line.text += out;
    // "log_2 n" and "sum_i x" need a space, too.
    line.named = named;
  }

  void command(Line& line) {
    ++at_;
    if (at_ >= text_.size()) {
      line.put(QStringLiteral("\\"));
      return;
    }
    if (!peek().isLetter()) {
      const QChar c = text_[at_++];
      if (QStringView(u",;:> ").contains(c)) {
        line.space();
      } else if (c == u'|') {
        line.put(QString(QChar(0x2016)));
      } else if (c != u'!' && c != u'(' && c != u')' && c != u'[' && c != u']') {
        line.put(QString(c));
      }
      return;
    }
    const qsizetype start = at_;
    while (peek().isLetter() && peek().unicode() < 0x80) ++at_;
    if (at_ == start) ++at_;
    const QString name = text_.sliced(start, at_ - start).toString();
    if (peek() == u'*') ++at_;
    if (symbol(line, name) || structure(line, name) || accent(line, name)) return;
    line.put(u'\\' + name);
    line.named = true;
  }

  bool symbol(Line& line, const QString& name) {
    if (const QString found = latex::symbols().value(name); !found.isEmpty()) {
      line.put(found);
      qsizetype next = at_;
      while (next < text_.size() && text_[next].isSpace()) ++next;
      // A letter that follows is a factor; around signs the spaces stay as they are.
      if (next < text_.size() && text_[next].isLetterOrNumber()) at_ = next;
    } else if (const QString relation = latex::relations().value(name); !relation.isEmpty()) {
      line.space();
      line.text += relation + u' ';
      skipSpaces();
    } else if (latex::functions().contains(name)) {
      if (!line.text.isEmpty() && line.text.back().isLetterOrNumber()) line.text += u' ';
      line.text += name == QLatin1String("operatorname") ? words() : latex::functions().value(name);
      line.named = true;
      skipSpaces();
    } else if (latex::ignored().contains(name)) {
      skipSpaces();
    } else {
      return false;
    }
    return true;
  }

  bool structure(Line& line, const QString& name) {
    if (name == QLatin1String("frac") || name == QLatin1String("dfrac") || name == QLatin1String("tfrac") ||
        name == QLatin1String("cfrac")) {
      const QString above = argument();
      line.put(grouped(above) + u'/' + grouped(argument()));
    } else if (name == QLatin1String("sqrt")) {
      const QString root = optional(), inside = grouped(argument());
      if (root.isEmpty() || root == u'2') {
        line.put(QChar(0x221A) + inside);
      } else if (root == u'3' || root == u'4') {
        line.put(QChar(root == u'3' ? 0x221B : 0x221C) + inside);
      } else {
        const QString small = raised(root, latex::superscripts());
        line.put((small.isEmpty() ? grouped(root) : small) + QChar(0x221A) + inside);
      }
    } else if (name == QLatin1String("binom") || name == QLatin1String("dbinom") || name == QLatin1String("tbinom")) {
      const QString above = argument();
      line.put(QStringLiteral("C(%1, %2)").arg(above, argument()));
    } else if (latex::wordCommands().contains(name)) {
      const QString found = words();
      line.put(line.text.endsWith(u' ') && found.startsWith(u' ') ? found.sliced(1) : found);
    } else if (name == QLatin1String("mathbb") || name == QLatin1String("mathcal") || name == QLatin1String("mathscr")) {
      QString out;
      for (const QChar c : argument()) {
        const QHash<QChar, QChar>& table = name == QLatin1String("mathbb") ? latex::doubleStruck() : latex::script();
        out += table.value(c, c);
      }
      line.put(out);
    } else if (latex::transparent().contains(name)) {
      line.put(argumentBox());
    } else if (name == QLatin1String("quad") || name == QLatin1String("qquad")) {
      line.text += QStringLiteral("  ");
    } else if (name == QLatin1String("left") || name == QLatin1String("right") || name == QLatin1String("middle")) {
      skipSpaces();
      if (peek() == u'.') ++at_;
    } else if (name == QLatin1String("not")) {
      const QString inside = argument();
      line.put(inside == u'=' ? QString(QChar(0x2260)) : inside == QChar(0x2208) ? QString(QChar(0x2209)) : inside + QChar(0x338));
    } else if (name == QLatin1String("tag")) {
      line.put(QStringLiteral("  (") + argument() + u')');
    } else if (name == QLatin1String("label") || name == QLatin1String("color") ||
               name == QLatin1String("textcolor") || name == QLatin1String("hspace")) {
      words();
    } else if (name == QLatin1String("overset") || name == QLatin1String("stackrel") || name == QLatin1String("underset")) {
      const QString small = argument(), whole = argument();
      line.put(whole + (name == QLatin1String("underset") ? u'_' : u'^') + grouped(small));
    } else if (name == QLatin1String("xrightarrow")) {
      line.space();
      line.text += QChar(0x2014) + argument() + QChar(0x2192) + u' ';
    } else if (name == QLatin1String("begin")) {
      line.put(environment(words()));
    } else if (name == QLatin1String("end")) {
      words();
    } else {
      return false;
    }
    return true;
  }

  bool accent(Line& line, const QString& name) {
    const QChar mark = latex::accents().value(name);
    if (mark.isNull()) return false;
    const QString inside = argument();
    const bool each = name == QLatin1String("overline") || name == QLatin1String("underline");
    if (!each && columns(inside) > 1) {
      line.put(grouped(inside) + mark);
      return true;
    }
    QString out;
    for (const QChar c : inside) {
      out += c;
      if (!isCombining(c) && !c.isHighSurrogate()) out += mark;
    }
    line.put(out);
    return true;
  }

  Box environment(QString name) {
    if (name.endsWith(u'*')) name.chop(1);
    const bool matrix = name.endsWith(QLatin1String("matrix")) || name == QLatin1String("array");
    const bool cases = name == QLatin1String("cases");
    if (name == QLatin1String("array") && peek() == u'{') words();
    if (depth_ >= kMaxBraces) return {};
    QList<QStringList> rows{{}};
    while (at_ < text_.size()) {
      rows.back() << flattened(sequence(u'\0', true)).trimmed();
      if (peek() == u'&') {
        ++at_;
      } else if (peek() == u'\\' && peek(1) == u'\\') {
        at_ += 2;
        rows << QStringList();
      } else {
        if (peek() == u'\\') {
          ++at_;
          while (peek().isLetter()) ++at_;
          words();
        }
        break;
      }
    }
    while (!rows.isEmpty() && rows.back().join(QString()).isEmpty()) rows.removeLast();
    if (rows.isEmpty()) return {};
    QStringList lines;
    QList<qsizetype> widths;
    for (const QStringList& row : rows) {
      for (qsizetype i = 0; i < row.size(); ++i) {
        if (i == widths.size()) widths << 0;
        widths[i] = std::max(widths[i], columns(row[i]));
      }
    }
    const bool stacked = display_ && depth_ == 1;
    const QString gap = matrix || cases ? QStringLiteral("  ") : QStringLiteral(" ");
    for (const QStringList& row : rows) {
      QString line;
      for (qsizetype i = 0; i < row.size(); ++i) {
        if (i > 0) line += stacked ? gap : QStringLiteral(" ");
        // Derivations line up at the first mark.
        if (stacked && !matrix && !cases && i == 0) line += QString(widths[i] - columns(row[i]), u' ');
        line += row[i];
        if (stacked && matrix) line += QString(widths[i] - columns(row[i]), u' ');
        if (stacked && cases && i + 1 < row.size()) line += QString(widths[i] - columns(row[i]), u' ');
      }
      lines << line;
    }
    return bracketed(lines, matrix ? name : cases ? name : QString(), stacked);
  }

  /// The rows of a matrix between the brackets that its name asks for.
  static Box bracketed(const QStringList& rows, const QString& name, bool stacked) {
    const latex::Brackets brackets = latex::bracketsOf(name);
    if (!stacked || rows.size() == 1) {
      const QString one = rows.join(QStringLiteral("; "));
      return {{brackets.left + one + (stacked || name != QLatin1String("cases") ? brackets.right : QString())}, 0};
    }
    qsizetype width = 0;
    for (const QString& row : rows) width = std::max(width, columns(row));
    Box out;
    out.lines.clear();
    out.base = name.isEmpty() ? 0 : (rows.size() - 1) / 2;
    for (qsizetype i = 0; i < rows.size(); ++i) {
      const qsizetype place = i == 0 ? 0 : i + 1 == rows.size() ? 2 : i == out.base && name == QLatin1String("cases") ? 3 : 1;
      const QString left = brackets.tallLeft.isEmpty() ? QString() : QString(brackets.tallLeft[place]) + u' ';
      const QString right = brackets.tallRight.isEmpty() ? QString() : u' ' + QString(brackets.tallRight[place]);
      out.lines << left + rows[i] + (right.isEmpty() ? QString() : QString(width - columns(rows[i]), u' ')) + right;
    }
    return out;
  }

  QStringView text_;
  bool display_;
  qsizetype at_ = 0;
  int depth_ = 0;
};

}  // namespace

QString latexToUnicode(QStringView formula, bool display) { return FormulaReader(formula.trimmed(), display).read(); }

}  // namespace tercet
