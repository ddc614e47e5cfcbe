#include "app/notice.h"

#include <QClipboard>
#include <QGuiApplication>

#include <utility>

#include "app/error_text.h"

namespace tercet {

Notice::Notice(QObject* parent) : QObject(parent) {}
Notice::~Notice() = default;

const NoticeContent* Notice::top() const { return m_stack.empty() ? nullptr : &m_stack.back(); }

Notice::Kind Notice::kind() const { return top() ? top()->kind : Kind::Info; }
QString Notice::code() const { return top() ? top()->code : QString(); }
QString Notice::title() const { return top() ? top()->title : QString(); }
QString Notice::text() const { return top() ? top()->text : QString(); }
QString Notice::details() const { return top() ? top()->details : QString(); }
QString Notice::actionText() const { return actionLabel(action()); }
Notice::Action Notice::action() const { return top() ? top()->action : Action::None; }

void Notice::show(NoticeContent content) {
  const QString family = content.code.left(1);
  std::erase_if(m_stack, [&](const NoticeContent& old) { return old.code.startsWith(family); });
  m_stack.push_back(std::move(content));
  Q_EMIT changed();
}

void Notice::clear(QStringView family) {
  if (std::erase_if(m_stack, [&](const NoticeContent& old) { return old.code.startsWith(family); }) > 0) {
    Q_EMIT changed();
  }
}

void Notice::dismiss() {
  if (m_stack.empty()) return;
  m_stack.pop_back();
  Q_EMIT changed();
}

void Notice::copyDetails() const {
  const NoticeContent* shown = top();
  if (!shown) return;
  QString report = QStringLiteral("%1 (%2)\n%3").arg(shown->title, shown->code, shown->text);
  if (!shown->details.isEmpty()) report += QLatin1Char('\n') + shown->details;
  QGuiApplication::clipboard()->setText(report);
}

void Notice::trigger() {
  const Action chosen = action();
  const std::function<void()> undo = top() ? top()->undo : nullptr;
  dismiss();
  if (chosen == Action::Undo && undo) {
    undo();
  } else if (chosen != Action::None) {
    Q_EMIT triggered(chosen);
  }
}

}  // namespace tercet
