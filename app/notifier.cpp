#include "app/notifier.h"

#include <QGuiApplication>

#include <optional>

#include "app/settings.h"
#include "app/storage/history_store.h"

namespace tercet {
namespace {

constexpr qsizetype kMostWords = 200;  // characters of an answer that fit a notification

}  // namespace

Notifier::Notifier(HistoryStore* store, const Settings* settings, QObject* parent)
    : QObject(parent), m_store(store), m_settings(settings) {
  connect(&m_desktop, &DesktopNotifications::chosen, this, &Notifier::opened);
}

void Notifier::onAnswered(ConversationId conversation, qint64 tookMs) {
  const bool away = QGuiApplication::applicationState() != Qt::ApplicationActive;  // hidden, minimised or behind another
  if (tookMs < kLongMs || !away || m_settings->notify() == QLatin1String("off")) return;
  const std::optional<ConversationInfo> info = m_store->conversation(conversation);
  if (!info || info->deletedAt != 0) return;
  //: %1: the title of a chat
  m_desktop.show(conversation, tr("Answer ready: %1").arg(info->title),
                 m_settings->notify() == QLatin1String("text") ? firstWords(conversation) : QString());
}

/// Of the newest answer; what is written last is what just became ready.
QString Notifier::firstWords(ConversationId conversation) const {
  Message newest;
  for (const Message& message : m_store->messages(conversation)) {
    if (message.author == Message::Author::Assistant && message.id > newest.id) newest = message;
  }
  const QString words = newest.text.simplified();
  return words.size() <= kMostWords ? words : words.left(kMostWords) + QChar(u'…');
}

}  // namespace tercet
