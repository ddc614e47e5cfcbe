// Settings: what is kept, what is refused, and files that are damaged or cannot be written.
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

#include "app/notice.h"
#include "app/settings.h"

using tercet::NoticeContent;
using tercet::Settings;

namespace {

void write(const QString& path, const QByteArray& bytes) {
  QFile file(path);
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write(bytes);
}

QByteArray contents(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : "not there";
}

/// Codes of the notices `settings` reports.
QStringList codes(Settings& settings) {
  QStringList out;
  QObject listener;
  QObject::connect(&settings, &Settings::trouble, &listener, [&](const NoticeContent& n) { out << n.code; });
  settings.reportReading();
  return out;
}

}  // namespace

class TestSettings : public QObject {
  Q_OBJECT

  QTemporaryDir m_dir;
  QString path() const { return m_dir.filePath("settings.ini"); }

 private Q_SLOTS:
  void init() {
    QVERIFY(m_dir.isValid());
    QFile::remove(path());
    for (const QString& aside : QDir(m_dir.path()).entryList({"settings.ini.damaged*"})) QFile::remove(m_dir.filePath(aside));
  }

  void a_new_directory_gives_the_usual_values() {
    Settings settings(m_dir.filePath("new/deep"), 8);
    QCOMPARE(settings.threads(), 0);
    QCOMPARE(settings.batch(), 0);
    QCOMPARE(settings.context(), 4096);
    QVERIFY(!settings.compactCache());
    QCOMPARE(settings.temperature(), 0.7);
    QCOMPARE(settings.theme(), "system");
    QCOMPARE(settings.zoom(), 100);
    QVERIFY(settings.sendWithEnter());
    QVERIFY(settings.shortcuts());
    QCOMPARE(settings.notify(), "title");
    QCOMPARE(codes(settings), QStringList{});
    settings.setZoom(120);
    QVERIFY(settings.save());
    QVERIFY(QFile::exists(m_dir.filePath("new/deep/settings.ini")));
  }

  void what_is_set_is_there_next_time() {
    {
      Settings settings(m_dir.path(), 8);
      settings.setThreads(3);
      settings.setBatch(7);
      settings.setContext(1000);
      settings.setCompactCache(true);
      settings.setTemperature(1.25);
      settings.setTopK(0);
      settings.setTopP(0.5);
      settings.setMinP(0);
      settings.setRepeatPenalty(1.1);
      settings.setMaxTokens(99);
      settings.setSeed("18446744073709551615");
      settings.setSystemPrompt("Sé breve,\nplease; \"ok\" 😀 % \\ #");
      settings.setTheme("dark");
      settings.setLanguage("es");
      settings.setZoom(200);
      settings.setSendWithEnter(false);
      settings.setWindowX(-5);
      settings.setWindowMaximized(true);
      settings.setLastModel("/models/ä b%20.gguf");
    }
    Settings settings(m_dir.path(), 8);
    QCOMPARE(codes(settings), QStringList{});
    QCOMPARE(settings.threads(), 3);
    QCOMPARE(settings.batch(), 7);
    QCOMPARE(settings.context(), 1000);
    QVERIFY(settings.compactCache());
    QCOMPARE(settings.temperature(), 1.25);
    QCOMPARE(settings.topK(), 0);
    QCOMPARE(settings.topP(), 0.5);
    QCOMPARE(settings.minP(), 0.0);
    QCOMPARE(settings.repeatPenalty(), 1.1);
    QCOMPARE(settings.maxTokens(), 99);
    QCOMPARE(settings.seed(), "18446744073709551615");
    QCOMPARE(settings.systemPrompt(), "Sé breve,\nplease; \"ok\" 😀 % \\ #");
    QCOMPARE(settings.theme(), "dark");
    QCOMPARE(settings.language(), "es");
    QCOMPARE(settings.zoom(), 200);
    QVERIFY(!settings.sendWithEnter());
    QCOMPARE(settings.windowX(), -5);
    QVERIFY(settings.windowMaximized());
    QCOMPARE(settings.lastModel(), "/models/ä b%20.gguf");
  }

  void values_out_of_range_are_refused_and_reported_data() {
    QTest::addColumn<QByteArray>("property");
    QTest::addColumn<QVariant>("value");
    QTest::newRow("more threads than there are") << QByteArray("threads") << QVariant(9);
    QTest::newRow("negative threads") << QByteArray("threads") << QVariant(-1);
    QTest::newRow("batch") << QByteArray("batch") << QVariant(2049);
    QTest::newRow("context") << QByteArray("context") << QVariant(0);
    QTest::newRow("temperature") << QByteArray("temperature") << QVariant(5.1);
    QTest::newRow("temperature that is no number") << QByteArray("temperature") << QVariant(qQNaN());
    QTest::newRow("top-k") << QByteArray("topK") << QVariant(-1);
    QTest::newRow("top-p zero") << QByteArray("topP") << QVariant(0.0);
    QTest::newRow("top-p that rounds to zero") << QByteArray("topP") << QVariant(1e-60);
    QTest::newRow("min-p one") << QByteArray("minP") << QVariant(1.0);
    QTest::newRow("min-p that rounds to one") << QByteArray("minP") << QVariant(0.9999999999);
    QTest::newRow("penalty") << QByteArray("repeatPenalty") << QVariant(0.9);
    QTest::newRow("length") << QByteArray("maxTokens") << QVariant(-1);
    QTest::newRow("seed with letters") << QByteArray("seed") << QVariant("12a");
    QTest::newRow("seed too large") << QByteArray("seed") << QVariant("18446744073709551616");
    QTest::newRow("negative seed") << QByteArray("seed") << QVariant("-1");
    QTest::newRow("theme") << QByteArray("theme") << QVariant("blue");
    QTest::newRow("language") << QByteArray("language") << QVariant("xx");
    QTest::newRow("zoom") << QByteArray("zoom") << QVariant(79);
  }
  void values_out_of_range_are_refused_and_reported() {
    QFETCH(QByteArray, property);
    QFETCH(QVariant, value);
    Settings settings(m_dir.path(), 8);
    const QVariant before = settings.property(property);
    NoticeContent told;
    connect(&settings, &Settings::trouble, this, [&](const NoticeContent& n) { told = n; });
    const QMetaObject* meta = settings.metaObject();
    QSignalSpy notified(&settings, meta->property(meta->indexOfProperty(property)).notifySignal());
    QVERIFY(settings.setProperty(property, value));
    QCOMPARE(settings.property(property), before);
    QCOMPARE(told.code, "C-305");
    QVERIFY(!told.text.isEmpty());
    QCOMPARE(notified.size(), 1);  // whoever shows the refused value reads again
  }

  void values_out_of_range_in_the_file_become_the_usual_ones() {
    write(path(), "[performance]\nthreads=64\nbatch=x\ncontext=2048\n[answers]\ntemperature=nan\n[appearance]\nzoom=900\n"
                  "[keyboard]\nsendWithEnter=maybe\n");
    Settings settings(m_dir.path(), 8);
    QCOMPARE(settings.threads(), 0);
    QCOMPARE(settings.batch(), 0);
    QCOMPARE(settings.context(), 2048);
    QCOMPARE(settings.temperature(), 0.7);
    QCOMPARE(settings.zoom(), 100);
    QVERIFY(settings.sendWithEnter());
    QCOMPARE(codes(settings), QStringList{"S-504"});
  }

  void an_unquoted_comma_is_no_list() {
    write(path(), "[answers]\nsystemPrompt=Be brief, be kind\n");
    Settings settings(m_dir.path(), 8);
    QCOMPARE(settings.systemPrompt(), "Be brief, be kind");
  }

  void a_damaged_file_is_put_aside_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("zero bytes inside") << QByteArray("[a]\nb=1\n\0\0\0", 12);
    QTest::newRow("not UTF-8") << QByteArray("[a]\nb=\xff\xfe\xc3\n");
    QTest::newRow("not settings") << QByteArray("[performance\nthreads\n=== =\nwhat is this");
  }
  void a_damaged_file_is_put_aside() {
    QFETCH(QByteArray, bytes);
    write(path(), bytes);
    Settings settings(m_dir.path(), 8);
    QCOMPARE(settings.threads(), 0);
    QCOMPARE(codes(settings), QStringList{"S-503"});
    QCOMPARE(contents(path() + ".damaged"), bytes);
    settings.setZoom(150);
    QVERIFY(settings.save());
    QCOMPARE(Settings(m_dir.path(), 8).zoom(), 150);
  }

  void damaged_files_of_earlier_times_are_kept() {
    for (const char* bytes : {"[first\n=", "[second\n=", "[third\n="}) {
      write(path(), bytes);
      QCOMPARE(codes(*std::make_unique<Settings>(m_dir.path(), 8)), QStringList{"S-503"});
    }
    QCOMPARE(contents(path() + ".damaged"), "[third\n=");
    QCOMPARE(contents(path() + ".damaged.1"), "[first\n=");
    QCOMPARE(contents(path() + ".damaged.2"), "[second\n=");
  }

  void a_damaged_file_that_cannot_be_put_aside_stays_as_it_is() {
    // A path so long that a name with ".damaged" behind it is no path any more.
    QString dir = m_dir.filePath("long");
    while (dir.size() < 4080) dir += QLatin1Char('/') + QString(std::min<qsizetype>(200, 4079 - dir.size()), QLatin1Char('d'));
    if (!QDir().mkpath(dir)) QSKIP("No paths as long as this here.");
    const QString file = dir + "/settings.ini";
    write(file, "[performance\nthreads=3\n=");
    {
      Settings settings(dir, 8);
      QCOMPARE(settings.threads(), 0);
      QCOMPARE(codes(settings), QStringList{"S-502"});
      settings.setZoom(150);
      QCOMPARE(settings.zoom(), 150);
      QVERIFY(!settings.save());
    }
    QCOMPARE(contents(file), "[performance\nthreads=3\n=");
  }

  void a_place_that_cannot_be_written_is_reported_once_data() {
    QTest::addColumn<QString>("dir");
    write(m_dir.filePath("file"), "x");
    QVERIFY(QDir().mkpath(m_dir.filePath("dir/settings.ini")));
    QTest::newRow("below a file") << m_dir.filePath("file/data");
    QTest::newRow("settings.ini is a directory") << m_dir.filePath("dir");
  }
  void a_place_that_cannot_be_written_is_reported_once() {
    QFETCH(QString, dir);
    Settings settings(dir, 8);
    QCOMPARE(codes(settings), QStringList{"S-502"});
    settings.setZoom(150);
    QCOMPARE(settings.zoom(), 150);  // it holds until the program ends
    QSignalSpy trouble(&settings, &Settings::trouble);
    QVERIFY(!settings.save());
    QCOMPARE(trouble.size(), 0);
  }

  void reset_brings_the_sampling_back_and_nothing_else() {
    Settings settings(m_dir.path(), 8);
    settings.setTemperature(2);
    settings.setTopK(1);
    settings.setSeed("5");
    settings.setMaxTokens(3);
    settings.setZoom(150);
    settings.resetSampling();
    QCOMPARE(settings.temperature(), 0.7);
    QCOMPARE(settings.topK(), 40);
    QCOMPARE(settings.seed(), "");
    QCOMPARE(settings.maxTokens(), 0);
    QCOMPARE(settings.zoom(), 150);
  }

  void the_engine_gets_what_is_set() {
    Settings settings(m_dir.path(), 8);
    settings.setTemperature(0);
    settings.setTopK(3);
    settings.setMaxTokens(11);
    tercet::GenerateOptions options = settings.generateOptions(77);
    QCOMPARE(options.sampling.temperature, 0.0F);
    QCOMPARE(options.sampling.top_k, 3U);
    QCOMPARE(options.max_tokens, 11U);
    QCOMPARE(options.sampling.seed, std::uint64_t{77});
    QVERIFY(options.sampling.validate().has_value());
    settings.setSeed("5");
    QCOMPARE(settings.generateOptions(77).sampling.seed, std::uint64_t{5});
  }
};

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
