// Damaged, cut and foreign files of conversations; what is saved of them, and what is said.
#include <QSqlRecord>
#include <QTest>
#include <QThread>

#include "app/storage/backup.h"
#include "app/storage/history_search.h"
#include "app/storage/salvage.h"
#include "tests/app/damaged_history.h"

using namespace tercet;

class TestRecovery : public QObject, private DamagedHistory {
  Q_OBJECT

 private Q_SLOTS:
  void init() { begin(); }
  void cleanup() { end(); }

  void a_sound_file_is_left_alone() {
    fill();
    close();
    QVERIFY(recover().keptAs.isEmpty());
    QVERIFY(keptAside().isEmpty());
    verifyWhole();
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

  void a_version_that_cannot_be_is_damage() {
    fill();
    close();
    overwrite(60, QByteArray(4, 'x'));
    QVERIFY(!recover().keptAs.isEmpty());
    verifyWhole();
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

  void what_a_recovery_that_was_cut_off_left_is_removed() {
    fill();
    close();
    for (const char* end : {".pages", ".pages-wal", ".recovering", ".recovering-wal"}) QVERIFY(QFile(file() + end).open(QIODevice::WriteOnly));
    QVERIFY(reopen());
    verifyWhole();
    QVERIFY(QDir(m_dir->path()).entryList({"*.pages*", "*.recover*"}).isEmpty());
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
