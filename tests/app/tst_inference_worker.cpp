// The worker with a real, tiny model: what it says, in which order, and that it stops.
#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <thread>

#include "app/inference_worker.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_model.h"

using namespace tercet;

class TestInferenceWorker : public QObject {
  Q_OBJECT

  test::TempDir m_dir;
  QString m_path;
  static constexpr EngineConfig kConfig{.threads = 1, .batch = 64, .context = 512};

  static ChatMessage user(const std::string& text) { return {Role::User, text, {}}; }
  static void load(InferenceWorker& worker, const QString& path) {
    QSignalSpy loaded(&worker, &InferenceWorker::loaded);
    worker.load({.id = 1, .path = path, .config = kConfig});
    QCOMPARE(loaded.size(), 1);
  }
  static GenerateRequest request(RequestId id, std::vector<ChatMessage> messages, std::uint32_t tokens = 60) {
    GenerateRequest out;
    out.id = id;
    out.messages = std::move(messages);
    out.options.sampling.seed = 5;
    out.options.max_tokens = tokens;
    out.options.ignore_stop_tokens = true;
    return out;
  }
  static QString joined(const QSignalSpy& text) {
    QString out;
    for (const QList<QVariant>& piece : text) out += piece[1].toString();
    return out;
  }

 private Q_SLOTS:
  void initTestCase() {
    m_path = QString::fromStdString(m_dir.write("tiny model ä.gguf", test::make_tiny_gguf()));
  }

  void a_loaded_model_says_what_it_is() {
    InferenceWorker worker;
    QSignalSpy loaded(&worker, &InferenceWorker::loaded);
    QSignalSpy progress(&worker, &InferenceWorker::loadProgressed);
    worker.load({.id = 3, .path = m_path, .config = {.threads = 1, .batch = 64, .context = 4096}});
    QCOMPARE(loaded.size(), 1);
    QCOMPARE(loaded[0][0].value<RequestId>(), RequestId{3});
    const auto model = loaded[0][1].value<LoadedModel>();
    QCOMPARE(model.path, m_path);
    QVERIFY(!model.name.isEmpty());
    QCOMPARE(model.architecture, "bitnet-b1.58");
    QVERIFY(!model.isa.isEmpty());
    QVERIFY(model.memoryBytes > 0);
    QCOMPARE(model.inUse, kConfig);  // a longer context than the model's means the model's
    QVERIFY(progress.size() >= 1);
  }

  void pieces_make_the_whole_answer() {
    InferenceWorker worker;
    load(worker, m_path);
    QSignalSpy text(&worker, &InferenceWorker::textArrived);
    QSignalSpy progress(&worker, &InferenceWorker::progressed);
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    worker.generate(request(9, {user("Grüße 😀")}));
    QCOMPARE(finished.size(), 1);
    QCOMPARE(finished[0][0].value<RequestId>(), RequestId{9});
    const auto outcome = finished[0][1].value<Outcome>();
    QVERIFY(!outcome.failed);
    QCOMPARE(joined(text).toStdString(), outcome.result.text);
    QCOMPARE(outcome.result.tokens.size(), std::size_t{60});
    const auto last = progress.back()[1].value<Progress>();
    QCOMPARE(last.written, 60U);
    QCOMPARE(last.readDone, last.readTotal);
    QCOMPARE(last.contextUsed, outcome.result.context_used);
    QVERIFY(last.firstTokenMs >= 0);
    for (const QList<QVariant>& piece : text) {
      const QString delta = piece[1].toString();
      QVERIFY(!delta.isEmpty());
      QVERIFY(!delta.front().isLowSurrogate() && !delta.back().isHighSurrogate());
    }
  }

  void an_answer_says_what_it_came_of_and_how_fast() {
    InferenceWorker worker;
    QSignalSpy loaded(&worker, &InferenceWorker::loaded);
    load(worker, m_path);
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    worker.configure({.id = 2, .config = {.threads = 2, .batch = 64, .context = 512}});
    worker.generate(request(3, {user("hello")}));
    const auto outcome = finished[0][1].value<Outcome>();
    QCOMPARE(outcome.model, loaded[0][1].value<LoadedModel>().name);
    QCOMPARE(outcome.threads, 2);
    QCOMPARE(outcome.seed, std::uint64_t{5});
    const GenerateResult& result = outcome.result;
    QVERIFY(result.stop_reason == StopReason::MaxTokens);
    QVERIFY(result.prompt_tokens > result.reused_tokens);
    QVERIFY(result.time_to_first_token_ms > 0 && result.time_to_first_token_ms >= result.prefill_ms);
    QVERIFY(result.prefill_tokens_per_s > 0 && result.decode_tokens_per_s > 0);
  }

  void text_comes_at_most_once_a_frame() {
    InferenceWorker worker;
    load(worker, m_path);
    QSignalSpy text(&worker, &InferenceWorker::textArrived);
    QSignalSpy progress(&worker, &InferenceWorker::progressed);
    QElapsedTimer clock;
    clock.start();
    worker.generate(request(1, {user("hello")}, 400));
    const auto frames = clock.elapsed() / 33 + 3;  // the first, the end of reading and the last are not bound to a frame
    QVERIFY2(text.size() <= frames, qPrintable(QString("%1 of %2").arg(text.size()).arg(frames)));
    QVERIFY2(progress.size() <= frames, qPrintable(QString("%1 of %2").arg(progress.size()).arg(frames)));
  }

  void the_next_turn_reuses_what_was_read() {
    InferenceWorker worker;
    load(worker, m_path);
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    worker.generate(request(1, {user("Tell me something")}));
    const auto first = finished[0][1].value<Outcome>().result;
    worker.generate(request(2, {user("Tell me something"), {Role::Assistant, first.text, first.tokens}, user("More")}));
    const auto second = finished[1][1].value<Outcome>().result;
    QVERIFY2(second.reused_tokens + 1 >= first.context_used,
             qPrintable(QString("%1 of %2").arg(second.reused_tokens).arg(first.context_used)));
  }

  void a_stop_that_came_before_is_honoured() {
    InferenceWorker worker;
    load(worker, m_path);
    QSignalSpy text(&worker, &InferenceWorker::textArrived);
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    GenerateRequest stopped = request(1, {user("hello")});
    stopped.stop.request_stop();
    worker.generate(stopped);
    QCOMPARE(text.size(), 0);
    const auto outcome = finished[0][1].value<Outcome>();
    QVERIFY(outcome.failed ? outcome.error.code == ErrorCode::Stopped
                           : outcome.result.stop_reason == StopReason::Stopped);
    LoadRequest load{.id = 2, .path = m_path, .config = kConfig};
    load.stop.request_stop();
    QSignalSpy failed(&worker, &InferenceWorker::loadFailed);
    worker.load(load);
    QVERIFY(failed[0][1].value<LoadFailure>().error.code == ErrorCode::Stopped);
    QVERIFY(failed[0][1].value<LoadFailure>().keptPrevious);
  }

  void a_stop_from_another_thread_ends_the_answer() {
    InferenceWorker worker;
    load(worker, m_path);
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    GenerateRequest endless = request(1, {user("hello")}, 0);
    std::atomic<int> pieces = 0;
    std::thread stopper;
    connect(&worker, &InferenceWorker::textArrived, this, [&] {
      if (pieces++ == 0) stopper = std::thread([stop = endless.stop]() mutable { stop.request_stop(); });
    }, Qt::DirectConnection);
    worker.generate(endless);
    if (stopper.joinable()) stopper.join();
    const auto outcome = finished[0][1].value<Outcome>();
    QVERIFY(!outcome.failed);
    QVERIFY(outcome.result.stop_reason == StopReason::Stopped || outcome.result.stop_reason == StopReason::ContextFull);
  }

  void a_failed_load_keeps_the_model_that_answers() {
    InferenceWorker worker;
    load(worker, m_path);
    QSignalSpy failed(&worker, &InferenceWorker::loadFailed);
    worker.load({.id = 2, .path = m_path + ".missing", .config = kConfig});
    const auto failure = failed[0][1].value<LoadFailure>();
    QVERIFY(failure.error.code == ErrorCode::NotFound);
    QVERIFY(failure.keptPrevious);
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    worker.generate(request(3, {user("still there?")}));
    QVERIFY(!finished[0][1].value<Outcome>().failed);
  }

  void a_failed_load_that_had_to_unload_first_leaves_nothing() {
    InferenceWorker worker;
    load(worker, m_path);
    QSignalSpy failed(&worker, &InferenceWorker::loadFailed);
    worker.load({.id = 2, .path = m_path + ".missing", .config = kConfig, .unloadFirst = true});
    QVERIFY(!failed[0][1].value<LoadFailure>().keptPrevious);
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    worker.generate(request(3, {user("hello")}));
    QVERIFY(finished[0][1].value<Outcome>().failed);
  }

  void the_answer_is_the_same_with_other_threads_and_batches() {
    InferenceWorker worker;
    load(worker, m_path);
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    QSignalSpy configured(&worker, &InferenceWorker::configured);
    const std::vector<ChatMessage> messages{user("One question that takes more than a few tokens to read")};
    worker.generate(request(1, messages));
    worker.configure({.id = 2, .config = {.threads = 2, .batch = 7, .context = 300}});
    QCOMPARE(configured.size(), 1);
    QCOMPARE(configured[0][1].value<EngineConfig>(), (EngineConfig{.threads = 2, .batch = 7, .context = 300}));
    worker.generate(request(3, messages));
    QCOMPARE(finished[1][1].value<Outcome>().result.tokens, finished[0][1].value<Outcome>().result.tokens);
  }

  void a_compact_cache_is_used_and_reported() {
    InferenceWorker worker;
    load(worker, m_path);
    QSignalSpy configured(&worker, &InferenceWorker::configured);
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    EngineConfig compact = kConfig;
    compact.cache = CachePrecision::EightBit;
    worker.configure({.id = 2, .config = compact});
    QCOMPARE(configured.size(), 1);
    QCOMPARE(configured[0][1].value<EngineConfig>(), compact);
    worker.generate(request(3, {user("hello")}));
    QVERIFY(!finished[0][1].value<Outcome>().failed);
    QSignalSpy loaded(&worker, &InferenceWorker::loaded);
    worker.load({.id = 4, .path = m_path, .config = compact});
    QCOMPARE(loaded[0][1].value<LoadedModel>().inUse, compact);
  }

  void a_configuration_that_cannot_be_keeps_the_old_one() {
    InferenceWorker worker;
    load(worker, m_path);
    QSignalSpy failed(&worker, &InferenceWorker::configureFailed);
    worker.configure({.id = 2, .config = {.threads = 1, .batch = 0, .context = 512}});
    QCOMPARE(failed.size(), 1);
    QCOMPARE(failed[0][2].value<EngineConfig>(), kConfig);
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    worker.generate(request(3, {user("hello")}));
    QVERIFY(!finished[0][1].value<Outcome>().failed);
  }

  void a_message_beyond_the_context_is_an_error() {
    InferenceWorker worker;
    load(worker, m_path);
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    worker.generate(request(1, {user(std::string(5000, 'x'))}));
    const auto outcome = finished[0][1].value<Outcome>();
    QVERIFY(outcome.failed);
    QVERIFY(outcome.error.code == ErrorCode::PromptTooLong);
  }

  void a_word_of_an_answer_has_its_odds_and_the_next_turn_stays_quick() {
    InferenceWorker worker;
    load(worker, m_path);
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    worker.generate(request(1, {user("hello")}));
    const auto first = finished[0][1].value<Outcome>().result;
    const std::vector<ChatMessage> messages{user("hello"), {Role::Assistant, first.text, first.tokens}};
    QSignalSpy ready(&worker, &InferenceWorker::oddsReady);
    QSignalSpy failed(&worker, &InferenceWorker::oddsFailed);
    worker.odds({.id = 8, .messages = messages, .index = 20, .count = 10});
    QCOMPARE(failed.size(), 0);
    QCOMPARE(ready.size(), 1);
    QCOMPARE(ready[0][0].value<RequestId>(), RequestId{8});
    const auto odds = ready[0][1].value<Odds>();
    QCOMPARE(odds.chosen.token, first.tokens[20]);
    QCOMPARE(odds.best.size(), std::size_t{10});
    QCOMPARE(odds.computed_tokens, 1U);
    worker.generate(request(2, {messages[0], messages[1], user("More")}));
    QVERIFY(finished[1][1].value<Outcome>().result.reused_tokens + 1 >= first.context_used);
    worker.odds({.id = 9, .messages = messages, .index = 60});
    QCOMPARE(failed.size(), 1);
    QCOMPARE(failed[0][0].value<RequestId>(), RequestId{9});
    QVERIFY(failed[0][1].value<Error>().code == ErrorCode::InvalidOption);
  }

  void without_a_model_there_are_no_odds() {
    InferenceWorker worker;
    QSignalSpy failed(&worker, &InferenceWorker::oddsFailed);
    worker.odds({.id = 1, .messages = {user("hello"), {Role::Assistant, "x", {}}}});
    QCOMPARE(failed.size(), 1);
    QVERIFY(failed[0][1].value<Error>().code == ErrorCode::Internal);
  }

  void the_fastest_settings_are_found_and_the_conversation_stays() {
    InferenceWorker worker;
    QSignalSpy loaded(&worker, &InferenceWorker::loaded);
    load(worker, m_path);
    QVERIFY(!loaded[0][1].value<LoadedModel>().identity.empty());
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    worker.generate(request(1, {user("hello")}));
    const auto first = finished[0][1].value<Outcome>().result;
    QSignalSpy progress(&worker, &InferenceWorker::tuneProgressed);
    QSignalSpy tuned(&worker, &InferenceWorker::tuned);
    worker.tune({.id = 7, .limits = {.cpu = {.logical = 2, .recommended = 2}, .budget_s = 3}});
    QCOMPARE(tuned.size(), 1);
    QCOMPARE(tuned[0][0].value<RequestId>(), RequestId{7});
    const auto tuning = tuned[0][1].value<Tuning>();
    QVERIFY(!tuning.writing_by_threads.empty());
    QVERIFY(tuning.threads >= 1 && tuning.threads <= 2);
    QCOMPARE(progress.back()[1].toDouble(), 1.0);
    worker.generate(request(2, {user("hello"), {Role::Assistant, first.text, first.tokens}, user("More")}));
    QVERIFY(finished[1][1].value<Outcome>().result.reused_tokens + 1 >= first.context_used);
  }

  void a_measurement_can_be_stopped_and_needs_a_model() {
    InferenceWorker worker;
    QSignalSpy failed(&worker, &InferenceWorker::tuneFailed);
    worker.tune({.id = 1, .limits = {}});
    QVERIFY(failed[0][1].value<Error>().code == ErrorCode::Internal);
    load(worker, m_path);
    TuneRequest stopped{.id = 2, .limits = {.cpu = {.logical = 2, .recommended = 2}}};
    connect(&worker, &InferenceWorker::tuneProgressed, this, [&] { stopped.stop.request_stop(); }, Qt::DirectConnection);
    worker.tune(stopped);
    QCOMPARE(failed.size(), 2);
    QVERIFY(failed[1][1].value<Error>().code == ErrorCode::Stopped);
  }

  void after_shut_down_nothing_is_begun() {
    InferenceWorker worker;
    worker.shutDown();
    QSignalSpy loaded(&worker, &InferenceWorker::loaded);
    QSignalSpy failed(&worker, &InferenceWorker::loadFailed);
    worker.load({.id = 1, .path = m_path, .config = kConfig});
    QSignalSpy odds(&worker, &InferenceWorker::oddsFailed);
    worker.odds({.id = 2, .messages = {}});
    QCOMPARE(loaded.size() + failed.size() + odds.size(), 0);
  }
};

QTEST_GUILESS_MAIN(TestInferenceWorker)
#include "tst_inference_worker.moc"
