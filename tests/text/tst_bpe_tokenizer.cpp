// Text <-> tokens: the golden vectors, the merge rules against a naive version of them, hostile texts and hostile files.
#include <QtTest/QtTest>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <chrono>
#include <functional>
#include <map>
#include <thread>

#include "engine/format/gguf.h"
#include "engine/text/tokenizer.h"
#include "tests/support/test_rng.h"
#include "tests/support/tiny_model.h"
#include "tests/text/llama3_vocabulary.h"

using namespace tercet;
using namespace tercet::test;
using namespace std::string_literals;

namespace {

const QString kShared = QStringLiteral(TERCET_SHARED_DIR);

using Ids = std::vector<TokenId>;

Ids encode(const Tokenizer& tokenizer, std::string_view text, SpecialTokens specials = SpecialTokens::AsText) {
  Ids ids;
  if (!tokenizer.encode(text, specials, ids)) ids = {-1};
  return ids;
}

std::string decode(const Tokenizer& tokenizer, const Ids& ids) {
  std::string text;
  for (const TokenId id : ids) text += tokenizer.token_bytes(id);
  return text;
}

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

/// A vocabulary that tests change before they make a tokenizer of it.
struct Vocabulary {
  std::string model = "gpt2", pre = "llama-bpe";
  std::vector<std::string> tokens, merges;
  std::vector<std::int32_t> types;
  std::optional<TokenId> bos, eos, eot;
  std::vector<std::string> warnings;

  TokenId add(const std::string& text, std::int32_t type = 1) {
    tokens.push_back(text);
    types.push_back(type);
    return static_cast<TokenId>(tokens.size() - 1);
  }
  Result<std::unique_ptr<const Tokenizer>> make() {
    TokenizerData data;
    data.model = model;
    data.pre = pre;
    data.tokens.assign(tokens.begin(), tokens.end());
    data.merges.assign(merges.begin(), merges.end());
    data.types = types;
    data.bos = bos;
    data.eos = eos;
    data.eot = eot;
    ModelConfig config;
    config.vocab_size = static_cast<std::uint32_t>(tokens.size());
    return make_tokenizer(data, config, &warnings);
  }
};

Vocabulary tiny() {
  const TinyVocab made = make_tiny_vocab(384);
  Vocabulary vocabulary;
  vocabulary.tokens = made.tokens;
  vocabulary.merges = made.merges;
  vocabulary.types = made.types;
  vocabulary.bos = static_cast<TokenId>(made.begin_of_text);
  vocabulary.eos = static_cast<TokenId>(made.end_of_text);
  return vocabulary;
}

/// The 256 bytes alone: id n is the byte n.
Vocabulary bytes_only() {
  Vocabulary vocabulary;
  for (const std::string& character : byte_characters()) vocabulary.add(character);
  return vocabulary;
}

/// What merging means, said naively: the lowest rank, leftmost, until none is left.
Ids merged_naively(const std::string& word, const std::map<std::pair<TokenId, TokenId>, std::pair<std::size_t, TokenId>>& merges) {
  Ids ids;
  for (const char c : word) ids.push_back(static_cast<unsigned char>(c));
  for (;;) {
    std::size_t best = SIZE_MAX, at = 0;
    TokenId token = 0;
    for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
      const auto found = merges.find({ids[i], ids[i + 1]});
      if (found != merges.end() && found->second.first < best) best = found->second.first, at = i, token = found->second.second;
    }
    if (best == SIZE_MAX) return ids;
    ids[at] = token;
    ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  }
}

}  // namespace

class TestBpeTokenizer : public QObject {
  Q_OBJECT

  std::unique_ptr<const Tokenizer> every_split_, one_split_;  // Llama 3; empty without the shared fixtures

  bool has_llama3() const { return every_split_ && one_split_; }

 private Q_SLOTS:
  void initTestCase() {
    for (const auto& [list, tokenizer] : {std::pair(MergeList::EverySplit, &every_split_), std::pair(MergeList::OneSplit, &one_split_)}) {
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
        QVERIFY2(plain == ids_of(vector["ids_no_special"]), qPrintable(QString("vector %1, specials as text").arg(i)));
        QCOMPARE(decode(*tokenizer, parsed), text);
        QCOMPARE(decode(*tokenizer, plain), text);
      }
    }
  }

  void the_public_vectors_match() {
    if (!has_llama3()) QSKIP("../shared/vocab/llama3/tokenizer.model is absent");
    const QByteArray input = bytes_of(kShared + "/vocab/llama3/public.inp"), output = bytes_of(kShared + "/vocab/llama3/public.out");
    if (input.isEmpty() || output.isEmpty()) QSKIP("../shared/vocab/llama3/public.* is absent");
    const QStringList texts = QString::fromUtf8(input).split("\n__ggml_vocab_test__\n");
    const QList<QByteArray> lines = output.split('\n');
    QCOMPARE(lines.size(), texts.size());  // both end in a newline
    int compared = 0;
    for (int i = 0; i < texts.size(); ++i) {
      Ids wanted;
      for (const QByteArray& id : lines.value(i).split(' ')) {  // the empty text at the end has no line
        if (!id.isEmpty()) wanted.push_back(id.toInt());
      }
      QVERIFY2(encode(*every_split_, texts[i].toStdString()) == wanted, qPrintable(QString("text %1").arg(i)));
      QVERIFY2(encode(*one_split_, texts[i].toStdString()) == wanted, qPrintable(QString("text %1").arg(i)));
      ++compared;
    }
    QCOMPARE(compared, 47);
  }

  void the_golden_texts_match_data() {
    QTest::addColumn<QString>("file");
    for (const char* file : {"tiny_i2_s.gguf", "tiny_i2_s_q8emb.gguf", "tiny_llama_i2_s.gguf"}) QTest::newRow(file) << file;
  }
  void the_golden_texts_match() {
    QFETCH(QString, file);
    const QByteArray json = bytes_of(kShared + "/fixtures/golden_tokenizer.json");
    if (json.isEmpty()) QSKIP("../shared/fixtures/golden_tokenizer.json is absent");
    auto checkpoint = open_gguf((kShared + "/fixtures/" + file).toStdString());
    QVERIFY(checkpoint.has_value());
    auto tokenizer = make_tokenizer(checkpoint->tokenizer, checkpoint->config, &checkpoint->warnings);
    QVERIFY(tokenizer.has_value());
    const auto warned = std::count_if(checkpoint->warnings.begin(), checkpoint->warnings.end(), [](const std::string& warning) {
      return warning.find("tokenizer.ggml.pre") != std::string::npos;
    });
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
      QVERIFY((*tokenizer)->encode(value["text"].toString().toStdString(), SpecialTokens::Parse, ids).has_value());
      QCOMPARE(ids, ids_of(value["ids"]));
    }
  }

  void merges_go_by_rank_and_from_the_left() {
    TestRng random(21);
    for (int round = 0; round < 40; ++round) {
      Vocabulary vocabulary = bytes_only();
      std::map<std::pair<TokenId, TokenId>, std::pair<std::size_t, TokenId>> merges;
      std::vector<std::string> words = {"a", "b", "c"};  // that may be parts
      std::map<std::string, TokenId> ids = {{"a", 'a'}, {"b", 'b'}, {"c", 'c'}};
      for (int i = 0; i < 30; ++i) {
        const std::string left = words[random.below(words.size())], right = words[random.below(words.size())];
        if (ids.count(left + right) == 0) {
          ids[left + right] = vocabulary.add(left + right);
          words.push_back(left + right);
        }
        merges.try_emplace({ids[left], ids[right]}, vocabulary.merges.size(), ids[left + right]);
        vocabulary.merges.push_back(left + " " + right);  // sometimes for the second time, which must not count
      }
      const auto tokenizer = vocabulary.make();
      QVERIFY2(tokenizer.has_value(), tokenizer ? "" : tokenizer.error().detail.c_str());
      for (int text = 0; text < 50; ++text) {
        std::string word;
        for (std::uint64_t length = 1 + random.below(60); length > 0; --length) word += static_cast<char>('a' + random.below(3));
        const Ids wanted = ids.count(word) != 0 ? Ids{ids[word]} : merged_naively(word, merges);
        QCOMPARE(encode(**tokenizer, word), wanted);
      }
    }
  }

  void a_piece_that_is_a_token_needs_no_merges() {
    Vocabulary vocabulary = bytes_only();
    const TokenId whole = vocabulary.add(mapped(" xylophone"));
    const auto tokenizer = vocabulary.make();
    QVERIFY(tokenizer.has_value());
    QCOMPARE(encode(**tokenizer, " xylophone"), Ids{whole});
    QCOMPARE(encode(**tokenizer, "xylophone").size(), 9U);
    QCOMPARE(encode(**tokenizer, " xylophones").size(), 11U);
  }

  void every_text_comes_back() {
    auto vocabulary = tiny();
    const auto made = vocabulary.make();
    QVERIFY(made.has_value());
    TestRng random(4);
    std::vector<const Tokenizer*> tokenizers = {made->get()};
    if (has_llama3()) tokenizers.push_back(every_split_.get());
    for (int round = 0; round < 2000; ++round) {
      QString text;
      for (int i = 0; i < 20; ++i) {
        const auto code = static_cast<char32_t>(random.below(random.below(2) == 0 ? 0x80 : 0x20000));
        text += code >= 0xD800 && code < 0xE000 ? QString("the") : QString::fromUcs4(&code, 1);
      }
      const std::string bytes = text.toStdString();
      for (const Tokenizer* tokenizer : tokenizers) {
        QCOMPARE(decode(*tokenizer, encode(*tokenizer, bytes)), bytes);
        QCOMPARE(decode(*tokenizer, encode(*tokenizer, bytes, SpecialTokens::Parse)), bytes);
      }
    }
  }

  void nothing_becomes_nothing_and_ids_are_appended() {
    auto vocabulary = tiny();
    const auto tokenizer = vocabulary.make();
    QCOMPARE(encode(**tokenizer, ""), Ids{});
    Ids ids = {7};
    QVERIFY((*tokenizer)->encode("", SpecialTokens::Parse, ids).has_value());
    QVERIFY((*tokenizer)->encode("the", SpecialTokens::Parse, ids).has_value());
    QCOMPARE(ids.size(), 2U);
    QCOMPARE(ids[0], 7);
    QCOMPARE(decode(**tokenizer, {ids[1]}), "the"s);
  }

  void a_zero_byte_is_text_like_any_other() {
    auto vocabulary = tiny();
    const auto tokenizer = vocabulary.make();
    const std::string text = "a\0b\0\0the"s;
    QCOMPARE(decode(**tokenizer, encode(**tokenizer, text)), text);
  }

  void text_that_is_not_utf8_is_refused_and_leaves_no_trace_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("stray byte") << QByteArray("the \x80");
    QTest::newRow("cut short") << QByteArray("the <|eot_id|> \xE6\x97");
    QTest::newRow("overlong") << QByteArray("\xC0\xAF", 2);
    QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80");
    QTest::newRow("Latin-1") << QByteArray("caf\xE9 au lait");
  }
  void text_that_is_not_utf8_is_refused_and_leaves_no_trace() {
    QFETCH(QByteArray, text);
    auto vocabulary = tiny();
    const auto tokenizer = vocabulary.make();
    for (const auto specials : {SpecialTokens::AsText, SpecialTokens::Parse}) {
      Ids ids = {1, 2};
      const auto encoded = (*tokenizer)->encode(text.toStdString(), specials, ids);
      QVERIFY(!encoded.has_value());
      QCOMPARE(encoded.error().code, ErrorCode::InvalidUtf8);
      QCOMPARE(ids, (Ids{1, 2}));
    }
  }

  void special_tokens_are_parsed_only_when_asked() {
    auto vocabulary = tiny();
    const TokenId longer = vocabulary.add("<|eot_id|>+", 3), user = vocabulary.add("<tool>", 4), word = vocabulary.add("zebra", 3);
    const auto tokenizer = vocabulary.make();
    const Tokenizer& t = **tokenizer;
    const TokenId eot = t.find_special("<|eot_id|>").value();
    const auto parsed = [&](std::string_view text) { return encode(t, text, SpecialTokens::Parse); };
    const TokenId the = parsed("the")[0];
    QCOMPARE(parsed("<|eot_id|>"), Ids{eot});
    QCOMPARE(parsed("the<|eot_id|>the<|eot_id|><|eot_id|>"), (Ids{the, eot, the, eot, eot}));
    QCOMPARE(parsed("<|eot_id|>+the"), (Ids{longer, the}));
    QCOMPARE(parsed("<tool>the"), (Ids{user, the}));
    QCOMPARE(parsed("thezebra"), (Ids{the, word}));
    for (const char* text : {"<|eot_id", "<|eot_id| >", "<<|", "<|begin_of_textt|>", "<tool", "<"}) {
      for (const TokenId id : parsed(text)) QVERIFY2(id < 256, text);
    }
    QCOMPARE(parsed("<<|eot_id|>"), (Ids{parsed("<")[0], eot}));
    for (const char* text : {"<|eot_id|>", "<|eot_id|>+", "<tool>", "zebra", " zebra", "<|begin_of_text|>the"}) {
      for (const TokenId id : encode(t, text)) QVERIFY2(id != eot && id != longer && id != user && id != word && id != t.bos(), text);
      QCOMPARE(decode(t, encode(t, text)), std::string(text));
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

  void only_control_tokens_are_hidden_from_people() {
    auto vocabulary = tiny();
    const TokenId user = vocabulary.add("<tool>", 4);
    const auto tokenizer = vocabulary.make();
    QVERIFY((*tokenizer)->is_special(*vocabulary.bos));
    QVERIFY(!(*tokenizer)->is_special(user));
    QCOMPARE((*tokenizer)->find_special("<tool>"), std::optional(user));
    QVERIFY(!(*tokenizer)->is_special(0));
  }

  void a_special_token_that_is_not_utf8_cuts_no_character() {
    Vocabulary vocabulary = bytes_only();
    const TokenId half = vocabulary.add("\xC3", 3);
    const auto tokenizer = vocabulary.make();
    QVERIFY(tokenizer.has_value());
    QCOMPARE(encode(**tokenizer, "\xC3\xA9", SpecialTokens::Parse), (Ids{0xC3, 0xA9}));
    QCOMPARE((*tokenizer)->find_special("\xC3"), std::optional(half));
  }

  void tokens_in_other_characters_are_kept_as_written_and_never_made() {
    Vocabulary vocabulary = bytes_only();
    const TokenId literal = vocabulary.add("日本"), broken = vocabulary.add("\xFF\xFE");
    const auto tokenizer = vocabulary.make();
    QVERIFY(tokenizer.has_value());
    QCOMPARE((*tokenizer)->token_bytes(literal), std::string_view("日本"));
    QCOMPARE((*tokenizer)->token_bytes(broken), std::string_view("\xFF\xFE"));
    QCOMPARE(encode(**tokenizer, "日本").size(), 6U);
  }

  void the_first_of_equal_tokens_is_used() {
    Vocabulary vocabulary = bytes_only();
    const TokenId first = vocabulary.add("ab"), second = vocabulary.add("ab"), special = vocabulary.add("<s>", 3);
    vocabulary.add("<s>", 3);
    vocabulary.add("", 1);
    vocabulary.add("", 3);
    vocabulary.merges = {"a b"};
    const auto tokenizer = vocabulary.make();
    QVERIFY(tokenizer.has_value());
    QCOMPARE(encode(**tokenizer, "ab"), Ids{first});
    QCOMPARE(encode(**tokenizer, "abab"), (Ids{first, first}));
    QCOMPARE((*tokenizer)->token_bytes(second), std::string_view("ab"));
    QCOMPARE((*tokenizer)->find_special("<s>"), std::optional(special));
    QCOMPARE((*tokenizer)->token_bytes(second + 3), std::string_view());
  }

  void long_texts_are_encoded_whole_data() {
    QTest::addColumn<QString>("unit");
    QTest::addColumn<int>("times");
    QTest::newRow("one letter") << "a" << 1'000'000;
    QTest::newRow("spaces") << " " << 1'000'000;
    QTest::newRow("newlines") << "\n" << 1'000'000;
    QTest::newRow("spaces and newlines") << " \n" << 500'000;
    QTest::newRow("punctuation") << "=" << 1'000'000;
    QTest::newRow("digits") << "1234567" << 150'000;
    QTest::newRow("letters of three bytes") << "日本語" << 110'000;
    QTest::newRow("spaces of three bytes") << QString(QChar(0x3000)) << 330'000;
    QTest::newRow("a word without end") << "supercalifragilistic" << 50'000;
    QTest::newRow("starts of special tokens") << "<|reserved_special_token_25" << 40'000;
    QTest::newRow("special tokens") << "<|eot_id|>" << 100'000;
  }
  void long_texts_are_encoded_whole() {
    QFETCH(QString, unit);
    QFETCH(int, times);
    auto vocabulary = tiny();
    const auto made = vocabulary.make();
    std::vector<const Tokenizer*> tokenizers = {made->get()};
    if (has_llama3()) tokenizers.push_back(every_split_.get());
    const std::string text = unit.repeated(times).toStdString();
    for (const Tokenizer* tokenizer : tokenizers) {
      for (const auto specials : {SpecialTokens::AsText, SpecialTokens::Parse}) {
        const Ids ids = encode(*tokenizer, text, specials);
        QVERIFY(decode(*tokenizer, ids) == text);
      }
    }
  }

  void threads_may_share_a_tokenizer() {
    auto vocabulary = tiny();
    const auto tokenizer = vocabulary.make();
    const std::string text = "the quick <|eot_id|> brown fox, you know it's  a  naïve 日本 test " + std::string(50, 'a');
    const Ids wanted = encode(**tokenizer, text, SpecialTokens::Parse);
    std::vector<int> wrong(4, 0);
    std::vector<std::thread> threads;
    for (int& count : wrong) {
      threads.emplace_back([&] {
        for (int i = 0; i < 200; ++i) count += encode(**tokenizer, text, SpecialTokens::Parse) != wanted;
      });
    }
    for (std::thread& thread : threads) thread.join();
    QCOMPARE(wrong, std::vector<int>(4, 0));
  }

  void tokenizers_that_cannot_be_right_are_refused_data() {
    using Change = std::function<void(Vocabulary&)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("named");
    const auto row = [](const char* name, const Change& change, const char* named) { QTest::newRow(name) << change << named; };
    row("SentencePiece", [](Vocabulary& v) { v.model = "llama"; }, "'llama'");
    row("no model", [](Vocabulary& v) { v.model.clear(); }, "tokenizer.ggml.model");
    row("a hostile model name", [](Vocabulary& v) { v.model = "x\x1B[31m\n" + std::string(5000, 'y'); }, "'x?[31m?yyy");
    row("another splitter", [](Vocabulary& v) { v.pre = "falcon3"; }, "'falcon3'");
    row("no tokens", [](Vocabulary& v) { v.tokens.clear(), v.types.clear(); }, "no tokens");
    row("types missing", [](Vocabulary& v) { v.types.pop_back(); }, "383 token types for 384");
    row("a byte missing", [](Vocabulary& v) { v.tokens[32] = "~~"; }, "byte 65");
    row("a byte that is special", [](Vocabulary& v) { v.types[32] = 3; }, "byte 65");
    row("merge of an unknown left part", [](Vocabulary& v) { v.merges.push_back("qzq t"); }, "names what is not");
    row("merge of an unknown right part", [](Vocabulary& v) { v.merges.push_back("t qzq"); }, "names what is not");
    row("merge into nothing known", [](Vocabulary& v) { v.merges.push_back("q z"); }, "names what is not");
    row("merge in raw characters", [](Vocabulary& v) { v.merges.push_back("\t t"); }, "names what is not");
    row("merge without a space", [](Vocabulary& v) { v.merges.push_back("th"); }, "not a pair");
    row("merge without a right part", [](Vocabulary& v) { v.merges.push_back("t "); }, "not a pair");
    row("merge without a left part", [](Vocabulary& v) { v.merges.push_back(" t"); }, "not a pair");
    row("merge of three", [](Vocabulary& v) { v.merges.push_back("t h e"); }, "names what is not");
    row("an empty merge", [](Vocabulary& v) { v.merges.insert(v.merges.begin(), ""); }, "merge 1 of");
    row("BOS outside", [](Vocabulary& v) { v.bos = 384; }, "384");
    row("EOS below zero", [](Vocabulary& v) { v.eos = -1; }, "-1");
    row("end of turn outside", [](Vocabulary& v) { v.eot = 1'000'000; }, "1000000");
  }
  void tokenizers_that_cannot_be_right_are_refused() {
    using Change = std::function<void(Vocabulary&)>;
    QFETCH(Change, change);
    QFETCH(QString, named);
    Vocabulary vocabulary = tiny();
    QVERIFY(vocabulary.make().has_value());
    change(vocabulary);
    const auto made = vocabulary.make();
    QVERIFY(!made.has_value());
    QCOMPARE(made.error().code, ErrorCode::BadTokenizer);
    QVERIFY2(QString::fromStdString(made.error().detail).contains(named), made.error().detail.c_str());
    QVERIFY(made.error().detail.size() < 200);
  }

  void a_vocabulary_of_another_size_than_the_model_is_refused() {
    auto vocabulary = tiny();
    TokenizerData data;
    data.model = "gpt2";
    data.tokens.assign(vocabulary.tokens.begin(), vocabulary.tokens.end());
    data.types = vocabulary.types;
    ModelConfig config;
    for (const std::uint32_t size : {383U, 385U}) {
      config.vocab_size = size;
      const auto made = make_tokenizer(data, config, nullptr);
      QVERIFY(!made.has_value());
      QCOMPARE(made.error().code, ErrorCode::BadTokenizer);
    }
  }

  void merges_of_special_tokens_are_left_out() {
    Vocabulary vocabulary = bytes_only();
    const TokenId special = vocabulary.add("ab", 3), longer = vocabulary.add("abc");
    vocabulary.merges = {"a b", "ab c"};
    const auto tokenizer = vocabulary.make();
    QVERIFY(tokenizer.has_value());
    QCOMPARE(encode(**tokenizer, "ab"), (Ids{'a', 'b'}));
    QCOMPARE(encode(**tokenizer, "abab"), (Ids{'a', 'b', 'a', 'b'}));
    QCOMPARE(encode(**tokenizer, "abc"), Ids{longer});  // the piece itself is an ordinary token
    QCOMPARE(encode(**tokenizer, "ab", SpecialTokens::Parse), Ids{special});
  }

  void names_of_the_llama3_splitter_are_known_data() {
    QTest::addColumn<QString>("pre");
    QTest::addColumn<QString>("warning");
    QTest::newRow("llama-bpe") << "llama-bpe" << "";
    QTest::newRow("llama3") << "llama3" << "";
    QTest::newRow("llama-v3") << "llama-v3" << "";
    QTest::newRow("missing") << "" << "tokenizer.ggml.pre is missing: using llama-bpe";
    QTest::newRow("default") << "default" << "tokenizer.ggml.pre is 'default': using llama-bpe";
  }
  void names_of_the_llama3_splitter_are_known() {
    QFETCH(QString, pre);
    QFETCH(QString, warning);
    auto vocabulary = tiny();
    vocabulary.pre = pre.toStdString();
    QVERIFY(vocabulary.make().has_value());
    QVERIFY(vocabulary.make().has_value());  // and a second time says nothing new
    const std::vector<std::string> wanted = warning.isEmpty() ? std::vector<std::string>{} : std::vector{warning.toStdString()};
    QCOMPARE(vocabulary.warnings, wanted);
  }

  void bos_is_found_by_its_name_where_the_file_is_silent() {
    auto vocabulary = tiny();
    const auto named = vocabulary.bos;
    vocabulary.bos.reset();
    QCOMPARE((*vocabulary.make())->bos(), named);
    QCOMPARE((*bytes_only().make())->bos(), std::optional<TokenId>());
  }
};

QTEST_APPLESS_MAIN(TestBpeTokenizer)
#include "tst_bpe_tokenizer.moc"
