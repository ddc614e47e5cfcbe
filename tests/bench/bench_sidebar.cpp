// What a frame of the window costs while the list of 10,000 conversations at its side is scrolled. Run by hand:
//   QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software bench_sidebar [conversations]
#include <QDateTime>
#include <QGuiApplication>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickWindow>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <vector>

#include "app/app_root.h"
#include "app/storage/history_store.h"
#include "tests/support/temp_dir.h"

using namespace tercet;

namespace {

constexpr int kFrames = 600;
constexpr double kNotch = 120;  // pixels, as a turn of the wheel

/// Processor time of this thread in milliseconds: waiting for others does not count.
double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

double at(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::size_t(share * double(values.size() - 1))];
}

void print(const char* what, const std::vector<double>& times) {
  std::printf("  %-34s median %6.2f, 95 %% %6.2f, worst %6.2f\n", what, at(times, 0.5), at(times, 0.95), at(times, 1));
}

/// One question in each, over the last three years; every fiftieth in one of ten folders, every thousandth pinned.
void fill(const QString& path, int conversations) {
  HistoryStore store;
  if (!store.open(path)) qFatal("the history cannot be written");
  for (int i = 0; i < 10; ++i) store.addFolder(QStringLiteral("Folder %1").arg(i));
  const qint64 last = QDateTime::currentMSecsSinceEpoch(), step = qint64{3} * 365 * 86'400'000 / conversations;
  std::vector<Conversation> all;
  for (int i = 0; i < conversations; ++i) {
    Message question;
    question.id = 1;
    question.text = QStringLiteral("Question");
    Conversation conversation;
    conversation.info.title = QStringLiteral("Conversation %1 about a subject that takes some more words").arg(i).left(20 + i % 40);
    conversation.info.createdAt = conversation.info.updatedAt = question.createdAt = last - i * step;
    conversation.info.folder = i % 50 == 0 ? 1 + i / 50 % 10 : 0;
    conversation.info.pinned = i % 1000 == 1;
    conversation.messages = {question};
    all.push_back(conversation);
  }
  Transaction once(store.database());
  for (const Conversation& each : all) {
    if (store.addWhole(each) == 0) qFatal("the history takes no conversations");
  }
  if (!once.commit()) qFatal("the history takes no conversations");
}

QQuickItem* listIn(QQuickItem* item) {
  if (QByteArrayView(item->metaObject()->className()).startsWith("SidebarList")) return item;
  for (QQuickItem* child : item->childItems()) {
    if (QQuickItem* found = listIn(child)) return found;
  }
  return nullptr;
}

/// Moves the list as `place` says for each frame, and tells what the rows and the whole frame took.
template <typename Place>
void scroll(const char* name, QQuickWindow& window, QQuickItem& list, Place place) {
  std::vector<double> rows, frames;
  for (int i = 0; i < kFrames; ++i) {
    const double start = now();
    list.setProperty("contentY", place(i));
    QMetaObject::invokeMethod(&list, "forceLayout");
    QCoreApplication::processEvents();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    rows.push_back(now() - start);
    window.grabWindow();
    frames.push_back(now() - start);
  }
  std::printf("%s, CPU ms\n", name);
  print("rows of the list", rows);
  print("all of a frame, the window anew", frames);
}

}  // namespace

int main(int argc, char** argv) {
  QGuiApplication app(argc, argv);
  const int conversations = argc > 1 ? std::atoi(argv[1]) : 10'000;
  const test::TempDir dir;
  const QString path = QString::fromStdString(dir.path().string());
  fill(HistoryStore::fileIn(path), conversations);
  AppRoot root(path);
  root.start({});
  QQmlEngine engine;
  QQmlEngine::setObjectOwnership(&root, QQmlEngine::CppOwnership);
  engine.addImportPath(QStringLiteral("qrc:/qt/qml"));
  QQmlComponent component(&engine);
  component.setData("import Tercet.Ui\nMain { width: 1280; height: 800 }", QUrl());
  const std::unique_ptr<QObject> made(component.createWithInitialProperties({{QStringLiteral("app"), QVariant::fromValue(&root)}}));
  auto* window = qobject_cast<QQuickWindow*>(made.get());
  if (!window) qFatal("%s", qPrintable(component.errorString()));
  window->show();
  window->resize(1280, 800);
  for (int i = 0; i < 20; ++i) QCoreApplication::processEvents();
  window->grabWindow();
  QQuickItem* list = listIn(window->contentItem());
  if (!list || list->property("count").toInt() < conversations) qFatal("the conversations are not shown");
  const double top = list->property("originY").toDouble(), span = list->property("contentHeight").toDouble() - list->height();
  std::printf("%d conversations in a window of %d x %d\n", conversations, window->width(), window->height());
  scroll("a notch of the wheel a frame", *window, *list, [=](int i) { return std::min(top + i * kNotch, top + span); });
  scroll("the scroll bar from end to end", *window, *list, [=](int i) { return top + span * i / (kFrames - 1); });
  std::vector<double> still;
  for (int i = 0; i < kFrames / 4; ++i) {
    const double start = now();
    window->grabWindow();
    still.push_back(now() - start);
  }
  std::printf("nothing moves, CPU ms\n");
  print("drawing the window anew", still);
  return 0;
}
