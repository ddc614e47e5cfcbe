// Long answers are told about through the desktop's notifications. The test is that service, on a bus of its own.
#include <QDBusConnection>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QVariantMap>
#include <QWindow>

#include <memory>
#include <vector>

#include "app/notifier.h"
#include "app/settings.h"
#include "app/storage/history_store.h"

using namespace tercet;

namespace {

struct Shown {
  uint id, replaces;
  QString title, text;
  QStringList actions;
};

/// What a desktop would show.
class FakeDesktop : public QObject {
  Q_OBJECT
  Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

 public:
  std::vector<Shown> shown;

 public Q_SLOTS:
  uint Notify(const QString&, uint replaces, const QString&, const QString& title, const QString& text,
              const QStringList& actions, const QVariantMap&, int) {
    const uint id = replaces != 0 ? replaces : ++m_last;
    shown.push_back({id, replaces, title, text, actions});
    return id;
  }

 Q_SIGNALS:
  void ActionInvoked(uint id, const QString& action);
  void NotificationClosed(uint id, uint reason);

 private:
  uint m_last = 0;
};

}  // namespace

class TestNotifier : public QObject {
  Q_OBJECT

  struct Bench {
    QTemporaryDir dir;
    Settings settings{dir.path(), 4};
    HistoryStore store;
    ConversationId conversation = 0;
    std::unique_ptr<Notifier> notifier;

    Bench() {
      store.open(HistoryStore::fileIn(dir.path()));
      ConversationInfo info;
      info.title = QStringLiteral("Rain <b>and</b> sun");
      conversation = store.addConversation(info);
      Message answer;
      answer.author = Message::Author::Assistant;
      answer.text = QStringLiteral("It rains.\n\n<i>Often</i>.");
      store.addMessage(conversation, answer);
      store.endAnswer(conversation, answer);
      notifier = std::make_unique<Notifier>(&store, &settings);
    }
    void answered(qint64 ms) { notifier->onAnswered(conversation, ms); }
  };

  FakeDesktop m_desktop;
  std::unique_ptr<Bench> b;

 private Q_SLOTS:
  void initTestCase() {
    QDBusConnection bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, QStringLiteral("desktop"));
    if (!bus.isConnected()) QSKIP("there is no session bus (dbus-run-session is missing)");
    if (!bus.registerService(QStringLiteral("org.freedesktop.Notifications"))) QSKIP("a desktop's own service is running");
    QVERIFY(bus.registerObject(QStringLiteral("/org/freedesktop/Notifications"), &m_desktop,
                               QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
  }
  void init() {
    m_desktop.shown.clear();
    b = std::make_unique<Bench>();
  }
  void cleanup() { b.reset(); }

  void a_long_answer_is_told_about_without_its_words() {
    b->answered(Notifier::kLongMs);
    QTRY_COMPARE(m_desktop.shown.size(), std::size_t{1});
    QCOMPARE(m_desktop.shown[0].title, "Answer ready: Rain <b>and</b> sun");  // a title is never markup
    QCOMPARE(m_desktop.shown[0].text, QString());
    QCOMPARE(m_desktop.shown[0].actions.value(0), "default");
  }

  void the_words_come_with_it_when_the_settings_say_so_and_are_no_markup() {
    b->settings.setNotify("text");
    b->answered(Notifier::kLongMs);
    QTRY_COMPARE(m_desktop.shown.size(), std::size_t{1});
    QCOMPARE(m_desktop.shown[0].text, "It rains. &lt;i&gt;Often&lt;/i&gt;.");
  }

  void short_answers_and_the_setting_keep_it_quiet() {
    b->answered(Notifier::kLongMs - 1);
    b->settings.setNotify("off");
    b->answered(Notifier::kLongMs);
    b->settings.setNotify("title");
    b->answered(Notifier::kLongMs + 1);  // a bus keeps the order: what should not come would have come before this
    QTRY_COMPARE(m_desktop.shown.size(), std::size_t{1});
  }

  // A bus keeps the order: the answer to Notify is there before a signal that was sent after it.

  void choosing_it_opens_the_conversation_and_the_next_answer_takes_its_place() {
    QSignalSpy opened(b->notifier.get(), &Notifier::opened);
    b->answered(Notifier::kLongMs);
    QTRY_COMPARE(m_desktop.shown.size(), std::size_t{1});
    const uint id = m_desktop.shown[0].id;
    Q_EMIT m_desktop.ActionInvoked(id + 100, "default");
    Q_EMIT m_desktop.ActionInvoked(id, "default");
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(opened.at(0).at(0).toLongLong(), b->conversation);
    b->answered(Notifier::kLongMs);
    QTRY_COMPARE(m_desktop.shown.size(), std::size_t{2});
    QCOMPARE(m_desktop.shown[1].replaces, id);
  }

  void a_closed_one_is_forgotten() {
    DesktopNotifications notifications;
    QSignalSpy chosen(&notifications, &DesktopNotifications::chosen);
    notifications.show(1, "one", {});
    notifications.show(2, "two", {});
    QTRY_COMPARE(m_desktop.shown.size(), std::size_t{2});
    Q_EMIT m_desktop.NotificationClosed(m_desktop.shown[0].id, 2);
    Q_EMIT m_desktop.ActionInvoked(m_desktop.shown[0].id, "default");
    Q_EMIT m_desktop.ActionInvoked(m_desktop.shown[1].id, "default");
    QTRY_COMPARE(chosen.count(), 1);
    QCOMPARE(chosen.at(0).at(0).toInt(), 2);
    notifications.show(1, "one again", {});
    QTRY_COMPARE(m_desktop.shown.size(), std::size_t{3});
    QCOMPARE(m_desktop.shown[2].replaces, 0U);
  }

  /// The last one: without a desktop nothing takes the keyboard away again.
  void a_window_in_use_keeps_it_quiet() {
    QWindow window;
    window.show();
    window.requestActivate();
    QTRY_COMPARE(QGuiApplication::applicationState(), Qt::ApplicationActive);
    b->answered(Notifier::kLongMs);
    DesktopNotifications others;
    others.show(1, QStringLiteral("later"), {});
    QTRY_COMPARE(m_desktop.shown.size(), std::size_t{1});
    QCOMPARE(m_desktop.shown[0].title, "later");
  }
};

QTEST_MAIN(TestNotifier)
#include "tst_notifier.moc"
