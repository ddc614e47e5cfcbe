#include "app/draft_attachments.h"

#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QTimer>

#include <algorithm>
#include <utility>

#include "app/error_text.h"
#include "app/notice.h"
#include "app/prompt_text.h"
#include "app/text_file.h"

namespace tercet {
namespace {

constexpr int kPdfSeconds = 30;

constexpr qsizetype kMostNamed = 5;  // of files that are refused at once

}  // namespace

DraftAttachments::DraftAttachments(QObject* parent) : QAbstractListModel(parent) {
  connect(&m_counter, &TokenCounter::counted, this, &DraftAttachments::takeCount);
}

DraftAttachments::~DraftAttachments() = default;

QVariant DraftAttachments::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= count()) return {};
  const File& file = m_files[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
    case NameRole: return file.attachment.name;
    case TokensRole: return file.tokens;
    default: return {};
  }
}

QHash<int, QByteArray> DraftAttachments::roleNames() const { return {{NameRole, "name"}, {TokensRole, "tokens"}}; }

std::vector<Attachment> DraftAttachments::files() const {
  std::vector<Attachment> files;
  for (const File& file : m_files) files.push_back(file.attachment);
  return files;
}

void DraftAttachments::setFiles(const std::vector<Attachment>& files) {
  if (files.empty() && m_files.empty()) return;
  beginResetModel();
  m_files.clear();
  for (const Attachment& file : files) m_files.push_back({file});
  endResetModel();
  Q_EMIT changed();
  countNext();
}

void DraftAttachments::open(qint64 draft, const std::vector<Attachment>& files) {
  m_draft = draft;
  setFiles(files);
  Q_EMIT changed();
}

bool DraftAttachments::reading() const { return std::find(m_pending.begin(), m_pending.end(), m_draft) != m_pending.end(); }

/// At the end of this turn, unless a PDF is still being read that was dropped with them.
void DraftAttachments::forgetRefused() {
  QTimer::singleShot(0, this, [this] {
    if (m_pending.empty()) m_refused.clear();
  });
}

/// Of several that are dropped at once, each is named: a notice takes the place of the one before.
void DraftAttachments::refuse(const QString& code, const QString& name, const QString& why) {
  //: %1: the name of a file, %2: why it can't be attached, a sentence
  m_refused << tr("%1: %2").arg(printable(name), why);
  if (m_refused.size() == 1) {
    forgetRefused();
    Q_EMIT refused({Notice::Kind::Warning, code,
                    //: %1: the name of a file
                    tr("%1 can't be attached.").arg(printable(name)), why});
    return;
  }
  QStringList lines = m_refused.mid(0, kMostNamed);
  if (m_refused.size() > kMostNamed) lines << QStringLiteral("…");
  Q_EMIT refused({Notice::Kind::Warning, QStringLiteral("A-810"), tr("%n file(s) can't be attached.", nullptr, static_cast<int>(m_refused.size())),
                  lines.join(QLatin1Char('\n'))});
}

void DraftAttachments::add(const QUrl& url) {
  const QString path = url.toLocalFile();
  const QFileInfo info(path);
  const QString name = path.isEmpty() ? url.fileName() : info.fileName();
  if (m_closed) {
    refuse(QStringLiteral("A-809"), name, tr("A message that is edited keeps the files it has. Save it, or stop editing, and attach the file then."));
    return;
  }
  if (path.isEmpty() || !info.isFile()) {
    refuse(QStringLiteral("A-801"), name, tr("Only files on this computer can be attached."));
    return;
  }
  const QString tooBig = tr("It is larger than %1, more than any model here can read.").arg(QLocale().formattedDataSize(kMostFileBytes));
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) {
    refuse(QStringLiteral("A-802"), name, tr("It can't be read. Check its permissions."));
    return;
  }
  const bool pdf = file.peek(8).startsWith("%PDF-");
  if (!pdf && info.size() > kMostFileBytes) {
    refuse(QStringLiteral("A-803"), name, tooBig);
    return;
  }
  if (pdf) {
    addPdf(path);
    return;
  }
  const QByteArray bytes = file.read(kMostFileBytes + 1);
  if (bytes.size() > kMostFileBytes) {  // it grew, or its size is no size
    refuse(QStringLiteral("A-803"), name, tooBig);
  } else if (fileKind(bytes) != FileKind::Text) {
    refuse(QStringLiteral("A-804"), name, tr("It isn't a text file. Text, tables, source code and PDF can be attached."));
  } else {
    take(m_draft, name, decodeText(bytes));
  }
}

/// The text of a PDF comes from a program of its own: what such files do to their reader stays outside.
void DraftAttachments::addPdf(const QString& path) {
  const QString name = QFileInfo(path).fileName();
  const std::optional<QString> program = pdfReader();
  const QString missing = tr("Reading PDF needs the program pdftotext, part of poppler-utils. Install it and try again.");
  if (!program) {
    refuse(QStringLiteral("A-805"), name, missing);
    return;
  }
  auto* process = new QProcess(this);
  process->setStandardErrorFile(QProcess::nullDevice());
  process->setProgram(*program);
  process->setArguments({QStringLiteral("-enc"), QStringLiteral("UTF-8"), QStringLiteral("-nopgbrk"), QStringLiteral("-q"), path,
                         QStringLiteral("-")});
  connect(process, &QProcess::readyReadStandardOutput, this, [process] {
    if (process->bytesAvailable() > kMostFileBytes) process->kill();
  });
  m_pending.push_back(m_draft);
  Q_EMIT changed();
  connect(process, &QProcess::finished, this, [this, process, name, draft = m_draft](int code, QProcess::ExitStatus status) {
    const QByteArray bytes = process->readAllStandardOutput();
    process->deleteLater();
    ended(draft);
    if (bytes.size() > kMostFileBytes) {
      refuse(QStringLiteral("A-803"), name, tr("It is too long to be read."));
    } else if (code != 0 || status != QProcess::NormalExit) {
      refuse(QStringLiteral("A-806"), name, tr("The PDF is damaged or protected by a password."));
    } else {
      take(draft, name, decodeText(bytes));
    }
  });
  connect(process, &QProcess::errorOccurred, this, [this, process, name, missing, draft = m_draft](QProcess::ProcessError error) {
    if (error != QProcess::FailedToStart) return;  // the others end with finished()
    process->deleteLater();
    ended(draft);
    refuse(QStringLiteral("A-805"), name, missing);
  });
  QTimer::singleShot(kPdfSeconds * 1000, process, [process] { process->kill(); });
  process->start();
}

void DraftAttachments::ended(qint64 draft) {
  m_pending.erase(std::find(m_pending.begin(), m_pending.end(), draft));
  forgetRefused();
  Q_EMIT changed();
}

void DraftAttachments::take(qint64 draft, const QString& name, const QString& text) {
  if (text.trimmed().isEmpty()) {
    refuse(QStringLiteral("A-807"), name, tr("There is no text in it."));
    return;
  }
  if (draft != m_draft) {
    Q_EMIT arrivedElsewhere(draft, {name, text});
    return;
  }
  beginInsertRows({}, count(), count());
  m_files.push_back({{name, text}});
  endInsertRows();
  Q_EMIT changed();
  countNext();
}

void DraftAttachments::remove(int row) {
  if (row < 0 || row >= count()) return;
  beginRemoveRows({}, row, row);
  m_files.erase(m_files.begin() + row);
  endRemoveRows();
  Q_EMIT changed();
  countNext();
}

void DraftAttachments::setModel(std::weak_ptr<const Model> model) {
  m_counter.setModel(std::move(model));
  for (File& file : m_files) file.tokens = -1;
  if (count() > 0) Q_EMIT dataChanged(index(0), index(count() - 1), {TokensRole});
  countNext();
}

void DraftAttachments::setContext(int tokens) { m_context = tokens; }

/// One file at a time; the row may have moved, so it is looked for anew after each change.
void DraftAttachments::countNext() {
  m_counting = -1;
  for (int row = 0; row < count() && m_counting < 0; ++row) {
    if (m_files[static_cast<std::size_t>(row)].tokens < 0) m_counting = row;
  }
  if (m_counting >= 0) m_counter.count(promptText({}, {m_files[static_cast<std::size_t>(m_counting)].attachment}));
}

void DraftAttachments::takeCount(int tokens) {
  const int row = std::exchange(m_counting, -1);
  if (row < 0 || row >= count()) return;
  File& file = m_files[static_cast<std::size_t>(row)];
  if (m_context > 0 && tokens >= m_context) {
    const QString name = file.attachment.name;
    const QLocale locale;
    remove(row);
    refuse(QStringLiteral("A-808"), name,
           tr("It has %1 tokens, and the model reads %2 at most. Attach a part of it.").arg(locale.toString(tokens), locale.toString(m_context)));
    return;
  }
  file.tokens = tokens;
  Q_EMIT dataChanged(index(row), index(row), {TokensRole});
  countNext();
}

}  // namespace tercet
