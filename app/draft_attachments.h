// The files that go with the message that is being written.
#pragma once

#include <QAbstractListModel>
#include <QProcess>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <vector>

#include "app/message.h"
#include "app/token_counter.h"

namespace tercet {

struct NoticeContent;

/// Files are read when they are added, and counted one after the other. One that is no text, or has more tokens than the
/// context, is refused with a reason and never becomes part of the message.
class DraftAttachments : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by ChatController")
  Q_PROPERTY(int count READ count NOTIFY changed)
  Q_PROPERTY(bool reading READ reading NOTIFY changed)  // a PDF is still on its way into this draft

 public:
  enum Role { NameRole = Qt::UserRole + 1, TokensRole };  // tokens: -1 not known

  explicit DraftAttachments(QObject* parent = nullptr);
  ~DraftAttachments() override;

  int count() const { return static_cast<int>(m_files.size()); }
  int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : count(); }
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;

  std::vector<Attachment> files() const;
  /// Replaces what is there, for a message that came back.
  void setFiles(const std::vector<Attachment>& files);
  /// The files of another draft, which `draft` stands for.
  void open(qint64 draft, const std::vector<Attachment>& files);
  bool reading() const;

  /// Local files only. A PDF arrives a moment later.
  Q_INVOKABLE void add(const QUrl& file);
  Q_INVOKABLE void remove(int row);
  void clear() { setFiles({}); }

  /// Whose tokens are counted, and how many fit; 0 means not known.
  void setModel(std::weak_ptr<const Model> model);
  void setContext(int tokens);
  /// Takes no files while the message of the draft waits for another.
  void setClosed(bool closed) { m_closed = closed; }

 Q_SIGNALS:
  void changed();
  /// A file was refused.
  void refused(const tercet::NoticeContent& why);
  /// A PDF was read after its draft was left.
  void arrivedElsewhere(qint64 draft, const tercet::Attachment& file);

 private:
  struct File {
    Attachment attachment;
    int tokens = -1;
  };

  void addPdf(const QString& path);
  void ended(qint64 draft);
  void take(qint64 draft, const QString& name, const QString& text);
  void refuse(const QString& code, const QString& name, const QString& why);
  void forgetRefused();
  void countNext();
  void takeCount(int tokens);

  std::vector<File> m_files;
  TokenCounter m_counter;
  int m_counting = -1;  // row
  QStringList m_refused;  // names with reasons, those of one moment
  int m_context = 0;
  bool m_closed = false;
  qint64 m_draft = 0;
  std::vector<qint64> m_pending;  // the drafts that a PDF is read for, once for each
};

}  // namespace tercet
