// Damaged, cut and foreign files of conversations; what is saved of them, and what is said.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>
#include <QSignalSpy>
#include <QSqlRecord>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <memory>

#include "app/storage/backup.h"
#include "app/storage/history_search.h"
#include "app/storage/history_store.h"
#include "app/storage/journal.h"
#include "app/storage/salvage.h"

using namespace tercet;

class TestRecovery : public QObject {
  Q_OBJECT

  static constexpr int kConversations = 12;
  static constexpr int kTurns = 40;

  std::unique_ptr<QTemporaryDir> m_dir;
  std::unique_ptr<HistoryStore> m_store;

  QString file() const { return HistoryStore::fileIn(m_dir->path()); }
  bool reopen() {
    m_store = std::make_unique<HistoryStore>();
    return m_store->open(file());
  }
  static QString textOf(int conversation, int turn) {
    // The longest do not fit one page.
    return QStringLiteral("message %1 of %2 ").arg(turn).arg(conversation).repeated(turn % 7 == 0 ? 300 + 11 * turn : 8);
  }
  /// With so much time between the chats.
  void fill(qint64 apart = 0) {
    QVERIFY(reopen());
    qint64 time = 1'700'000'000'000;
    Transaction all(m_store->database());
    for (int i = 1; i <= kConversations; ++i) {
      ConversationInfo info;
      info.title = QStringLiteral("chat %1").arg(i);
      const ConversationId id = m_store->addConversation(info);
      MessageId parent = 0;
      for (int turn = 0; turn < kTurns; ++turn) {
        Message message;
        message.parent = parent;
        message.author = turn % 2 == 0 ? Message::Author::User : Message::Author::Assistant;
        message.text = textOf(i, turn);
        if (apart > 0) message.createdAt = time += turn == 0 ? apart : 1000;
        if (turn == 0) message.attachments = {{"a.txt", "attached"}};
        parent = m_store->addMessage(id, message);
        QVERIFY(parent != 0);
      }
    }
    QVERIFY(m_store->setDraft(3, "half a thought"));
    QVERIFY(m_store->setDraftAttachments(3, {{"b.txt", "waiting"}}));
    QVERIFY(all.commit());
  }
  void close() { m_store.reset(); }  // the last connection empties the journal
  void overwrite(qint64 offset, const QByteArray& bytes) {
    QFile damaged(file());
    QVERIFY(damaged.open(QIODevice::ReadWrite));
    QVERIFY(damaged.seek(offset));
    QCOMPARE(damaged.write(bytes), bytes.size());
  }
  QByteArray bytesOfFile() const {
    QFile whole(file());
    return whole.open(QIODevice::ReadOnly) ? whole.readAll() : QByteArray();
  }
  /// Another file in its place, of which damage was met.
  void replaceBy(const QByteArray& bytes) {
    close();
    QFile::remove(file());
    QFile(file()).open(QIODevice::WriteOnly);
    overwrite(0, bytes);
    QFile(file() + ".damage-met").open(QIODevice::WriteOnly);
  }
  /// Where the pages are that begin with these bytes and hold this text; see https://www.sqlite.org/fileformat.html, 1.6.
  std::vector<qint64> pagesWith(const QByteArray& begin, const QByteArray& text = {}) const {
    std::vector<qint64> offsets;
    const QByteArray bytes = bytesOfFile();
    for (qint64 at = 4096; at < bytes.size(); at += 4096) {
      const QByteArray page = bytes.mid(at, 4096);
      if (page.startsWith(begin) && page.contains(text)) offsets.push_back(at);
    }
    return offsets;
  }
  std::vector<qint64> leavesOf(const char* text) const { return pagesWith("\x0d", text); }
  QStringList keptAside() { return QDir(m_dir->path()).entryList({"conversations.damaged-*.sqlite"}); }
  int count(const QString& sql) {
    QSqlQuery query = m_store->database().run(sql);
    return query.next() ? query.value(0).toInt() : -1;
  }
  void verifyConsistent() {
    QVERIFY(isSound(m_store->database()));
    QSqlQuery keys = m_store->database().run("PRAGMA foreign_key_check");
    QVERIFY(keys.isActive() && !keys.next());
    QVERIFY(m_store->database().execute("INSERT INTO message_index(message_index, rank) VALUES('integrity-check', 1)"));
    QVERIFY(m_store->database().execute("INSERT INTO title_index(title_index, rank) VALUES('integrity-check', 1)"));
  }
  void verifyWhole() {
    QCOMPARE(count("SELECT COUNT(*) FROM conversations"), kConversations);
    QCOMPARE(count("SELECT COUNT(*) FROM messages"), kConversations * kTurns);
    QCOMPARE(count("SELECT COUNT(*) FROM attachments"), kConversations);
    for (int i = 1; i <= kConversations; ++i) {
      const std::vector<Message> messages = m_store->messages(i);
      QCOMPARE(messages.size(), std::size_t{kTurns});
      for (int turn = 0; turn < kTurns; ++turn) {
        const Message& message = messages[static_cast<std::size_t>(turn)];
        QCOMPARE(message.text, textOf(i, turn));
        QCOMPARE(message.parent, turn == 0 ? 0 : messages[static_cast<std::size_t>(turn) - 1].id);
      }
    }
    QCOMPARE(m_store->draft(3), "half a thought");
    QCOMPARE(m_store->draftAttachments(3), (std::vector<Attachment>{{"b.txt", "waiting"}}));
    verifyConsistent();
  }
  Recovery recover() {
    m_store = std::make_unique<HistoryStore>();
    QSignalSpy recovered(m_store.get(), &HistoryStore::recovered);
    QSignalSpy failed(m_store.get(), &HistoryStore::failed);
    if (!m_store->open(file())) qWarning() << failed[0][0].value<StorageError>().detail;
    return recovered.isEmpty() ? Recovery{} : recovered[0][0].value<Recovery>();
  }

 private Q_SLOTS:
  void init() { m_dir = std::make_unique<QTemporaryDir>(); }
  void cleanup() {
    m_store.reset();
    m_dir.reset();
  }

  void a_sound_file_is_left_alone() {
    fill();
    close();
    QVERIFY(recover().keptAs.isEmpty());
    QVERIFY(keptAside().isEmpty());
    verifyWhole();
  }

  void one_bad_page_costs_the_rows_on_it_and_no_other_data() {
    QTest::addColumn<int>("which");
    for (const int which : {0, 1, 5, -1}) QTest::addRow("leaf %d", which) << which;
  }
  void one_bad_page_costs_the_rows_on_it_and_no_other() {
    QFETCH(int, which);
    fill();
    close();
    const std::vector<qint64> leaves = leavesOf("message 1 of");
    QVERIFY(leaves.size() > 6);
    overwrite(which < 0 ? leaves.back() : leaves[static_cast<std::size_t>(which)], QByteArray(4096, '\xee'));
    // Nothing met it: a start reads no page that it does not need.
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    const Recovery recovery = recover();
    QCOMPARE(recovery.conversations, kConversations);
    QVERIFY2(recovery.messages > kConversations * kTurns - 40, qPrintable(QString::number(recovery.messages)));
    QVERIFY(recovery.messages < kConversations * kTurns);
    QCOMPARE(keptAside().size(), 1);
    QCOMPARE(QFileInfo(recovery.keptAs).fileName(), keptAside()[0]);
    verifyConsistent();
    // And what is lost nowhere else is not lost in the chain of a conversation either.
    QCOMPARE(count("SELECT COUNT(*) FROM messages WHERE parent_id IS NULL"), kConversations);
    close();
    QVERIFY(recover().keptAs.isEmpty());  // once is enough
  }

  void bad_pages_near_each_other_cost_only_what_is_on_them_data() {
    QTest::addColumn<qint64>("apart");
    for (const qint64 apart : {qint64{0}, qint64{86'400'000}, qint64{31'536'000'000}}) QTest::addRow("%lld ms", static_cast<long long>(apart)) << apart;
  }
  void bad_pages_near_each_other_cost_only_what_is_on_them() {
    QFETCH(qint64, apart);
    fill(apart);
    close();
    const std::vector<qint64> leaves = leavesOf("message 1 of");
    QVERIFY(leaves.size() > 8);
    for (const std::size_t which : {1U, 3U, 5U}) overwrite(leaves[which], QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    const Recovery recovery = recover();
    const int lost = kConversations * kTurns - recovery.messages;
    // A page has some ten messages at most.
    QVERIFY2(lost > 0 && lost <= 3 * 14, qPrintable(QString::number(lost)));
    verifyConsistent();
  }

  void it_can_be_done_on_another_thread() {
    fill();
    close();
    overwrite(0, QByteArray(4096, 'x'));
    m_store = std::make_unique<HistoryStore>();
    QSignalSpy recovered(m_store.get(), &HistoryStore::recovered);
    int given = 0;
    bool elsewhere = false;
    m_store->setLongWork([&](const std::function<void()>& work) {
      ++given;
      const std::unique_ptr<QThread> thread(QThread::create([&] {
        elsewhere = QThread::currentThread() != m_store->thread();
        work();
      }));
      QSignalSpy finished(thread.get(), &QThread::finished);
      thread->start();
      QVERIFY(finished.wait(60'000));
    });
    QVERIFY(m_store->open(file()));
    QVERIFY(elsewhere);
    QCOMPARE(recovered.size(), 1);
    QVERIFY(m_store->isWritable());
    // A sound file needs none.
    QVERIFY(m_store->open(file()));
    QCOMPARE(given, 1);
  }

  void what_a_bad_page_held_comes_from_the_backup() {
    fill();
    if (const auto error = makeBackup(file(), QDate::currentDate())) QFAIL(qPrintable(error->detail));
    close();
    for (const qint64 leaf : leavesOf("message 1")) {
      if (leaf % 8192 == 0) overwrite(leaf, QByteArray(4096, '\0'));
    }
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    const Recovery recovery = recover();
    QVERIFY(recovery.fromBackup > 0);
    QCOMPARE(recovery.backup, backupFile(file(), QDate::currentDate()));
    verifyWhole();
  }

  void what_was_deleted_for_good_does_not_come_back_from_the_backup() {
    fill();
    if (const auto error = makeBackup(file(), QDate::currentDate())) QFAIL(qPrintable(error->detail));
    QVERIFY(m_store->purge(2));
    close();
    const std::vector<qint64> leaves = leavesOf("message 1 of");
    overwrite(leaves[2], QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    recover();
    QCOMPARE(count("SELECT COUNT(*) FROM conversations"), kConversations - 1);
    QCOMPARE(count("SELECT COUNT(*) FROM messages WHERE conversation_id = 2"), 0);
    QCOMPARE(count("SELECT COUNT(*) FROM messages"), (kConversations - 1) * kTurns);
    verifyConsistent();
  }

  void a_file_of_which_nothing_is_left_comes_back_from_the_backup() {
    fill();
    if (const auto error = makeBackup(file(), QDate::currentDate())) QFAIL(qPrintable(error->detail));
    close();
    overwrite(0, QByteArray(QFileInfo(file()).size(), 'x'));
    const Recovery recovery = recover();
    QCOMPARE(recovery.messages, kConversations * kTurns);
    QCOMPARE(recovery.fromBackup, recovery.messages);
    verifyWhole();
  }

  void a_bad_beginning_costs_only_what_was_on_it_data() {
    QTest::addColumn<int>("bytes");
    QTest::addColumn<char>("with");
    QTest::newRow("a name") << 16 << 'x';
    QTest::newRow("header") << 100 << '\0';
    QTest::newRow("half of the list of tables") << 2100 << '\xaa';
    QTest::newRow("first page") << 4096 << '\0';
    QTest::newRow("all that leads to the tables") << 40 * 4096 << 'x';
  }
  void a_bad_beginning_costs_only_what_was_on_it() {
    QFETCH(int, bytes);
    QFETCH(char, with);
    fill();
    close();
    overwrite(0, QByteArray(bytes, with));
    const Recovery recovery = recover();
    QCOMPARE(recovery.fromBackup, 0);
    if (bytes <= 4096) {
      QCOMPARE(recovery.conversations, kConversations);
      QCOMPARE(count("SELECT COUNT(*) FROM conversations WHERE title LIKE 'chat %'"), kConversations);
      verifyWhole();
    } else {
      QVERIFY2(recovery.messages > kConversations * kTurns * 3 / 4, qPrintable(QString::number(recovery.messages)));
      verifyConsistent();
    }
    QVERIFY(QDir(m_dir->path()).entryList({"*.pages*", "*.recover*"}).isEmpty());
  }

  void a_version_that_cannot_be_is_damage() {
    fill();
    close();
    overwrite(60, QByteArray(4, 'x'));
    QVERIFY(!recover().keptAs.isEmpty());
    verifyWhole();
  }

  void a_bad_page_between_costs_nothing() {
    fill();
    close();
    const std::vector<qint64> between = pagesWith("\x05");
    QVERIFY(!between.empty());
    for (const qint64 page : between) overwrite(page, QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    QCOMPARE(recover().messages, kConversations * kTurns);
    verifyWhole();
  }

  void whatever_is_damaged_no_message_on_a_good_page_is_lost_data() {
    QTest::addColumn<int>("percent");  // of the pages
    QTest::addColumn<bool>("first");   // the first page, too
    for (const int percent : {2, 10, 30, 60}) {
      QTest::addRow("%d %%", percent) << percent << false;
      QTest::addRow("%d %% and the first page", percent) << percent << true;
    }
  }
  void whatever_is_damaged_no_message_on_a_good_page_is_lost() {
    QFETCH(int, percent);
    QFETCH(bool, first);
    fill(86'400'000);
    close();
    const QByteArray bytes = bytesOfFile();
    quint32 seed = 11 + static_cast<quint32>(percent);
    const auto random = [&seed](qsizetype below) { return seed = seed * 1664525 + 1013904223, static_cast<qsizetype>(seed >> 8) % below; };
    for (int round = 0; round < 4; ++round) {
      QByteArray damaged = bytes;
      for (qsizetype at = first ? 0 : 4096; at < damaged.size(); at += 4096) {
        if ((at == 0 && first) || random(100) < percent) {
          for (int i = 0; i < 4096; ++i) damaged[at + i] = round == 0 ? '\0' : static_cast<char>(random(256));
        }
      }
      replaceBy(damaged);
      recover();
      QSet<QString> there;
      QSqlQuery query = m_store->database().run("SELECT text FROM messages");
      while (query.next()) there << query.value(0).toString();
      int good = 0;
      for (int i = 1; i <= kConversations; ++i) {
        for (int turn = 0; turn < kTurns; ++turn) {
          // The long ones have other pages, too.
          const QByteArray text = textOf(i, turn).toUtf8();
          if (turn % 7 == 0 || !damaged.contains(text)) continue;
          ++good;
          QVERIFY2(there.contains(textOf(i, turn)), text.constData());
        }
      }
      QVERIFY(good > 0);
      verifyConsistent();
    }
  }

  void every_version_comes_back_without_the_first_page_data() {
    QTest::addColumn<int>("version");
    for (int version = 1; version <= Database::kVersion; ++version) QTest::addRow("version %d", version) << version;
  }
  void every_version_comes_back_without_the_first_page() {
    QFETCH(int, version);
    const QString fixture = QStringLiteral(HISTORY_DATA_DIR "/history_v%1.sqlite").arg(version);
    // Every row of every table, but what only the index makes of them.
    const auto rows = [&] {
      QStringList all;
      for (const QString& table : Salvage::tables(m_store->database())) {
        QSqlQuery query = m_store->database().run("SELECT * FROM " + table + " ORDER BY 1, 2");
        while (table != "marks" && query.next()) {
          QString row = table;
          for (int i = 0; i < query.record().count(); ++i) {
            if (query.record().fieldName(i) != "pairs") row += '|' + query.value(i).toString();
          }
          all << row;
        }
      }
      return all;
    };
    const auto copyFixture = [&] {
      close();
      QFile::remove(file());
      return QFile::copy(fixture, file()) && QFile::setPermissions(file(), QFile::ReadOwner | QFile::WriteOwner);
    };
    QVERIFY(copyFixture());
    QVERIFY(reopen());
    const QStringList sound = rows();
    for (const char* table : {"attachments", "conversations", "drafts", "folders", "messages", "personas", "prompts"}) {
      QVERIFY2(!sound.filter(QLatin1String(table) + '|').isEmpty(), table);
    }
    QVERIFY(copyFixture());
    overwrite(0, QByteArray(4096, '\0'));
    QVERIFY(!recover().keptAs.isEmpty());
    QCOMPARE(rows(), sound);
    verifyConsistent();
  }

  void an_answer_that_was_growing_comes_back_without_the_first_page() {
    fill();
    const ConversationId id = m_store->addConversation({});
    Message question;
    question.text = "why?";
    question.parent = m_store->addMessage(id, question);
    question.author = Message::Author::Assistant;
    question.state = Message::State::Writing;
    question.text = "";
    const MessageId answer = m_store->addMessage(id, question);
    // So many pieces that some stand on the pages that lead to the others.
    QString text;
    for (int i = 0; i < 300; ++i) {
      const QString piece = QString::number(i).rightJustified(100, '.');
      QVERIFY(m_store->appendToAnswer(answer, piece));
      text += piece;
    }
    close();
    overwrite(0, QByteArray(4096, '\0'));
    recover();
    QCOMPARE(m_store->messages(id).back().text, text);
    QCOMPARE(m_store->messages(id).back().state, Message::State::Interrupted);
    verifyConsistent();
  }

  void what_was_purged_does_not_come_back_without_the_first_page_data() {
    QTest::addColumn<bool>("backup");
    QTest::newRow("no backup") << false;
    QTest::newRow("a backup that has it") << true;
  }
  void what_was_purged_does_not_come_back_without_the_first_page() {
    QFETCH(bool, backup);
    fill();
    if (backup) QVERIFY(!makeBackup(file(), QDate::currentDate()));
    QVERIFY(m_store->purge(2));
    close();
    overwrite(0, QByteArray(4096, '\0'));
    recover();
    QCOMPARE(count("SELECT COUNT(*) FROM conversations"), kConversations - 1);
    QCOMPARE(count("SELECT COUNT(*) FROM messages"), (kConversations - 1) * kTurns);
    verifyConsistent();
  }

  void what_was_purged_does_not_come_back_where_other_rows_are_lost() {
    fill();
    // Titles that need several pages.
    for (int i = 1; i <= kConversations; ++i) QVERIFY(m_store->rename(i, QStringLiteral("chat %1, ").arg(i).repeated(100), true));
    QVERIFY(!makeBackup(file(), QDate::currentDate()));
    QVERIFY(m_store->purge(2));
    close();
    const std::vector<qint64> titles = leavesOf("chat 11, "), messages = leavesOf("message 1 of");
    QCOMPARE(titles.size(), std::size_t{1});
    overwrite(titles[0], QByteArray(4096, '\xee'));
    for (const std::size_t which : {1U, 2U, 3U}) overwrite(messages[which], QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    recover();
    QCOMPARE(count("SELECT COUNT(*) FROM messages WHERE conversation_id = 2"), 0);
    QCOMPARE(count("SELECT COUNT(*) FROM messages"), (kConversations - 1) * kTurns);
    QCOMPARE(count("SELECT COUNT(*) FROM conversations WHERE title LIKE 'chat %'"), kConversations - 1);
    verifyConsistent();
  }

  void a_file_in_which_damage_was_met_is_not_written_to() {
    fill();
    Message answer;
    answer.parent = m_store->messages(1).back().id;
    answer.author = Message::Author::Assistant;
    answer.state = Message::State::Writing;
    const MessageId id = m_store->addMessage(1, answer);
    QVERIFY(id != 0 && m_store->appendToAnswer(id, "not yet ended"));
    m_store->markDamaged();
    close();
    const QByteArray before = bytesOfFile();
    const Recovery recovery = recover();
    QFile kept(recovery.keptAs);
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QVERIFY(kept.readAll() == before);
    QCOMPARE(m_store->messages(1).back().text, "not yet ended");
    verifyConsistent();
    close();
    QVERIFY(recover().keptAs.isEmpty());
  }

  void a_mark_without_a_file_means_nothing() {
    QFile(file() + ".damage-met").open(QIODevice::WriteOnly);
    QVERIFY(recover().keptAs.isEmpty());
    QVERIFY(m_store->isWritable() && keptAside().isEmpty());
    QVERIFY(!QFileInfo::exists(file() + ".damage-met"));
  }

  void a_marked_file_of_a_later_version_is_left_alone() {
    fill();
    QVERIFY(m_store->database().execute("PRAGMA user_version = 99"));
    m_store->markDamaged();
    close();
    const QByteArray before = bytesOfFile();
    recover();
    QVERIFY(keptAside().isEmpty() && !m_store->isOpen());
    QVERIFY(bytesOfFile() == before);
  }

  void a_hollow_text_comes_whole_from_the_backup() {
    fill();
    QVERIFY(!makeBackup(file(), QDate::currentDate()));
    close();
    // The last page of a long text, zeroed as file systems leave it after a power cut. It begins with the number of the next: none.
    const std::vector<qint64> pages = pagesWith(QByteArray(4, '\0'), "message 7 of 5 ");
    QCOMPARE(pages.size(), std::size_t{1});
    overwrite(pages[0], QByteArray(4096, '\0'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    QCOMPARE(recover().messages, kConversations * kTurns);
    verifyWhole();
  }

  void begun_edits_come_back() {
    fill();
    QVERIFY(m_store->setDraft(-7, "half an edit"));
    close();
    overwrite(0, QByteArray(4096, '\0'));
    recover();
    QCOMPARE(m_store->draft(-7), "half an edit");
    m_store->markDamaged();
    close();
    recover();
    QCOMPARE(m_store->draft(-7), "half an edit");
  }

  void ids_are_not_given_again_where_the_backup_knows_them() {
    fill();
    QVERIFY(!makeBackup(file(), QDate::currentDate()));
    QVERIFY(m_store->purge(kConversations));
    close();
    overwrite(0, QByteArray(4096, '\0'));
    recover();
    QCOMPARE(m_store->addConversation({}), ConversationId{kConversations + 1});
  }

  void a_journal_without_its_file_is_read_data() {
    QTest::addColumn<bool>("there");
    QTest::newRow("cut to nothing") << true;
    QTest::newRow("gone") << false;
  }
  void a_journal_without_its_file_is_read() {
    QFETCH(bool, there);
    fill();  // all of it is in the journal yet
    QTemporaryDir elsewhere;
    const QString copy = HistoryStore::fileIn(elsewhere.path());
    QVERIFY(QFile::copy(file() + "-wal", copy + "-wal"));
    if (there) QVERIFY(QFile(copy).open(QIODevice::WriteOnly));
    m_store->close();
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(QFile::rename(copy + "-wal", file() + "-wal"));
    if (there) QVERIFY(QFile::rename(copy, file()));
    const Recovery recovery = recover();
    QVERIFY(recovery.messages > kConversations * kTurns - 40);
    QVERIFY(QFileInfo(recovery.keptAs + "-wal").size() > 0);
    verifyConsistent();
  }

  void commits_behind_damage_in_the_journal_are_read_data() {
    QTest::addColumn<int>("percent");  // where the damage is
    QTest::addColumn<int>("bytes");
    for (const int percent : {1, 30, 60}) {
      for (const int bytes : {1, 600, 9000}) QTest::addRow("%d %%, %d bytes", percent, bytes) << percent << bytes;
    }
  }
  void commits_behind_damage_in_the_journal_are_read() {
    QFETCH(int, percent);
    QFETCH(int, bytes);
    // A commit for each message, as the program makes them.
    QVERIFY(reopen());
    const ConversationId id = m_store->addConversation({});
    QStringList texts;
    for (int i = 0; i < 60; ++i) {
      Message message;
      message.text = textOf(1, i);
      texts << message.text;
      QVERIFY(m_store->addMessage(id, message) != 0);
    }
    QTemporaryDir elsewhere;
    const QString copy = HistoryStore::fileIn(elsewhere.path());
    QVERIFY(QFile::copy(file(), copy) && QFile::copy(file() + "-wal", copy + "-wal"));
    QFile journal(copy + "-wal");
    QVERIFY(journal.size() > 200'000);
    QVERIFY(!isJournalDamaged(copy + "-wal"));
    QVERIFY(journal.open(QIODevice::ReadWrite) && journal.seek(journal.size() * percent / 100));
    QCOMPARE(journal.write(QByteArray(bytes, '\xa5')), bytes);
    journal.close();
    QVERIFY(isJournalDamaged(copy + "-wal"));
    HistoryStore store;
    QSignalSpy recovered(&store, &HistoryStore::recovered);
    QVERIFY(store.open(copy));
    QCOMPARE(recovered.size(), 1);
    QVERIFY(QFileInfo(recovered[0][0].value<Recovery>().keptAs + "-wal").size() > 0);
    QStringList there;
    QSqlQuery query = store.database().run("SELECT text FROM messages");
    while (query.next()) there << query.value(0).toString();
    int lost = 0;
    for (const QString& text : texts) lost += there.contains(text) ? 0 : 1;
    QVERIFY2(lost <= 1, qPrintable(QString::number(lost)));  // one of several pages
    QVERIFY(isSound(store.database()));
  }

  void a_journal_that_ends_in_the_middle_is_no_damage() {
    fill();
    QTemporaryDir elsewhere;
    const QString copy = HistoryStore::fileIn(elsewhere.path());
    QVERIFY(QFile::copy(file(), copy) && QFile::copy(file() + "-wal", copy + "-wal"));
    QVERIFY(QFile::resize(copy + "-wal", QFileInfo(copy + "-wal").size() - 5000));
    QVERIFY(!isJournalDamaged(copy + "-wal"));
    // What is left over behind a journal that was begun anew.
    QVERIFY(m_store->database().execute("PRAGMA wal_checkpoint(RESTART)"));
    QVERIFY(m_store->setDraft(1, "begun anew"));
    QVERIFY(QFileInfo(file() + "-wal").size() > 100'000);
    QVERIFY(!isJournalDamaged(file() + "-wal"));
    QVERIFY(!isJournalDamaged(file() + "-nothing"));
  }

  void a_recovery_that_fails_leaves_everything_as_it_was() {
    fill();
    QTemporaryDir elsewhere;
    const QString copy = HistoryStore::fileIn(elsewhere.path());
    QVERIFY(QFile::copy(file() + "-wal", copy + "-wal"));
    QVERIFY(QDir(elsewhere.path()).mkdir("conversations.sqlite.recovering"));  // where the new file would be made
    {
      HistoryStore store;
      QVERIFY(!store.open(copy));
    }
    QCOMPARE(QFileInfo(copy + "-wal").size(), QFileInfo(file() + "-wal").size());
    QVERIFY(QDir(elsewhere.path()).entryList({"*damaged*"}).isEmpty());
    QVERIFY(QDir(elsewhere.path()).rmdir("conversations.sqlite.recovering"));
    HistoryStore store;
    QVERIFY(store.open(copy));
    QVERIFY(store.messages(1).size() >= kTurns - 10);
  }

  void a_page_that_is_left_alone_does_not_pass_for_a_whole_table() {
    fill();
    for (int i = 1; i <= kConversations; ++i) QVERIFY(m_store->rename(i, QStringLiteral("chat %1, ").arg(i).repeated(100), true));
    QVERIFY(!makeBackup(file(), QDate::currentDate()));
    const int root = count("SELECT rootpage FROM sqlite_schema WHERE name = 'conversations'");
    close();
    const std::vector<qint64> last = leavesOf("chat 12, ");
    std::vector<qint64> pages;
    for (int i = 1; i < kConversations; ++i) {
      for (const qint64 leaf : leavesOf(qPrintable(QStringLiteral("chat %1, ").arg(i)))) pages.push_back(leaf);
    }
    QCOMPARE(last.size(), std::size_t{1});
    overwrite(0, QByteArray(4096, '\0'));
    overwrite((root - 1) * 4096, QByteArray(4096, '\xee'));
    for (const qint64 page : pages) {
      if (page != last[0]) overwrite(page, QByteArray(4096, '\xee'));
    }
    recover();
    QCOMPARE(count("SELECT COUNT(*) FROM conversations WHERE title LIKE 'chat %, chat %'"), kConversations);
    verifyWhole();
  }

  void a_bad_piece_of_a_page_loses_no_more_than_its_rows_data() {
    QTest::addColumn<bool>("backup");
    QTest::addColumn<bool>("first");  // the first page is gone, too
    QTest::addColumn<int>("leaf");
    QTest::addColumn<int>("from");    // in the page; the end has its lowest ids
    QTest::addColumn<char>("with");
    for (const bool backup : {false, true}) {
      for (const bool first : {false, true}) {
        for (const int leaf : {0, 4}) {
          for (const int from : {2000, 4096 - 700}) {
            for (const char with : {'\0', '\xff'}) {
              QTest::addRow("%s, %s, leaf %d, from %d, %02x", backup ? "backup" : "none", first ? "no first page" : "first page", leaf,
                            from, static_cast<uchar>(with))
                  << backup << first << leaf << from << with;
            }
          }
        }
      }
    }
  }
  void a_bad_piece_of_a_page_loses_no_more_than_its_rows() {
    QFETCH(bool, backup);
    QFETCH(bool, first);
    QFETCH(int, leaf);
    QFETCH(int, from);
    QFETCH(char, with);
    fill();
    if (backup) QVERIFY(!makeBackup(file(), QDate::currentDate()));
    close();
    overwrite(leavesOf("message 1")[static_cast<std::size_t>(leaf)] + from, QByteArray(700, with));
    if (first) overwrite(0, QByteArray(4096, '\0'));
    QFile(file() + ".damage-met").open(QIODevice::WriteOnly);
    const Recovery recovery = recover();
    QCOMPARE(count("SELECT COUNT(*) FROM messages WHERE id = 0"), 0);
    QCOMPARE(count("SELECT COUNT(*) FROM conversations"), kConversations);
    if (backup) {
      QCOMPARE(recovery.messages, kConversations * kTurns);
      int other = 0;
      for (int i = 1; i <= kConversations; ++i) {
        QStringList texts;
        for (const Message& message : m_store->messages(i)) texts << message.text;
        for (int turn = 0; turn < kTurns; ++turn) other += texts.contains(textOf(i, turn)) ? 0 : 1;
      }
      // Of a text with other letters than it had nobody can tell.
      QVERIFY2(other <= (with == '\0' ? 0 : 2), qPrintable(QString::number(other)));
    } else {
      const int lost = kConversations * kTurns - recovery.messages;
      QVERIFY2(lost > 0 && lost < 14, qPrintable(QString::number(lost)));
    }
    verifyConsistent();
  }

  void a_wrong_id_costs_one_row_data() {
    QTest::addColumn<bool>("first");
    QTest::addColumn<QByteArray>("id");  // as it stands before the row, 7 bits a byte
    QTest::newRow("larger") << false << QByteArray("\xff\x7f");
    QTest::newRow("larger, no first page") << true << QByteArray("\xff\x7f");
    QTest::newRow("smaller") << false << QByteArray("\x80\x01");
  }
  void a_wrong_id_costs_one_row() {
    QFETCH(bool, first);
    QFETCH(QByteArray, id);
    fill();
    // Ids of two bytes, one after the other.
    QVERIFY(m_store->database().execute("PRAGMA foreign_keys = OFF"));
    QVERIFY(m_store->database().execute("UPDATE messages SET id = id - (SELECT MIN(id) FROM messages) + 200, parent_id = NULL"));
    close();
    const qint64 leaf = leavesOf("message 5 of 6 ")[0];
    const QByteArray page = bytesOfFile().mid(leaf, 4096);
    const auto pointer = [&](int cell) { return (static_cast<uchar>(page[8 + 2 * cell]) << 8) | static_cast<uchar>(page[9 + 2 * cell]); };
    // The second row of the page; its length has two bytes, too, unless it is short.
    const int row = pointer(1);
    const int lengthBytes = page[row] & '\x80' ? 2 : 1;
    overwrite(leaf + row + lengthBytes, id);
    if (first) overwrite(0, QByteArray(4096, '\0'));
    QFile(file() + ".damage-met").open(QIODevice::WriteOnly);
    const Recovery recovery = recover();
    QVERIFY2(recovery.messages >= kConversations * kTurns - 1, qPrintable(QString::number(recovery.messages)));
    verifyConsistent();
  }

  void a_page_of_another_table_is_not_read_as_messages() {
    fill();
    close();
    // In the place of messages, a page of words: a row of it is an id and bytes.
    const std::vector<qint64> messages = leavesOf("message 1 of"), leaves = leavesOf("");
    qint64 words = 0;
    const QByteArray bytes = bytesOfFile();
    for (const qint64 leaf : leaves) {
      if (bytes.mid(leaf, 4096).contains("0message")) words = leaf;
    }
    QVERIFY(words > 0);
    for (const std::size_t which : {2U, 5U}) overwrite(messages[which], bytes.mid(words, 4096));
    QFile(file() + ".damage-met").open(QIODevice::WriteOnly);
    const Recovery recovery = recover();
    QVERIFY(m_store->isWritable());
    QVERIFY2(recovery.messages > kConversations * kTurns - 2 * 14, qPrintable(QString::number(recovery.messages)));
    QCOMPARE(recovery.conversations, kConversations);
    verifyConsistent();
  }

  void a_column_with_a_damaged_name_loses_nothing_data() {
    QTest::addColumn<QByteArray>("name");
    for (const char* name : {"author TEXT", "parent_id INT", "deleted_at INT", "title TEXT"}) QTest::newRow(name) << QByteArray(name);
  }
  void a_column_with_a_damaged_name_loses_nothing() {
    QFETCH(QByteArray, name);
    fill();
    close();
    const QByteArray bytes = bytesOfFile();
    int changed = 0;
    for (qsizetype at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) overwrite(at, "q"), ++changed;
    QVERIFY(changed > 0);
    recover();
    QCOMPARE(keptAside().size(), 1);
    verifyWhole();
  }

  void titles_of_purged_chats_do_not_come_back() {
    fill();
    QVERIFY(!makeBackup(file(), QDate::currentDate()));
    QVERIFY(m_store->purge(2));
    close();
    for (const qint64 leaf : leavesOf("chat 1")) overwrite(leaf, QByteArray(4096, '\xee'));
    QFile(file() + ".damage-met").open(QIODevice::WriteOnly);
    recover();
    QCOMPARE(count("SELECT COUNT(*) FROM conversations WHERE id = 2"), 0);
    QCOMPARE(count("SELECT COUNT(*) FROM conversations WHERE title LIKE 'chat %'"), kConversations - 1);
    verifyConsistent();
  }

  void drafts_of_purged_chats_do_not_come_back() {
    fill();
    QVERIFY(m_store->setDraft(2, "of a chat that is purged"));
    const MessageId gone = m_store->messages(2)[0].id, there = m_store->messages(4)[0].id;
    QVERIFY(m_store->setDraft(-gone, "an edit there") && m_store->setDraft(-there, "an edit that stays"));
    QVERIFY(!makeBackup(file(), QDate::currentDate()));
    QVERIFY(m_store->purge(2));
    close();
    for (const qint64 leaf : leavesOf("half a thought")) overwrite(leaf, QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    recover();
    QVERIFY(m_store->draft(2).isEmpty() && m_store->draft(-gone).isEmpty());
    QCOMPARE(m_store->draft(-there), "an edit that stays");
    QCOMPARE(m_store->draft(3), "half a thought");
  }

  void a_bad_page_between_rows_of_one_key_costs_only_what_was_on_it() {
    fill();
    std::vector<Attachment> files;
    for (int i = 0; i < 60; ++i) files.push_back({QStringLiteral("file %1.txt").arg(i), QStringLiteral("file %1 ").arg(i).repeated(40)});
    QVERIFY(m_store->setDraftAttachments(5, files));
    close();
    const std::vector<qint64> leaves = pagesWith("\x0a", ".txt");
    QVERIFY(leaves.size() >= 5);
    overwrite(leaves[2], QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    recover();
    QVERIFY2(m_store->draftAttachments(5).size() >= 60 - 14, qPrintable(QString::number(m_store->draftAttachments(5).size())));
    QVERIFY(m_store->draftAttachments(5).size() < 60);
  }

  void what_a_recovery_that_was_cut_off_left_is_removed() {
    fill();
    close();
    for (const char* end : {".pages", ".pages-wal", ".recovering", ".recovering-wal"}) QVERIFY(QFile(file() + end).open(QIODevice::WriteOnly));
    QVERIFY(reopen());
    verifyWhole();
    QVERIFY(QDir(m_dir->path()).entryList({"*.pages*", "*.recover*"}).isEmpty());
  }

  void the_journal_is_read_without_the_first_page() {
    fill();
    close();
    QVERIFY(reopen());
    ConversationInfo info;
    info.title = "newest";
    QVERIFY(m_store->addConversation(info) != 0);
    QTemporaryDir elsewhere;
    const QString copy = HistoryStore::fileIn(elsewhere.path());
    QVERIFY(QFile::copy(file(), copy) && QFile::copy(file() + "-wal", copy + "-wal"));
    QFile damaged(copy);
    QVERIFY(damaged.open(QIODevice::ReadWrite));
    QCOMPARE(damaged.write(QByteArray(12 * 4096, '\xaa')), 12 * 4096);
    damaged.close();
    // As it is, without anything opening it before: SQLite takes the journal of a damaged file into it when it closes that.
    Recovery recovery;
    QVERIFY(!recoverDatabase(copy, {}, recovery));
    QCOMPARE(recovery.conversations, kConversations + 1);
    QVERIFY(QFileInfo::exists(recovery.keptAs + "-wal"));
    Database database;
    QVERIFY(!database.open(copy));
    QSqlQuery newest = database.run("SELECT COUNT(*) FROM conversations WHERE title = 'newest'");
    QVERIFY(newest.next());
    QCOMPARE(newest.value(0).toInt(), 1);
  }

  void a_title_of_a_bad_page_comes_from_the_backup() {
    fill();
    if (const auto error = makeBackup(file(), QDate::currentDate())) QFAIL(qPrintable(error->detail));
    close();
    for (const qint64 leaf : leavesOf("chat 1")) overwrite(leaf, QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    QCOMPARE(recover().conversations, kConversations);
    QCOMPARE(count("SELECT COUNT(*) FROM conversations WHERE title LIKE 'chat %'"), kConversations);
    verifyWhole();
  }

  void a_file_that_is_no_database_is_kept_aside_and_a_new_one_begun() {
    QFile(file()).open(QIODevice::WriteOnly);
    overwrite(0, QByteArray(8192, 'x'));
    const Recovery recovery = recover();
    QVERIFY(m_store->isWritable());
    QCOMPARE(recovery.messages, 0);
    QFile kept(recovery.keptAs);
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QCOMPARE(kept.readAll(), QByteArray(8192, 'x'));
    QVERIFY(m_store->addConversation({}) != 0);
  }

  void a_cut_file_gives_what_it_still_holds_data() {
    QTest::addColumn<int>("percent");
    QTest::addColumn<int>("atLeast");  // messages
    QTest::newRow("most") << 95 << kConversations * kTurns / 2;
    QTest::newRow("half") << 50 << kConversations * kTurns / 5;
    QTest::newRow("little") << 5 << 0;
  }
  void a_cut_file_gives_what_it_still_holds() {
    QFETCH(int, percent);
    QFETCH(int, atLeast);
    fill();
    close();
    QVERIFY(QFile::resize(file(), QFileInfo(file()).size() * percent / 100));
    const Recovery recovery = recover();
    QVERIFY(!recovery.keptAs.isEmpty());
    QVERIFY2(recovery.messages >= atLeast, qPrintable(QString::number(recovery.messages)));
    verifyConsistent();
  }

  void a_file_cut_to_nothing_comes_back_from_the_backup() {
    fill();
    if (const auto error = makeBackup(file(), QDate::currentDate())) QFAIL(qPrintable(error->detail));
    close();
    QVERIFY(QFile::resize(file(), 0));
    QCOMPARE(recover().fromBackup, kConversations * kTurns);
    verifyWhole();
  }

  void the_journal_of_a_damaged_file_is_read_and_kept() {
    fill();
    close();
    QVERIFY(reopen());
    ConversationInfo info;
    info.title = "newest";
    QVERIFY(m_store->addConversation(info) != 0);
    // What a power cut leaves behind: the journal beside the file.
    QTemporaryDir elsewhere;
    const QString copy = HistoryStore::fileIn(elsewhere.path());
    QVERIFY(QFile::copy(file(), copy) && QFile::copy(file() + "-wal", copy + "-wal"));
    HistoryStore store;
    QFile(copy + ".damage-met").open(QIODevice::WriteOnly);
    QSignalSpy recovered(&store, &HistoryStore::recovered);
    QVERIFY(store.open(copy));
    QCOMPARE(recovered.size(), 1);
    QCOMPARE(recovered[0][0].value<Recovery>().conversations, kConversations + 1);
  }

  void what_was_saved_is_found_by_searching() {
    QVERIFY(reopen());
    const auto begin = [&](const QString& title, const QString& text) {
      ConversationInfo info;
      info.title = title;
      Message message;
      message.text = text;
      return m_store->addMessage(m_store->addConversation(info), message);
    };
    QVERIFY(begin(u"天气预报"_qs, u"今天很热"_qs) != 0);
    QVERIFY(begin("lost", u"明天下雨"_qs) != 0);
    Database& database = m_store->database();
    QVERIFY(database.execute("PRAGMA foreign_keys = OFF") && database.execute("DELETE FROM conversations WHERE title = 'lost'"));
    m_store->markDamaged();
    close();
    QCOMPARE(recover().conversations, 2);
    HistorySearch search;
    QVERIFY(!search.open(file()));
    for (const QString& word : {u"很热"_qs, u"下雨"_qs}) {
      QCOMPARE(search.messages(parseSearch(word), 0, 9, [] { return false; }).hits.size(), std::size_t{1});
    }
    // The lost title is the first question now.
    for (const QString& word : {u"预报"_qs, u"下雨"_qs}) QCOMPARE(search.titles(parseSearch(word), 9).size(), std::size_t{1});
    verifyConsistent();
  }

  void a_schema_that_lacks_something_is_damage_data() {
    QTest::addColumn<QString>("statement");
    QTest::newRow("table") << "DROP TABLE drafts";
    QTest::newRow("column") << "ALTER TABLE messages DROP COLUMN tokens";
    QTest::newRow("trigger") << "DROP TRIGGER message_indexed";
    QTest::newRow("index") << "DROP INDEX messages_by_parent";
    QTest::newRow("full-text index") << "DROP TABLE message_index";
    QTest::newRow("version") << "PRAGMA user_version = 0";
  }
  void a_schema_that_lacks_something_is_damage() {
    QFETCH(QString, statement);
    fill();
    if (statement.contains("messages DROP") || statement == "DROP TABLE message_index") {
      for (const char* trigger : {"message_indexed", "message_ended", "message_changed", "message_gone"}) {
        QVERIFY(m_store->database().execute(QStringLiteral("DROP TRIGGER %1").arg(trigger)));
      }
    }
    QVERIFY(m_store->database().execute(statement));
    close();
    const Recovery recovery = recover();
    QCOMPARE(recovery.messages, kConversations * kTurns);
    verifyConsistent();
    for (int i = 1; i <= kConversations; ++i) QCOMPARE(m_store->messages(i).back().text, textOf(i, kTurns - 1));
  }

  void no_damaged_file_is_ever_written_over() {
    for (int round = 1; round <= 3; ++round) {
      close();
      QFile::remove(file());
      QFile(file()).open(QIODevice::WriteOnly);
      overwrite(0, QByteArray(1000 * round, 'x'));
      QVERIFY(!recover().keptAs.isEmpty());
      QCOMPARE(keptAside().size(), round);
    }
  }

  void a_recovery_that_was_cut_off_before_its_last_step_is_finished() {
    fill();
    close();
    QVERIFY(QFile::rename(file(), file() + ".recovered"));
    overwrite(0, "damaged");
    QVERIFY(QFile(file() + "-wal").open(QIODevice::WriteOnly));
    QVERIFY(reopen());
    verifyWhole();
  }

  void garbage_in_every_place_neither_crashes_nor_hangs() {
    fill();
    close();
    const QByteArray bytes = bytesOfFile();
    quint32 seed = 7;
    const auto random = [&seed] { return seed = seed * 1664525 + 1013904223, seed >> 8; };
    for (int round = 0; round < 25; ++round) {
      close();
      QByteArray damaged = bytes;
      for (int i = 0; i < 60; ++i) damaged[static_cast<qsizetype>(random()) % damaged.size()] = static_cast<char>(random());
      QFile::remove(file());
      QFile::remove(file() + ".damage-met");
      QFile(file()).open(QIODevice::WriteOnly);
      overwrite(0, damaged);
      recover();
      if (!m_store->isOpen()) continue;  // a version number of the future
      m_store->markDamaged();
      recover();
      QVERIFY(m_store->isWritable());
      verifyConsistent();
    }
  }
};

QTEST_GUILESS_MAIN(TestRecovery)
#include "tst_recovery.moc"
