// The catalogue of kernel sets: every name is there, the best set is one the machine runs, scalar always is.
#include <QtTest/QtTest>

#include "kernels/cpu_features.h"
#include "kernels/dispatch.h"

using namespace tercet::kernels;

class TestDispatch : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void every_documented_name_is_in_the_catalogue() {
    for (const char* name : {"scalar", "avx2", "avxvnni", "avx512vnni", "neon", "dotprod", "i8mm"}) {
      QVERIFY2(find_set(name) != nullptr, name);
    }
    QVERIFY(find_set("sse9") == nullptr);
    QVERIFY(find_set("") == nullptr);
  }

  void scalar_runs_everywhere() {
    QVERIFY(find_set("scalar")->set != nullptr);
    QVERIFY(find_set("scalar")->supported);
  }

  void a_set_bears_the_name_of_its_entry() {
    for (const SetStatus& status : all_sets()) {
      if (status.set != nullptr) QCOMPARE(std::string_view(status.set->name), status.name);
      if (status.set == nullptr) QVERIFY(!status.supported);
    }
  }

  void the_best_set_is_the_last_supported_one() {
    std::string_view expected;
    for (const SetStatus& status : all_sets()) {
      if (status.supported) expected = status.name;
    }
    QCOMPARE(std::string_view(best_set().name), expected);
  }

  void what_is_supported_agrees_with_the_processor() {
    const CpuFeatures cpu = cpu_features();
#if defined(__x86_64__)
    QCOMPARE(find_set("avx2")->supported, cpu.avx2_fma_f16c);
    QCOMPARE(find_set("avxvnni")->supported, cpu.avx_vnni);
    QCOMPARE(find_set("avx512vnni")->supported, cpu.avx512_vnni);
    QVERIFY(find_set("neon")->set == nullptr);
#elif defined(__aarch64__)
    QCOMPARE(find_set("neon")->supported, cpu.neon);
    QVERIFY(find_set("avx2")->set == nullptr);
#endif
  }
};

QTEST_APPLESS_MAIN(TestDispatch)
#include "tst_dispatch.moc"
