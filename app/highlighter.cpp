#include "app/highlighter.h"

#include <QHash>

#include <algorithm>

#include "app/languages.h"
#include "app/markdown.h"

namespace tercet {
namespace {

// States: 0, or 1 + the index of the region that is open, plus this inside a tag of HTML.
constexpr int kInTag = 1000;

class LineReader {
 public:
  LineReader(const Language& language, QStringView line, int state, std::vector<InkSpan>& spans, bool ends)
      : language_(language), line_(line), spans_(spans), ends_(ends), region_(state % kInTag), inTag_(state >= kInTag) {}

  int read() {
    if (language_.manner == Language::Manner::Changes) {
      change();
      return 0;
    }
    if (region_ > 0) finishRegion(0);
    if (at_ == 0 && language_.manner == Language::Manner::Prose) prose();
    while (at_ < line_.size()) step();
    return region_ + (inTag_ ? kInTag : 0);
  }

 private:
  QChar charAt(qsizetype index) const { return index >= 0 && index < line_.size() ? line_[index] : QChar(); }
  bool isWord(QChar c) const { return c.isLetterOrNumber() || c == u'_' || language_.wordMarks.contains(c); }
  void add(qsizetype start, Ink ink) {
    if (at_ > start) spans_.push_back({start, at_ - start, ink});
  }

  void step() {
    const QChar c = line_[at_];
    const bool words = language_.manner != Language::Manner::Prose && (language_.manner != Language::Manner::Tags || inTag_);
    if (beginRegion()) return;
    if (language_.manner == Language::Manner::Tags && tag()) return;
    if (words && c >= u'0' && c <= u'9') {
      number();
    } else if (words && isWord(c)) {
      word();
    } else {
      ++at_;
    }
  }

  bool beginRegion() {
    for (std::size_t i = 0; i < language_.regions.size(); ++i) {
      const Region& region = language_.regions[i];
      if (!line_.sliced(at_).startsWith(region.open)) continue;
      if (language_.manner == Language::Manner::Tags && !region.comment && !inTag_) continue;
      // A shell's # begins a comment only after a space, and an r before a quote may end a name.
      if (region.open == u'#' && at_ > 0 && !charAt(at_ - 1).isSpace() && charAt(at_ - 1) != u';') continue;
      if (region.open.front().isLetter() && isWord(charAt(at_ - 1))) continue;
      const qsizetype start = at_;
      region_ = static_cast<int>(i) + 1;
      at_ += region.open.size();
      finishRegion(start);
      return true;
    }
    return false;
  }

  /// From `at_` to the end of the open region, or of the line.
  void finishRegion(qsizetype start) {
    const Region& region = language_.regions[static_cast<std::size_t>(region_ - 1)];
    bool closed = false;
    while (at_ < line_.size() && !closed && !region.close.isEmpty()) {
      if (region.escapes && line_[at_] == u'\\') {
        at_ = std::min(at_ + 2, line_.size());
      } else if (line_.sliced(at_).startsWith(region.close)) {
        at_ += region.close.size();
        closed = true;
      } else {
        ++at_;
      }
    }
    if (!closed) at_ = line_.size();
    if (closed || (ends_ && !region.multiline)) region_ = 0;
    Ink ink = region.comment ? Ink::Comment : Ink::String;
    if (!region.comment && language_.manner == Language::Manner::Keys && isKeyAt(at_)) ink = Ink::Keyword;
    add(start, ink);
  }

  /// Whether what ends at `index` is the key of a mapping.
  bool isKeyAt(qsizetype index) const {
    while (charAt(index).isSpace()) ++index;
    return charAt(index) == u':' || charAt(index) == u'=';
  }

  void number() {
    const qsizetype start = at_;
    while (at_ < line_.size()) {
      const QChar c = line_[at_];
      const bool sign = (c == u'+' || c == u'-') && at_ > start && charAt(at_ - 1).toLower() == u'e' && charAt(start + 1) != u'x';
      const bool point = c == u'.' && charAt(at_ + 1).isDigit();
      if (!c.isLetterOrNumber() && c != u'_' && c != u'%' && !sign && !point) break;
      ++at_;
    }
    add(start, Ink::Number);
  }

  void word() {
    const qsizetype start = at_;
    while (at_ < line_.size() && isWord(line_[at_])) ++at_;
    const QString found = line_.sliced(start, at_ - start).toString();
    const QString key = language_.anyCase ? found.toLower() : found;
    const bool member = charAt(start - 1) == u'.';
    if (language_.manner == Language::Manner::Keys && isKeyAt(at_)) {
      add(start, Ink::Keyword);
    } else if (language_.manner == Language::Manner::Rules) {
      rule(start, key);
    } else if (language_.manner == Language::Manner::Tags) {
      add(start, charAt(start - 1) == u'<' || charAt(start - 1) == u'/' ? Ink::Keyword : Ink::Type);
    } else if (language_.keywords.contains(key) && !member) {
      add(start, Ink::Keyword);
    } else if (language_.types.contains(key)) {
      add(start, Ink::Type);
    }
  }

  /// A word of a style sheet: at-rules, #colours, and properties before a colon.
  void rule(qsizetype start, const QString& word) {
    if (language_.keywords.contains(word) || word.startsWith(u'@')) {
      add(start, Ink::Keyword);
    } else if (charAt(at_) == u':' && charAt(at_ + 1).isSpace()) {
      add(start, Ink::Type);
    } else if (word.startsWith(u'#') && line_.sliced(at_).trimmed().startsWith(u';')) {
      add(start, Ink::Number);
    }
  }

  bool tag() {
    if (!inTag_ && line_[at_] == u'<' && (charAt(at_ + 1).isLetter() || QStringView(u"/!?").contains(charAt(at_ + 1)))) {
      inTag_ = true;
    } else if (inTag_ && line_[at_] == u'>') {
      inTag_ = false;
    } else {
      return false;
    }
    ++at_;
    return true;
  }

  void prose() {
    const QStringView text = line_.trimmed();
    if (text.startsWith(u'#')) {
      at_ = line_.size();
      add(0, Ink::Keyword);
    } else if (text.startsWith(u'>')) {
      at_ = line_.size();
      add(0, Ink::Comment);
    }
  }

  void change() {
    at_ = line_.size();
    if (line_.startsWith(QLatin1String("@@"))) {
      add(0, Ink::Keyword);
    } else if (line_.startsWith(QLatin1String("+++")) || line_.startsWith(QLatin1String("---")) ||
               line_.startsWith(QLatin1String("diff ")) || line_.startsWith(QLatin1String("index "))) {
      add(0, Ink::Comment);
    } else if (line_.startsWith(u'+')) {
      add(0, Ink::Added);
    } else if (line_.startsWith(u'-')) {
      add(0, Ink::Removed);
    }
  }

  const Language& language_;
  QStringView line_;
  std::vector<InkSpan>& spans_;
  bool ends_;  // or goes on in another piece
  int region_;
  bool inTag_;
  qsizetype at_ = 0;
};

QLatin1String className(Ink ink) {
  switch (ink) {
    case Ink::Comment: return QLatin1String("comment");
    case Ink::String: return QLatin1String("string");
    case Ink::Number: return QLatin1String("number");
    case Ink::Keyword: return QLatin1String("keyword");
    case Ink::Type: return QLatin1String("type");
    case Ink::Added: return QLatin1String("added");
    case Ink::Removed: return QLatin1String("removed");
  }
  return {};
}

}  // namespace

const Language* languageNamed(const QString& label) {
  static const QHash<QString, const Language*> byName = [] {
    QHash<QString, const Language*> out;
    for (const Language& language : languages()) {
      for (const QString& name : language.names) out.insert(name, &language);
    }
    return out;
  }();
  return byName.value(label.toLower());
}

int highlightLine(const Language* language, QStringView line, int state, std::vector<InkSpan>& spans, bool ends) {
  return language ? LineReader(*language, line, state, spans, ends).read() : 0;
}

QString highlightedHtml(const Language* language, const QString& code, int state) {
  QString out;
  out.reserve(code.size() * 2);
  std::vector<InkSpan> spans;
  bool first = true;
  for (const QStringView line : QStringView(code).split(u'\n')) {
    if (!std::exchange(first, false)) out += QLatin1String("<br/>");
    spans.clear();
    state = highlightLine(language, line, state, spans);
    qsizetype at = 0;
    for (const InkSpan& span : spans) {
      out += escapedHtml(line.sliced(at, span.start - at));
      out += QLatin1String("<span class=\"") + className(span.ink) + QLatin1String("\">") +
             escapedHtml(line.sliced(span.start, span.length)) + QLatin1String("</span>");
      at = span.start + span.length;
    }
    out += escapedHtml(line.sliced(at));
  }
  return out;
}

}  // namespace tercet
