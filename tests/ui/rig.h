// The types of the window without an engine: what the engine would say is said by the test.
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QUrl>

#include <memory>
#include <string>

#include "app/app_root.h"
#include "app/chat_controller.h"
#include "app/chat_settings_view.h"
#include "app/filled_prompt.h"
#include "app/find_in_chat.h"
#include "app/conversation_list.h"
#include "app/deleted_list.h"
#include "app/model_controller.h"
#include "app/notice.h"
#include "app/personas.h"
#include "app/prompt_library.h"
#include "app/settings.h"
#include "app/storage/history_store.h"
#include "app/storage/library_store.h"
#include "app/tuning_controller.h"
#include "app/word_odds.h"
#include "tests/support/temp_dir.h"

class QQmlEngine;

namespace tercet::test {

/// A chat whose engine is the test itself.
class Rig : public QObject {
  Q_OBJECT
  Q_PROPERTY(tercet::ChatController* chat READ chat CONSTANT)
  Q_PROPERTY(tercet::ConversationList* conversations READ conversations CONSTANT)
  Q_PROPERTY(tercet::DeletedList* deleted READ deleted CONSTANT)
  Q_PROPERTY(tercet::ModelController* model READ model CONSTANT)
  Q_PROPERTY(tercet::TuningController* tuning READ tuning CONSTANT)
  Q_PROPERTY(tercet::Settings* settings READ settings CONSTANT)
  Q_PROPERTY(tercet::FindInChat* find READ find CONSTANT)
  Q_PROPERTY(tercet::WordOdds* odds READ odds CONSTANT)
  Q_PROPERTY(tercet::Notice* notice READ notice CONSTANT)
  Q_PROPERTY(tercet::ChatSettingsView* chatSettings READ chatSettings CONSTANT)
  Q_PROPERTY(tercet::Personas* personas READ personas CONSTANT)
  Q_PROPERTY(tercet::PromptLibrary* prompts READ prompts CONSTANT)
  Q_PROPERTY(tercet::FilledPrompt* filledPrompt READ filledPrompt CONSTANT)
  Q_PROPERTY(int requests READ requests NOTIFY requested)
  Q_PROPERTY(QString question READ question NOTIFY requested)

 public:
  explicit Rig(QObject* parent = nullptr);

  ChatController* chat() { return &m_chat; }
  ConversationList* conversations() { return &m_conversations; }
  DeletedList* deleted() { return &m_deleted; }
  ModelController* model() { return &m_model; }
  TuningController* tuning() { return &m_tuning; }
  Settings* settings() { return &m_settings; }
  FindInChat* find() { return &m_find; }
  WordOdds* odds() { return &m_odds; }
  Notice* notice() { return &m_notice; }
  ChatSettingsView* chatSettings() { return &m_chatSettings; }
  Personas* personas() { return &m_personas; }
  PromptLibrary* prompts() { return &m_prompts; }
  FilledPrompt* filledPrompt() { return &m_filledPrompt; }
  int requests() const { return m_requests; }
  /// The last message of the newest request.
  QString question() const { return m_question; }

  /// What the engine would report about the newest request.
  Q_INVOKABLE void read(int done, int total, double tokensPerSecond);
  Q_INVOKABLE void write(const QString& text);
  Q_INVOKABLE void finish();
  Q_INVOKABLE void finishStopped();
  /// A whole turn: the question is sent, the answer comes and ends.
  Q_INVOKABLE void exchange(const QString& question, const QString& answer);
  /// A conversation of one question, `daysAgo` days old. Returns its id.
  Q_INVOKABLE qint64 remember(const QString& title, int daysAgo = 0);
  /// A model of `context` tokens, as if loaded; nothing is read.
  Q_INVOKABLE void pretendModel(int context, const QString& path = QStringLiteral("/nowhere/tiny.gguf"));
  /// A real one for the tokens of answers.
  Q_INVOKABLE void lendModel();
  /// What the engine would say of the word looked at: 50 % for it, 25 % for "z", 12.5 % for the end.
  Q_INVOKABLE void tellOdds();
  Q_INVOKABLE void failOdds();
  /// How a measurement that was asked for goes on and ends.
  Q_INVOKABLE void measure(double fraction);
  Q_INVOKABLE void finishMeasuring(int threads, int batch, bool busy = false);

 Q_SIGNALS:
  void requested();

 private:
  TempDir m_dir;
  Settings m_settings;
  Notice m_notice;
  HistoryStore m_store;
  ModelController m_model;
  TuningController m_tuning;
  ChatController m_chat;
  FindInChat m_find{m_chat.messages()};
  WordOdds m_odds{&m_chat};
  ThreadPool m_pool{1};
  std::shared_ptr<const Model> m_lent;
  OddsRequest m_oddsRequest;
  LibraryStore m_library;
  Personas m_personas;
  PromptLibrary m_prompts;
  FilledPrompt m_filledPrompt;
  ChatSettingsView m_chatSettings;
  ConversationList m_conversations;
  DeletedList m_deleted;
  RequestId m_id = 0, m_tuneId = 0;
  int m_requests = 0;
  QString m_question;
  std::string m_written;
};

/// What the QML tests see as `driver`.
class Driver : public QObject {
  Q_OBJECT

 public:
  ~Driver() override;

  /// The engine that reads the tests.
  void setEngine(QQmlEngine* engine);

  /// Both belong to the driver; the ones before are gone.
  Q_INVOKABLE tercet::test::Rig* makeRig();
  Q_INVOKABLE tercet::AppRoot* makeApp();
  /// The program's own start: the model of last time, or the built-in one.
  Q_INVOKABLE void startApp();
  /// Ends the program and begins it anew with what it kept.
  Q_INVOKABLE tercet::AppRoot* restartApp();
  Q_INVOKABLE void endAll();
  /// A conversation in the program's file, `daysAgo` days old: questions and answers in turn.
  Q_INVOKABLE void storeChat(const QString& title, const QStringList& texts, int daysAgo = 0);
  /// The whole program with a tiny model of random weights in its own file.
  Q_INVOKABLE QString writeTinyModel();
  Q_INVOKABLE QString writeBrokenModel();
  Q_INVOKABLE QString clipboard() const;
  /// The web page that was opened last; none is really opened.
  Q_INVOKABLE QUrl openedPage() const { return m_openedPage; }
  Q_INVOKABLE void takePage(const QUrl& page) { m_openedPage = page; }

 private:
  QQmlEngine* m_engine = nullptr;
  QUrl m_openedPage;
  std::unique_ptr<Rig> m_rig;
  std::unique_ptr<TempDir> m_dir;
  std::unique_ptr<AppRoot> m_app;
};

}  // namespace tercet::test
