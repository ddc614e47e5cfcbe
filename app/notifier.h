// Tells a person who went elsewhere that a long answer is ready.
#pragma once

#include <QObject>
#include <QString>

#include "app/desktop_notifications.h"
#include "app/message.h"

namespace tercet {

class HistoryStore;
class Settings;

/// Only for answers that took long, and only while no window of the program is in use. The words of an answer are shown
/// only when the settings say so: notifications also appear on locked screens.
class Notifier : public QObject {
  Q_OBJECT

 public:
  static constexpr qint64 kLongMs = 10000;

  /// Both outlive this.
  Notifier(HistoryStore* store, const Settings* settings, QObject* parent = nullptr);

  void onAnswered(tercet::ConversationId conversation, qint64 tookMs);

 Q_SIGNALS:
  /// The notification of this conversation was chosen.
  void opened(tercet::ConversationId conversation);

 private:
  QString firstWords(ConversationId conversation) const;

  HistoryStore* m_store;
  const Settings* m_settings;
  DesktopNotifications m_desktop;
};

}  // namespace tercet
