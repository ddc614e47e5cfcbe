// What holds for one chat: as JSON, within the ranges of the settings, and as the window shows it.
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include <limits>
#include <memory>

#include "app/chat_controller.h"
#include "app/chat_settings_view.h"
#include "app/model_controller.h"
#include "app/notice.h"
#include "app/personas.h"
#include "app/settings.h"
#include "app/storage/history_store.h"

using namespace tercet;
using Part = ChatSettingsView::Part;

namespace {

ChatSettings everything() {
  return {.persona = "tercet/tutor", .model = "/models/ä.gguf", .systemPrompt = "Be \"brief\".\n", .temperature = 0.1, .topK = 0,
          .topP = 0.123, .minP = 0.0, .repeatPenalty = 1.05, .maxTokens = 7, .seed = "18446744073709551615",
          .policy = ContextPolicy::Ask};
}

QByteArray bytesOf(const ChatSettings& settings) { return QJsonDocument(settings.toJson()).toJson(); }

}  // namespace

class TestChatSettings : public QObject {
  Q_OBJECT

  struct Bench {
    QTemporaryDir dir;
    Settings settings{dir.path(), 4};
    Notice notice;
    HistoryStore store;
    ModelController model{dir.path(), CpuTopology{.logical = 4, .recommended = 2}, &settings, &notice};
    ChatController chat{&store, &settings, &notice};
    LibraryStore library{&store.database()};
    Personas personas{&library, &notice};
    ChatSettingsView view{&chat, &settings, &model, &personas, &notice};

    Bench() {
      store.open(HistoryStore::fileIn(dir.path()));
      personas.load();
      chat.setModelReady(true);
      chat.setContextTotal(100);
    }
    ConversationId say(const QString& text) {
      chat.setDraft(text);
      chat.send();
      chat.stopAll();
      chat.onFinished(static_cast<RequestId>(++m_requests), Outcome{});
      return chat.conversation();
    }
    void openModel(const QString& path) {
      LoadRequest wanted;
      const auto hold = QObject::connect(&model, &ModelController::loadRequested, &model,
                                         [&wanted](const LoadRequest& request) { wanted = request; });
      model.openPath(path);
      QObject::disconnect(hold);
      LoadedModel loaded;
      loaded.path = wanted.path;
      loaded.config.context_length = 4096;
      loaded.inUse = wanted.config;
      model.onLoaded(wanted.id, loaded);
    }
    int m_requests = 0;
  };
  std::unique_ptr<Bench> b;

 private Q_SLOTS:
  void init() { b = std::make_unique<Bench>(); }
  void cleanup() { b.reset(); }

  void json_gives_back_what_was_put_in() {
    const QJsonObject read = QJsonDocument::fromJson(bytesOf(everything())).object();
    QVERIFY(ChatSettings::fromJson(read) == everything());
    QVERIFY(ChatSettings{}.toJson().isEmpty());
    QVERIFY(ChatSettings::fromJson({}) == ChatSettings{});
  }

  void a_value_of_the_wrong_type_is_left_out() {
    const QJsonObject strange{{"temperature", "hot"}, {"top_k", 1.5}, {"top_p", true}, {"system_prompt", 3},
                              {"max_tokens", 1e300}, {"seed", 5}, {"context_policy", "whatever"}, {"unknown", 1}};
    QVERIFY(ChatSettings::fromJson(strange) == ChatSettings{});
  }

  void what_the_settings_would_refuse_is_left_out_and_the_rest_stays() {
    QVERIFY(b->settings.inRange(everything()) == everything());
    ChatSettings wild = everything();
    wild.temperature = std::numeric_limits<double>::quiet_NaN();
    wild.topP = 0;
    wild.minP = 1;
    wild.topK = -1;
    wild.repeatPenalty = 3;
    wild.maxTokens = -5;
    wild.seed = "18446744073709551616";
    ChatSettings tame = everything();
    tame.setSampling(std::nullopt);
    tame.maxTokens.reset();
    tame.seed.reset();
    QVERIFY(b->settings.inRange(wild) == tame);
  }

  void a_preset_leaves_seed_and_policy_to_the_chat() {
    const ChatSettings preset = everything().preset();
    QVERIFY(preset.persona.isEmpty() && !preset.seed && !preset.policy);
    QVERIFY(everything().withPreset(preset) == everything());
    const ChatSettings bare = everything().withPreset({});
    QCOMPARE(*bare.seed, *everything().seed);
    QVERIFY(bare.preset() == ChatSettings{});
  }

  void a_chat_follows_the_general_settings_until_it_has_its_own() {
    QSignalSpy changed(&b->view, &ChatSettingsView::changed);
    b->settings.setTemperature(0.5);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(b->view.temperature(), 0.5);
    QVERIFY(!b->view.ownAnything());
    b->view.setTemperature(0.5);  // what a field shows is no choice
    QVERIFY(!b->view.ownAnything());
    b->view.setTemperature(0.9);
    b->settings.setTemperature(0.4);
    QCOMPARE(b->view.temperature(), 0.9);
    QVERIFY(b->view.ownSampling());
    b->view.follow(Part::Sampling);
    QCOMPARE(b->view.temperature(), 0.4);
    QVERIFY(!b->view.ownAnything());
  }

  void a_value_out_of_range_is_refused_and_the_old_one_shown_again() {
    QSignalSpy changed(&b->view, &ChatSettingsView::changed);
    b->view.setTopP(0);
    b->view.setSeed("-1");
    QCOMPARE(changed.size(), 2);
    QVERIFY(!b->view.ownAnything());
  }

  void a_style_is_the_numbers_of_its_word() {
    QCOMPARE(b->view.style(), static_cast<int>(SamplingStyle::Balanced));
    for (const auto style : {SamplingStyle::Creative, SamplingStyle::Focused, SamplingStyle::Balanced}) {
      b->view.setStyle(static_cast<int>(style));
      QCOMPARE(b->view.style(), static_cast<int>(style));
      QCOMPARE(b->view.topK(), valuesOf(style).topK);
    }
    b->view.setTemperature(0.69);
    QCOMPARE(b->view.style(), static_cast<int>(SamplingStyle::Custom));
    b->view.setStyle(static_cast<int>(SamplingStyle::Custom));  // no numbers belong to it
    QCOMPARE(b->view.temperature(), 0.69);
  }

  void every_style_is_in_the_range_of_the_settings() {
    for (const SamplingValues& values : kSamplingStyles) {
      ChatSettings settings;
      settings.setSampling(values);
      QVERIFY(b->settings.inRange(settings) == settings);
    }
  }

  void choices_of_a_new_chat_are_stored_with_its_first_message() {
    b->view.setSystemPrompt("Be brief.");
    const ConversationId id = b->say("q");
    QCOMPARE(*b->store.conversation(id)->settings.systemPrompt, "Be brief.");
    b->chat.newChat();
    QVERIFY(!b->view.ownAnything());
  }

  void what_is_typed_in_a_chat_is_stored_when_the_typing_rests_or_the_chat_is_left() {
    const ConversationId id = b->say("q");
    b->view.setSystemPrompt("B");
    QVERIFY(!b->store.conversation(id)->settings.systemPrompt);
    b->view.setSystemPrompt("Be brief.");
    b->chat.newChat();
    QCOMPARE(*b->store.conversation(id)->settings.systemPrompt, "Be brief.");
    b->chat.open(id);
    b->view.setSystemPrompt("Be long.");
    QTRY_COMPARE(*b->store.conversation(id)->settings.systemPrompt, "Be long.");
  }

  void a_persona_brings_its_preset_and_leaves_the_rest() {
    b->view.setSeed("7");
    b->view.usePersona(2);
    QCOMPARE(b->view.personaRow(), 2);
    QVERIFY(!b->view.personaChanged());
    QCOMPARE(b->view.systemPrompt(), *b->personas.presetOf(2).systemPrompt);
    QCOMPARE(b->view.seed(), "7");
    b->view.setTemperature(1.5);
    QVERIFY(b->view.personaChanged());
    b->view.usePersona(2);
    QVERIFY(!b->view.personaChanged());
    b->view.usePersona(-1);
    QCOMPARE(b->view.personaRow(), -1);
    QVERIFY(!b->view.ownSystemPrompt() && !b->view.ownSampling());
    QCOMPARE(b->view.seed(), "7");
  }

  void instructions_written_by_hand_come_back_with_undo() {
    b->view.setSystemPrompt("Mine.");
    b->view.usePersona(0);
    QVERIFY(b->notice.visible());
    b->notice.trigger();
    QCOMPARE(b->view.systemPrompt(), "Mine.");
    QCOMPARE(b->view.personaRow(), -1);
    b->view.usePersona(0);
    b->notice.dismiss();
    b->view.usePersona(1);  // nothing of the person's is lost
    QVERIFY(!b->notice.visible());
  }

  void reset_follows_the_general_settings_and_can_be_undone() {
    b->view.usePersona(1);
    b->view.setAsksWhenFull(true);
    const ChatSettings before = b->chat.chatSettings();
    b->view.reset();
    QVERIFY(!b->view.ownAnything());
    b->notice.trigger();
    QVERIFY(b->chat.chatSettings() == before);
  }

  void undo_does_not_reach_into_another_chat() {
    b->say("q");
    b->view.setSystemPrompt("Mine.");
    b->view.reset();
    b->chat.newChat();
    b->notice.trigger();
    QVERIFY(!b->view.ownAnything());
  }

  void a_persona_of_the_program_is_the_same_in_another_language() {
    QTranslator spanish;
    QVERIFY(spanish.load(QStringLiteral(":/i18n/tercet_es.qm")));
    QVERIFY(QCoreApplication::installTranslator(&spanish));
    b->personas.retranslate();
    b->view.usePersona(1);
    const QString before = b->view.systemPrompt();
    QVERIFY(QCoreApplication::removeTranslator(&spanish));
    b->personas.retranslate();
    QVERIFY(*b->personas.presetOf(1).systemPrompt != before);
    QVERIFY(!b->view.personaChanged());
    b->view.setSystemPrompt(before + " And rhyme.");
    QVERIFY(b->view.personaChanged());
  }

  void a_chat_can_become_a_persona_and_change_it() {
    b->view.setSystemPrompt("Rhyme.");
    QVERIFY(b->view.saveAsPersona("Poet"));
    QCOMPARE(b->view.personaName(), "Poet");
    QVERIFY(!b->view.personaChanged());
    b->view.setSystemPrompt("Rhyme well.");
    QVERIFY(b->view.personaChanged());
    b->view.updatePersona();
    QVERIFY(!b->view.personaChanged());
    QCOMPARE(*b->personas.presetOf(b->view.personaRow()).systemPrompt, "Rhyme well.");
    QVERIFY(b->personas.edit(b->view.personaRow(), "Bard", "Rhyme well.", static_cast<int>(SamplingStyle::Custom)));
    QCOMPARE(b->view.personaName(), "Bard");
    QVERIFY(!b->view.saveAsPersona(" "));
  }

  void a_chat_that_is_meant_for_another_model_says_so() {
    b->openModel("/models/a.gguf");
    b->view.keepModel();
    QCOMPARE(b->view.modelFile(), "a.gguf");
    QVERIFY(!b->view.otherModelOpen() && !b->notice.visible());
    b->openModel("/models/b.gguf");
    QVERIFY(b->view.otherModelOpen());
    QCOMPARE(b->notice.action(), Notice::Action::OpenChatModel);
    b->notice.dismiss();
    b->view.setSystemPrompt("x");
    QVERIFY(!b->notice.visible());  // said once
    QSignalSpy loads(&b->model, &ModelController::loadRequested);
    b->view.openItsModel();
    QCOMPARE(loads.size(), 1);
    b->view.follow(Part::Model);
    QVERIFY(!b->view.otherModelOpen());
    QVERIFY(b->view.modelFile().isEmpty());
  }

  void the_notice_about_the_model_goes_when_it_no_longer_holds() {
    b->openModel("/models/a.gguf");
    b->view.keepModel();
    b->openModel("/models/b.gguf");
    QVERIFY(b->notice.visible());
    b->view.keepModel();
    QVERIFY(!b->notice.visible());
  }
};

QTEST_GUILESS_MAIN(TestChatSettings)

#include "tst_chat_settings.moc"
