// Software prefetch of the x86 sets. Internal linkage, compiled anew in each including file.

/// How far ahead of a stream its bytes are fetched, and all of that at its start: the hardware takes some microseconds to
/// notice a stream, and a matrix is read in pieces of a few tens of them (12 % of a decode step).
constexpr size_t kStreamAheadBytes = 6400;
inline void prefetch_stream(const uint8_t* at) noexcept { _mm_prefetch(reinterpret_cast<const char*>(at + kStreamAheadBytes), _MM_HINT_T0); }
inline void prefetch_stream_start(const uint8_t* start) noexcept {
  for (size_t at = 0; at < kStreamAheadBytes; at += 64) _mm_prefetch(reinterpret_cast<const char*>(start + at), _MM_HINT_T0);
}

/// Fetches whole rows or columns of a list, to begin with.
inline void prefetch_first(const uint8_t* weights, size_t bytes, const uint32_t* list, size_t count) noexcept {
  for (size_t i = 0; i < count; ++i) {
    for (size_t at = 0; at < bytes; at += 64) _mm_prefetch(reinterpret_cast<const char*>(weights + list[i] * bytes + at), _MM_HINT_T0);
  }
}

/// Fetches a block of the screening form some steps ahead. Left alone, the hardware reaches a half to two thirds of what a
/// stream reads (34 to 44 of 66 GB/s with two threads on Zen 5), this far ahead nine tenths.
inline void prefetch_screen_block(const uint8_t* block) noexcept {
  constexpr size_t kAheadBytes = 6 * kScreenStepBytes;
  for (size_t line = 0; line < kScreenBlockBytes; line += 64) {
    _mm_prefetch(reinterpret_cast<const char*>(block + kAheadBytes + line), _MM_HINT_T0);
  }
}
