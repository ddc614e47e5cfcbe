// Measured settings on disk: what comes back, for whom, and what a damaged file costs.
#include <QtTest/QtTest>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/tuning_store.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_model.h"

using namespace tercet;

namespace {

const TuningKey kKey = {.model = "1184281440-0123456789abcdef", .machine = "A processor, 8 threads, avx2"};

Tuning a_tuning(int threads = 4, std::uint32_t batch = 128) {
  return {.writing_by_threads = {{1, 12.25}, {2, 20.5}, {4, 30}},
          .reading_by_threads = {{1, 60}, {2, 114.5}, {4, 200}},
          .reading_by_batch = {{32, 90.125}, {128, 200}},
          .threads = threads,
          .batch = batch,
          .logical = 8,
          .seconds = 21.5};
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_text(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

}  // namespace

class TestTuningStore : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void what_is_put_is_found() {
    const test::TempDir dir;
    const TuningStore store(dir.file("made/on/the/way/tuning.ini"));
    QVERIFY(!store.find(kKey));
    QVERIFY(!store.put(kKey, "BitNet", a_tuning()));
    QCOMPARE(*store.find(kKey), a_tuning());
    QCOMPARE(*TuningStore(store.file()).find(kKey), a_tuning());
  }

  void that_the_computer_was_busy_is_remembered() {
    const test::TempDir dir;
    const TuningStore store(dir.file("tuning.ini"));
    Tuning tuning = a_tuning();
    tuning.busy = true;
    QVERIFY(!store.put(kKey, "m", tuning));
    QCOMPARE(*store.find(kKey), tuning);
  }

  void a_new_result_takes_the_place_of_the_old() {
    const test::TempDir dir;
    const TuningStore store(dir.file("tuning.ini"));
    QVERIFY(!store.put(kKey, "m", a_tuning(4)));
    QVERIFY(!store.put(kKey, "m", a_tuning(2)));
    QCOMPARE(store.find(kKey)->threads, 2);
    const std::string text = text_of(store.file());
    QCOMPARE(text.find("[result]"), text.rfind("[result]"));
  }

  void other_models_and_machines_have_results_of_their_own() {
    const test::TempDir dir;
    const TuningStore store(dir.file("tuning.ini"));
    QVERIFY(!store.put(kKey, "m", a_tuning(4)));
    const TuningKey other_model = {.model = "7-0", .machine = kKey.machine}, other_machine = {.model = kKey.model, .machine = "B"};
    QVERIFY(!store.find(other_model));
    QVERIFY(!store.find(other_machine));
    QVERIFY(!store.find({}));
    QVERIFY(!store.put(other_model, "m", a_tuning(3)));
    QVERIFY(!store.put(other_machine, "m", a_tuning(2)));
    QCOMPARE(store.find(kKey)->threads, 4);
    QCOMPARE(store.find(other_model)->threads, 3);
    QCOMPARE(store.find(other_machine)->threads, 2);
  }

  void a_name_cannot_make_a_section() {
    const test::TempDir dir;
    const TuningStore store(dir.file("tuning.ini"));
    QVERIFY(!store.put(kKey, "evil\n[result]\nthreads = 1\n= # \x01" + std::string(5000, 'x'), a_tuning()));
    QCOMPARE(*store.find(kKey), a_tuning());
    QVERIFY(text_of(store.file()).size() < 2000);
  }

  void damage_costs_what_is_damaged_data() {
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::newRow("no threads") << "threads = 4\n" << "";
    QTest::newRow("no batch") << "batch = 128\n" << "";
    QTest::newRow("zero threads") << "threads = 4" << "threads = 0";
    QTest::newRow("negative threads") << "threads = 4" << "threads = -4";
    QTest::newRow("more threads than were allowed") << "threads = 4" << "threads = 9";
    QTest::newRow("a thread count beyond all numbers") << "threads = 4" << "threads = 99999999999999999999";
    QTest::newRow("words") << "batch = 128" << "batch = many";
    QTest::newRow("batch too large") << "batch = 128" << "batch = 2049";
    QTest::newRow("a line that is none") << "seconds" << "what is this\nseconds";
    QTest::newRow("a point without a speed") << "1:60" << "1:";
    QTest::newRow("a point that is infinite") << "1:60" << "1:inf";
    QTest::newRow("points out of order") << "1:60 2:114.5" << "2:60 1:114.5";
    QTest::newRow("neither busy nor not") << "seconds" << "busy = perhaps\nseconds";
    QTest::newRow("seconds that are none") << "seconds = 21.5" << "seconds = nan";
  }
  void damage_costs_what_is_damaged() {
    QFETCH(QString, from);
    QFETCH(QString, to);
    const test::TempDir dir;
    const TuningStore store(dir.file("tuning.ini"));
    const TuningKey other = {.model = "7-0", .machine = "B"};
    QVERIFY(!store.put(kKey, "m", a_tuning()));
    QVERIFY(!store.put(other, "m", a_tuning(3, 64)));
    QString text = QString::fromStdString(text_of(store.file()));
    const qsizetype at = text.indexOf(from);
    QVERIFY(at >= 0);
    text.replace(at, from.size(), to);
    write_text(store.file(), text.toStdString());
    QVERIFY(!store.find(kKey));
    QCOMPARE(*store.find(other), a_tuning(3, 64));
    QVERIFY(!store.put(kKey, "m", a_tuning()));
    QCOMPARE(*store.find(kKey), a_tuning());
    QCOMPARE(*store.find(other), a_tuning(3, 64));
  }

  void a_file_of_something_else_is_no_result() {
    const test::TempDir dir;
    const TuningStore store(dir.file("tuning.ini"));
    for (const std::string& text : {std::string(), std::string("{\"json\": 1}"), std::string(3'000'000, '['), std::string("[result]\n[result]\n=\n"),
                                    std::string("\0\xff\xfe\0[result]", 13)}) {
      write_text(store.file(), text);
      QVERIFY(!store.find(kKey));
      QVERIFY(!store.put(kKey, "m", a_tuning()));
      QCOMPARE(*store.find(kKey), a_tuning());
    }
  }

  void cut_anywhere_it_is_read_without_harm() {
    const test::TempDir dir;
    const TuningStore store(dir.file("tuning.ini"));
    QVERIFY(!store.put(kKey, "m", a_tuning()));
    const std::string whole = text_of(store.file());
    for (std::size_t length = 0; length < whole.size(); ++length) {
      write_text(store.file(), whole.substr(0, length));
      if (const auto found = store.find(kKey)) QVERIFY(found->threads == 4 && found->batch >= 1 && found->batch <= 128);
    }
  }

  void entries_of_a_newer_version_are_passed_over() {
    const test::TempDir dir;
    const TuningStore store(dir.file("tuning.ini"));
    QVERIFY(!store.put(kKey, "m", a_tuning()));
    write_text(store.file(), text_of(store.file()) + "colour = green\r\n# a comment\n");
    QCOMPARE(*store.find(kKey), a_tuning());
  }

  void the_oldest_of_too_many_goes() {
    const test::TempDir dir;
    const TuningStore store(dir.file("tuning.ini"));
    for (int i = 1; i <= 70; ++i) QVERIFY(!store.put({.model = std::to_string(i), .machine = "M"}, "m", a_tuning()));
    QVERIFY(!store.find({.model = "6", .machine = "M"}));
    QVERIFY(store.find({.model = "7", .machine = "M"}));
    QVERIFY(store.find({.model = "70", .machine = "M"}));
  }

  void where_nothing_can_be_written_an_error_is_told_and_nothing_is_left() {
    const test::TempDir dir;
    write_text(dir.file("file"), "x");
    QVERIFY(TuningStore(dir.file("file/tuning.ini")).put(kKey, "m", a_tuning()));
    QVERIFY(TuningStore("").put(kKey, "m", a_tuning()));
    QVERIFY(!TuningStore("").find(kKey));
    std::filesystem::create_directory(dir.path() / "tuning.ini");
    QVERIFY(TuningStore(dir.file("tuning.ini")).put(kKey, "m", a_tuning()));
    QVERIFY(!TuningStore(dir.file("tuning.ini")).find(kKey));
    int entries = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(dir.path())) ++entries;
    QCOMPARE(entries, 2);
  }

  void a_moved_model_is_the_same_and_a_changed_one_is_not() {
    const test::TempDir dir;
    test::TinyModelOptions other;
    other.seed = 2;
    const std::string here = dir.write("a.gguf", test::make_tiny_gguf()), there = dir.write("b.gguf", test::make_tiny_gguf());
    const std::string changed = dir.write("c.gguf", test::make_tiny_gguf(other));
    QVERIFY(!model_identity(here).empty());
    QCOMPARE(model_identity(here), model_identity(there));
    QVERIFY(model_identity(here) != model_identity(changed));
    QVERIFY(model_identity(dir.file("absent.gguf")).empty());
    QVERIFY(model_identity(dir.path().string()).empty());
    QVERIFY(model_identity(dir.write("empty.gguf", {})).empty());
    const std::vector<std::byte> bytes = test::make_tiny_gguf();
    QCOMPARE(model_identity({"in memory", bytes}), model_identity(here));
  }

  void a_machine_differs_by_its_kernels() {
    QCOMPARE(machine_identity("avx2"), machine_identity("avx2"));
    QVERIFY(machine_identity("avx2") != machine_identity("scalar"));
  }

  void a_result_holds_for_what_a_process_may_use() {
    const Tuning tuning = a_tuning(4);  // with 8 allowed
    QVERIFY(still_holds(tuning, {.logical = 8, .recommended = 8}));
    QVERIFY(still_holds(tuning, {.logical = 4, .recommended = 2}));
    QVERIFY(!still_holds(tuning, {.logical = 3, .recommended = 3}));   // an affinity mask
    QVERIFY(!still_holds(tuning, {.logical = 16, .recommended = 8}));  // measured under a mask
  }

  void the_usual_directory_follows_the_desktops_rules() {
#if !defined(__APPLE__)
    qputenv("HOME", "/home/somebody");
    qputenv("XDG_DATA_HOME", "/elsewhere");
    QCOMPARE(TuningStore::usual_directory(), "/elsewhere/tercet");
    qputenv("XDG_DATA_HOME", "relative");
    QCOMPARE(TuningStore::usual_directory(), "/home/somebody/.local/share/tercet");
    qunsetenv("XDG_DATA_HOME");
    QCOMPARE(TuningStore::usual_directory(), "/home/somebody/.local/share/tercet");
    qunsetenv("HOME");
    QCOMPARE(TuningStore::usual_directory(), "");
#endif
  }
};

QTEST_APPLESS_MAIN(TestTuningStore)
#include "tst_tuning_store.moc"
