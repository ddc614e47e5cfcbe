// What people see never ends inside a character, however the bytes arrive.
#include <QtTest/QtTest>

#include <string>
#include <vector>

#include "engine/text/tokenizer.h"
#include "engine/text/utf8_stream.h"
#include "tests/support/test_rng.h"

using namespace tercet;
using namespace std::string_literals;

namespace {

const std::string kR = "\xEF\xBF\xBD";  // U+FFFD

std::string encoded(char32_t code_point) { return QString::fromUcs4(&code_point, 1).toStdString(); }

/// All that comes out when `bytes` is cut before each position in `cuts` (ascending).
std::string streamed(const std::string& bytes, const std::vector<std::size_t>& cuts) {
  Utf8Stream stream;
  std::string out;
  std::size_t begin = 0;
  for (const std::size_t cut : cuts) {
    out += stream.push(std::string_view(bytes).substr(begin, cut - begin));
    begin = cut;
  }
  out += stream.push(std::string_view(bytes).substr(begin));
  return out + stream.finish();
}

}  // namespace

class TestUtf8Stream : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void ill_formed_parts_are_replaced_one_by_one_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const std::string& bytes, const std::string& expected) {
      QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray::fromStdString(expected);
    };
    row("empty", "", "");
    row("a NUL", "a\0b"s, "a\0b"s);
    row("all lengths", "a\xC3\xA9\xE6\x97\xA5\xF0\x9F\xA6\x99z", "a\xC3\xA9\xE6\x97\xA5\xF0\x9F\xA6\x99z");
    row("first and last of each length",
        "\x01\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",
        "\x01\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
    // The next three are tables 3-8 to 3-11 of the Unicode standard.
    row("overlong forms", "\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", kR + kR + kR + kR + kR + kR + kR + kR + "A");
    row("surrogates", "\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", kR + kR + kR + kR + kR + kR + kR + kR + "A");
    row("beyond the last character", "\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42",
        kR + kR + kR + kR + kR + "A" + kR + kR + "B");
    row("cut short", "\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", kR + kR + kR + kR + "A");
    row("cut short at the end, two", "a\xC3", "a" + kR);
    row("cut short at the end, three", "a\xE6\x97", "a" + kR);
    row("cut short at the end, four", "a\xF0\x9F\xA6", "a" + kR);
    row("a start after a start", "\xF0\x9F\xF0\x9F\xA6\x99", kR + "\xF0\x9F\xA6\x99");
    row("a replacement character itself", kR, kR);
  }
  void ill_formed_parts_are_replaced_one_by_one() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, expected);
    const std::string text = bytes.toStdString(), want = expected.toStdString();
    QCOMPARE(streamed(text, {}), want);
    for (std::size_t first = 0; first <= text.size(); ++first) {
      for (std::size_t second = first; second <= text.size(); ++second) QCOMPARE(streamed(text, {first, second}), want);
    }
    std::vector<std::size_t> everywhere;
    for (std::size_t i = 0; i < text.size(); ++i) everywhere.push_back(i);
    QCOMPARE(streamed(text, everywhere), want);
  }

  void a_character_comes_when_its_last_byte_does() {
    Utf8Stream stream;
    QCOMPARE(stream.push("a\xF0\x9F"), "a"s);
    QCOMPARE(stream.push("\xA6"), ""s);
    QCOMPARE(stream.push(""), ""s);
    QCOMPARE(stream.push("\x99\xC3"), "\xF0\x9F\xA6\x99"s);
    QCOMPARE(stream.push("\xA9"), "\xC3\xA9"s);
    QCOMPARE(stream.finish(), ""s);
  }

  void what_can_never_become_a_character_is_not_held_back() {
    Utf8Stream stream;
    QCOMPARE(stream.push("\xE0"), ""s);
    QCOMPARE(stream.push("\x80"), kR + kR);  // E0 80 is overlong whatever follows
    QCOMPARE(stream.push("\xFF"), kR);
    QCOMPARE(stream.finish(), ""s);
  }

  void finish_empties_the_stream() {
    Utf8Stream stream;
    QCOMPARE(stream.push("\xE6\x97"), ""s);
    QCOMPARE(stream.finish(), kR);
    QCOMPARE(stream.finish(), ""s);
    QCOMPARE(stream.push("\xA5"), kR);  // a byte that nothing waits for any more
  }

  void every_character_survives_byte_by_byte() {
    for (char32_t code = 0; code < 0x110000; code += code < 0x3000 ? 1 : 61) {
      if (code >= 0xD800 && code < 0xE000) continue;
      const std::string text = encoded(code);
      QVERIFY(is_valid_utf8(text));
      Utf8Stream stream;
      std::string out;
      for (std::size_t i = 0; i < text.size(); ++i) {
        QVERIFY(out.empty());
        out = stream.push({&text[i], 1});
      }
      QCOMPARE(out, text);
      QCOMPARE(stream.finish(), ""s);
    }
  }

  void what_comes_out_is_valid_and_does_not_depend_on_the_cuts() {
    test::TestRng random(3);
    const unsigned char interesting[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                                         0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    for (int round = 0; round < 3000; ++round) {
      std::string bytes;
      for (int i = 0; i < 12; ++i)
        bytes.push_back(static_cast<char>(interesting[random.below(std::size(interesting))]));
      const std::string whole = streamed(bytes, {});
      QVERIFY(is_valid_utf8(whole));
      const std::size_t cut = random.below(13);
      QCOMPARE(streamed(bytes, {cut}), whole);
      QCOMPARE(is_valid_utf8(bytes), whole == bytes);
    }
  }

  void validity_is_that_of_the_standard() {
    QVERIFY(is_valid_utf8(""));
    QVERIFY(is_valid_utf8(std::string(100, 'a') + "\xF4\x8F\xBF\xBF"));
    for (std::size_t lead = 0; lead < 20; ++lead) {  // also across the eight bytes that are looked at together
      for (const char* bad :
           {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xC3", "\xE2\x82", "\xF8\x88\x80\x80\x80"}) {
        QVERIFY(!is_valid_utf8(std::string(lead, 'a') + bad));
        QVERIFY(!is_valid_utf8(std::string(lead, 'a') + bad + "aaaaaaaaaa"));
      }
    }
  }
};

QTEST_APPLESS_MAIN(TestUtf8Stream)
#include "tst_utf8_stream.moc"
