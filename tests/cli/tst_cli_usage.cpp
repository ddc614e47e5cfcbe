// What tercet-cli says to wrong words and to wrong files: exit code, error code, one line, nothing else.
#include <QDir>

#include "engine/cpu_topology.h"
#include "tests/cli/cli_runner.h"

using namespace tercet;
using namespace tercet::test;

namespace {

const QStringList kCommands = {"inspect", "tokenize", "detokenize", "logits", "generate", "chat", "bench"};

/// A set that exists but that no machine of this kind runs.
QString foreign_isa() {
#if defined(__x86_64__)
  return QStringLiteral("neon");
#else
  return QStringLiteral("avx2");
#endif
}

std::vector<std::byte> first_bytes(const std::vector<std::byte>& bytes, std::size_t count) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace

class CliUsageTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void wrong_words_end_with_2_before_any_file_is_touched_data() {
    QTest::addColumn<QStringList>("arguments");
    const auto row = [](const char* name, const QStringList& arguments) { QTest::newRow(name) << arguments; };
    row("nothing", {});
    row("unknown command", {"foo"});
    row("help of an unknown command", {"help", "foo"});
    row("empty command", {""});
    for (const QString& command : kCommands) {
      QTest::newRow(qPrintable(command + " without a model")) << QStringList{command};
      QTest::newRow(qPrintable(command + " with an unknown option")) << QStringList{command, "M", "--foo"};
      QTest::newRow(qPrintable(command + " with an unknown set")) << QStringList{command, "M", "--isa", "sse9"};
      QTest::newRow(qPrintable(command + " with a batch too large")) << QStringList{command, "M", "--batch", "2049"};
    }
    row("two models", {"inspect", "M", "N"});
    row("an empty model name", {"inspect", ""});
    row("a value missing", {"generate", "M", "--prompt"});
    row("a switch with a value", {"inspect", "M", "--json=yes"});
    row("an option twice", {"generate", "M", "--prompt", "a", "--seed", "1", "--seed", "1"});
    row("neither prompt nor tokens", {"generate", "M"});
    row("both prompt and tokens", {"generate", "M", "--prompt", "a", "--tokens", "1"});
    row("logits without tokens", {"logits", "M", "--out", "x.npy"});
    row("logits without a file", {"logits", "M", "--tokens", "1"});
    row("a context smaller than the measurement", {"bench", "M", "--context", "50", "-p", "60"});
    const QStringList generate = {"generate", "M", "--prompt", "a"};
    const std::vector<std::pair<QString, QStringList>> bad_values = {
        {"--threads", {"x", "-1", "1.5", "1x", " 1", "+1", "0x1", "1000000", "18446744073709551617", ""}},
        {"--batch", {"-5", "2049", "1e2"}},
        {"--context", {"0", "-1", "4294967296", "many"}},
        {"--isa", {"", "AVX2", "avx2 "}},
        {"--kv-cache", {"", "Q8", "8"}},
        {"-n", {"0", "-1", "4294967296", "ten"}},
        {"--temperature", {"nan", "inf", "-0.1", "5.01", "0x1", "1e999", "", "1,5", "."}},
        {"--top-k", {"-1", "4294967296", "4.0"}},
        {"--top-p", {"0", "1.01", "-1", "nan"}},
        {"--min-p", {"1", "-0.1", "2"}},
        {"--repeat-penalty", {"0.99", "2.1", "nan"}},
        {"--seed", {"-1", "18446744073709551616", "1.0"}},
    };
    for (const auto& [option, values] : bad_values) {
      for (const QString& value : values) {
        QTest::newRow(qPrintable(option + " '" + value + "'")) << generate + QStringList{option, value};
      }
    }
    for (const QString& list : QStringList{"", ",", "1,", ",1", "1,,2", "1 2", "-1", "2147483648", "1,a", "1.0"}) {
      QTest::newRow(qPrintable("--tokens '" + list + "'")) << QStringList{"generate", "M", "--tokens", list};
    }
    for (const QString& list : QStringList{"", "1,", "1000000", "x"}) {
      QTest::newRow(qPrintable("-t '" + list + "'")) << QStringList{"bench", "M", "-t", list};
    }
  }
  void wrong_words_end_with_2_before_any_file_is_touched() {
    QFETCH(QStringList, arguments);
    const CliRun run = run_cli(arguments);
    QCOMPARE(run.code, 2);
    QVERIFY(is_one_error(run, "U-501"));
    QVERIFY(run.out.isEmpty());
  }

  void a_message_names_what_is_wrong_and_the_range() {
    const CliRun run = run_cli({"generate", "M", "--prompt", "a", "--batch", "4000"});
    QVERIFY(run.err.contains("--batch"));
    QVERIFY(run.err.contains("1 to 2048"));
    QVERIFY(run.err.contains("4000"));
  }

  void more_threads_than_the_machine_has_are_refused_not_reduced() {
    const int logical = cpu_topology().logical;
    const TinyModelFile model;
    QCOMPARE(run_cli({"generate", model.path(), "--tokens", "1", "-n", "1", "--threads", QString::number(logical)}).code, 0);
    const CliRun run = run_cli({"generate", model.path(), "--tokens", "1", "--threads", QString::number(logical + 1)});
    QCOMPARE(run.code, 2);
    QVERIFY(run.err.contains("1 to " + QByteArray::number(logical)));
  }

  void help_and_version_are_good_ends() {
    const CliRun overview = run_cli({"--help"});
    QCOMPARE(overview.code, 0);
    QVERIFY(overview.err.isEmpty());
    for (const QString& command : kCommands) {
      QVERIFY2(overview.out.contains(command.toUtf8()), qPrintable(command));
      const CliRun help = run_cli({"help", command});
      QCOMPARE(help.code, 0);
      QVERIFY(help.out.startsWith("tercet-cli " + command.toUtf8() + " MODEL"));
      QVERIFY(help.out.contains("--threads"));
      QCOMPARE(run_cli({command, "--help"}).out, help.out);
    }
    const CliRun version = run_cli({"--version"});
    QCOMPARE(version.code, 0);
    QVERIFY(version.out.startsWith("tercet-cli "));
  }

  void refused_models_end_with_3_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("no such file") << "absent.gguf" << QByteArray("M-105");
    QTest::newRow("a name with a line break") << "ab\nsent\x1b[31m.gguf" << QByteArray("M-105");
    QTest::newRow("a directory") << "." << QByteArray("M-106");
    QTest::newRow("an empty file") << "empty.gguf" << QByteArray("M-107");
    QTest::newRow("not a model") << "text.gguf" << QByteArray("M-108");
    QTest::newRow("cut in the middle") << "cut.gguf" << QByteArray("M-102");
    QTest::newRow("an unknown architecture") << "mamba.gguf" << QByteArray("M-101");
    QTest::newRow("no layers") << "flat.gguf" << QByteArray("M-116");
    QTest::newRow("an unknown version") << "version.gguf" << QByteArray("M-109");
  }
  void refused_models_end_with_3() {
    QFETCH(QString, file);
    QFETCH(QByteArray, code);
    const TempDir dir;
    const std::vector<std::byte> sound = make_tiny_gguf();
    dir.write("empty.gguf", {});
    dir.write("text.gguf", std::vector<std::byte>(100, std::byte{'a'}));
    dir.write("cut.gguf", first_bytes(sound, sound.size() / 2));
    GgufFile mamba = make_tiny_model({});
    mamba.set_string("general.architecture", "mamba");
    dir.write("mamba.gguf", mamba.bytes());
    GgufFile flat = make_tiny_model({});
    flat.set_u32("bitnet-b1.58.block_count", 0);
    dir.write("flat.gguf", flat.bytes());
    GgufFile version = make_tiny_model({});
    version.version = 9;
    dir.write("version.gguf", version.bytes());

    const QString path = QString::fromStdString(dir.file(file.toStdString()));
    const QString out = QString::fromStdString(dir.file("out.npy"));
    const std::vector<QStringList> runs = {{"inspect", path},
                                           {"tokenize", path},
                                           {"detokenize", path},
                                           {"logits", path, "--tokens", "1", "--out", out},
                                           {"generate", path, "--prompt", "a", "--json"},
                                           {"chat", path},
                                           {"bench", path, "--json"}};
    const QDir folder(QString::fromStdString(dir.path().string()));
    const QStringList before = folder.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    for (const QStringList& arguments : runs) {
      const CliRun run = run_cli(arguments);
      QVERIFY2(run.code == 3, qPrintable(arguments[0]));
      QVERIFY2(is_one_error(run, code), qPrintable(arguments[0]));
      QVERIFY2(run.out.isEmpty(), qPrintable(arguments[0]));
      QVERIFY(!run.err.contains('\x1b'));
    }
    QCOMPARE(folder.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot), before);
  }

  void a_kernel_set_the_machine_lacks_is_refused_by_name() {
    const TinyModelFile model;
    for (const QString& command : QStringList{"inspect", "tokenize"}) {
      const CliRun run = run_cli({command, model.path(), "--isa", foreign_isa()});
      QCOMPARE(run.code, 3);
      QVERIFY(is_one_error(run, "M-104"));
      QVERIFY(run.err.contains(foreign_isa().toUtf8()));
    }
    const CliRun run = run_cli({"generate", model.path(), "--prompt", "a", "--isa", foreign_isa()});
    QCOMPARE(run.code, 3);
    QVERIFY(is_one_error(run, "M-104"));
  }

  void a_wrong_set_in_the_environment_is_refused_too() {
    const TinyModelFile model;
    qputenv("TERCET_ISA", "sse9");
    const CliRun run = run_cli({"generate", model.path(), "--tokens", "1", "-n", "1"});
    qunsetenv("TERCET_ISA");
    QCOMPARE(run.code, 3);
    QVERIFY(is_one_error(run, "M-104"));
    QVERIFY(run.err.contains("sse9"));
  }

  void a_context_beyond_the_model_is_wrong_usage() {
    const TinyModelFile model;
    const QString more = QString::number(model.options().context + 1);
    for (const QStringList& arguments : {QStringList{"inspect", model.path(), "--context", more},
                                         QStringList{"generate", model.path(), "--prompt", "a", "--context", more}}) {
      const CliRun run = run_cli(arguments);
      QCOMPARE(run.code, 2);
      QVERIFY(is_one_error(run, "C-305"));
    }
  }

  void output_that_cannot_be_written_is_an_error() {
    if (!QFile::exists("/dev/full")) QSKIP("this system has no /dev/full");
    const TinyModelFile model;
    const std::vector<QStringList> runs = {{"inspect", model.path()},
                                           {"inspect", model.path(), "--json"},
                                           {"tokenize", model.path()},
                                           {"generate", model.path(), "--tokens", "1", "-n", "2"},
                                           {"generate", model.path(), "--tokens", "1", "-n", "2", "--json"},
                                           {"--help"}};
    for (const QStringList& arguments : runs) {
      QProcess process;
      process.setStandardOutputFile("/dev/full");
      process.start(QStringLiteral(TERCET_CLI), arguments);
      process.closeWriteChannel();
      QVERIFY(process.waitForFinished(120000));
      QVERIFY2(process.exitCode() == 4, qPrintable(arguments.join(' ')));
      QVERIFY(process.readAllStandardError().startsWith("error[U-502]: "));
    }
  }
};

QTEST_GUILESS_MAIN(CliUsageTest)
#include "tst_cli_usage.moc"
