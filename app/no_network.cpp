#include "app/no_network.h"

#include <QNetworkAccessManager>
#include <QNetworkRequest>

namespace tercet {
namespace {

class Refusal : public QNetworkAccessManager {
 public:
  using QNetworkAccessManager::QNetworkAccessManager;

 protected:
  /// A request without an address fails before anything is sent.
  QNetworkReply* createRequest(Operation operation, const QNetworkRequest&, QIODevice* data) override {
    return QNetworkAccessManager::createRequest(operation, QNetworkRequest(), data);
  }
};

}  // namespace

QNetworkAccessManager* NoNetwork::create(QObject* parent) { return new Refusal(parent); }

}  // namespace tercet
