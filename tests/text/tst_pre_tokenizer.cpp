// The Llama-3 splitter: each alternative of its expression, the characters on its edges, and no text lost when it gives up.
#include <QtTest/QtTest>

#include <string>
#include <string_view>
#include <vector>

#include "engine/text/pre_tokenizer.h"
#include "tests/support/test_rng.h"

using namespace tercet;
using namespace std::string_literals;

namespace {

std::vector<std::string> pieces(const std::string& text, const PreTokenizer::Limits& limits = {}) {
  std::vector<std::string> out;
  const auto pre_tokenizer = PreTokenizer::create(limits);
  if (!pre_tokenizer) return {"the expression was refused"};
  pre_tokenizer->split(text, [&](std::string_view piece) { out.emplace_back(piece); });
  return out;
}

std::string joined(const std::vector<std::string>& parts, const std::string& between) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : between) + part;
  return out;
}

std::string utf8(char32_t code) { return QString::fromUcs4(&code, 1).toStdString(); }

}  // namespace

class TestPreTokenizer : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void texts_are_cut_as_the_expression_says_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("cut");  // with | between the pieces
    const auto row = [](const char* name, const char* cut) {
      QTest::newRow(name) << QString::fromUtf8(cut).remove('|') << QString::fromUtf8(cut);
    };
    row("words take one space with them", "The| quick| brown| fox");
    row("all but the last of several spaces stand alone", "a|   | b");
    row("spaces before a digit are not taken", "a| |1");
    row("spaces at the end stay together", "end|   ");
    row("a letter may take any one character", "(Hello|,world|\t|\tx");
    row("contractions in any case", "I|'m| we|'Ve| they|'LL| it|'S| I|'d| can|'t| you|'Re");
    row("other apostrophes start words", "'hello| '|tis|'quoted|'");
    row("numbers in threes", "123|456|7| |１２３|４");
    row("punctuation takes newlines", "what|?!\n\n|so");
    row("punctuation takes one space", "a| ...|  | ...");
    row("newlines with the white space before", "a|  \r\n\r\n|b| \n|  | c");
    row("a tab is no space for punctuation", "a|\t|!");
    row("accents that combine are no letters", "e|\xCC\x81n");
    row("scripts", "Привет| 你好| こんにちは| שלום");
    row("emoji", "hi| 🦙🦙|x");
    row("letter-like numbers", "x|²½Ⅷ|٣");
  }
  void texts_are_cut_as_the_expression_says() {
    QFETCH(QString, text);
    QFETCH(QString, cut);
    QCOMPARE(QString::fromStdString(joined(pieces(text.toStdString()), "|")), cut);
  }

  void a_stop_ends_after_the_piece_at_hand() {
    const auto pre_tokenizer = PreTokenizer::create();
    std::stop_source stop;
    std::vector<std::string> out;
    const auto piece = [&](std::string_view text) {
      out.emplace_back(text);
      if (out.size() == 2) stop.request_stop();
    };
    pre_tokenizer->split("some words and more", piece, stop.get_token());
    QCOMPARE(out, (std::vector{"some"s, " words"s}));
  }

  void white_space_is_the_unicode_property() {
    // "!" after white space other than a space is a piece of its own; after anything else but a letter it is not.
    int white = 0;
    const auto pre_tokenizer = PreTokenizer::create();
    for (char32_t code = 1; code < 0x3100; ++code) {
      if (code == ' ' || code == '\r' || code == '\n') continue;
      std::vector<std::string> out;
      pre_tokenizer->split(utf8(code) + "!", [&](std::string_view piece) { out.emplace_back(piece); });
      const bool apart = out.size() == 2;
      const bool letter_or_number = QChar::isLetter(code) || QChar::isNumber(code);
      const bool expected = (code >= 0x09 && code <= 0x0D) || code == 0x85 || code == 0xA0 || code == 0x1680 ||
                            (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
                            code == 0x205F || code == 0x3000;
      if (!letter_or_number) {
        QVERIFY2(apart == expected, qPrintable(QString("U+%1").arg(static_cast<uint>(code), 4, 16)));
      }
      white += expected;
    }
    QCOMPARE(white, 22);  // and the three left out make the 25 of the property
    // Such as these: once white space, never white space, a byte order mark.
    for (const char32_t code : {U'\u180E', U'\u200B', U'\uFEFF'}) QCOMPARE(pieces(utf8(code) + "!").size(), 1U);
  }

  void a_long_s_is_no_contraction() {
    QCOMPARE(pieces("it's"), (std::vector<std::string>{"it", "'s"}));
    QCOMPARE(pieces("it'ſ"), (std::vector<std::string>{"it", "'ſ"}));  // by the letter rule, which goes on:
    QCOMPARE(pieces("it'ſx"), (std::vector<std::string>{"it", "'ſx"}));
    QCOMPARE(pieces("it'sx"), (std::vector<std::string>{"it", "'s", "x"}));
  }

  void unassigned_characters_are_neither_letters_nor_space() {
    const std::string unassigned = utf8(U'\U000E0FFF'), none = utf8(U'\U0010FFFF');
    QCOMPARE(pieces("a " + unassigned + none + "\nb"),
             (std::vector<std::string>{"a", " " + unassigned + none + "\n", "b"}));
  }

  void compiled_and_interpreted_matching_agree_and_lose_nothing() {
    test::TestRng random(9);
    const char32_t alphabet[] = {'a',   'S',   's',    't',    '\'',   ' ',    ' ',    '\n',   '\r',  '\t',
                                 '1',   '9',   '.',    '!',    0,      0x85,   0xA0,   0xE9,   0x17F, 0x301,
                                 0x3B1, 0x660, 0x180E, 0x200B, 0x2028, 0x3000, 0x65E5, 0x1F999};
    for (int round = 0; round < 2000; ++round) {
      std::string text;
      for (int i = 0; i < 24; ++i) text += utf8(alphabet[random.below(std::size(alphabet))]);
      const auto compiled = pieces(text), interpreted = pieces(text, {.jit = false});
      QCOMPARE(compiled, interpreted);
      QCOMPARE(joined(compiled, ""), text);
      for (const std::string& piece : compiled) QVERIFY(!piece.empty());
    }
  }

  void a_matcher_that_gives_up_loses_no_text_data() {
    QTest::addColumn<bool>("jit");
    QTest::newRow("compiled") << true;
    QTest::newRow("interpreted") << false;
  }
  void a_matcher_that_gives_up_loses_no_text() {
    QFETCH(bool, jit);
    const std::string text = "Hello   \n\n  world, 12345 's " + std::string(1000, ' ') + "x\0y"s;
    QCOMPARE(joined(pieces(text, {.match_steps = 1, .jit = jit}), ""), text);
    QCOMPARE(joined(pieces(text, {.match_steps = 20, .jit = jit}), ""), text);
  }

  void long_runs_are_cut_like_short_ones_data() {
    QTest::addColumn<bool>("jit");
    QTest::newRow("compiled") << true;
    QTest::newRow("interpreted") << false;
  }
  void long_runs_are_cut_like_short_ones() {
    QFETCH(bool, jit);
    const PreTokenizer::Limits limits = {.jit = jit};
    constexpr std::size_t kMillion = 1'000'000;
    QCOMPARE(pieces(std::string(kMillion, 'a'), limits).size(), 1U);
    QCOMPARE(pieces(std::string(kMillion, '='), limits).size(), 1U);
    QCOMPARE(pieces(std::string(kMillion, '\n'), limits).size(), 1U);
    QCOMPARE(pieces(std::string(kMillion, ' '), limits).size(), 1U);
    QCOMPARE(pieces(std::string(kMillion, '7'), limits).size(), 333'334U);
    const auto spaces = pieces(std::string(kMillion, ' ') + "x", limits);
    QCOMPARE(spaces.size(), 2U);
    QCOMPARE(spaces[0].size(), kMillion - 1);
    QCOMPARE(spaces[1], " x"s);
    std::string wide;
    for (std::size_t i = 0; i < kMillion / 3; ++i) wide += "\xE3\x80\x80";  // ideographic spaces
    QCOMPARE(pieces(wide + "\n" + wide + "!", limits).size(), 4U);          // the last one and "!" stand alone
  }
};

QTEST_APPLESS_MAIN(TestPreTokenizer)
#include "tst_pre_tokenizer.moc"
