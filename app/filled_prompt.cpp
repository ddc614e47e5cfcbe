#include "app/filled_prompt.h"

#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>

namespace tercet {
namespace {

static_assert(static_cast<int>(FilledPrompt::Kind::Number) == static_cast<int>(PromptVariable::Type::Number));

/// "how_many" is asked for as "How many".
QString labelOf(const QString& name) {
  QString label = name;
  label.replace(u'_', u' ');
  label = label.trimmed();
  if (label.isEmpty()) return name;
  label[0] = label[0].toUpper();
  return label;
}

}  // namespace

FilledPrompt::FilledPrompt(QObject* parent) : QAbstractListModel(parent) {}

int FilledPrompt::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QVariant FilledPrompt::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const PromptVariable& variable = m_template.variables()[static_cast<std::size_t>(index.row())];
  switch (role) {
    case LabelRole: return labelOf(variable.name);
    case KindRole: return static_cast<int>(variable.type);
    case ChoicesRole: return variable.choices;
    case ValueRole: return m_values.value(variable.name);
    default: return {};
  }
}

QHash<int, QByteArray> FilledPrompt::roleNames() const {
  return {{LabelRole, "label"}, {KindRole, "kind"}, {ChoicesRole, "choices"}, {ValueRole, "value"}};
}

bool FilledPrompt::complete() const {
  const auto& variables = m_template.variables();
  return std::all_of(variables.begin(), variables.end(), [this](const PromptVariable& variable) {
    return PromptTemplate::accepts(variable, m_values.value(variable.name));
  });
}

bool FilledPrompt::begin(const QString& title, const QString& text) {
  beginResetModel();
  m_title = title;
  m_template = PromptTemplate(text);
  m_values = PromptTemplate::builtIns(QDateTime::currentDateTime(), QGuiApplication::clipboard()->text());
  for (const PromptVariable& variable : m_template.variables()) {
    if (variable.type == PromptVariable::Type::Choice) m_values[variable.name] = variable.choices.first();
  }
  endResetModel();
  Q_EMIT begun();
  Q_EMIT textChanged();
  return count() > 0 || m_template.usesClipboard();
}

void FilledPrompt::setValue(int row, const QString& value) {
  if (row < 0 || row >= count()) return;
  const QString& name = m_template.variables()[static_cast<std::size_t>(row)].name;
  if (m_values.value(name) == value) return;
  if (value.isEmpty()) {
    m_values.remove(name);
  } else {
    m_values[name] = value;
  }
  Q_EMIT dataChanged(index(row), index(row), {ValueRole});
  Q_EMIT textChanged();
}

}  // namespace tercet
