// Runs the tst_*.qml beside it.
#include <QQmlContext>
#include <QQmlEngine>
#include <QtQuickTest>

#include "tests/ui/rig.h"

class Setup : public QObject {
  Q_OBJECT

 public Q_SLOTS:
  void qmlEngineAvailable(QQmlEngine* engine) {
    engine->addImportPath(QStringLiteral("qrc:/qt/qml"));
    m_driver.setEngine(engine);
    engine->rootContext()->setContextProperty(QStringLiteral("driver"), &m_driver);
  }
  void cleanupTestCase() { m_driver.endAll(); }

 private:
  tercet::test::Driver m_driver;
};

QUICK_TEST_MAIN_WITH_SETUP(tst_ui, Setup)

#include "tst_ui.moc"
