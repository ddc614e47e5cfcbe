// The journal (WAL) of a file that is damaged, or damaged itself.
#include <QTest>

#include "app/storage/journal.h"
#include "tests/app/damaged_history.h"

using namespace tercet;

class TestDamagedJournal : public QObject, private DamagedHistory {
  Q_OBJECT

 private Q_SLOTS:
  void init() { begin(); }
  void cleanup() { end(); }

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
    QVERIFY(copyWithJournal(copy));
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
    QVERIFY(!QFileInfo::exists(recovered[0][0].value<Recovery>().keptAs + "-shm"));
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
    QVERIFY(copyWithJournal(copy));
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

  void the_journal_is_read_without_the_first_page() {
    fill();
    close();
    QVERIFY(reopen());
    ConversationInfo info;
    info.title = "newest";
    QVERIFY(m_store->addConversation(info) != 0);
    QTemporaryDir elsewhere;
    const QString copy = HistoryStore::fileIn(elsewhere.path());
    QVERIFY(copyWithJournal(copy));
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
    QVERIFY(copyWithJournal(copy));
    HistoryStore store;
    QFile(copy + ".damage-met").open(QIODevice::WriteOnly);
    QSignalSpy recovered(&store, &HistoryStore::recovered);
    QVERIFY(store.open(copy));
    QCOMPARE(recovered.size(), 1);
    QCOMPARE(recovered[0][0].value<Recovery>().conversations, kConversations + 1);
  }
};

QTEST_GUILESS_MAIN(TestDamagedJournal)
#include "tst_damaged_journal.moc"
