// What the machine offers this process: how many threads it may use and how many of them are worth it.
#pragma once

#include <span>
#include <string>

namespace tercet {

struct CpuTopology {
  int logical = 1;      // hardware threads this process may use (affinity mask and container quota respected)
  int recommended = 1;  // "Auto" until it is measured: physical performance cores, never more than `logical`

  friend bool operator==(const CpuTopology&, const CpuTopology&) = default;
};

CpuTopology cpu_topology();
/// What people call the processor, e.g. "AMD Ryzen 7 7840U"; never empty, one line.
std::string cpu_name();

/// The same for a Linux system whose /proc and /sys lie below `root` and a process that may run on the CPUs `allowed`.
CpuTopology linux_topology(const std::string& root, std::span<const int> allowed);
std::string linux_cpu_name(const std::string& root);

}  // namespace tercet
