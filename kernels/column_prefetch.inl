// The one way in which all sets fetch columns ahead. Internal linkage, compiled anew in each including file.

/// Fetches the bytes of listed columns ahead, column after column, from column `first` of the list on: reading several side
/// by side is slow from memory, and the hardware would fetch what is skipped as well.
class ColumnPrefetch {
 public:
  ColumnPrefetch(const TernaryColumns& m, size_t first) noexcept
      : m_(m), bytes_(column_bytes(m.rows)), at_(m.weights + m.columns[first] * bytes_), next_(first + 1), left_(bytes_) {}
  void line() noexcept {
    __builtin_prefetch(at_);
    at_ += 64;
    left_ -= 64;
    if (left_ != 0) return;
    at_ = m_.weights + m_.columns[next_++] * bytes_;
    left_ = bytes_;
  }

 private:
  const TernaryColumns& m_;
  const size_t bytes_;
  const uint8_t* at_;
  size_t next_, left_;
};
