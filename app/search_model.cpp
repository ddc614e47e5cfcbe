#include "app/search_model.h"

#include <QDateTime>
#include <QLocale>

#include <iterator>
#include <utility>

namespace tercet {

QString markedHtml(const QString& text, const std::vector<TextRange>& marks) {
  QString html;
  qsizetype at = 0;
  for (const TextRange& mark : marks) {
    html += text.mid(at, mark.start - at).toHtmlEscaped() + QStringLiteral("<b>") +
            text.mid(mark.start, mark.length).toHtmlEscaped() + QStringLiteral("</b>");
    at = mark.start + mark.length;
  }
  return html + text.mid(at).toHtmlEscaped();
}

QString shortDate(qint64 time, qint64 now) {
  const QDateTime then = QDateTime::fromMSecsSinceEpoch(time);
  const QDate today = QDateTime::fromMSecsSinceEpoch(now).date();
  const QLocale locale;
  if (then.date() == today) return locale.toString(then.time(), QLocale::ShortFormat);
  if (then.date().year() == today.year()) return locale.toString(then.date(), SearchModel::tr("d MMM", "a day of this year"));
  return locale.toString(then.date(), SearchModel::tr("d MMM yyyy", "a day of another year"));
}

qint64 beginOf(SearchModel::Period period, QDate today) {
  switch (period) {
    case SearchModel::Period::AnyTime: break;
    case SearchModel::Period::Week: return today.addDays(-7).startOfDay().toMSecsSinceEpoch();
    case SearchModel::Period::Month: return today.addDays(-30).startOfDay().toMSecsSinceEpoch();
    case SearchModel::Period::Year: return today.addYears(-1).startOfDay().toMSecsSinceEpoch();
  }
  return 0;
}

SearchModel::SearchModel(const QString& path, QObject* parent, int showAfterMs)
    : QAbstractListModel(parent), m_path(path), m_showAfterMs(showAfterMs), m_newest(std::make_shared<std::atomic<quint64>>(0)) {}

SearchModel::~SearchModel() {
  ++*m_newest;  // what runs is given up
  m_thread.quit();
  m_thread.wait();
}

void SearchModel::startThread() {
  auto* worker = new SearchWorker(m_path, m_newest, m_showAfterMs);
  worker->moveToThread(&m_thread);
  // On its own thread, where its connection was opened.
  connect(&m_thread, &QThread::finished, worker, &QObject::deleteLater);
  connect(this, &SearchModel::requested, worker, &SearchWorker::search);
  connect(worker, &SearchWorker::found, this, &SearchModel::take);
  m_thread.setObjectName(QStringLiteral("search"));
  m_thread.start(QThread::LowPriority);
}

void SearchModel::setQuery(const QString& query) {
  if (query == m_query) return;
  m_query = query;
  refresh();
  Q_EMIT queryChanged();
}

void SearchModel::setPeriod(Period period) {
  if (period == m_period) return;
  m_period = period;
  refresh();
  Q_EMIT periodChanged();
}

void SearchModel::refresh() {
  setStale(true);
  ask(0);
}

void SearchModel::ask(MessageId before) {
  if (!m_thread.isRunning()) startThread();
  setBusy(true);
  Q_EMIT requested({.id = ++*m_newest, .text = m_query, .before = before, .since = beginOf(m_period, QDate::currentDate())});
}

void SearchModel::take(const SearchResults& results) {
  if (results.id != *m_newest) return;
  const int before = count();
  m_next = results.next;
  if (results.first) {
    beginResetModel();
    m_hits = results.hits;
    endResetModel();
    const bool recent = parseSearch(m_query).empty();
    if (recent != std::exchange(m_recent, recent)) Q_EMIT recentChanged();
  } else if (!results.hits.empty()) {
    beginInsertRows({}, before, before + static_cast<int>(results.hits.size()) - 1);
    m_hits.insert(m_hits.end(), results.hits.begin(), results.hits.end());
    endInsertRows();
  }
  if (count() != before) Q_EMIT countChanged();
  setBusy(!results.finished);
  if (results.first) setStale(false);
}

void SearchModel::setBusy(bool busy) {
  if (busy != std::exchange(m_busy, busy)) Q_EMIT busyChanged();
}

void SearchModel::setStale(bool stale) {
  if (stale != std::exchange(m_stale, stale)) Q_EMIT staleChanged();
}

int SearchModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

bool SearchModel::canFetchMore(const QModelIndex& parent) const {
  return !parent.isValid() && m_next != 0 && !m_busy;
}

void SearchModel::fetchMore(const QModelIndex& parent) {
  if (canFetchMore(parent)) ask(m_next);
}

QVariant SearchModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= count()) return {};
  const SearchHit& hit = m_hits[static_cast<std::size_t>(index.row())];
  const bool message = hit.message != 0;
  const auto date = [&] { return shortDate(hit.time, QDateTime::currentMSecsSinceEpoch()); };
  switch (role) {
    case KindRole: return static_cast<int>(message ? Kind::Message : Kind::Chat);
    case ConversationRole: return hit.conversation;
    case MessageRole: return hit.message;
    case Qt::DisplayRole:
    case TitleRole: return hit.title;
    case HeadingRole: return markedHtml(hit.title, message ? std::vector<TextRange>{} : hit.marks);
    case SnippetRole: return message ? markedHtml(hit.snippet, hit.marks) : QString();
    case SpokenRole:
      if (!message) return tr("Chat: %1, %2", "a title, a date").arg(hit.title, date());
      return hit.author == Message::Author::User
                 ? tr("You in “%1”, %2: %3", "a title, a date, a piece of text").arg(hit.title, date(), hit.snippet)
                 : tr("Answer in “%1”, %2: %3", "a title, a date, a piece of text").arg(hit.title, date(), hit.snippet);
    case FromPersonRole: return hit.author == Message::Author::User;
    case DateRole: return date();
    default: return {};
  }
}

QHash<int, QByteArray> SearchModel::roleNames() const {
  return {{KindRole, "kind"},       {ConversationRole, "conversation"}, {MessageRole, "message"},
          {TitleRole, "title"},     {HeadingRole, "heading"},           {SnippetRole, "snippet"},
          {SpokenRole, "spoken"},   {FromPersonRole, "fromPerson"},     {DateRole, "date"}};
}

qint64 SearchModel::conversationAt(int row) const { return data(index(row), ConversationRole).toLongLong(); }
qint64 SearchModel::messageAt(int row) const { return data(index(row), MessageRole).toLongLong(); }

}  // namespace tercet
