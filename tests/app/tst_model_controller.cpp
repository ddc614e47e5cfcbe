// Opening, cancelling and refusing models, driven by hand.
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <vector>

#include "app/model_controller.h"
#include "app/notice.h"
#include "app/settings.h"
#include "resources/builtin/builtin_model.h"

using namespace tercet;
using State = ModelController::State;

namespace {

const QString kBuiltIn = QLatin1String(builtin::kPath);

LoadedModel loadedModel(const QString& path, const EngineConfig& config, std::uint32_t limit = 4096) {
  LoadedModel model;
  model.path = path;
  model.name = "Model";
  model.architecture = "bitnet-b1.58";
  model.isa = "avx2";
  model.memoryBytes = 850'000'000;
  model.config = {.architecture = "bitnet-b1.58", .name = "Model", .vocab_size = 1000, .context_length = limit,
                  .hidden = 256, .layers = 2, .heads = 4, .kv_heads = 2, .head_dim = 64, .ffn = 512};
  model.inUse = config;
  model.inUse.context = std::min(config.context, static_cast<int>(limit));
  return model;
}

}  // namespace

class TestModelController : public QObject {
  Q_OBJECT

  struct Bench {
    QTemporaryDir dir;
    Settings settings{dir.path(), 8};
    Notice notice;
    ModelController model{dir.path(), {.logical = 8, .recommended = 4}, &settings, &notice};
    std::vector<LoadRequest> loads;
    std::vector<ConfigureRequest> configures;

    Bench() {
      QObject::connect(&model, &ModelController::loadRequested, &model,
                       [this](const LoadRequest& request) { loads.push_back(request); });
      QObject::connect(&model, &ModelController::configureRequested, &model,
                       [this](const ConfigureRequest& request) { configures.push_back(request); });
    }
    void load(const QString& path, std::uint32_t limit = 4096) {
      model.openPath(path);
      model.onLoaded(loads.back().id, loadedModel(path, loads.back().config, limit));
    }
    void loaded() { model.onLoaded(loads.back().id, loadedModel(loads.back().path, loads.back().config)); }
    void fail(ErrorCode code, bool keptPrevious) { model.onLoadFailed(loads.back().id, {{code, "why"}, keptPrevious}); }
    QString marker() const { return dir.filePath("loading-model"); }
  };
  std::unique_ptr<Bench> b;

 private Q_SLOTS:
  void init() { b = std::make_unique<Bench>(); }
  void cleanup() { b.reset(); }

  void a_load_goes_from_nothing_to_ready() {
    QCOMPARE(b->model.state(), State::NoModel);
    b->model.openPath("/m/first.gguf");
    QCOMPARE(b->model.state(), State::Loading);
    QCOMPARE(b->model.pendingName(), "first");
    QCOMPARE(b->loads.back().config, (EngineConfig{.threads = 4, .batch = 512, .context = 4096}));
    b->model.onLoadProgressed(b->loads.back().id, 0.5);
    QCOMPARE(b->model.progress(), 0.5);
    b->model.onLoaded(b->loads.back().id, loadedModel("/m/first.gguf", b->loads.back().config));
    QCOMPARE(b->model.state(), State::Ready);
    QCOMPARE(b->model.name(), "Model");
    QCOMPARE(b->model.effectiveThreads(), 4);
    QCOMPARE(b->model.effectiveBatch(), 512);
    QCOMPARE(b->model.effectiveContext(), 4096);
    QCOMPARE(b->model.contextLimit(), 4096);
    QVERIFY(b->model.details().contains("avx2") && b->model.details().contains("0.85"));
    QCOMPARE(b->settings.lastModel(), "/m/first.gguf");
    QVERIFY(!b->notice.visible());
  }

  void a_failed_load_keeps_the_model_in_memory() {
    b->load("/m/good.gguf");
    b->model.openPath("/m/bad.gguf");
    b->fail(ErrorCode::Truncated, true);
    QCOMPARE(b->model.state(), State::Ready);
    QCOMPARE(b->model.path(), "/m/good.gguf");
    QCOMPARE(b->model.effectiveContext(), 4096);
    QCOMPARE(b->notice.code(), "M-102");
    QVERIFY(b->notice.text().contains("bad.gguf"));
    QCOMPARE(b->settings.lastModel(), "/m/good.gguf");
  }

  void without_another_model_the_built_in_one_is_used() {
    QVERIFY(!b->model.builtIn());
    QSignalSpy builtIn(&b->model, &ModelController::builtInChanged);
    b->model.openLast();
    QCOMPARE(b->loads.back().path, kBuiltIn);
    QVERIFY(b->model.builtIn());
    QVERIFY(!QFile::exists(b->marker()));
    b->loaded();
    QCOMPARE(b->model.state(), State::Ready);
    QVERIFY(b->model.builtIn());
    QCOMPARE(b->settings.lastModel(), QString());  // nobody chose it
    b->load("/m/good.gguf");
    QVERIFY(!b->model.builtIn());
    QCOMPARE(builtIn.size(), 2);
    QCOMPARE(b->settings.lastModel(), "/m/good.gguf");
    b->model.openBuiltIn();
    b->loaded();
    QVERIFY(b->model.builtIn());
    QCOMPARE(b->settings.lastModel(), kBuiltIn);
    const QUrl folder = b->model.likelyFolder();
    QVERIFY(QDir(folder.toLocalFile()).exists());
  }

  void after_a_failed_first_load_the_built_in_one_is_used() {
    b->settings.setLastModel("/m/bad.gguf");
    b->model.openLast();
    b->fail(ErrorCode::NotFound, false);
    QCOMPARE(b->notice.code(), "M-105");
    QCOMPARE(b->model.state(), State::Loading);
    QCOMPARE(b->loads.back().path, kBuiltIn);
    b->loaded();
    QCOMPARE(b->notice.code(), "M-105");                      // still to be read
    QCOMPARE(b->settings.lastModel(), "/m/bad.gguf");         // on a drive that comes back, perhaps
    b->model.retry(false);
    QCOMPARE(b->loads.back().path, "/m/bad.gguf");
    b->loaded();
    QVERIFY(!b->notice.visible());  // what it said no longer holds
  }

  void when_even_that_fails_there_is_no_model() {
    b->model.openLast();
    b->fail(ErrorCode::OutOfMemory, false);
    QCOMPARE(b->model.state(), State::NoModel);
    QCOMPARE(b->notice.code(), "M-103");
    QCOMPARE(b->loads.size(), std::size_t{1});
  }

  void cancel_stops_the_load_and_says_nothing() {
    b->load("/m/good.gguf");
    b->model.openPath("/m/other.gguf");
    QVERIFY(!b->loads.back().stop.stop_requested());
    b->model.cancel();
    QVERIFY(b->loads.back().stop.stop_requested());
    b->fail(ErrorCode::Stopped, true);
    QCOMPARE(b->model.state(), State::Ready);
    QCOMPARE(b->model.path(), "/m/good.gguf");
    QVERIFY(!b->notice.visible());
    QVERIFY(!QFile::exists(b->marker()));
  }

  void opening_another_file_supersedes_the_load() {
    b->model.openPath("/m/a.gguf");
    b->model.openPath("/m/b.gguf");
    QVERIFY(b->loads[0].stop.stop_requested());
    QVERIFY(!b->loads[1].stop.stop_requested());
    b->model.onLoadFailed(b->loads[0].id, {{ErrorCode::Stopped, {}}, false});
    QCOMPARE(b->model.state(), State::Loading);
    QCOMPARE(b->model.pendingName(), "b");
    QVERIFY(QFile::exists(b->marker()));
    // It may have been done before it could be stopped: then it is what is in memory if the next one fails.
    b->model.openPath("/m/c.gguf");
    b->model.onLoaded(b->loads[1].id, loadedModel("/m/b.gguf", b->loads[1].config));
    QCOMPARE(b->model.state(), State::Loading);
    b->fail(ErrorCode::NotFound, true);
    QCOMPARE(b->model.state(), State::Ready);
    QCOMPARE(b->model.path(), "/m/b.gguf");
  }

  void two_models_that_do_not_fit_can_be_exchanged() {
    b->load("/m/good.gguf");
    b->model.openPath("/m/big.gguf");
    QVERIFY(!b->loads.back().unloadFirst);
    b->fail(ErrorCode::OutOfMemory, true);
    QCOMPARE(b->notice.code(), "M-103");
    QCOMPARE(b->notice.action(), Notice::Action::ReplaceModel);
    QCOMPARE(b->model.path(), "/m/good.gguf");
    QSignalSpy replaced(&b->model, &ModelController::modelReplaced);
    b->model.retry(true);
    QCOMPARE(b->loads.back().path, "/m/big.gguf");
    QVERIFY(b->loads.back().unloadFirst);
    b->fail(ErrorCode::OutOfMemory, false);
    QCOMPARE(b->model.effectiveContext(), 0);
    QCOMPARE(replaced.size(), 1);
    QCOMPARE(b->loads.back().path, kBuiltIn);
    QCOMPARE(b->notice.action(), Notice::Action::OpenSettings);
  }

  void the_marker_is_there_while_a_model_loads() {
    QVERIFY(!QFile::exists(b->marker()));
    b->model.openPath("/m/a.gguf");
    QVERIFY(QFile::exists(b->marker()));
    b->model.onLoaded(b->loads.back().id, loadedModel("/m/a.gguf", b->loads.back().config));
    QVERIFY(!QFile::exists(b->marker()));
    b->model.openPath("/m/b.gguf");
    b->fail(ErrorCode::Corrupt, true);
    QVERIFY(!QFile::exists(b->marker()));
  }

  void the_last_model_loads_again() {
    b->settings.setLastModel("/m/last.gguf");
    b->model.openLast();
    QCOMPARE(b->loads.size(), std::size_t{1});
    QCOMPARE(b->loads[0].path, "/m/last.gguf");
  }

  void the_next_model_is_looked_for_beside_the_last_one_while_its_folder_exists() {
    const QString elsewhere = b->model.likelyFolder().toLocalFile();
    QVERIFY(QDir(elsewhere).exists());
    b->settings.setLastModel(b->dir.filePath("last.gguf"));
    QCOMPARE(b->model.likelyFolder(), QUrl::fromLocalFile(b->dir.path()));
    b->settings.setLastModel(b->dir.filePath("gone/last.gguf"));
    QCOMPARE(b->model.likelyFolder(), QUrl::fromLocalFile(elsewhere));
  }

  void a_model_whose_load_never_finished_is_not_loaded_by_itself() {
    b->settings.setLastModel("/m/last.gguf");
    b->model.openPath("/m/killer.gguf");  // and the program dies
    Notice notice;
    Settings settings(b->dir.path(), 8);
    ModelController next(b->dir.path(), {.logical = 8, .recommended = 4}, &settings, &notice);
    QSignalSpy loads(&next, &ModelController::loadRequested);
    next.openLast();
    QCOMPARE(loads.size(), 1);
    QCOMPARE(loads[0][0].value<LoadRequest>().path, kBuiltIn);
    next.onLoaded(loads[0][0].value<LoadRequest>().id, loadedModel(kBuiltIn, loads[0][0].value<LoadRequest>().config));
    QVERIFY(notice.visible());
    QVERIFY(notice.text().contains("killer.gguf"));
    QCOMPARE(notice.action(), Notice::Action::Retry);
    QVERIFY(QFile::exists(b->marker()));  // until a load ends, also over several starts
    next.retry(false);
    QCOMPARE(loads.size(), 2);
    QCOMPARE(loads[1][0].value<LoadRequest>().path, "/m/killer.gguf");
  }

  void closing_during_a_load_is_no_unfinished_load() {
    b->model.openPath("/m/a.gguf");
    b->model.shutDown();
    QVERIFY(b->loads.back().stop.stop_requested());
    QVERIFY(!QFile::exists(b->marker()));
  }

  void urls_and_paths_open_files_data() {
    QTest::addColumn<QUrl>("url");
    QTest::addColumn<QString>("path");
    QTest::newRow("file URL") << QUrl("file:///m/a%20b%23.gguf") << "/m/a b#.gguf";
    QTest::newRow("path") << QUrl("/m/a b.gguf") << "/m/a b.gguf";
    QTest::newRow("path with a percent sign") << QUrl("/m/50% a.gguf") << "/m/50% a.gguf";
    QTest::newRow("path with other signs") << QUrl("/m/what? a#1.gguf") << "/m/what? a#1.gguf";
    QTest::newRow("relative path") << QUrl("a.gguf") << QDir::current().absoluteFilePath("a.gguf");
  }
  void urls_and_paths_open_files() {
    QFETCH(QUrl, url);
    b->model.open(url);
    QCOMPARE(b->loads.size(), std::size_t{1});
    QTEST(b->loads[0].path, "path");
  }

  void addresses_on_the_network_are_refused() {
    b->model.open(QUrl("https://example.com/a.gguf"));
    QVERIFY(b->loads.empty());
    QCOMPARE(b->notice.code(), "M-105");
    QCOMPARE(b->model.state(), State::NoModel);
  }

  void settings_reach_the_engine_once_the_slider_rests() {
    b->load("/m/a.gguf");
    b->settings.setThreads(2);
    b->settings.setThreads(3);
    b->settings.setBatch(64);
    b->settings.setContext(1024);
    b->settings.setCompactCache(true);
    QVERIFY(b->configures.empty());
    QTRY_COMPARE(b->configures.size(), std::size_t{1});
    QCOMPARE(b->configures[0].config, (EngineConfig{.threads = 3, .batch = 64, .context = 1024, .cache = CachePrecision::EightBit}));
    QCOMPARE(b->model.effectiveThreads(), 4);  // until the engine says so
    b->model.onConfigured(b->configures[0].id, b->configures[0].config);
    QCOMPARE(b->model.effectiveThreads(), 3);
    QCOMPARE(b->model.effectiveContext(), 1024);
    b->model.applyPending();
    QCOMPARE(b->configures.size(), std::size_t{1});
  }

  void waiting_settings_can_be_sent_at_once() {
    b->load("/m/a.gguf");
    b->settings.setThreads(1);
    b->model.reloadWithCurrentSettings();
    QCOMPARE(b->configures.size(), std::size_t{1});
    b->model.reloadWithCurrentSettings();
    QCOMPARE(b->configures.size(), std::size_t{1});
  }

  void a_context_beyond_the_model_is_refused_and_the_old_one_shown() {
    b->load("/m/a.gguf");
    b->settings.setContext(2048);
    b->model.applyPending();
    b->model.onConfigured(b->configures.back().id, b->configures.back().config);
    b->settings.setContext(8192);
    QCOMPARE(b->notice.code(), "C-305");
    QCOMPARE(b->settings.context(), 2048);
    QCOMPARE(b->model.effectiveContext(), 2048);
    b->model.applyPending();
    QCOMPARE(b->configures.size(), std::size_t{1});
  }

  void a_small_model_uses_its_own_limit_and_says_so_when_another_was_chosen() {
    b->load("/m/small.gguf", 512);
    QCOMPARE(b->model.effectiveContext(), 512);
    QVERIFY(!b->notice.visible());  // 4096 is only what most models have
    b->settings.setThreads(2);
    b->model.applyPending();
    QCOMPARE(b->configures.back().config.context, 512);
    b->load("/m/big.gguf", 8192);
    b->settings.setContext(8192);
    b->model.applyPending();
    b->load("/m/small.gguf", 512);
    QCOMPARE(b->notice.code(), "C-305");
    QCOMPARE(b->notice.kind(), Notice::Kind::Info);
    QCOMPARE(b->model.effectiveContext(), 512);
  }

  void settings_the_engine_refuses_go_back_to_what_is_in_use() {
    b->load("/m/a.gguf");
    const EngineConfig before = b->loads.back().config;
    b->settings.setBatch(2000);
    b->settings.setContext(4000);
    b->settings.setCompactCache(true);
    b->model.applyPending();
    b->model.onConfigureFailed(b->configures.back().id, {ErrorCode::OutOfMemory, "no"}, before);
    QCOMPARE(b->notice.code(), "M-103");
    QCOMPARE(b->settings.context(), before.context);
    QVERIFY(!b->settings.compactCache());
    QCOMPARE(b->settings.batch(), before.batch);
    QCOMPARE(b->settings.threads(), 0);  // Auto stays Auto
    b->model.applyPending();
    QCOMPARE(b->configures.size(), std::size_t{1});
  }

  void memory_is_estimated_for_any_setting() {
    QCOMPARE(b->model.memoryEstimateText(4096, 512, false), "");
    b->load("/m/a.gguf");
    const QString small = b->model.memoryEstimateText(128, 1, false);
    const QString large = b->model.memoryEstimateText(1 << 20, 512, false);
    QVERIFY(!small.isEmpty());
    QVERIFY(small != large);
    QCOMPARE(b->model.memoryEstimateText(4096, 0, false), b->model.memoryEstimateText(4096, 512, false));
    QVERIFY(b->model.memoryEstimateText(1 << 20, 512, true) != large);
  }
};

QTEST_GUILESS_MAIN(TestModelController)
#include "tst_model_controller.moc"
