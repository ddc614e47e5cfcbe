// The page of what was deleted.
#include <QAbstractItemModelTester>
#include <QDateTime>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include "app/chat_controller.h"
#include "app/deleted_list.h"
#include "app/notice.h"
#include "app/settings.h"
#include "app/storage/history_store.h"

using namespace tercet;

class TestDeletedList : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> m_dir;
  std::unique_ptr<HistoryStore> m_store;
  std::unique_ptr<DeletedList> m_list;
  ConversationId m_id = 0;
  MessageId m_question = 0, m_answer = 0;

  QString role(int row, int role) const { return m_list->data(m_list->index(row), role).toString(); }
  MessageId add(MessageId parent, Message::Author author, const QString& text) {
    Message message;
    message.parent = parent;
    message.author = author;
    message.text = text;
    return m_store->addMessage(m_id, message);
  }

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<HistoryStore>();
    QVERIFY(m_store->open(HistoryStore::fileIn(m_dir->path())));
    ConversationInfo info;
    info.title = "Trip";
    m_id = m_store->addConversation(info);
    m_question = add(0, Message::Author::User, "Where to?");
    m_answer = add(m_question, Message::Author::Assistant, "To the \n sea");
    m_list = std::make_unique<DeletedList>(m_store.get());
  }
  void cleanup() {
    m_list.reset();
    m_store.reset();
  }

  void it_follows_the_store_while_it_is_shown() {
    QAbstractItemModelTester tester(m_list.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QVERIFY(m_store->setMessageDeleted(m_id, m_answer, true));
    QCOMPARE(m_list->count(), 0);
    m_list->setShown(true);
    QCOMPARE(m_list->count(), 1);
    QCOMPARE(role(0, DeletedList::TitleRole), "Trip");
    QCOMPARE(role(0, DeletedList::ExcerptRole), "To the sea");
    QVERIFY(role(0, DeletedList::DetailsRole).contains("30"));
    // The conversation as a whole takes its messages with it.
    QVERIFY(m_store->setConversationDeleted(m_id, true));
    QTRY_COMPARE(role(0, DeletedList::ExcerptRole), "");
    QCOMPARE(m_list->count(), 1);
  }

  void what_is_restored_leaves_the_list() {
    QVERIFY(m_store->setConversationDeleted(m_id, true));
    m_list->setShown(true);
    m_list->restore(0);
    QCOMPARE(m_store->conversation(m_id)->deletedAt, 0);
    QTRY_COMPARE(m_list->count(), 0);
    m_list->restore(0);
  }

  void a_message_is_brought_back_and_purged_through_the_open_chat() {
    Settings settings(m_dir->path(), 4);
    Notice notice;
    ChatController chat(m_store.get(), &settings, &notice);
    connect(m_list.get(), &DeletedList::restoreMessageRequested, &chat,
            [&](ConversationId conversation, MessageId message) { chat.setMessageDeleted(conversation, message, false); });
    connect(m_store.get(), &HistoryStore::messagePurged, &chat, &ChatController::onMessagesChanged);
    chat.open(m_id);
    chat.deleteMessage(1);
    QCOMPARE(chat.messages()->count(), 1);
    m_list->setShown(true);
    m_list->restore(0);
    QCOMPARE(chat.messages()->count(), 2);
    chat.deleteMessage(0);
    QTRY_COMPARE(role(0, DeletedList::ExcerptRole), "Where to?");
    m_list->purge(0);
    QCOMPARE(m_store->messages(m_id).size(), std::size_t{1});
    QCOMPARE(m_store->messages(m_id).front().parent, MessageId{0});
    QCOMPARE(chat.messages()->count(), 1);
    QVERIFY(!chat.tree().find(m_question));
  }

  void emptying_deletes_everything_in_the_list_for_good() {
    ConversationInfo info;
    info.title = "Other";
    const ConversationId other = m_store->addConversation(info);
    QVERIFY(m_store->setConversationDeleted(other, true));
    QVERIFY(m_store->setMessageDeleted(m_id, m_answer, true));
    m_list->setShown(true);
    QCOMPARE(m_list->count(), 2);
    m_list->purgeAll();
    QTRY_COMPARE(m_list->count(), 0);
    QVERIFY(!m_store->conversation(other));
    QCOMPARE(m_store->messages(m_id).size(), std::size_t{1});
  }

  void emptying_takes_chats_of_any_length() {
    Conversation chat;
    for (MessageId i = 1; i <= 1200; ++i) {
      Message message;
      message.id = i;
      message.parent = i - 1;
      message.text = "m";
      chat.messages.push_back(message);
    }
    const ConversationId id = m_store->addWhole(chat);
    QVERIFY(m_store->setConversationDeleted(id, true));
    m_list->setShown(true);
    m_list->purgeAll();
    QTRY_COMPARE(m_list->count(), 0);
    QVERIFY(!m_store->conversation(id) && m_store->messages(id).empty());
  }

  void what_was_kept_for_thirty_days_is_gone_and_the_rest_stays() {
    QVERIFY(m_store->setConversationDeleted(m_id, true));
    const qint64 day = 24LL * 60 * 60 * 1000;
    const auto age = [&](qint64 days) {
      return m_store->database().execute("UPDATE conversations SET deleted_at = ?",
                                         {QDateTime::currentMSecsSinceEpoch() - days * day});
    };
    QVERIFY(age(29));
    m_list->setShown(true);
    QCOMPARE(m_list->count(), 1);
    m_list->setShown(false);
    QVERIFY(age(31));
    m_list->setShown(true);
    QCOMPARE(m_list->count(), 0);
    QVERIFY(!m_store->conversation(m_id));
  }
};

QTEST_MAIN(TestDeletedList)
#include "tst_deleted_list.moc"
