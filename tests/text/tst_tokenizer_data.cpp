// What files say of their vocabulary: odd entries that are put up with, and contradictions that are refused.
#include <QtTest/QtTest>

#include <functional>

#include "tests/text/vocabulary.h"

using namespace tercet;
using namespace tercet::test;
using namespace std::string_literals;

class TestTokenizerData : public QObject {
  Q_OBJECT

 private Q_SLOTS:
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
    const TokenId first = vocabulary.add("ab"), second = vocabulary.add("ab"),
                  special = vocabulary.add("<s>", 3);
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

  void tokenizers_that_cannot_be_right_are_refused_data() {
    using Change = std::function<void(Vocabulary&)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("named");
    const auto row = [](const char* name, const Change& change, const char* named) {
      QTest::newRow(name) << change << named;
    };
    row(
        "unigram", [](Vocabulary& v) { v.model = "t5"; }, "'t5'");
    row(
        "no model", [](Vocabulary& v) { v.model.clear(); }, "tokenizer.ggml.model");
    row(
        "a hostile model name", [](Vocabulary& v) { v.model = "x\x1B[31m\n" + std::string(5000, 'y'); },
        "'x?[31m?yyy");
    row(
        "another splitter", [](Vocabulary& v) { v.pre = "falcon3"; }, "'falcon3'");
    row(
        "no tokens", [](Vocabulary& v) { v.tokens.clear(), v.types.clear(); }, "no tokens");
    row(
        "types missing", [](Vocabulary& v) { v.types.pop_back(); }, "383 token types for 384");
    row(
        "a byte missing", [](Vocabulary& v) { v.tokens[32] = "~~"; }, "byte 65");
    row(
        "a byte that is special", [](Vocabulary& v) { v.types[32] = 3; }, "byte 65");
    row(
        "merge of an unknown left part", [](Vocabulary& v) { v.merges.push_back("qzq t"); },
        "names what is not");
    row(
        "merge of an unknown right part", [](Vocabulary& v) { v.merges.push_back("t qzq"); },
        "names what is not");
    row(
        "merge into nothing known", [](Vocabulary& v) { v.merges.push_back("q z"); }, "names what is not");
    row(
        "merge in raw characters", [](Vocabulary& v) { v.merges.push_back("\t t"); }, "names what is not");
    row(
        "merge without a space", [](Vocabulary& v) { v.merges.push_back("th"); }, "not a pair");
    row(
        "merge without a right part", [](Vocabulary& v) { v.merges.push_back("t "); }, "not a pair");
    row(
        "merge without a left part", [](Vocabulary& v) { v.merges.push_back(" t"); }, "not a pair");
    row(
        "merge of three", [](Vocabulary& v) { v.merges.push_back("t h e"); }, "names what is not");
    row(
        "an empty merge", [](Vocabulary& v) { v.merges.insert(v.merges.begin(), ""); }, "merge 1 of");
    row(
        "BOS outside", [](Vocabulary& v) { v.bos = 384; }, "384");
    row(
        "EOS below zero", [](Vocabulary& v) { v.eos = -1; }, "-1");
    row(
        "end of turn outside", [](Vocabulary& v) { v.eot = 1'000'000; }, "1000000");
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
    QTest::newRow("llama-bpe") << "llama-bpe"
                               << "";
    QTest::newRow("llama3") << "llama3"
                            << "";
    QTest::newRow("llama-v3") << "llama-v3"
                              << "";
    QTest::newRow("missing") << ""
                             << "tokenizer.ggml.pre is missing: using llama-bpe";
    QTest::newRow("default") << "default"
                             << "tokenizer.ggml.pre is 'default': using llama-bpe";
  }
  void names_of_the_llama3_splitter_are_known() {
    QFETCH(QString, pre);
    QFETCH(QString, warning);
    auto vocabulary = tiny();
    vocabulary.pre = pre.toStdString();
    QVERIFY(vocabulary.make().has_value());
    QVERIFY(vocabulary.make().has_value());  // and a second time says nothing new
    const std::vector<std::string> wanted =
        warning.isEmpty() ? std::vector<std::string>{} : std::vector{warning.toStdString()};
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

QTEST_APPLESS_MAIN(TestTokenizerData)
#include "tst_tokenizer_data.moc"
