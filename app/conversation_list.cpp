#include "app/conversation_list.h"

#include <QLocale>

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "app/chat_title.h"
#include "app/notice.h"

namespace tercet {
namespace {

// Conversations that are read at once, more than a window shows, and then in one turn of the event loop: some 2 ms.
constexpr int kFirst = 150, kMore = 500;
constexpr int kUntilDrawnMs = 250, kBetweenMs = 10;
constexpr qint64 kEndOfTime = std::numeric_limits<qint64>::max();
constexpr qint64 kCheckDayMs = 10 * 60 * 1000;  // a timer stands still while the computer sleeps, and clocks are set

std::size_t at(int row) { return static_cast<std::size_t>(row); }

/// A title within a sentence, whatever way its letters run.
QString quoted(const QString& title) { return QChar(0x2068) + titleFor(title) + QChar(0x2069); }

}  // namespace

ConversationList::ConversationList(HistoryStore* store, Notice* notice, QObject* parent, Clock clock)
    : QAbstractListModel(parent), m_store(store), m_notice(notice), m_clock(std::move(clock)), m_sections(m_clock()), m_folders(this) {
  connect(store, &HistoryStore::conversationAdded, this, &ConversationList::refresh);
  connect(store, &HistoryStore::conversationChanged, this, &ConversationList::refresh);
  connect(store, &HistoryStore::conversationPurged, this, &ConversationList::refresh);
  connect(store, &HistoryStore::foldersChanged, this, &ConversationList::syncFolders);
  m_readSoon.setSingleShot(true);
  connect(&m_readSoon, &QTimer::timeout, this, &ConversationList::readMore);
  m_nextDay.setSingleShot(true);
  connect(&m_nextDay, &QTimer::timeout, this, &ConversationList::checkDay);
}

ConversationList::~ConversationList() = default;

int ConversationList::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

QHash<int, QByteArray> ConversationList::roleNames() const {
  return {{KindRole, "kind"},         {RowIdRole, "rowId"},         {TitleRole, "title"}, {DetailsRole, "details"},
          {PinnedRole, "pinned"},     {FolderIdRole, "folderId"},   {CollapsedRole, "collapsed"},
          {LiveRole, "live"},         {UnreadRole, "unread"}};
}

QVariant ConversationList::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Row& row = m_rows[at(index.row())];
  const bool folder = row.heading && row.group == Group::Folders;
  switch (role) {
    case KindRole: return QVariant::fromValue(folder ? Kind::Folder : row.heading ? Kind::Section : Kind::Conversation);
    case RowIdRole: return row.id;
    case Qt::DisplayRole:
    case TitleRole: return titleOf(row);
    case DetailsRole: return detailsOf(row);
    case PinnedRole: return row.group == Group::Pinned;
    case FolderIdRole: return row.heading ? row.id : m_entries.at(row.id).folder;
    case CollapsedRole: return folder && m_folders.at(row.folder).collapsed;
    case LiveRole: return marked(row, m_answering);
    case UnreadRole: return marked(row, m_unread);
    default: return {};
  }
}

QString ConversationList::titleOf(const Row& row) const {
  if (!row.heading) {
    const QString& title = m_entries.at(row.id).title;
    return title.isEmpty() ? tr("Without a title") : title;
  }
  switch (row.group) {
    case Group::Pinned: return tr("Pinned");
    case Group::Folders: return m_folders.at(row.folder).name;
    case Group::Dates: break;
  }
  return DateSections::title(m_sections.at(row.time));
}

QString ConversationList::detailsOf(const Row& row) const {
  if (!row.heading) return QLocale().toString(QDateTime::fromMSecsSinceEpoch(row.time), QLocale::ShortFormat);
  if (row.group != Group::Folders) return {};
  return tr("%n conversation(s)", nullptr, static_cast<int>(rowsOfFolder(row.folder).size()));
}

/// A collapsed folder wears the marks of what it hides.
bool ConversationList::marked(const Row& row, const std::unordered_set<ConversationId>& marks) const {
  if (!row.heading) return marks.contains(row.id);
  if (row.group != Group::Folders || !m_folders.at(row.folder).collapsed) return false;
  return std::any_of(marks.begin(), marks.end(), [&](ConversationId id) {
    const auto entry = m_entries.find(id);
    return entry != m_entries.end() && entry->second.folder == row.id && !entry->second.pinned;
  });
}

bool ConversationList::before(const Row& a, const Row& b) {
  return std::tuple(a.group, a.folder, b.time, b.heading, b.id) < std::tuple(b.group, b.folder, a.time, a.heading, a.id);
}

/// Nothing for a conversation in a collapsed folder.
std::optional<ConversationList::Row> ConversationList::rowFor(ConversationId id, const Entry& entry) const {
  if (entry.pinned) return Row{Group::Pinned, false, 0, entry.time, id};
  const int folder = entry.folder != 0 ? m_folders.placeOf(entry.folder) : -1;
  if (folder < 0) return Row{Group::Dates, false, 0, entry.time, id};
  if (m_folders.at(folder).collapsed) return std::nullopt;
  return Row{Group::Folders, false, folder, entry.time, id};
}

ConversationList::Row ConversationList::folderHeading(int place) const {
  return {Group::Folders, true, place, kEndOfTime, m_folders.at(place).id};
}

ConversationList::Row ConversationList::headingOf(const Row& row) const {
  switch (row.group) {
    case Group::Pinned: return {Group::Pinned, true, 0, kEndOfTime, 0};
    case Group::Folders: return folderHeading(row.folder);
    case Group::Dates: break;
  }
  return {Group::Dates, true, 0, m_sections.at(row.time).to - 1, 0};
}

std::vector<ConversationList::Row> ConversationList::rowsOfFolder(int place) const {
  std::vector<Row> rows;
  const qint64 folder = m_folders.at(place).id;
  for (const auto& [id, entry] : m_entries) {
    if (entry.folder == folder && !entry.pinned) rows.push_back({Group::Folders, false, place, entry.time, id});
  }
  std::sort(rows.begin(), rows.end(), before);
  return rows;
}

void ConversationList::load() {
  beginResetModel();
  m_sections = DateSections(m_clock());
  m_folders.show(m_store->folders());
  m_entries.clear();
  m_unread.clear();
  m_rows.clear();
  for (int i = 0; i < m_folders.count(); ++i) m_rows.push_back(folderHeading(i));
  m_last.reset();
  const auto merge = [this](const std::vector<Row>& rows) {
    const auto middle = static_cast<std::ptrdiff_t>(m_rows.size());
    m_rows.insert(m_rows.end(), rows.begin(), rows.end());
    std::inplace_merge(m_rows.begin(), m_rows.begin() + middle, m_rows.end(), before);
  };
  merge(enter(m_store->summariesApart()));
  merge(enter(nextSummaries(kFirst)));
  endResetModel();
  Q_EMIT countChanged();
  checkDay();
}

/// Takes conversations in that are not there yet. Returns the rows they get, in order, with the headings they are the first of.
std::vector<ConversationList::Row> ConversationList::enter(std::vector<ConversationSummary>&& found) {
  std::vector<Row> rows;
  rows.reserve(found.size() + 8);
  std::optional<Row> heading;
  for (ConversationSummary& each : found) {
    const auto [entry, isNew] = m_entries.try_emplace(each.id, Entry{std::move(each.title), each.updatedAt, each.folder, each.pinned});
    if (!isNew) continue;
    if (each.unread) markUnread(each.id);
    const std::optional<Row> row = rowFor(each.id, entry->second);
    if (!row) continue;
    rows.push_back(*row);
    if (heading && !before(*heading, headingOf(*row)) && !before(headingOf(*row), *heading)) continue;
    heading = headingOf(*row);
    if (!std::binary_search(m_rows.begin(), m_rows.end(), *heading, before)) rows.push_back(*heading);
  }
  std::sort(rows.begin(), rows.end(), before);
  const auto same = [](const Row& a, const Row& b) { return !before(a, b); };  // as they are in order
  rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
  return rows;
}

/// The newest that were not read yet. Asks for more of them later while there are any.
std::vector<ConversationSummary> ConversationList::nextSummaries(int count) {
  std::vector<ConversationSummary> found = m_store->summaries(count, m_last);
  if (static_cast<int>(found.size()) < count) {
    m_readSoon.stop();
  } else {
    m_readSoon.start(m_last ? kBetweenMs : kUntilDrawnMs);
    m_last = found.back();
  }
  return found;
}

void ConversationList::readMore() {
  const std::vector<Row> rows = enter(nextSummaries(kMore));
  for (auto run = rows.begin(); run != rows.end();) {
    const int where = place(*run);
    const auto end = where == rowCount() ? rows.end() : std::lower_bound(run, rows.end(), m_rows[at(where)], before);
    beginInsertRows({}, where, where + static_cast<int>(end - run) - 1);
    m_rows.insert(m_rows.begin() + where, run, end);
    endInsertRows();
    run = end;
  }
  for (int i = 0; i < m_folders.count(); ++i) folderChanged(m_folders.at(i).id);
  Q_EMIT countChanged();
}

void ConversationList::readAll() {
  while (m_readSoon.isActive()) readMore();
}

void ConversationList::checkDay() {
  const QDateTime time = m_clock();
  const DateSections now(time);
  m_nextDay.start(static_cast<int>(std::clamp<qint64>(now.endOfDay() - time.toMSecsSinceEpoch(), 1, kCheckDayMs)));
  if (now == m_sections) return;
  // The order of the conversations stays; they only come under other headings.
  const int first = place({Group::Dates, true, 0, kEndOfTime, 0});
  for (int i = rowCount() - 1; i >= first; --i) {
    if (m_rows[at(i)].heading) take(m_rows[at(i)]);
  }
  m_sections = now;
  DateSections::Section section;
  for (int i = first; i < rowCount(); ++i) {
    const Row row = m_rows[at(i)];
    if (section.contains(row.time)) continue;
    section = m_sections.at(row.time);
    insert(headingOf(row));
    ++i;
  }
}

void ConversationList::retranslate() {
  if (!m_rows.empty()) Q_EMIT dataChanged(index(0), index(rowCount() - 1), {TitleRole, DetailsRole});
}

int ConversationList::place(const Row& row) const {
  return static_cast<int>(std::lower_bound(m_rows.begin(), m_rows.end(), row, before) - m_rows.begin());
}

void ConversationList::insert(const Row& row) {
  const int where = place(row);
  beginInsertRows({}, where, where);
  m_rows.insert(m_rows.begin() + where, row);
  endInsertRows();
}

void ConversationList::insertHeading(const Row& heading) {
  const int where = place(heading);
  if (where == rowCount() || before(heading, m_rows[at(where)])) insert(heading);
}

void ConversationList::take(const Row& row) {
  const int where = place(row);
  beginRemoveRows({}, where, where);
  m_rows.erase(m_rows.begin() + where);
  endRemoveRows();
}

void ConversationList::move(const Row& from, const Row& to) {
  const int source = place(from), target = place(to);
  if (target == source || target == source + 1) {
    m_rows[at(source)] = to;
    changed(source);
    return;
  }
  beginMoveRows({}, source, source, {}, target);
  const auto begin = m_rows.begin();
  if (target > source) {
    std::rotate(begin + source, begin + source + 1, begin + target);
  } else {
    std::rotate(begin + target, begin + source, begin + source + 1);
  }
  const int arrived = target > source ? target - 1 : target;
  m_rows[at(arrived)] = to;
  endMoveRows();
  changed(arrived);
}

void ConversationList::changed(int row, const QList<int>& roles) { Q_EMIT dataChanged(index(row), index(row), roles); }

void ConversationList::folderChanged(qint64 folder) {
  if (const int row = rowOfFolder(folder); row >= 0) changed(row, {DetailsRole, LiveRole, UnreadRole});
}

/// One conversation came, changed or went.
void ConversationList::replace(ConversationId id, const std::optional<Entry>& now) {
  const auto found = m_entries.find(id);
  if (found == m_entries.end() && !now) return;
  const std::optional<Entry> old = found != m_entries.end() ? std::optional(found->second) : std::nullopt;
  const std::optional<Row> from = old ? rowFor(id, *old) : std::nullopt;
  const std::optional<Row> to = now ? rowFor(id, *now) : std::nullopt;
  if (to) insertHeading(headingOf(*to));
  if (now) m_entries.insert_or_assign(id, *now);
  if (from && to) {
    move(*from, *to);
  } else if (to) {
    insert(*to);
  } else if (from) {
    take(*from);
  }
  if (!now) {
    m_entries.erase(id);
    m_unread.erase(id);
  }
  if (from && from->group != Group::Folders) {
    const Row heading = headingOf(*from);
    const int next = place(heading) + 1;
    const bool empty = next == rowCount() || m_rows[at(next)].heading || m_rows[at(next)].group != heading.group;
    if (empty) take(heading);
  }
  const qint64 oldFolder = old ? old->folder : 0, newFolder = now ? now->folder : 0;
  if (oldFolder != newFolder || old.has_value() != now.has_value() || old->pinned != now->pinned) {
    for (const qint64 folder : {oldFolder, newFolder}) folderChanged(folder);
  }
  if (old.has_value() != now.has_value()) Q_EMIT countChanged();
}

void ConversationList::refresh(ConversationId id) {
  checkDay();
  std::optional<ConversationSummary> summary = m_store->summary(id);
  if (!summary || summary->deleted) {
    replace(id, std::nullopt);
    return;
  }
  if (summary->unread) markUnread(id);  // also one that comes back from the deleted
  if (summary->folder != 0 && m_folders.placeOf(summary->folder) < 0) syncFolders();
  replace(id, Entry{std::move(summary->title), summary->updatedAt, summary->folder, summary->pinned});
}

void ConversationList::syncFolders() {
  const std::vector<Folder> stored = m_store->folders();
  for (int i = m_folders.count() - 1; i >= 0; --i) {
    const qint64 id = m_folders.at(i).id;
    if (std::none_of(stored.begin(), stored.end(), [=](const Folder& folder) { return folder.id == id; })) removeFolderRows(i);
  }
  for (const Folder& folder : stored) {
    int i = m_folders.placeOf(folder.id);
    if (i < 0) {
      i = m_folders.placeFor(folder);
      m_folders.insert(i, folder);
      numberFolders();
      insert(folderHeading(i));
      continue;
    }
    const Folder old = m_folders.at(i);
    if (old.collapsed != folder.collapsed) showFolderRows(i, !folder.collapsed);
    if (old.name == folder.name) continue;
    m_folders.set(i, folder);
    moveFolder(i, m_folders.placeFor(folder, i));
    changed(rowOfFolder(folder.id), {TitleRole});
  }
}

/// The rows know the place of their folder, which has changed; their order has not.
void ConversationList::numberFolders() {
  int folder = 0;
  for (Row& row : m_rows) {
    if (row.group != Group::Folders) continue;
    if (row.heading) folder = m_folders.placeOf(row.id);
    row.folder = folder;
  }
}

void ConversationList::removeFolderRows(int place) {
  const Row heading = folderHeading(place);
  std::vector<ConversationId> inside;
  for (const auto& [id, entry] : m_entries) {
    if (entry.folder == heading.id) inside.push_back(id);
  }
  for (const ConversationId id : inside) {
    Entry entry = m_entries.at(id);
    entry.folder = 0;
    replace(id, entry);
  }
  take(heading);
  m_folders.remove(place);
  numberFolders();
}

void ConversationList::moveFolder(int from, int to) {
  if (from == to) return;
  const auto firstRow = [this](int folder) {
    return folder < m_folders.count() ? place(folderHeading(folder)) : place({Group::Dates, true, 0, kEndOfTime, 0});
  };
  const int begin = firstRow(from), end = firstRow(from + 1), target = firstRow(to > from ? to + 1 : to);
  beginMoveRows({}, begin, end - 1, {}, target);
  const auto rows = m_rows.begin();
  if (target > begin) {
    std::rotate(rows + begin, rows + end, rows + target);
  } else {
    std::rotate(rows + target, rows + begin, rows + end);
  }
  m_folders.move(from, to);
  numberFolders();
  endMoveRows();
}

void ConversationList::showFolderRows(int place, bool shown) {
  Folder folder = m_folders.at(place);
  folder.collapsed = !shown;
  const std::vector<Row> inside = rowsOfFolder(place);
  const int heading = this->place(folderHeading(place));
  const int first = heading + 1, count = static_cast<int>(inside.size());
  if (count > 0 && shown) {
    beginInsertRows({}, first, first + count - 1);
    m_rows.insert(m_rows.begin() + first, inside.begin(), inside.end());
    m_folders.set(place, folder);
    endInsertRows();
  } else if (count > 0) {
    beginRemoveRows({}, first, first + count - 1);
    m_rows.erase(m_rows.begin() + first, m_rows.begin() + first + count);
    m_folders.set(place, folder);
    endRemoveRows();
  } else {
    m_folders.set(place, folder);
  }
  changed(heading, {CollapsedRole, LiveRole, UnreadRole});
}

int ConversationList::rowOf(qint64 conversation) const {
  const auto entry = m_entries.find(conversation);
  const std::optional<Row> row = entry != m_entries.end() ? rowFor(conversation, entry->second) : std::nullopt;
  return row ? place(*row) : -1;
}

int ConversationList::rowOfFolder(qint64 folder) const {
  const int i = m_folders.placeOf(folder);
  return i >= 0 ? place(folderHeading(i)) : -1;
}

int ConversationList::nextStop(int row, int step) const {
  for (int i = row + step; i >= 0 && i < rowCount(); i += step) {
    if (!m_rows[at(i)].heading || m_rows[at(i)].group == Group::Folders) return i;
  }
  return row;
}

void ConversationList::rename(qint64 conversation, const QString& title) {
  const auto entry = m_entries.find(conversation);
  const QString name = title.simplified();
  if (entry == m_entries.end() || name == entry->second.title) return;
  m_store->rename(conversation, name.isEmpty() ? titleFor(m_store->firstQuestion(conversation)) : name, !name.isEmpty());
}

void ConversationList::setPinned(qint64 conversation, bool pinned) { m_store->setPinned(conversation, pinned); }

void ConversationList::setFolder(qint64 conversation, qint64 folder) {
  const auto entry = m_entries.find(conversation);
  if (entry == m_entries.end()) return;
  if (folder != 0 && entry->second.pinned) m_store->setPinned(conversation, false);
  m_store->setFolder(conversation, folder);
}

void ConversationList::remove(qint64 conversation) {
  const auto entry = m_entries.find(conversation);
  if (entry == m_entries.end()) return;
  const QString title = entry->second.title;
  const bool wasOpen = conversation == m_open;
  if (!m_store->setConversationDeleted(conversation, true)) return;
  const auto undo = [=, this] {
    // Back to it, unless another one was opened meanwhile.
    if (m_store->setConversationDeleted(conversation, false) && wasOpen && m_open == 0) Q_EMIT reopened(conversation);
  };
  //: %1: the title of a conversation
  m_notice->show({Notice::Kind::Info, QStringLiteral("R-701"), tr("“%1” was deleted.").arg(quoted(title)),
                  tr("It is kept for 30 days under Recently deleted."), {}, Notice::Action::Undo, undo});
  Q_EMIT removed(conversation);
}

qint64 ConversationList::addFolder() { return m_store->addFolder(tr("New folder")); }

void ConversationList::renameFolder(qint64 folder, const QString& name) {
  const int i = m_folders.placeOf(folder);
  if (i < 0 || name.simplified().isEmpty() || name.simplified() == m_folders.at(i).name) return;
  m_store->renameFolder(folder, name.simplified());
}

void ConversationList::setCollapsed(qint64 folder, bool collapsed) {
  const int i = m_folders.placeOf(folder);
  if (i >= 0 && m_folders.at(i).collapsed != collapsed) m_store->setFolderCollapsed(folder, collapsed);
}

void ConversationList::removeFolder(qint64 folder) {
  const int i = m_folders.placeOf(folder);
  if (i < 0) return;
  const QString name = m_folders.at(i).name;
  readAll();  // what is in it
  std::vector<ConversationId> inside;
  for (const auto& [id, entry] : m_entries) {
    if (entry.folder == folder) inside.push_back(id);
  }
  if (!m_store->removeFolder(folder) || inside.empty()) return;
  const auto undo = [=, this] {
    Transaction transaction(m_store->database());
    const qint64 again = m_store->addFolder(name);
    for (const ConversationId id : inside) m_store->setFolder(id, again);
    if (!transaction.commit()) load();
  };
  //: %1: the name of a folder
  m_notice->show({Notice::Kind::Info, QStringLiteral("R-702"), tr("The folder “%1” was deleted.").arg(quoted(name)),
                  tr("Its conversations are listed by date again."), {}, Notice::Action::Undo, undo});
}

void ConversationList::marksChanged(ConversationId id) {
  const auto entry = m_entries.find(id);
  if (entry == m_entries.end()) return;
  if (const int row = rowOf(id); row >= 0) {
    changed(row, {LiveRole, UnreadRole});
  } else {
    folderChanged(entry->second.folder);
  }
}

/// Unless it was opened before it was read.
void ConversationList::markUnread(ConversationId conversation) {
  if (conversation == m_open) {
    storeUnread(conversation, false);
  } else {
    m_unread.insert(conversation);
  }
}

void ConversationList::setOpen(ConversationId conversation) {
  m_open = conversation;
  if (m_unread.erase(conversation) == 0) return;
  storeUnread(conversation, false);
  marksChanged(conversation);
}

void ConversationList::setAnswering(const std::vector<ConversationId>& conversations) {
  const std::unordered_set<ConversationId> old = std::exchange(m_answering, {conversations.begin(), conversations.end()});
  for (const ConversationId id : old) {
    if (!m_answering.contains(id)) marksChanged(id);
  }
  for (const ConversationId id : m_answering) {
    if (!old.contains(id)) marksChanged(id);
  }
}

void ConversationList::onAnswered(ConversationId conversation) {
  if (conversation == m_open || !m_entries.contains(conversation)) return;
  m_unread.insert(conversation);
  storeUnread(conversation, true);
  marksChanged(conversation);
}

/// A file that can only be read keeps its marks, which is no trouble to tell of.
void ConversationList::storeUnread(ConversationId conversation, bool unread) {
  if (m_store->isWritable()) m_store->setUnread(conversation, unread);
}

}  // namespace tercet
