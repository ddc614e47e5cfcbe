// The part of ChatController that makes and shows versions of messages: edits, the arrows, what is deleted, forks.
#include <QDateTime>

#include <optional>
#include <utility>

#include "app/chat_controller.h"
#include "app/notice.h"
#include "app/storage/history_store.h"
#include "app/well_formed.h"

namespace tercet {

void ChatController::beginEdit(int row) {
  const Message* message = m_branch.shown(row);
  if (!message || !canChange() || (m_draft.edited() && m_draft.edited()->id == message->id)) return;
  storeDraft();
  m_draft.beginEdit(*message);
}

ChatController::Editing ChatController::editing() const {
  if (!m_draft.edited()) return Editing::Nothing;
  return m_draft.edited()->author == Message::Author::User ? Editing::Prompt : Editing::Answer;
}

void ChatController::editLastPrompt() {
  for (int row = m_branch.messages().count() - 1; row >= 0; --row) {
    if (m_branch.shown(row)->author == Message::Author::User) return beginEdit(row);
  }
}

void ChatController::cancelEdit() {
  if (editing() != Editing::Nothing) m_draft.endEdit();
}

bool ChatController::editPrompt(MessageId id, const QString& text) {
  const Message* old = m_branch.tree().find(id);
  if (!canRegenerate() || !old) return false;
  Message question = *old;
  question.text = wellFormed(text);
  question.lastChild = 0;
  question.deletedAt = 0;  // it may have gone meanwhile
  RunningAnswer answer;
  answer.instead = m_branch.tree().leaf();
  if (!m_branch.add(m_conversation, question)) return false;
  answer.question = question.id;
  m_branch.setDropped(0, {});
  if (request(std::move(answer))) noteHidden(id);
  return true;
}

bool ChatController::editAnswer(MessageId id, const QString& text, std::vector<TokenId> tokens) {
  const Message* old = m_branch.tree().find(id);
  if (!canChange() || !old) return false;
  if (text == old->text) return true;
  Message answer = *old;
  answer.text = wellFormed(text);
  answer.edited = true;
  answer.stats = {};
  if (!tokens.empty()) answer.stats.modelIdentity = m_modelIdentity;
  answer.tokens = std::move(tokens);
  answer.state = Message::State::Complete;
  answer.lastChild = 0;
  answer.deletedAt = 0;
  if (!m_branch.add(m_conversation, answer)) return false;
  branchChanged();
  noteHidden(id);
  return true;
}

/// Says where the messages are that hang on the other branch.
void ChatController::noteHidden(MessageId old) {
  const int below = static_cast<int>(m_branch.tree().countBelow(old));
  if (below == 0) return;
  m_notice->show({Notice::Kind::Info, QStringLiteral("H-601"),
                  tr("%n later message(s) are on the other version.", nullptr, below),
                  tr("Nothing is lost: the arrows under the message lead back to them."), {}, Notice::Action::None});
}

void ChatController::showVersion(int row, int step) {
  const Message* message = m_branch.shown(row);
  if (!message || !canChange()) return;
  const MessageId other = m_branch.beside(message->id, step);
  if (other == 0) return;
  m_notice->clear(u"H");
  showBranchOf(other);
}

void ChatController::showBranchOf(MessageId id) {
  m_branch.tree().showBranchOf(id);
  m_store->setLeaf(m_conversation, m_branch.tree().leaf());
  branchChanged();
  m_branch.recallDropped(m_modelIdentity);
  countBranch();
  Q_EMIT contextChanged();
}

void ChatController::deleteMessage(int row) {
  const Message* message = m_branch.shown(row);
  if (!message || !canChange()) return;
  const MessageId id = message->id;
  const ConversationId conversation = m_conversation;
  setMessageDeleted(conversation, id, true);
  if (m_branch.tree().find(id)->deletedAt == 0) return;
  m_notice->show({Notice::Kind::Info, QStringLiteral("H-602"), tr("Message deleted."),
                  tr("The model no longer sees it. It is kept for 30 days."), {}, Notice::Action::Undo,
                  [=, this] { setMessageDeleted(conversation, id, false); }});
}

void ChatController::setMessageDeleted(ConversationId conversation, MessageId id, bool deleted) {
  if (!m_store->setMessageDeleted(conversation, id, deleted) || conversation != m_conversation) return;
  m_branch.tree().setDeleted(id, deleted ? QDateTime::currentMSecsSinceEpoch() : 0);
  if (const MessageId shown = deleted ? m_branch.tree().insteadOf(id) : id; shown != 0 && !current() && m_branch.messages().rowOf(shown) < 0) {
    return showBranchOf(shown);
  }
  branchChanged();
}

void ChatController::fork(int row) {
  const Message* last = m_branch.shown(row);
  if (!last || !canChange()) return;
  std::optional<ConversationInfo> info = m_store->conversation(m_conversation);
  if (!info) return;
  Conversation copy{std::move(*info), m_branch.copyUpTo(row)};
  //: %1: the title of a conversation; the title of its copy
  copy.info.title = tr("%1 (copy)").arg(copy.info.title);
  copy.info.pinned = false;
  copy.info.settings = m_chatSettings;
  copy.info.createdAt = copy.info.updatedAt = QDateTime::currentMSecsSinceEpoch();
  copy.info.leaf = last->id;
  if (const ConversationId id = m_store->addWhole(copy); id != 0) open(id);
}

}  // namespace tercet
