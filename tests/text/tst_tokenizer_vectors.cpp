// Text <-> tokens against the golden vectors: the real Llama-3 vocabulary and the fixture models.
#include <QtTest/QtTest>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <chrono>

#include "engine/format/gguf.h"
#include "engine/format/gguf_container.h"
#include "engine/format/gguf_tokenizer.h"
#include "engine/format/mapped_file.h"
#include "tests/text/vocabulary.h"

using namespace tercet;
using namespace tercet::test;
using namespace std::string_literals;

namespace {

const QString kShared = QStringLiteral(TERCET_SHARED_DIR);

Ids ids_of(const QJsonValue& array) {
  Ids ids;
  for (const QJsonValue& id : array.toArray()) ids.push_back(id.toInt());
  return ids;
}

/// The text of a JSON file. Qt would drop U+FEFF at the start of a string unless it is escaped.
QJsonDocument json_of(QByteArray bytes) {
  return QJsonDocument::fromJson(bytes.replace("\xEF\xBB\xBF", "\\ufeff"));
}

QByteArray bytes_of(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The texts of FOLDER/public.inp with their ids in public.out; empty when the files are absent.
std::vector<std::pair<std::string, Ids>> public_vectors(const QString& folder) {
  const QByteArray input = bytes_of(folder + "/public.inp"), output = bytes_of(folder + "/public.out");
  std::vector<std::pair<std::string, Ids>> vectors;
  if (input.isEmpty() || output.isEmpty()) return vectors;
  const QList<QByteArray> lines = output.split('\n');
  for (const QString& text : QString::fromUtf8(input).split("\n__ggml_vocab_test__\n")) {
    Ids ids;
    for (const QByteArray& id : lines.value(static_cast<int>(vectors.size())).split(' ')) {  // the empty text at the end has no line
      if (!id.isEmpty()) ids.push_back(id.toInt());
    }
    vectors.emplace_back(text.toStdString(), std::move(ids));
  }
  return vectors;
}

}  // namespace

class TestTokenizerVectors : public QObject {
  Q_OBJECT

  std::unique_ptr<const Tokenizer> every_split_, one_split_;  // Llama 3; empty without the shared fixtures

  bool has_llama3() const { return every_split_ && one_split_; }

 private Q_SLOTS:
  void initTestCase() {
    for (const auto& [list, tokenizer] :
         {std::pair(MergeList::EverySplit, &every_split_), std::pair(MergeList::OneSplit, &one_split_)}) {
      const auto vocabulary = Llama3Vocabulary::load(kShared + "/vocab/llama3/tokenizer.model", list);
      if (!vocabulary) return;
      const TokenizerData data = vocabulary->data();
      if (list == MergeList::EverySplit) QCOMPARE(data.merges.size(), 280'147U);  // as in the published files
      const auto start = std::chrono::steady_clock::now();
      auto made = make_tokenizer(data, vocabulary->config(), nullptr);
      qInfo("%zu tokens and %zu merges: %.0f ms", data.tokens.size(), data.merges.size(),
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
      QVERIFY2(made.has_value(), made ? "" : made.error().detail.c_str());
      *tokenizer = std::move(*made);  // the vocabulary goes; the tokenizer has copied what it needs
    }
  }

  void all_llama3_vectors_match() {
    if (!has_llama3()) QSKIP("../shared/vocab/llama3/tokenizer.model is absent");
    const QByteArray json = bytes_of(kShared + "/vocab/llama3/vectors.json");
    if (json.isEmpty()) QSKIP("../shared/vocab/llama3/vectors.json is absent");
    const QJsonArray vectors = json_of(json).array();
    QCOMPARE(vectors.size(), 1200);
    for (int i = 0; i < vectors.size(); ++i) {
      const QJsonObject vector = vectors[i].toObject();
      const std::string text = vector["text"].toString().toStdString();
      for (const Tokenizer* tokenizer : {every_split_.get(), one_split_.get()}) {
        const Ids parsed = encode(*tokenizer, text, SpecialTokens::Parse), plain = encode(*tokenizer, text);
        QVERIFY2(parsed == ids_of(vector["ids"]), qPrintable(QString("vector %1, specials parsed").arg(i)));
        QVERIFY2(plain == ids_of(vector["ids_no_special"]),
                 qPrintable(QString("vector %1, specials as text").arg(i)));
        QCOMPARE(decode(*tokenizer, parsed), text);
        QCOMPARE(decode(*tokenizer, plain), text);
      }
    }
  }

  void the_public_vectors_match() {
    if (!has_llama3()) QSKIP("../shared/vocab/llama3/tokenizer.model is absent");
    const auto vectors = public_vectors(kShared + "/vocab/llama3");
    if (vectors.empty()) QSKIP("../shared/vocab/llama3/public.* is absent");
    QCOMPARE(vectors.size(), 47U);
    for (const auto& [text, wanted] : vectors) {
      QVERIFY2(encode(*every_split_, text) == wanted, text.c_str());
      QVERIFY2(encode(*one_split_, text) == wanted, text.c_str());
    }
  }

  void the_public_vectors_of_sentencepiece_match() {
    const auto vectors = public_vectors(kShared + "/vocab/llama2_spm");
    if (vectors.empty()) QSKIP("../shared/vocab/llama2_spm/public.* is absent");
    QCOMPARE(vectors.size(), 47U);
    const auto file = MappedFile::open((kShared + "/vocab/llama2_spm/vocab.gguf").toStdString());
    QVERIFY(file.has_value());
    const auto container = gguf::read_container((*file)->bytes());
    QVERIFY2(container.has_value(), container ? "" : container.error().detail.c_str());
    std::vector<std::string> warnings;
    const auto data = gguf::read_tokenizer(*container, warnings);
    QVERIFY2(data.has_value(), data ? "" : data.error().detail.c_str());
    ModelConfig config;
    config.vocab_size = static_cast<std::uint32_t>(data->tokens.size());
    const auto tokenizer = make_tokenizer(*data, config, &warnings);
    QVERIFY2(tokenizer.has_value(), tokenizer ? "" : tokenizer.error().detail.c_str());
    QCOMPARE((*tokenizer)->bos(), std::optional<TokenId>(1));
    for (const auto& [text, wanted] : vectors) {
      const Ids ids = encode(**tokenizer, text);
      QVERIFY2(ids == wanted, text.c_str());
      QCOMPARE(decode(**tokenizer, ids), text.empty() ? text : ' ' + text);
    }
  }

  void the_golden_texts_match_data() {
    QTest::addColumn<QString>("file");
    for (const char* file : {"tiny_i2_s.gguf", "tiny_i2_s_q8emb.gguf", "tiny_llama_i2_s.gguf"})
      QTest::newRow(file) << file;
  }
  void the_golden_texts_match() {
    QFETCH(QString, file);
    const QByteArray json = bytes_of(kShared + "/fixtures/golden_tokenizer.json");
    if (json.isEmpty()) QSKIP("../shared/fixtures/golden_tokenizer.json is absent");
    auto checkpoint = open_gguf((kShared + "/fixtures/" + file).toStdString());
    QVERIFY(checkpoint.has_value());
    auto tokenizer = make_tokenizer(checkpoint->tokenizer, checkpoint->config, &checkpoint->warnings);
    QVERIFY(tokenizer.has_value());
    const auto warned = std::count_if(
        checkpoint->warnings.begin(), checkpoint->warnings.end(),
        [](const std::string& warning) { return warning.find("tokenizer.ggml.pre") != std::string::npos; });
    QCOMPARE(warned, file == "tiny_i2_s.gguf" ? 1 : 0);
    QCOMPARE((*tokenizer)->bos(), std::optional<TokenId>(496));
    const QJsonObject golden = json_of(json).object();
    QVERIFY(golden["texts"].toArray().size() >= 15);
    for (const QJsonValue& value : golden["texts"].toArray()) {
      const std::string text = value["text"].toString().toStdString();
      QVERIFY2(encode(**tokenizer, text, SpecialTokens::Parse) == ids_of(value["ids"]), text.c_str());
      QVERIFY2(encode(**tokenizer, text) == ids_of(value["ids_no_special"]), text.c_str());
    }
    for (const QJsonValue& value : golden["chats"].toArray()) {  // encoded whole, after one BOS
      Ids ids = {496};
      QVERIFY((*tokenizer)
                  ->encode(value["text"].toString().toStdString(), SpecialTokens::Parse, ids)
                  .has_value());
      QCOMPARE(ids, ids_of(value["ids"]));
    }
  }

  void all_256_special_tokens_of_llama3_are_found() {
    if (!has_llama3()) QSKIP("../shared/vocab/llama3/tokenizer.model is absent");
    std::string text;
    Ids wanted;
    for (TokenId id = 128'000; id < 128'256; ++id) {
      QVERIFY(every_split_->is_special(id));
      QCOMPARE(every_split_->find_special(every_split_->token_bytes(id)), std::optional(id));
      text += every_split_->token_bytes(id);
      wanted.push_back(id);
    }
    QCOMPARE(encode(*every_split_, text, SpecialTokens::Parse), wanted);
    QCOMPARE(every_split_->token_bytes(128'009), std::string_view("<|eot_id|>"));
    QVERIFY(!every_split_->is_special(127'999));
    QVERIFY(!every_split_->find_special("Hello"));
    QVERIFY(!every_split_->find_special("<|eot_id|"));
    QVERIFY(!every_split_->find_special(""));
    QCOMPARE(every_split_->bos(), std::optional<TokenId>(128'000));
    QCOMPARE(every_split_->vocab_size(), 128'256U);
    QCOMPARE(every_split_->description(), "byte-level BPE, llama-bpe"s);
    QCOMPARE(encode(*every_split_, "The capital of France is"), (Ids{791, 6864, 315, 9822, 374}));
  }
};

QTEST_APPLESS_MAIN(TestTokenizerVectors)
#include "tst_tokenizer_vectors.moc"
