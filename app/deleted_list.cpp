#include "app/deleted_list.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <utility>

namespace tercet {
namespace {

constexpr qint64 kDayMs = 24LL * 60 * 60 * 1000;

}  // namespace

DeletedList::DeletedList(HistoryStore* store, QObject* parent) : QAbstractListModel(parent), m_store(store) {
  m_loadSoon.setSingleShot(true);
  connect(&m_loadSoon, &QTimer::timeout, this, &DeletedList::load);
  const auto follow = [this] {
    if (m_shown) m_loadSoon.start(0);
  };
  connect(store, &HistoryStore::conversationChanged, this, follow);
  connect(store, &HistoryStore::conversationPurged, this, follow);
  connect(store, &HistoryStore::messagePurged, this, follow);
}

DeletedList::~DeletedList() = default;

int DeletedList::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QHash<int, QByteArray> DeletedList::roleNames() const {
  return {{TitleRole, "title"}, {ExcerptRole, "excerpt"}, {DetailsRole, "details"}};
}

QVariant DeletedList::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const DeletedItem& item = m_items[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
    case TitleRole: return item.title;
    case ExcerptRole: return item.message != 0 ? item.text.simplified() : QString();
    case DetailsRole: {
      const qint64 left = item.deletedAt + kKeptDays * kDayMs - QDateTime::currentMSecsSinceEpoch();
      const int days = static_cast<int>(std::max<qint64>(0, (left + kDayMs - 1) / kDayMs));
      const QString date = QLocale().toString(QDateTime::fromMSecsSinceEpoch(item.deletedAt).date(), QLocale::ShortFormat);
      //: %1: a date
      return tr("Deleted %1").arg(date) + QStringLiteral(" · ") + tr("%n day(s) left", nullptr, days);
    }
    default: return {};
  }
}

void DeletedList::setShown(bool shown) {
  if (m_shown == shown) return;
  m_shown = shown;
  if (shown) {
    purgeOld();
    load();
  }
  Q_EMIT shownChanged();
}

void DeletedList::load() {
  beginResetModel();
  m_items = m_store->deletedItems();
  endResetModel();
  Q_EMIT countChanged();
}

void DeletedList::purgeOld() { m_store->purgeDeletedBefore(QDateTime::currentMSecsSinceEpoch() - kKeptDays * kDayMs); }

void DeletedList::retranslate() {
  if (!m_items.empty()) Q_EMIT dataChanged(index(0), index(count() - 1), {DetailsRole});
}

void DeletedList::restore(int row) {
  if (row < 0 || row >= count()) return;
  const DeletedItem& item = m_items[static_cast<std::size_t>(row)];
  if (item.message != 0) {
    Q_EMIT restoreMessageRequested(item.conversation, item.message);
  } else {
    m_store->setConversationDeleted(item.conversation, false);
  }
}

bool DeletedList::purgeItem(const DeletedItem& item) {
  return item.message != 0 ? m_store->purgeMessage(item.conversation, item.message) : m_store->purge(item.conversation);
}

void DeletedList::purge(int row) {
  if (row >= 0 && row < count()) purgeItem(m_items[static_cast<std::size_t>(row)]);
}

void DeletedList::purgeAll() {
  const std::vector<DeletedItem> items = m_items;
  Transaction transaction(m_store->database());
  const bool ok = std::all_of(items.begin(), items.end(), [this](const DeletedItem& item) { return purgeItem(item); });
  if (ok) transaction.commit();
}

}  // namespace tercet
