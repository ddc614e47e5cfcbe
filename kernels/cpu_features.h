// What the CPU can do and the operating system saves. Own detection: clang 14's __builtin_cpu_supports knows neither
// f16c nor avxvnni.
#pragma once

namespace tercet::kernels {

struct CpuFeatures {
  bool avx2_fma_f16c = false;   // and the OS saves YMM
  bool avx_vnni = false;
  bool avx512_vnni = false;     // F, BW, VL, VNNI, and the OS saves ZMM
  bool neon = false, dotprod = false, i8mm = false;  // i8mm: with dotprod
};
CpuFeatures cpu_features() noexcept;

}  // namespace tercet::kernels
