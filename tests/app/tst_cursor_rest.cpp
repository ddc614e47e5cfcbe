// A cursor in a field that nobody types in stops blinking, and goes on with the next key or click.
#include <QGuiApplication>
#include <QStyleHints>
#include <QTest>
#include <QWindow>

#include <vector>

#include "app/cursor_rest.h"

class TestCursorRest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void it_rests_after_a_while_and_blinks_again_with_the_next_key() {
    const QStyleHints* hints = QGuiApplication::styleHints();
    const int usual = hints->cursorFlashTime();
    QVERIFY(usual > 0);
    QWindow window;
    const tercet::CursorRest rest(qApp, 1);
    QTRY_COMPARE(hints->cursorFlashTime(), 0);
    std::vector<int> times;
    connect(hints, &QStyleHints::cursorFlashTimeChanged, this, [&] { times.push_back(hints->cursorFlashTime()); });
    QTest::keyClick(&window, Qt::Key_A);
    QVERIFY(!times.empty());
    QCOMPARE(times.front(), usual);
    QTRY_COMPARE(hints->cursorFlashTime(), 0);
  }
};

QTEST_MAIN(TestCursorRest)
#include "tst_cursor_rest.moc"
