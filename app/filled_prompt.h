// A prompt while it is filled in: what its form asks for, and the text as it comes out.
#pragma once

#include <QAbstractListModel>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include "app/prompt_template.h"

namespace tercet {

/// A row for each variable.
class FilledPrompt : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(QString title READ title NOTIFY begun)
  Q_PROPERTY(int count READ count NOTIFY begun)
  Q_PROPERTY(QString text READ text NOTIFY textChanged)          // what is not filled in yet stands in its braces
  Q_PROPERTY(bool complete READ complete NOTIFY textChanged)     // every variable has a value that it accepts

 public:
  enum class Kind { Text, LongText, Choice, Number };  // those of PromptVariable
  Q_ENUM(Kind)
  enum Role { LabelRole = Qt::UserRole + 1, KindRole, ChoicesRole, ValueRole };
  Q_ENUM(Role)

  explicit FilledPrompt(QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;

  QString title() const { return m_title; }
  int count() const { return static_cast<int>(m_template.variables().size()); }
  QString text() const { return m_template.render(m_values); }
  bool complete() const;

  /// Takes a prompt, with the date and the clipboard of now. False when there is nothing to ask or to look at: `text` is
  /// then what to insert.
  Q_INVOKABLE bool begin(const QString& title, const QString& text);
  /// An empty value is none.
  Q_INVOKABLE void setValue(int row, const QString& value);

 Q_SIGNALS:
  void begun();
  void textChanged();

 private:
  QString m_title;
  PromptTemplate m_template{QString()};
  PromptTemplate::Values m_values;
};

}  // namespace tercet
