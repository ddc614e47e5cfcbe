// Byte-pair encoding: the merge rules against a naive version of them, special tokens, and texts without end.
#include <QtTest/QtTest>

#include <map>
#include <thread>

#include "tests/support/test_rng.h"
#include "tests/text/vocabulary.h"

using namespace tercet;
using namespace tercet::test;
using namespace std::string_literals;

namespace {

/// What merging means, said naively: the lowest rank, leftmost, until none is left.
Ids merged_naively(const std::string& word,
                   const std::map<std::pair<TokenId, TokenId>, std::pair<std::size_t, TokenId>>& merges) {
  Ids ids;
  for (const char c : word) ids.push_back(static_cast<unsigned char>(c));
  for (;;) {
    std::size_t best = SIZE_MAX, at = 0;
    TokenId token = 0;
    for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
      const auto found = merges.find({ids[i], ids[i + 1]});
      if (found != merges.end() && found->second.first < best)
        best = found->second.first, at = i, token = found->second.second;
    }
    if (best == SIZE_MAX) return ids;
    ids[at] = token;
    ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  }
}

}  // namespace

class TestBpeTokenizer : public QObject {
  Q_OBJECT

  std::unique_ptr<const Tokenizer> llama3_;  // empty without the shared fixtures

 private Q_SLOTS:
  void initTestCase() {
    const auto vocabulary = Llama3Vocabulary::load(
        QStringLiteral(TERCET_SHARED_DIR "/vocab/llama3/tokenizer.model"), MergeList::EverySplit);
    if (vocabulary) llama3_ = std::move(*make_tokenizer(vocabulary->data(), vocabulary->config(), nullptr));
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
        vocabulary.merges.push_back(left + " " +
                                    right);  // sometimes for the second time, which must not count
      }
      const auto tokenizer = vocabulary.make();
      QVERIFY2(tokenizer.has_value(), tokenizer ? "" : tokenizer.error().detail.c_str());
      for (int text = 0; text < 50; ++text) {
        std::string word;
        for (std::uint64_t length = 1 + random.below(60); length > 0; --length)
          word += static_cast<char>('a' + random.below(3));
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
    if (llama3_) tokenizers.push_back(llama3_.get());
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
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE((*tokenizer)->encode("the", SpecialTokens::Parse, ids, stop.get_token()).error().code, ErrorCode::Stopped);
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
    const TokenId longer = vocabulary.add("<|eot_id|>+", 3), user = vocabulary.add("<tool>", 4),
                  word = vocabulary.add("zebra", 3);
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
    for (const char* text :
         {"<|eot_id|>", "<|eot_id|>+", "<tool>", "zebra", " zebra", "<|begin_of_text|>the"}) {
      for (const TokenId id : encode(t, text))
        QVERIFY2(id != eot && id != longer && id != user && id != word && id != t.bos(), text);
      QCOMPARE(decode(t, encode(t, text)), std::string(text));
    }
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
    if (llama3_) tokenizers.push_back(llama3_.get());
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
    const std::string text =
        "the quick <|eot_id|> brown fox, you know it's  a  naïve 日本 test " + std::string(50, 'a');
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
};

QTEST_APPLESS_MAIN(TestBpeTokenizer)
#include "tst_bpe_tokenizer.moc"
