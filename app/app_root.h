// The composition root: makes the objects, wires them, starts and ends the inference thread.
#pragma once

#include <QObject>
#include <QString>
#include <QThread>
#include <QtQml/qqmlregistration.h>

#include <memory>

#include "app/chat_controller.h"
#include "app/daily_backup.h"
#include "app/interface_language.h"
#include "app/find_in_chat.h"
#include "app/conversation_list.h"
#include "app/deleted_list.h"
#include "app/model_controller.h"
#include "app/network_log.h"
#include "app/notice.h"
#include "app/search_model.h"
#include "app/notifier.h"
#include "app/settings.h"
#include "app/storage/history_store.h"
#include "app/transfer_controller.h"
#include "app/chat_settings_view.h"
#include "app/filled_prompt.h"
#include "app/personas.h"
#include "app/prompt_library.h"
#include "app/storage/library_store.h"
#include "app/tuning_controller.h"
#include "app/word_odds.h"

namespace tercet {

class InferenceWorker;

class AppRoot : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by main")
  Q_PROPERTY(tercet::ChatController* chat READ chat CONSTANT)
  Q_PROPERTY(tercet::FindInChat* find READ find CONSTANT)
  Q_PROPERTY(tercet::SearchModel* search READ search CONSTANT)
  Q_PROPERTY(tercet::ConversationList* conversations READ conversations CONSTANT)
  Q_PROPERTY(tercet::DeletedList* deleted READ deleted CONSTANT)
  Q_PROPERTY(tercet::ModelController* model READ model CONSTANT)
  Q_PROPERTY(tercet::Settings* settings READ settings CONSTANT)
  Q_PROPERTY(tercet::TuningController* tuning READ tuning CONSTANT)
  Q_PROPERTY(tercet::TransferController* transfer READ transfer CONSTANT)
  Q_PROPERTY(tercet::WordOdds* odds READ odds CONSTANT)
  Q_PROPERTY(tercet::Notice* notice READ notice CONSTANT)
  Q_PROPERTY(tercet::ChatSettingsView* chatSettings READ chatSettings CONSTANT)
  Q_PROPERTY(tercet::Personas* personas READ personas CONSTANT)
  Q_PROPERTY(tercet::PromptLibrary* prompts READ prompts CONSTANT)
  Q_PROPERTY(tercet::FilledPrompt* filledPrompt READ filledPrompt CONSTANT)
  Q_PROPERTY(tercet::NetworkLog* network READ network CONSTANT)
  Q_PROPERTY(bool notifies READ notifies CONSTANT)  // there is a way to tell the desktop of an answer
  Q_PROPERTY(QString version READ version CONSTANT)
  Q_PROPERTY(QString dataDir READ dataDir CONSTANT)  // a path

 public:
  /// Opens the chats of `dataDir`; where their file is damaged, `repair` does the repair, see HistoryStore::setLongWork.
  explicit AppRoot(const QString& dataDir, HistoryStore::LongWork repair = {}, QObject* parent = nullptr);
  ~AppRoot() override;

  ChatController* chat() { return &m_chat; }
  FindInChat* find() { return &m_find; }
  SearchModel* search() { return &m_search; }
  ConversationList* conversations() { return &m_conversations; }
  DeletedList* deleted() { return &m_deleted; }
  ModelController* model() { return &m_model; }
  Settings* settings() { return &m_settings; }
  TuningController* tuning() { return &m_tuning; }
  TransferController* transfer() { return &m_transfer; }
  WordOdds* odds() { return &m_odds; }
  Notice* notice() { return &m_notice; }
  ChatSettingsView* chatSettings() { return &m_chatSettings; }
  Personas* personas() { return &m_personas; }
  PromptLibrary* prompts() { return &m_prompts; }
  FilledPrompt* filledPrompt() { return &m_filledPrompt; }
  NetworkLog* network() { return &m_network; }
  bool notifies() const { return DesktopNotifications::kSupported; }
  QString version() const;
  QString dataDir() const { return m_dataDir; }

  /// Opens `model`, or the model of last time when it is empty.
  void start(const QString& model);
  /// The program was started once more, with `model` or without: the window comes to the front.
  void startAgain(const QString& model);
  /// Stops whatever runs and joins the inference thread. Called by the destructor if not before.
  void shutDown();

  Q_INVOKABLE void copyText(const QString& text) const;
  /// Opens the data directory in the desktop's file manager.
  Q_INVOKABLE void showDataDir() const;

 Q_SIGNALS:
  /// Another language is installed: QML texts have to be read again.
  void retranslated();
  /// The window is wanted in front.
  void raiseRequested();
  /// The open conversation is wanted, in front.
  void chatRequested();

 private:
  void connectAll();
  void installLanguage();
  void openHistory();
  void loadLists();
  void retryStoring();
  void act(Notice::Action action);

  const QString m_dataDir;
  Settings m_settings;
  NetworkLog m_network;
  Notice m_notice;
  HistoryStore m_store;
  ModelController m_model;
  TuningController m_tuning;
  ChatController m_chat;
  DailyBackup m_backup;
  FindInChat m_find;
  SearchModel m_search;
  TransferController m_transfer;
  WordOdds m_odds;
  ConversationList m_conversations;
  DeletedList m_deleted;
  LibraryStore m_library;
  Personas m_personas;
  PromptLibrary m_prompts;
  FilledPrompt m_filledPrompt;
  ChatSettingsView m_chatSettings;
  Notifier m_notifier;
  std::unique_ptr<InferenceWorker> m_worker;  // lives on m_thread
  QThread m_thread;
  InterfaceLanguage m_language;
};

}  // namespace tercet
