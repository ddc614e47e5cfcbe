// The copies by day: what makes one, which stay, and that a bad one never takes the place of a good one.
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include "app/daily_backup.h"
#include "app/storage/backup.h"
#include "app/storage/history_store.h"

using namespace tercet;

class TestBackup : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> m_dir;
  std::unique_ptr<HistoryStore> m_store;

  QString file() const { return HistoryStore::fileIn(m_dir->path()); }
  void add(const QString& text) {
    Message message;
    message.text = text;
    m_store->addWhole({{}, {message}});
  }
  static int messagesIn(const QString& path) {
    Database database;
    if (database.openReadOnly(path)) return -1;
    QSqlQuery query = database.run("SELECT COUNT(*) FROM messages");
    return query.next() ? query.value(0).toInt() : -1;
  }

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<HistoryStore>();
    QVERIFY(m_store->open(file()));
    add("one");
  }
  void cleanup() {
    m_store.reset();
    m_dir.reset();
  }

  void a_copy_holds_what_was_stored_and_can_be_opened() {
    const QDate day(2024, 5, 6);
    QVERIFY(!makeBackup(file(), day));
    QCOMPARE(backupsOf(file()), QStringList{m_dir->filePath("backups/conversations-2024-05-06.sqlite")});
    QCOMPARE(QDir(m_dir->filePath("backups")).entryList(QDir::Files).size(), 1);  // nothing beside it
    HistoryStore copy;
    QVERIFY(copy.open(backupFile(file(), day)));
    QCOMPARE(copy.messages(1)[0].text, "one");
  }

  void a_day_has_one_copy() {
    const QDate day(2024, 5, 6);
    QVERIFY(!makeBackup(file(), day));
    add("two");
    QVERIFY(!makeBackup(file(), day));
    QCOMPARE(messagesIn(backupFile(file(), day)), 1);
    QVERIFY(!makeBackup(file(), day.addDays(1)));
    QCOMPARE(messagesIn(backupsOf(file())[0]), 2);
  }

  void of_a_damaged_file_no_copy_is_made_and_the_older_ones_stay() {
    const QDate day(2024, 5, 6);
    QVERIFY(!makeBackup(file(), day));
    for (int i = 0; i < 100; ++i) add(QString("more %1 ").arg(i).repeated(100));
    m_store.reset();
    QFile damaged(file());
    QVERIFY(damaged.open(QIODevice::ReadWrite));
    QVERIFY(damaged.seek(damaged.size() / 8192 * 4096));
    damaged.write(QByteArray(4096 * 4, '\xee'));
    damaged.close();
    const std::optional<StorageError> error = makeBackup(file(), day.addDays(1));
    QVERIFY(error);
    QCOMPARE(error->cause, StorageError::Cause::Damaged);
    QCOMPARE(backupsOf(file()).size(), 1);
    QCOMPARE(QDir(backupFolder(file())).entryList(QDir::Files).size(), 1);
    QCOMPARE(messagesIn(backupFile(file(), day)), 1);
  }

  void what_an_earlier_attempt_left_is_no_obstacle() {
    const QDate day(2024, 5, 6);
    QVERIFY(QDir().mkpath(backupFolder(file())));
    QVERIFY(QFile(backupFile(file(), day) + ".unfinished").open(QIODevice::WriteOnly));
    QVERIFY(!makeBackup(file(), day));
    QCOMPARE(messagesIn(backupFile(file(), day)), 1);
  }

  void a_week_by_day_and_a_month_by_week_stay() {
    QVERIFY(QDir().mkpath(backupFolder(file())));
    const QDate today(2024, 6, 9);  // a Sunday
    for (int back = 0; back < 60; ++back) QVERIFY(QFile(backupFile(file(), today.addDays(-back))).open(QIODevice::WriteOnly));
    const QString own = backupFolder(file()) + "/conversations-mine.sqlite";
    QVERIFY(QFile(own).open(QIODevice::WriteOnly));
    removeOldBackups(file());
    QStringList expected;
    for (int back = 0; back < 7; ++back) expected << backupFile(file(), today.addDays(-back));
    for (int week = 1; week <= 4; ++week) expected << backupFile(file(), today.addDays(-7 * week));
    QCOMPARE(backupsOf(file()), expected);
    QVERIFY(QFile::exists(own));  // not one of ours
  }

  void each_day_the_same_copies_are_kept_whether_or_not_it_runs_daily() {
    QVERIFY(QDir().mkpath(backupFolder(file())));
    for (QDate day(2024, 1, 1); day <= QDate(2024, 3, 31); day = day.addDays(1)) {
      QVERIFY(QFile(backupFile(file(), day)).open(QIODevice::WriteOnly));
      removeOldBackups(file());
    }
    const QStringList files = backupsOf(file());
    QCOMPARE(files.size(), kDailyBackups + kWeeklyBackups);
    QCOMPARE(files.last(), backupFile(file(), QDate(2024, 3, 3)));  // the Sunday four weeks before
  }

  void the_copy_is_made_in_the_background_once_a_day_and_lets_the_old_go() {
    add("deleted");
    QVERIFY(m_store->setConversationDeleted(2, true));
    QVERIFY(m_store->database().execute("UPDATE conversations SET deleted_at = 1 WHERE id = 2"));
    DailyBackup backup(m_store.get());
    QSignalSpy made(&backup, &DailyBackup::made);
    backup.setBusy(true);
    backup.look();
    QVERIFY(!backup.running());
    backup.setBusy(false);
    backup.look();
    QVERIFY(backup.running());
    add("written meanwhile");
    QTRY_COMPARE_WITH_TIMEOUT(made.size(), 1, 60000);
    QVERIFY(!m_store->conversation(2));
    QVERIFY(m_store->conversation(1) && m_store->conversation(3));
    const QStringList files = backupsOf(file());
    QCOMPARE(files.size(), 1);
    QVERIFY(messagesIn(files[0]) >= 2);  // before the old was let go
    backup.look();
    QVERIFY(!backup.running());
  }

  void what_fails_is_said_once_a_day_and_tried_again_and_the_old_goes_all_the_same() {
    add("deleted");
    QVERIFY(m_store->database().execute("UPDATE conversations SET deleted_at = 1 WHERE id = 2"));
    QVERIFY(QFile(backupFolder(file())).open(QIODevice::WriteOnly));  // no folder can be there
    QDateTime time(QDate(2026, 5, 6), QTime(10, 0));
    DailyBackup backup(m_store.get(), nullptr, [&] { return time; });
    QSignalSpy made(&backup, &DailyBackup::made), failed(&backup, &DailyBackup::failed);
    backup.look();
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 60000);
    QVERIFY(!m_store->conversation(2) && m_store->conversation(1));
    time = time.addSecs(30 * 60);
    backup.look();
    QVERIFY(!backup.running());
    time = time.addSecs(31 * 60);
    backup.look();
    QTRY_VERIFY_WITH_TIMEOUT(!backup.running(), 60000);
    QCOMPARE(failed.size(), 1);
    QVERIFY(QFile::remove(backupFolder(file())));
    time = time.addSecs(61 * 60);
    backup.look();
    QTRY_COMPARE_WITH_TIMEOUT(made.size(), 1, 60000);
    QCOMPARE(backupsOf(file()), QStringList{backupFile(file(), time.date())});
    time = time.addSecs(61 * 60);
    backup.look();
    QVERIFY(!backup.running());
  }

  void damage_that_the_copy_meets_is_put_right_at_the_next_start() {
    for (int i = 0; i < 100; ++i) add(QString("more %1 ").arg(i).repeated(100));
    m_store->close();
    QFile damaged(file());
    QVERIFY(damaged.open(QIODevice::ReadWrite));
    QVERIFY(damaged.seek(damaged.size() / 8192 * 4096));
    damaged.write(QByteArray(4096 * 4, '\xee'));
    damaged.close();
    QVERIFY(m_store->open(file()));
    DailyBackup backup(m_store.get());
    QSignalSpy failed(&backup, &DailyBackup::failed);
    backup.look();
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 60000);
    QCOMPARE(failed[0][0].value<StorageError>().cause, StorageError::Cause::Damaged);
    HistoryStore next;
    QSignalSpy recovered(&next, &HistoryStore::recovered);
    m_store->close();
    QVERIFY(next.open(file()));
    QCOMPARE(recovered.size(), 1);
  }
};

QTEST_GUILESS_MAIN(TestBackup)
#include "tst_backup.moc"
