#include "app/cli/reading_line.h"

#include <cmath>
#include <cstdio>

namespace tercet::cli {

void ReadingLine::show(const PrefillProgress& progress) {
  if (!shown_ || progress.total == 0) return;
  visible_ = true;
  std::fprintf(stderr, "\r\033[KReading your message %u %%",
               static_cast<unsigned>(100ULL * progress.done / progress.total));
  if (progress.tokens_per_s > 0) {
    std::fprintf(stderr, " · about %.0f s", std::ceil((progress.total - progress.done) / progress.tokens_per_s));
  }
  std::fflush(stderr);
}

void ReadingLine::clear() {
  if (!visible_) return;
  visible_ = false;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
}

}  // namespace tercet::cli
