// Keeps the window off the network: what a model writes must not make it fetch a picture or a file.
#pragma once

#include <QQmlNetworkAccessManagerFactory>

namespace tercet {

/// Give it to the QML engine, which asks it for the way to every address but files and what is compiled in. None leads anywhere.
class NoNetwork : public QQmlNetworkAccessManagerFactory {
 public:
  QNetworkAccessManager* create(QObject* parent) override;
};

}  // namespace tercet
