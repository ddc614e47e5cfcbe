// Lets the text cursor stop blinking when nothing has been typed or clicked for a while, as GTK does: a blinking cursor
// draws the window about twice a second for as long as it is open.
#pragma once

#include <QObject>
#include <QTimer>

namespace tercet {

/// For all text fields of the program. The cursor stays visible.
class CursorRest : public QObject {
  Q_OBJECT

 public:
  /// Watches what goes to `application`. `afterMs` without a key or a click: the cursor rests.
  explicit CursorRest(QObject* application, int afterMs = 10000);

  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void rest();

  QTimer m_idle;
};

}  // namespace tercet
