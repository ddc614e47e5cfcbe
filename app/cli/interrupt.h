// Ctrl+C (and a polite kill) as something to wait for, instead of the end of the program.
#pragma once

#include <stop_token>
#include <thread>

namespace tercet::cli {

/// While one lives, SIGINT and SIGTERM make `descriptor` readable. A second signal that nobody has taken in ends the
/// program at once, so that a person is never locked in. At most one at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// Readable after a signal, until `take`.
  int descriptor() const noexcept { return read_end_; }
  /// Whether there was a signal since the last call; forgets it.
  bool take() noexcept;

 private:
  int read_end_ = -1, write_end_ = -1;
};

/// Requests a stop when the interrupt comes, for as long as this lives.
class StopOnInterrupt {
 public:
  explicit StopOnInterrupt(Interrupt& interrupt);
  ~StopOnInterrupt();
  StopOnInterrupt(const StopOnInterrupt&) = delete;
  StopOnInterrupt& operator=(const StopOnInterrupt&) = delete;

  std::stop_token token() const noexcept { return source_.get_token(); }
  /// Stops from this side, for instance when the output is gone.
  void request_stop() noexcept { source_.request_stop(); }

 private:
  std::stop_source source_;
  int quit_read_ = -1, quit_write_ = -1;
  std::thread watcher_;
};

}  // namespace tercet::cli
