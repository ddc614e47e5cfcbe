// Conversations on the disk.
#include <QFile>
#include <QSet>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <limits>
#include <memory>

#include "app/message_tree.h"
#include "app/storage/history_store.h"

using namespace tercet;
using Author = Message::Author;
using State = Message::State;

namespace {

Message make(MessageId parent, Author author, const QString& text, State state = State::Complete) {
  Message message;
  message.parent = parent;
  message.author = author;
  message.state = state;
  message.text = text;
  return message;
}

}  // namespace

class TestHistoryStore : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> m_dir;
  std::unique_ptr<HistoryStore> m_store;

  void reopen() {
    m_store = std::make_unique<HistoryStore>();
    connect(m_store.get(), &HistoryStore::failed, this, [](const StorageError& error) { qInfo() << error.detail; });
    QVERIFY(m_store->open(HistoryStore::fileIn(m_dir->path())));
  }
  int count(const QString& sql) {
    QSqlQuery query = m_store->database().run(sql);
    return query.next() ? query.value(0).toInt() : -1;
  }
  ConversationId begin(const QString& title = "title") {
    ConversationInfo info;
    info.title = title;
    return m_store->addConversation(info);
  }

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    reopen();
  }
  void cleanup() {
    m_store.reset();
    m_dir.reset();
  }

  void everything_of_a_message_comes_back() {
    const ConversationId id = begin();
    Message question = make(0, Author::User, QStringLiteral("¿Qué? \U0001F680\0x").append(QChar(0)) + "y");
    question.attachments = {{"a.txt", "one"}, {"b.txt", QString()}};
    const MessageId first = m_store->addMessage(id, question);
    QVERIFY(first > 0);
    Message answer = make(first, Author::Assistant, "text", State::ContextFull);
    answer.edited = true;
    answer.tokens = {0, 1, 128255};
    answer.stats = {.tokens = 3, .promptTokens = 9, .tokensPerSecond = 24.5, .firstTokenMs = 250,
                    .seed = std::numeric_limits<std::uint64_t>::max(), .threads = 4, .model = "M", .modelIdentity = "1-2", .known = true};
    const MessageId second = m_store->addMessage(id, answer);
    reopen();
    const std::vector<Message> stored = m_store->messages(id);
    QCOMPARE(stored.size(), std::size_t{2});
    QCOMPARE(stored[0].text, question.text);
    QCOMPARE(stored[0].attachments, question.attachments);
    QCOMPARE(stored[0].lastChild, second);
    QVERIFY(stored[0].createdAt > 0);
    answer.id = second;
    answer.createdAt = stored[1].createdAt;
    QVERIFY(stored[1] == answer);
    QCOMPARE(m_store->conversation(id)->leaf, second);
  }

  void an_answer_grows_by_pieces_and_is_interrupted_by_the_end_of_the_program() {
    const ConversationId id = begin();
    const MessageId question = m_store->addMessage(id, make(0, Author::User, "q"));
    const MessageId answer = m_store->addMessage(id, make(question, Author::Assistant, {}, State::Reading));
    QVERIFY(m_store->appendToAnswer(answer, "one "));
    QVERIFY(m_store->appendToAnswer(answer, "two"));
    reopen();
    const Message stored = m_store->messages(id).back();
    QCOMPARE(stored.text, "one two");
    QCOMPARE(stored.state, State::Interrupted);
    QCOMPARE(count("SELECT COUNT(*) FROM answer_pieces"), 0);
    QCOMPARE(count("SELECT COUNT(*) FROM message_index WHERE message_index MATCH 'two'"), 1);
  }

  void an_answer_that_ends_holds_its_text_once() {
    const ConversationId id = begin();
    const MessageId answer = m_store->addMessage(id, make(0, Author::Assistant, {}, State::Writing));
    QVERIFY(m_store->appendToAnswer(answer, "half"));
    QCOMPARE(count("SELECT COUNT(*) FROM message_index WHERE message_index MATCH 'half'"), 0);
    Message ended = make(0, Author::Assistant, "half and whole", State::Stopped);
    ended.id = answer;
    ended.tokens = {5};
    QVERIFY(m_store->endAnswer(id, ended));
    QCOMPARE(count("SELECT COUNT(*) FROM answer_pieces"), 0);
    QCOMPARE(m_store->messages(id).back().text, "half and whole");
    QCOMPARE(m_store->messages(id).back().tokens, std::vector<TokenId>{5});
    QCOMPARE(count("SELECT COUNT(*) FROM message_index WHERE message_index MATCH 'whole'"), 1);
  }

  void the_shown_branch_is_remembered_at_each_fork() {
    const ConversationId id = begin();
    const MessageId a = m_store->addMessage(id, make(0, Author::User, "a"));
    const MessageId b = m_store->addMessage(id, make(a, Author::Assistant, "b"));
    const MessageId c = m_store->addMessage(id, make(b, Author::User, "c"));
    const MessageId d = m_store->addMessage(id, make(a, Author::Assistant, "d"));
    MessageTree tree;
    tree.load(m_store->messages(id), m_store->conversation(id)->leaf);
    QCOMPARE(tree.path(), (std::vector<MessageId>{a, d}));
    tree.showBranchOf(b);
    QVERIFY(m_store->setLeaf(id, tree.leaf()));
    reopen();
    tree.load(m_store->messages(id), m_store->conversation(id)->leaf);
    QCOMPARE(tree.path(), (std::vector<MessageId>{a, b, c}));
  }

  void what_is_deleted_is_kept_until_it_is_purged() {
    const ConversationId id = begin();
    const MessageId a = m_store->addMessage(id, make(0, Author::User, "alpha"));
    const MessageId b = m_store->addMessage(id, make(a, Author::Assistant, "beta"));
    const MessageId c = m_store->addMessage(id, make(b, Author::User, "gamma"));
    QVERIFY(m_store->setMessageDeleted(id, b, true));
    QVERIFY(m_store->setMessageDeleted(id, c, true));
    QVERIFY(m_store->purgeDeletedBefore(1));  // long ago: nothing
    QCOMPARE(m_store->messages(id).size(), std::size_t{3});
    QVERIFY(m_store->setMessageDeleted(id, c, false));
    QVERIFY(m_store->purgeDeletedBefore(std::numeric_limits<qint64>::max()));
    const std::vector<Message> left = m_store->messages(id);
    QCOMPARE(left.size(), std::size_t{2});
    QCOMPARE(left[1].id, c);
    QCOMPARE(left[1].parent, a);
    QCOMPARE(count("SELECT COUNT(*) FROM message_index WHERE message_index MATCH 'beta'"), 0);

    QSignalSpy purged(m_store.get(), &HistoryStore::conversationPurged);
    QVERIFY(m_store->setConversationDeleted(id, true));
    QVERIFY(m_store->setDraft(id, "draft"));
    QVERIFY(m_store->conversation(id)->deletedAt > 0);
    QVERIFY(m_store->purgeDeletedBefore(std::numeric_limits<qint64>::max()));
    QCOMPARE(purged.size(), 1);
    QVERIFY(!m_store->conversation(id));
    for (const char* table : {"messages", "drafts", "conversations"}) QCOMPARE(count(QStringLiteral("SELECT COUNT(*) FROM %1").arg(table)), 0);
    QVERIFY(begin() > id);  // ids are not used again
  }

  void a_whole_conversation_is_copied_with_its_tree() {
    const ConversationId id = begin("One");
    const MessageId a = m_store->addMessage(id, make(0, Author::User, "a"));
    m_store->addMessage(id, make(a, Author::Assistant, "b"));
    m_store->addMessage(id, make(a, Author::Assistant, "c"));
    ChatSettings settings;
    settings.temperature = 0.25;
    settings.systemPrompt = "Be brief.";
    QVERIFY(m_store->setSettings(id, settings));
    QSignalSpy added(m_store.get(), &HistoryStore::conversationAdded);
    const ConversationId copy = m_store->addWhole(*m_store->whole(id));
    QVERIFY(copy > id);
    QCOMPARE(added.size(), 1);
    const std::optional<Conversation> whole = m_store->whole(copy);
    QCOMPARE(whole->info.title, "One");
    QVERIFY(whole->info.settings == settings);
    QCOMPARE(whole->messages.size(), std::size_t{3});
    QCOMPARE(whole->messages[2].parent, whole->messages[0].id);
    QCOMPARE(whole->info.leaf, whole->messages[2].id);
    QCOMPARE(whole->messages[0].lastChild, whole->messages[2].id);
  }

  void a_conversation_that_cannot_be_stored_whole_is_not_stored_at_all() {
    const int before = count("SELECT COUNT(*) FROM conversations");
    QVERIFY(m_store->database().execute("CREATE TRIGGER refuse BEFORE INSERT ON messages WHEN new.text = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END"));
    QSignalSpy failed(m_store.get(), &HistoryStore::failed);
    ConversationInfo info;
    info.title = "t";
    QCOMPARE(m_store->addWhole({info, {make(0, Author::User, "good"), make(0, Author::User, "bad")}}), ConversationId{0});
    QCOMPARE(failed.size(), 1);
    QCOMPARE(count("SELECT COUNT(*) FROM conversations"), before);
    QVERIFY(begin() > 0);  // the transaction is over
  }

  void drafts_are_kept_by_conversation() {
    QVERIFY(m_store->setDraft(0, "new"));
    QVERIFY(m_store->setDraft(7, "seven"));
    QVERIFY(m_store->setDraft(7, "eight"));
    reopen();
    QCOMPARE(m_store->draft(0), "new");
    QCOMPARE(m_store->draft(7), "eight");
    QVERIFY(m_store->setDraft(7, {}));
    QCOMPARE(m_store->draft(7), QString());
  }

  void files_of_a_draft_are_kept_in_their_order_and_purged_with_it() {
    const ConversationId id = begin();
    const std::vector<Attachment> files = {{"b.txt", "two"}, {"a.txt", QString()}};
    QVERIFY(m_store->setDraftAttachments(id, {{"old.txt", "old"}, {"b.txt", "two"}, {"c.txt", "three"}}));
    QVERIFY(m_store->setDraftAttachments(id, files));
    QVERIFY(m_store->setDraftAttachments(0, {{"new.txt", "new"}}));
    reopen();
    QCOMPARE(m_store->draftAttachments(id), files);
    QVERIFY(m_store->purge(id));
    QVERIFY(m_store->draftAttachments(id).empty());
    QCOMPARE(m_store->draftAttachments(0), (std::vector<Attachment>{{"new.txt", "new"}}));
  }

  void ids_follow_the_time_and_grow_in_a_chat_whatever_the_clock_says() {
    const auto at = [&](ConversationId chat, qint64 time, MessageId parent = 0) {
      Message message = make(parent, Author::User, "m");
      message.createdAt = time;
      return m_store->addMessage(chat, message);
    };
    constexpr qint64 kNow = 1'800'000'000'000, kYear = 31'536'000'000;
    const ConversationId recent = begin("recent"), imported = begin("imported"), same = begin("same"), set = begin("clock set back");
    const MessageId now = at(recent, kNow), old = at(imported, kNow - 2 * kYear);
    QVERIFY(old < now);
    QVERIFY(at(imported, kNow - kYear, old) < now);
    // Many of one moment, in several chats.
    QSet<MessageId> ids;
    for (int i = 0; i < 200; ++i) ids.insert(at(i % 2 == 0 ? same : imported, kNow));
    QCOMPARE(ids.size(), 200);
    QVERIFY(!ids.contains(0) && *std::max_element(ids.begin(), ids.end()) < now + 300);
    const MessageId before = at(set, kNow);
    QVERIFY(at(set, kNow - kYear) > before);
    QVERIFY(at(set, kNow - kYear) > before + 1);
    QVERIFY(at(begin("never"), 1) > 0);
    // One that is gone for good gives its id to no other.
    const MessageId gone = at(recent, kNow + kYear);
    QVERIFY(m_store->purge(recent));
    QVERIFY(at(begin("later"), kNow + kYear) != gone);
    const MessageId refused = at(set, kNow + 2 * kYear);
    QVERIFY(m_store->takeBack(set, refused));
    QVERIFY(at(set, kNow + 2 * kYear) != refused);
    QVERIFY(at(begin("far"), std::numeric_limits<qint64>::max()) > now);
  }

  void a_chat_of_any_length_can_be_purged() {
    Conversation chat;
    for (MessageId i = 1; i <= 1200; ++i) {
      Message message = make(i - 1, i % 2 == 1 ? Author::User : Author::Assistant, "m");
      message.id = i;
      chat.messages.push_back(message);
    }
    chat.info.leaf = 1200;
    const ConversationId first = m_store->addWhole(chat), second = m_store->addWhole(chat);
    QSignalSpy failed(m_store.get(), &HistoryStore::failed);
    QVERIFY(m_store->purge(first));
    QVERIFY(m_store->setConversationDeleted(second, true));
    QVERIFY(m_store->purgeDeletedBefore(std::numeric_limits<qint64>::max()));
    QCOMPARE(failed.size(), 0);
    for (const char* table : {"messages", "conversations"}) QCOMPARE(count(QStringLiteral("SELECT COUNT(*) FROM %1").arg(table)), 0);
    QCOMPARE(count("SELECT COUNT(*) FROM message_index WHERE message_index MATCH 'm'"), 0);
  }

  void one_that_cannot_be_purged_keeps_no_other() {
    const ConversationId stuck = begin("stuck"), other = begin("other"), third = begin("third");
    const MessageId message = m_store->addMessage(third, make(0, Author::User, "gone"));
    QVERIFY(m_store->setConversationDeleted(stuck, true));
    QVERIFY(m_store->setConversationDeleted(other, true));
    QVERIFY(m_store->setMessageDeleted(third, message, true));
    QVERIFY(m_store->database().execute("CREATE TRIGGER refuse BEFORE DELETE ON conversations WHEN old.title = 'stuck' BEGIN SELECT RAISE(ABORT, 'no'); END"));
    QSignalSpy failed(m_store.get(), &HistoryStore::failed);
    QVERIFY(!m_store->purgeDeletedBefore(std::numeric_limits<qint64>::max()));
    QCOMPARE(failed.size(), 1);
    QVERIFY(m_store->conversation(stuck) && !m_store->conversation(other));
    QVERIFY(m_store->messages(third).empty());
  }

  void messages_that_go_for_good_are_told_once_a_chat() {
    const ConversationId first = begin("first"), second = begin("second");
    const MessageId a = m_store->addMessage(first, make(0, Author::User, "a"));
    const MessageId b = m_store->addMessage(first, make(a, Author::Assistant, "b"));
    const MessageId c = m_store->addMessage(second, make(0, Author::User, "c"));
    QVERIFY(m_store->setMessageDeleted(first, a, true) && m_store->setMessageDeleted(first, b, true) &&
            m_store->setMessageDeleted(second, c, true));
    QSignalSpy purged(m_store.get(), &HistoryStore::messagePurged);
    QVERIFY(m_store->purgeDeletedBefore(std::numeric_limits<qint64>::max()));
    QCOMPARE(purged.size(), 2);
    QCOMPARE(purged[0][0].toLongLong(), first);
    QCOMPARE(purged[1][0].toLongLong(), second);
    QVERIFY(m_store->messages(first).empty() && m_store->messages(second).empty());
  }

  void edits_that_were_begun_go_with_their_messages() {
    const ConversationId first = begin("first"), second = begin("second");
    const MessageId a = m_store->addMessage(first, make(0, Author::User, "a"));
    const MessageId b = m_store->addMessage(second, make(0, Author::User, "b"));
    const MessageId c = m_store->addMessage(second, make(b, Author::Assistant, "c"));
    const MessageId d = m_store->addMessage(second, make(c, Author::User, "d"));
    for (const MessageId id : {a, b, c, d}) QVERIFY(m_store->setDraft(-id, "edit"));
    QVERIFY(m_store->purge(first));
    QCOMPARE(m_store->draft(-a), QString());
    QVERIFY(m_store->purgeMessage(second, b));
    QCOMPARE(m_store->draft(-b), QString());
    QVERIFY(m_store->setMessageDeleted(second, c, true));
    QVERIFY(m_store->purgeDeletedBefore(std::numeric_limits<qint64>::max()));
    QCOMPARE(m_store->draft(-c), QString());
    QCOMPARE(m_store->draft(-d), "edit");
  }

  void what_was_purged_is_no_longer_in_the_file() {
    const ConversationId id = begin();
    m_store->addMessage(id, make(0, Author::User, QStringLiteral("zebrafinch ").repeated(2000)));
    m_store->close();
    const auto holds = [&] {
      QFile file(HistoryStore::fileIn(m_dir->path()));
      return file.open(QIODevice::ReadOnly) && file.readAll().contains("zebrafinch zebrafinch");
    };
    QVERIFY(holds());
    reopen();
    QVERIFY(m_store->purge(id));
    m_store->close();
    QVERIFY(!holds());
  }

  void all_chats_follow_a_persona_that_is_renamed() {
    const ConversationId first = begin("first"), second = begin("second"), other = begin("other"), none = begin("none");
    ChatSettings settings;
    settings.persona = "Poet";
    settings.temperature = 0.5;
    QVERIFY(m_store->setSettings(first, settings) && m_store->setSettings(second, settings));
    QVERIFY(m_store->setConversationDeleted(second, true));
    QVERIFY(m_store->database().execute("UPDATE conversations SET settings = '{\"later\":[1],\"persona\":\"Poet\"}' WHERE id = ?", {first}));
    settings.persona = "Poet 2";
    QVERIFY(m_store->setSettings(other, settings));
    QVERIFY(m_store->renamePersona("Poet", "\"Bard\""));
    QCOMPARE(m_store->conversation(first)->settings.persona, "\"Bard\"");
    QCOMPARE(count("SELECT COUNT(*) FROM conversations WHERE settings LIKE '%\"later\":[1]%'"), 1);
    QCOMPARE(m_store->conversation(second)->settings.persona, "\"Bard\"");
    QCOMPARE(m_store->conversation(second)->settings.temperature, 0.5);
    QCOMPARE(m_store->conversation(other)->settings.persona, "Poet 2");
    QCOMPARE(m_store->conversation(none)->settings.persona, QString());
  }

  void a_database_of_a_later_version_is_left_alone() {
    QVERIFY(m_store->database().execute("PRAGMA user_version = 99"));
    m_store.reset();
    HistoryStore store;
    QSignalSpy failed(&store, &HistoryStore::failed);
    QVERIFY(!store.open(HistoryStore::fileIn(m_dir->path())));
    QCOMPARE(failed[0][0].value<StorageError>().cause, StorageError::Cause::Newer);
    QVERIFY(!store.isOpen());
    QCOMPARE(store.addConversation({}), ConversationId{0});
    QCOMPARE(failed.size(), 2);
  }
};

QTEST_GUILESS_MAIN(TestHistoryStore)
#include "tst_history_store.moc"
