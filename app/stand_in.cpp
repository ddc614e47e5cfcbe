#include "app/stand_in.h"

#include <QEventLoop>
#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QThread>
#include <QTimer>
#include <QUrl>

#include <cstdio>
#include <memory>
#include <optional>

#include "app/interface_language.h"
#include "app/settings.h"

namespace tercet {
namespace {

constexpr int kLongRepairMs = 500;

/// A small window in place of the big one.
class StandIn {
 public:
  StandIn(const QString& dataDir, const QString& type) : m_settings(dataDir, 1) {
    m_engine.addImportPath(QStringLiteral("qrc:/qt/qml"));
    m_engine.setInitialProperties({{QStringLiteral("settings"), QVariant::fromValue(&m_settings)}});
    m_engine.load(QUrl(QStringLiteral("qrc:/qt/qml/Tercet/Ui/%1.qml").arg(type)));
  }

  /// Null when there is none.
  QObject* window() const { return m_engine.rootObjects().value(0); }

 private:
  Settings m_settings;
  QQmlApplicationEngine m_engine;  // after the settings: its bindings go first
};

}  // namespace

bool triesAgain(const QString& dataDir) {
  std::fputs("tercet: it is already running and does not answer; --data-dir DIR starts another beside it\n", stderr);
  InterfaceLanguage language;
  language.install(Settings(dataDir, 1).language());
  const StandIn standIn(dataDir, QStringLiteral("NotAnswering"));
  if (!standIn.window()) return false;
  QGuiApplication::exec();
  return standIn.window()->property("again").toBool();
}

void repair(const QString& dataDir, const std::function<void()>& work) {
  const std::unique_ptr<QThread> thread(QThread::create(work));
  thread->setStackSize(8U << 20);  // the default of secondary threads is half a megabyte on macOS
  QEventLoop loop;
  QObject::connect(thread.get(), &QThread::finished, &loop, &QEventLoop::quit);
  std::optional<StandIn> standIn;
  QTimer::singleShot(kLongRepairMs, &loop, [&] { standIn.emplace(dataDir, QStringLiteral("Repairing")); });
  QGuiApplication::setQuitOnLastWindowClosed(false);
  thread->start();
  loop.exec();
  thread->wait();
  standIn.reset();
  QGuiApplication::setQuitOnLastWindowClosed(true);
}

}  // namespace tercet
