#include "app/cli/interrupt.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>

namespace tercet::cli {
namespace {

// A signal handler has no other way to reach its object.
volatile sig_atomic_t signal_pipe = -1;
volatile sig_atomic_t signals_waiting = 0;

extern "C" void on_signal(int number) {
  if (signals_waiting != 0) ::_exit(128 + number);
  signals_waiting = 1;
  const int saved = errno;
  const char byte = 0;
  [[maybe_unused]] const ssize_t written = ::write(static_cast<int>(signal_pipe), &byte, 1);
  errno = saved;
}

void make_pipe(int& read_end, int& write_end) {
  int ends[2];
  if (::pipe(ends) != 0) return;  // without one, signals are only not heard
  for (const int end : ends) {
    ::fcntl(end, F_SETFL, ::fcntl(end, F_GETFL) | O_NONBLOCK);
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
  }
  read_end = ends[0];
  write_end = ends[1];
}

void close_pipe(int& read_end, int& write_end) {
  if (read_end >= 0) ::close(read_end);
  if (write_end >= 0) ::close(write_end);
  read_end = write_end = -1;
}

void handle(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  make_pipe(read_end_, write_end_);
  if (write_end_ < 0) return;
  signal_pipe = write_end_;
  signals_waiting = 0;
  handle(on_signal);
}

Interrupt::~Interrupt() {
  if (write_end_ >= 0) handle(SIG_DFL);
  signal_pipe = -1;
  close_pipe(read_end_, write_end_);
}

bool Interrupt::take() noexcept {
  bool any = false;
  char byte;
  while (read_end_ >= 0 && ::read(read_end_, &byte, 1) == 1) any = true;
  signals_waiting = 0;
  return any;
}

StopOnInterrupt::StopOnInterrupt(Interrupt& interrupt) {
  make_pipe(quit_read_, quit_write_);
  if (quit_read_ < 0 || interrupt.descriptor() < 0) return;
  watcher_ = std::thread([this, &interrupt] {
    pollfd waits[2] = {{interrupt.descriptor(), POLLIN, 0}, {quit_read_, POLLIN, 0}};
    while (::poll(waits, 2, -1) < 0 && errno == EINTR) {
    }
    if ((waits[0].revents & POLLIN) != 0) source_.request_stop();
  });
}

StopOnInterrupt::~StopOnInterrupt() {
  if (watcher_.joinable()) {
    const char byte = 0;
    [[maybe_unused]] const ssize_t written = ::write(quit_write_, &byte, 1);
    watcher_.join();
  }
  close_pipe(quit_read_, quit_write_);
}

}  // namespace tercet::cli
