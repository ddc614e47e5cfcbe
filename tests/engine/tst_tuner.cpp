// The search for the fastest settings, on machines made up by the test: their clock moves only by what is measured.
#include <QtTest/QtTest>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <vector>

#include "engine/tuner.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_model.h"

using namespace tercet;

namespace {

/// A machine whose speeds are given by functions.
struct Machine {
  std::function<double(int threads)> writing = [](int threads) { return 10.0 * threads; };
  std::function<double(int threads, std::uint32_t batch)> reading = [](int threads, std::uint32_t batch) {
    return 50.0 * threads * std::min(1.0, std::sqrt(batch / 128.0));
  };
  std::function<double()> noise = [] { return 1.0; };
  std::function<double(int threads)> own = [](int) { return 1.0; };  // of the processor time that so many threads could have
  double now = 1000;
  int measurements = 0;
  std::map<int, int> written_with;  // times each thread count wrote
  std::vector<std::uint32_t> batches;
  std::uint32_t longest_text = 1024;
  int stop_after = 1 << 30;
  std::stop_source stop;

  Result<SpeedSample> take(int threads, double speed, std::uint32_t tokens, double until) {
    if (++measurements > stop_after) stop.request_stop();
    if (stop.stop_requested()) return Error{ErrorCode::Stopped, {}};
    speed *= noise();
    const double start = now, end = now + tokens / speed;
    now = std::min(end, until);
    return SpeedSample{end > until ? 0.0 : speed, now - start, own(threads) * threads * (now - start)};
  }
  TuningProbe probe() {
    return {.now_s = [this] { return now; },
            .read =
                [this](int threads, std::uint32_t batch, std::uint32_t tokens, double until) {
                  batches.push_back(batch);
                  return take(threads, reading(threads, std::min(batch, tokens)), tokens, until);
                },
            .write =
                [this](int threads, std::uint32_t tokens, double until) {
                  ++written_with[threads];
                  return take(threads, writing(threads), tokens, until);
                },
            .longest_text = longest_text};
  }
  Result<Tuning> tune(CpuTopology cpu, double budget = 30, const TuningProgress& progress = {}) {
    return find_fastest(probe(), {.cpu = cpu, .budget_s = budget}, progress, stop.get_token());
  }
};

std::vector<std::uint32_t> places(const std::vector<SpeedPoint>& points) {
  std::vector<std::uint32_t> out;
  for (const SpeedPoint& point : points) out.push_back(point.at);
  return out;
}

}  // namespace

class TestTuner : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void candidates_lie_around_the_recommended_count() {
    QCOMPARE(thread_candidates({.logical = 1, .recommended = 1}), (std::vector<int>{1}));
    QCOMPARE(thread_candidates({.logical = 2, .recommended = 2}), (std::vector<int>{1, 2}));
    QCOMPARE(thread_candidates({.logical = 20, .recommended = 6}), (std::vector<int>{1, 2, 3, 4, 5, 6, 8, 16, 20}));
    QCOMPARE(thread_candidates({.logical = 32, .recommended = 16}), (std::vector<int>{1, 2, 4, 8, 15, 16, 32}));
    QCOMPARE(thread_candidates({.logical = 2, .recommended = 9}), (std::vector<int>{1, 2}));
  }

  void the_fastest_count_wins_where_more_threads_slow_down() {
    Machine machine;
    machine.writing = [](int threads) { return threads <= 4 ? 8.0 * threads : 32.0 - threads; };
    machine.reading = [](int threads, std::uint32_t) { return threads <= 4 ? 50.0 * threads : 180.0; };
    const auto tuning = machine.tune({.logical = 8, .recommended = 8});
    QVERIFY(tuning.has_value());
    QCOMPARE(tuning->threads, 4);
    QCOMPARE(tuning->logical, 8);
    QCOMPARE(places(tuning->writing_by_threads), (std::vector<std::uint32_t>{1, 2, 4, 7, 8}));
  }

  void of_equally_fast_counts_the_smallest_wins() {
    Machine machine;
    machine.writing = [](int threads) { return threads >= 4 ? 40.0 + 0.02 * threads : 10.0 * threads; };
    machine.reading = [](int threads, std::uint32_t) { return threads >= 4 ? 200.0 : 50.0 * threads; };
    const auto tuning = machine.tune({.logical = 16, .recommended = 8});
    QVERIFY(tuning.has_value());
    QCOMPARE(tuning->threads, 4);
  }

  void reading_counts_too() {
    Machine machine;  // writing is bound by memory from two threads on, reading is not
    machine.writing = [](int threads) { return threads == 1 ? 15.0 : 20.0; };
    const auto tuning = machine.tune({.logical = 8, .recommended = 8});
    QVERIFY(tuning.has_value());
    QVERIFY(tuning->threads >= 7);
  }

  void the_smallest_batch_that_reads_as_fast_as_any_wins() {
    Machine machine;
    machine.reading = [](int threads, std::uint32_t batch) { return 500.0 * threads * std::min(1.0, batch / 64.0); };
    const auto tuning = machine.tune({.logical = 2, .recommended = 2});
    QVERIFY(tuning.has_value());
    QCOMPARE(tuning->batch, 64U);
    QCOMPARE(places(tuning->reading_by_batch), (std::vector<std::uint32_t>{32, 64, 128, 256, 512, 1024}));
  }

  void a_batch_that_is_too_large_for_the_caches_loses() {
    Machine machine;
    machine.reading = [](int threads, std::uint32_t batch) { return threads * (batch < 256 ? 2.0 * batch : batch == 256 ? 600.0 : 400.0); };
    const auto tuning = machine.tune({.logical = 4, .recommended = 4});
    QVERIFY(tuning.has_value());
    QCOMPARE(tuning->batch, 256U);
  }

  void noise_does_not_decide() {
    Machine machine;
    machine.writing = [](int threads) { return 10.0 * threads; };
    int turn = 0;
    machine.noise = [&turn] { return ++turn % 5 == 0 ? 0.4 : 1.0; };  // something else has the machine every now and then
    const auto tuning = machine.tune({.logical = 4, .recommended = 4});
    QVERIFY(tuning.has_value());
    QCOMPARE(tuning->threads, 4);
    QVERIFY(machine.written_with[4] >= 3);  // once at first, then in rounds
  }

  // Another program has one of two processors throughout: two threads get 2/3 of both and wait for each other.
  void a_busy_machine_keeps_the_recommended_count() {
    Machine machine;
    machine.writing = [](int threads) { return threads == 1 ? 10.0 : 8.0; };
    machine.reading = [](int threads, std::uint32_t) { return threads == 1 ? 50.0 : 45.0; };
    machine.own = [](int threads) { return threads == 1 ? 1.0 : 0.67; };
    const auto tuning = machine.tune({.logical = 2, .recommended = 2});
    QVERIFY(tuning.has_value());
    QCOMPARE(tuning->threads, 2);
    QCOMPARE(tuning->batch, kUsualBatch);
    QVERIFY(tuning->busy);
    QCOMPARE(places(tuning->writing_by_threads), (std::vector<std::uint32_t>{1, 2}));  // shown all the same
    QVERIFY(machine.now - 1000 <= 30.0);
  }

  void what_was_disturbed_is_measured_again_and_does_not_count() {
    Machine machine;
    // Until the 30th measurement; a fast model, so that its rounds are over long before the time is.
    machine.writing = [&machine](int threads) { return threads == 1 ? 400.0 : machine.measurements < 30 ? 320.0 : 760.0; };
    machine.reading = [&machine](int threads, std::uint32_t) { return threads == 1 ? 2000.0 : machine.measurements < 30 ? 1600.0 : 3900.0; };
    machine.own = [&machine](int threads) { return threads == 1 || machine.measurements > 30 ? 1.0 : 0.67; };
    const auto tuning = machine.tune({.logical = 2, .recommended = 2});
    QVERIFY(tuning.has_value());
    QCOMPARE(tuning->threads, 2);
    QVERIFY(!tuning->busy);
    QCOMPARE(tuning->writing_by_threads, (std::vector<SpeedPoint>{{1, 400.0}, {2, 760.0}}));
  }

  void a_disturbance_that_passes_leaves_no_trace() {
    Machine machine;
    machine.writing = [](int threads) { return 100.0 * threads; };
    machine.reading = [](int threads, std::uint32_t) { return 1000.0 * threads; };
    int turn = 0;
    machine.noise = [&turn] { return ++turn % 3 > 0 ? 0.4 : 1.0; };  // more slow moments than quick ones
    machine.own = [&turn](int) { return turn % 3 > 0 ? 0.5 : 0.97; };
    const auto tuning = machine.tune({.logical = 4, .recommended = 4});
    QVERIFY(tuning.has_value());
    QVERIFY(!tuning->busy);
    QCOMPARE(tuning->threads, 4);
    QCOMPARE(tuning->writing_by_threads.back(), (SpeedPoint{4, 400.0}));
  }

  void a_slow_and_busy_machine_is_told_from_its_first_tokens() {
    Machine machine;
    machine.writing = [](int) { return 0.02; };
    machine.reading = [](int, std::uint32_t) { return 0.1; };
    machine.own = [](int) { return 0.5; };
    const auto tuning = machine.tune({.logical = 4, .recommended = 2});
    QVERIFY(tuning.has_value());
    QCOMPARE(tuning->threads, 2);
    QVERIFY(tuning->busy);
  }

  void programs_in_the_background_do_not_make_it_busy() {
    Machine machine;
    machine.own = [](int) { return 0.9; };
    const auto tuning = machine.tune({.logical = 4, .recommended = 4});
    QVERIFY(tuning.has_value());
    QVERIFY(!tuning->busy);
    QCOMPARE(tuning->threads, 4);
  }

  void measurements_too_short_to_tell_do_not_make_it_busy() {
    Machine machine;
    machine.writing = [](int threads) { return 20'000.0 * threads; };
    machine.reading = [](int threads, std::uint32_t) { return 90'000.0 * threads; };
    machine.own = [](int) { return 0.3; };
    const auto tuning = machine.tune({.logical = 4, .recommended = 4});
    QVERIFY(tuning.has_value());
    QVERIFY(!tuning->busy);
    QCOMPARE(tuning->threads, 4);
  }

  void batches_that_were_always_disturbed_leave_the_usual_size() {
    Machine machine;
    machine.reading = [](int threads, std::uint32_t batch) { return 500.0 * threads * std::min(1.0, batch / 64.0); };
    machine.own = [&machine](int) { return machine.batches.empty() || machine.batches.back() != 256 ? 1.0 : 0.5; };
    const auto tuning = machine.tune({.logical = 2, .recommended = 2});
    QVERIFY(tuning.has_value());
    QCOMPARE(tuning->threads, 2);
    QCOMPARE(tuning->batch, kUsualBatch);
    QVERIFY(tuning->busy);
    QVERIFY(machine.now - 1000 <= 30.0);
  }

  void the_budget_holds_data() {
    QTest::addColumn<double>("writing");
    QTest::addColumn<double>("reading");
    QTest::addColumn<int>("cores");
    QTest::addColumn<double>("budget");
    QTest::newRow("two cores, 2B model") << 10.0 << 55.0 << 2 << 30.0;
    QTest::newRow("the same, short") << 10.0 << 55.0 << 2 << 8.0;
    QTest::newRow("slow machine") << 0.5 << 2.0 << 2 << 30.0;
    QTest::newRow("many cores") << 1.0 << 12.0 << 64 << 30.0;
    QTest::newRow("tiny model") << 20000.0 << 90000.0 << 8 << 30.0;
  }
  void the_budget_holds() {
    QFETCH(double, writing);
    QFETCH(double, reading);
    QFETCH(int, cores);
    QFETCH(double, budget);
    Machine machine;
    machine.writing = [&](int threads) { return writing * threads; };
    machine.reading = [&](int threads, std::uint32_t batch) { return reading * threads * std::min(1.0, std::sqrt(batch / 128.0)); };
    const double start = machine.now;
    const auto tuning = machine.tune({.logical = cores, .recommended = cores}, budget);
    QVERIFY(tuning.has_value());
    QVERIFY2(machine.now - start <= budget, qPrintable(QString::number(machine.now - start)));
    QCOMPARE(tuning->seconds, machine.now - start);
    const auto measured = places(tuning->writing_by_threads);
    QVERIFY(std::find(measured.begin(), measured.end(), static_cast<std::uint32_t>(cores)) != measured.end());
    QVERIFY(!tuning->reading_by_threads.empty());
    QCOMPARE(tuning->threads, cores);
  }

  void a_machine_far_too_slow_still_measures_the_recommended_count() {
    Machine machine;
    machine.writing = [](int) { return 0.02; };
    machine.reading = [](int, std::uint32_t) { return 0.1; };
    const auto tuning = machine.tune({.logical = 4, .recommended = 2});
    QVERIFY(tuning.has_value());
    QCOMPARE(tuning->threads, 2);
    QCOMPARE(tuning->batch, kUsualBatch);
    QCOMPARE(places(tuning->writing_by_threads), (std::vector<std::uint32_t>{2}));
    QCOMPARE(places(tuning->reading_by_threads), (std::vector<std::uint32_t>{2}));
  }

  void the_usual_batch_stays_when_there_is_no_time_to_tell() {
    Machine machine;  // still rising where the time ends
    machine.writing = [](int) { return 2.0; };
    machine.reading = [](int, std::uint32_t batch) { return 10.0 * std::sqrt(batch / 128.0); };
    const auto tuning = machine.tune({.logical = 2, .recommended = 2});
    QVERIFY(tuning.has_value());
    QCOMPARE(tuning->batch, kUsualBatch);
    QVERIFY(tuning->reading_by_batch.empty() || tuning->reading_by_batch.back().at < kUsualBatch);
  }

  void a_machine_that_slows_down_in_the_middle_is_left_in_time() {
    Machine machine;
    machine.noise = [&machine] { return machine.measurements > 6 ? 0.05 : 1.0; };
    const auto tuning = machine.tune({.logical = 2, .recommended = 2});
    QVERIFY(tuning.has_value());
    QVERIFY(machine.now - 1000 <= 30.0);
  }

  void a_short_context_limits_the_text() {
    Machine machine;
    machine.longest_text = 64;
    const auto tuning = machine.tune({.logical = 2, .recommended = 2});
    QVERIFY(tuning.has_value());
    QVERIFY(tuning->reading_by_batch.empty());
    QCOMPARE(tuning->batch, kUsualBatch);
    QVERIFY(!tuning->reading_by_threads.empty());
  }

  void batches_without_memory_are_left_out() {
    Machine machine;
    machine.reading = [](int threads, std::uint32_t) { return 1000.0 * threads; };
    TuningProbe probe = machine.probe();
    probe.read = [inner = probe.read](int threads, std::uint32_t batch, std::uint32_t tokens, double until) {
      return batch > 256 ? Result<SpeedSample>(SpeedSample()) : inner(threads, batch, tokens, until);
    };
    const auto tuning = find_fastest(probe, {.cpu = {.logical = 2, .recommended = 2}, .budget_s = 30});
    QVERIFY(tuning.has_value());
    QCOMPARE(places(tuning->reading_by_batch), (std::vector<std::uint32_t>{32, 64, 128, 256}));
    QCOMPARE(tuning->batch, 32U);
  }

  void a_stop_ends_it_at_any_point() {
    Machine whole;
    QVERIFY(whole.tune({.logical = 4, .recommended = 4}).has_value());
    for (int after = 0; after < whole.measurements; ++after) {
      Machine machine;
      machine.stop_after = after;
      const auto tuning = machine.tune({.logical = 4, .recommended = 4});
      QVERIFY(!tuning.has_value());
      QVERIFY(tuning.error().code == ErrorCode::Stopped);
      QCOMPARE(machine.measurements, after + 1);
    }
  }

  void an_error_of_the_engine_is_passed_on() {
    Machine machine;
    TuningProbe probe = machine.probe();
    probe.read = [](int, std::uint32_t, std::uint32_t, double) { return Result<SpeedSample>(Error{ErrorCode::ModelChanged, "gone"}); };
    const auto tuning = find_fastest(probe, {.cpu = {.logical = 2, .recommended = 2}, .budget_s = 30});
    QVERIFY(!tuning.has_value());
    QVERIFY(tuning.error().code == ErrorCode::ModelChanged);
  }

  void progress_only_grows_and_ends_at_one() {
    Machine machine;
    double last = 0;
    std::size_t points = 0;
    const auto tuning = machine.tune({.logical = 4, .recommended = 4}, 30, [&](double fraction, const Tuning& so_far) {
      QVERIFY(fraction >= last && fraction <= 1);
      const std::size_t now = so_far.writing_by_threads.size() + so_far.reading_by_threads.size() + so_far.reading_by_batch.size();
      QVERIFY(now >= points);
      last = fraction;
      points = now;
    });
    QVERIFY(tuning.has_value());
    QCOMPARE(last, 1.0);
    QVERIFY(points >= 10);
  }

  void a_real_model_is_measured() {
    const test::TempDir dir;
    const std::string path = dir.write("tiny.gguf", test::make_tiny_gguf());
    ThreadPool pool(1);
    auto model = Model::load(path, {}, pool);
    QVERIFY(model.has_value());
    const auto tuning = find_fastest(*model, {.cpu = {.logical = 2, .recommended = 2}, .budget_s = 5});
    QVERIFY(tuning.has_value());
    QVERIFY(tuning->threads == 1 || tuning->threads == 2);
    QVERIFY(tuning->batch >= 1 && tuning->batch <= 2048);
    for (const auto* points : {&tuning->writing_by_threads, &tuning->reading_by_threads}) {
      QVERIFY(!points->empty());
      for (const SpeedPoint& point : *points) QVERIFY(std::isfinite(point.tokens_per_s) && point.tokens_per_s > 0);
    }
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = find_fastest(*model, {.cpu = {.logical = 2, .recommended = 2}, .budget_s = 5}, {}, stop.get_token());
    QVERIFY(!stopped.has_value());
    QVERIFY(stopped.error().code == ErrorCode::Stopped);
  }

  void a_model_of_a_very_short_context_is_measured_as_well() {
    const test::TempDir dir;
    test::TinyModelOptions options;
    options.context = 20;
    const std::string path = dir.write("short.gguf", test::make_tiny_gguf(options));
    ThreadPool pool(1);
    auto model = Model::load(path, {}, pool);
    QVERIFY(model.has_value());
    QVERIFY(find_fastest(*model, {.cpu = {.logical = 1, .recommended = 1}, .budget_s = 5}).has_value());
  }
};

QTEST_APPLESS_MAIN(TestTuner)
#include "tst_tuner.moc"
