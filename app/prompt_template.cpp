#include "app/prompt_template.h"

#include <QLocale>

#include <algorithm>

namespace tercet {
namespace {

using Type = PromptVariable::Type;

const QString kDate = QStringLiteral("date"), kTime = QStringLiteral("time"), kClipboard = QStringLiteral("clipboard");

bool isBuiltIn(const QString& name) { return name == kDate || name == kTime || name == kClipboard; }

bool isNameCharacter(QChar c) { return c.isLetterOrNumber() || c == u'_'; }

/// The length of the place that begins with "{{" at the start of `text`, its braces included; 0 when it is none. It ends
/// on its line and holds no other brace, so that nothing is looked at again and again.
qsizetype placeLength(QStringView text) {
  for (qsizetype i = 2; i < text.size(); ++i) {
    const QChar c = text[i];
    if (c == u'{' || c == u'\n' || c == QChar::ParagraphSeparator || c == QChar::LineSeparator) return 0;
    if (c == u'}') return i + 1 < text.size() && text[i + 1] == u'}' ? i + 2 : 0;
  }
  return 0;
}

/// What stands after the bar. Nothing: no choice is left in it. The words for types are taken in both languages of the
/// window, whichever it shows: prompts are shared.
bool readType(QStringView text, PromptVariable& variable) {
  const QString word = text.trimmed().toString().toLower();
  if (word == u"number" || word == u"número" || word == u"numero") {
    variable.type = Type::Number;
  } else if (word == u"long" || word == u"largo") {
    variable.type = Type::LongText;
  } else {
    variable.type = Type::Choice;
    for (const QStringView choice : text.split(u',')) {
      if (const QString trimmed = choice.trimmed().toString(); !trimmed.isEmpty() && !variable.choices.contains(trimmed)) {
        variable.choices << trimmed;
      }
    }
    return !variable.choices.isEmpty();
  }
  return true;
}

}  // namespace

PromptTemplate::PromptTemplate(const QString& text) {
  const QStringView all(text);
  qsizetype from = 0;  // of the plain text that is not taken yet
  qsizetype i = 0;
  while ((i = text.indexOf(QLatin1String("{{"), i)) >= 0) {
    if (i > from && all[i - 1] == u'\\') {
      addText(all.mid(from, i - 1 - from));
      addText(all.mid(i, 2));
      from = i += 2;
      continue;
    }
    const qsizetype length = placeLength(all.mid(i));
    const QStringView inside = length > 0 ? all.mid(i + 2, length - 4) : QStringView();
    const qsizetype bar = inside.indexOf(u'|');
    const QStringView name = (bar < 0 ? inside : inside.first(bar)).trimmed();
    PromptVariable variable{.name = name.toString()};
    const bool named = !name.isEmpty() && std::all_of(name.begin(), name.end(), isNameCharacter);
    if (!named || (bar >= 0 && !readType(inside.mid(bar + 1), variable))) {
      ++i;  // "{{{name}}}" is a place between braces
      continue;
    }
    addText(all.mid(from, i - from));
    m_parts.push_back({all.mid(i, length).toString(), variable.name});
    addVariable(std::move(variable), bar >= 0);
    from = i += length;
  }
  addText(all.mid(from));
}

void PromptTemplate::addText(QStringView text) {
  if (!text.isEmpty()) m_parts.push_back({text.toString(), {}});
}

void PromptTemplate::addVariable(PromptVariable variable, bool typed) {
  if (isBuiltIn(variable.name)) return;
  const auto found = m_places.constFind(variable.name);
  if (found == m_places.constEnd()) {
    m_places.insert(variable.name, {m_variables.size(), typed});
    m_variables.push_back(std::move(variable));
  } else if (typed && !found->typed) {
    m_variables[found->index] = variable;
    m_places[variable.name].typed = true;
  }
}

bool PromptTemplate::usesClipboard() const {
  return std::any_of(m_parts.begin(), m_parts.end(), [](const Part& part) { return part.name == kClipboard; });
}

QString PromptTemplate::render(const Values& values) const {
  QString text;
  for (const Part& part : m_parts) text += part.name.isEmpty() ? part.text : values.value(part.name, part.text);
  return text;
}

PromptTemplate::Values PromptTemplate::builtIns(const QDateTime& now, const QString& clipboard) {
  const QLocale locale;
  return {{kDate, locale.toString(now.date(), QLocale::LongFormat)},
          {kTime, locale.toString(now.time(), QLocale::ShortFormat)},
          {kClipboard, clipboard}};
}

bool PromptTemplate::accepts(const PromptVariable& variable, const QString& text) {
  const QString trimmed = text.trimmed();
  if (variable.type == Type::Choice) return variable.choices.contains(trimmed);
  if (variable.type != Type::Number) return !trimmed.isEmpty();
  bool isNumber = false;
  QString(trimmed).replace(u',', u'.').toDouble(&isNumber);
  return isNumber;
}

}  // namespace tercet
