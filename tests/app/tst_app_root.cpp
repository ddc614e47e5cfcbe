// Everything wired, with the inference thread and a tiny model: a whole conversation, and leaving in the middle of one.
#include <QClipboard>
#include <QElapsedTimer>
#include <QFile>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <memory>

#include "app/app_root.h"
#include "app/export/export_all.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_model.h"

using namespace tercet;
using ChatState = ChatController::State;
using ModelState = ModelController::State;

namespace {

// How much slower than released code this may be.
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr qint64 kSlack = 1;
#else
constexpr qint64 kSlack = 10;
#endif

}  // namespace

class TestAppRoot : public QObject {
  Q_OBJECT

  test::TempDir m_models;
  QString m_path, m_slowPath;
  std::unique_ptr<test::TempDir> m_data;
  std::unique_ptr<AppRoot> m_root;

  void open(const QString& path) {
    m_root = std::make_unique<AppRoot>(QString::fromStdString(m_data->path().string()));
    m_root->start(path);
    QTRY_COMPARE_WITH_TIMEOUT(m_root->model()->state(), ModelState::Ready, 60000);
  }
  bool say(const QString& text) {
    m_root->chat()->setDraft(text);
    return m_root->chat()->send();
  }
  void waitForAnswer() { QTRY_COMPARE_WITH_TIMEOUT(m_root->chat()->state(), ChatState::Idle, 120000); }
  const Message& last() { return m_root->chat()->messages()->last(); }

 private Q_SLOTS:
  void initTestCase() {
    m_path = QString::fromStdString(m_models.write("tiny.gguf", test::make_tiny_gguf()));
    // Slow enough that an answer is still under way when something is done to it.
    test::TinyModelOptions slow;
    slow.layers = 12;
    slow.hidden = 1024;
    slow.heads = 16;
    slow.kv_heads = 4;
    slow.ffn = 4096;
    slow.context = 4096;
    m_slowPath = QString::fromStdString(m_models.write("slow.gguf", test::make_tiny_gguf(slow)));
  }
  void init() { m_data = std::make_unique<test::TempDir>(); }
  void cleanup() {
    m_root.reset();
    m_data.reset();
  }

  void a_conversation_from_start_to_end() {
    open(m_path);
    m_root->settings()->setMaxTokens(20);
    QVERIFY(say("Hello"));
    waitForAnswer();
    QCOMPARE(m_root->chat()->messages()->count(), 2);
    QVERIFY(!m_root->notice()->visible());
    QVERIFY(last().stats.known);
    QVERIFY(m_root->chat()->contextUsed() > 0);
    QCOMPARE(m_root->chat()->contextTotal(), m_root->model()->effectiveContext());
    QVERIFY(say("And more"));
    waitForAnswer();
    QCOMPARE(m_root->chat()->messages()->count(), 4);
  }

  void an_edited_message_takes_the_place_of_what_follows_it_in_the_context() {
    open(m_path);
    m_root->settings()->setMaxTokens(20);
    QVERIFY(say("Hello"));
    waitForAnswer();
    QVERIFY(say("And more, with many words to count"));
    waitForAnswer();
    ChatController* chat = m_root->chat();
    const int whole = chat->contextUsed();
    chat->beginEdit(2);
    QTRY_VERIFY(chat->draftTokens() > 0 && chat->contextUsed() < whole - 20 - chat->draftTokens());
    chat->beginEdit(0);
    QTRY_COMPARE(chat->contextUsed(), 0);
    m_root->settings()->setSystemPrompt("Answer in one word.");
    QTRY_VERIFY(chat->contextUsed() > 5);
    m_root->settings()->setSystemPrompt({});
    chat->cancelEdit();
    // As the engine had it, but for what starts a conversation and ends an answer.
    QTRY_VERIFY2(qAbs(chat->contextUsed() - whole) <= 2, qPrintable(QStringLiteral("%1, %2").arg(chat->contextUsed()).arg(whole)));
    QVERIFY(!chat->contextFull());
    chat->setDraft(QStringLiteral("more words than there is room ").repeated(chat->contextTotal()));
    QTRY_VERIFY(chat->contextFull());
    QVERIFY(chat->contextShort());
  }

  void the_same_seed_gives_the_same_answer_and_none_another() {
    open(m_path);
    m_root->settings()->setMaxTokens(30);
    m_root->settings()->setTemperature(5);
    m_root->settings()->setTopK(0);
    m_root->settings()->setTopP(1);
    m_root->settings()->setMinP(0);
    m_root->settings()->setSeed("11");
    QVERIFY(say("Hello"));
    waitForAnswer();
    const std::vector<TokenId> first = last().tokens;
    m_root->settings()->setThreads(1);
    m_root->settings()->setBatch(1);
    m_root->chat()->regenerate();
    waitForAnswer();
    QCOMPARE(last().tokens, first);
    QCOMPARE(m_root->model()->effectiveBatch(), 1);
    m_root->settings()->setSeed("");
    m_root->chat()->regenerate();
    waitForAnswer();
    QVERIFY(last().tokens != first);
  }

  void stop_quiets_the_engine_within_200_ms_while_writing() {
    open(m_slowPath);
    QVERIFY(say("Hello"));
    QTRY_COMPARE_WITH_TIMEOUT(m_root->chat()->state(), ChatState::Writing, 60000);
    QElapsedTimer clock;
    clock.start();
    m_root->chat()->stop();
    QTRY_COMPARE_WITH_TIMEOUT(m_root->chat()->state(), ChatState::Idle, 5000);
    const qint64 took = clock.elapsed();
    QCOMPARE(last().state, MessageModel::State::Stopped);
    QVERIFY(!last().text.isEmpty());
    QVERIFY2(took <= 200 * kSlack, qPrintable(QString::number(took)));
  }

  void stop_quiets_the_engine_within_200_ms_while_reading() {
    open(m_slowPath);
    QVERIFY(say(QString("some words that have to be read ").repeated(80)));
    QTRY_VERIFY_WITH_TIMEOUT(m_root->chat()->readingProgress() > 0 || m_root->chat()->state() != ChatState::Reading, 60000);
    QCOMPARE(m_root->chat()->state(), ChatState::Reading);
    m_root->chat()->stop();
    QElapsedTimer clock;
    clock.start();
    QTRY_COMPARE_WITH_TIMEOUT(m_root->chat()->state(), ChatState::Idle, 10000);
    const qint64 took = clock.elapsed();
    QVERIFY2(took <= 200 * kSlack, qPrintable(QString::number(took)));
    QCOMPARE(last().state, MessageModel::State::Stopped);
    QCOMPARE(last().text, "");
    QVERIFY(m_root->chat()->canSend());
  }

  void leaving_while_an_answer_is_written_takes_no_time() {
    open(m_slowPath);
    QVERIFY(say("Hello"));
    QTRY_COMPARE_WITH_TIMEOUT(m_root->chat()->state(), ChatState::Writing, 60000);
    QElapsedTimer clock;
    clock.start();
    m_root->shutDown();
    const qint64 took = clock.elapsed();
    QVERIFY2(took < 300 * kSlack, qPrintable(QString::number(took)));
  }

  void leaving_while_a_model_loads_leaves_no_marker() {
    m_root = std::make_unique<AppRoot>(QString::fromStdString(m_data->path().string()));
    m_root->start(m_slowPath);
    QCOMPARE(m_root->model()->state(), ModelState::Loading);
    m_root.reset();
    QVERIFY(!std::filesystem::exists(m_data->path() / "loading-model"));
  }

  void the_model_of_last_time_comes_back() {
    open(m_path);
    m_root.reset();
    open({});
    QCOMPARE(m_root->model()->path(), m_path);
  }

  void a_damaged_file_costs_neither_the_model_nor_the_draft() {
    open(m_path);
    m_root->chat()->setDraft("half a thought");
    const std::string bad = m_models.write("bad.gguf", std::as_bytes(std::span("GGUF and then nothing")));
    m_root->model()->open(QUrl::fromLocalFile(QString::fromStdString(bad)));
    QTRY_COMPARE(m_root->model()->state(), ModelState::Ready);
    QCOMPARE(m_root->model()->path(), m_path);
    QCOMPARE(m_root->chat()->draft(), "half a thought");
    QVERIFY(m_root->notice()->visible());
    QVERIFY(m_root->notice()->code().startsWith("M-1"));
    m_root->settings()->setMaxTokens(5);
    QVERIFY(m_root->chat()->send());
    waitForAnswer();
    QCOMPARE(last().state, MessageModel::State::LengthReached);
  }

  void opening_a_model_stops_the_answer_first() {
    open(m_slowPath);
    QVERIFY(say("Hello"));
    QTRY_COMPARE_WITH_TIMEOUT(m_root->chat()->state(), ChatState::Writing, 60000);
    m_root->model()->openPath(m_path);
    QTRY_COMPARE_WITH_TIMEOUT(m_root->model()->state(), ModelState::Ready, 60000);
    QCOMPARE(m_root->model()->path(), m_path);
    QCOMPARE(m_root->chat()->state(), ChatState::Idle);
    QCOMPARE(last().state, MessageModel::State::Stopped);
    // Its token ids are the other model's.
    QVERIFY(last().stats.modelIdentity != QString::fromStdString(m_root->model()->identity()));
    QVERIFY(m_root->chat()->canSend());
  }

  void a_long_conversation_leaves_the_oldest_out() {
    open(m_path);
    m_root->settings()->setMaxTokens(30);
    m_root->settings()->setContext(128);
    m_root->model()->reloadWithCurrentSettings();
    QTRY_COMPARE(m_root->model()->effectiveContext(), 128);
    for (int turn = 0; turn < 6; ++turn) {
      QVERIFY(say("Tell me one more thing about it"));
      waitForAnswer();
    }
    QVERIFY(m_root->chat()->droppedMessages() > 0);
    QVERIFY(m_root->chat()->messages()->forgottenBefore() > 0);
    QCOMPARE(m_root->chat()->messages()->count(), 12);
  }

  void the_fastest_settings_are_measured_used_and_remembered() {
    open(m_path);
    m_root->tuning()->start();
    QVERIFY(m_root->tuning()->measuring());
    QTRY_VERIFY_WITH_TIMEOUT(!m_root->tuning()->measuring(), 60000);
    QVERIFY(m_root->tuning()->hasResult());
    const int threads = m_root->tuning()->threads(), batch = m_root->tuning()->batch();
    QTRY_COMPARE(m_root->model()->effectiveThreads(), threads);
    QTRY_COMPARE(m_root->model()->effectiveBatch(), batch);
    m_root.reset();
    open({});
    QVERIFY(m_root->model()->measured());
    QTRY_COMPARE(m_root->model()->effectiveThreads(), threads);
    QTRY_COMPARE(m_root->model()->effectiveBatch(), batch);
  }

  void a_question_does_not_wait_for_a_measurement() {
    open(m_slowPath);
    m_root->tuning()->start();
    QVERIFY(m_root->tuning()->measuring());
    m_root->settings()->setMaxTokens(3);
    QVERIFY(say("Hello"));
    QCOMPARE(m_root->tuning()->state(), TuningController::State::Stopping);
    waitForAnswer();
    QCOMPARE(last().state, MessageModel::State::LengthReached);
    QTRY_VERIFY(!m_root->tuning()->measuring());
    QVERIFY(!m_root->tuning()->hasResult());
    QVERIFY(m_root->tuning()->canStart());
  }

  void leaving_while_it_measures_ends_the_measurement() {
    open(m_slowPath);
    m_root->tuning()->start();
    m_root->shutDown();
    QVERIFY(!m_root->tuning()->hasResult());
  }

  void a_word_is_looked_at_and_another_taken_in_its_place() {
    open(m_path);
    m_root->settings()->setMaxTokens(20);
    m_root->settings()->setTemperature(3);
    m_root->settings()->setTopK(0);
    m_root->settings()->setTopP(1);
    m_root->settings()->setMinP(0);
    m_root->settings()->setSeed("5");
    QVERIFY(say("Hello"));
    waitForAnswer();
    const Message old = last();
    QVERIFY(old.tokens.size() > 4);

    WordOdds* odds = m_root->odds();
    const OddsModel& list = *odds->alternatives();
    odds->open(1);
    for (int i = 0; i < 3; ++i) odds->next();
    QTRY_VERIFY_WITH_TIMEOUT(!odds->busy(), 20000);
    QVERIFY2(odds->active() && odds->error().isEmpty() && odds->note().isEmpty(), qPrintable(odds->error() + odds->note()));
    QVERIFY(list.count() >= 10);
    double sum = 0;
    int chosen = 0;
    for (int row = 0; row < list.count(); ++row) {
      const double probability = list.at(row).probability;
      QVERIFY(probability > 0 && probability <= 1);
      if (row > 0 && row < 10) QVERIFY(probability <= list.at(row - 1).probability);
      if (list.data(list.index(row), OddsModel::ChosenRole).toBool()) {
        ++chosen;
        QCOMPARE(probability, odds->probability());
      }
      sum += probability;
    }
    QCOMPARE(chosen, 1);
    QVERIFY(odds->probability() > 0 && sum <= 1 + 1e-9);
    QVERIFY(std::abs(sum + list.otherShare() - 1) < 1e-9);

    // The second of those that are whole characters.
    int row = 0;
    for (int seen = 0; row < 10; ++row) {
      const TokenOdds& other = list.at(row);
      if (!other.ends_turn && other.bytes.size() == 1 && is_valid_utf8(other.bytes) && ++seen == 2) break;
    }
    QVERIFY(row < 10);
    const QString beginning = old.text.left(odds->begin()) + QString::fromStdString(list.at(row).bytes);
    std::vector<TokenId> tokens(old.tokens.begin(), old.tokens.begin() + 3);
    tokens.push_back(list.at(row).token);
    odds->continueWith(row);
    QVERIFY(!odds->active());
    waitForAnswer();
    QVERIFY2(last().text.startsWith(beginning), qPrintable(last().text));
    QVERIFY(last().tokens.size() > tokens.size());
    QCOMPARE(std::vector<TokenId>(last().tokens.begin(), last().tokens.begin() + 4), tokens);
    QCOMPARE(m_root->chat()->tree().siblings(last().id).size(), std::size_t(2));
    m_root->chat()->showVersion(1, -1);
    QCOMPARE(last().text, old.text);
  }

  void a_message_that_is_too_long_is_given_back() {
    open(m_path);
    const QString text = QString("far too long ").repeated(2000);
    QVERIFY(say(text));
    waitForAnswer();
    QCOMPARE(m_root->chat()->draft(), text);
    QCOMPARE(m_root->chat()->messages()->count(), 0);
    QCOMPARE(m_root->notice()->code(), "C-301");
  }

  void messages_and_details_can_be_copied() {
    open(m_path);
    m_root->settings()->setMaxTokens(3);
    QVERIFY(say("copy *me*"));
    waitForAnswer();
    m_root->chat()->copyMessage(0);
    QCOMPARE(QGuiApplication::clipboard()->text(), "copy *me*");
    m_root->chat()->copyMessage(99);
    QCOMPARE(QGuiApplication::clipboard()->text(), "copy *me*");
    m_root->copyText("code");
    QCOMPARE(QGuiApplication::clipboard()->text(), "code");
  }

  void chats_that_are_not_open_follow_a_persona_that_is_renamed() {
    const QString dir = QString::fromStdString(m_data->path().string());
    std::vector<ConversationId> chats;
    {
      HistoryStore store;
      QVERIFY(store.open(HistoryStore::fileIn(dir)));
      ConversationInfo info;
      info.settings.persona = "Poet";
      for (int i = 0; i < 2; ++i) chats.push_back(store.addConversation(info));
      QVERIFY(LibraryStore(&store.database()).put(StoredPersona{.name = "Poet"}) != 0);
    }
    m_root = std::make_unique<AppRoot>(dir);
    m_root->chat()->open(chats[0]);
    Personas* personas = m_root->personas();
    QVERIFY(personas->edit(personas->rowOf("Poet"), "Bard", "Rhyme.", -1));
    HistoryStore store;
    QVERIFY(store.openReadOnly(HistoryStore::fileIn(dir)));
    for (const ConversationId id : chats) QCOMPARE(store.conversation(id)->settings.persona, "Bard");
    QCOMPARE(m_root->chat()->chatSettings().persona, "Bard");
  }

  void what_an_import_brings_is_shown_at_once() {
    const QString dir = QString::fromStdString(m_data->path().string());
    QFile file(dir + "/all.zip");
    {
      test::TempDir elsewhere;
      HistoryStore store;
      QVERIFY(store.open(HistoryStore::fileIn(QString::fromStdString(elsewhere.path().string()))));
      TransferStore transfer(&store);
      QVERIFY(transfer.add(Library{.folders = {{"Empty", 1}}, .personas = {{"", "Poet", {}, false, 1}},
                                   .prompts = {{"", "Ask", "Say {{what}}", false, 1, 0}}}));
      QVERIFY(file.open(QIODevice::WriteOnly));
      QVERIFY(!exportAll(transfer, file, [](double) { return true; }).error);
      file.close();
    }
    m_root = std::make_unique<AppRoot>(dir);
    const int prompts = m_root->prompts()->count(), rows = m_root->conversations()->rowCount();
    QSignalSpy finished(m_root->transfer(), &TransferController::finished);
    m_root->transfer()->importFile(QUrl::fromLocalFile(file.fileName()));
    QVERIFY(finished.wait(30000));
    QVERIFY(m_root->personas()->rowOf("Poet") >= 0);
    QCOMPARE(m_root->prompts()->count(), prompts + 1);
    QCOMPARE(m_root->conversations()->rowCount(), rows + 1);  // the folder
  }

  void a_language_is_installed_at_once() {
    open(m_path);
    QSignalSpy retranslated(m_root.get(), &AppRoot::retranslated);
    m_root->settings()->setLanguage("es");
    QCOMPARE(retranslated.size(), 1);
    QCOMPARE(QLocale().language(), QLocale::Spanish);
    m_root->settings()->setLanguage("en");
    QCOMPARE(QLocale().language(), QLocale::English);
  }
};

QTEST_MAIN(TestAppRoot)
#include "tst_app_root.moc"
