// The plain message that people see when something needs their attention.
#pragma once

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <functional>
#include <vector>

namespace tercet {

struct NoticeContent;

/// One notice is shown at a time, the newest. A newer one of the same family (the letter of its code) replaces the older;
/// one of another family covers it until dismissed. All texts are plain text: they may quote names out of files.
class Notice : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(bool visible READ visible NOTIFY changed)
  Q_PROPERTY(Kind kind READ kind NOTIFY changed)
  Q_PROPERTY(QString code READ code NOTIFY changed)
  Q_PROPERTY(QString title READ title NOTIFY changed)
  Q_PROPERTY(QString text READ text NOTIFY changed)
  Q_PROPERTY(QString details READ details NOTIFY changed)
  Q_PROPERTY(QString actionText READ actionText NOTIFY changed)
  Q_PROPERTY(Action action READ action NOTIFY changed)

 public:
  enum class Kind { Info, Warning, Error };
  Q_ENUM(Kind)
  /// What the button does. The window answers OpenModel (file dialog) and OpenSettings itself; AppRoot does the rest.
  enum class Action { None, OpenModel, OpenSettings, Retry, ReplaceModel, NewChat, Undo, RetryStoring, LeaveOutOldest,
                      OpenChatModel, ShowExported };
  Q_ENUM(Action)

  explicit Notice(QObject* parent = nullptr);
  ~Notice() override;

  bool visible() const { return !m_stack.empty(); }
  Kind kind() const;
  QString code() const;
  QString title() const;
  QString text() const;
  QString details() const;
  QString actionText() const;
  Action action() const;

  void show(NoticeContent content);
  /// Takes back notices whose code begins with `family`, e.g. "M": what they said no longer holds.
  void clear(QStringView family);

  Q_INVOKABLE void dismiss();
  /// Title, text, code and details to the clipboard.
  Q_INVOKABLE void copyDetails() const;
  /// The button was pressed: dismisses, and undoes or emits `triggered`.
  Q_INVOKABLE void trigger();

 Q_SIGNALS:
  void changed();
  void triggered(tercet::Notice::Action action);

 private:
  const NoticeContent* top() const;

  std::vector<NoticeContent> m_stack;  // the last one is shown
};

/// What a notice says; texts are translated.
struct NoticeContent {
  Notice::Kind kind = Notice::Kind::Info;
  QString code;
  QString title;
  QString text;
  QString details = {};
  Notice::Action action = Notice::Action::None;
  std::function<void()> undo = {};  // what the button does for Action::Undo; what it needs outlives the notice
};

}  // namespace tercet
