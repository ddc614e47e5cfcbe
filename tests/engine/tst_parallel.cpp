// The thread pool: every chunk once, workers apart, any number of threads.
#include <QtTest/QtTest>

#include <atomic>
#include <memory>
#include <vector>

#include "engine/parallel.h"

using namespace tercet;

class TestParallel : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void every_chunk_runs_once_data() {
    QTest::addColumn<int>("threads");
    for (const int threads : {1, 2, 3, 8}) QTest::addRow("%d threads", threads) << threads;
  }
  void every_chunk_runs_once() {
    QFETCH(int, threads);
    ThreadPool pool(threads);
    QCOMPARE(pool.threads(), threads);
    for (const std::size_t chunks : {0U, 1U, 2U, 7U, 1000U}) {
      std::vector<std::atomic<int>> runs(chunks);
      std::unique_ptr<std::atomic<bool>[]> busy(new std::atomic<bool>[static_cast<std::size_t>(threads)]());
      std::atomic<bool> overlapped{false}, outside{false};
      pool.for_each(chunks, [&](std::size_t chunk, int worker) {
        if (worker < 0 || worker >= threads) {
          outside = true;
          return;
        }
        if (busy[static_cast<std::size_t>(worker)].exchange(true)) overlapped = true;
        ++runs[chunk];
        busy[static_cast<std::size_t>(worker)] = false;
      });
      for (const auto& count : runs) QCOMPARE(count.load(), 1);
      QVERIFY(!overlapped);
      QVERIFY(!outside);
    }
  }

  void ranges_begin_at_multiples_of_the_grain_and_cover_everything() {
    for (const int threads : {1, 2, 3, 16}) {
      ThreadPool pool(threads);
      for (const std::size_t count : {0U, 1U, 15U, 16U, 17U, 100U, 6912U, 200'001U}) {
        for (const std::size_t grain : {1U, 16U, 64U}) {
          std::vector<std::atomic<int>> runs(count);
          std::atomic<bool> crooked{false};
          pool.for_ranges(count, grain, [&](std::size_t begin, std::size_t end, int) {
            if (begin % grain != 0 || begin >= end || end > count) crooked = true;
            for (std::size_t i = begin; i < end; ++i) ++runs[i];
          });
          QVERIFY(!crooked);
          for (const auto& run : runs) {
            if (run != 1) QFAIL("an index ran not once");
          }
        }
      }
    }
  }

  void every_large_chunk_runs_once() {
    for (const int threads : {1, 2, 5}) {
      ThreadPool pool(threads);
      std::vector<std::atomic<int>> runs(300);
      pool.for_each_large(runs.size(), [&](std::size_t chunk) { ++runs[chunk]; });
      for (const auto& count : runs) QCOMPARE(count.load(), 1);
    }
  }

  void pools_of_different_sizes_live_side_by_side() {
    ThreadPool one(1), two(2), many(9);
    for (int round = 0; round < 200; ++round) {
      std::atomic<int> sum{0};
      for (ThreadPool* pool : {&one, &two, &many}) pool->for_each(20, [&](std::size_t chunk, int) { sum += static_cast<int>(chunk); });
      QCOMPARE(sum.load(), 3 * 190);
    }
  }

  void results_are_visible_when_for_each_returns() {
    ThreadPool pool(2);
    for (int round = 0; round < 2000; ++round) {
      int values[16] = {};
      pool.for_each(16, [&](std::size_t chunk, int) { values[chunk] = round + static_cast<int>(chunk); });
      for (int i = 0; i < 16; ++i) QCOMPARE(values[i], round + i);
    }
  }
};

QTEST_APPLESS_MAIN(TestParallel)
#include "tst_parallel.moc"
