// "Find the fastest settings", driven by hand: when it may start, what its end means, what is there the next time.
#include <QCoreApplication>
#include <QFile>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <vector>

#include "app/model_controller.h"
#include "app/notice.h"
#include "app/settings.h"
#include "app/tuning_controller.h"

using namespace tercet;
using State = TuningController::State;

namespace {

constexpr CpuTopology kCpu{.logical = 8, .recommended = 4};

Tuning fastest(int threads, std::uint32_t batch) {
  Tuning tuning;
  tuning.writing_by_threads = {{1, 10}, {2, 18}, {4, 21}};
  tuning.reading_by_threads = {{1, 50}, {2, 95}, {4, 150}};
  tuning.reading_by_batch = {{64, 140}, {128, 150}};
  tuning.threads = threads;
  tuning.batch = batch;
  tuning.logical = 8;
  tuning.seconds = 20;
  return tuning;
}

/// The objects of one start of the program.
struct Program {
  explicit Program(const QString& dir, CpuTopology cpu = kCpu) : settings(dir, cpu.logical), model(dir, cpu, &settings, &notice), tuning(dir, cpu, &model, &notice) {
    QObject::connect(&model, &ModelController::loadRequested, &model, [this](const LoadRequest& request) { loads.push_back(request); });
    QObject::connect(&model, &ModelController::configureRequested, &model, [this](const ConfigureRequest& request) { configures.push_back(request); });
    QObject::connect(&tuning, &TuningController::tuneRequested, &tuning, [this](const TuneRequest& request) { tunes.push_back(request); });
  }
  void load(const std::string& identity = "1-1", const QString& isa = "avx2") {
    model.openPath("/m/some.gguf");
    LoadedModel loaded;
    loaded.path = "/m/some.gguf";
    loaded.name = "Model";
    loaded.isa = isa;
    loaded.identity = identity;
    loaded.config = {.architecture = "bitnet-b1.58", .name = "Model", .vocab_size = 1000, .context_length = 4096,
                     .hidden = 256, .layers = 2, .heads = 4, .kv_heads = 2, .head_dim = 64, .ffn = 512};
    loaded.inUse = loads.back().config;
    model.onLoaded(loads.back().id, loaded);
  }
  void measure(const Tuning& result) {
    tuning.start();
    tuning.onFinished(tunes.back().id, result);
  }

  Settings settings;
  Notice notice;
  ModelController model;
  TuningController tuning;
  std::vector<LoadRequest> loads;
  std::vector<ConfigureRequest> configures;
  std::vector<TuneRequest> tunes;
};

}  // namespace

class TestTuningController : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> m_dir;
  std::unique_ptr<Program> p;

  void restart(CpuTopology cpu = kCpu) {
    p.reset();
    p = std::make_unique<Program>(m_dir->path(), cpu);
  }

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    p = std::make_unique<Program>(m_dir->path());
  }
  void cleanup() { p.reset(); }

  void it_starts_only_with_a_model_at_rest() {
    QVERIFY(!p->tuning.canStart());
    const QString noModel = p->tuning.hint();
    p->tuning.start();
    QCOMPARE(p->tunes.size(), std::size_t{0});
    p->load();
    QVERIFY(p->tuning.canStart());
    QVERIFY(p->tuning.hint() != noModel);
    p->tuning.setAnswering(true);
    QVERIFY(!p->tuning.canStart());
    QVERIFY(p->tuning.hint() != noModel);
    p->tuning.setAnswering(false);
    p->model.openPath("/m/other.gguf");
    QVERIFY(!p->tuning.canStart());
  }

  void a_measurement_goes_from_start_to_auto() {
    p->load();
    QSignalSpy changed(&p->tuning, &TuningController::changed);
    p->tuning.start();
    QCOMPARE(p->tuning.state(), State::Measuring);
    QVERIFY(!p->tuning.canStart());
    QCOMPARE(p->tunes.size(), std::size_t{1});
    QCOMPARE(p->tunes[0].limits.cpu, kCpu);
    QVERIFY(changed.size() > 0);
    Tuning soFar;
    soFar.writing_by_threads = {{4, 20}};
    p->tuning.onProgressed(p->tunes[0].id, 0.25, soFar);
    QCOMPARE(p->tuning.progress(), 0.25);
    QCOMPARE(p->tuning.writing()->count(), 1);
    QVERIFY(!p->model.measured());
    p->tuning.onFinished(p->tunes[0].id, fastest(2, 128));
    QCOMPARE(p->tuning.state(), State::Idle);
    QCOMPARE(p->tuning.threads(), 2);
    QCOMPARE(p->tuning.batch(), 128);
    QVERIFY(p->tuning.batchMeasured());
    QCOMPARE(p->tuning.readingByBatch()->count(), 2);
    QVERIFY(p->model.measured());
    QCOMPARE(p->model.recommendedThreads(), 2);
    QCOMPARE(p->model.recommendedBatch(), 128);
    QCOMPARE(p->configures.size(), std::size_t{1});
    QCOMPARE(p->configures[0].config, (EngineConfig{.threads = 2, .batch = 128, .context = 4096}));
    QVERIFY(!p->notice.visible());
  }

  void what_was_chosen_by_hand_stays() {
    p->settings.setThreads(3);
    p->settings.setBatch(64);
    p->load();
    p->measure(fastest(2, 128));
    QCOMPARE(p->configures.size(), std::size_t{0});
    QCOMPARE(p->settings.threads(), 3);
    p->settings.setThreads(0);
    p->model.applyPending();
    QCOMPARE(p->configures.back().config.threads, 2);
    QCOMPARE(p->configures.back().config.batch, 64);
  }

  void cancel_stops_the_engine_and_keeps_the_last_result() {
    p->load();
    p->measure(fastest(2, 128));
    p->tuning.start();
    QCOMPARE(p->tuning.writing()->count(), 0);
    p->tuning.cancel();
    QCOMPARE(p->tuning.state(), State::Stopping);
    QVERIFY(p->tunes.back().stop.stop_requested());
    QVERIFY(!p->tuning.canStart());
    p->tuning.onFailed(p->tunes.back().id, {ErrorCode::Stopped, {}});
    QCOMPARE(p->tuning.state(), State::Idle);
    QCOMPARE(p->tuning.threads(), 2);
    QCOMPARE(p->tuning.writing()->count(), 3);
    QVERIFY(!p->notice.visible());
  }

  void a_busy_computer_is_told_and_no_bar_is_the_fastest() {
    p->load();
    Tuning tuning = fastest(2, 128);
    QVERIFY(!p->tuning.busy());
    tuning.busy = true;
    p->measure(tuning);
    QVERIFY(p->tuning.busy());
    for (int row = 0; row < p->tuning.writing()->count(); ++row) {
      QVERIFY(!p->tuning.writing()->data(p->tuning.writing()->index(row), SpeedCurve::ChosenRole).toBool());
    }
  }

  void a_result_that_comes_after_cancel_is_dropped() {
    p->load();
    p->tuning.start();
    p->tuning.cancel();
    p->tuning.onFinished(p->tunes.back().id, fastest(2, 128));
    QCOMPARE(p->tuning.state(), State::Idle);
    QVERIFY(!p->tuning.hasResult());
    QVERIFY(!p->model.measured());
  }

  void what_comes_under_an_old_id_is_dropped() {
    p->load();
    p->tuning.start();
    p->tuning.onFinished(p->tunes.back().id + 1, fastest(2, 128));
    p->tuning.onProgressed(p->tunes.back().id + 1, 0.5, {});
    p->tuning.onFailed(p->tunes.back().id + 1, {ErrorCode::Internal, {}});
    QCOMPARE(p->tuning.state(), State::Measuring);
    QCOMPARE(p->tuning.progress(), 0.0);
    QVERIFY(!p->notice.visible());
  }

  void a_failure_is_told() {
    p->load();
    p->tuning.start();
    p->tuning.onFailed(p->tunes.back().id, {ErrorCode::ModelChanged, "gone"});
    QCOMPARE(p->tuning.state(), State::Idle);
    QCOMPARE(p->notice.code(), "M-118");
  }

  void opening_a_model_gives_the_measurement_up() {
    p->load();
    p->tuning.start();
    p->model.openPath("/m/other.gguf");
    QCOMPARE(p->tuning.state(), State::Stopping);
    QVERIFY(p->tunes.back().stop.stop_requested());
  }

  void the_result_is_there_at_the_next_start() {
    p->load();
    p->measure(fastest(2, 128));
    restart();
    QVERIFY(!p->tuning.hasResult());
    p->load();
    QVERIFY(p->tuning.hasResult());
    QCOMPARE(p->tuning.threads(), 2);
    QCOMPARE(p->tuning.writing()->count(), 3);
    QVERIFY(p->model.measured());
    QCOMPARE(p->configures.back().config, (EngineConfig{.threads = 2, .batch = 128, .context = 4096}));
  }

  void another_model_or_kernel_set_has_no_result() {
    p->load();
    p->measure(fastest(2, 128));
    p->load("2-2");
    QVERIFY(!p->tuning.hasResult());
    QVERIFY(!p->model.measured());
    QCOMPARE(p->model.recommendedThreads(), 4);
    QCOMPARE(p->tuning.writing()->count(), 0);
    p->load("1-1", "scalar");
    QVERIFY(!p->tuning.hasResult());
    p->load();
    QVERIFY(p->tuning.hasResult());
  }

  void more_threads_than_allowed_today_are_not_used() {
    p->load();
    p->measure(fastest(4, 128));
    restart({.logical = 2, .recommended = 2});
    p->load();
    QVERIFY(!p->tuning.hasResult());
    QCOMPARE(p->model.recommendedThreads(), 2);
  }

  void a_damaged_file_is_no_result_and_is_replaced() {
    QFile file(m_dir->filePath("tuning.ini"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[result]\nthreads = 1000000\n\x01\x02");
    file.close();
    p->load();
    QVERIFY(!p->tuning.hasResult());
    p->measure(fastest(2, 128));
    restart();
    p->load();
    QCOMPARE(p->tuning.threads(), 2);
  }

  void a_result_that_cannot_be_saved_holds_until_the_end_and_is_told() {
    QVERIFY(QDir(m_dir->path()).mkdir("tuning.ini"));
    p->load();
    p->measure(fastest(2, 128));
    QCOMPARE(p->notice.code(), "S-502");
    QVERIFY(p->tuning.hasResult());
    QCOMPARE(p->model.recommendedThreads(), 2);
  }

  void the_command_line_looks_in_the_same_place() {
    QCoreApplication::setApplicationName("tercet");
    QCOMPARE(QString::fromStdString(TuningStore::usual_directory()), QStandardPaths::writableLocation(QStandardPaths::AppDataLocation));
  }
};

QTEST_GUILESS_MAIN(TestTuningController)
#include "tst_tuning_controller.moc"
