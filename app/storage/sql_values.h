// How values are bound to SQL: what stands for "none", and the times of rows.
#pragma once

#include <QDateTime>
#include <QString>
#include <QVariant>

namespace tercet {

/// ms since 1970, UTC.
inline qint64 now() { return QDateTime::currentMSecsSinceEpoch(); }
/// The time itself, or now where it is 0.
inline qint64 orNow(qint64 time) { return time != 0 ? time : now(); }
/// NULL for 0: an id or time that is not there.
inline QVariant orNull(qint64 number) { return number != 0 ? QVariant(number) : QVariant(QMetaType::fromType<qint64>()); }
/// NULL for an empty text.
inline QVariant orNull(const QString& text) { return text.isEmpty() ? QVariant(QMetaType::fromType<QString>()) : QVariant(text); }
/// A null QString would be bound as NULL, which a column of text refuses.
inline QString notNull(const QString& text) { return text.isNull() ? QLatin1String("") : text; }

}  // namespace tercet
