// The signals that ask a program to end: it ends as if its window had been closed.
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace tercet {

/// While it lives, SIGTERM, SIGINT and SIGHUP (a log-out, Ctrl+C, a closed terminal) quit the application, so that everything is
/// stored. A second one of them ends it at once. One at a time; lives on the GUI thread.
class OrderlyEnd : public QObject {
  Q_OBJECT

 public:
  explicit OrderlyEnd(QObject* parent = nullptr);
  ~OrderlyEnd() override;

 private:
  std::unique_ptr<QSocketNotifier> m_arrived;
};

}  // namespace tercet
