#include "app/orderly_end.h"

#include <QCoreApplication>

#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace tercet {
namespace {

constexpr int kSignals[] = {SIGTERM, SIGINT, SIGHUP};

// A handler may do next to nothing, but write to a pipe it may.
int g_pipe[2] = {-1, -1};

extern "C" void tellOfSignal(int) {
  const char byte = 0;
  [[maybe_unused]] const auto written = ::write(g_pipe[1], &byte, 1);
}

}  // namespace

OrderlyEnd::OrderlyEnd(QObject* parent) : QObject(parent) {
  if (::pipe(g_pipe) != 0) return;  // then they end the program as they always do
  for (const int end : g_pipe) {
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(end, F_SETFL, O_NONBLOCK);
  }
  m_arrived = std::make_unique<QSocketNotifier>(g_pipe[0], QSocketNotifier::Read);
  connect(m_arrived.get(), &QSocketNotifier::activated, this, [this] {
    m_arrived->setEnabled(false);
    QCoreApplication::quit();
  });
  struct sigaction action = {};
  action.sa_handler = tellOfSignal;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (const int signal : kSignals) sigaction(signal, &action, nullptr);
}

OrderlyEnd::~OrderlyEnd() {
  if (!m_arrived) return;
  for (const int signal : kSignals) std::signal(signal, SIG_DFL);
  m_arrived.reset();
  for (int& end : g_pipe) {
    ::close(end);
    end = -1;
  }
}

}  // namespace tercet
