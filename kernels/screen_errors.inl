// What packing a row of the screening form adds up. Internal linkage in each including file.

/// Sums that a row's errors add up to, in 16 lanes each.
struct ScreenErrors {
  float rest[16] = {};     // of the values without their signs
  float refined[16] = {};  // with them
  float norm[16] = {};
};

inline float sum_of_lanes(const float* lanes) noexcept {
  float sum = 0;
  for (size_t lane = 0; lane < 16; ++lane) sum += lanes[lane];
  return sum;
}
