// The notifications of the desktop. One of two files makes them: desktop_notifications_dbus.cpp for the free desktops, and
// desktop_notifications_none.cpp elsewhere (on macOS UNUserNotificationCenter would need a third, in Objective-C++).
#pragma once

#include <QObject>
#include <QString>

#include <memory>

namespace tercet {

/// Without a service that shows notifications nothing happens.
class DesktopNotifications : public QObject {
  Q_OBJECT

 public:
  /// False where this program has no way to reach a desktop.
  static const bool kSupported;

  explicit DesktopNotifications(QObject* parent = nullptr);
  ~DesktopNotifications() override;

  /// Returns at once. A new notification with the same key takes the place of the one before. Plain text.
  void show(qint64 key, const QString& title, const QString& text);

 Q_SIGNALS:
  /// A person chose the notification with this key.
  void chosen(qint64 key);

 private:
  class Service;
  std::unique_ptr<Service> m_service;
};

}  // namespace tercet
