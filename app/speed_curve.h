// Speeds against thread counts or batch sizes, as the rows of a chart.
#pragma once

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <vector>

#include "engine/tuner.h"

namespace tercet {

class SpeedCurve : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by TuningController")
  Q_PROPERTY(int count READ count NOTIFY countChanged)

 public:
  enum Role { AtRole = Qt::UserRole + 1, SpeedRole, ShareRole, ChosenRole };
  Q_ENUM(Role)

  explicit SpeedCurve(QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  int count() const { return static_cast<int>(m_points.size()); }

  /// `chosen` is the place of the point to mark; 0 marks none.
  void show(const std::vector<SpeedPoint>& points, std::uint32_t chosen);
  /// Numbers are written anew in the current language.
  void retranslate();

 Q_SIGNALS:
  void countChanged();

 private:
  std::vector<SpeedPoint> m_points;
  std::uint32_t m_chosen = 0;
  double m_top = 0;  // tokens/s of the fastest
};

}  // namespace tercet
