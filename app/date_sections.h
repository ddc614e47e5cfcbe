// The parts of time under which conversations are listed: today, yesterday, ... and the months before.
#pragma once

#include <QDateTime>
#include <QString>

namespace tercet {

/// Days begin at midnight where the computer is. Good for the day of `now`.
class DateSections {
 public:
  enum class Kind { Today, Yesterday, Previous7Days, Previous30Days, Month };
  /// Times (ms since 1970, UTC) from `from` up to, not including, `to`.
  struct Section {
    Kind kind = Kind::Today;
    qint64 from = 0;
    qint64 to = 0;

    bool contains(qint64 time) const { return time >= from && time < to; }
  };

  explicit DateSections(const QDateTime& now);

  /// Times to come belong to today.
  Section at(qint64 time) const;
  /// In the present language: "Yesterday", "March 2026".
  static QString title(const Section& section);
  /// When today ends.
  qint64 endOfDay() const { return m_endOfDay; }

  friend bool operator==(const DateSections&, const DateSections&) = default;

 private:
  qint64 m_endOfDay, m_today, m_yesterday, m_week, m_month;  // where each begins
};

}  // namespace tercet
