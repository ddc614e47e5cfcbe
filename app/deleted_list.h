// The page "Recently deleted": conversations and messages that can still be brought back.
#pragma once

#include <QAbstractListModel>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <vector>

#include "app/storage/history_store.h"

namespace tercet {

/// Follows the store only while it is shown.
class DeletedList : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(int count READ count NOTIFY countChanged)
  Q_PROPERTY(bool shown READ shown WRITE setShown NOTIFY shownChanged)

 public:
  enum Role {
    TitleRole = Qt::UserRole + 1,  // of the conversation
    ExcerptRole,                   // how a message begins; empty for a conversation
    DetailsRole                    // when it was deleted and how many days are left
  };
  static constexpr int kKeptDays = 30;

  /// `store` outlives this.
  explicit DeletedList(HistoryStore* store, QObject* parent = nullptr);
  ~DeletedList() override;

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  int count() const { return static_cast<int>(m_items.size()); }
  bool shown() const { return m_shown; }
  void setShown(bool shown);

  /// Deletes for good what was kept long enough.
  void purgeOld();
  void retranslate();

  Q_INVOKABLE void restore(int row);
  /// Deletes for good.
  Q_INVOKABLE void purge(int row);
  Q_INVOKABLE void purgeAll();

 Q_SIGNALS:
  void countChanged();
  void shownChanged();
  /// The chat brings messages back: it may have them open.
  void restoreMessageRequested(tercet::ConversationId conversation, tercet::MessageId message);

 private:
  void load();
  bool purgeItem(const DeletedItem& item);

  HistoryStore* m_store;
  std::vector<DeletedItem> m_items;
  bool m_shown = false;
  QTimer m_loadSoon;  // once, however many conversations change at a time
};

}  // namespace tercet
