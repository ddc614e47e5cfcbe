// How the engine uses several cores. Nothing else in the project creates compute threads.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace tercet {

/// A fixed number of threads (the caller is one of them) that work through index ranges.
/// Results must not depend on who does what: every chunk writes its own outputs.
class ThreadPool {
 public:
  /// threads >= 1.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const noexcept;
  /// Calls body(chunk, worker) once for each chunk in [0, chunks), worker in [0, threads()). Two calls with the same
  /// worker never overlap, so `worker` may index scratch memory. Returns when all are done. Not re-entrant.
  /// For the short, frequent steps of a forward pass: a team of threads of its own, awake between steps.
  void for_each(std::size_t chunks, const std::function<void(std::size_t chunk, int worker)>& body);
  /// The same for chunks of milliseconds, such as packing weights: a TBB arena, which balances uneven work and keeps no
  /// thread spinning. Scratch memory belongs to the body.
  void for_each_large(std::size_t chunks, const std::function<void(std::size_t chunk)>& body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What the machine offers this process.
struct CpuTopology {
  int logical = 1;      // hardware threads this process may use (affinity mask and container quota respected)
  int recommended = 1;  // "Auto": physical performance cores, never more than `logical`
};
CpuTopology cpu_topology();

}  // namespace tercet
