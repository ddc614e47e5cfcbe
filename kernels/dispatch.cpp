#include "kernels/dispatch.h"

#include <array>

#include "kernels/cpu_features.h"

namespace tercet::kernels {

extern const KernelSet kScalar;
#ifdef KERNELS_HAVE_AVX2
extern const KernelSet kAvx2;
#endif
#ifdef KERNELS_HAVE_AVXVNNI
extern const KernelSet kAvxVnni;
#endif
#ifdef KERNELS_HAVE_AVX512VNNI
extern const KernelSet kAvx512Vnni;
#endif
#ifdef KERNELS_HAVE_NEON
extern const KernelSet kNeon;
#endif
#ifdef KERNELS_HAVE_DOTPROD
extern const KernelSet kNeonDotprod;
#endif
#ifdef KERNELS_HAVE_I8MM
extern const KernelSet kNeonI8mm;
#endif

namespace {

std::array<SetStatus, 7> make_catalogue() noexcept {
  const CpuFeatures cpu = cpu_features();
  std::array<SetStatus, 7> sets = {{{"scalar", &kScalar, true},
                                    {"avx2", nullptr, false},
                                    {"avxvnni", nullptr, false},
                                    {"avx512vnni", nullptr, false},
                                    {"neon", nullptr, false},
                                    {"dotprod", nullptr, false},
                                    {"i8mm", nullptr, false}}};
#ifdef KERNELS_HAVE_AVX2
  sets[1] = {"avx2", &kAvx2, cpu.avx2_fma_f16c};
#endif
#ifdef KERNELS_HAVE_AVXVNNI
  sets[2] = {"avxvnni", &kAvxVnni, cpu.avx_vnni};
#endif
#ifdef KERNELS_HAVE_AVX512VNNI
  sets[3] = {"avx512vnni", &kAvx512Vnni, cpu.avx512_vnni};
#endif
#ifdef KERNELS_HAVE_NEON
  sets[4] = {"neon", &kNeon, cpu.neon};
#endif
#ifdef KERNELS_HAVE_DOTPROD
  sets[5] = {"dotprod", &kNeonDotprod, cpu.dotprod};
#endif
#ifdef KERNELS_HAVE_I8MM
  sets[6] = {"i8mm", &kNeonI8mm, cpu.i8mm};
#endif
  (void)cpu;
  return sets;
}

}  // namespace

std::span<const SetStatus> all_sets() noexcept {
  static const std::array<SetStatus, 7> catalogue = make_catalogue();  // asks the CPU once per process
  return catalogue;
}

const SetStatus* find_set(std::string_view name) noexcept {
  for (const SetStatus& status : all_sets()) {
    if (status.name == name) return &status;
  }
  return nullptr;
}

const KernelSet& best_set() noexcept {
  const KernelSet* best = &kScalar;
  for (const SetStatus& status : all_sets()) {
    if (status.set != nullptr && status.supported) best = status.set;
  }
  return *best;
}

}  // namespace tercet::kernels
