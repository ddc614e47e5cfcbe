// QML reaches no server, whatever a text asks it to fetch.
#include <QQmlComponent>
#include <QQmlEngine>
#include <QTcpServer>
#include <QTest>

#include <memory>

#include "app/no_network.h"

namespace {

constexpr const char* kFetcher = R"(
  import QtQml
  QtObject {
    property bool ended: false
    property int status: -1
    function fetch(url) {
      const request = new XMLHttpRequest();
      request.onreadystatechange = () => {
        if (request.readyState === XMLHttpRequest.DONE) {
          status = request.status;
          ended = true;
        }
      };
      request.open("GET", url);
      request.send();
    }
  })";

}  // namespace

class TestNoNetwork : public QObject {
  Q_OBJECT

  tercet::NoNetwork m_noNetwork;
  QQmlEngine m_engine;
  std::unique_ptr<QObject> m_fetcher;

  /// The status that QML sees for `url`: 0 when it was refused, -1 when it was never told.
  int fetch(const QString& url) {
    QQmlComponent component(&m_engine);
    component.setData(kFetcher, QUrl());
    m_fetcher.reset(component.create());
    QMetaObject::invokeMethod(m_fetcher.get(), "fetch", Q_ARG(QVariant, url));
    const bool ended = QTest::qWaitFor([this] { return m_fetcher->property("ended").toBool(); });
    return ended ? m_fetcher->property("status").toInt() : -1;
  }

 private Q_SLOTS:
  void initTestCase() { m_engine.setNetworkAccessManagerFactory(&m_noNetwork); }

  void a_request_from_qml_fails_and_no_connection_is_made() {
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QCOMPARE(fetch(QStringLiteral("http://127.0.0.1:%1/").arg(server.serverPort())), 0);
    QVERIFY(!server.hasPendingConnections());
  }
};

QTEST_GUILESS_MAIN(TestNoNetwork)
#include "tst_no_network.moc"
