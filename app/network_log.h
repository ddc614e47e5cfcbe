// When Tercet last used the network, and what for. Every connection is noted here before it is made.
#pragma once

#include <QDateTime>
#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

namespace tercet {

/// Kept in network.log of the data directory: a line for each use, the newest last, with tabs between time (UTC, ISO 8601),
/// purpose and host.
class NetworkLog : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(bool used READ used NOTIFY changed)
  Q_PROPERTY(QDateTime lastTime READ lastTime NOTIFY changed)
  Q_PROPERTY(QString lastHost READ lastHost NOTIFY changed)
  Q_PROPERTY(Purpose lastPurpose READ lastPurpose NOTIFY changed)

 public:
  enum class Purpose { Other, ModelDownload };
  Q_ENUM(Purpose)

  explicit NetworkLog(const QString& dataDir, QObject* parent = nullptr);

  bool used() const { return m_lastTime.isValid(); }
  QDateTime lastTime() const { return m_lastTime; }  // local
  QString lastHost() const { return m_lastHost; }
  Purpose lastPurpose() const { return m_lastPurpose; }

  /// Call it before connecting. False, and then nobody may connect, when it cannot be noted.
  [[nodiscard]] bool record(Purpose purpose, const QString& host);

 Q_SIGNALS:
  void changed();

 private:
  void read();

  QString m_path;
  QDateTime m_lastTime;
  QString m_lastHost;
  Purpose m_lastPurpose = Purpose::Other;
};

}  // namespace tercet
