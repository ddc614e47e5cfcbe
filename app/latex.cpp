#include "app/latex.h"

#include <QHash>
#include <QSet>
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

/// Whether `c` stands in a name of several letters or digits.
bool isOfName(QChar c) {
  return c.isLetterOrNumber() || c.isSurrogate() || isCombining(c) || c == QChar(0x2032) || c == QChar(0x221E);
}

bool isName(const QString& text) { return !text.isEmpty() && std::all_of(text.begin(), text.end(), isOfName); }

/// Whether `c` belongs to the letter or number before it: raised, lowered, or a sign such as that of a factorial.
bool isScript(QChar c) {
  static const QSet<QChar> scripts = [] {
    QSet<QChar> out{u'!', u'%', QChar(0x00B0), QChar(0x2032)};
    for (const QChar shown : latex::superscripts()) out.insert(shown);
    for (const QChar shown : latex::subscripts()) out.insert(shown);
    return out;
  }();
  return isCombining(c) || scripts.contains(c);
}

bool isLowered(QChar c) {
  static const QSet<QChar> lowered(latex::subscripts().cbegin(), latex::subscripts().cend());
  return lowered.contains(c);
}

bool isRoot(QChar c) { return QStringView(u"√∛∜").contains(c); }

/// Behind the bracket that closes the one at `at`; `at` if none opens there or nothing closes it.
qsizetype bracketEnd(const QString& text, qsizetype at) {
  if (at >= text.size()) return at;
  const QStringView pairs = u"()[]{}⌊⌋⌈⌉⟨⟩||‖‖";
  const qsizetype pair = pairs.indexOf(text[at]);
  if (pair < 0 || pair % 2 == 1) return at;
  int open = 1;
  for (qsizetype i = at + 1; i < text.size(); ++i) {
    if (text[i] == pairs[pair + 1]) {
      if (--open == 0) return i + 1;
    } else if (text[i] == text[at]) {
      ++open;
    }
  }
  return at;
}

/// Where the number, the letter or the part in brackets at `at` ends; `at` if none begins there.
qsizetype partEnd(const QString& text, qsizetype at) {
  if (at >= text.size()) return at;
  const QChar c = text[at];
  if (c.isDigit()) {
    const auto inNumber = [&text](qsizetype i) {
      const bool point = (text[i] == u'.' || text[i] == u',') && i + 1 < text.size() && text[i + 1].isDigit();
      return point || text[i].isDigit();
    };
    while (at < text.size() && inNumber(at)) ++at;
    return at;
  }
  if (c.isHighSurrogate()) return std::min(at + 2, text.size());
  if (c.isLetter() || QStringView(u"∞∅…").contains(c)) return at + 1;
  return bracketEnd(text, at);
}

/// Where the scripts at `at` end, as they are raised and lowered or behind ^ and _.
qsizetype scriptsEnd(const QString& text, qsizetype at) {
  while (at < text.size()) {
    if (isScript(text[at])) {
      ++at;
      continue;
    }
    if (text[at] != u'^' && text[at] != u'_') break;
    qsizetype end = bracketEnd(text, at + 1);
    if (end == at + 1) {
      while (end < text.size() && isOfName(text[end])) ++end;
    }
    if (end == at + 1) break;
    at = end;
  }
  return at;
}

/// Where the factor at `at` ends: a number, a letter or a part in brackets with its scripts, a root, or a function with its
/// argument in brackets. `at` if none begins there. A letter before the brackets of a sum is a factor of its own: n(n+1).
qsizetype factorEnd(const QString& text, qsizetype at) {
  qsizetype begin = at;
  for (qsizetype i = begin; i < text.size() && (isRoot(text[i]) || isScript(text[i])); ++i) {
    if (isRoot(text[i])) begin = i + 1;
  }
  qsizetype word = begin;
  while (word < text.size() && text[word].isLetter() && !isScript(text[word])) ++word;
  const bool function = word - begin > 1 && latex::functions().contains(text.sliced(begin, word - begin));
  const qsizetype base = function ? word : partEnd(text, begin);
  if (base == begin) return at;
  const qsizetype end = scriptsEnd(text, base);
  const bool opens = end < text.size() && (text[end] == u'(' || text[end] == u'[');
  const bool calls = opens && (function || text[begin].isLetter() || text[begin].isHighSurrogate());
  const qsizetype close = calls ? bracketEnd(text, end) : end;
  if (close == end) return function ? at : end;
  const QStringView argument = QStringView(text).sliced(end, close - end);
  const bool sum = argument.contains(u'+') || argument.contains(QChar(0x2212));
  return function || !sum ? scriptsEnd(text, close) : end;
}

bool isFactor(const QString& text) { return !text.isEmpty() && factorEnd(text, 0) == text.size(); }

/// Whether `text` needs no brackets under a root or in a script, where a power of its own would be taken for one of the whole.
bool isAtom(const QString& text) {
  qsizetype at = partEnd(text, 0);
  if (at == 0) return false;
  while (at < text.size() && (isCombining(text[at]) || isLowered(text[at]) || text[at] == QChar(0x2032))) ++at;
  return at == text.size();
}

QString grouped(const QString& text) { return isAtom(text) ? text : u'(' + text + u')'; }
/// Letters side by side in a subscript or under an accent are a name, not a product.
QString groupedName(const QString& text) { return isName(text) ? text : grouped(text); }

/// "dx", "∂²f", "Δt", which are read as one, without a space inside; empty if `text` is none.
QString differential(const QString& text) {
  if (text.isEmpty() || !QStringView(u"d∂Δδ").contains(text.front())) return {};
  const qsizetype at = scriptsEnd(text, 1);
  QString out = text;
  if (at < out.size() && out[at] == u' ') out.remove(at, 1);
  return at == out.size() || factorEnd(out, at) == out.size() ? out : QString();
}

/// Whether `source` is a command for words and nothing else.
bool isWords(QStringView source) {
  source = source.trimmed();
  if (source.startsWith(u'{') && source.endsWith(u'}')) source = source.sliced(1, source.size() - 2).trimmed();
  if (!source.startsWith(u'\\')) return false;
  const qsizetype open = source.indexOf(u'{');
  if (open < 0) return false;
  const QString name = source.sliced(1, open - 1).trimmed().toString();
  return (latex::wordCommands().contains(name) || name == QLatin1String("operatorname")) && source.indexOf(u'}') == source.size() - 1;
}

/// What stands above or below the bar of a fraction.
struct Term {
  QString text;
  bool words = false;  // its letters are no factors
};

/// On one line, with brackets around whatever is more than one factor: 1/2a could be half of a, 1/(2a) cannot.
QString fractionText(const Term& above, const Term& below) {
  const auto isOne = [](const Term& term) { return (term.words && isName(term.text)) || isFactor(term.text); };
  const auto shown = [](const QString& text, bool one) { return one ? text : u'(' + text + u')'; };
  const QString top = differential(above.text), bottom = differential(below.text);
  const bool derivative = !top.isEmpty() && !bottom.isEmpty() && top.front() == bottom.front();
  // A root might reach as far as the slash does.
  const bool oneAbove = isOne(above) && !std::any_of(above.text.begin(), above.text.end(), isRoot);
  return (top.isEmpty() ? shown(above.text, oneAbove) : top) + u'/' + (derivative ? bottom : shown(below.text, isOne(below)));
}

/// The limits below an operator as they follow it: lowered if they can be, beside it if they are a relation ("lim x→0 ").
QString limitsBelow(const QString& limits) {
  const QString lowered = raised(limits, latex::subscripts());
  if (!lowered.isEmpty()) return lowered;
  QString tight;
  for (qsizetype i = 0; i < limits.size(); ++i) {
    const bool apart = i > 0 && i + 1 < limits.size() && isOfName(limits[i - 1]) && isOfName(limits[i + 1]);
    if (limits[i] != u' ' || apart) tight += limits[i];
  }
  const bool relation = std::any_of(tight.begin(), tight.end(), [](QChar c) { return c.category() == QChar::Symbol_Math; });
  if (!relation || tight.contains(u' ') || tight.contains(u';')) return u'_' + groupedName(limits);
  return u' ' + tight + u' ';
}

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

  /// What stands at the end of the current line: after a name such as "sin" a letter needs a space, after that of a function
  /// a fraction needs brackets, and limits may follow an operator.
  enum class End { Plain, Name, Function, Limits };

  /// What is under way on the current line.
  struct Line {
    Box done;                 // boxes that are finished, on the left
    QString text;             // what follows them
    End end = End::Plain;
    qsizetype fraction = -1;  // where the fraction begins that ends the line; a factor beside it would join what is below its slash

    void put(const QString& piece) {
      if (piece.isEmpty()) return;
      const bool letter = piece.front().isLetterOrNumber() || piece.front().isSurrogate();
      if (letter || QStringView(u"([{⌊⌈⟨√∛∜∂∇!").contains(piece.front())) closeFraction();
      fraction = -1;
      if (letter && end != End::Plain && !text.endsWith(u' ')) text += u' ';
      end = End::Plain;
      text += piece;
    }
    void space() {
      if (!text.isEmpty() && !QStringView(u" ([").contains(text.back())) text += u' ';
      if (end != End::Function) end = End::Plain;
    }
    void putSign(const QString& sign) {
      space();
      text += sign + u' ';
      end = End::Plain;
      fraction = -1;
    }
    void putName(const QString& name, End kind) {
      closeFraction();
      if (!text.isEmpty() && (text.back().isLetterOrNumber() || text.back() == u')')) text += u' ';
      text += name;
      end = kind;
    }
    void putFraction(const QString& shown) {
      closeFraction();
      if (end == End::Function) {
        put(u'(' + shown + u')');
        return;
      }
      // "2 1/3", not 21/3.
      const bool besideFactor = !text.isEmpty() && (isOfName(text.back()) || isScript(text.back()) || QStringView(u")]}").contains(text.back()));
      if ((besideFactor || end != End::Plain) && !text.endsWith(u' ')) text += u' ';
      put(shown);
      fraction = text.size() - shown.size();
    }
    /// Puts the fraction that ends the line in brackets.
    void closeFraction() {
      if (fraction < 0) return;
      qsizetype last = text.size();
      while (last > fraction && text[last - 1] == u' ') --last;
      text.insert(last, u')');
      text.insert(fraction, u'(');
      fraction = -1;
    }
    void put(const Box& box) {
      if (box.flat()) {
        put(box.lines[0]);
        return;
      }
      done = beside(beside(done, {{text}, 0}), box);
      text.clear();
      end = End::Plain;
      fraction = -1;
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
    const QString inside = argument();
    if (inside.isEmpty()) return;
    while (line.text.endsWith(u' ')) line.text.chop(1);
    line.closeFraction();
    if (line.end == End::Limits && !up) {
      line.text += limitsBelow(inside);
      return;
    }
    QString out = raised(inside, up ? latex::superscripts() : latex::subscripts());
    if (up && (inside == QChar(0x2218) || inside == QChar(0x00B0))) out = QChar(0x00B0);  // degrees
    if (out.isEmpty() && inside.size() == 1 && inside[0] == QChar(0x2032)) out = inside;
    if (out.isEmpty()) {
      out = up ? u'^' + grouped(inside) : u'_' + groupedName(inside);
      // "V_C x" needs a space, too.
      if (line.end == End::Plain && !out.endsWith(u')')) line.end = End::Name;
    }
    line.text += out;
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
    line.end = End::Name;
  }

  bool symbol(Line& line, const QString& name) {
    if (const QString found = latex::symbols().value(name); !found.isEmpty()) {
      line.put(found);
      qsizetype next = at_;
      while (next < text_.size() && text_[next].isSpace()) ++next;
      // A letter that follows is a factor; around signs the spaces stay as they are.
      if (next < text_.size() && text_[next].isLetterOrNumber()) at_ = next;
    } else if (const QString relation = latex::relations().value(name); !relation.isEmpty()) {
      line.putSign(relation);
      skipSpaces();
    } else if (latex::functions().contains(name)) {
      const bool starred = text_[at_ - 1] == u'*';  // limits go below it
      const QString shown = name == QLatin1String("operatorname") ? argument() : latex::functions().value(name);
      if (starred || takesLimits(shown)) {
        line.putName(shown, End::Limits);
      } else if (!shown.isEmpty()) {
        line.putName(shown, shown.front().isLetter() ? End::Function : End::Name);
      }
      skipSpaces();
    } else if (latex::ignored().contains(name)) {
      skipSpaces();
    } else {
      return false;
    }
    return true;
  }

  static bool takesLimits(const QString& shown) { return latex::limitNames().contains(QString(shown).remove(u' ')); }

  Term term() {
    const qsizetype start = at_;
    const QString shown = argument();
    return {shown, isWords(text_.sliced(start, at_ - start))};
  }

  bool structure(Line& line, const QString& name) {
    if (name == QLatin1String("frac") || name == QLatin1String("dfrac") || name == QLatin1String("tfrac") ||
        name == QLatin1String("cfrac")) {
      const Term above = term();
      line.putFraction(fractionText(above, term()));
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
      if (!inside.endsWith(u')')) line.end = End::Name;  // "√2 x" is not the root of both
    } else if (name == QLatin1String("binom") || name == QLatin1String("dbinom") || name == QLatin1String("tbinom")) {
      const QString above = argument();
      line.put(QStringLiteral("C(%1, %2)").arg(above, argument()));
    } else if (latex::wordCommands().contains(name)) {
      const QString found = words();
      if (found.startsWith(u' ')) line.fraction = -1;  // words of a sentence, not a factor
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
      line.fraction = -1;
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
      if (name == QLatin1String("underset") && takesLimits(whole)) {
        line.putName(whole + limitsBelow(small), End::Name);
      } else {
        line.put(whole + (name == QLatin1String("underset") ? u'_' : u'^') + groupedName(small));
      }
    } else if (name == QLatin1String("xrightarrow")) {
      line.putSign(QChar(0x2014) + argument() + QChar(0x2192));
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
      line.put(groupedName(inside) + mark);
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
