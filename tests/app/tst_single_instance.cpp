// A second start with the same data directory. With --hold DIR this is a program that holds one until it is killed.
#include <QCoreApplication>
#include <QDir>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cstdio>
#include <thread>

#include "app/single_instance.h"

using namespace tercet;
using Place = SingleInstance::Place;

class TestSingleInstance : public QObject {
  Q_OBJECT

  /// A second start, which waits for the answer of the first as its own program would.
  static Place startAgain(const QString& dir, const QString& model, int waitMs = 10000) {
    Place place = Place::First;
    std::atomic<bool> over = false;
    std::thread other([&] {
      place = SingleInstance(dir).enter(model, waitMs);
      over = true;
    });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(over, 60000); }();
    other.join();
    return place;
  }

 private Q_SLOTS:
  void the_first_comes_to_the_front_and_opens_what_the_second_was_started_with() {
    QTemporaryDir dir;
    SingleInstance first(dir.path());
    QSignalSpy asked(&first, &SingleInstance::asked);
    QCOMPARE(first.enter({}), Place::First);
    QCOMPARE(startAgain(dir.path(), "/models/a ñ\nb.gguf"), Place::HandedOver);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked[0][0].toString(), "/models/a ñ\nb.gguf");
    QCOMPARE(startAgain(dir.path() + "/.", {}), Place::HandedOver);  // the same directory, written otherwise
    QCOMPARE(asked[1][0].toString(), "");
  }

  void another_data_directory_has_a_first_of_its_own() {
    QTemporaryDir one, two;
    SingleInstance first(one.path()), second(two.path());
    QCOMPARE(first.enter({}), Place::First);
    QCOMPARE(second.enter({}), Place::First);
  }

  void whoever_comes_after_the_first_is_the_first() {
    QTemporaryDir dir;
    {
      SingleInstance first(dir.path());
      QCOMPARE(first.enter({}), Place::First);
    }
    SingleInstance next(dir.path());
    QCOMPARE(next.enter({}), Place::First);
  }

  void the_lock_of_a_killed_program_does_not_hold() {
    QTemporaryDir dir;
    QProcess holder;
    holder.start(QCoreApplication::applicationFilePath(), {"--hold", dir.path()});
    QVERIFY(holder.waitForReadyRead(60000));
    // It does not answer: it waits for nothing but its end.
    QCOMPARE(SingleInstance(dir.path()).enter({}, 1), Place::NoAnswer);
    holder.kill();
    QVERIFY(holder.waitForFinished(60000));
    QVERIFY(QFile::exists(QDir(dir.path()).filePath("instance.lock")));
    SingleInstance next(dir.path());
    QSignalSpy asked(&next, &SingleInstance::asked);
    QCOMPARE(next.enter({}), Place::First);
    QCOMPARE(startAgain(dir.path(), "m"), Place::HandedOver);  // its socket, too, is taken over
    QCOMPARE(asked.size(), 1);
  }
};

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  const QStringList arguments = QCoreApplication::arguments();
  if (arguments.size() == 3 && arguments[1] == "--hold") {
    SingleInstance instance(arguments[2]);
    if (instance.enter({}) != Place::First) return 1;
    std::puts("held");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return 0;
  }
  TestSingleInstance test;
  return QTest::qExec(&test, argc, argv);
}
#include "tst_single_instance.moc"
