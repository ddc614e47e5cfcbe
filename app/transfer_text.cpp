#include "app/transfer_text.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStringList>

#include "app/error_text.h"

namespace tercet {
namespace {

using Cause = TransferError::Cause;

class TransferText {
  Q_DECLARE_TR_FUNCTIONS(TransferText)

 public:
  static NoticeContent failure(Cause cause);
  static NoticeContent imported(const TransferOutcome& outcome, int imported);

  static NoticeContent exportedOne(const QString& name) {
    //: %1: the name of a file
    return {Notice::Kind::Info, QStringLiteral("X-720"), tr("The chat was exported."), tr("It is in %1.").arg(name), {}, Notice::Action::ShowExported};
  }
  static NoticeContent exportedAll(int conversations, const QString& name) {
    return {Notice::Kind::Info, QStringLiteral("X-721"), tr("%n chat(s) exported.", nullptr, conversations),
            //: %1: the name of a file
            tr("They are in %1. Whoever has this file can read them.").arg(name), {}, Notice::Action::ShowExported};
  }
  static QString importedBefore(int imported) { return tr("%n chat(s) had been imported by then and stay.", nullptr, imported); }
};

NoticeContent TransferText::failure(Cause cause) {
  const auto error = [](const char* code, const QString& title, const QString& text) {
    return NoticeContent{Notice::Kind::Error, QLatin1String(code), title, text};
  };
  switch (cause) {
    case Cause::CannotWrite:
      return error("X-701", tr("The file can't be written."), tr("Check the folder's permissions, or choose another folder."));
    case Cause::DiskFull:
      return error("X-702", tr("There is no room for the file."),
                   tr("The disk is full. Free some space or choose another disk. No half-written file was left."));
    case Cause::CannotRead:
      return error("X-703", tr("The file can't be read."), tr("Check its permissions and the drive it is on."));
    case Cause::NotOurs:
      return error("X-704", tr("There are no chats in this file."),
                   tr("Tercet imports what it exported (.json, .zip), and the data export of ChatGPT (.zip, conversations.json)."));
    case Cause::Damaged:
      return error("X-705", tr("The file is damaged."), tr("Download or copy it again."));
    case Cause::Encrypted:
      return error("X-706", tr("The archive has a password."), tr("Unpack it with another program and import what is in it."));
    case Cause::TooLarge:
      return error("X-707", tr("The file is too large."), tr("It holds more than an export of chats ever does."));
    case Cause::Newer:
      return error("X-708", tr("The file was written by a newer Tercet."), tr("This version can't read it. Install the newer version."));
    case Cause::Invalid:
      return error("X-709", tr("The chat in this file can't be used."), tr("What it says contradicts itself. The details say where."));
    case Cause::NoChats:
      return error("X-710", tr("Your chats can't be read right now."), tr("Nothing was exported or imported. Try again."));
    case Cause::Stopped: break;
  }
  return {Notice::Kind::Info, QStringLiteral("X-711"), tr("Stopped."), {}};
}

NoticeContent TransferText::imported(const TransferOutcome& outcome, int imported) {
  NoticeContent notice{outcome.unreadable > 0 ? Notice::Kind::Warning : Notice::Kind::Info, QStringLiteral("X-722"),
                       tr("%n chat(s) imported.", nullptr, imported), {}};
  QStringList more;
  if (outcome.present > 0) more << tr("%n chat(s) were already here.", nullptr, outcome.present);
  if (outcome.unreadable > 0) more << tr("%n chat(s) could not be read. The details say why.", nullptr, outcome.unreadable);
  notice.text = more.join(QLatin1Char(' '));
  return notice;
}

QStringList quoted(const QStringList& lines) {
  QStringList out;
  for (const QString& line : lines) out << printable(line);
  return out;
}

}  // namespace

NoticeContent noticeForExport(const TransferOutcome& outcome, const TransferRequest& request) {
  const QString name = printable(QFileInfo(request.file).fileName());
  if (!outcome.error) {
    return request.kind == TransferRequest::Kind::ExportAll ? TransferText::exportedAll(outcome.conversations, name)
                                                            : TransferText::exportedOne(name);
  }
  NoticeContent notice = TransferText::failure(outcome.error->cause);
  if (outcome.error->cause != Cause::Stopped) notice.details = printable(request.file) + QLatin1Char('\n') + printable(outcome.error->detail);
  return notice;
}

NoticeContent noticeForImport(const TransferOutcome& outcome, int imported, const QString& file) {
  QStringList details = quoted(outcome.reasons);
  NoticeContent notice;
  if (outcome.error) {
    notice = TransferText::failure(outcome.error->cause);
    if (imported > 0) notice.text = (notice.text + QLatin1Char(' ') + TransferText::importedBefore(imported)).trimmed();
    details.prepend(printable(outcome.error->detail));
  } else {
    notice = TransferText::imported(outcome, imported);
  }
  if (!details.isEmpty() && notice.kind != Notice::Kind::Info) details.prepend(printable(QFileInfo(file).fileName()));
  details.removeAll(QString());
  notice.details = details.join(QLatin1Char('\n'));
  return notice;
}

}  // namespace tercet
