#include "app/date_sections.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <limits>

namespace tercet {
namespace {

qint64 startOf(const QDate& day) { return day.startOfDay().toMSecsSinceEpoch(); }

/// Names that begin a line do so with a capital, also where months are written small.
QString capitalized(QString text) {
  if (!text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

}  // namespace

DateSections::DateSections(const QDateTime& now) {
  const QDate day = now.date();
  m_endOfDay = startOf(day.addDays(1));
  m_today = startOf(day);
  m_yesterday = startOf(day.addDays(-1));
  m_week = startOf(day.addDays(-7));
  m_month = startOf(day.addDays(-30));
}

DateSections::Section DateSections::at(qint64 time) const {
  if (time >= m_today) return {Kind::Today, m_today, std::numeric_limits<qint64>::max()};
  if (time >= m_yesterday) return {Kind::Yesterday, m_yesterday, m_today};
  if (time >= m_week) return {Kind::Previous7Days, m_week, m_yesterday};
  if (time >= m_month) return {Kind::Previous30Days, m_month, m_week};
  const QDate day = QDateTime::fromMSecsSinceEpoch(time).date();
  const QDate first(day.year(), day.month(), 1);
  return {Kind::Month, startOf(first), std::min(startOf(first.addMonths(1)), m_month)};
}

QString DateSections::title(const Section& section) {
  switch (section.kind) {
    case Kind::Today: return QCoreApplication::translate("DateSections", "Today");
    case Kind::Yesterday: return QCoreApplication::translate("DateSections", "Yesterday");
    case Kind::Previous7Days: return QCoreApplication::translate("DateSections", "Previous 7 days");
    case Kind::Previous30Days: return QCoreApplication::translate("DateSections", "Previous 30 days");
    case Kind::Month: break;
  }
  const QDate day = QDateTime::fromMSecsSinceEpoch(section.from).date();
  return capitalized(QLocale().standaloneMonthName(day.month())) + QLatin1Char(' ') + QString::number(day.year());
}

}  // namespace tercet
