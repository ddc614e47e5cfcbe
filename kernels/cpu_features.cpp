#include "kernels/cpu_features.h"

#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#elif defined(__aarch64__) && defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace tercet::kernels {

#if defined(__x86_64__)

CpuFeatures cpu_features() noexcept {
  CpuFeatures found;
  uint32_t a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return found;
  const bool osxsave = (c >> 27) & 1, avx = (c >> 28) & 1, fma = (c >> 12) & 1, f16c = (c >> 29) & 1;
  if (!osxsave || !avx) return found;
  uint32_t xcr_low = 0, xcr_high = 0;
  __asm__ volatile("xgetbv" : "=a"(xcr_low), "=d"(xcr_high) : "c"(0));
  const bool os_ymm = (xcr_low & 0x06) == 0x06;
  const bool os_zmm = (xcr_low & 0xE6) == 0xE6;
  uint32_t a7 = 0, b7 = 0, c7 = 0, d7 = 0;
  if (!os_ymm || !__get_cpuid_count(7, 0, &a7, &b7, &c7, &d7)) return found;
  const uint32_t subleaves = a7;
  found.avx2_fma_f16c = ((b7 >> 5) & 1) && fma && f16c;
  found.avx512_vnni = found.avx2_fma_f16c && os_zmm && ((b7 >> 16) & 1) && ((b7 >> 30) & 1) && ((b7 >> 31) & 1) &&
                      ((c7 >> 11) & 1);
  if (subleaves >= 1 && __get_cpuid_count(7, 1, &a7, &b7, &c7, &d7)) {
    found.avx_vnni = found.avx2_fma_f16c && ((a7 >> 4) & 1);
  }
  return found;
}

#elif defined(__aarch64__)

#if defined(__APPLE__)
namespace {
bool says_yes(const char* feature) noexcept {
  int value = 0;
  size_t size = sizeof value;
  return sysctlbyname(feature, &value, &size, nullptr, 0) == 0 && value != 0;
}
}  // namespace
#endif

CpuFeatures cpu_features() noexcept {
  CpuFeatures found;
  found.neon = true;  // part of the AArch64 baseline
#if defined(__linux__)
  constexpr unsigned long kAsimdDp = 1UL << 20;  // HWCAP_ASIMDDP
  constexpr unsigned long kI8mm = 1UL << 13;     // HWCAP2_I8MM
  found.dotprod = (getauxval(AT_HWCAP) & kAsimdDp) != 0;
  found.i8mm = found.dotprod && (getauxval(AT_HWCAP2) & kI8mm) != 0;
#elif defined(__APPLE__)
  found.dotprod = says_yes("hw.optional.arm.FEAT_DotProd");
  found.i8mm = found.dotprod && says_yes("hw.optional.arm.FEAT_I8MM");
#endif
  return found;
}

#else

CpuFeatures cpu_features() noexcept { return {}; }

#endif

}  // namespace tercet::kernels
