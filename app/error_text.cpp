#include "app/error_text.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace tercet {
namespace {

/// The texts of the error catalogue, in the translation context that Qt Linguist shows for it.
class ErrorText {
  Q_DECLARE_TR_FUNCTIONS(ErrorText)

 public:
  struct Words {
    QString title;
    QString text;  // cause and advice, without the particulars
    Notice::Action action = Notice::Action::None;
    Notice::Kind kind = Notice::Kind::Error;
    bool quotesDetail = false;  // the detail names what people need to know, so it stands in the text; it is English
  };

  //: The code of the language you translate to
  static bool inEnglish() { return tr("en") == QLatin1String("en"); }

  static Words model(ErrorCode code);
  static Words conversation(ErrorCode code);
  static NoticeContent storage(StorageError::Cause cause);
  static NoticeContent recovered(const Recovery& recovery);
  static NoticeContent noBackup(StorageError::Cause cause);
  static QString label(Notice::Action action);
  static NoticeContent otherModel(const QString& name);
};

ErrorText::Words ErrorText::model(ErrorCode code) {
  using Action = Notice::Action;
  constexpr auto kError = Notice::Kind::Error;
  switch (code) {
    case ErrorCode::UnsupportedArchitecture:  //: M-101
      return {tr("This model type isn't supported yet."),
              tr("Tercet runs BitNet b1.58 models in GGUF form. Choose one of those."), Action::OpenModel, kError, true};
    case ErrorCode::Truncated:  //: M-102
      return {tr("The model file is incomplete."), tr("Download or copy it again, or choose another file."),
              Action::OpenModel, kError, true};
    case ErrorCode::OutOfMemory:  //: M-103
      return {tr("Not enough memory."), tr("Choose a smaller context or batch in the settings, or close other programs."),
              Action::OpenSettings, kError, true};
    case ErrorCode::UnsupportedCpu:  //: M-104
      return {tr("This processor can't run the chosen instruction set."),
              tr("Remove the TERCET_ISA setting so that Tercet chooses for itself."), Action::None, kError, true};
    case ErrorCode::NotFound:  //: M-105
      return {tr("The model file isn't there."), tr("It may have been moved or renamed. Choose it again."),
              Action::OpenModel, kError, false};
    case ErrorCode::IsDirectory:  //: M-106
      return {tr("That is a folder."), tr("Choose the .gguf file inside it."), Action::OpenModel, kError, false};
    case ErrorCode::EmptyFile:  //: M-107
      return {tr("The file is empty."), tr("Download or copy it again, or choose another file."), Action::OpenModel,
              kError, false};
    case ErrorCode::NotGguf:  //: M-108
      return {tr("This isn't a model file."), tr("Tercet opens files in GGUF form; their names end in .gguf."),
              Action::OpenModel, kError, false};
    case ErrorCode::UnsupportedVersion:  //: M-109
      return {tr("This version of the file format isn't supported."), tr("Choose a GGUF file of version 2 or 3."),
              Action::OpenModel, kError, true};
    case ErrorCode::Corrupt:  //: M-110
      return {tr("The model file is damaged."), tr("Its tables contradict each other. Download or copy it again."),
              Action::OpenModel, kError, false};
    case ErrorCode::MissingTensor:  //: M-111
      return {tr("A part of the model is missing."), tr("Get the file from its publisher again."), Action::OpenModel,
              kError, true};
    case ErrorCode::MisshapedTensor:  //: M-112
      return {tr("A part of the model has the wrong shape."), tr("Get the file from its publisher again."),
              Action::OpenModel, kError, true};
    case ErrorCode::UnsupportedType:  //: M-113
      return {tr("This kind of model file isn't supported yet."),
              tr("Its numbers are stored in a way Tercet doesn't read. Choose the I2_S file of the model."),
              Action::OpenModel, kError, true};
    case ErrorCode::BadTokenizer:  //: M-114
      return {tr("The model's vocabulary is missing or damaged."), tr("Get the file from its publisher again."),
              Action::OpenModel, kError, true};
    case ErrorCode::BadWeights:  //: M-115
      return {tr("The model holds impossible numbers."), tr("The file is damaged. Get it from its publisher again."),
              Action::OpenModel, kError, false};
    case ErrorCode::BadConfig:  //: M-116
      return {tr("The model describes itself in an impossible way."), tr("Get the file from its publisher again."),
              Action::OpenModel, kError, true};
    case ErrorCode::Unreadable:  //: M-117
      return {tr("The file can't be read."), tr("Check its permissions and the drive it is on."), Action::Retry, kError,
              false};
    case ErrorCode::ModelChanged:  //: M-118
      return {tr("The model file changed while it was in use."), tr("Load it again to go on."), Action::Retry, kError,
              false};
    default: return conversation(code);
  }
}

ErrorText::Words ErrorText::conversation(ErrorCode code) {
  using Action = Notice::Action;
  constexpr auto kWarning = Notice::Kind::Warning;
  switch (code) {
    case ErrorCode::PromptTooLong:  //: C-301
      return {tr("This message is too long for the model."),
              tr("It is back in the message box. Shorten it or split it, or choose a larger context in the settings."),
              Action::None, kWarning, true};
    case ErrorCode::ContextFull:  //: C-302
      return {tr("The conversation is full."), tr("The model has no room for another word. Start a new chat."),
              Action::NewChat, kWarning, false};
    case ErrorCode::InvalidUtf8:  //: C-303
      return {tr("This text can't be read."), tr("It holds characters that aren't valid Unicode. Type or paste it again."),
              Action::None, kWarning, false};
    case ErrorCode::InvalidToken:  //: C-304
      return {tr("There is nothing the model could answer."), tr("Write a message and send it again."), Action::None,
              kWarning, false};
    case ErrorCode::InvalidOption:  //: C-305
      return {tr("A setting is out of range."), tr("The value from before stays in use."), Action::OpenSettings, kWarning,
              true};
    case ErrorCode::Stopped:  //: C-306
      return {tr("Stopped."), tr("Nothing was lost. Start again when you like."), Action::None, Notice::Kind::Info, false};
    case ErrorCode::ConversationTooLong:  //: C-307
      return {tr("The conversation is longer than the model can read."),
              tr("Start a new chat, choose a larger context in the settings, or let Tercet leave out the oldest messages."),
              Action::LeaveOutOldest, kWarning, true};
    default:  //: E-401
      return {tr("The engine stopped unexpectedly."),
              tr("What is written here is still there. Try again; if it happens once more, please report it."),
              Action::None, Notice::Kind::Error, false};
  }
}

NoticeContent ErrorText::storage(StorageError::Cause cause) {
  using Cause = StorageError::Cause;
  const auto notice = [](const char* code, const QString& title, const QString& text, Notice::Action action) {
    return NoticeContent{Notice::Kind::Error, QLatin1String(code), title, text, {}, action};
  };
  const QString cannotWrite = tr("Your chats can't be saved right now.");
  const QString nothingLost = tr("What you typed stays in the message box.");
  switch (cause) {
    case Cause::Full:
      return notice("S-501", cannotWrite, tr("The disk is full. Free some space and try again.") + QLatin1Char(' ') + nothingLost,
                    Notice::Action::RetryStoring);
    case Cause::ReadOnly:
      return notice("S-501", cannotWrite,
                    tr("The folder of your chats can't be written. Check its permissions.") + QLatin1Char(' ') + nothingLost,
                    Notice::Action::RetryStoring);
    case Cause::Busy:
      return notice("S-501", cannotWrite,
                    tr("Another program is using the file of your chats.") + QLatin1Char(' ') + nothingLost,
                    Notice::Action::RetryStoring);
    case Cause::Damaged:
      return notice("S-505", tr("The file of your chats is damaged."),
                    tr("Close Tercet and open it again: it then saves what can be read and keeps the damaged file."),
                    Notice::Action::None);
    case Cause::Newer:
      return notice("S-506", tr("Your chats were written by a newer Tercet."),
                    tr("This version can't read them and leaves them as they are. Install the newer version."),
                    Notice::Action::None);
    case Cause::Other: break;
  }
  return notice("S-501", cannotWrite, tr("The disk reported an error.") + QLatin1Char(' ') + nothingLost,
                Notice::Action::RetryStoring);
}

NoticeContent ErrorText::recovered(const Recovery& recovery) {
  NoticeContent content{Notice::Kind::Warning, QStringLiteral("S-507"), tr("The file of your chats was damaged."), {}};
  //: %1: "3 chats", %2: "20 messages"
  content.text = tr("Recovered: %1 with %2.").arg(tr("%n chat(s)", nullptr, recovery.conversations), tr("%n message(s)", nullptr, recovery.messages));
  if (recovery.fromBackup > 0) {
    //: after "Recovered: 3 chats with 20 messages."
    content.text += QLatin1Char(' ') + tr("%n of them came from the backup.", nullptr, recovery.fromBackup);
  }
  //: %1: a file name
  content.text += QLatin1Char(' ') + tr("The damaged file is kept as %1.").arg(printable(QFileInfo(recovery.keptAs).fileName()));
  content.details = printable(recovery.keptAs);
  if (!recovery.backup.isEmpty()) content.details += QLatin1Char('\n') + printable(recovery.backup);
  return content;
}

NoticeContent ErrorText::noBackup(StorageError::Cause cause) {
  return {Notice::Kind::Warning, QStringLiteral("S-508"), tr("Today's backup of your chats couldn't be made."),
          cause == StorageError::Cause::Full ? tr("The disk is almost full. Your chats themselves are saved.")
                                             : tr("The backup folder can't be written. Your chats themselves are saved.")};
}

QString ErrorText::label(Notice::Action action) {
  switch (action) {
    case Notice::Action::None: break;
    case Notice::Action::OpenModel: return tr("Choose another file", "button");
    case Notice::Action::OpenSettings: return tr("Open settings", "button");
    case Notice::Action::Retry: return tr("Try again", "button");
    case Notice::Action::ReplaceModel: return tr("Close the other model and try again", "button");
    case Notice::Action::NewChat: return tr("New chat", "button");
    case Notice::Action::Undo: return tr("Undo", "button");
    case Notice::Action::LeaveOutOldest: return tr("Leave out the oldest messages", "button");
    case Notice::Action::OpenChatModel: return tr("Open its model", "button");
    case Notice::Action::RetryStoring: return tr("Try again", "button");
    case Notice::Action::ShowExported: return tr("Show in folder", "button");
  }
  return {};
}

NoticeContent ErrorText::otherModel(const QString& name) {
  return {Notice::Kind::Error, QStringLiteral("M-103"), tr("Not enough memory for two models."),
          //: %1: a file name
          tr("The model in use still fills its part, and %1 doesn't fit beside it. Close the other model first.").arg(name),
          {}, Notice::Action::ReplaceModel};
}

QString fromUtf8(const std::string& text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

QString detailsOf(const Error& error, const QString& path) {
  QStringList lines{fromUtf8(std::string(code_name(error.code)))};
  if (!error.detail.empty()) lines << printable(fromUtf8(error.detail));
  if (!path.isEmpty()) lines << printable(path);
  return lines.join(QLatin1Char('\n'));
}

}  // namespace

QString printable(const QString& text) {
  QString out = text;
  for (QChar& c : out) {
    const auto category = c.category();
    if (category == QChar::Other_Control || category == QChar::Other_Format ||
        category == QChar::Separator_Line || category == QChar::Separator_Paragraph) {
      c = QLatin1Char(' ');
    }
  }
  constexpr qsizetype kLongest = 400;
  if (out.size() > kLongest) out = out.first(kLongest) + QChar(0x2026);
  return out;
}

NoticeContent noticeFor(const Error& error, const QString& path) {
  const ErrorText::Words words = ErrorText::model(error.code);
  NoticeContent content{words.kind, fromUtf8(std::string(code_name(error.code))), words.title, words.text,
                        detailsOf(error, path), words.action};
  QStringList particulars;
  if (!path.isEmpty()) particulars << printable(QFileInfo(path).fileName());
  // In another language it is among what can be copied.
  if (words.quotesDetail && ErrorText::inEnglish() && !error.detail.empty()) particulars << printable(fromUtf8(error.detail));
  particulars.removeAll(QString());
  if (!particulars.isEmpty()) {
    content.text = particulars.join(QStringLiteral(": ")) + QStringLiteral(". ") + content.text;
  }
  return content;
}

NoticeContent noticeForOtherModelInMemory(const Error& error, const QString& path) {
  NoticeContent content = ErrorText::otherModel(printable(QFileInfo(path).fileName()));
  content.details = detailsOf(error, path);
  return content;
}

NoticeContent noticeFor(const StorageError& error) {
  NoticeContent content = ErrorText::storage(error.cause);
  content.details = printable(error.detail);
  return content;
}

NoticeContent noticeFor(const Recovery& recovery) { return ErrorText::recovered(recovery); }

NoticeContent noticeForBackup(const StorageError& error) {
  if (error.cause == StorageError::Cause::Damaged) return noticeFor(error);
  NoticeContent content = ErrorText::noBackup(error.cause);
  content.details = printable(error.detail);
  return content;
}

QString actionLabel(Notice::Action action) { return ErrorText::label(action); }

}  // namespace tercet
