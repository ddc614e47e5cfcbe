#include "app/chat_controller.h"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "app/chat_title.h"
#include "app/notice.h"
#include "app/settings.h"
#include "app/storage/history_store.h"
#include "app/well_formed.h"

namespace tercet {
namespace {

using Author = Message::Author;

constexpr int kReadAgainMs = 300;

}  // namespace

ChatController::ChatController(HistoryStore* store, Settings* settings, Notice* notice, QObject* parent)
    : QObject(parent), m_store(store), m_settings(settings), m_notice(notice), m_branch(store), m_answers(store), m_draft(store) {
  connect(&m_draft, &ChatDraft::changed, this, &ChatController::draftChanged);
  connect(&m_draft, &ChatDraft::tokensChanged, this, &ChatController::draftTokensChanged);
  connect(&m_draft, &ChatDraft::editedChanged, this, &ChatController::stateChanged);
  connect(&m_draft, &ChatDraft::editedChanged, this, &ChatController::countBranch);
  connect(&m_draft, &ChatDraft::toBeStored, this, &ChatController::storeDraft);
  connect(attachments(), &DraftAttachments::changed, this, &ChatController::stateChanged);
  connect(attachments(), &DraftAttachments::refused, m_notice, &Notice::show);
  connect(m_settings, &Settings::systemPromptChanged, this, &ChatController::countBranch);
  connect(this, &ChatController::contextChanged, this, &ChatController::draftTokensChanged);
  connect(&m_branchCounter, &TokenCounter::counted, this, [this](int tokens) {
    if (current()) return;
    m_progress.contextUsed = static_cast<std::uint32_t>(std::min(tokens, m_contextTotal));
    Q_EMIT contextChanged();
  });
  connect(&m_answers, &RunningAnswers::changed, this, &ChatController::answeringChanged);
  m_readSoon.setSingleShot(true);
  connect(&m_readSoon, &QTimer::timeout, this, [this] {
    if (m_outOfDate && editing() != Editing::Nothing) m_readSoon.start(kReadAgainMs);
    else readAgain();
  });
}

ChatController::~ChatController() = default;

double ChatController::readingProgress() const {
  return m_progress.readTotal > 0 ? static_cast<double>(m_progress.readDone) / m_progress.readTotal : 0;
}

int ChatController::readingSecondsLeft() const {
  if (m_progress.readSpeed <= 0 || m_progress.readTotal == 0) return -1;
  return static_cast<int>(std::ceil((m_progress.readTotal - m_progress.readDone) / m_progress.readSpeed));
}

bool ChatController::contextShort() const {
  return m_contextTotal > 0 && 5 * (contextUsed() + std::max(0, draftTokens())) >= 4 * m_contextTotal;
}

bool ChatController::contextFull() const {
  return m_contextTotal > 0 && contextUsed() + std::max(0, draftTokens()) >= m_contextTotal;
}

void ChatController::setCountingModel(std::weak_ptr<const Model> model) {
  m_branchCounter.setModel(model);
  countBranch();
  m_draft.setModel(std::move(model));
}

void ChatController::storeDraft() {
  m_draft.store();
  storeSettings();
}

void ChatController::storeSettings() {
  if (m_settingsToStore && m_store->isWritable()) m_settingsToStore = !m_store->setSettings(m_conversation, m_chatSettings);
}

void ChatController::setTitle(const QString& title) {
  if (m_title == title) return;
  m_title = title;
  Q_EMIT titleChanged();
}

void ChatController::setChatSettings(const ChatSettings& settings) {
  if (m_chatSettings == settings) return;
  m_chatSettings = settings;
  m_settingsToStore = m_conversation != 0;
  m_draft.storeSoon();  // instructions are typed like a draft
  countBranch();
  Q_EMIT chatSettingsChanged();
}

bool ChatController::send() {
  if (!canSend() || m_draft.empty()) return false;
  if (editing() != Editing::Nothing) {
    const MessageId id = m_draft.edited()->id;
    const QString text = draft();
    if (text.trimmed().isEmpty()) return false;
    const bool done = editing() == Editing::Prompt ? editPrompt(id, text) : editAnswer(id, text);
    if (done) m_draft.endEdit();
    return done;
  }
  Message question;
  question.author = Author::User;
  question.text = wellFormed(draft());
  question.attachments = attachments()->files();
  question.parent = m_branch.tree().leaf();
  const bool begins = m_conversation == 0;
  if (!(begins ? begin(question) : m_branch.add(m_conversation, question))) return false;
  m_draft.sentTo(m_conversation);
  storeSettings();
  if (begins) Q_EMIT conversationChanged();
  RunningAnswer answer;
  answer.question = m_branch.tree().leaf();
  request(std::move(answer));
  return true;
}

/// Stores a conversation whose first message this is. False when it could not be stored.
bool ChatController::begin(Message& question) {
  question.createdAt = QDateTime::currentMSecsSinceEpoch();
  ConversationInfo info;
  info.title = titleFor(question.text.trimmed().isEmpty() ? question.attachments.front().name : question.text);
  info.settings = m_chatSettings;
  question.id = info.leaf = 1;  // the store gives another
  const ConversationId id = m_store->addWhole({info, {question}});
  if (id == 0) return false;
  m_conversation = id;
  m_branch.tree().load(m_store->messages(id), 0);
  setTitle(info.title);
  return true;
}

void ChatController::ask(const QString& text) {
  const bool nothingThere = m_draft.empty();
  setDraft(draft().trimmed().isEmpty() ? text : draft() + QStringLiteral("\n\n") + text);
  if (nothingThere) send();
}

void ChatController::regenerate(int row) {
  if (!canRegenerate()) return;
  const Message* message = m_branch.shown(row < 0 ? m_branch.messages().count() - 1 : row);
  if (!message) return;
  // A question without an answer is answered.
  const MessageId old = message->author == Author::Assistant ? message->id : 0;
  const MessageId before = m_branch.tree().leaf();
  m_branch.tree().showUpTo(old != 0 ? m_branch.tree().find(old)->parent : message->id);
  RunningAnswer answer;
  answer.instead = before;
  if (request(std::move(answer)) && old != 0) noteHidden(old);
}

void ChatController::continueAnswer() {
  if (!canContinue()) return;
  const Message old = m_branch.messages().last();
  continueFrom(old.id, old.text, old.stats.modelIdentity == m_modelIdentity ? old.tokens : std::vector<TokenId>{});
}

bool ChatController::canContinue() const {
  return canRegenerate() && messages()->last().author == Author::Assistant && !messages()->last().text.isEmpty();
}

bool ChatController::continueFrom(MessageId id, const QString& text, std::vector<TokenId> tokens) {
  const Message* old = m_branch.tree().find(id);
  if (!canRegenerate() || !old || old->author != Author::Assistant) return false;
  RunningAnswer answer;
  answer.instead = m_branch.tree().leaf();
  answer.goesOn = true;
  answer.message.text = text;
  answer.message.edited = old->edited;
  answer.message.tokens = std::move(tokens);
  m_branch.tree().showUpTo(old->parent);
  if (!request(std::move(answer))) return false;
  noteHidden(id);
  return true;
}

void ChatController::newChat() {
  if (m_conversation == 0) return;
  storeDraft();
  load(0);
}

void ChatController::open(qint64 conversation) {
  if (conversation == m_conversation) return;
  storeDraft();
  load(conversation);
}

int ChatController::openAt(qint64 conversation, qint64 message) {
  open(conversation);
  if (m_conversation != conversation || !m_branch.tree().find(message)) {
    m_notice->show({Notice::Kind::Info, QStringLiteral("H-604"), tr("That message is no longer there."),
                    tr("It may have been deleted since it was found."), {}, Notice::Action::None});
    return -1;
  }
  if (m_branch.messages().rowOf(message) >= 0) return m_branch.messages().rowOf(message);
  if (current()) {
    m_notice->show({Notice::Kind::Info, QStringLiteral("H-603"), tr("That message is on another version."),
                    tr("It can be shown when the answer is done."), {}, Notice::Action::None});
    return -1;
  }
  showBranchOf(message);
  return m_branch.messages().rowOf(message);
}

void ChatController::load(ConversationId id) {
  m_settingsToStore = m_outOfDate = false;
  m_branch.clear();
  m_progress = {};
  m_chatSettings = {};
  m_conversation = 0;
  QString title;
  if (const std::optional<ConversationInfo> info = id != 0 ? m_store->conversation(id) : std::nullopt) {
    m_conversation = id;
    title = info->title;
    m_chatSettings = m_settings->inRange(info->settings);
    m_branch.tree().load(m_store->messages(id), info->leaf);
    for (const Message& message : m_answers.unstored(id)) {
      if (m_branch.tree().find(message.id)) m_branch.tree().at(message.id) = message;
    }
  }
  setTitle(title);
  m_draft.open(m_conversation);
  takeBackNotices();
  showBranch();
  m_branch.recallDropped(m_modelIdentity);
  countBranch();
  Q_EMIT conversationChanged();
  Q_EMIT chatSettingsChanged();
  Q_EMIT progressChanged();
  everythingChanged();
}

/// What was said of the context, of hidden messages and of refused files is about what was there before.
void ChatController::takeBackNotices() {
  for (const QStringView family : {u"A", u"C", u"H"}) m_notice->clear(family);
}

/// With what is written so far of an answer that is under way.
void ChatController::showBranch() {
  if (const RunningAnswer* answer = current(); answer && m_branch.tree().find(answer->message.id)) {
    m_branch.tree().at(answer->message.id) = answer->message;
  }
  m_branch.show();
}

/// Other messages are shown than the model has seen.
void ChatController::branchChanged() {
  m_branch.setDropped(0, {});
  m_notice->clear(u"C");
  showBranch();
  countBranch();
  everythingChanged();
}

/// How much of the context the branch takes, up to a message that is being edited: what follows that will not be read with it.
void ChatController::countBranch() {
  if (current()) return m_branchCounter.giveUp();  // the engine tells
  const std::optional<Message>& edited = m_draft.edited();
  const MessageId last = edited ? edited->parent : m_branch.tree().leaf();
  Reading reading = readingUpTo(last);
  std::vector<ChatMessage>& messages = reading.messages;
  const Message* lastMessage = m_branch.tree().find(last);
  // It is not gone on with, so only tokens of this model count.
  if (lastMessage && !messages.empty() && lastMessage->stats.modelIdentity != m_modelIdentity) messages.back().tokens.clear();
  if (!edited) {  // which begins anew with all of them
    const auto first = std::find_if(messages.begin(), messages.end(), [](const ChatMessage& message) { return message.role != Role::System; });
    messages.erase(first, first + std::min<std::ptrdiff_t>(reading.dropped, messages.end() - first));
  }
  m_branchCounter.count(std::move(messages));
}

ChatController::Reading ChatController::readingUpTo(MessageId last) const {
  return m_branch.readingUpTo(last, m_chatSettings.systemPrompt.value_or(m_settings->systemPrompt()), m_modelIdentity);
}

void ChatController::everythingChanged() {
  Q_EMIT stateChanged();
  Q_EMIT contextChanged();
}

void ChatController::copyMessage(int row) const {
  if (const Message* message = m_branch.shown(row)) QGuiApplication::clipboard()->setText(message->text);
}

/// It is a key that does it, which shows nothing by itself.
void ChatController::copyLastAnswer() {
  for (int row = messages()->count() - 1; row >= 0; --row) {
    const Message& message = messages()->at(row);
    if (message.author != Author::Assistant || message.text.isEmpty()) continue;
    copyMessage(row);
    m_notice->show({Notice::Kind::Info, QStringLiteral("H-605"), tr("The last answer was copied."), {}});
    return;
  }
  m_notice->show({Notice::Kind::Info, QStringLiteral("H-606"), tr("There is no answer to copy yet."), {}});
}

void ChatController::setModelReady(bool ready) {
  if (m_modelReady == ready) return;
  m_modelReady = ready;
  Q_EMIT stateChanged();
}

void ChatController::setContextTotal(int tokens) {
  if (m_contextTotal == tokens) return;
  if (m_contextTotal != 0) m_branch.setDropped(0, {});  // what fits has to be found anew
  m_contextTotal = tokens;
  attachments()->setContext(tokens);
  countBranch();
  Q_EMIT contextChanged();
}

void ChatController::setModelIdentity(const QString& identity) {
  if (m_modelIdentity == identity) return;
  m_modelIdentity = identity;
  m_branch.recallDropped(m_modelIdentity);
  Q_EMIT contextChanged();
}

void ChatController::onModelReplaced() {
  m_progress = {};
  m_branch.recallDropped(m_modelIdentity);
  countBranch();
  Q_EMIT progressChanged();
  Q_EMIT contextChanged();
}

void ChatController::onConversationChanged(ConversationId id) {
  RunningAnswer* answer = m_answers.of(id);
  if (id == 0 || (id != m_conversation && !answer)) return;
  const std::optional<ConversationInfo> info = m_store->conversation(id);
  if (!info) return;
  if (id == m_conversation) setTitle(info->title);
  if (info->deletedAt == 0) return;
  if (id == m_conversation) {
    storeDraft();
    load(0);
  }
  if (answer) stopAnswer(*answer);  // nobody waits for it
}

void ChatController::onMessagesChanged(ConversationId conversation) {
  if (conversation != m_conversation) return;
  m_outOfDate = true;
  readAgain();
}

/// An import brings the messages of a long chat little by little, and must not end what is being edited.
void ChatController::onMessagesCameIn(ConversationId conversation) {
  if (conversation != m_conversation) return;
  m_outOfDate = true;
  if (!m_readSoon.isActive()) m_readSoon.start(kReadAgainMs);
}

void ChatController::readAgain() {
  if (!m_outOfDate || current()) return;  // an answer under way does not hang on them
  storeDraft();
  load(m_conversation);
}

void ChatController::onConversationPurged(ConversationId id) {
  if (RunningAnswer* answer = m_answers.of(id)) {
    answer->stop.request_stop();
    m_answers.drop(*answer);
  }
  if (id == m_conversation && id != 0) load(0);
}

void ChatController::leaveOutOldest() {
  std::optional<RunningAnswer> refused = std::exchange(m_refused, {});
  if (refused) open(refused->conversation);
  ChatSettings settings = m_chatSettings;
  settings.policy = ContextPolicy::LeaveOutOldest;
  setChatSettings(settings);
  if (!refused || !canRegenerate() || !m_branch.tree().find(refused->message.parent)) return regenerate();
  m_branch.tree().showUpTo(refused->message.parent);
  request(std::move(*refused));
}

void ChatController::retryStoring() {
  if (m_answers.flush()) storeDraft();
}

void ChatController::storeAll() {
  storeDraft();
  m_answers.flush();
}

void ChatController::retranslate() { m_branch.messages().retranslate(); }

}  // namespace tercet
