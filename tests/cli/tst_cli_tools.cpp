// inspect, tokenize, detokenize, logits and bench on a sound model: their output, field by field.
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>

#include <cmath>
#include <cstring>

#include "engine/cpu_topology.h"
#include "tests/cli/cli_runner.h"
#include "tests/support/safetensors_reader.h"

using namespace tercet;
using namespace tercet::test;

namespace {

struct Npy {
  std::size_t rows = 0, cols = 0;
  std::vector<float> values;  // empty: not the file that was expected
};

/// Reads version 1 files of little-endian float32 in C order, and nothing else.
Npy read_npy(const QString& path) {
  Npy npy;
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return npy;
  const QByteArray bytes = file.readAll();
  if (!bytes.startsWith(QByteArray("\x93NUMPY\x01\x00", 8))) return npy;
  const qsizetype header = static_cast<unsigned char>(bytes[8]) + 256 * static_cast<unsigned char>(bytes[9]);
  const QByteArray text = bytes.mid(10, header);
  if ((10 + header) % 64 != 0 || !text.endsWith('\n')) return npy;
  unsigned long rows = 0, cols = 0;
  if (std::sscanf(text.constData(), "{'descr': '<f4', 'fortran_order': False, 'shape': (%lu, %lu), }", &rows, &cols) != 2) {
    return npy;
  }
  if (static_cast<std::size_t>(bytes.size() - 10 - header) != rows * cols * sizeof(float)) return npy;
  npy.rows = rows;
  npy.cols = cols;
  npy.values.resize(rows * cols);
  std::memcpy(npy.values.data(), bytes.constData() + 10 + header, npy.values.size() * sizeof(float));
  return npy;
}

QString token_list(const QJsonArray& ids) {
  QStringList words;
  for (const QJsonValue& id : ids) words << QString::number(id.toInt());
  return words.join(',');
}

}  // namespace

class CliToolsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void inspect_tells_what_the_file_says() {
    const TinyModelFile model({.pre = false, .right_template = false});
    const CliRun run = run_cli({"inspect", model.path(), "--json"});
    QCOMPARE(run.code, 0);
    QVERIFY(run.err.isEmpty());
    QCOMPARE(run.out.count('\n'), 1);
    const QJsonObject found = json_of(run).object();
    const TinyModelOptions& made = model.options();
    QCOMPARE(found["architecture"].toString(), QStringLiteral("bitnet-b1.58"));
    QVERIFY(found["name"].isString());
    QVERIFY(found["container"].toString().startsWith("GGUF"));
    QCOMPARE(found["file_bytes"].toInteger(), QFileInfo(model.path()).size());
    QCOMPARE(found["layers"].toInteger(), made.layers);
    QCOMPARE(found["hidden"].toInteger(), made.hidden);
    QCOMPARE(found["heads"].toInteger(), made.heads);
    QCOMPARE(found["kv_heads"].toInteger(), made.kv_heads);
    QCOMPARE(found["head_dim"].toInteger(), made.head_dim);
    QCOMPARE(found["ffn"].toInteger(), made.ffn);
    QCOMPARE(found["vocab_size"].toInteger(), made.vocab);
    QCOMPARE(found["context_length"].toInteger(), made.context);
    QCOMPARE(found["activation"].toString(), QStringLiteral("relu2"));
    QVERIFY(found["rope_theta"].toDouble() > 0);
    QVERIFY(found["rms_eps"].toDouble() > 0);

    const qint64 per_layer = 2 * made.hidden * (made.heads + made.kv_heads) * made.head_dim + 3 * made.hidden * made.ffn;
    QVERIFY(found["parameters"].toInteger() > made.layers * per_layer + made.vocab * made.hidden);
    const QJsonObject types = found["tensor_types"].toObject();
    QCOMPARE(types["I2_S"].toObject()["count"].toInteger(), 7 * made.layers);
    QCOMPARE(types["I2_S"].toObject()["bytes"].toInteger(), made.layers * (per_layer / 4 + 7 * 32));
    QCOMPARE(types["F16"].toObject()["bytes"].toInteger(), 2 * made.vocab * made.hidden);

    const TinyVocab vocab = make_tiny_vocab(made.vocab);
    const QJsonObject tokenizer = found["tokenizer"].toObject();
    QCOMPARE(tokenizer["tokens"].toInteger(), made.vocab);
    QCOMPARE(tokenizer["merges"].toInteger(), static_cast<qint64>(vocab.merges.size()));
    QCOMPARE(tokenizer["bos"].toInteger(), vocab.begin_of_text);
    const QJsonObject chat = found["chat_template"].toObject();
    QCOMPARE(chat["name"].toString(), QStringLiteral("BitNet 2B4T"));
    QVERIFY(chat["stop_tokens"].toArray().contains(static_cast<int>(vocab.eot)));
    QVERIFY(chat["stop_tokens"].toArray().contains(static_cast<int>(vocab.end_of_text)));

    const QJsonObject memory = found["memory"].toObject();
    QCOMPARE(memory["total"].toInteger(), memory["weights"].toInteger() + memory["kv_cache"].toInteger() +
                                              memory["buffers"].toInteger() + memory["tokenizer"].toInteger());
    QVERIFY(memory["weights"].toInteger() > 0);
    QCOMPARE(memory["context"].toInteger(), made.context);
    QCOMPARE(found["warnings"].toArray().size(), 2);  // no pre-tokenizer, wrong template
  }

  void inspect_estimates_for_the_context_that_is_asked_for() {
    const TinyModelFile model;
    const auto cache = [&model](const QString& context) {
      return json_of(run_cli({"inspect", model.path(), "--json", "--context", context})).object()["memory"].toObject()["kv_cache"].toInteger();
    };
    QCOMPARE(cache("512"), 4 * cache("128"));
  }

  void inspect_writes_for_people_without_json() {
    const TinyModelFile model;
    const CliRun run = run_cli({"inspect", model.path()});
    QCOMPARE(run.code, 0);
    QVERIFY(run.out.contains("bitnet-b1.58"));
    QVERIFY(run.out.contains("I2_S"));
  }

  void strings_from_a_file_cannot_break_json_or_the_terminal() {
    GgufFile file = make_tiny_model({});
    file.set_string("general.name", "a\"b\\c\n\x1b[31m\xff\x01");
    const TempDir dir;
    const QString path = QString::fromStdString(dir.write("odd.gguf", file.bytes()));
    const CliRun json = run_cli({"inspect", path, "--json"});
    QVERIFY(json_of(json).object()["name"].toString().startsWith("a\"b\\c"));
    const CliRun text = run_cli({"inspect", path});
    QVERIFY(!text.out.contains('\x1b') && !text.out.contains('\x01'));
  }

  void detokenize_undoes_tokenize_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("plain") << QByteArray("The quick brown fox");
    QTest::newRow("accents, CJK, emoji") << QByteArray("na\xc3\xafve \xe6\xbc\xa2\xe5\xad\x97 \xf0\x9f\x98\x80");
    QTest::newRow("blanks and breaks") << QByteArray(" \t\r\n\n  x  ");
    QTest::newRow("a NUL") << QByteArray("a\0b", 3);
    QTest::newRow("special") << QByteArray("<|eot_id|>x<|begin_of_text|>");
  }
  void detokenize_undoes_tokenize() {
    QFETCH(QByteArray, text);
    const TinyModelFile model;
    for (const QStringList& options : {QStringList{}, QStringList{"--no-special"}}) {
      const CliRun ids = run_cli(QStringList{"tokenize", model.path()} + options, text);
      QCOMPARE(ids.code, 0);
      QVERIFY(json_of(ids).isArray());
      const CliRun back = run_cli({"detokenize", model.path()}, ids.out);
      QCOMPARE(back.code, 0);
      QCOMPARE(back.out, text);
    }
  }

  void no_special_makes_special_tokens_plain_text() {
    const TinyModelFile model;
    const TinyVocab vocab = make_tiny_vocab(model.options().vocab);
    const QJsonArray parsed = json_of(run_cli({"tokenize", model.path()}, "<|eot_id|>")).array();
    QCOMPARE(parsed, QJsonArray{static_cast<int>(vocab.eot)});
    const QJsonArray plain = json_of(run_cli({"tokenize", model.path(), "--no-special"}, "<|eot_id|>")).array();
    QVERIFY(plain.size() > 1);
    QVERIFY(!plain.contains(static_cast<int>(vocab.eot)));
  }

  void text_that_is_not_utf8_is_refused() {
    const TinyModelFile model;
    const CliRun run = run_cli({"tokenize", model.path()}, "abc\xff");
    QCOMPARE(run.code, 4);
    QVERIFY(is_one_error(run, "C-303"));
    QVERIFY(run.out.isEmpty());
  }

  void only_arrays_of_ids_are_detokenized_data() {
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("code");
    for (const char* bad : {"", "[", "[1", "[1,]", "[,1]", "1", "[1] x", "[1 2]", "{}", "[[1]]", "[\"1\"]", "[1.0]", "[1e2]",
                            "[01]", "[+1]", "[- 1]", "null", "[null]", "[1]]"}) {
      QTest::newRow(bad) << QByteArray(bad) << QByteArray("U-503");
    }
    QTest::newRow("negative") << QByteArray("[1,-1]") << QByteArray("C-304");
    QTest::newRow("beyond the vocabulary") << QByteArray("[384]") << QByteArray("C-304");
    QTest::newRow("beyond 64 bits") << QByteArray("[99999999999999999999999]") << QByteArray("C-304");
  }
  void only_arrays_of_ids_are_detokenized() {
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, code);
    const TinyModelFile model;
    const CliRun run = run_cli({"detokenize", model.path()}, input);
    QCOMPARE(run.code, 4);
    QVERIFY(is_one_error(run, code));
    QVERIFY(run.out.isEmpty());
  }

  void blanks_around_ids_do_not_matter() {
    const TinyModelFile model;
    const CliRun run = run_cli({"detokenize", model.path()}, " [ 1 ,\n\t2,-0 ] \n");
    QCOMPARE(run.code, 0);
    QCOMPARE(run.out, run_cli({"detokenize", model.path()}, "[1,2,0]").out);
    QCOMPARE(run.out.size(), 3);
  }

  void logits_have_a_row_for_each_token_and_do_not_depend_on_the_batch() {
    const TinyModelFile model;
    const QString all = QString::fromStdString(model.dir().file("all.npy"));
    const QString again = QString::fromStdString(model.dir().file("again.npy"));
    const QString first = QString::fromStdString(model.dir().file("first.npy"));
    const QString tokens = "5,80,33,7,250,12,99,1";
    CliRun run = run_cli({"logits", model.path(), "--tokens", tokens, "--out", all});
    QCOMPARE(run.code, 0);
    QVERIFY(run.out.isEmpty() && run.err.isEmpty());
    QCOMPARE(run_cli({"logits", model.path(), "--tokens", tokens, "--out", again, "--batch", "3", "--threads", "1"}).code, 0);
    QCOMPARE(run_cli({"logits", model.path(), "--tokens", "5,80,33", "--out", first}).code, 0);

    const Npy npy = read_npy(all);
    QCOMPARE(npy.rows, std::size_t{8});
    QCOMPARE(npy.cols, std::size_t{model.options().vocab});
    for (const float value : npy.values) QVERIFY(std::isfinite(value));
    QVERIFY(read_npy(again).values == npy.values);
    const Npy prefix = read_npy(first);
    QVERIFY(prefix.values == std::vector<float>(npy.values.begin(), npy.values.begin() + static_cast<std::ptrdiff_t>(3 * npy.cols)));
    QCOMPARE(model.entries(), (QStringList{"again.npy", "all.npy", "first.npy", "tiny.gguf"}));
  }

  void logits_that_fail_leave_things_as_they_were() {
    const TinyModelFile model;
    const std::string kept = "not yours";
    const QString out = QString::fromStdString(model.dir().write("kept.npy", std::as_bytes(std::span(kept))));
    const CliRun run = run_cli({"logits", model.path(), "--tokens", "1,384", "--out", out});
    QCOMPARE(run.code, 4);
    QVERIFY(is_one_error(run, "C-304"));
    QFile file(out);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("not yours"));
    QCOMPARE(model.entries(), (QStringList{"kept.npy", "tiny.gguf"}));
  }

  void logits_go_nowhere_that_cannot_be_written() {
    const TinyModelFile model;
    for (const QString& out : {QString::fromStdString(model.dir().file("absent/x.npy")),
                               QString::fromStdString(model.dir().path().string())}) {
      const CliRun run = run_cli({"logits", model.path(), "--tokens", "1", "--out", out});
      QCOMPARE(run.code, 4);
      QVERIFY(is_one_error(run, "U-502"));
    }
    if (QFile::exists("/dev/full")) {
      const CliRun run = run_cli({"logits", model.path(), "--tokens", "1", "--out", "/dev/full"});
      QCOMPARE(run.code, 4);
      QVERIFY(is_one_error(run, "U-502"));
      QVERIFY(QFile::exists("/dev/full"));
    }
    QCOMPARE(model.entries(), QStringList{"tiny.gguf"});
  }

  void logits_longer_than_the_context_are_refused() {
    const TinyModelFile model;
    const CliRun run = run_cli({"logits", model.path(), "--tokens", "1,2,3,4,5", "--context", "4", "--out",
                                QString::fromStdString(model.dir().file("x.npy"))});
    QCOMPARE(run.code, 4);
    QVERIFY(is_one_error(run, "C-301"));
    QCOMPARE(model.entries(), QStringList{"tiny.gguf"});
  }

  void logits_are_the_golden_ones() {
    const QString fixtures = QStringLiteral(TERCET_SHARED_DIR "/fixtures/");
    QFile description(fixtures + "golden_2b4t.json");
    if (!description.open(QIODevice::ReadOnly)) QSKIP("the shared fixtures are not here");
    const QJsonObject golden = QJsonDocument::fromJson(description.readAll()).object();
    const SafeTensors tensors = load_safetensors((fixtures + "golden_2b4t.safetensors").toStdString());
    const TempDir dir;
    const QString out = QString::fromStdString(dir.file("golden.npy"));
    int compared = 0;
    for (const auto& [name, tensor] : tensors) {
      const QString key = QString::fromStdString(name);
      if (!key.endsWith(".logits")) continue;
      const int index = key.mid(4, key.indexOf('.') - 4).toInt();
      const QJsonObject found = golden["cases"].toArray()[index].toObject();
      if (!found["safe"].toBool()) continue;
      QCOMPARE(run_cli({"logits", fixtures + "tiny_i2_s.gguf", "--tokens", token_list(found["tokens"].toArray()), "--out", out}).code, 0);
      const Npy npy = read_npy(out);
      const std::vector<float> expected = tensor.values<float>();
      QCOMPARE(npy.values.size(), expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) QVERIFY(std::abs(npy.values[i] - expected[i]) < 1e-3F);
      ++compared;
    }
    QVERIFY(compared > 0);
  }

  void bench_reports_every_figure() {
    const TinyModelFile model;
    const QString threads = cpu_topology().logical > 1 ? "1,2" : "1,1";
    const CliRun run = run_cli({"bench", model.path(), "-p", "16", "-n", "8", "-d", "4", "-t", threads, "-r", "1", "--json"});
    QCOMPARE(run.code, 0);
    QVERIFY(run.err.isEmpty());
    const QJsonArray all = json_of(run).array();
    QCOMPARE(all.size(), 2);
    for (const QJsonValue& value : all) {
      const QJsonObject one = value.toObject();
      for (const char* name : {"prefill_tokens_per_s", "decode_tokens_per_s"}) {
        const QJsonObject spread = one[name].toObject();
        QVERIFY2(spread["min"].toDouble() > 0, name);
        QVERIFY2(spread["min"].toDouble() <= spread["median"].toDouble(), name);
        QVERIFY2(spread["median"].toDouble() <= spread["max"].toDouble(), name);
      }
      for (const char* name : {"threads", "bytes_per_token", "read_bandwidth_gbs", "decode_fraction_of_bandwidth",
                               "int8_peak_gmacs", "prefill_fraction_of_peak", "peak_rss_mb", "load_ms"}) {
        QVERIFY2(one[name].toDouble() > 0, name);
      }
      QVERIFY(!one["isa"].toString().isEmpty());
      QCOMPARE(one["logits_hash"].toString().size(), 16);
    }
    QCOMPARE(all[0].toObject()["logits_hash"], all[1].toObject()["logits_hash"]);
    QCOMPARE(all[0].toObject()["threads"].toInt(), 1);
  }

  void the_cache_is_kept_as_the_option_says() {
    const TinyModelFile model;
    const auto bench = [&model](const QStringList& more) {
      return json_of(run_cli(QStringList{"bench", model.path(), "-p", "40", "-n", "2", "-t", "1", "-r", "1", "--json"} + more)).array()[0].toObject();
    };
    const QJsonObject usual = bench({}), compact = bench({"--kv-cache", "q8"});
    QCOMPARE(usual["kv_cache"].toString(), "f32");  // of so small a model
    QCOMPARE(compact["kv_cache"].toString(), "q8");
    QVERIFY(compact["logits_hash"] != usual["logits_hash"]);
    QCOMPARE(bench({"--kv-cache", "f16"})["kv_cache"].toString(), "f16");
    QCOMPARE(bench({"--kv-cache", "auto"})["logits_hash"], usual["logits_hash"]);
    const auto estimate = [&model](const QString& name) {
      return json_of(run_cli({"inspect", model.path(), "--json", "--kv-cache", name})).object()["memory"].toObject()["kv_cache"].toInteger();
    };
    QCOMPARE(estimate("f32"), 2 * estimate("f16"));
    QVERIFY(estimate("q8") > estimate("f16") / 2 && estimate("q8") < estimate("f16"));
  }

  void bench_says_what_the_speed_features_did() {
    const TinyModelFile model;
    const QStringList common = {"bench", model.path(), "-p", "8", "-n", "12", "-t", "1", "-r", "1", "--json"};
    const QJsonObject with = json_of(run_cli(common + QStringList{"--speculation"})).array()[0].toObject();
    QVERIFY(with["up_rows_skipped"].toDouble() > 0 && with["up_rows_skipped"].toDouble() < 1);
    QVERIFY(with["down_columns_skipped"].toDouble() > 0 && with["down_columns_skipped"].toDouble() < 1);
    QVERIFY(with["exact_rows_per_token"].toDouble() >= 1);
    QVERIFY(with.contains("refined_rows_per_token"));
    const QJsonObject speculation = with["speculation"].toObject();
    for (const char* ratio : {"fresh_ratio", "repeated_ratio", "resampled_ratio"}) QVERIFY2(speculation[ratio].toDouble() > 0, ratio);
    QVERIFY(speculation["accepted"].toDouble() <= speculation["guesses"].toDouble());

    const QJsonObject without = json_of(run_cli(common + QStringList{"--without", "skip,screen"})).array()[0].toObject();
    QCOMPARE(without["up_rows_skipped"].toDouble(), 0.0);
    QCOMPARE(without["down_columns_skipped"].toDouble(), 0.0);
    QVERIFY(without["exact_rows_per_token"].toDouble() > with["exact_rows_per_token"].toDouble());
    QVERIFY(without["bytes_per_token"].toDouble() > with["bytes_per_token"].toDouble());
    QVERIFY(!without.contains("speculation"));
    QCOMPARE(without["logits_hash"], with["logits_hash"]);
    const CliRun refused = run_cli({"bench", model.path(), "--without", "everything"});
    QCOMPARE(refused.code, 2);
  }

  void later_turns_of_a_conversation_compute_only_what_is_new() {
    const TinyModelFile model;
    const CliRun run = run_cli({"bench", model.path(), "-p", "8", "-n", "3", "--turns", "4", "-t", "1", "-r", "2", "--json"});
    QCOMPARE(run.code, 0);
    const QJsonArray turns = json_of(run).array()[0].toObject()["turns"].toArray();
    QCOMPARE(turns.size(), 4);
    for (int i = 0; i < turns.size(); ++i) {
      const QJsonObject turn = turns[i].toObject();
      QCOMPARE(turn["context_before"].toInt(), 11 * i);
      // The last token of an answer was written but not read: it comes with the next prompt.
      QCOMPARE(turn["computed_tokens"].toInt(), i == 0 ? 8 : 9);
      QVERIFY(turn["time_to_first_token_ms"].toObject()["min"].toDouble() > 0);
    }
    const CliRun text = run_cli({"bench", model.path(), "-p", "8", "-n", "3", "--turns", "2", "-t", "1", "-r", "1"});
    QVERIFY(text.out.contains("9 tokens computed, 11 in the context before"));
    const CliRun refused = run_cli({"bench", model.path(), "-p", "8", "-n", "3", "--turns", "4", "--context", "40"});
    QCOMPARE(refused.code, 2);
  }

  void bench_measures_the_kernels_alone() {
#if defined(__SANITIZE_ADDRESS__)
    QSKIP("a quarter of a gigabyte takes minutes with the address sanitizer");
#endif
    const TinyModelFile model;
    const CliRun tiny = run_cli({"bench", model.path(), "-p", "4", "-n", "2", "-t", "1", "-r", "1", "--json"});
    const QString isa = json_of(tiny).array()[0].toObject()["isa"].toString();
    if (isa == "scalar") QSKIP("the scalar set takes minutes");
    const CliRun run = run_cli({"bench", "--kernels", "-t", "1", "-r", "1", "--isa", isa, "--json"});
    QCOMPARE(run.code, 0);
    QStringList operations;
    for (const QJsonValue& value : json_of(run).array()) {
      const QJsonObject one = value.toObject();
      operations << one["operation"].toString();
      QVERIFY(one.contains("gbs") != one.contains("gmacs"));
      QVERIFY(one[one.contains("gbs") ? "gbs" : "gmacs"].toObject()["median"].toDouble() > 0);
    }
    for (const char* operation : {"read", "multiply", "ternary_matmul", "ternary_rows", "ternary_columns", "screen_rows", "attend_chunk"}) {
      QVERIFY2(operations.contains(operation), operation);
    }
  }
};

QTEST_GUILESS_MAIN(CliToolsTest)
#include "tst_cli_tools.moc"
