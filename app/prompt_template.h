// Prompts with places to fill in: {{name}}, {{tone|formal,friendly}}, {{count|number}}, {{text|long}}.
#pragma once

#include <QDateTime>
#include <QHash>
#include <QString>
#include <QStringList>

#include <vector>

namespace tercet {

/// One thing to ask for.
struct PromptVariable {
  enum class Type { Text, LongText, Choice, Number };
  QString name;             // letters, digits and _; upper and lower case differ
  Type type = Type::Text;
  QStringList choices = {};  // of a Choice, at least one

  friend bool operator==(const PromptVariable&, const PromptVariable&) = default;
};

/// The text of a prompt, taken apart once. What is no well-formed place stays text: no text is refused. "\{{" stands for
/// "{{". A name may come several times; the first place that says a type says it for all. {{date}}, {{time}} and
/// {{clipboard}} are not asked for.
class PromptTemplate {
 public:
  using Values = QHash<QString, QString>;  // by name

  /// Takes time in proportion to the length of `text`.
  explicit PromptTemplate(const QString& text);

  /// What is to be asked for, in the order of appearance.
  const std::vector<PromptVariable>& variables() const { return m_variables; }
  /// {{clipboard}} is in it: what people copied should not be sent before they see it.
  bool usesClipboard() const;
  /// The text with its values; a place without a value stays as it is written.
  QString render(const Values& values) const;

  /// Values of {{date}}, {{time}} and {{clipboard}}, date and time as the default locale writes them.
  static Values builtIns(const QDateTime& now, const QString& clipboard);
  /// Whether `text` can stand for `variable`: not blank, one of the choices, a number with point or comma.
  static bool accepts(const PromptVariable& variable, const QString& text);

 private:
  struct Part {
    QString text;  // as written
    QString name;  // empty: plain text
  };

  struct Place {
    std::size_t index;  // in m_variables
    bool typed;
  };

  void addText(QStringView text);
  void addVariable(PromptVariable variable, bool typed);

  std::vector<Part> m_parts;
  std::vector<PromptVariable> m_variables;
  QHash<QString, Place> m_places;  // by name
};

}  // namespace tercet
