#include "app/chat_controller.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QRandomGenerator>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/error_text.h"
#include "app/notice.h"
#include "app/settings.h"

namespace tercet {
namespace {

constexpr qsizetype kTitleLength = 48;  // characters

/// Text with every lone surrogate replaced: what is shown is then exactly what the model reads.
QString wellFormed(QString text) {
  for (qsizetype i = 0; i < text.size(); ++i) {
    if (!text[i].isSurrogate()) continue;
    if (text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
      ++i;
    } else {
      text[i] = QChar::ReplacementCharacter;
    }
  }
  return text;
}

}  // namespace

ChatController::ChatController(Settings* settings, Notice* notice, QObject* parent)
    : QObject(parent), m_settings(settings), m_notice(notice), m_messages(this) {}

ChatController::~ChatController() = default;

bool ChatController::canRegenerate() const {
  return canSend() && m_messages.count() > 1 && m_messages.last().author == MessageModel::Author::Assistant;
}

QString ChatController::title() const {
  if (m_messages.count() == 0) return {};
  const QString words = m_messages.messages().front().text.simplified();
  if (words.size() <= kTitleLength) return words;
  const qsizetype space = words.lastIndexOf(u' ', kTitleLength);
  qsizetype end = space > kTitleLength / 2 ? space : kTitleLength;
  if (words[end - 1].isHighSurrogate()) --end;
  return words.first(end) + QChar(0x2026);
}

void ChatController::setDraft(const QString& draft) {
  if (m_draft == draft) return;
  m_draft = draft;
  Q_EMIT draftChanged();
}

double ChatController::readingProgress() const {
  return m_progress.readTotal > 0 ? static_cast<double>(m_progress.readDone) / m_progress.readTotal : 0;
}

int ChatController::readingSecondsLeft() const {
  if (m_progress.readSpeed <= 0 || m_progress.readTotal == 0) return -1;
  return static_cast<int>(std::ceil((m_progress.readTotal - m_progress.readDone) / m_progress.readSpeed));
}

bool ChatController::send() {
  if (!canSend() || m_draft.trimmed().isEmpty()) return false;
  m_messages.append(MessageModel::Author::User, MessageModel::State::Complete, wellFormed(m_draft));
  setDraft({});
  if (m_messages.count() == 1) Q_EMIT titleChanged();
  request();
  return true;
}

void ChatController::regenerate() {
  if (!canRegenerate()) return;
  m_replaced = m_messages.takeLast();
  request();
}

/// Adds the row of the answer and asks for it.
void ChatController::request() {
  GenerateRequest request;
  if (const QString system = m_settings->systemPrompt(); !system.trimmed().isEmpty()) {
    request.messages.push_back({Role::System, wellFormed(system).toStdString(), {}});
  }
  m_rows.clear();
  int row = 0;
  for (const MessageModel::Message& message : m_messages.messages()) {
    const bool user = message.author == MessageModel::Author::User;
    // An answer that was stopped before its first word says nothing.
    if (user || !message.text.isEmpty()) {
      request.messages.push_back({user ? Role::User : Role::Assistant, message.text.toStdString(), message.tokens});
      m_rows.push_back(row);
    }
    ++row;
  }
  m_messages.append(MessageModel::Author::Assistant, MessageModel::State::Reading);
  m_notice->clear(u"C");

  m_stop = {};
  m_progress = {.contextUsed = m_progress.contextUsed};
  request.id = m_currentId = ++m_lastId;
  request.options = m_settings->generateOptions(QRandomGenerator::system()->generate64());
  request.alreadyDropped = m_dropped;
  request.stop = m_stop;
  m_seed = request.options.sampling.seed;
  setState(State::Reading);
  Q_EMIT progressChanged();
  Q_EMIT generateRequested(request);
}

void ChatController::stop() {
  if (!canStop()) return;
  m_stop.request_stop();
  setState(State::Stopping);
}

void ChatController::newChat() {
  // What still runs is stopped; the engine takes the next request when it is done with that.
  m_stop.request_stop();
  m_currentId = 0;
  m_replaced.reset();
  m_messages.clear();
  m_progress = {};
  setDropped(0);
  m_notice->clear(u"C");
  setState(State::Idle);
  Q_EMIT progressChanged();
  Q_EMIT contextChanged();
  Q_EMIT titleChanged();
}

void ChatController::copyMessage(int row) const {
  if (row < 0 || row >= m_messages.count()) return;
  QGuiApplication::clipboard()->setText(m_messages.messages()[static_cast<std::size_t>(row)].text);
}

void ChatController::setModelReady(bool ready) {
  if (m_modelReady == ready) return;
  m_modelReady = ready;
  Q_EMIT stateChanged();
}

void ChatController::setContextTotal(int tokens) {
  if (m_contextTotal == tokens) return;
  m_contextTotal = tokens;
  setDropped(0);  // what fits has to be found anew
  Q_EMIT contextChanged();
}

void ChatController::onModelReplaced() {
  m_messages.clearTokens();
  m_progress = {};
  setDropped(0);
  Q_EMIT progressChanged();
  Q_EMIT contextChanged();
}

void ChatController::onTextArrived(RequestId id, const QString& delta) {
  if (id != m_currentId || delta.isEmpty()) return;
  m_messages.setState(MessageModel::State::Writing);
  m_messages.appendText(delta);
  if (m_state == State::Reading) setState(State::Writing);
}

void ChatController::onProgressed(RequestId id, const Progress& progress) {
  if (id != m_currentId) return;
  m_progress = progress;
  Q_EMIT progressChanged();
  Q_EMIT contextChanged();
}

void ChatController::onFinished(RequestId id, const Outcome& outcome) {
  if (id != m_currentId) return;
  m_currentId = 0;
  const GenerateResult& result = outcome.result;
  const bool stopped = outcome.failed ? outcome.error.code == ErrorCode::Stopped
                                      : result.stop_reason == StopReason::Stopped;
  if (outcome.failed && !stopped) {
    fail(outcome.error);
  } else if (stopped && m_messages.last().text.isEmpty() && m_replaced) {
    bringBackReplaced();
  } else {
    complete(result, stopped);
  }
  m_replaced.reset();
  setState(State::Idle);
}

void ChatController::complete(const GenerateResult& result, bool stopped) {
  using MessageState = MessageModel::State;
  const bool full = !stopped && result.stop_reason == StopReason::ContextFull;
  m_messages.finish(stopped ? MessageState::Stopped : full ? MessageState::ContextFull : MessageState::Complete,
                    result.tokens,
                    {.tokens = static_cast<std::uint32_t>(result.tokens.size()),
                     .tokensPerSecond = result.decode_tokens_per_s, .seed = m_seed, .known = true});
  const bool firstDrop = m_dropped == 0 && result.dropped_messages > 0;
  if (result.prompt_tokens > 0) setDropped(result.dropped_messages);

  m_progress.contextUsed = result.context_used;
  if (result.prefill_tokens_per_s > 0) m_progress.readSpeed = result.prefill_tokens_per_s;
  m_progress.writeSpeed = result.decode_tokens_per_s;
  if (!result.tokens.empty()) m_progress.firstTokenMs = static_cast<int>(std::lround(result.time_to_first_token_ms));
  Q_EMIT progressChanged();
  Q_EMIT contextChanged();

  if (full) {
    m_notice->show(noticeFor({ErrorCode::ContextFull, {}}));
  } else if (firstDrop) {
    m_notice->show({Notice::Kind::Info, QStringLiteral("C-302"), tr("Older messages no longer fit."),
                    tr("The model no longer sees the oldest ones, drawn pale above. Your system prompt stays."),
                    {}, Notice::Action::NewChat});
  }
}

void ChatController::fail(const Error& error) {
  const bool refused = error.code == ErrorCode::PromptTooLong || error.code == ErrorCode::InvalidUtf8;
  if (!m_messages.last().text.isEmpty()) {
    m_messages.finish(MessageModel::State::Failed, {}, {});  // what was written stays
  } else if (m_replaced) {
    bringBackReplaced();
  } else if (refused) {
    giveBackMessage();
  } else {
    m_messages.finish(MessageModel::State::Failed, {}, {});
  }
  m_notice->show(noticeFor(error));
}

void ChatController::bringBackReplaced() {
  m_messages.takeLast();
  m_messages.restore(std::move(*m_replaced));
}

/// The message that was refused goes back to the composer, before whatever was typed meanwhile.
void ChatController::giveBackMessage() {
  m_messages.takeLast();
  const QString text = m_messages.takeLast().text;
  setDraft(m_draft.trimmed().isEmpty() ? text : text + QStringLiteral("\n\n") + m_draft);
  Q_EMIT titleChanged();
}

void ChatController::setDropped(std::uint32_t dropped) {
  m_dropped = std::min(dropped, static_cast<std::uint32_t>(m_rows.size()));
  m_messages.setForgottenBefore(m_dropped > 0 ? m_rows[m_dropped - 1] + 1 : 0);
}

void ChatController::setState(State state) {
  // Also when it stays the same: what can be done depends on the messages, too.
  m_state = state;
  Q_EMIT stateChanged();
}

void ChatController::retranslate() { m_messages.retranslate(); }

}  // namespace tercet
