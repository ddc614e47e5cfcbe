#include "engine/memory.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

#if defined(__APPLE__)
#include <mach/mach.h>
#include <sys/sysctl.h>
#endif

#include "engine/model.h"

namespace tercet {

Result<MemoryBlock> MemoryBlock::allocate(std::size_t bytes, [[maybe_unused]] Pages pages) {
  MemoryBlock block;
  if (bytes == 0) return block;
  constexpr std::size_t kHuge = std::size_t{2} << 20;
  const std::size_t size = (bytes + kHuge - 1) / kHuge * kHuge;
  void* data = size < bytes ? MAP_FAILED : mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) return Error{ErrorCode::OutOfMemory, std::to_string(bytes >> 20) + " MB could not be allocated"};
#if defined(MADV_HUGEPAGE)
  if (pages == Pages::Huge && size >= 4 * kHuge) madvise(data, size, MADV_HUGEPAGE);  // fewer TLB misses while weights stream; refusal is harmless
#endif
  block.data_ = static_cast<std::byte*>(data);
  block.size_ = size;
  return block;
}

MemoryBlock::~MemoryBlock() {
  if (data_ != nullptr) munmap(data_, size_);
}

std::uint64_t available_memory_bytes() {
  std::uint64_t available = 0;
  const auto limit_to = [&available](std::uint64_t bytes) {
    bytes = std::max<std::uint64_t>(bytes, 1);  // 0 stands for unknown
    available = available == 0 ? bytes : std::min(available, bytes);
  };
#if defined(__linux__)
  std::ifstream meminfo("/proc/meminfo");
  for (std::string key; meminfo >> key;) {
    std::uint64_t kilobytes = 0;
    if (key == "MemAvailable:" && meminfo >> kilobytes) {
      limit_to(kilobytes * 1024);
      break;
    }
  }
  const auto limit_by_group = [&](const char* limit_path, const char* used_path, const char* statistics_path, const std::string& cache_key) {
    std::ifstream limit_file(limit_path), used_file(used_path);
    std::uint64_t limit = 0, used = 0;
    // "max", and the huge number that version 1 means by it, are no limits.
    if (!(limit_file >> limit) || !(used_file >> used) || limit >= (std::uint64_t{1} << 60)) return;
    // File pages that nobody has used lately are counted as used but given back at once.
    std::ifstream statistics(statistics_path);
    std::uint64_t value = 0;
    for (std::string key; statistics >> key >> value;) {
      if (key == cache_key) used -= std::min(used, value);
    }
    limit_to(limit > used ? limit - used : 0);
  };
  limit_by_group("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat", "inactive_file");
  limit_by_group("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes",
                 "/sys/fs/cgroup/memory/memory.stat", "total_inactive_file");
  rlimit address_space{};
  if (getrlimit(RLIMIT_AS, &address_space) == 0 && address_space.rlim_cur != RLIM_INFINITY) {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t pages = 0;
    if (statm >> pages) {
      const std::uint64_t used = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
      limit_to(address_space.rlim_cur > used ? address_space.rlim_cur - used : 0);
    }
  }
#elif defined(__APPLE__)
  vm_statistics64_data_t statistics{};
  mach_msg_type_number_t count = HOST_VM_INFO64_COUNT;
  if (host_statistics64(mach_host_self(), HOST_VM_INFO64, reinterpret_cast<host_info64_t>(&statistics), &count) == KERN_SUCCESS) {
    const std::uint64_t pages = std::uint64_t{statistics.free_count} + statistics.inactive_count + statistics.purgeable_count;
    limit_to(pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)));
  }
#endif
  return available;
}

}  // namespace tercet
