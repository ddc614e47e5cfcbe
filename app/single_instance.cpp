#include "app/single_instance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalSocket>
#include <QStandardPaths>

namespace tercet {
namespace {

constexpr int kStepMs = 200;
constexpr qint64 kLongestRequest = 1 << 16;  // bytes
constexpr const char* kToken = "XDG_ACTIVATION_TOKEN";  // with it, Wayland lets another window take the keyboard
constexpr const char* kDone = "ok\n";

/// The same for every way to write the directory, and only for this user.
QString socketName(const QString& dataDir) {
  const QString place = QDir(dataDir).canonicalPath();
  const QByteArray hash = QCryptographicHash::hash((QDir::homePath() + QLatin1Char('\n') + place).toUtf8(), QCryptographicHash::Sha256);
  const QString name = QStringLiteral("tercet-") + QString::fromLatin1(hash.toHex().first(16));
#ifdef _WIN32
  return name;  // a pipe
#else
  return QDir(QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation)).filePath(name);
#endif
}

QString madeDirectory(const QString& dataDir) {
  QDir().mkpath(dataDir);
  return dataDir;
}

}  // namespace

SingleInstance::SingleInstance(const QString& dataDir, QObject* parent)
    : QObject(parent),
      m_name(socketName(madeDirectory(dataDir))),
      m_lock(QDir(dataDir).filePath(QStringLiteral("instance.lock"))) {
  m_lock.setStaleLockTime(0);  // however old: only the end of its process ends a lock
  m_server.setSocketOptions(QLocalServer::UserAccessOption);
  connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::take);
}

SingleInstance::~SingleInstance() = default;

SingleInstance::Place SingleInstance::enter(const QString& model, int waitMs) {
  QElapsedTimer clock;
  clock.start();
  do {
    // Waits a little: the other one may be ending, or may not listen yet.
    if (m_lock.tryLock(clock.elapsed() == 0 ? 0 : kStepMs)) {
      listen();
      return Place::First;
    }
    if (m_lock.error() != QLockFile::LockFailedError) return Place::First;
    if (ask(model)) return Place::HandedOver;
  } while (clock.elapsed() < waitMs);
  return Place::NoAnswer;
}

void SingleInstance::listen() {
  QLocalServer::removeServer(m_name);  // of one that was killed
  m_server.listen(m_name);             // without it a second start says so, and nothing else is lost
}

bool SingleInstance::ask(const QString& model) {
  QLocalSocket socket;
  socket.connectToServer(m_name);
  if (!socket.waitForConnected(kStepMs)) return false;
  const QJsonObject request{{QStringLiteral("model"), model}, {QStringLiteral("token"), qEnvironmentVariable(kToken)}};
  socket.write(QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n');
  return socket.waitForReadyRead(10 * kStepMs) && socket.readAll() == kDone;
}

void SingleInstance::take() {
  while (QLocalSocket* socket = m_server.nextPendingConnection()) {
    connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    const auto read = [this, socket] {
      if (socket->bytesAvailable() > kLongestRequest) return socket->abort();
      if (!socket->canReadLine()) return;
      const QJsonObject request = QJsonDocument::fromJson(socket->readLine()).object();
      if (const QString token = request[QLatin1String("token")].toString(); !token.isEmpty()) qputenv(kToken, token.toUtf8());
      socket->write(kDone);
      socket->disconnectFromServer();
      Q_EMIT asked(request[QLatin1String("model")].toString());
    };
    connect(socket, &QLocalSocket::readyRead, this, read);
    read();  // it may have come with the connection
  }
}

}  // namespace tercet
