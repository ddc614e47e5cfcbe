#include "app/export/portable_text.h"

#include <QDateTime>
#include <QStringList>
#include <QStringView>

#include <algorithm>

#include "app/well_formed.h"

namespace tercet {
namespace {

constexpr qint64 kFirst = -62135596800000;  // 0001-01-01T00:00:00.000Z
constexpr qint64 kLast = 253402300799999;   // 9999-12-31T23:59:59.999Z

/// Names that Windows keeps for devices, whatever their ending.
bool isDevice(const QString& name) {
  const QString stem = name.section(QLatin1Char('.'), 0, 0).trimmed().toUpper();
  static const QStringList kPlain{QStringLiteral("CON"), QStringLiteral("PRN"), QStringLiteral("AUX"), QStringLiteral("NUL")};
  const bool numbered = stem.size() == 4 && (stem.startsWith(QLatin1String("COM")) || stem.startsWith(QLatin1String("LPT")));
  return kPlain.contains(stem) || (numbered && stem.back().isDigit());
}

bool allowedInName(QChar c) {
  const auto category = c.category();
  return category != QChar::Other_Control && category != QChar::Other_Format && category != QChar::Separator_Line &&
         category != QChar::Separator_Paragraph && !QStringView(u"/\\:*?\"<>|").contains(c);
}

}  // namespace

QString isoTime(qint64 time) {
  return QDateTime::fromMSecsSinceEpoch(std::clamp(time, kFirst, kLast), Qt::UTC).toString(Qt::ISODateWithMs);
}

std::optional<qint64> timeOfIso(const QString& text) {
  QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
  if (!time.isValid()) return std::nullopt;
  if (time.timeSpec() == Qt::LocalTime) time.setTimeSpec(Qt::UTC);
  const qint64 ms = time.toMSecsSinceEpoch();
  if (ms < kFirst || ms > kLast) return std::nullopt;
  return ms == 0 ? 1 : ms;
}

QString fileNameOf(const QString& title) {
  QString name = wellFormed(title);
  for (QChar& c : name) {
    if (!allowedInName(c)) c = QLatin1Char(' ');
  }
  name = name.simplified();
  constexpr qsizetype kMostCharacters = 60, kMostBytes = 120;
  name.truncate(kMostCharacters);
  while (!name.isEmpty() && (name.back().isHighSurrogate() || name.toUtf8().size() > kMostBytes)) {
    name.chop(name.back().isLowSurrogate() ? 2 : 1);
  }
  while (!name.isEmpty() && (name.back() == u'.' || name.back() == u' ')) name.chop(1);
  while (!name.isEmpty() && (name.front() == u'.' || name.front() == u' ')) name.remove(0, 1);
  if (name.isEmpty()) return QStringLiteral("chat");
  return isDevice(name) ? name.prepend(QLatin1Char('_')) : name;
}

}  // namespace tercet
