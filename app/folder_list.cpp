#include "app/folder_list.h"

#include <algorithm>
#include <utility>

namespace tercet {

FolderList::FolderList(QObject* parent) : QAbstractListModel(parent) {
  m_collator.setCaseSensitivity(Qt::CaseInsensitive);
  m_collator.setNumericMode(true);
}

FolderList::~FolderList() = default;

int FolderList::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QVariant FolderList::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Folder& folder = at(index.row());
  switch (role) {
    case FolderIdRole: return folder.id;
    case Qt::DisplayRole:
    case NameRole: return folder.name;
    default: return {};
  }
}

QHash<int, QByteArray> FolderList::roleNames() const { return {{FolderIdRole, "folderId"}, {NameRole, "name"}}; }

bool FolderList::before(const Folder& a, const Folder& b) const {
  const int order = m_collator.compare(a.name, b.name);
  return order != 0 ? order < 0 : a.id < b.id;
}

int FolderList::placeOf(qint64 folder) const {
  const auto found = std::find_if(m_folders.begin(), m_folders.end(), [=](const Folder& each) { return each.id == folder; });
  return found == m_folders.end() ? -1 : static_cast<int>(found - m_folders.begin());
}

int FolderList::placeFor(const Folder& folder, int but) const {
  int place = 0;
  for (int i = 0; i < count(); ++i) {
    if (i != but && before(at(i), folder)) ++place;
  }
  return place;
}

void FolderList::show(std::vector<Folder> folders) {
  beginResetModel();
  m_folders = std::move(folders);
  std::sort(m_folders.begin(), m_folders.end(), [this](const Folder& a, const Folder& b) { return before(a, b); });
  endResetModel();
}

void FolderList::insert(int place, Folder folder) {
  beginInsertRows({}, place, place);
  m_folders.insert(m_folders.begin() + place, std::move(folder));
  endInsertRows();
}

void FolderList::remove(int place) {
  beginRemoveRows({}, place, place);
  m_folders.erase(m_folders.begin() + place);
  endRemoveRows();
}

void FolderList::move(int from, int to) {
  if (from == to) return;
  beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
  const auto begin = m_folders.begin();
  if (to > from) {
    std::rotate(begin + from, begin + from + 1, begin + to + 1);
  } else {
    std::rotate(begin + to, begin + from, begin + from + 1);
  }
  endMoveRows();
}

void FolderList::set(int place, Folder folder) {
  m_folders[static_cast<std::size_t>(place)] = std::move(folder);
  Q_EMIT dataChanged(index(place), index(place));
}

}  // namespace tercet
