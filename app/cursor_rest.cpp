#include "app/cursor_rest.h"

#include <QEvent>
#include <QGuiApplication>
#include <QStyleHints>

namespace tercet {
namespace {

constexpr int kNoBlinking = 0;
constexpr int kAsDesktop = -1;

}  // namespace

CursorRest::CursorRest(QObject* application, int afterMs) : QObject(application) {
  m_idle.setSingleShot(true);
  m_idle.setInterval(afterMs);
  connect(&m_idle, &QTimer::timeout, this, &CursorRest::rest);
  application->installEventFilter(this);
  m_idle.start();
}

bool CursorRest::eventFilter(QObject* watched, QEvent* event) {
  switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::InputMethod:
    case QEvent::MouseButtonPress:
    case QEvent::TouchBegin:
    case QEvent::WindowActivate:
      QGuiApplication::styleHints()->setCursorFlashTime(kAsDesktop);
      m_idle.start();
      break;
    default: break;
  }
  return QObject::eventFilter(watched, event);
}

void CursorRest::rest() { QGuiApplication::styleHints()->setCursorFlashTime(kNoBlinking); }

}  // namespace tercet
