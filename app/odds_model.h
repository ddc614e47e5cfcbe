// What could stand at a place of an answer, the likeliest first, as the rows of a list.
#pragma once

#include <QAbstractListModel>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <string_view>
#include <vector>

#include "engine/session.h"

namespace tercet {

class OddsModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by WordOdds")
  Q_PROPERTY(int count READ count NOTIFY countChanged)

 public:
  enum Role {
    WordRole = Qt::UserRole + 1,  // to look at: wordOf
    SpokenRole,                   // to listen to: spokenWordOf
    ProbabilityRole, PercentRole, ChosenRole, EndsTurnRole
  };
  Q_ENUM(Role)

  explicit OddsModel(QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  int count() const { return static_cast<int>(m_rows.size()); }
  const TokenOdds& at(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
  /// The share of all that is not in the list, 0..1.
  double otherShare() const;

  /// What is likeliest, and below it what stands there if it is none of that.
  void show(const Odds& odds);
  void clear();
  /// Numbers and names are written anew in the current language.
  void retranslate();

  /// Bytes of a token with its spaces and ends of lines visible; bytes that are no whole characters as hexadecimal digits.
  static QString wordOf(std::string_view bytes);
  /// The same in words where there are no letters to say.
  static QString spokenWordOf(std::string_view bytes);
  /// "12.3 %"
  static QString percentOf(double probability);

 Q_SIGNALS:
  void countChanged();

 private:
  std::vector<TokenOdds> m_rows;
  TokenId m_chosen = -1;
};

}  // namespace tercet
