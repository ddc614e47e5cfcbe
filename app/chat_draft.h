// What is being typed in the chat that is shown: a message to come, with its files, or the new version of one.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

#include "app/draft_attachments.h"
#include "app/message.h"
#include "app/token_counter.h"

namespace tercet {

class HistoryStore;

/// Each conversation has a draft of its own, and so has each message that is being edited; the files belong to the
/// conversation. Stored while it is typed, and found again when the chat is opened.
class ChatDraft : public QObject {
  Q_OBJECT

 public:
  /// `store` outlives this.
  explicit ChatDraft(HistoryStore* store, QObject* parent = nullptr);
  ~ChatDraft() override;

  const QString& text() const { return m_text; }
  void setText(const QString& text);
  DraftAttachments* attachments() { return &m_attachments; }
  const DraftAttachments* attachments() const { return &m_attachments; }
  /// Neither words nor files.
  bool empty() const { return m_text.trimmed().isEmpty() && m_attachments.count() == 0; }
  /// With its files; -1 while not known.
  int tokens() const { return m_tokens; }
  void setModel(std::weak_ptr<const Model> model);

  /// The draft of a conversation, as it was left; 0: of one that is not stored yet.
  void open(ConversationId conversation);
  /// The message was sent to `conversation`, which it may have begun: nothing of it is a draft any more.
  void sentTo(ConversationId conversation);
  /// A message of a conversation comes back, before whatever was typed there meanwhile. An edit ends.
  void giveBack(ConversationId conversation, const QString& text, std::vector<Attachment> files);
  /// Stores it also as that of the chat to come.
  void keepForNewChat();

  /// The message that is being edited, as it was before.
  const std::optional<Message>& edited() const { return m_edited; }
  /// What was typed waits; the text of `message` takes its place, or an edit of it that was neither ended nor given up.
  void beginEdit(const Message& message);
  /// What waited comes back.
  void endEdit();

  /// Asks, in a moment, for store(); also of somebody who never stops typing.
  void storeSoon() {
    if (!m_storeSoon.isActive()) m_storeSoon.start();
  }
  void store();

 Q_SIGNALS:
  void changed();
  void tokensChanged();
  void editedChanged();
  /// It changed a moment ago.
  void toBeStored();

 private:
  /// What it is stored under: a conversation, or the message it is an edit of.
  qint64 key() const { return m_edited ? -m_edited->id : m_conversation; }
  void count();
  void storeAttachments();

  HistoryStore* m_store;
  ConversationId m_conversation = 0;
  std::optional<Message> m_edited;
  QString m_text;
  DraftAttachments m_attachments;
  TokenCounter m_counter;
  int m_tokens = 0;
  QTimer m_storeSoon;
};

}  // namespace tercet
