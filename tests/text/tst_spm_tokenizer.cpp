// SentencePiece vocabularies: how text is split, what typed text can't become, and which vocabularies are refused.
#include <QtTest/QtTest>

#include <functional>
#include <limits>

#include "tests/text/vocabulary.h"

using namespace tercet;
using namespace tercet::test;
using namespace std::string_literals;

namespace {

constexpr std::int32_t kNormal = 1, kUnknown = 2, kControl = 3, kUserDefined = 4, kByte = 6;

/// <unk>, <s>, </s>, the 256 bytes (ids 3..258), <|eot_id|> (259), then a few pieces.
Vocabulary spm() {
  Vocabulary vocabulary;
  vocabulary.model = "llama";
  vocabulary.pre.clear();
  const auto add = [&vocabulary](const std::string& text, std::int32_t type, float score = 0) {
    vocabulary.add(text, type);
    vocabulary.scores.push_back(score);
  };
  add("<unk>", kUnknown);
  add("<s>", kControl);
  add("</s>", kControl);
  for (int byte = 0; byte < 256; ++byte) {
    char name[8];
    std::snprintf(name, sizeof name, "<0x%02X>", byte);
    add(name, kByte);
  }
  add("<|eot_id|>", kControl);
  float score = 0;
  for (const char* piece : {"ab", "▁ab", "bc", "▁", "a", "b", "c", "é"}) add(piece, kNormal, score--);
  vocabulary.bos = 1;
  vocabulary.eos = 2;
  return vocabulary;
}
constexpr TokenId kEot = 259, kAb = 260, kSpaceAb = 261, kBc = 262, kSpace = 263, kA = 264, kB = 265, kC = 266, kEAcute = 267;

TokenId byte_token(unsigned char byte) { return 3 + byte; }

std::unique_ptr<const Tokenizer> made(Vocabulary vocabulary) {
  auto tokenizer = vocabulary.make();
  if (!tokenizer) qWarning("%s", tokenizer.error().detail.c_str());
  return tokenizer ? std::move(*tokenizer) : nullptr;
}

}  // namespace

class TestSpmTokenizer : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void the_highest_score_merges_first() {
    const auto tokenizer = made(spm());
    QVERIFY(tokenizer);
    QCOMPARE(encode(*tokenizer, "ab"), (Ids{kSpaceAb}));
    QCOMPARE(encode(*tokenizer, "abc"), (Ids{kSpaceAb, kC}));          // "ab" goes before "bc"
    QCOMPARE(encode(*tokenizer, "a bc"), (Ids{kSpace, kA, kSpace, kBc}));
    QCOMPARE(encode(*tokenizer, ""), Ids{});
    QCOMPARE(decode(*tokenizer, {kSpaceAb, kC}), " abc"s);
    QCOMPARE(tokenizer->description(), "SentencePiece BPE"s);
    QCOMPARE(tokenizer->bos(), std::optional<TokenId>(1));
    QCOMPARE(tokenizer->vocab_size(), std::size_t{268});
  }

  void the_file_decides_about_the_space_in_front() {
    Vocabulary vocabulary = spm();
    vocabulary.add_space_prefix = false;
    const auto tokenizer = made(vocabulary);
    QVERIFY(tokenizer);
    QCOMPARE(encode(*tokenizer, "ab"), (Ids{kAb}));
    QCOMPARE(encode(*tokenizer, " ab  ab"), (Ids{kSpaceAb, kSpace, kSpaceAb}));  // every space is kept
    QCOMPARE(decode(*tokenizer, {kSpaceAb, kSpace, kSpaceAb}), " ab  ab"s);
  }

  void other_characters_become_bytes() {
    Vocabulary vocabulary = spm();
    vocabulary.add_space_prefix = false;
    const auto tokenizer = made(vocabulary);
    QVERIFY(tokenizer);
    const std::string text = "é\n𝄞x"s + '\0' + "日";
    const Ids ids = encode(*tokenizer, text);
    Ids wanted = {kEAcute};
    for (const char c : text.substr(2)) wanted.push_back(byte_token(static_cast<unsigned char>(c)));
    QCOMPARE(ids, wanted);
    QCOMPARE(decode(*tokenizer, ids), text);
  }

  void without_byte_tokens_they_are_unknown() {
    Vocabulary vocabulary;
    vocabulary.model = "llama";
    vocabulary.add_space_prefix = false;
    for (const auto& [text, type] : {std::pair("<unk>", kUnknown), std::pair("a", kNormal)}) vocabulary.add(text, type);
    vocabulary.scores = {0, -1};
    const auto tokenizer = made(vocabulary);
    QVERIFY(tokenizer);
    QCOMPARE(encode(*tokenizer, "aza"), (Ids{1, 0, 1}));
  }

  void typed_text_never_becomes_a_special_token() {
    Vocabulary vocabulary = spm();
    vocabulary.add("<think>", kUserDefined);
    vocabulary.scores.push_back(0);
    const auto tokenizer = made(vocabulary);
    QVERIFY(tokenizer);
    for (const std::string text : {"</s>", "<s>", "<unk>", "<0x0A>", "<|eot_id|>", "<think>", "ab<|eot_id|>ab"}) {
      const Ids ids = encode(*tokenizer, text);
      for (const TokenId id : ids) QVERIFY2(!tokenizer->is_special(id) && id != byte_token('\n') && id != 268, text.c_str());
      QCOMPARE(decode(*tokenizer, ids), ' ' + text);
    }
    QCOMPARE(encode(*tokenizer, "ab<|eot_id|>ab</s><think>", SpecialTokens::Parse), (Ids{kSpaceAb, kEot, kSpaceAb, 2, 268}));
    QCOMPARE(tokenizer->find_special("<|eot_id|>"), std::optional<TokenId>(kEot));
    QVERIFY(tokenizer->is_special(kEot));
    QVERIFY(!tokenizer->is_special(268));  // a person may read it
    QCOMPARE(tokenizer->token_bytes(kEot), std::string_view("<|eot_id|>"));
  }

  void text_that_is_not_utf8_is_refused() {
    const auto tokenizer = made(spm());
    QVERIFY(tokenizer);
    Ids ids = {7};
    const auto encoded = tokenizer->encode("ab\xFF", SpecialTokens::AsText, ids);
    QVERIFY(!encoded.has_value());
    QVERIFY(encoded.error().code == ErrorCode::InvalidUtf8);
    QCOMPARE(ids, (Ids{7}));
  }

  void a_stop_is_seen() {
    const auto tokenizer = made(spm());
    QVERIFY(tokenizer);
    std::stop_source source;
    source.request_stop();
    Ids ids;
    const auto encoded = tokenizer->encode("ab", SpecialTokens::AsText, ids, source.get_token());
    QVERIFY(!encoded.has_value());
    QVERIFY(encoded.error().code == ErrorCode::Stopped);
  }

  void contradicting_vocabularies_are_refused_data() {
    using Change = std::function<void(Vocabulary&)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("told");
    const auto row = [](const char* name, Change change, const char* told) { QTest::newRow(name) << std::move(change) << QString(told); };
    row("no scores", [](Vocabulary& v) { v.scores.clear(); }, "scores");
    row("infinite score", [](Vocabulary& v) { v.scores[264] = std::numeric_limits<float>::infinity(); }, "264");
    row("no number", [](Vocabulary& v) { v.scores[264] = std::numeric_limits<float>::quiet_NaN(); }, "264");
    row("byte without a name", [](Vocabulary& v) { v.tokens[5] = "<0x2>"; }, "token 5");
    row("byte in small letters", [](Vocabulary& v) { v.tokens[14] = "<0x0b>"; }, "token 14");
    row("a byte short", [](Vocabulary& v) { v.types[5] = kNormal; }, "255 byte tokens");
    row("a byte twice", [](Vocabulary& v) { v.tokens[5] = "<0x03>"; }, "contradicts");
    row("a piece twice", [](Vocabulary& v) { v.tokens[264] = "b"; }, "contradicts");
    row("an empty piece", [](Vocabulary& v) { v.tokens[264].clear(); }, "contradicts");
    row("no unknown token", [](Vocabulary& v) { v.types[0] = kControl; }, "contradicts");
    row("two unknown tokens", [](Vocabulary& v) { v.types[1] = kUnknown; }, "contradicts");
    row("a special token of one character", [](Vocabulary& v) { v.tokens[2] = "é"; v.tokens[267] = "x"; }, "token 2");
    row("not UTF-8", [](Vocabulary& v) { v.tokens[264] = "\xC3"; }, "token 264");
  }
  void contradicting_vocabularies_are_refused() {
    QFETCH(std::function<void(Vocabulary&)>, change);
    QFETCH(QString, told);
    Vocabulary vocabulary = spm();
    change(vocabulary);
    const auto tokenizer = vocabulary.make();
    QVERIFY(!tokenizer.has_value());
    QVERIFY(tokenizer.error().code == ErrorCode::BadTokenizer);
    QVERIFY2(QString::fromStdString(tokenizer.error().detail).contains(told), tokenizer.error().detail.c_str());
  }
};

QTEST_APPLESS_MAIN(TestSpmTokenizer)
#include "tst_spm_tokenizer.moc"
