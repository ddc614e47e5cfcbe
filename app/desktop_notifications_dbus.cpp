// Through org.freedesktop.Notifications, version 1.2 of its specification (freedesktop.org, "Desktop Notifications").
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QHash>
#include <QStringList>
#include <QVariantMap>

#include "app/desktop_notifications.h"

namespace tercet {
namespace {

const QString kName = QStringLiteral("org.freedesktop.Notifications");
const QString kPath = QStringLiteral("/org/freedesktop/Notifications");
const QString kChosen = QStringLiteral("default");  // the action of choosing the notification itself
constexpr int kUsualTime = -1;                      // as long as the desktop shows others

}  // namespace

class DesktopNotifications::Service : public QObject {
  Q_OBJECT

 public:
  explicit Service(DesktopNotifications* owner) : m_owner(owner), m_bus(QDBusConnection::sessionBus()) {
    if (!m_bus.isConnected()) return;
    m_bus.connect(kName, kPath, kName, QStringLiteral("ActionInvoked"), this, SLOT(onAction(uint, QString)));
    m_bus.connect(kName, kPath, kName, QStringLiteral("ActivationToken"), this, SLOT(onToken(uint, QString)));
    m_bus.connect(kName, kPath, kName, QStringLiteral("NotificationClosed"), this, SLOT(onClosed(uint, uint)));
  }

  void show(qint64 key, const QString& title, const QString& text) {
    if (!m_bus.isConnected()) return;
    QDBusMessage call = QDBusMessage::createMethodCall(kName, kPath, kName, QStringLiteral("Notify"));
    // The body may hold markup, the summary may not.
    call << QStringLiteral("Tercet") << m_ids.value(key, 0U) << QStringLiteral("tercet") << title << text.toHtmlEscaped()
         << QStringList{kChosen, tr("Open")} << QVariantMap{{QStringLiteral("desktop-entry"), QStringLiteral("tercet")}}
         << kUsualTime;
    auto* watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, key](QDBusPendingCallWatcher* done) {
      const QDBusPendingReply<uint> reply = *done;
      if (!reply.isError()) m_ids[key] = reply.value();
      done->deleteLater();
    });
  }

 private Q_SLOTS:
  void onAction(uint id, const QString& action) {
    if (action != kChosen) return;
    for (auto it = m_ids.cbegin(); it != m_ids.cend(); ++it) {
      if (it.value() == id) {
        Q_EMIT m_owner->chosen(it.key());
        return;
      }
    }
  }
  /// Wayland lets a window come to the front only with this; Qt takes it from there.
  void onToken(uint id, const QString& token) {
    if (m_ids.values().contains(id)) qputenv("XDG_ACTIVATION_TOKEN", token.toUtf8());
  }
  void onClosed(uint id, uint) {
    m_ids.removeIf([id](const auto& entry) { return entry.value() == id; });
  }

 private:
  DesktopNotifications* m_owner;
  QDBusConnection m_bus;
  QHash<qint64, uint> m_ids;  // of what is shown, by key
};

const bool DesktopNotifications::kSupported = true;

DesktopNotifications::DesktopNotifications(QObject* parent) : QObject(parent) {}
DesktopNotifications::~DesktopNotifications() = default;

void DesktopNotifications::show(qint64 key, const QString& title, const QString& text) {
  // Not before there is something to show: connecting to a bus takes time at the start.
  if (!m_service) m_service = std::make_unique<Service>(this);
  m_service->show(key, title, text);
}

}  // namespace tercet

#include "desktop_notifications_dbus.moc"
