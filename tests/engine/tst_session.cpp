// Sessions on tiny models made here: determinism, prefix reuse, stopping, the limits of the context, and bad input.
#include <QtTest/QtTest>

#include <algorithm>
#include <cmath>

#include "engine/text/tokenizer.h"
#include "engine/text/utf8_stream.h"
#include "tests/engine/engine_fixture.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_model.h"

using namespace tercet;
using namespace tercet::test;

namespace {

const std::vector<TokenId> kPrompt = {5, 80, 33, 7, 61, 90, 12, 4, 200, 17, 66, 3, 120, 45, 9, 31, 77, 250, 8, 19};

GenerateOptions sampled(std::uint32_t max_tokens, std::uint64_t seed) {
  GenerateOptions options;
  options.sampling.temperature = 5;  // the logits of a tiny random model lie far apart
  options.sampling.seed = seed;
  options.sampling.repeat_penalty = 1.1F;
  options.max_tokens = max_tokens;
  options.ignore_stop_tokens = true;
  return options;
}

ChatMessage message(Role role, std::string text, std::vector<TokenId> tokens = {}) { return {role, std::move(text), std::move(tokens)}; }

}  // namespace

class TestSession : public QObject {
  Q_OBJECT

  TempDir dir_;
  std::string path_;

  Engine engine(const EngineOptions& options = {}) {
    Engine made = make_engine(path_, options);
    if (!made.failure.empty()) qFatal("%s", made.failure.c_str());
    return made;
  }

 private Q_SLOTS:
  void initTestCase() { path_ = dir_.write("tiny.gguf", make_tiny_gguf()); }

  void the_same_seed_gives_the_same_tokens_for_any_threads_and_batch() {
    Engine first = engine();
    const auto expected = first.session->generate_from_tokens(kPrompt, sampled(40, 7), {}, {});
    QVERIFY(expected.has_value());
    QCOMPARE(expected->tokens.size(), 40U);
    const std::vector<float> logits = all_logits(*first.session, expected->tokens);
    for (const int threads : {1, 2, 3}) {
      for (const std::uint32_t batch : {1U, 2U, 3U, 7U, 13U, 512U}) {
        Engine other = engine({.threads = threads, .batch = batch});
        const auto got = other.session->generate_from_tokens(kPrompt, sampled(40, 7), {}, {});
        QVERIFY(got.has_value());
        QVERIFY2(got->tokens == expected->tokens, qPrintable(QString("%1 threads, batch %2").arg(threads).arg(batch)));
        QVERIFY(all_logits(*other.session, expected->tokens) == logits);  // to the bit
      }
    }
    const auto other_seed = first.session->generate_from_tokens(kPrompt, sampled(40, 8), {}, {});
    QVERIFY(other_seed->tokens != expected->tokens);
  }

  void speed_features_do_not_change_what_is_said() {
    const GenerateOptions wanted[] = {greedy(80), sampled(80, 7)};
    for (const GenerateOptions& options : wanted) {
      Engine plain = engine({.features = {.skip_zeros = false, .screen_head = false, .speculate = false}});
      const auto expected = plain.session->generate_from_tokens(kPrompt, options, {}, {});
      QVERIFY(expected.has_value());
      for (int mask = 0; mask < 16; ++mask) {
        const SpeedFeatures features = {(mask & 1) != 0, (mask & 2) != 0, (mask & 4) != 0, (mask & 8) != 0};
        Engine fast = engine({.threads = 1 + mask % 3, .features = features});
        for (int turn = 0; turn < 3; ++turn) {  // the second and third have the first to guess from
          const auto got = fast.session->generate_from_tokens(kPrompt, options, {}, {});
          QVERIFY(got.has_value());
          QVERIFY2(got->tokens == expected->tokens, qPrintable(QString("features %1, turn %2").arg(mask).arg(turn)));
          QCOMPARE(got->context_used, expected->context_used);
        }
        const SpeedCounts counts = fast.session->speed_counts();
        if (features.speculate && features.check_every_guess) {
          QVERIFY(counts.guesses > 0);
          QVERIFY(counts.accepted > 100);   // two repeated answers of 80 tokens
          QVERIFY(counts.steps < counts.tokens);
        } else if (!features.speculate) {
          QCOMPARE(counts.guesses, 0U);
          QCOMPARE(counts.steps, counts.tokens);
        }
        if (!features.skip_zeros) {
          QCOMPARE(counts.up_rows_read, counts.up_rows);
          QCOMPARE(counts.down_columns_read, counts.down_columns);
        } else if (!features.speculate) {
          QVERIFY(counts.up_rows_read < counts.up_rows);
        }
      }
    }
  }

  void guesses_end_with_the_context_the_answer_and_a_stop() {
    const SpeedFeatures every = {.check_every_guess = true};
    Engine e = engine({.context = 64, .features = every}), plain = engine({.context = 64, .features = {.speculate = false}});
    for (int turn = 0; turn < 2; ++turn) {
      const auto got = e.session->generate_from_tokens(kPrompt, greedy(0), {}, {});
      const auto expected = plain.session->generate_from_tokens(kPrompt, greedy(0), {}, {});
      QCOMPARE(got->stop_reason, StopReason::ContextFull);
      QCOMPARE(got->tokens, expected->tokens);
      QCOMPARE(got->context_used, expected->context_used);
    }
    for (const std::uint32_t most : {1U, 2U, 5U, 9U}) {
      QCOMPARE(e.session->generate_from_tokens(kPrompt, greedy(most), {}, {})->tokens.size(), std::size_t{most});
    }
    std::stop_source stop;
    std::size_t seen = 0;
    const GenerateSink sink = {.text = {}, .prefill = {}, .token = [&](TokenId) { if (++seen == 7) stop.request_stop(); }};
    const auto stopped = e.session->generate_from_tokens(kPrompt, greedy(40), sink, stop.get_token());
    QCOMPARE(stopped->stop_reason, StopReason::Stopped);
    QCOMPARE(seen, 7U);
    QCOMPARE(e.session->generate_from_tokens(kPrompt, greedy(30), {}, {})->tokens, plain.session->generate_from_tokens(kPrompt, greedy(30), {}, {})->tokens);
  }

  void greedy_takes_the_largest_of_the_full_logits() {
    Engine e = engine();
    const auto answer = e.session->generate_from_tokens(kPrompt, greedy(12), {}, {});
    std::vector<TokenId> all = kPrompt;
    all.insert(all.end(), answer->tokens.begin(), answer->tokens.end());
    const std::vector<float> logits = all_logits(*e.session, all);
    const std::size_t vocab = e.model->config().vocab_size;
    for (std::size_t i = 0; i < answer->tokens.size(); ++i) {
      const auto row = logits.begin() + static_cast<std::ptrdiff_t>((kPrompt.size() - 1 + i) * vocab);
      QCOMPARE(answer->tokens[i], static_cast<TokenId>(std::max_element(row, row + static_cast<std::ptrdiff_t>(vocab)) - row));
    }
  }

  void a_regenerate_computes_one_token_of_the_prompt() {
    Engine e = engine();
    const auto first = e.session->generate_from_tokens(kPrompt, sampled(10, 1), {}, {});
    QCOMPARE(first->reused_tokens, 0U);
    const auto again = e.session->generate_from_tokens(kPrompt, sampled(10, 1), {}, {});
    QCOMPARE(again->reused_tokens, static_cast<std::uint32_t>(kPrompt.size() - 1));
    QCOMPARE(again->tokens, first->tokens);
  }

  void an_edit_computes_only_what_changed_and_gives_what_a_fresh_session_gives() {
    Engine e = engine(), fresh = engine();
    QVERIFY(e.session->generate_from_tokens(kPrompt, sampled(10, 1), {}, {}).has_value());
    std::vector<TokenId> edited = kPrompt;
    edited[12] = 99;
    const auto got = e.session->generate_from_tokens(edited, sampled(20, 1), {}, {});
    QCOMPARE(got->reused_tokens, 12U);
    QCOMPARE(got->tokens, fresh.session->generate_from_tokens(edited, sampled(20, 1), {}, {})->tokens);
  }

  void the_next_turn_of_a_chat_computes_only_the_new_message() {
    Engine e = engine({.context = 512}), fresh = engine({.context = 512});
    std::vector<ChatMessage> chat = {message(Role::System, "Be brief."), message(Role::User, "Hello there")};
    const auto first = e.session->generate(chat, sampled(12, 3), {}, {});
    QVERIFY(first.has_value());
    chat.push_back(message(Role::Assistant, first->text, first->tokens));
    chat.push_back(message(Role::User, "And now?"));
    const auto second = e.session->generate(chat, sampled(12, 4), {}, {});
    QVERIFY(second.has_value());
    // All of the first prompt and answer, except the answer's last token, which was never fed back.
    QCOMPARE(second->reused_tokens, first->prompt_tokens + 11);
    QCOMPARE(second->tokens, fresh.session->generate(chat, sampled(12, 4), {}, {})->tokens);
  }

  void an_answer_that_was_cut_goes_on_as_if_it_had_not_been() {
    Engine e = engine({.context = 512});
    std::vector<ChatMessage> chat = {message(Role::System, "Be brief."), message(Role::User, "Grüße")};
    const auto whole = e.session->generate(chat, greedy(40), {}, {});
    QVERIFY(whole.has_value());
    QVERIFY(whole->continued.empty());
    chat.push_back(message(Role::Assistant, {}));
    for (std::uint32_t cut = 1; cut < 40; ++cut) {
      e.session->clear();
      const auto begun = e.session->generate(std::span(chat).first(2), greedy(cut), {}, {});
      chat[2] = message(Role::Assistant, begun->text, begun->tokens);
      std::string heard;
      const GenerateSink sink = {.text = [&](std::string_view text) { heard += text; }, .prefill = {}, .token = {}};
      GenerateOptions options = greedy(40 - cut);
      options.continue_answer = true;
      const auto rest = e.session->generate(chat, options, sink, {});
      QVERIFY(rest.has_value());
      QCOMPARE(rest->continued, begun->tokens);
      QCOMPARE(rest->prompt_tokens, whole->prompt_tokens + cut);
      QCOMPARE(rest->reused_tokens, rest->prompt_tokens - 1);
      QCOMPARE(begun->text + rest->text, whole->text);
      QCOMPARE(heard, rest->text);
      QCOMPARE(rest->context_used, whole->context_used);
      std::vector<TokenId> tokens = rest->continued;
      tokens.insert(tokens.end(), rest->tokens.begin(), rest->tokens.end());
      QCOMPARE(tokens, whole->tokens);
    }
  }

  void a_character_that_was_cut_comes_whole_when_the_answer_goes_on() {
    Engine e = engine();
    const Tokenizer& tokenizer = e.model->tokenizer();
    GenerateOptions options = greedy(1);
    options.continue_answer = true;
    int finished = 0, broken = 0;
    for (TokenId lead = 0; lead < 256; ++lead) {  // the single bytes; those of two-byte characters are wanted
      const std::string begin(tokenizer.token_bytes(lead));
      if (static_cast<unsigned char>(begin[0]) < 0xC2 || static_cast<unsigned char>(begin[0]) > 0xDF) continue;
      for (const char* question : {"a", "b", "c", "d"}) {
        const std::vector<ChatMessage> chat = {message(Role::User, question), message(Role::Assistant, {}, {tokenizer.find_special("<|eot_id|>").value(), lead})};
        const auto got = e.session->generate(chat, options, {}, {});
        QVERIFY(got.has_value());
        QCOMPARE(got->tokens.size(), 1U);
        const std::string bytes = begin + (tokenizer.is_special(got->tokens[0]) ? "" : std::string(tokenizer.token_bytes(got->tokens[0])));
        if (bytes.size() == 1) {
          QCOMPARE(got->text, std::string());
        } else if (is_valid_utf8(bytes)) {
          QCOMPARE(got->text, bytes);
          ++finished;
        } else {
          QVERIFY(got->text.starts_with("\xEF\xBF\xBD"));
          ++broken;
        }
      }
    }
    QVERIFY(finished > 0 && broken > 0);
  }

  void a_stop_inside_a_character_shows_nothing_of_it() {
    Engine e = engine();
    GenerateOptions options = sampled(0, 5);
    options.sampling.temperature = 3;
    options.sampling.top_k = 0;
    const Tokenizer& tokenizer = e.model->tokenizer();
    bool inside = false;
    for (options.max_tokens = 1; options.max_tokens < 120 && !inside; ++options.max_tokens) {
      const auto answer = e.session->generate_from_tokens(kPrompt, options, {}, {});
      Utf8Stream characters;
      std::string complete;
      for (const TokenId token : answer->tokens) {
        if (!tokenizer.is_special(token)) complete += characters.push(tokenizer.token_bytes(token));
      }
      QCOMPARE(answer->text, complete);
      inside = !characters.finish().empty();
    }
    QVERIFY(inside);
  }

  void an_edited_answer_goes_on_from_its_new_end_and_the_next_turn_finds_it_in_the_cache() {
    Engine e = engine({.context = 512}), fresh = engine({.context = 512});
    std::vector<ChatMessage> chat = {message(Role::User, "Hello there"), message(Role::Assistant, "The world is ")};
    GenerateOptions options = sampled(12, 3);
    options.continue_answer = true;
    QVERIFY(e.session->generate(std::span(chat).first(1), sampled(12, 3), {}, {}).has_value());
    const auto rest = e.session->generate(chat, options, {}, {});
    QVERIFY(rest.has_value());
    QVERIFY(rest->reused_tokens > 0);
    QCOMPARE(rest->tokens, fresh.session->generate(chat, options, {}, {})->tokens);
    std::vector<TokenId> edited;
    QVERIFY(e.model->tokenizer().encode(chat[1].text, SpecialTokens::AsText, edited).has_value());
    QCOMPARE(rest->continued, edited);
    chat[1].text += rest->text;
    chat[1].tokens = rest->continued;
    chat[1].tokens.insert(chat[1].tokens.end(), rest->tokens.begin(), rest->tokens.end());
    chat.push_back(message(Role::User, "And now?"));
    const auto next = e.session->generate(chat, sampled(4, 3), {}, {});
    QCOMPARE(next->reused_tokens, rest->prompt_tokens + 11);
  }

  void an_answer_that_goes_on_keeps_its_question_when_old_turns_must_go() {
    Engine e = engine({.context = 256});
    std::vector<ChatMessage> chat = {message(Role::User, std::string(60, 'x')), message(Role::Assistant, "old"),
                                     message(Role::User, "question")};
    const auto full = e.session->generate(chat, greedy(0), {}, {});
    QCOMPARE(full->stop_reason, StopReason::ContextFull);
    chat.push_back(message(Role::Assistant, full->text, {full->tokens.begin(), full->tokens.begin() + 120}));
    GenerateOptions options = greedy(8);
    options.continue_answer = true;
    const auto more = e.session->generate(chat, options, {}, {});
    QVERIFY2(more.has_value(), more ? "" : more.error().detail.c_str());
    QCOMPARE(more->dropped_messages, 2U);
    QCOMPARE(more->tokens, e.session->generate(std::span(chat).last(2), options, {}, {})->tokens);
    chat[3].tokens.insert(chat[3].tokens.end(), 200, TokenId{5});
    QCOMPARE(e.session->generate(chat, options, {}, {}).error().code, ErrorCode::ContextFull);
  }

  void only_an_answer_can_go_on() {
    Engine e = engine();
    GenerateOptions options = greedy(4);
    options.continue_answer = true;
    const ChatMessage question[] = {message(Role::User, "Hello")};
    QCOMPARE(e.session->generate(question, options, {}, {}).error().code, ErrorCode::InvalidToken);
    // An answer without a first word is one that is yet to be written.
    const ChatMessage empty[] = {question[0], message(Role::Assistant, {})};
    QCOMPARE(e.session->generate(empty, options, {}, {})->tokens, e.session->generate(question, greedy(4), {}, {})->tokens);
  }

  void odds_are_those_of_the_full_logits() {
    Engine e = engine({.context = 512});
    std::vector<ChatMessage> chat = {message(Role::User, "Hello there")};
    const auto answer = e.session->generate(chat, sampled(12, 3), {}, {});
    chat.push_back(message(Role::Assistant, answer->text, answer->tokens));
    const ChatTemplate& turns = e.model->chat_template();
    std::vector<TokenId> all(turns.prefix().begin(), turns.prefix().end());
    const auto append = [&](std::span<const TokenId> ids) { all.insert(all.end(), ids.begin(), ids.end()); };
    append(*turns.encode_message(chat[0], e.model->tokenizer()));
    append(turns.generation_prompt());
    const std::size_t begin = all.size(), vocab = e.model->config().vocab_size;
    append(answer->tokens);
    std::vector<Odds> seen;
    for (std::size_t i = 0; i < answer->tokens.size(); ++i) seen.push_back(*e.session->odds(chat, i, 10));
    const std::vector<float> logits = all_logits(*e.session, all);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const Odds& odds = seen[i];
      const std::span<const float> row(logits.data() + (begin + i - 1) * vocab, vocab);
      long double sum = 0;
      for (const float logit : row) sum += std::exp(static_cast<long double>(logit));
      const auto probability = [&](TokenId token) { return static_cast<double>(std::exp(static_cast<long double>(row[static_cast<std::size_t>(token)])) / sum); };
      QCOMPARE(odds.chosen.token, answer->tokens[i]);
      QCOMPARE(odds.best.size(), 10U);
      QCOMPARE(odds.best[0].token, static_cast<TokenId>(std::max_element(row.begin(), row.end()) - row.begin()));
      double least = 1;
      for (const TokenOdds& one : odds.best) {
        QVERIFY(std::abs(one.probability - probability(one.token)) < 1e-9);
        QVERIFY(one.probability <= least);
        least = one.probability;
        QCOMPARE(one.bytes, std::string(e.model->tokenizer().token_bytes(one.token)));
        QCOMPARE(one.ends_turn, std::count(turns.stop_tokens().begin(), turns.stop_tokens().end(), one.token) == 1);
      }
      QVERIFY(std::abs(odds.chosen.probability - probability(odds.chosen.token)) < 1e-9);
    }
    const Odds every = *e.session->odds(chat, 3, 100000);
    QCOMPARE(every.best.size(), vocab);
    double total = 0;
    for (const TokenOdds& one : every.best) total += one.probability;
    QVERIFY(std::abs(total - 1) < 1e-9);
  }

  void looking_at_a_word_computes_one_position_and_leaves_the_cache_as_it_was() {
    Engine e = engine({.context = 512}), untouched = engine({.context = 512});
    std::vector<ChatMessage> chat = {message(Role::System, "Be brief."), message(Role::User, "Hello there")};
    const auto answer = e.session->generate(chat, sampled(30, 3), {}, {});
    QVERIFY(untouched.session->generate(chat, sampled(30, 3), {}, {}).has_value());
    chat.push_back(message(Role::Assistant, answer->text, answer->tokens));
    const std::uint32_t used = e.session->context_used();
    for (const std::size_t index : {29U, 0U, 17U}) {
      QCOMPARE(e.session->odds(chat, index, 10)->computed_tokens, 1U);
      QCOMPARE(e.session->context_used(), used);
    }
    std::stop_source stopped;
    stopped.request_stop();
    QCOMPARE(e.session->odds(chat, 5, 10, 0, stopped.get_token()).error().code, ErrorCode::Stopped);
    QCOMPARE(e.session->context_used(), used);
    chat.push_back(message(Role::User, "And now?"));
    const auto next = e.session->generate(chat, sampled(20, 4), {}, {}), expected = untouched.session->generate(chat, sampled(20, 4), {}, {});
    QCOMPARE(next->reused_tokens, expected->reused_tokens);
    QCOMPARE(next->reused_tokens, answer->prompt_tokens + 29);
    QCOMPARE(next->tokens, expected->tokens);

    // An earlier answer, with the conversation going on behind it.
    QCOMPARE(e.session->odds(std::span(chat).first(3), 4, 10)->computed_tokens, 1U);
    QCOMPARE(e.session->context_used(), next->context_used);
    // In a cache that holds nothing of it, all has to be read.
    e.session->clear();
    QCOMPARE(e.session->odds(std::span(chat).first(3), 4, 10)->computed_tokens, answer->prompt_tokens + 4);
  }

  void an_answer_goes_on_from_another_word() {
    Engine e = engine({.context = 512}), fresh = engine({.context = 512});
    std::vector<ChatMessage> chat = {message(Role::User, "Hello there")};
    const auto answer = e.session->generate(chat, greedy(20), {}, {});
    chat.push_back(message(Role::Assistant, answer->text, answer->tokens));
    const Odds odds = *e.session->odds(chat, 8, 2);
    QCOMPARE(odds.chosen.token, odds.best[0].token);
    chat[1].tokens.resize(8);
    chat[1].tokens.push_back(odds.best[1].token);
    GenerateOptions options = greedy(10);
    options.continue_answer = true;
    const auto other = e.session->generate(chat, options, {}, {});
    QCOMPARE(other->reused_tokens, answer->prompt_tokens + 8);
    QCOMPARE(other->tokens, fresh.session->generate(chat, options, {}, {})->tokens);
  }

  void odds_reach_to_the_last_word_of_a_full_context_and_no_further() {
    Engine e = engine({.context = 64});
    std::vector<ChatMessage> chat = {message(Role::User, "Hello")};
    QCOMPARE(e.session->odds(chat, 0, 1).error().code, ErrorCode::InvalidToken);
    const auto answer = e.session->generate(chat, greedy(0), {}, {});
    QCOMPARE(answer->stop_reason, StopReason::ContextFull);
    chat.push_back(message(Role::Assistant, answer->text, answer->tokens));
    const auto last = e.session->odds(chat, answer->tokens.size() - 1, 1);
    QVERIFY2(last.has_value(), last ? "" : last.error().detail.c_str());
    QCOMPARE(last->best[0].token, answer->tokens.back());
    QCOMPARE(e.session->odds(chat, answer->tokens.size(), 1).error().code, ErrorCode::InvalidOption);
    chat[1].tokens.push_back(5);
    QCOMPARE(e.session->odds(chat, answer->tokens.size(), 1).error().code, ErrorCode::ContextFull);
    chat[1].tokens[2] = -1;
    QCOMPARE(e.session->odds(chat, 0, 1).error().code, ErrorCode::InvalidToken);
  }

  void text_is_whole_characters_and_is_what_the_sink_got() {
    Engine e = engine();
    std::string heard;
    std::vector<TokenId> tokens;
    GenerateSink sink;
    sink.text = [&](std::string_view text) {
      QVERIFY(is_valid_utf8(text));
      heard += text;
    };
    sink.token = [&](TokenId token) { tokens.push_back(token); };
    GenerateOptions options = sampled(120, 5);
    options.sampling.temperature = 3;  // raw bytes of all kinds
    options.sampling.top_k = 0;
    const auto answer = e.session->generate_from_tokens(kPrompt, options, sink, {});
    QVERIFY(answer.has_value());
    QVERIFY(is_valid_utf8(answer->text));
    QCOMPARE(heard, answer->text);
    QCOMPARE(tokens, answer->tokens);
  }

  void sampling_from_all_tokens_is_deterministic() {
    Engine e = engine();
    GenerateOptions options = sampled(20, 9);
    options.sampling.top_k = 0;
    options.sampling.min_p = 0;
    options.sampling.top_p = 1;
    const auto first = e.session->generate_from_tokens(kPrompt, options, {}, {});
    QCOMPARE(e.session->generate_from_tokens(kPrompt, options, {}, {})->tokens, first->tokens);
  }

  void prefill_progress_runs_from_nothing_to_all_and_counts_new_tokens_only() {
    Engine e = engine({.batch = 4});
    std::vector<PrefillProgress> seen;
    GenerateSink sink;
    sink.prefill = [&](const PrefillProgress& progress) { seen.push_back(progress); };
    QVERIFY(e.session->generate_from_tokens(kPrompt, greedy(1), sink, {}).has_value());
    QVERIFY(seen.size() >= 2);
    QCOMPARE(seen.front().done, 0U);
    QCOMPARE(seen.back().done, static_cast<std::uint32_t>(kPrompt.size()));
    for (std::size_t i = 1; i < seen.size(); ++i) QVERIFY(seen[i].done >= seen[i - 1].done);
    seen.clear();
    QVERIFY(e.session->generate_from_tokens(kPrompt, greedy(1), sink, {}).has_value());
    QCOMPARE(seen.back().total, 1U);
  }

  void a_stop_while_reading_ends_within_a_layer_and_harms_nothing() {
    Engine e = engine({.batch = 4}), fresh = engine();
    std::stop_source stop;
    std::uint32_t reports_after_stop = 0;
    GenerateSink sink;
    sink.prefill = [&](const PrefillProgress& progress) {
      if (stop.stop_requested()) ++reports_after_stop;
      if (progress.done == 0) stop.request_stop();
    };
    const auto stopped = e.session->generate_from_tokens(kPrompt, sampled(10, 2), sink, stop.get_token());
    QVERIFY(stopped.has_value());
    QCOMPARE(stopped->stop_reason, StopReason::Stopped);
    QVERIFY(stopped->text.empty() && stopped->tokens.empty());
    QCOMPARE(reports_after_stop, 0U);
    QCOMPARE(e.session->generate_from_tokens(kPrompt, sampled(10, 2), {}, {})->tokens,
             fresh.session->generate_from_tokens(kPrompt, sampled(10, 2), {}, {})->tokens);
  }

  void a_stop_while_writing_keeps_what_was_written() {
    Engine e = engine();
    std::stop_source stop;
    std::size_t written = 0;
    GenerateSink sink;
    sink.token = [&](TokenId) {
      if (++written == 5) stop.request_stop();
    };
    const auto stopped = e.session->generate_from_tokens(kPrompt, sampled(100, 2), sink, stop.get_token());
    QVERIFY(stopped.has_value());
    QCOMPARE(stopped->stop_reason, StopReason::Stopped);
    QCOMPARE(stopped->tokens.size(), 5U);
    const auto whole = e.session->generate_from_tokens(kPrompt, sampled(5, 2), {}, {});
    QCOMPARE(whole->tokens, stopped->tokens);
    QCOMPARE(whole->stop_reason, StopReason::MaxTokens);
  }

  void generation_ends_when_the_context_is_full() {
    Engine e = engine({.context = 32});
    const auto answer = e.session->generate_from_tokens(kPrompt, greedy(0), {}, {});
    QVERIFY(answer.has_value());
    QCOMPARE(answer->stop_reason, StopReason::ContextFull);
    QCOMPARE(answer->context_used, 32U);
    QCOMPARE(answer->tokens.size(), 32U - kPrompt.size() + 1);
  }

  void a_prompt_that_does_not_fit_is_refused_with_the_numbers() {
    Engine e = engine({.context = 16});
    const auto refused = e.session->generate_from_tokens(kPrompt, greedy(4), {}, {});
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::PromptTooLong);
    QVERIFY(refused.error().detail.find("20") != std::string::npos && refused.error().detail.find("16") != std::string::npos);
    const ChatMessage one[] = {message(Role::User, std::string(400, 'x') + " y z")};
    QCOMPARE(e.session->generate(one, greedy(4), {}, {}).error().code, ErrorCode::PromptTooLong);
  }

  void a_conversation_that_outgrows_the_context_loses_its_oldest_turns_but_not_the_system_prompt() {
    Engine e = engine({.context = 256});
    std::vector<ChatMessage> chat = {message(Role::System, "SYSTEM WORDS")};
    std::uint32_t dropped = 0;
    bool dropped_any = false;
    for (int turn = 0; turn < 12; ++turn) {
      chat.push_back(message(Role::User, "question number " + std::to_string(turn) + " qzx"));
      const auto answer = e.session->generate(chat, sampled(16, 1), {}, {}, dropped);
      QVERIFY2(answer.has_value(), answer ? "" : answer.error().detail.c_str());
      QVERIFY(answer->dropped_messages >= dropped);
      QVERIFY(answer->dropped_messages % 2 == 0);  // whole turns
      QVERIFY(answer->dropped_messages + 2 <= chat.size());
      QVERIFY(answer->context_used <= 256);
      if (answer->dropped_messages == dropped && turn > 0) {
        QVERIFY(answer->reused_tokens > 0);  // the prefix stayed where it was
      }
      dropped_any = dropped_any || answer->dropped_messages > 0;
      dropped = answer->dropped_messages;
      chat.push_back(message(Role::Assistant, answer->text, answer->tokens));
    }
    QVERIFY(dropped_any);

    // The same conversation without the turns that were left out is the same prompt: the system prompt is in it.
    chat.push_back(message(Role::User, "last"));
    std::vector<ChatMessage> kept = {chat[0]};
    const auto with_drop = e.session->generate(chat, sampled(8, 2), {}, {}, dropped);
    kept.insert(kept.end(), chat.begin() + 1 + static_cast<std::ptrdiff_t>(with_drop->dropped_messages), chat.end());
    const auto without = e.session->generate(kept, sampled(8, 2), {}, {});
    QCOMPARE(without->dropped_messages, 0U);
    QCOMPARE(without->tokens, with_drop->tokens);
    QCOMPARE(without->prompt_tokens, with_drop->prompt_tokens);
  }

  void a_conversation_that_outgrows_the_context_is_refused_when_nothing_may_be_left_out() {
    Engine e = engine({.context = 256});
    GenerateOptions options = sampled(16, 1);
    options.overflow = Overflow::Refuse;
    std::vector<ChatMessage> chat = {message(Role::System, "SYSTEM WORDS")};
    Result<GenerateResult> answer = GenerateResult();
    std::uint32_t used = 0;
    int turns = 0;
    do {
      chat.push_back(message(Role::User, "question number " + std::to_string(turns) + " qzx"));
      answer = e.session->generate(chat, options, {}, {});
      if (!answer) break;
      QCOMPARE(answer->dropped_messages, 0U);
      used = answer->context_used;
      chat.push_back(message(Role::Assistant, answer->text, answer->tokens));
    } while (++turns < 50);
    QVERIFY(turns > 1 && turns < 50);
    QCOMPARE(answer.error().code, ErrorCode::ConversationTooLong);
    QVERIFY(answer.error().detail.find("256") != std::string::npos);
    QCOMPARE(e.session->context_used(), used);  // nothing was computed, nothing forgotten
    options.overflow = Overflow::LeaveOutOldest;
    QVERIFY(e.session->generate(chat, options, {}, {})->dropped_messages > 0);

    options.overflow = Overflow::Refuse;
    const ChatMessage alone[] = {message(Role::User, std::string(600, 'x'))};
    QCOMPARE(e.session->generate(alone, options, {}, {}).error().code, ErrorCode::PromptTooLong);
    options.max_tokens = 0;
    const ChatMessage fits[] = {message(Role::User, "short")};
    QCOMPARE(e.session->generate(fits, options, {}, {})->stop_reason, StopReason::ContextFull);
  }

  void bad_tokens_and_texts_are_refused() {
    Engine e = engine();
    const TokenId outside[] = {3, 384}, negative[] = {-1};
    QCOMPARE(e.session->generate_from_tokens(outside, greedy(1), {}, {}).error().code, ErrorCode::InvalidToken);
    QCOMPARE(e.session->generate_from_tokens(negative, greedy(1), {}, {}).error().code, ErrorCode::InvalidToken);
    QCOMPARE(e.session->generate_from_tokens({}, greedy(1), {}, {}).error().code, ErrorCode::InvalidToken);
    QCOMPARE(e.session->generate({}, greedy(1), {}, {}).error().code, ErrorCode::InvalidToken);
    const ChatMessage bad[] = {message(Role::User, "caf\xE9")};
    QCOMPARE(e.session->generate(bad, greedy(1), {}, {}).error().code, ErrorCode::InvalidUtf8);
    const ChatMessage forged[] = {message(Role::User, "hello"), message(Role::Assistant, "x", {5000}), message(Role::User, "y")};
    QCOMPARE(e.session->generate(forged, greedy(1), {}, {}).error().code, ErrorCode::InvalidToken);
    GenerateOptions options = greedy(1);
    options.sampling.top_p = 0;
    QCOMPARE(e.session->generate_from_tokens(kPrompt, options, {}, {}).error().code, ErrorCode::InvalidOption);
  }

  void settings_outside_their_range_are_refused() {
    Engine e = engine();
    for (const SessionOptions& options : {SessionOptions{.context_tokens = 0}, SessionOptions{.context_tokens = 513},
                                          SessionOptions{.context_tokens = 64, .batch_tokens = 0}, SessionOptions{.context_tokens = 64, .batch_tokens = 2049}}) {
      const auto session = Session::create(e.model, *e.pool, options);
      QVERIFY(!session.has_value());
      QCOMPARE(session.error().code, ErrorCode::InvalidOption);
    }
  }

  void logits_leave_no_trace_in_the_next_answer() {
    Engine e = engine(), fresh = engine();
    QCOMPARE(all_logits(*e.session, kPrompt).size(), kPrompt.size() * 384);
    QCOMPARE(e.session->generate_from_tokens(kPrompt, sampled(10, 1), {}, {})->tokens,
             fresh.session->generate_from_tokens(kPrompt, sampled(10, 1), {}, {})->tokens);
  }

  void a_model_file_that_is_cut_while_in_use_is_an_error_not_a_crash() {
    const std::string path = dir_.write("cut.gguf", make_tiny_gguf());
    Engine e = make_engine(path);
    QVERIFY(e.failure.empty());
    std::filesystem::resize_file(path, 4096);
    const auto answer = e.session->generate_from_tokens(kPrompt, greedy(4), {}, {});
    QVERIFY(!answer.has_value());
    QCOMPARE(answer.error().code, ErrorCode::ModelChanged);
  }
};

QTEST_APPLESS_MAIN(TestSession)
#include "tst_session.moc"
