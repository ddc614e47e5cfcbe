#include "app/speed_curve.h"

#include <QLocale>

#include <algorithm>

#include "app/stats_text.h"

namespace tercet {

SpeedCurve::SpeedCurve(QObject* parent) : QAbstractListModel(parent) {}

int SpeedCurve::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QVariant SpeedCurve::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const SpeedPoint& point = m_points[static_cast<std::size_t>(index.row())];
  switch (role) {
    case AtRole: return QLocale().toString(point.at);
    case SpeedRole: return speedNumber(point.tokens_per_s);
    case ShareRole: return m_top > 0 ? point.tokens_per_s / m_top : 0.0;
    case ChosenRole: return point.at == m_chosen;
    default: return {};
  }
}

QHash<int, QByteArray> SpeedCurve::roleNames() const {
  return {{AtRole, "at"}, {SpeedRole, "speed"}, {ShareRole, "share"}, {ChosenRole, "chosen"}};
}

void SpeedCurve::show(const std::vector<SpeedPoint>& points, std::uint32_t chosen) {
  if (m_points == points && m_chosen == chosen) return;
  beginResetModel();
  m_points = points;
  m_chosen = chosen;
  m_top = 0;
  for (const SpeedPoint& point : points) m_top = std::max(m_top, point.tokens_per_s);
  endResetModel();
  Q_EMIT countChanged();
}

void SpeedCurve::retranslate() {
  if (!m_points.empty()) Q_EMIT dataChanged(index(0), index(count() - 1));
}

}  // namespace tercet
