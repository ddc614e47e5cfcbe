// The rows of a chart.
#include <QAbstractItemModelTester>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

#include "app/speed_curve.h"

using namespace tercet;

class TestSpeedCurve : public QObject {
  Q_OBJECT

  static QVariant at(const SpeedCurve& curve, int row, SpeedCurve::Role role) { return curve.data(curve.index(row), role); }

 private Q_SLOTS:
  void init() { QLocale::setDefault(QLocale(QLocale::English)); }

  void points_become_rows() {
    SpeedCurve curve;
    const QAbstractItemModelTester tester(&curve);
    QSignalSpy counted(&curve, &SpeedCurve::countChanged);
    curve.show({{1, 12.34}, {2, 24}, {1024, 120.6}}, 2);
    QCOMPARE(counted.size(), 1);
    QCOMPARE(curve.count(), 3);
    QCOMPARE(at(curve, 0, SpeedCurve::AtRole).toString(), "1");
    QCOMPARE(at(curve, 2, SpeedCurve::AtRole).toString(), "1,024");
    QCOMPARE(at(curve, 0, SpeedCurve::SpeedRole).toString(), "12.3");
    QCOMPARE(at(curve, 2, SpeedCurve::SpeedRole).toString(), "121");
    QCOMPARE(at(curve, 1, SpeedCurve::ShareRole).toDouble(), 24 / 120.6);
    QCOMPARE(at(curve, 2, SpeedCurve::ShareRole).toDouble(), 1.0);
    QVERIFY(at(curve, 1, SpeedCurve::ChosenRole).toBool());
    QVERIFY(!at(curve, 0, SpeedCurve::ChosenRole).toBool());
    curve.show({}, 0);
    QCOMPARE(curve.count(), 0);
  }

  void the_same_again_changes_nothing() {
    SpeedCurve curve;
    curve.show({{1, 2}}, 0);
    QSignalSpy reset(&curve, &SpeedCurve::modelReset);
    curve.show({{1, 2}}, 0);
    QCOMPARE(reset.size(), 0);
    curve.show({{1, 2}}, 1);
    QCOMPARE(reset.size(), 1);
  }

  void numbers_follow_the_language() {
    SpeedCurve curve;
    curve.show({{1, 12.5}}, 0);
    QSignalSpy changed(&curve, &SpeedCurve::dataChanged);
    QLocale::setDefault(QLocale(QLocale::Spanish));
    curve.retranslate();
    QCOMPARE(changed.size(), 1);
    QCOMPARE(at(curve, 0, SpeedCurve::SpeedRole).toString(), "12,5");
  }
};

QTEST_GUILESS_MAIN(TestSpeedCurve)
#include "tst_speed_curve.moc"
