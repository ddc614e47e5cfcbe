// generate and chat: the same seed gives the same answer, and whatever is typed or piped, the program stays in order.
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>

#include <csignal>

#include "engine/cpu_topology.h"
#include "tests/cli/cli_runner.h"

using namespace tercet;
using namespace tercet::test;

namespace {

QJsonArray tokens_of(const CliRun& run) { return json_of(run).object()["tokens"].toArray(); }

QStringList thread_counts() { return cpu_topology().logical > 1 ? QStringList{"1", "2"} : QStringList{"1"}; }

}  // namespace

class CliGenerationTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void json_has_exactly_the_promised_fields() {
    const TinyModelFile model;
    const CliRun run = run_cli({"generate", model.path(), "--tokens", "3,4,5", "-n", "5", "--seed", "18446744073709551615",
                                "--batch", "7", "--threads", "1", "--isa", "scalar", "--json"});
    QCOMPARE(run.code, 0);
    QVERIFY(run.err.isEmpty());
    QCOMPARE(run.out.count('\n'), 1);
    const QJsonObject found = json_of(run).object();
    QStringList expected = {"text",   "tokens",  "stop_reason", "prompt_tokens", "reused_tokens", "prefill_tokens_per_s",
                            "decode_tokens_per_s", "threads", "batch", "isa", "seed"};
    expected.sort();
    QCOMPARE(found.keys(), expected);
    QCOMPARE(found["prompt_tokens"].toInt(), 3);
    QCOMPARE(found["reused_tokens"].toInt(), 0);
    QCOMPARE(found["threads"].toInt(), 1);
    QCOMPARE(found["batch"].toInt(), 7);
    QCOMPARE(found["isa"].toString(), QStringLiteral("scalar"));
    QVERIFY(run.out.contains("\"seed\":18446744073709551615"));
    QVERIFY(found["prefill_tokens_per_s"].toDouble() > 0);
    QVERIFY(found["tokens"].toArray().size() <= 5);
    const QString reason = found["stop_reason"].toString();
    QVERIFY(reason == (found["tokens"].toArray().size() == 5 ? "max_tokens" : "end_of_turn"));
  }

  void a_seed_gives_the_same_tokens_for_any_threads_and_batch() {
    const TinyModelFile model;
    const QStringList base = {"generate", model.path(), "--prompt", "Tell me of the sea, and of what lies under it.", "-n", "40",
                              "--temperature", "1.5", "--top-k", "0", "--top-p", "1", "--min-p", "0", "--seed", "11", "--json"};
    const CliRun reference = run_cli(base);
    QCOMPARE(reference.code, 0);
    for (const QString& threads : thread_counts()) {
      for (const QString& batch : QStringList{"1", "7", "512"}) {
        const CliRun run = run_cli(base + QStringList{"--threads", threads, "--batch", batch});
        QCOMPARE(run.code, 0);
        QCOMPARE(tokens_of(run), tokens_of(reference));
        QCOMPARE(json_of(run).object()["text"], json_of(reference).object()["text"]);
      }
    }
  }

  void another_seed_gives_another_answer_unless_greedy() {
    const TinyModelFile model;
    const QStringList base = {"generate", model.path(), "--tokens", "10,20,30", "-n", "30", "--json"};
    const QStringList free = base + QStringList{"--temperature", "5", "--top-k", "0", "--top-p", "1", "--min-p", "0"};
    QVERIFY(tokens_of(run_cli(free + QStringList{"--seed", "1"})) != tokens_of(run_cli(free + QStringList{"--seed", "2"})));
    const QStringList greedy = base + QStringList{"--temperature", "0"};
    QCOMPARE(tokens_of(run_cli(greedy + QStringList{"--seed", "1"})), tokens_of(run_cli(greedy + QStringList{"--seed", "2"})));
  }

  void the_text_is_what_json_says_and_a_line_break() {
    const TinyModelFile model;
    const QStringList base = {"generate", model.path(), "--prompt", "Hello", "-n", "25", "--seed", "5"};
    const CliRun text = run_cli(base);
    QCOMPARE(text.code, 0);
    QVERIFY(text.err.isEmpty());
    QCOMPARE(QString::fromUtf8(text.out), json_of(run_cli(base + QStringList{"--json"})).object()["text"].toString() + "\n");
  }

  void greedy_tokens_are_the_golden_ones_where_their_lead_is_large() {
    const QString fixtures = QStringLiteral(TERCET_SHARED_DIR "/fixtures/");
    QFile description(fixtures + "golden_2b4t.json");
    if (!description.open(QIODevice::ReadOnly)) QSKIP("the shared fixtures are not here");
    const QJsonArray cases = QJsonDocument::fromJson(description.readAll()).object()["cases"].toArray();
    int compared = 0;
    for (const QJsonValue& value : cases) {
      const QJsonObject golden = value.toObject();
      QStringList prompt;
      for (const QJsonValue& id : golden["tokens"].toArray()) prompt << QString::number(id.toInt());
      const CliRun run = run_cli({"generate", fixtures + "tiny_i2_s.gguf", "--tokens", prompt.join(','), "-n", "24",
                                  "--temperature", "0", "--json"});
      QCOMPARE(run.code, 0);
      const QJsonArray expected = golden["greedy"].toArray(), leads = golden["greedy_lead"].toArray(), found = tokens_of(run);
      for (int i = 0; i < found.size() && i < expected.size() && leads[i].toDouble() > 3; ++i) {
        QCOMPARE(found[i].toInt(), expected[i].toInt());
        ++compared;
      }
    }
    QVERIFY(compared > 0);
  }

  void a_prompt_that_does_not_fit_is_refused() {
    const TinyModelFile model;
    for (const QStringList& prompt : {QStringList{"--prompt", QString(200, 'q')}, QStringList{"--tokens", "1,2,3,4,5,6,7,8,9,10,11,12"}}) {
      const CliRun run = run_cli(QStringList{"generate", model.path(), "--context", "10", "--json"} + prompt);
      QCOMPARE(run.code, 4);
      QVERIFY(is_one_error(run, "C-301"));
      QVERIFY(run.out.isEmpty());
    }
  }

  void a_full_context_ends_the_answer() {
    const TinyModelFile model;
    const CliRun run = run_cli({"generate", model.path(), "--tokens", "1,2,3,4,5", "--context", "8", "-n", "1000", "--json"});
    QCOMPARE(run.code, 0);
    const QString reason = json_of(run).object()["stop_reason"].toString();
    QVERIFY(reason == "context_full" || reason == "end_of_turn");
    QVERIFY(tokens_of(run).size() <= 4);
  }

  void a_token_outside_the_vocabulary_is_refused() {
    const TinyModelFile model;
    const CliRun run = run_cli({"generate", model.path(), "--tokens", "1,384"});
    QCOMPARE(run.code, 4);
    QVERIFY(is_one_error(run, "C-304"));
  }

  void ctrl_c_ends_a_long_answer_cleanly() {
    const TinyModelFile model({.context = 1U << 16});
    // Greedy, this model repeats itself for as long as it may.
    const QStringList base = {"generate", model.path(), "--tokens", "1,2,3", "--context", "65536", "--threads", "1",
                              "--temperature", "0"};
    QCOMPARE(json_of(run_cli(base + QStringList{"--json", "-n", "1000"})).object()["stop_reason"].toString(),
             QStringLiteral("max_tokens"));
    QProcess process;
    process.start(QStringLiteral(TERCET_CLI), base);
    QVERIFY(process.waitForReadyRead(60000));
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(20000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(process.readAllStandardOutput().endsWith('\n'));
    QVERIFY(process.readAllStandardError().isEmpty());
  }

  void chat_answers_each_line_and_ends_with_its_input() {
    const TinyModelFile model;
    const CliRun run = run_cli({"chat", model.path(), "--seed", "3", "-n", "8"}, "Hello\n\n  \nHow are you?");
    QCOMPARE(run.code, 0);
    QVERIFY(run.err.isEmpty());
    // The first answer is that of generate to the same message and seed.
    const CliRun alone = run_cli({"generate", model.path(), "--prompt", "Hello", "--seed", "3", "-n", "8"});
    QVERIFY(run.out.startsWith(alone.out));
    QVERIFY(run.out.size() > alone.out.size());
  }

  void chat_remembers_until_told_otherwise() {
    const TinyModelFile model;
    const QStringList base = {"chat", model.path(), "--temperature", "0", "-n", "6"};
    const QByteArray one = run_cli(base, "Hello\n").out;
    QCOMPARE(run_cli(base, "Hello\n/new\nHello\n").out, one + one);
    QCOMPARE(run_cli(base, "Hello\n/regen\n").out, one + one);
    QCOMPARE(run_cli(base, "Hello\n/quit\nHello\n").out, one);
    QCOMPARE(run_cli(base, "Hello\r\n").out, one);
  }

  void chat_gives_one_json_object_for_each_answer() {
    const TinyModelFile model;
    const QStringList base = {"chat", model.path(), "--temperature", "0", "-n", "6"};
    const QList<QByteArray> plain = run_cli(base, "Hello\n").out.split('\n');
    const CliRun run = run_cli(base + QStringList{"--json"}, "Hello\nAnd now?\n");
    QCOMPARE(run.code, 0);
    const QList<QByteArray> lines = run.out.split('\n');
    QCOMPARE(lines.size(), 3);
    const QJsonObject first = QJsonDocument::fromJson(lines[0]).object(), second = QJsonDocument::fromJson(lines[1]).object();
    QCOMPARE(first["text"].toString().toUtf8(), plain.join('\n').chopped(1));
    QCOMPARE(first["tokens"].toArray().size(), 6);
    QCOMPARE(first["stop_reason"].toString(), QString("max_tokens"));
    QVERIFY(second["reused_tokens"].toInt() > 0);
  }

  void the_built_in_model_needs_no_file() {
    const CliRun run = run_cli({"chat", "builtin", "--temperature", "0", "--json"}, "What is a ternary model?\n/new\n¿Qué es un modelo ternario?\n");
    QCOMPARE(run.code, 0);
    QVERIFY(run.err.isEmpty());
    const QList<QByteArray> lines = run.out.split('\n');
    QCOMPARE(lines.size(), 3);
    for (const auto& [line, word] : {std::pair(lines[0], "ternary"), std::pair(lines[1], "ternario")}) {
      const QJsonObject answer = QJsonDocument::fromJson(line).object();
      QCOMPARE(answer["stop_reason"].toString(), QString("end_of_turn"));
      QVERIFY2(answer["text"].toString().contains(word), line.constData());
    }
    QVERIFY(run_cli({"tokenize", "builtin"}, "hello").out.startsWith('['));
    QVERIFY(json_of(run_cli({"inspect", "builtin", "--json"})).object()["file_bytes"].toInt() > 1000000);
  }

  void an_answer_goes_on_where_it_was_cut() {
    const TinyModelFile model;
    const QStringList base = {"chat", model.path(), "--temperature", "0"};
    const QByteArray whole = run_cli(base + QStringList{"-n", "12"}, "Hello\n").out;
    const QByteArray cut = run_cli(base + QStringList{"-n", "6"}, "Hello\n").out;
    const CliRun parts = run_cli(base + QStringList{"-n", "6"}, "/more\nHello\n/more\n");
    QCOMPARE(parts.code, 0);
    QVERIFY(parts.out.startsWith(cut));
    QCOMPARE(cut.chopped(1) + parts.out.mid(cut.size()), whole);
  }

  void an_answer_can_be_begun_for_the_model() {
    const TinyModelFile model;
    const QStringList base = {"generate", model.path(), "--prompt", "Hello", "--temperature", "0", "-n", "12", "--json"};
    const QJsonObject plain = json_of(run_cli(base)).object();
    const QJsonObject begun = json_of(run_cli(base + QStringList{"--answer", "The world is"})).object();
    QVERIFY(begun["prompt_tokens"].toInt() > plain["prompt_tokens"].toInt());
    QVERIFY(begun["tokens"] != plain["tokens"]);
    QVERIFY(!begun["text"].toString().startsWith("The world is"));
    QCOMPARE(json_of(run_cli(base + QStringList{"--answer", ""})).object()["tokens"], plain["tokens"]);
    QCOMPARE(run_cli({"generate", model.path(), "--tokens", "3", "--answer", "x"}).code, 2);
  }

  void a_system_text_changes_the_answer() {
    const TinyModelFile model;
    const QStringList base = {"chat", model.path(), "--temperature", "0", "-n", "12"};
    QVERIFY(run_cli(base, "Hello\n").out != run_cli(base + QStringList{"--system", "You speak only of whales."}, "Hello\n").out);
  }

  void a_line_that_is_not_utf8_is_refused_and_the_next_one_answered() {
    const TinyModelFile model;
    const QStringList base = {"chat", model.path(), "--temperature", "0", "-n", "6"};
    const CliRun run = run_cli(base, "bad \xc3(\nHello\n");
    QCOMPARE(run.code, 4);
    QVERIFY(is_one_error(run, "C-303"));
    QCOMPARE(run.out, run_cli(base, "Hello\n").out);
  }

  void a_message_too_long_is_refused_and_the_next_one_answered() {
    const TinyModelFile model;
    const QStringList base = {"chat", model.path(), "--temperature", "0", "-n", "6", "--context", "100"};
    const CliRun run = run_cli(base, QByteArray(500, 'q') + "\nHello\n");
    QCOMPARE(run.code, 4);
    QVERIFY(is_one_error(run, "C-301"));
    QCOMPARE(run.out, run_cli(base, "Hello\n").out);
  }

  void a_conversation_that_outgrows_the_context_goes_on_with_a_notice() {
    const TinyModelFile model;
    QByteArray lines;
    for (int i = 0; i < 12; ++i) lines += "Message number " + QByteArray::number(i) + " of several\n";
    const CliRun run = run_cli({"chat", model.path(), "--temperature", "0", "-n", "6", "--context", "120"}, lines);
    QCOMPARE(run.code, 0);
    QVERIFY(run.err.contains("left out"));
  }
};

QTEST_GUILESS_MAIN(CliGenerationTest)
#include "tst_cli_generation.moc"
