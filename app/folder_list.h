// The folders by name, for menus and for the order in the sidebar.
#pragma once

#include <QAbstractListModel>
#include <QCollator>
#include <QtQml/qqmlregistration.h>

#include <vector>

#include "app/storage/history_store.h"

namespace tercet {

class FolderList : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by ConversationList")

 public:
  enum Role { FolderIdRole = Qt::UserRole + 1, NameRole };

  explicit FolderList(QObject* parent = nullptr);
  ~FolderList() override;

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;

  int count() const { return static_cast<int>(m_folders.size()); }
  const Folder& at(int place) const { return m_folders[static_cast<std::size_t>(place)]; }
  /// -1 when there is none.
  int placeOf(qint64 folder) const;
  /// Where a folder of that name belongs, not counting the one at `but`.
  int placeFor(const Folder& folder, int but = -1) const;

  void show(std::vector<Folder> folders);
  void insert(int place, Folder folder);
  void remove(int place);
  /// The folder at `from` stands at `to` afterwards.
  void move(int from, int to);
  void set(int place, Folder folder);

 private:
  bool before(const Folder& a, const Folder& b) const;

  QCollator m_collator;
  std::vector<Folder> m_folders;
};

}  // namespace tercet
