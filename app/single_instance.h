// One window for each data directory: whoever starts a second one is led to the first.
#pragma once

#include <QLocalServer>
#include <QLockFile>
#include <QObject>
#include <QString>

#include <memory>

namespace tercet {

/// The lock is a file in the data directory. The lock of a program that was killed does not hold.
class SingleInstance : public QObject {
  Q_OBJECT

 public:
  enum class Place {
    First,      // this is the one
    HandedOver, // another one runs and came to the front
    NoAnswer    // another one runs and does not answer
  };

  explicit SingleInstance(const QString& dataDir, QObject* parent = nullptr);
  ~SingleInstance() override;

  /// Takes the place of the first, or asks it to come to the front and to open `model` unless that is empty. Waits at most
  /// `waitMs` for its answer: it may just be starting. A directory that cannot be written has room for any number.
  Place enter(const QString& model, int waitMs = 5000);

 Q_SIGNALS:
  /// A second one was started. `model` is absolute or empty.
  void asked(const QString& model);

 private:
  bool ask(const QString& model);
  void listen();
  void take();

  QString m_name;  // of the socket
  QLockFile m_lock;
  QLocalServer m_server;
};

}  // namespace tercet
