#include "app/html_characters.h"

#include <QChar>

#include <algorithm>
#include <iterator>

namespace tercet {
namespace {

struct NamedCharacter {
  const char* name;
  char16_t character;
};

constexpr NamedCharacter kNamedCharacters[] = {
    {"amp", u'&'}, {"lt", u'<'}, {"gt", u'>'}, {"quot", u'"'}, {"apos", u'\''}, {"nbsp", 0x00A0},
    {"iexcl", u'¡'}, {"cent", u'¢'}, {"pound", u'£'}, {"yen", u'¥'}, {"sect", u'§'}, {"copy", u'©'},
    {"ordf", u'ª'}, {"laquo", u'«'}, {"reg", u'®'}, {"deg", u'°'}, {"plusmn", u'±'}, {"sup2", u'²'},
    {"sup3", u'³'}, {"micro", u'µ'}, {"para", u'¶'}, {"middot", u'·'}, {"ordm", u'º'}, {"raquo", u'»'},
    {"frac14", u'¼'}, {"frac12", u'½'}, {"frac34", u'¾'}, {"iquest", u'¿'}, {"times", u'×'},
    {"divide", u'÷'}, {"aacute", u'á'}, {"eacute", u'é'}, {"iacute", u'í'}, {"oacute", u'ó'},
    {"uacute", u'ú'}, {"uuml", u'ü'}, {"ntilde", u'ñ'}, {"Ntilde", u'Ñ'}, {"ensp", 0x2002},
    {"emsp", 0x2003}, {"thinsp", 0x2009}, {"ndash", u'–'}, {"mdash", u'—'}, {"lsquo", u'‘'},
    {"rsquo", u'’'}, {"ldquo", u'“'}, {"rdquo", u'”'}, {"bull", u'•'}, {"hellip", u'…'}, {"prime", u'′'},
    {"euro", u'€'}, {"trade", u'™'}, {"larr", u'←'}, {"uarr", u'↑'}, {"rarr", u'→'}, {"darr", u'↓'},
    {"harr", u'↔'}, {"radic", u'√'}, {"infin", u'∞'}, {"asymp", u'≈'}, {"ne", u'≠'}, {"le", u'≤'},
    {"ge", u'≥'}, {"check", u'✓'},
};

/// `digits` is what follows the #; empty when that is no number.
QString numberedCharacter(QStringView digits) {
  const bool hexadecimal = digits.startsWith(u'x', Qt::CaseInsensitive);
  if (hexadecimal) digits = digits.sliced(1);
  if (digits.isEmpty() || digits.size() > 7 || !digits.front().isLetterOrNumber()) return {};
  bool ok = false;
  const char32_t character = digits.toUInt(&ok, hexadecimal ? 16 : 10);
  if (!ok) return {};
  if (character == u'\t' || character == u'\n' || character == u'\r') return QStringLiteral(" ");
  // No control characters, halves of a pair, what Qt takes for an object or the end of a paragraph, or what is no character of Unicode.
  const bool control = character < 0x20 || (character >= 0x7F && character < 0xA0) || character == QChar::LineSeparator ||
                       character == QChar::ParagraphSeparator || character == QChar::ObjectReplacementCharacter;
  const bool none = character > QChar::LastValidCodePoint || QChar::isSurrogate(character) || QChar::isNonCharacter(character);
  if (control || none) return QString(QChar(QChar::ReplacementCharacter));
  return QString::fromUcs4(&character, 1);
}

}  // namespace

QString htmlCharacter(QStringView reference) {
  if (reference.startsWith(u'#')) return numberedCharacter(reference.sliced(1));
  const auto* const named = std::find_if(std::begin(kNamedCharacters), std::end(kNamedCharacters),
                                         [reference](const NamedCharacter& c) { return reference == QLatin1String(c.name); });
  return named != std::end(kNamedCharacters) ? QString(QChar(named->character)) : QString();
}

}  // namespace tercet
