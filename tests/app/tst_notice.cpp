// Which notice people see when several things need their attention.
#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTest>

#include "app/notice.h"

using tercet::Notice;
using Kind = Notice::Kind;

class TestNotice : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void nothing_is_shown_at_first() {
    Notice notice;
    QVERIFY(!notice.visible());
    QCOMPARE(notice.title(), "");
    notice.dismiss();
    notice.trigger();
    notice.copyDetails();
    QVERIFY(!notice.visible());
  }

  void the_newest_is_shown_and_replaces_its_own_family() {
    Notice notice;
    notice.show({Kind::Error, "M-102", "old file", ""});
    notice.show({Kind::Error, "M-108", "new file", ""});
    QCOMPARE(notice.title(), "new file");
    notice.dismiss();
    QVERIFY(!notice.visible());
  }

  void another_family_comes_back_after_it() {
    Notice notice;
    notice.show({Kind::Warning, "S-502", "settings", ""});
    notice.show({Kind::Error, "M-108", "model", ""});
    QCOMPARE(notice.title(), "model");
    notice.clear(u"M");
    QCOMPARE(notice.title(), "settings");
    QCOMPARE(notice.kind(), Kind::Warning);
    notice.clear(u"M");
    QVERIFY(notice.visible());
  }

  void its_button_reports_the_action_once() {
    Notice notice;
    QSignalSpy triggered(&notice, &Notice::triggered);
    notice.show({Kind::Error, "M-117", "t", "x", "", Notice::Action::Retry});
    QVERIFY(!notice.actionText().isEmpty());
    notice.trigger();
    notice.trigger();
    QCOMPARE(triggered.size(), 1);
    QCOMPARE(triggered[0][0].value<Notice::Action>(), Notice::Action::Retry);
    QVERIFY(!notice.visible());
  }

  void details_can_be_copied_for_a_report() {
    Notice notice;
    notice.show({Kind::Error, "M-110", "Title", "Text", "tensor 7"});
    notice.copyDetails();
    const QString copied = QGuiApplication::clipboard()->text();
    for (const char* part : {"Title", "M-110", "Text", "tensor 7"}) QVERIFY(copied.contains(part));
  }
};

QTEST_MAIN(TestNotice)
#include "tst_notice.moc"
