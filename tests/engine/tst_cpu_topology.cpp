// What Auto comes to on machines that are not here: /proc and /sys written by the test.
#include <QtTest/QtTest>

#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include "engine/cpu_topology.h"
#include "tests/support/temp_dir.h"

using namespace tercet;

namespace {

/// The files of a machine.
class Machine {
 public:
  void file(const std::string& path, const std::string& text) const {
    const std::filesystem::path full = dir_.path() / path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full) << text << "\n";
  }
  void cpu(int number, const std::string& siblings, const std::string& file_name = {}, long figure = 0) const {
    const std::string base = "sys/devices/system/cpu/cpu" + std::to_string(number) + "/";
    file(base + "topology/thread_siblings_list", siblings);
    if (!file_name.empty()) file(base + file_name, std::to_string(figure));
  }
  std::string root() const { return dir_.path().string(); }
  CpuTopology topology(const std::vector<int>& allowed) const { return linux_topology(root(), allowed); }

 private:
  test::TempDir dir_;
};

std::vector<int> first(int count) {
  std::vector<int> cpus(static_cast<std::size_t>(count));
  std::iota(cpus.begin(), cpus.end(), 0);
  return cpus;
}

/// Six performance cores of two threads (0 to 11), eight efficiency cores (12 to 19).
void make_hybrid(const Machine& machine) {
  machine.file("sys/devices/cpu_core/cpus", "0-11");
  machine.file("sys/devices/cpu_atom/cpus", "12-19");
  for (int cpu = 0; cpu < 12; ++cpu) {
    const int even = cpu / 2 * 2;
    machine.cpu(cpu, std::to_string(even) + "-" + std::to_string(even + 1), "cpufreq/cpuinfo_max_freq", 4700000);
  }
  for (int cpu = 12; cpu < 20; ++cpu) machine.cpu(cpu, std::to_string(cpu), "cpufreq/cpuinfo_max_freq", 4000000);
}

void make_smt_server(const Machine& machine) {  // 16 cores; the second threads are numbered after all first ones
  for (int cpu = 0; cpu < 32; ++cpu) machine.cpu(cpu, std::to_string(cpu % 16) + "," + std::to_string(cpu % 16 + 16));
}

}  // namespace

class TestCpuTopology : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void this_machine_recommends_what_it_allows() {
    const CpuTopology topology = cpu_topology();
    QVERIFY(topology.recommended >= 1 && topology.recommended <= topology.logical);
    QVERIFY(!cpu_name().empty());
  }

  void a_hybrid_laptop_counts_its_performance_cores_once() {
    const Machine machine;
    make_hybrid(machine);
    QCOMPARE(machine.topology(first(20)), (CpuTopology{.logical = 20, .recommended = 6}));
  }

  void a_hybrid_without_the_kernels_lists_is_told_by_frequency() {
    const Machine machine;
    for (int cpu = 0; cpu < 8; ++cpu) {
      machine.cpu(cpu, std::to_string(cpu / 2 * 2) + "-" + std::to_string(cpu / 2 * 2 + 1), "cpufreq/cpuinfo_max_freq", cpu < 2 ? 5200000 : 5000000);
    }
    for (int cpu = 8; cpu < 16; ++cpu) machine.cpu(cpu, std::to_string(cpu), "cpufreq/cpuinfo_max_freq", 3900000);
    QCOMPARE(machine.topology(first(16)), (CpuTopology{.logical = 16, .recommended = 4}));
  }

  void a_process_kept_on_efficiency_cores_uses_those() {
    const Machine machine;
    make_hybrid(machine);
    QCOMPARE(machine.topology({14, 15, 16}), (CpuTopology{.logical = 3, .recommended = 3}));
  }

  void two_threads_of_a_core_are_one() {
    const Machine machine;
    make_smt_server(machine);
    QCOMPARE(machine.topology(first(32)), (CpuTopology{.logical = 32, .recommended = 16}));
  }

  void an_affinity_mask_counts() {
    const Machine machine;
    make_smt_server(machine);
    QCOMPARE(machine.topology({0, 1, 16}), (CpuTopology{.logical = 3, .recommended = 2}));
    QCOMPARE(machine.topology({5}), (CpuTopology{.logical = 1, .recommended = 1}));
  }

  void big_and_little_cores_are_told_by_capacity() {
    const Machine machine;  // one prime core, three middle ones, four little ones; core ids repeat in every cluster
    for (int cpu = 0; cpu < 8; ++cpu) {
      machine.cpu(cpu, std::to_string(cpu), "cpu_capacity", cpu < 4 ? 325 : cpu < 7 ? 830 : 1024);
      machine.file("sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/core_id", std::to_string(cpu % 4));
    }
    QCOMPARE(machine.topology(first(8)), (CpuTopology{.logical = 8, .recommended = 4}));
  }

  void without_any_files_every_cpu_is_a_core() {
    const Machine machine;
    QCOMPARE(machine.topology(first(6)), (CpuTopology{.logical = 6, .recommended = 6}));
    QCOMPARE(machine.topology({}), (CpuTopology{.logical = 1, .recommended = 1}));
  }

  void files_that_make_no_sense_are_ignored() {
    const Machine machine;
    for (int cpu = 0; cpu < 4; ++cpu) machine.cpu(cpu, "9-1,x", "cpu_capacity", -5);
    machine.file("sys/devices/cpu_core/cpus", "many");
    machine.file("sys/fs/cgroup/cpu.max", "lots of it");
    machine.file("proc/self/cgroup", "::::\nno colon\n0");
    QCOMPARE(machine.topology(first(4)), (CpuTopology{.logical = 4, .recommended = 4}));
  }

  void a_quota_counts_data() {
    QTest::addColumn<QString>("own");     // /proc/self/cgroup
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("logical");
    QTest::addColumn<int>("recommended");
    QTest::newRow("none") << "0::/" << "cpu.max" << "max 100000" << 32 << 16;
    QTest::newRow("of a container") << "0::/" << "cpu.max" << "150000 100000" << 2 << 1;
    QTest::newRow("less than one CPU") << "0::/" << "cpu.max" << "20000 100000" << 1 << 1;
    QTest::newRow("whole CPUs") << "0::/" << "cpu.max" << "400000 100000" << 4 << 4;
    QTest::newRow("more than there are") << "0::/" << "cpu.max" << "9000000 100000" << 32 << 16;
    QTest::newRow("of the own group") << "0::/user.slice/app.scope" << "user.slice/app.scope/cpu.max" << "300000 100000" << 3 << 3;
    QTest::newRow("of a group around it") << "0::/user.slice/app.scope" << "user.slice/cpu.max" << "200000 100000" << 2 << 2;
    QTest::newRow("of another group") << "0::/user.slice" << "system.slice/cpu.max" << "100000 100000" << 32 << 16;
    QTest::newRow("of a path outside") << "0::/../../other" << "cpu.max" << "500000 100000" << 5 << 5;
    QTest::newRow("unified beside version 1") << "1:cpu:/\n0::/a" << "unified/a/cpu.max" << "200000 100000" << 2 << 2;
  }
  void a_quota_counts() {
    QFETCH(QString, own);
    QFETCH(QString, file);
    QFETCH(QString, text);
    const Machine machine;
    make_smt_server(machine);
    machine.file("proc/self/cgroup", own.toStdString());
    machine.file("sys/fs/cgroup/" + file.toStdString(), text.toStdString());
    const CpuTopology topology = machine.topology(first(32));
    QTEST(topology.logical, "logical");
    QTEST(topology.recommended, "recommended");
  }

  void a_quota_of_version_1_counts_also_around_the_own_group() {
    const Machine machine;
    make_smt_server(machine);
    machine.file("proc/self/cgroup", "4:memory:/x\n3:cpu,cpuacct:/docker/1234");
    machine.file("sys/fs/cgroup/cpu,cpuacct/docker/1234/cpu.cfs_quota_us", "-1");
    machine.file("sys/fs/cgroup/cpu,cpuacct/docker/1234/cpu.cfs_period_us", "100000");
    machine.file("sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us", "150000");
    machine.file("sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_period_us", "100000");
    QCOMPARE(machine.topology(first(32)), (CpuTopology{.logical = 2, .recommended = 1}));
  }

  void a_processor_has_a_name_of_one_line() {
    const Machine x86, arm, board, nothing;
    x86.file("proc/cpuinfo", "processor\t: 0\nmodel name\t: AMD Ryzen 7\x1b 7840U \nprocessor\t: 1\nmodel name\t: other");
    QCOMPARE(QString::fromStdString(linux_cpu_name(x86.root())), "AMD Ryzen 7  7840U");
    arm.file("proc/cpuinfo", "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd05\n\nprocessor\t: 1\nCPU part\t: 0xd05\nCPU part\t: 0xd0b");
    QCOMPARE(QString::fromStdString(linux_cpu_name(arm.root())), "ARM 0x41 0xd05 0xd0b");
    board.file("proc/device-tree/model", "Raspberry Pi 5 Model B");
    QCOMPARE(QString::fromStdString(linux_cpu_name(board.root())), "Raspberry Pi 5 Model B");
    QVERIFY(!linux_cpu_name(nothing.root()).empty());
  }
};

QTEST_APPLESS_MAIN(TestCpuTopology)
#include "tst_cpu_topology.moc"
