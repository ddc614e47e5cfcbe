// The last use of the network is known, also after a restart.
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/network_log.h"

using tercet::NetworkLog;

class TestNetworkLog : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void at_first_the_network_was_never_used() {
    const QTemporaryDir dir;
    const NetworkLog log(dir.path());
    QVERIFY(!log.used());
    QVERIFY(!QFile::exists(dir.filePath("network.log")));
  }

  void a_use_is_noted_with_its_time_and_purpose_and_is_there_after_a_restart() {
    const QTemporaryDir dir;
    {
      NetworkLog log(dir.path());
      QSignalSpy changed(&log, &NetworkLog::changed);
      QVERIFY(log.record(NetworkLog::Purpose::Other, "first.example"));
      QVERIFY(log.record(NetworkLog::Purpose::ModelDownload, "models.example"));
      QCOMPARE(changed.count(), 2);
    }
    const NetworkLog log(dir.path());
    QVERIFY(log.used());
    QCOMPARE(log.lastHost(), "models.example");
    QCOMPARE(log.lastPurpose(), NetworkLog::Purpose::ModelDownload);
    QVERIFY(qAbs(log.lastTime().secsTo(QDateTime::currentDateTime())) < 60);
  }

  void lines_that_a_crash_cut_or_a_later_version_wrote_do_no_harm() {
    const QTemporaryDir dir;
    QFile file(dir.filePath("network.log"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("2026-01-02T03:04:05Z\tSomethingNew\tlater.example\nno line\n2026-01-03T0");
    file.close();
    const NetworkLog log(dir.path());
    QCOMPARE(log.lastHost(), "later.example");
    QCOMPARE(log.lastPurpose(), NetworkLog::Purpose::Other);
    QCOMPARE(log.lastTime(), QDateTime::fromString("2026-01-02T03:04:05Z", Qt::ISODate).toLocalTime());
  }

  void what_cannot_be_noted_is_refused() {
    NetworkLog log("/nowhere/at/all");
    QVERIFY(!log.record(NetworkLog::Purpose::ModelDownload, "models.example"));
    QVERIFY(!log.used());
  }
};

QTEST_GUILESS_MAIN(TestNetworkLog)
#include "tst_network_log.moc"
