// The part of ChatController that asks the engine for answers and takes what it says, to the end of each.
#include <QRandomGenerator>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "app/chat_controller.h"
#include "app/error_text.h"
#include "app/notice.h"
#include "app/settings.h"
#include "app/storage/history_store.h"

namespace tercet {
namespace {

Message::State endedAs(StopReason reason) {
  return reason == StopReason::ContextFull ? Message::State::ContextFull
         : reason == StopReason::MaxTokens ? Message::State::LengthReached
                                           : Message::State::Complete;
}

}  // namespace

RunningAnswer* ChatController::current() const { return m_conversation != 0 ? m_answers.of(m_conversation) : nullptr; }

ChatController::State ChatController::state() const {
  const RunningAnswer* answer = current();
  if (!answer) return State::Idle;
  if (answer->stopping) return State::Stopping;
  return answer->message.state == Message::State::Writing ? State::Writing : State::Reading;
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

/// Adds the answer below the leaf and asks the engine for it. Its `message` holds the text it begins with, if any.
bool ChatController::request(RunningAnswer answer) {
  answer.conversation = m_conversation;
  answer.message.author = Message::Author::Assistant;
  answer.message.state = Message::State::Reading;
  answer.message.parent = m_branch.tree().leaf();
  if (!m_branch.add(m_conversation, answer.message)) {
    if (answer.instead != 0 && answer.question == 0) m_branch.tree().showBranchOf(answer.instead);
    branchChanged();
    return false;
  }
  takeBackNotices();
  answer.id = ++m_lastId;
  GenerateRequest request = makeRequest(answer);
  m_answers.start(std::move(answer));
  m_progress = {.contextUsed = m_progress.contextUsed};
  showBranch();
  everythingChanged();
  Q_EMIT progressChanged();
  Q_EMIT generateRequested(request);
  return true;
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

void ChatController::onTextArrived(RequestId id, const QString& delta) {
  RunningAnswer* answer = m_answers.find(id);
  if (!answer || delta.isEmpty()) return;
  const bool firstWord = answer->message.state == Message::State::Reading;
  answer->message.state = Message::State::Writing;
  m_answers.append(*answer, delta);
  if (!shows(*answer)) return;
  m_branch.messages().setState(Message::State::Writing);
  m_branch.messages().appendText(delta);
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
  const bool toldContext = shows(*answer) && result.context_used > 0 && !result.tokens.empty() && !m_draft.edited();
  if (outcome.failed && !stopped) {
    fail(*answer, outcome.error);
  } else if (stopped && result.tokens.empty() && answer->instead != 0 && answer->question == 0) {
    takeAwayAnswer(*answer);
  } else {
    complete(*answer, outcome, stopped);
  }
  if (!toldContext) countBranch();
  everythingChanged();
  readAgain();
  if (!stopped && !outcome.failed) {
    Q_EMIT answered(conversation, std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  }
}

/// Stores the answer as it is and shows it so.
void ChatController::endAs(RunningAnswer& answer, Message::State state) {
  answer.message.state = state;
  const Message message = answer.message;
  const bool here = shows(answer);
  m_answers.end(answer);
  if (!here) return;
  if (m_branch.tree().find(message.id)) m_branch.tree().at(message.id) = message;
  if (m_branch.messages().count() > 0 && m_branch.messages().last().id == message.id) m_branch.messages().finish(message);
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
           .forgotten = result.prompt_tokens > 0 ? result.dropped_messages : here ? m_branch.dropped() : 0,
           .known = true};
  if (!result.tokens.empty()) stats.firstTokenMs = static_cast<int>(std::lround(result.time_to_first_token_ms));
  const std::vector<MessageId> sent = answer.sent;
  endAs(answer, stopped ? Message::State::Stopped : endedAs(result.stop_reason));
  if (!here) return;

  const bool firstDrop = m_branch.dropped() == 0 && result.dropped_messages > 0;
  if (result.prompt_tokens > 0) m_branch.setDropped(result.dropped_messages, sent);
  if (result.context_used > 0) m_progress.contextUsed = result.context_used;
  if (result.prefill_tokens_per_s > 0) m_progress.readSpeed = result.prefill_tokens_per_s;
  m_progress.writeSpeed = result.decode_tokens_per_s;
  if (!result.tokens.empty()) m_progress.firstTokenMs = static_cast<int>(std::lround(result.time_to_first_token_ms));
  Q_EMIT progressChanged();
  if (full) {
    m_notice->show(noticeFor(Error{ErrorCode::ContextFull, {}}));
  } else if (firstDrop) {
    m_notice->show({Notice::Kind::Info, QStringLiteral("C-302"), tr("Older messages no longer fit."),
                    tr("The model no longer sees the oldest ones, drawn pale above. Your instructions stay."),
                    {}, Notice::Action::NewChat});
  }
}

void ChatController::fail(RunningAnswer& answer, const Error& error) {
  const bool refused = error.code == ErrorCode::PromptTooLong || error.code == ErrorCode::InvalidUtf8;
  const bool nothingWritten = answer.message.state == Message::State::Reading;
  const bool asks = error.code == ErrorCode::ConversationTooLong;
  if (nothingWritten && refused && answer.question != 0) {
    giveBackMessage(answer);
  } else if (asks) {  // the question stays and waits for the person's choice
    m_refused = RunningAnswer{.conversation = answer.conversation, .message = answer.message, .question = answer.question,
                              .instead = answer.instead, .goesOn = answer.goesOn};
    takeAwayAnswer(answer);
  } else if (nothingWritten && answer.instead != 0 && answer.question == 0) {
    takeAwayAnswer(answer);
  } else {
    endAs(answer, Message::State::Failed);  // what was written stays
  }
  m_notice->show(noticeFor(error));
}

/// Nothing was written: the question that was sent for it is shown without an answer, or the branch from before.
void ChatController::takeAwayAnswer(RunningAnswer& answer) {
  const MessageId before = answer.instead != 0 ? answer.instead : answer.message.parent;
  const MessageId id = answer.message.id, instead = answer.question != 0 ? answer.question : before;
  const ConversationId conversation = answer.conversation;
  const bool here = shows(answer);
  if (!m_store->takeBack(conversation, id)) return endAs(answer, Message::State::Failed);  // the disk is full: nothing can go
  m_answers.drop(answer);
  m_store->setLeaf(conversation, instead);
  if (!here) return;
  m_branch.tree().remove(id);
  m_branch.tree().showBranchOf(instead);
  m_branch.show();
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
  m_draft.giveBack(conversation, text, std::move(files));  // first: whatever happens in between, the text is somewhere
  m_store->takeBack(conversation, question);
  if (instead != 0) m_store->setLeaf(conversation, instead);
  if (!here) return;
  m_branch.tree().remove(id);
  m_branch.tree().remove(question);
  if (instead != 0) m_branch.tree().showBranchOf(instead);
  branchChanged();
  if (!m_branch.tree().empty()) return;
  m_draft.keepForNewChat();  // there is no conversation without its first message
  m_store->purge(conversation);
}

}  // namespace tercet
