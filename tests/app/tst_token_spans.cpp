// Tokens and the characters they stand for.
#include <QTest>

#include <string>
#include <vector>

#include "app/token_spans.h"
#include "engine/session.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_model.h"

using namespace tercet;
using namespace std::string_view_literals;

class TestTokenSpans : public QObject {
  Q_OBJECT

  using Spans = std::vector<TokenSpan>;
  static Spans spansOf(std::vector<std::string_view> pieces) { return tokenSpans(pieces); }

 private Q_SLOTS:
  void every_token_of_plain_text_has_its_own_characters() {
    QCOMPARE(spansOf({"Hello", " wor", "ld"}), (Spans{{0, 1, 0, 5}, {1, 1, 5, 4}, {2, 1, 9, 2}}));
    QCOMPARE(spansOf({}), Spans());
  }

  void characters_of_several_bytes_count_as_qstring_counts_them() {
    QCOMPARE(spansOf({"Gr", "ü", "ß", "e€"}), (Spans{{0, 1, 0, 2}, {1, 1, 2, 1}, {2, 1, 3, 1}, {3, 1, 4, 2}}));
    QCOMPARE(spansOf({"a😀", "b"}), (Spans{{0, 1, 0, 3}, {1, 1, 3, 1}}));
  }

  void tokens_that_share_a_character_join() {
    // An emoji over three tokens, the first and the last of which hold other text as well.
    QCOMPARE(spansOf({"see ", "it \xF0\x9F", "\x98", "\x80!", " ok"}), (Spans{{0, 1, 0, 4}, {1, 3, 4, 6}, {4, 1, 10, 3}}));
    // Two characters that overlap in the middle token make one chain.
    QCOMPARE(spansOf({"\xC3", "\xA9\xE2\x82", "\xAC"}), (Spans{{0, 3, 0, 2}}));
  }

  void tokens_without_text_belong_to_nothing() {
    QCOMPARE(spansOf({"", "a", "", "b"}), (Spans{{1, 1, 0, 1}, {3, 1, 1, 1}}));
    QCOMPARE(spansOf({"\xC3", "", "\xA9", "x"}), (Spans{{0, 3, 0, 1}, {3, 1, 1, 1}}));
  }

  void ill_formed_bytes_are_one_replacement_each() {
    QCOMPARE(spansOf({"\xFF", "a\x80"}), (Spans{{0, 1, 0, 1}, {1, 1, 1, 2}}));
    QCOMPARE(spansOf({"\xE2\x82", "a"}), (Spans{{0, 2, 0, 2}}));
  }

  void an_incomplete_character_at_the_end_has_no_characters() {
    QCOMPARE(spansOf({"a", "\xF0\x9F"}), (Spans{{0, 1, 0, 1}}));
    QCOMPARE(spansOf({"a\xF0\x9F"}), (Spans{{0, 1, 0, 1}}));
  }

  void spans_cover_the_text_of_an_answer() {
    test::TempDir dir;
    ThreadPool pool(1);
    const auto model = Model::load(dir.write("tiny.gguf", test::make_tiny_gguf()), {}, pool);
    QVERIFY(model.has_value());
    const auto session = Session::create(*model, pool, {.context_tokens = 512});
    GenerateOptions options;
    options.sampling = {.temperature = 3, .top_k = 0, .seed = 5};  // raw bytes of all kinds
    options.max_tokens = 300;
    options.ignore_stop_tokens = true;
    const ChatMessage question[] = {{Role::User, "Hello", {}}};
    const auto answer = (*session)->generate(question, options, {}, {});
    QVERIFY(answer.has_value());
    const Spans spans = tokenSpans((*model)->tokenizer(), answer->tokens);
    QVERIFY(spans.size() > 100);
    int end = 0, token = 0;
    for (const TokenSpan& span : spans) {
      QCOMPARE(span.begin, end);
      QVERIFY(span.length > 0 && span.tokens > 0 && span.token >= token);
      end = span.begin + span.length;
      token = span.token + span.tokens;
    }
    QCOMPARE(end, static_cast<int>(QString::fromStdString("|" + answer->text).size()) - 1);
    QVERIFY(token <= static_cast<int>(answer->tokens.size()));
  }
};

QTEST_APPLESS_MAIN(TestTokenSpans)
#include "tst_token_spans.moc"
