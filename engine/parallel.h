// How the engine uses several cores. Nothing else in the project creates compute threads.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace tercet {

template <typename Signature>
class FunctionRef;

/// Calls a function object that lives elsewhere, at least as long as the call: what std::function does without a copy.
template <typename Result, typename... Args>
class FunctionRef<Result(Args...)> {
 public:
  template <typename F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef>)
  FunctionRef(F&& function) noexcept
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(function)))),
        call_([](void* object, Args... args) -> Result {
          return (*static_cast<std::remove_reference_t<F>*>(object))(std::forward<Args>(args)...);
        }) {}
  Result operator()(Args... args) const { return call_(object_, std::forward<Args>(args)...); }

 private:
  void* object_;
  Result (*call_)(void*, Args...);
};

/// A fixed number of threads (the caller is one of them) that work through index ranges.
/// Results must not depend on who does what: every index writes its own outputs.
class ThreadPool {
 public:
  /// threads >= 1.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const noexcept;
  /// Calls body(begin, end, worker) so that each index in [0, count) is in one range. Ranges begin at multiples of `grain`;
  /// each thread has a long one, and towards the end they shrink, so that none waits long for another. worker is in [0, threads()); two calls with the same worker never overlap, so it may
  /// index scratch memory. Returns when all are done. Not re-entrant.
  /// For the short, frequent steps of a forward pass: a team of threads of its own, awake between steps.
  void for_ranges(std::size_t count, std::size_t grain, FunctionRef<void(std::size_t begin, std::size_t end, int worker)> body);
  /// The same for one index at a time.
  void for_each(std::size_t count, FunctionRef<void(std::size_t index, int worker)> body);
  /// The same for chunks of milliseconds, such as packing weights: a TBB arena, which balances uneven work and keeps no
  /// thread spinning. Scratch memory belongs to the body.
  void for_each_large(std::size_t chunks, FunctionRef<void(std::size_t chunk)> body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tercet
