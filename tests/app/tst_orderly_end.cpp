// Signals that ask a program to end.
#include <QCoreApplication>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <csignal>

#include "app/orderly_end.h"

class TestOrderlyEnd : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_signal_ends_the_application_in_order_data() {
    QTest::addColumn<int>("signal");
    QTest::newRow("terminate") << SIGTERM;
    QTest::newRow("interrupt") << SIGINT;
    QTest::newRow("hang up") << SIGHUP;
  }
  void a_signal_ends_the_application_in_order() {
    QFETCH(int, signal);
    tercet::OrderlyEnd end;
    QSignalSpy ending(QCoreApplication::instance(), &QCoreApplication::aboutToQuit);
    QTimer::singleShot(0, this, [signal] { std::raise(signal); });
    QTimer::singleShot(10'000, this, [] { QCoreApplication::exit(1); });
    QCOMPARE(QCoreApplication::exec(), 0);
    QCOMPARE(ending.size(), 1);
  }
};

QTEST_GUILESS_MAIN(TestOrderlyEnd)
#include "tst_orderly_end.moc"
