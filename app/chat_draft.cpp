#include "app/chat_draft.h"

#include <utility>

#include "app/prompt_text.h"
#include "app/storage/history_store.h"

namespace tercet {
namespace {

constexpr int kDraftMs = 400;  // at most so much typing is lost

}  // namespace

ChatDraft::ChatDraft(HistoryStore* store, QObject* parent) : QObject(parent), m_store(store) {
  m_storeSoon.setSingleShot(true);
  m_storeSoon.setInterval(kDraftMs);
  connect(&m_storeSoon, &QTimer::timeout, this, &ChatDraft::toBeStored);
  connect(&m_attachments, &DraftAttachments::changed, this, &ChatDraft::count);
  connect(&m_attachments, &DraftAttachments::changed, this, &ChatDraft::storeAttachments);
  connect(&m_attachments, &DraftAttachments::arrivedElsewhere, this, [this](qint64 draft, const Attachment& file) {
    std::vector<Attachment> files = m_store->draftAttachments(draft);
    files.push_back(file);
    m_store->setDraftAttachments(draft, files);
  });
  connect(this, &ChatDraft::changed, this, &ChatDraft::count);
  connect(this, &ChatDraft::editedChanged, this, [this] { m_attachments.setClosed(m_edited.has_value()); });
  connect(&m_counter, &TokenCounter::counted, this, [this](int tokens) {
    m_tokens = tokens;
    Q_EMIT tokensChanged();
  });
}

ChatDraft::~ChatDraft() = default;

void ChatDraft::setText(const QString& text) {
  if (m_text == text) return;
  m_text = text;
  storeSoon();
  Q_EMIT changed();
}

/// A new version of a message keeps its files; those of the draft wait, like its text.
void ChatDraft::count() { m_counter.count(promptText(m_text, m_edited ? m_edited->attachments : m_attachments.files())); }

void ChatDraft::setModel(std::weak_ptr<const Model> model) {
  m_tokens = m_text.isEmpty() ? 0 : -1;
  m_attachments.setModel(model);
  m_counter.setModel(std::move(model));
  Q_EMIT tokensChanged();
}

void ChatDraft::open(ConversationId conversation) {
  m_storeSoon.stop();
  m_edited.reset();
  m_conversation = conversation;
  m_text = m_store->isOpen() ? m_store->draft(conversation) : QString();
  m_attachments.open(conversation, m_store->isOpen() ? m_store->draftAttachments(conversation) : std::vector<Attachment>());
  Q_EMIT changed();
  Q_EMIT editedChanged();
}

void ChatDraft::sentTo(ConversationId conversation) {
  const ConversationId from = std::exchange(m_conversation, conversation);
  setText({});
  m_attachments.open(m_conversation, {});
  store();
  if (from != 0) return;
  m_store->setDraft(0, {});
  m_store->setDraftAttachments(0, {});
}

void ChatDraft::giveBack(ConversationId conversation, const QString& text, std::vector<Attachment> files) {
  const bool here = conversation == m_conversation;
  const QString typed = here ? m_text : m_store->draft(conversation);
  const QString draft = typed.trimmed().isEmpty() ? text : text + QStringLiteral("\n\n") + typed;
  for (const Attachment& file : m_store->draftAttachments(conversation)) files.push_back(file);
  m_store->setDraft(conversation, draft);
  m_store->setDraftAttachments(conversation, files);
  if (!here) return;
  m_edited.reset();
  m_text = draft;
  m_attachments.setFiles(files);
  Q_EMIT changed();
  Q_EMIT editedChanged();
}

void ChatDraft::keepForNewChat() {
  m_store->setDraft(0, m_text);
  m_store->setDraftAttachments(0, m_attachments.files());
}

void ChatDraft::beginEdit(const Message& message) {
  m_edited = message;
  const QString begun = m_store->draft(key());
  m_text = begun.isEmpty() ? m_edited->text : begun;
  Q_EMIT changed();
  Q_EMIT editedChanged();
}

void ChatDraft::endEdit() {
  m_storeSoon.stop();
  m_store->setDraft(key(), {});
  m_edited.reset();
  m_text = m_store->draft(m_conversation);
  Q_EMIT changed();
  Q_EMIT editedChanged();
}

void ChatDraft::store() {
  m_storeSoon.stop();
  if (m_store->isWritable()) m_store->setDraft(key(), m_text);
}

void ChatDraft::storeAttachments() {
  const std::vector<Attachment> files = m_attachments.files();
  if (m_store->isWritable() && files != m_store->draftAttachments(m_conversation)) m_store->setDraftAttachments(m_conversation, files);
}

}  // namespace tercet
