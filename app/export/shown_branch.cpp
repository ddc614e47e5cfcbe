#include "app/export/shown_branch.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QStringList>

#include "app/error_text.h"
#include "app/message_tree.h"
#include "app/well_formed.h"

namespace tercet {
namespace {

class ExportText {
  Q_DECLARE_TR_FUNCTIONS(ExportText)

 public:
  static QString untitled() { return tr("Conversation"); }
  static QString person() { return tr("You"); }
  static QString assistant() { return tr("Assistant"); }
  static QString attached(const QString& name) { return tr("Attached: %1").arg(name); }
  static QString note(Message::State state) {
    switch (state) {
      case Message::State::Stopped: return tr("This answer was stopped.");
      case Message::State::Failed:
      case Message::State::ContextFull:
      case Message::State::LengthReached:
      case Message::State::Reading:
      case Message::State::Writing:
      case Message::State::Interrupted: return tr("This answer was not finished.");
      case Message::State::Complete: break;
    }
    return {};
  }
};

QString oneLine(const QString& text) { return printable(wellFormed(text)).simplified(); }

}  // namespace

QString attachedText(const QString& name) { return ExportText::attached(oneLine(name)); }

ShownBranch shownBranchOf(const Conversation& conversation) {
  MessageTree tree;
  tree.load(conversation.messages, conversation.info.leaf);
  ShownBranch branch;
  branch.title = oneLine(conversation.info.title);
  if (branch.title.isEmpty()) branch.title = ExportText::untitled();
  QStringList models;
  for (const MessageId id : tree.path()) {
    const Message& message = *tree.find(id);
    const bool own = message.author == Message::Author::User;
    const QString model = oneLine(message.stats.model);
    if (!own && !model.isEmpty() && !models.contains(model)) models << model;
    branch.messages.push_back({own ? ExportText::person() : model.isEmpty() ? ExportText::assistant() : model, own,
                               wellFormed(message.text), own ? QString() : ExportText::note(message.state), message.attachments});
  }
  const QDateTime begun = QDateTime::fromMSecsSinceEpoch(conversation.info.createdAt);
  const QLocale locale;
  branch.about = locale.toString(begun.date(), QLocale::LongFormat) + QStringLiteral(", ") +
                 locale.toString(begun.time(), QLocale::ShortFormat);
  if (!models.isEmpty()) branch.about += QStringLiteral(" · ") + models.join(QStringLiteral(", "));
  return branch;
}

}  // namespace tercet
