#include "app/chat_controller.h"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QRandomGenerator>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "app/error_text.h"
#include "app/notice.h"
#include "app/prompt_text.h"
#include "app/settings.h"
#include "app/storage/history_store.h"
#include "app/well_formed.h"

namespace tercet {
namespace {

using Author = Message::Author;
using MessageState = Message::State;

constexpr qsizetype kTitleLength = 48;  // characters
constexpr int kDraftMs = 400;           // a pause in typing after which the draft is stored

}  // namespace

QString titleFor(const QString& text) {
  const QString words = text.simplified();
  if (words.size() <= kTitleLength) return words;
  const qsizetype space = words.lastIndexOf(u' ', kTitleLength);
  qsizetype end = space > kTitleLength / 2 ? space : kTitleLength;
  if (words[end - 1].isHighSurrogate()) --end;
  return words.first(end) + QChar(0x2026);
}

ChatController::ChatController(HistoryStore* store, Settings* settings, Notice* notice, QObject* parent)
    : QObject(parent), m_store(store), m_settings(settings), m_notice(notice), m_messages(this), m_answers(store) {
  m_storeDraftSoon.setSingleShot(true);
  m_storeDraftSoon.setInterval(kDraftMs);
  connect(&m_storeDraftSoon, &QTimer::timeout, this, &ChatController::storeDraft);
  connect(&m_attachments, &DraftAttachments::changed, this, &ChatController::countDraft);
  connect(&m_attachments, &DraftAttachments::changed, this, &ChatController::storeAttachments);
  connect(&m_attachments, &DraftAttachments::changed, this, &ChatController::stateChanged);
  connect(&m_attachments, &DraftAttachments::arrivedElsewhere, this, [this](qint64 draft, const Attachment& file) {
    std::vector<Attachment> files = m_store->draftAttachments(draft);
    files.push_back(file);
    m_store->setDraftAttachments(draft, files);
  });
  connect(&m_attachments, &DraftAttachments::refused, m_notice, &Notice::show);
  connect(this, &ChatController::draftChanged, this, &ChatController::countDraft);
  connect(this, &ChatController::contextChanged, this, &ChatController::draftTokensChanged);
  connect(&m_draftCounter, &TokenCounter::counted, this, [this](int tokens) {
    m_draftTokens = tokens;
    Q_EMIT draftTokensChanged();
  });
  connect(&m_branchCounter, &TokenCounter::counted, this, [this](int tokens) {
    if (current()) return;
    m_progress.contextUsed = static_cast<std::uint32_t>(std::min(tokens, m_contextTotal));
    Q_EMIT contextChanged();
  });
  connect(&m_answers, &RunningAnswers::changed, this, &ChatController::answeringChanged);
}

ChatController::~ChatController() = default;

RunningAnswer* ChatController::current() const { return m_conversation != 0 ? m_answers.of(m_conversation) : nullptr; }

ChatController::State ChatController::state() const {
  const RunningAnswer* answer = current();
  if (!answer) return State::Idle;
  if (answer->stopping) return State::Stopping;
  return answer->message.state == MessageState::Writing ? State::Writing : State::Reading;
}

bool ChatController::canStop() const {
  const RunningAnswer* answer = current();
  return answer && !answer->stopping;
}

bool ChatController::waiting() const {
  const RunningAnswer* answer = current();
  return answer && !m_answers.first(*answer);
}

std::vector<ConversationId> ChatController::answering() const {
  std::vector<ConversationId> conversations;
  for (const RunningAnswer& answer : m_answers.all()) conversations.push_back(answer.conversation);
  return conversations;
}

double ChatController::readingProgress() const {
  return m_progress.readTotal > 0 ? static_cast<double>(m_progress.readDone) / m_progress.readTotal : 0;
}

int ChatController::readingSecondsLeft() const {
  if (m_progress.readSpeed <= 0 || m_progress.readTotal == 0) return -1;
  return static_cast<int>(std::ceil((m_progress.readTotal - m_progress.readDone) / m_progress.readSpeed));
}

void ChatController::setDraft(const QString& draft) {
  if (m_draft == draft) return;
  m_draft = draft;
  m_storeDraftSoon.start();
  Q_EMIT draftChanged();
}

void ChatController::countDraft() { m_draftCounter.count(promptText(m_draft, m_attachments.files())); }

bool ChatController::contextShort() const {
  return m_contextTotal > 0 && 5 * (contextUsed() + std::max(0, m_draftTokens)) >= 4 * m_contextTotal;
}

void ChatController::setCountingModel(std::weak_ptr<const Model> model) {
  m_draftTokens = m_draft.isEmpty() ? 0 : -1;
  m_attachments.setModel(model);
  m_branchCounter.setModel(model);
  m_draftCounter.setModel(std::move(model));
  countBranch();
  Q_EMIT draftTokensChanged();
}

void ChatController::storeDraft() {
  m_storeDraftSoon.stop();
  if (!m_store->isWritable()) return;
  m_store->setDraft(draftKey(), m_draft);
  if (m_settingsToStore) m_settingsToStore = !m_store->setSettings(m_conversation, m_chatSettings);
}

void ChatController::storeAttachments() {
  const std::vector<Attachment> files = m_attachments.files();
  if (m_store->isWritable() && files != m_store->draftAttachments(m_conversation)) m_store->setDraftAttachments(m_conversation, files);
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
  m_storeDraftSoon.start();  // instructions are typed like a draft
  Q_EMIT chatSettingsChanged();
}

const Message* ChatController::shown(int row) const {
  return row >= 0 && row < m_messages.count() ? &m_messages.at(row) : nullptr;
}

/// Stores a message of this conversation and adds it to the tree; it then has its id. False when it could not be stored.
bool ChatController::addToTree(Message& message) {
  message.createdAt = QDateTime::currentMSecsSinceEpoch();
  message.id = m_store->addMessage(m_conversation, message);
  if (message.id != 0) m_tree.add(message);
  return message.id != 0;
}

bool ChatController::send() {
  if (!canSend() || (m_draft.trimmed().isEmpty() && m_attachments.count() == 0)) return false;
  if (m_editing != Editing::Nothing) {
    const MessageId id = m_edited;
    const QString text = m_draft;
    if (text.trimmed().isEmpty()) return false;
    const bool done = m_editing == Editing::Prompt ? editPrompt(id, text) : editAnswer(id, text);
    if (done) endEdit();
    return done;
  }
  Message question;
  question.author = Author::User;
  question.text = wellFormed(m_draft);
  question.attachments = m_attachments.files();
  question.parent = m_tree.leaf();
  const bool begins = m_conversation == 0;
  if (begins) {
    question.createdAt = QDateTime::currentMSecsSinceEpoch();
    ConversationInfo info;
    info.title = titleFor(question.text.trimmed().isEmpty() ? question.attachments.front().name : question.text);
    info.settings = m_chatSettings;
    question.id = info.leaf = 1;  // the store gives another
    const ConversationId id = m_store->addWhole({info, {question}});
    if (id == 0) return false;
    m_conversation = id;
    m_tree.load(m_store->messages(id), 0);
    setTitle(info.title);
  } else if (!addToTree(question)) {
    return false;
  }
  setDraft({});
  m_attachments.open(m_conversation, {});
  storeDraft();
  if (begins) {
    m_store->setDraft(0, {});
    m_store->setDraftAttachments(0, {});
    Q_EMIT conversationChanged();
  }
  RunningAnswer answer;
  answer.question = m_tree.leaf();
  request(std::move(answer));
  return true;
}

void ChatController::ask(const QString& text) {
  const bool nothingThere = m_draft.trimmed().isEmpty() && m_attachments.count() == 0;
  setDraft(m_draft.trimmed().isEmpty() ? text : m_draft + QStringLiteral("\n\n") + text);
  if (nothingThere) send();
}

void ChatController::regenerate(int row) {
  if (!canRegenerate()) return;
  const Message* message = shown(row < 0 ? m_messages.count() - 1 : row);
  if (!message) return;
  // A question without an answer is answered.
  const MessageId old = message->author == Author::Assistant ? message->id : 0;
  const MessageId before = m_tree.leaf();
  m_tree.showUpTo(old != 0 ? m_tree.find(old)->parent : message->id);
  RunningAnswer answer;
  answer.instead = before;
  if (request(std::move(answer)) && old != 0) noteHidden(old);
}

void ChatController::continueAnswer() {
  if (!canContinue()) return;
  const Message old = m_messages.last();
  continueFrom(old.id, old.text, old.stats.modelIdentity == m_modelIdentity ? old.tokens : std::vector<TokenId>{});
}

bool ChatController::canContinue() const {
  return canRegenerate() && m_messages.last().author == Author::Assistant && !m_messages.last().text.isEmpty();
}

bool ChatController::continueFrom(MessageId id, const QString& text, std::vector<TokenId> tokens) {
  const Message* old = m_tree.find(id);
  if (!canRegenerate() || !old || old->author != Author::Assistant) return false;
  RunningAnswer answer;
  answer.instead = m_tree.leaf();
  answer.goesOn = true;
  answer.message.text = text;
  answer.message.edited = old->edited;
  answer.message.tokens = std::move(tokens);
  m_tree.showUpTo(old->parent);
  if (!request(std::move(answer))) return false;
  noteHidden(id);
  return true;
}

void ChatController::beginEdit(int row) {
  const Message* message = shown(row);
  if (!message || !canChange() || m_edited == message->id) return;
  storeDraft();
  m_editing = message->author == Author::User ? Editing::Prompt : Editing::Answer;
  m_edited = message->id;
  // An edit that was begun before and neither ended nor given up.
  const QString begun = m_store->draft(draftKey());
  m_draft = begun.isEmpty() ? message->text : begun;
  Q_EMIT draftChanged();
  Q_EMIT stateChanged();
}

void ChatController::editLastPrompt() {
  for (int row = m_messages.count() - 1; row >= 0; --row) {
    if (shown(row)->author == Author::User) return beginEdit(row);
  }
}

void ChatController::cancelEdit() {
  if (m_editing != Editing::Nothing) endEdit();
}

/// The draft of the conversation comes back.
void ChatController::endEdit() {
  m_storeDraftSoon.stop();
  m_store->setDraft(draftKey(), {});
  m_editing = Editing::Nothing;
  m_edited = 0;
  m_draft = m_store->draft(m_conversation);
  Q_EMIT draftChanged();
  Q_EMIT stateChanged();
}

bool ChatController::editPrompt(MessageId id, const QString& text) {
  const Message* old = m_tree.find(id);
  if (!canRegenerate() || !old) return false;
  Message question = *old;
  question.text = wellFormed(text);
  question.lastChild = 0;
  RunningAnswer answer;
  answer.instead = m_tree.leaf();
  if (!addToTree(question)) return false;
  answer.question = question.id;
  setDropped(0, {});
  if (request(std::move(answer))) noteHidden(id);
  return true;
}

bool ChatController::editAnswer(MessageId id, const QString& text, std::vector<TokenId> tokens) {
  const Message* old = m_tree.find(id);
  if (!canChange() || !old) return false;
  if (text == old->text) return true;
  Message answer = *old;
  answer.text = wellFormed(text);
  answer.edited = true;
  answer.stats = {};
  if (!tokens.empty()) answer.stats.modelIdentity = m_modelIdentity;
  answer.tokens = std::move(tokens);
  answer.state = MessageState::Complete;
  answer.lastChild = 0;
  if (!addToTree(answer)) return false;
  branchChanged();
  noteHidden(id);
  return true;
}

/// Says where the messages are that hang on the other branch.
void ChatController::noteHidden(MessageId old) {
  const int below = static_cast<int>(m_tree.countBelow(old));
  if (below == 0) return;
  m_notice->show({Notice::Kind::Info, QStringLiteral("H-601"),
                  tr("%n later message(s) are on the other version.", nullptr, below),
                  tr("Nothing is lost: the arrows under the message lead back to them."), {}, Notice::Action::None});
}

void ChatController::showVersion(int row, int step) {
  const Message* message = shown(row);
  if (!message || !canChange()) return;
  const std::vector<MessageId> siblings = m_tree.siblings(message->id);
  const auto here = std::find(siblings.begin(), siblings.end(), message->id);
  const auto wanted = (here - siblings.begin()) + step;
  if (wanted < 0 || wanted >= static_cast<std::ptrdiff_t>(siblings.size())) return;
  m_tree.showBranchOf(siblings[static_cast<std::size_t>(wanted)]);
  m_store->setLeaf(m_conversation, m_tree.leaf());
  m_notice->clear(u"H");
  branchChanged();
}

void ChatController::deleteMessage(int row) {
  const Message* message = shown(row);
  if (!message || !canChange()) return;
  const MessageId id = message->id;
  const ConversationId conversation = m_conversation;
  setMessageDeleted(conversation, id, true);
  if (m_tree.find(id)->deletedAt == 0) return;
  m_notice->show({Notice::Kind::Info, QStringLiteral("H-602"), tr("Message deleted."),
                  tr("The model no longer sees it. It is kept for 30 days."), {}, Notice::Action::Undo,
                  [=, this] { setMessageDeleted(conversation, id, false); }});
}

void ChatController::setMessageDeleted(ConversationId conversation, MessageId id, bool deleted) {
  if (!m_store->setMessageDeleted(conversation, id, deleted) || conversation != m_conversation) return;
  m_tree.setDeleted(id, deleted ? QDateTime::currentMSecsSinceEpoch() : 0);
  branchChanged();
}

void ChatController::fork(int row) {
  const Message* last = shown(row);
  if (!last || !canChange()) return;
  std::optional<ConversationInfo> info = m_store->conversation(m_conversation);
  if (!info) return;
  Conversation copy{std::move(*info), {}};
  //: %1: the title of a conversation; the title of its copy
  copy.info.title = tr("%1 (copy)").arg(copy.info.title);
  copy.info.pinned = false;
  copy.info.settings = m_chatSettings;
  copy.info.createdAt = copy.info.updatedAt = QDateTime::currentMSecsSinceEpoch();
  copy.info.leaf = last->id;
  for (int i = 0; i <= row; ++i) {
    copy.messages.push_back(m_messages.at(i));
    copy.messages.back().parent = i == 0 ? 0 : m_messages.at(i - 1).id;
  }
  if (const ConversationId id = m_store->addWhole(copy); id != 0) open(id);
}

/// Adds the answer below the leaf and asks the engine for it. Its `message` holds the text it begins with, if any.
bool ChatController::request(RunningAnswer answer) {
  answer.conversation = m_conversation;
  answer.message.author = Author::Assistant;
  answer.message.state = MessageState::Reading;
  answer.message.parent = m_tree.leaf();
  if (!addToTree(answer.message)) {
    if (answer.instead != 0 && answer.question == 0) m_tree.showBranchOf(answer.instead);
    branchChanged();
    return false;
  }
  m_notice->clear(u"C");
  m_notice->clear(u"H");
  answer.id = ++m_lastId;
  GenerateRequest request = makeRequest(answer);
  m_answers.start(std::move(answer));
  m_progress = {.contextUsed = m_progress.contextUsed};
  showPath();
  everythingChanged();
  Q_EMIT progressChanged();
  Q_EMIT generateRequested(request);
  return true;
}

ChatController::Reading ChatController::readingUpTo(MessageId last) const {
  Reading reading;
  const QString system = m_chatSettings.systemPrompt.value_or(m_settings->systemPrompt());
  if (!system.trimmed().isEmpty()) reading.messages.push_back({Role::System, wellFormed(system).toStdString(), {}});
  for (const MessageId id : m_tree.path()) {
    const Message& message = *m_tree.find(id);
    const bool user = message.author == Author::User, isLast = id == last;
    const bool known = isLast || message.stats.modelIdentity == m_modelIdentity;
    // An answer that was stopped before its first word says nothing; one to go on with may begin with a part of a character.
    if (user || !message.text.isEmpty() || (isLast && !message.tokens.empty())) {
      reading.messages.push_back({user ? Role::User : Role::Assistant,
                                  promptText(message.text, message.attachments).toStdString(),
                                  known ? message.tokens : std::vector<TokenId>{}});
      if (!isLast) reading.sent.push_back(id);
    }
    if (isLast) break;
  }
  reading.dropped = std::min(m_dropped, static_cast<std::uint32_t>(reading.sent.size()));
  return reading;
}

GenerateRequest ChatController::makeRequest(RunningAnswer& answer) const {
  Reading reading = readingUpTo(answer.message.id);
  answer.sent = std::move(reading.sent);
  GenerateRequest request;
  request.id = answer.id;
  request.messages = std::move(reading.messages);
  request.options = m_settings->generateOptions(QRandomGenerator::system()->generate64(), m_chatSettings);
  request.options.continue_answer = answer.goesOn;
  request.options.overflow = m_chatSettings.contextPolicy() == ContextPolicy::Ask ? Overflow::Refuse : Overflow::LeaveOutOldest;
  request.alreadyDropped = reading.dropped;
  request.stop = answer.stop;
  return request;
}

void ChatController::stop() {
  if (RunningAnswer* answer = current()) stopAnswer(*answer);
}

void ChatController::stopAll() {
  std::vector<RequestId> ids;
  for (const RunningAnswer& answer : m_answers.all()) ids.push_back(answer.id);
  // Those that wait first: they end at once, and none of them becomes the first meanwhile.
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) stopAnswer(*m_answers.find(*id));
}

void ChatController::stopAnswer(RunningAnswer& answer) {
  if (answer.stopping) return;
  answer.stop.request_stop();
  answer.stopping = true;
  if (m_answers.first(answer)) {
    Q_EMIT stateChanged();
    return;
  }
  // The engine has not begun with it, and will say so only when it is done with the one before.
  Outcome outcome;
  outcome.result.stop_reason = StopReason::Stopped;
  onFinished(answer.id, outcome);
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
  if (m_conversation != conversation || !m_tree.find(message)) return -1;
  if (m_messages.rowOf(message) < 0 && !current()) {
    m_tree.showBranchOf(message);
    m_store->setLeaf(m_conversation, m_tree.leaf());
    branchChanged();
  }
  return m_messages.rowOf(message);
}

void ChatController::load(ConversationId id) {
  m_storeDraftSoon.stop();
  m_editing = Editing::Nothing;
  m_edited = 0;
  m_settingsToStore = false;
  m_tree.clear();
  m_messages.clear();
  m_dropped = 0;
  m_progress = {};
  m_chatSettings = {};
  m_conversation = 0;
  QString title;
  if (const std::optional<ConversationInfo> info = id != 0 ? m_store->conversation(id) : std::nullopt) {
    m_conversation = id;
    title = info->title;
    m_chatSettings = m_settings->inRange(info->settings);
    m_tree.load(m_store->messages(id), info->leaf);
    if (const RunningAnswer* answer = current(); answer && m_tree.find(answer->message.id)) {
      m_tree.at(answer->message.id) = answer->message;
    }
  }
  setTitle(title);
  const QString draft = m_store->isOpen() ? m_store->draft(m_conversation) : QString();
  m_draft = draft;
  m_attachments.open(m_conversation, m_store->isOpen() ? m_store->draftAttachments(m_conversation) : std::vector<Attachment>());
  Q_EMIT draftChanged();
  m_notice->clear(u"C");
  m_notice->clear(u"H");
  showPath();
  countBranch();
  Q_EMIT conversationChanged();
  Q_EMIT chatSettingsChanged();
  Q_EMIT progressChanged();
  everythingChanged();
}

/// The rows of the branch, with what is written so far.
void ChatController::showPath() {
  std::vector<MessageModel::Row> rows;
  for (const MessageId id : m_tree.path()) {
    const std::vector<MessageId> siblings = m_tree.siblings(id);
    const auto here = std::find(siblings.begin(), siblings.end(), id);
    rows.push_back({*m_tree.find(id), static_cast<int>(here - siblings.begin()) + 1, static_cast<int>(siblings.size())});
  }
  m_messages.show(std::move(rows));
}

/// Other messages are shown than the model has seen.
void ChatController::branchChanged() {
  setDropped(0, {});
  m_notice->clear(u"C");
  showPath();
  countBranch();
  everythingChanged();
}

/// How much of the context the branch will take, until the engine says exactly: the texts in one, which leaves out only
/// what the chat format puts around each.
void ChatController::countBranch() {
  if (current()) return;
  QString text;
  for (int row = 0; row < m_messages.count(); ++row) {
    const Message& message = m_messages.at(row);
    text += promptText(message.text, message.attachments) + u'\n';
  }
  m_branchCounter.count(text);
}

void ChatController::everythingChanged() {
  Q_EMIT stateChanged();
  Q_EMIT contextChanged();
}

void ChatController::copyMessage(int row) const {
  if (const Message* message = shown(row)) QGuiApplication::clipboard()->setText(message->text);
}

void ChatController::setModelReady(bool ready) {
  if (m_modelReady == ready) return;
  m_modelReady = ready;
  Q_EMIT stateChanged();
}

void ChatController::setContextTotal(int tokens) {
  if (m_contextTotal == tokens) return;
  m_contextTotal = tokens;
  m_attachments.setContext(tokens);
  setDropped(0, {});  // what fits has to be found anew
  Q_EMIT contextChanged();
}

void ChatController::setModelIdentity(const QString& identity) {
  if (m_modelIdentity == identity) return;
  m_modelIdentity = identity;
}

void ChatController::onModelReplaced() {
  m_progress = {};
  setDropped(0, {});
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

void ChatController::onMessagePurged(ConversationId conversation) {
  if (conversation != m_conversation || current()) return;
  storeDraft();
  load(conversation);
}

void ChatController::onConversationPurged(ConversationId id) {
  if (RunningAnswer* answer = m_answers.of(id)) {
    answer->stop.request_stop();
    m_answers.drop(*answer);
  }
  if (id == m_conversation && id != 0) load(0);
}

void ChatController::onTextArrived(RequestId id, const QString& delta) {
  RunningAnswer* answer = m_answers.find(id);
  if (!answer || delta.isEmpty()) return;
  const bool firstWord = answer->message.state == MessageState::Reading;
  answer->message.state = MessageState::Writing;
  m_answers.append(*answer, delta);
  if (!shows(*answer)) return;
  m_messages.setState(MessageState::Writing);
  m_messages.appendText(delta);
  if (firstWord) Q_EMIT stateChanged();
}

void ChatController::onProgressed(RequestId id, const Progress& progress) {
  const RunningAnswer* answer = m_answers.find(id);
  if (!answer || !shows(*answer)) return;
  m_progress = progress;
  Q_EMIT progressChanged();
  Q_EMIT contextChanged();
}

void ChatController::onFinished(RequestId id, const Outcome& outcome) {
  RunningAnswer* answer = m_answers.find(id);
  if (!answer) return;
  const GenerateResult& result = outcome.result;
  const bool stopped = outcome.failed ? outcome.error.code == ErrorCode::Stopped
                                      : result.stop_reason == StopReason::Stopped;
  const ConversationId conversation = answer->conversation;
  const auto took = std::chrono::steady_clock::now() - answer->askedAt;
  if (outcome.failed && !stopped) {
    fail(*answer, outcome.error);
  } else if (stopped && result.tokens.empty() && answer->instead != 0 && answer->question == 0) {
    takeAwayAnswer(*answer);
  } else {
    complete(*answer, outcome, stopped);
  }
  everythingChanged();
  if (!stopped && !outcome.failed) {
    Q_EMIT answered(conversation, std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  }
}

/// Stores the answer as it is and shows it so.
void ChatController::endAs(RunningAnswer& answer, MessageState state) {
  answer.message.state = state;
  const Message message = answer.message;
  const bool here = shows(answer);
  m_answers.end(answer);
  if (!here) return;
  if (m_tree.find(message.id)) m_tree.at(message.id) = message;
  if (m_messages.count() > 0 && m_messages.last().id == message.id) m_messages.finish(message);
}

void ChatController::complete(RunningAnswer& answer, const Outcome& outcome, bool stopped) {
  const GenerateResult& result = outcome.result;
  const bool here = shows(answer);
  const bool full = !stopped && result.stop_reason == StopReason::ContextFull;
  answer.message.tokens = result.continued;
  answer.message.tokens.insert(answer.message.tokens.end(), result.tokens.begin(), result.tokens.end());
  MessageStats& stats = answer.message.stats;
  stats = {.tokens = static_cast<std::uint32_t>(result.tokens.size()),
           .promptTokens = result.prompt_tokens,
           .tokensPerSecond = result.decode_tokens_per_s,
           .firstTokenMs = -1,
           .seed = outcome.seed,
           .threads = outcome.threads,
           .model = outcome.model,
           .modelIdentity = m_modelIdentity,
           .known = true};
  if (!result.tokens.empty()) stats.firstTokenMs = static_cast<int>(std::lround(result.time_to_first_token_ms));
  const std::vector<MessageId> sent = answer.sent;
  endAs(answer, stopped ? MessageState::Stopped : full ? MessageState::ContextFull : MessageState::Complete);
  if (!here) return;

  const bool firstDrop = m_dropped == 0 && result.dropped_messages > 0;
  if (result.prompt_tokens > 0) setDropped(result.dropped_messages, sent);
  m_progress.contextUsed = result.context_used;
  if (result.prefill_tokens_per_s > 0) m_progress.readSpeed = result.prefill_tokens_per_s;
  m_progress.writeSpeed = result.decode_tokens_per_s;
  if (!result.tokens.empty()) m_progress.firstTokenMs = static_cast<int>(std::lround(result.time_to_first_token_ms));
  Q_EMIT progressChanged();
  if (full) {
    m_notice->show(noticeFor(Error{ErrorCode::ContextFull, {}}));
  } else if (firstDrop) {
    m_notice->show({Notice::Kind::Info, QStringLiteral("C-302"), tr("Older messages no longer fit."),
                    tr("The model no longer sees the oldest ones, drawn pale above. Your system prompt stays."),
                    {}, Notice::Action::NewChat});
  }
}

void ChatController::fail(RunningAnswer& answer, const Error& error) {
  const bool refused = error.code == ErrorCode::PromptTooLong || error.code == ErrorCode::InvalidUtf8;
  const bool nothingWritten = answer.message.state == MessageState::Reading;
  const bool asks = error.code == ErrorCode::ConversationTooLong;
  if (nothingWritten && refused && answer.question != 0) {
    giveBackMessage(answer);
  } else if (asks) {
    takeAwayAnswer(answer);  // the question stays and waits for the person's choice
  } else if (nothingWritten && answer.instead != 0 && answer.question == 0) {
    takeAwayAnswer(answer);
  } else {
    endAs(answer, MessageState::Failed);  // what was written stays
  }
  m_notice->show(noticeFor(error));
}

/// Nothing was written: the branch from before is shown again, or the question without an answer.
void ChatController::takeAwayAnswer(RunningAnswer& answer) {
  const MessageId id = answer.message.id, instead = answer.instead != 0 ? answer.instead : answer.message.parent;
  const ConversationId conversation = answer.conversation;
  const bool here = shows(answer);
  m_answers.drop(answer);
  m_store->takeBack(conversation, id);
  m_store->setLeaf(conversation, instead);
  if (!here) return;
  m_tree.remove(id);
  m_tree.showBranchOf(instead);
  showPath();
}

/// The message that was refused goes back to the composer, before whatever was typed meanwhile.
void ChatController::giveBackMessage(RunningAnswer& answer) {
  const ConversationId conversation = answer.conversation;
  const MessageId question = answer.question, instead = answer.instead, id = answer.message.id;
  const bool here = shows(answer);
  m_answers.drop(answer);
  QString text;
  std::vector<Attachment> files;
  for (const Message& message : m_store->messages(conversation)) {
    if (message.id != question) continue;
    text = message.text;
    files = message.attachments;
  }
  const QString typed = here ? m_draft : m_store->draft(conversation);
  const QString draft = typed.trimmed().isEmpty() ? text : text + QStringLiteral("\n\n") + typed;
  for (const Attachment& file : m_store->draftAttachments(conversation)) files.push_back(file);
  // The draft first: whatever happens in between, the text is somewhere.
  m_store->setDraft(conversation, draft);
  m_store->setDraftAttachments(conversation, files);
  m_store->takeBack(conversation, question);
  if (instead != 0) m_store->setLeaf(conversation, instead);
  if (!here) return;
  m_editing = Editing::Nothing;
  m_edited = 0;
  m_draft = draft;
  m_attachments.setFiles(files);
  Q_EMIT draftChanged();
  m_tree.remove(id);
  m_tree.remove(question);
  if (instead != 0) m_tree.showBranchOf(instead);
  branchChanged();
  if (!m_tree.empty()) return;
  m_store->setDraft(0, draft);  // there is no conversation without its first message
  m_store->setDraftAttachments(0, files);
  m_store->purge(conversation);
}

void ChatController::setDropped(std::uint32_t dropped, const std::vector<MessageId>& sent) {
  m_dropped = std::min(dropped, static_cast<std::uint32_t>(sent.size()));
  m_messages.setForgottenBefore(m_dropped > 0 ? m_messages.rowOf(sent[m_dropped - 1]) + 1 : 0);
}

void ChatController::leaveOutOldest() {
  ChatSettings settings = m_chatSettings;
  settings.policy = ContextPolicy::LeaveOutOldest;
  setChatSettings(settings);
  regenerate();
}

void ChatController::retryStoring() {
  if (m_answers.flush()) storeDraft();
}

void ChatController::storeAll() {
  storeDraft();
  m_answers.flush();
}

void ChatController::retranslate() { m_messages.retranslate(); }

}  // namespace tercet
