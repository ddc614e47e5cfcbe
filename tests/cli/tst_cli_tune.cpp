// tercet-cli tune, and what the other commands make of its result.
#include <QJsonArray>
#include <QJsonObject>

#include "engine/cpu_topology.h"
#include "engine/tuning_store.h"
#include "tests/cli/cli_runner.h"

using namespace tercet;
using namespace tercet::test;

namespace {

/// A directory for results, and what a run in it says about its settings.
struct Place {
  TinyModelFile model;
  TempDir data;

  QString directory() const { return QString::fromStdString(data.path().string()); }
  TuningStore store() const { return TuningStore(TuningStore::file_in(data.path().string())); }
  QJsonObject generate(const QStringList& more = {}) const {
    return json_of(run_cli(QStringList{"generate", model.path(), "--tokens", "1,2", "-n", "1", "--json", "--data-dir", directory()} + more)).object();
  }
  /// As if that had been measured for the model with the kernel set `isa`.
  void pretend(const QString& isa, int threads, std::uint32_t batch, int allowed = cpu_topology().logical) const {
    Tuning tuning;
    tuning.threads = threads;
    tuning.batch = batch;
    tuning.logical = allowed;
    const TuningKey key = {.model = model_identity(model.path().toStdString()), .machine = machine_identity(isa.toStdString())};
    QVERIFY(!store().put(key, "tiny", tuning));
  }
};

}  // namespace

class CliTuneTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_result_is_json_and_becomes_auto() {
    const Place place;
    const CliRun run = run_cli({"tune", place.model.path(), "--seconds", "2", "--json", "--data-dir", place.directory()});
    QCOMPARE(run.code, 0);
    QVERIFY(run.err.isEmpty());
    const QJsonObject result = json_of(run).object();
    for (const char* curve : {"writing_by_threads", "reading_by_threads"}) {
      const QJsonArray points = result[curve].toArray();
      QVERIFY2(!points.isEmpty(), curve);
      for (const QJsonValue& point : points) {
        QVERIFY(point.toObject()["tokens_per_s"].toDouble() > 0);
        QVERIFY(point.toObject()["threads"].toInt() >= 1);
        QVERIFY(point.toObject()["threads"].toInt() <= cpu_topology().logical);
      }
    }
    QVERIFY(result["reading_by_batch"].isArray());
    QVERIFY(result["busy"].isBool());
    QVERIFY(result["seconds"].toDouble() > 0);
    QCOMPARE(result["logical_threads"].toInt(), cpu_topology().logical);
    QCOMPARE(result["stored_in"].toString(), place.directory() + "/tuning.ini");
    const QJsonObject answer = place.generate();
    QCOMPARE(answer["threads"], result["threads"]);
    QCOMPARE(answer["batch"], result["batch"]);
    QCOMPARE(answer["isa"], result["isa"]);
  }

  void what_was_measured_is_auto_for_the_same_model_and_kernels_only() {
    const Place place;
    const QString isa = place.generate()["isa"].toString();
    place.pretend(isa, 1, 77);
    QCOMPARE(place.generate()["threads"].toInt(), 1);
    QCOMPARE(place.generate()["batch"].toInt(), 77);
    QCOMPARE(place.generate({"--threads", "auto", "--batch", "0"})["batch"].toInt(), 77);
    QCOMPARE(place.generate({"--isa", isa})["batch"].toInt(), 77);
    QCOMPARE(place.generate({"--batch", "5"})["batch"].toInt(), 5);
    if (isa != "scalar") QCOMPARE(place.generate({"--isa", "scalar"})["batch"].toInt(), 512);
    // The same model elsewhere and under another name.
    QVERIFY(QFile::copy(place.model.path(), place.directory() + "/other name.gguf"));
    const CliRun moved = run_cli({"generate", place.directory() + "/other name.gguf", "--tokens", "1", "-n", "1", "--json", "--data-dir", place.directory()});
    QCOMPARE(json_of(moved).object()["batch"].toInt(), 77);
    TinyModelOptions options;
    options.seed = 9;
    const TinyModelFile other(options);
    const CliRun another = run_cli({"generate", other.path(), "--tokens", "1", "-n", "1", "--json", "--data-dir", place.directory()});
    QCOMPARE(json_of(another).object()["batch"].toInt(), 512);
  }

  void other_commands_use_it_too() {
    const Place place;
    place.pretend(place.generate()["isa"].toString(), 1, 77);
    const CliRun bench = run_cli({"bench", place.model.path(), "-p", "4", "-n", "2", "-r", "1", "--json", "--data-dir", place.directory()});
    QCOMPARE(json_of(bench).array()[0].toObject()["batch"].toInt(), 77);
    QCOMPARE(json_of(bench).array()[0].toObject()["threads"].toInt(), 1);
  }

  void more_threads_than_this_process_may_use_do_not_count() {
    const Place place;
    const QJsonObject usual = place.generate();
    const int logical = cpu_topology().logical;
    place.pretend(usual["isa"].toString(), logical + 1, 77, logical + 1);
    QCOMPARE(place.generate()["threads"], usual["threads"]);
    QCOMPARE(place.generate()["batch"].toInt(), 512);
  }

  void a_damaged_file_is_as_none_and_is_replaced() {
    const Place place;
    const std::vector<std::byte> rubbish(5000, std::byte{'['});
    place.data.write("tuning.ini", rubbish);
    QCOMPARE(place.generate()["batch"].toInt(), 512);
    QCOMPARE(run_cli({"tune", place.model.path(), "--seconds", "1", "--data-dir", place.directory()}).code, 0);
    QVERIFY(place.store().find({.model = model_identity(place.model.path().toStdString()),
                                .machine = machine_identity(place.generate()["isa"].toString().toStdString())}));
  }

  void without_saving_nothing_is_written() {
    const Place place;
    const CliRun run = run_cli({"tune", place.model.path(), "--seconds", "1", "--no-save", "--json", "--data-dir", place.directory()});
    QCOMPARE(run.code, 0);
    QVERIFY(json_of(run).object()["stored_in"].isNull());
    QVERIFY(!QFile::exists(place.directory() + "/tuning.ini"));
  }

  void the_report_has_a_chart_the_choice_and_the_place() {
    const Place place;
    const CliRun run = run_cli({"tune", place.model.path(), "--seconds", "2", "--data-dir", place.directory()});
    QCOMPARE(run.code, 0);
    for (const char* words : {"Writing", "Reading", "tokens/s", "####", " --batch "}) QVERIFY2(run.out.contains(words), words);
    // Beside other programs that want the processor it says so instead.
    const bool fastest = run.out.contains("<- fastest") && run.out.contains("Fastest: --threads ");
    const bool for_now = run.out.contains("<- for now") && run.out.contains("For now: --threads ") && run.out.contains("was busy");
    QVERIFY2(fastest != for_now, run.out.constData());
    QVERIFY(run.out.contains((place.directory() + "/tuning.ini").toUtf8()));
  }

  void by_itself_the_result_goes_where_the_window_looks() {
#if !defined(__APPLE__)
    const Place place;
    QCOMPARE(run_cli({"tune", place.model.path(), "--seconds", "1"}, {}, place.directory()).code, 0);
    QVERIFY(QFile::exists(place.directory() + "/tercet/tuning.ini"));
#endif
  }

  void a_result_that_cannot_be_stored_is_shown_and_told() {
    const Place place;
    const QString under_a_file = place.model.path() + "/sub";
    const CliRun run = run_cli({"tune", place.model.path(), "--seconds", "1", "--data-dir", under_a_file});
    QCOMPARE(run.code, 4);
    QVERIFY(is_one_error(run, "U-502"));
    QVERIFY(run.out.contains("Nothing was stored."));
  }

  void wrong_words_end_with_2_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no model") << QStringList{"tune"};
    QTest::newRow("no time") << QStringList{"tune", "M", "--seconds", "0"};
    QTest::newRow("too much time") << QStringList{"tune", "M", "--seconds", "601"};
    QTest::newRow("threads are what it looks for") << QStringList{"tune", "M", "--threads", "2"};
    QTest::newRow("an unknown set") << QStringList{"tune", "M", "--isa", "sse9"};
    QTest::newRow("an empty directory") << QStringList{"tune", "M", "--data-dir", ""};
    QTest::newRow("an empty directory elsewhere") << QStringList{"generate", "M", "--prompt", "a", "--data-dir="};
  }
  void wrong_words_end_with_2() {
    QFETCH(QStringList, arguments);
    const CliRun run = run_cli(arguments);
    QCOMPARE(run.code, 2);
    QVERIFY(is_one_error(run, "U-501"));
  }

  void a_refused_model_ends_with_3_and_help_with_0() {
    QCOMPARE(run_cli({"tune", "/nonexistent/model.gguf"}).code, 3);
    const CliRun help = run_cli({"help", "tune"});
    QCOMPARE(help.code, 0);
    for (const char* words : {"tercet-cli tune MODEL", "--seconds", "--no-save", "--json", "--isa", "--data-dir"}) QVERIFY2(help.out.contains(words), words);
    QVERIFY(!help.out.contains("--batch"));
    QVERIFY(run_cli({"--help"}).out.contains("tune"));
  }
};

QTEST_GUILESS_MAIN(CliTuneTest)
#include "tst_cli_tune.moc"
