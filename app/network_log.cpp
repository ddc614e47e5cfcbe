#include "app/network_log.h"

#include <QDir>
#include <QFile>
#include <QMetaEnum>
#include <QStringList>

namespace tercet {
namespace {

QMetaEnum purposes() { return QMetaEnum::fromType<NetworkLog::Purpose>(); }

}  // namespace

NetworkLog::NetworkLog(const QString& dataDir, QObject* parent)
    : QObject(parent), m_path(QDir(dataDir).filePath(QStringLiteral("network.log"))) {
  read();
}

/// The last line that can be read counts; a cut one after it is the rest of a crash.
void NetworkLog::read() {
  QFile file(m_path);
  if (!file.open(QIODevice::ReadOnly)) return;
  while (!file.atEnd()) {
    const QStringList parts = QString::fromUtf8(file.readLine()).trimmed().split(QLatin1Char('\t'));
    if (parts.size() != 3) continue;
    const QDateTime time = QDateTime::fromString(parts[0], Qt::ISODate);
    if (!time.isValid()) continue;
    bool known = false;
    const int purpose = purposes().keyToValue(parts[1].toUtf8().constData(), &known);
    m_lastTime = time.toLocalTime();
    m_lastPurpose = known ? static_cast<Purpose>(purpose) : Purpose::Other;
    m_lastHost = parts[2];
  }
}

bool NetworkLog::record(Purpose purpose, const QString& host) {
  const QDateTime now = QDateTime::currentDateTimeUtc();
  QFile file(m_path);
  const QByteArray line = now.toString(Qt::ISODate).toUtf8() + '\t' + purposes().valueToKey(static_cast<int>(purpose)) +
                          '\t' + host.simplified().toUtf8() + '\n';
  if (!file.open(QIODevice::Append) || file.write(line) != line.size() || !file.flush()) return false;
  m_lastTime = now.toLocalTime();
  m_lastPurpose = purpose;
  m_lastHost = host.simplified();
  Q_EMIT changed();
  return true;
}

}  // namespace tercet
