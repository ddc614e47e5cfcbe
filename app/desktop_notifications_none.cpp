// Where there is no D-Bus: nothing is shown.
#include "app/desktop_notifications.h"

namespace tercet {

class DesktopNotifications::Service {};
const bool DesktopNotifications::kSupported = false;

DesktopNotifications::DesktopNotifications(QObject* parent) : QObject(parent) {}
DesktopNotifications::~DesktopNotifications() = default;
void DesktopNotifications::show(qint64, const QString&, const QString&) {}

}  // namespace tercet
