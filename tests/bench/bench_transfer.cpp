// What it takes to export all of a large history and to import it again. Run by hand, on Linux:
//   QT_QPA_PLATFORM=offscreen bench_transfer [conversations] [messages each]
#include <QDateTime>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QGuiApplication>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <vector>

#include "app/conversation_list.h"
#include "app/notice.h"
#include "app/settings.h"
#include "app/storage/history_store.h"
#include "app/transfer_controller.h"
#include "tests/support/temp_dir.h"

using namespace tercet;

namespace {

constexpr int kAtOnce = 500;  // conversations stored in one transaction while filling

/// Processor time in milliseconds, of this thread or of all (CLOCK_PROCESS_CPUTIME_ID): waiting for others does not count.
double now(clockid_t clock = CLOCK_THREAD_CPUTIME_ID) {
  timespec time{};
  clock_gettime(clock, &time);
  return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

/// In MB, of this process: `field` of /proc/self/status.
double memory(const char* field) {
  QFile file(QStringLiteral("/proc/self/status"));
  if (!file.open(QIODevice::ReadOnly)) return 0;
  for (const QByteArray& line : file.readAll().split('\n')) {
    if (line.startsWith(field)) return line.simplified().split(' ').value(1).toDouble() * 1024 / 1e6;
  }
  return 0;
}

/// From here on the peak is counted anew.
void forgetPeak() {
  QFile file(QStringLiteral("/proc/self/clear_refs"));
  if (file.open(QIODevice::WriteOnly)) file.write("5");
}

void fill(HistoryStore& store, int conversations, int messages) {
  const qint64 first = 1'600'000'000'000;
  const QString words = QStringLiteral("A sentence of an answer with **bold** words, `code` and more that goes on for a while. ");
  for (int i = 0; i < conversations;) {
    std::vector<Conversation> some;
    for (; i < conversations && some.size() < kAtOnce; ++i) {
      Conversation conversation;
      conversation.info.title = QStringLiteral("Conversation %1").arg(i);
      conversation.info.createdAt = conversation.info.updatedAt = first + qint64{i} * 1'000'000;
      for (int j = 1; j <= messages; ++j) {
        Message message;
        message.id = j;
        message.parent = j - 1;
        message.author = j % 2 ? Message::Author::User : Message::Author::Assistant;
        message.text = j % 2 ? QStringLiteral("Question %1 of %2?").arg(j).arg(i) : words.repeated(1 + (i + j) % 12);
        message.createdAt = conversation.info.createdAt + j * 1000;
        if (j % 2 == 0) message.tokens.assign(static_cast<std::size_t>(message.text.size() / 4), 128'000);
        conversation.messages.push_back(std::move(message));
      }
      conversation.info.leaf = messages;
      some.push_back(std::move(conversation));
    }
    Transaction once(store.database());
    for (const Conversation& each : some) {
      if (store.addWhole(each) == 0) qFatal("the history takes no conversations");
    }
    if (!once.commit()) qFatal("the history takes no conversations");
  }
}

/// Time and memory of what `act` begins, and how long it holds up the window at once.
void measure(const char* what, TransferController& transfer, Notice& notice, const std::function<void()>& act) {
  forgetPeak();
  const double before = memory("VmRSS");
  bool ended = false;
  QObject::connect(&transfer, &TransferController::finished, &notice, [&] { ended = true; }, Qt::SingleShotConnection);
  std::vector<double> turns;
  const double spent = now(CLOCK_PROCESS_CPUTIME_ID);
  QElapsedTimer clock;
  clock.start();
  act();
  while (!ended) {
    const double start = now();
    QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    turns.push_back(now() - start);
  }
  std::sort(turns.begin(), turns.end());
  std::printf("%s: %.1f s, %.1f CPU s of all threads, memory %.0f MB before, %.0f MB at most, one turn of the window's thread at most "
              "%.0f CPU ms; \"%s\"\n",
              what, static_cast<double>(clock.elapsed()) / 1e3, (now(CLOCK_PROCESS_CPUTIME_ID) - spent) / 1e3, before, memory("VmHWM"),
              turns.back(), qPrintable(notice.title()));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  QGuiApplication app(argc, argv);
  const int conversations = argc > 1 ? std::atoi(argv[1]) : 10'000, messages = argc > 2 ? std::atoi(argv[2]) : 10;
  const test::TempDir dir;
  const QString folder = QString::fromStdString(dir.path().string());
  Settings settings(folder, 2);
  Notice notice;
  const QUrl archive = QUrl::fromLocalFile(folder + QStringLiteral("/all.zip"));
  {
    HistoryStore store;
    if (!store.open(folder + QStringLiteral("/from.sqlite"))) qFatal("the history cannot be written");
    fill(store, conversations, messages);
    TransferController transfer(&store, &settings, &notice);
    measure("export of everything", transfer, notice, [&] { transfer.exportAll(archive); });
  }
  std::printf("the archive: %.1f MB\n", static_cast<double>(QFile(archive.toLocalFile()).size()) / 1e6);
  HistoryStore store;
  if (!store.open(folder + QStringLiteral("/to.sqlite"))) qFatal("the history cannot be written");
  ConversationList list(&store, &notice);
  list.load();
  TransferController transfer(&store, &settings, &notice);
  measure("import into an empty history", transfer, notice, [&] { transfer.importFile(archive); });
  std::printf("%d rows in the list\n", list.rowCount());
  measure("import again, all there already", transfer, notice, [&] { transfer.importFile(archive); });
  return 0;
}
