#include "app/app_root.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QUrl>

#include <utility>

#include "app/error_text.h"
#include "app/inference_worker.h"
#include "engine/cpu_topology.h"

namespace tercet {
AppRoot::AppRoot(const QString& dataDir, HistoryStore::LongWork repair, QObject* parent)
    : QObject(parent),
      m_dataDir(dataDir),
      m_settings(dataDir, cpu_topology().logical),
      m_network(dataDir),
      m_model(dataDir, cpu_topology(), &m_settings, &m_notice),
      m_tuning(dataDir, cpu_topology(), &m_model, &m_notice),
      m_chat(&m_store, &m_settings, &m_notice),
      m_backup(&m_store),
      m_find(m_chat.messages()),
      m_search(HistoryStore::fileIn(dataDir)),
      m_transfer(&m_store, &m_settings, &m_notice),
      m_odds(&m_chat),
      m_conversations(&m_store, &m_notice),
      m_deleted(&m_store),
      m_library(&m_store.database()),
      m_personas(&m_library, &m_notice),
      m_prompts(&m_library, &m_notice),
      m_chatSettings(&m_chat, &m_settings, &m_model, &m_personas, &m_notice),
      m_notifier(&m_store, &m_settings),
      m_worker(std::make_unique<InferenceWorker>()) {
  m_thread.setObjectName(QStringLiteral("inference"));
  m_thread.setStackSize(8U << 20);  // the default of secondary threads is half a megabyte on macOS
  m_worker->moveToThread(&m_thread);
  connectAll();
  installLanguage();
  m_store.setLongWork(std::move(repair));
  openHistory();
  m_store.setLongWork({});  // later, nothing may happen meanwhile
  m_thread.start();
}

AppRoot::~AppRoot() { shutDown(); }

/// Who hears whom, all of it. Connections to and from the worker are queued, since it lives on another thread.
void AppRoot::connectAll() {
  InferenceWorker* worker = m_worker.get();
  // Settings that wait reach the worker before the question they should hold for.
  connect(&m_chat, &ChatController::generateRequested, &m_model, &ModelController::applyPending);
  // A question does not wait for a measurement.
  connect(&m_chat, &ChatController::generateRequested, &m_tuning, &TuningController::cancel);
  connect(&m_chat, &ChatController::generateRequested, worker, &InferenceWorker::generate);
  connect(&m_model, &ModelController::loadRequested, worker, &InferenceWorker::load);
  connect(&m_model, &ModelController::configureRequested, worker, &InferenceWorker::configure);
  connect(&m_tuning, &TuningController::tuneRequested, worker, &InferenceWorker::tune);
  connect(&m_odds, &WordOdds::oddsRequested, &m_tuning, &TuningController::cancel);
  connect(&m_odds, &WordOdds::oddsRequested, worker, &InferenceWorker::odds);

  connect(worker, &InferenceWorker::textArrived, &m_chat, &ChatController::onTextArrived);
  connect(worker, &InferenceWorker::progressed, &m_chat, &ChatController::onProgressed);
  connect(worker, &InferenceWorker::finished, &m_chat, &ChatController::onFinished);
  connect(worker, &InferenceWorker::oddsReady, &m_odds, &WordOdds::onReady);
  connect(worker, &InferenceWorker::oddsFailed, &m_odds, &WordOdds::onFailed);
  connect(worker, &InferenceWorker::loadProgressed, &m_model, &ModelController::onLoadProgressed);
  connect(worker, &InferenceWorker::loaded, &m_model, &ModelController::onLoaded);
  connect(worker, &InferenceWorker::loadFailed, &m_model, &ModelController::onLoadFailed);
  connect(worker, &InferenceWorker::configured, &m_model, &ModelController::onConfigured);
  connect(worker, &InferenceWorker::configureFailed, &m_model, &ModelController::onConfigureFailed);
  connect(worker, &InferenceWorker::tuneProgressed, &m_tuning, &TuningController::onProgressed);
  connect(worker, &InferenceWorker::tuned, &m_tuning, &TuningController::onFinished);
  connect(worker, &InferenceWorker::tuneFailed, &m_tuning, &TuningController::onFailed);

  connect(&m_model, &ModelController::loadStarting, &m_chat, &ChatController::stopAll);
  connect(&m_model, &ModelController::modelChanged, this, [this] {
    m_chat.setModelIdentity(QString::fromStdString(m_model.identity()));
    m_chat.setCountingModel(m_model.engineModel());
    m_odds.setModel(m_model.engineModel());
  });
  connect(&m_model, &ModelController::modelReplaced, &m_chat, &ChatController::onModelReplaced);
  connect(&m_model, &ModelController::stateChanged, this,
          [this] { m_chat.setModelReady(m_model.state() == ModelController::State::Ready); });
  connect(&m_model, &ModelController::effectiveChanged, this,
          [this] { m_chat.setContextTotal(m_model.effectiveContext()); });

  connect(&m_chat, &ChatController::stateChanged, this,
          [this] { m_tuning.setAnswering(m_chat.state() != ChatController::State::Idle); });
  connect(&m_chat, &ChatController::answeringChanged, this, [this] { m_backup.setBusy(!m_chat.answering().empty()); });
  connect(&m_backup, &DailyBackup::failed, this, [this](const StorageError& error) { m_notice.show(noticeForBackup(error)); });

  connect(&m_chat, &ChatController::answered, &m_notifier, &Notifier::onAnswered);
  connect(&m_notifier, &Notifier::opened, this, [this](ConversationId conversation) {
    m_chat.open(conversation);
    Q_EMIT chatRequested();
  });

  connect(&m_store, &HistoryStore::failed, this, [this](const StorageError& error) { m_notice.show(noticeFor(error)); });
  connect(&m_store, &HistoryStore::recovered, this, [this](const Recovery& recovery) { m_notice.show(noticeFor(recovery)); });
  connect(&m_store, &HistoryStore::conversationChanged, &m_chat, &ChatController::onConversationChanged);
  connect(&m_store, &HistoryStore::conversationPurged, &m_chat, &ChatController::onConversationPurged);
  connect(&m_store, &HistoryStore::messagePurged, &m_chat, &ChatController::onMessagesChanged);
  // The open chat is read again: it has messages now that it does not know.
  connect(&m_store, &HistoryStore::messagesCameIn, &m_chat, &ChatController::onMessagesCameIn);
  connect(&m_chat, &ChatController::conversationChanged, this,
          [this] {
            m_conversations.setOpen(m_chat.conversation());
            m_settings.setLastConversation(QString::number(m_chat.conversation()));
          });
  connect(&m_chat, &ChatController::answeringChanged, this, [this] { m_conversations.setAnswering(m_chat.answering()); });
  connect(&m_chat, &ChatController::answered, &m_conversations, &ConversationList::onAnswered);
  connect(&m_conversations, &ConversationList::reopened, &m_chat, &ChatController::open);
  connect(&m_search, &SearchModel::queryChanged, &m_find, [this] { m_find.setSearched(m_search.query()); });
  connect(&m_deleted, &DeletedList::restoreMessageRequested, this,
          [this](ConversationId conversation, MessageId message) { m_chat.setMessageDeleted(conversation, message, false); });
  // The timer for midnight stands still while the computer sleeps.
  if (qGuiApp) connect(qGuiApp, &QGuiApplication::applicationStateChanged, &m_conversations, &ConversationList::checkDay);

  connect(&m_library, &LibraryStore::failed, this, [this](const StorageError& error) { m_notice.show(noticeFor(error)); });
  connect(&m_personas, &Personas::renamed, &m_store, &HistoryStore::renamePersona);
  connect(&m_transfer, &TransferController::libraryAdded, &m_personas, &Personas::load);
  connect(&m_transfer, &TransferController::libraryAdded, &m_prompts, &PromptLibrary::load);

  connect(&m_settings, &Settings::trouble, &m_notice, &Notice::show);
  connect(&m_settings, &Settings::languageChanged, this, &AppRoot::installLanguage);
  connect(&m_notice, &Notice::triggered, this, &AppRoot::act);
  if (qApp) connect(qApp, &QCoreApplication::aboutToQuit, this, &AppRoot::shutDown);
}

QString AppRoot::version() const { return QStringLiteral(TERCET_VERSION); }

void AppRoot::start(const QString& model) {
  m_settings.reportReading();
  if (model.isEmpty()) {
    m_model.openLast();
  } else {
    m_model.openPath(model);
  }
}

void AppRoot::startAgain(const QString& model) {
  if (!model.isEmpty()) m_model.openPath(model);
  Q_EMIT raiseRequested();
}

/// The conversation of last time is shown again, with what was typed in it. Whatever became of the file: the window opens,
/// and a notice says it.
void AppRoot::openHistory() {
  m_store.open(HistoryStore::fileIn(m_dataDir));
  if (!m_store.isOpen()) return;
  loadLists();
  m_chat.openFirst(m_settings.lastConversation().toLongLong());
}

void AppRoot::loadLists() {
  m_conversations.load();
  m_personas.load();
  m_prompts.load();
}

/// What stood in the way may be gone.
void AppRoot::retryStoring() {
  const bool couldRead = m_store.isOpen();
  if (!m_store.isWritable() && !m_store.open(HistoryStore::fileIn(m_dataDir))) return;
  if (!couldRead) loadLists();
  // What was typed meanwhile is newer than anything in the file.
  if (!couldRead && m_chat.draft().isEmpty()) m_chat.openFirst(m_settings.lastConversation().toLongLong());
  m_chat.retryStoring();
}

void AppRoot::shutDown() {
  if (!m_thread.isRunning()) return;
  m_chat.storeAll();
  m_chat.stopAll();
  m_backup.shutDown();
  m_odds.close();
  m_tuning.cancel();
  m_transfer.shutDown();
  m_model.shutDown();
  m_worker->shutDown();
  m_thread.quit();
  m_thread.wait();
  m_settings.save();
}

void AppRoot::copyText(const QString& text) const { QGuiApplication::clipboard()->setText(text); }

void AppRoot::showDataDir() const { QDesktopServices::openUrl(QUrl::fromLocalFile(m_dataDir)); }

void AppRoot::act(Notice::Action action) {
  switch (action) {
    case Notice::Action::Retry: m_model.retry(false); break;
    case Notice::Action::ReplaceModel: m_model.retry(true); break;
    case Notice::Action::NewChat: m_chat.newChat(); break;
    case Notice::Action::LeaveOutOldest: m_chat.leaveOutOldest(); break;
    case Notice::Action::RetryStoring: retryStoring(); break;
    case Notice::Action::OpenChatModel: m_chatSettings.openItsModel(); break;
    case Notice::Action::ShowExported: QDesktopServices::openUrl(QUrl::fromLocalFile(m_transfer.exportFolder())); break;
    case Notice::Action::Undo:  // the notice did it
    case Notice::Action::OpenModel:
    case Notice::Action::OpenSettings:
    case Notice::Action::None: break;  // the window's
  }
}

void AppRoot::installLanguage() {
  m_language.install(m_settings.language());
  m_chat.retranslate();
  m_conversations.retranslate();
  m_deleted.retranslate();
  m_model.retranslate();
  m_tuning.retranslate();
  m_odds.retranslate();
  m_personas.retranslate();
  m_prompts.retranslate();
  Q_EMIT retranslated();
}

}  // namespace tercet
