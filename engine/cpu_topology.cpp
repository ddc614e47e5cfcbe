#include "engine/cpu_topology.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <initializer_list>
#include <optional>
#include <set>
#include <string_view>
#include <thread>
#include <vector>

#if defined(__linux__)
#include <sched.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace tercet {
namespace {

/// The first line of a small system file; nothing when it cannot be read or is empty.
std::optional<std::string> read_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line) || line.empty()) return std::nullopt;
  return line;
}

std::optional<long> to_number(std::string_view text) {
  long value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{}) return std::nullopt;
  return value;
}

std::optional<long> read_number(const std::string& path) {
  const std::optional<std::string> line = read_line(path);
  return line ? to_number(*line) : std::nullopt;
}

/// The CPUs of a list such as "0-3,8,10-11"; ends at what it does not understand.
std::vector<int> parse_cpu_list(std::string_view text) {
  constexpr long kMost = 1 << 16;  // the kernel's own limit is lower
  std::vector<int> cpus;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const std::size_t dash = part.find('-');
    const std::optional<long> first = to_number(part.substr(0, dash));
    const std::optional<long> last = dash == std::string_view::npos ? first : to_number(part.substr(dash + 1));
    if (!first || !last || *first < 0 || *last < *first || *last >= kMost) break;
    for (long cpu = *first; cpu <= *last; ++cpu) cpus.push_back(static_cast<int>(cpu));
  }
  return cpus;
}

std::string cpu_directory(const std::string& root, int cpu) { return root + "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/"; }

/// Which physical core a CPU belongs to: the least of the CPUs that share it, which needs no trust in core ids (those of
/// ARM repeat in every cluster, those of virtual machines are often all 0).
int core_of(const std::string& root, int cpu) {
  for (const char* name : {"topology/core_cpus_list", "topology/thread_siblings_list"}) {
    if (const auto list = read_line(cpu_directory(root, cpu) + name)) {
      const std::vector<int> siblings = parse_cpu_list(*list);
      if (std::find(siblings.begin(), siblings.end(), cpu) != siblings.end()) return *std::min_element(siblings.begin(), siblings.end());
    }
  }
  return cpu;
}

/// Those of `cpus` whose figure is at least `percent` of the best; all when one of them has no such figure.
std::vector<int> fastest(const std::string& root, std::span<const int> cpus, const char* figure, long percent) {
  std::vector<long> figures;
  for (const int cpu : cpus) figures.push_back(read_number(cpu_directory(root, cpu) + figure).value_or(0));
  const auto [least, most] = std::minmax_element(figures.begin(), figures.end());
  std::vector<int> kept;
  for (std::size_t i = 0; i < cpus.size(); ++i) {
    if (*least <= 0 || figures[i] * 100 >= *most * percent) kept.push_back(cpus[i]);
  }
  return kept;
}

/// The CPUs that are performance cores, of a machine that may have two kinds.
std::vector<int> performance_cpus(const std::string& root, std::span<const int> allowed) {
  // Intel's hybrids say it outright, and only they have this file.
  if (const auto list = read_line(root + "/sys/devices/cpu_core/cpus")) {
    const std::vector<int> cores = parse_cpu_list(*list);
    std::vector<int> kept;
    for (const int cpu : allowed) {
      if (std::find(cores.begin(), cores.end(), cpu) != cores.end()) kept.push_back(cpu);
    }
    return kept.empty() ? std::vector<int>(allowed.begin(), allowed.end()) : kept;  // only efficiency cores are allowed
  }
  // ARM: capacity is work per second. Little cores have less than half of it; the middle ones of three kinds, which belong
  // to the fast ones, about 80 %.
  std::vector<int> kept = fastest(root, allowed, "cpu_capacity", 65);
  if (kept.size() < allowed.size()) return kept;
  // Frequencies tell less: favoured cores of one kind differ by a few percent, kinds by a quarter and more.
  return fastest(root, allowed, "cpufreq/cpuinfo_max_freq", 80);
}

/// The least of the limits set in `directory` below `mount` and in all that hold it; `limit` reads one, in CPUs.
template <typename Limit>
double least_limit(const std::string& mount, std::string directory, Limit&& limit) {
  // Not a path, or one outside of what this process sees.
  if (!directory.starts_with('/') || directory.find("..") != std::string::npos) directory.clear();
  double least = limit(mount + "/");
  while (directory.size() > 1) {
    least = std::min(least, limit(mount + directory + "/"));
    directory.erase(directory.rfind('/'));
  }
  return least;
}

constexpr double kNoQuota = 1e9;

double quota_v2(const std::string& directory) {
  const std::optional<std::string> line = read_line(directory + "cpu.max");  // "150000 100000", "max 100000"
  if (!line) return kNoQuota;
  const std::size_t space = line->find(' ');
  const std::optional<long> quota = to_number(*line);
  const std::optional<long> period = space == std::string::npos ? 100000 : to_number(std::string_view(*line).substr(space + 1));
  if (!quota || !period || *quota <= 0 || *period <= 0) return kNoQuota;
  return static_cast<double>(*quota) / static_cast<double>(*period);
}

double quota_v1(const std::string& directory) {
  const long quota = read_number(directory + "cpu.cfs_quota_us").value_or(-1);  // -1: none
  const long period = read_number(directory + "cpu.cfs_period_us").value_or(0);
  return quota > 0 && period > 0 ? static_cast<double>(quota) / static_cast<double>(period) : kNoQuota;
}

/// Whether the comma-separated `list` names `word`.
bool names(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::string_view entry = list.substr(0, list.find(','));
    if (entry == word) return true;
    list.remove_prefix(std::min(list.size(), entry.size() + 1));
  }
  return false;
}

/// CPU time per second that the control groups of this process leave it.
double quota_cpus(const std::string& root) {
  const std::string mount = root + "/sys/fs/cgroup";
  std::string unified, controller;
  std::ifstream file(root + "/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {  // "0::/user.slice", "4:cpu,cpuacct:/docker/1234"
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string_view controllers = std::string_view(line).substr(first + 1, second - first - 1);
    if (controllers.empty()) unified = line.substr(second + 1);
    if (names(controllers, "cpu")) controller = line.substr(second + 1);
  }
  double least = kNoQuota;
  for (const std::string& place : {mount, mount + "/unified"}) least = std::min(least, least_limit(place, unified, quota_v2));
  for (const char* name : {"/cpu", "/cpu,cpuacct", "/cpuacct,cpu"}) {
    least = std::min(least, least_limit(mount + name, controller, quota_v1));
  }
  return least;
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, std::min<std::size_t>(text.find_last_not_of(' ') - first + 1, 120));
}

}  // namespace

CpuTopology linux_topology(const std::string& root, std::span<const int> allowed) {
  if (allowed.empty()) return {};
  const double quota = quota_cpus(root);
  std::set<int> cores;
  for (const int cpu : performance_cpus(root, allowed)) cores.insert(core_of(root, cpu));
  CpuTopology topology;
  // Of one and a half CPUs, two threads can use all; but the second waits out half of every period, and with it whoever
  // waits for its share of a matrix. So it may be chosen, and may win when measured, but is not taken for granted.
  topology.logical = static_cast<int>(std::max(1.0, std::min(static_cast<double>(allowed.size()), std::ceil(quota))));
  topology.recommended = static_cast<int>(std::max(1.0, std::min(static_cast<double>(cores.size()), std::floor(quota))));
  return topology;
}

std::string linux_cpu_name(const std::string& root) {
  std::ifstream file(root + "/proc/cpuinfo");
  std::string implementer, part;
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string value = one_line(line.substr(colon + 1));
    if (value.empty()) continue;
    if (line.starts_with("model name")) return value;
    if (line.starts_with("CPU implementer")) implementer = value;
    if (line.starts_with("CPU part") && part.find(value) == std::string::npos) part += (part.empty() ? "" : " ") + value;  // of each kind of core
  }
  if (const auto board = read_line(root + "/proc/device-tree/model")) {
    if (const std::string name = one_line(*board); !name.empty()) return name;
  }
  if (!part.empty()) return one_line("ARM " + implementer + " " + part);
  return "unknown processor";
}

#if defined(__linux__)

namespace {

/// The CPUs of this process's affinity mask. The kernel refuses sets that are smaller than its own.
std::vector<int> allowed_cpus() {
  std::vector<int> cpus;
  for (std::size_t most = CPU_SETSIZE; most <= (1U << 16); most *= 4) {
    cpu_set_t* set = CPU_ALLOC(most);
    if (set == nullptr) break;
    const std::size_t bytes = CPU_ALLOC_SIZE(most);
    const bool known = sched_getaffinity(0, bytes, set) == 0;
    for (std::size_t cpu = 0; known && cpu < most; ++cpu) {
      if (CPU_ISSET_S(cpu, bytes, set)) cpus.push_back(static_cast<int>(cpu));
    }
    CPU_FREE(set);
    if (known) return cpus;
  }
  for (unsigned cpu = 0; cpu < std::max(1U, std::thread::hardware_concurrency()); ++cpu) cpus.push_back(static_cast<int>(cpu));
  return cpus;
}

}  // namespace

CpuTopology cpu_topology() { return linux_topology("", allowed_cpus()); }
std::string cpu_name() { return linux_cpu_name(""); }

#elif defined(__APPLE__)

namespace {

int sysctl_number(const char* name) {
  int value = 0;
  size_t size = sizeof value;
  return sysctlbyname(name, &value, &size, nullptr, 0) == 0 ? value : 0;
}

}  // namespace

CpuTopology cpu_topology() {
  CpuTopology topology;
  topology.logical = std::max(1, sysctl_number("hw.logicalcpu"));
  int fast = sysctl_number("hw.perflevel0.physicalcpu");
  if (fast <= 0) fast = sysctl_number("hw.physicalcpu");  // Intel
  topology.recommended = std::clamp(fast, 1, topology.logical);
  return topology;
}

std::string cpu_name() {
  char text[256] = {};
  size_t size = sizeof text - 1;
  if (sysctlbyname("machdep.cpu.brand_string", text, &size, nullptr, 0) != 0) return "unknown processor";
  const std::string name = one_line(text);
  return name.empty() ? "unknown processor" : name;
}

#else

CpuTopology cpu_topology() {
  const int count = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return {count, count};
}
std::string cpu_name() { return "unknown processor"; }

#endif

}  // namespace tercet
