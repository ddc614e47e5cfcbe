#include "app/message_model.h"

#include <QStringList>

#include <algorithm>
#include <iterator>
#include <utility>

#include "app/stats_text.h"

namespace tercet {

MessageModel::MessageModel(QObject* parent) : QAbstractListModel(parent) {}

int MessageModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QVariant MessageModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= count()) return {};
  const Entry& entry = m_rows[static_cast<std::size_t>(index.row())];
  const Message& message = entry.shown.message;
  switch (role) {
    case MessageIdRole: return message.id;
    case AuthorRole: return static_cast<int>(message.author);
    case StateRole: return static_cast<int>(message.state);
    case BlocksRole: return QVariant::fromValue(entry.blocks);
    case IsLastRole: return index.row() == count() - 1;
    case ForgottenRole: return index.row() < m_forgottenBefore;
    case ForgottenBorderRole: return index.row() == m_forgottenBefore - 1;
    case StatsRole: return shortStats(message.stats);
    case DetailsRole: return fullStats(message.stats);
    case Qt::DisplayRole:
    case TextRole: return message.text;
    case SeedRole: return message.stats.known ? QString::number(message.stats.seed) : QString();
    case VersionRole: return entry.shown.version;
    case VersionsRole: return entry.shown.versions;
    case EditedRole: return message.edited;
    case AttachmentsRole: {
      QStringList names;
      for (const Attachment& file : message.attachments) names << file.name;
      return names;
    }
    default: return {};
  }
}

QHash<int, QByteArray> MessageModel::roleNames() const {
  return {{MessageIdRole, "messageId"},
          {AuthorRole, "author"},
          {StateRole, "state"},
          {BlocksRole, "blocks"},
          {IsLastRole, "isLast"},
          {ForgottenRole, "forgotten"},
          {ForgottenBorderRole, "forgottenBorder"},
          {StatsRole, "stats"},
          {DetailsRole, "details"},
          {TextRole, "text"},
          {SeedRole, "seed"},
          {VersionRole, "version"},
          {VersionsRole, "versions"},
          {EditedRole, "edited"},
          {AttachmentsRole, "attachments"}};
}

int MessageModel::rowOf(MessageId id) const {
  const auto found = std::find_if(m_rows.begin(), m_rows.end(), [id](const Entry& entry) { return entry.shown.message.id == id; });
  return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

void MessageModel::show(std::vector<Row> rows) {
  const int before = count();
  const auto same = [](const Message& shown, const Message& wanted) {
    return shown.id == wanted.id && shown.state == wanted.state && shown.text == wanted.text;
  };
  int kept = 0;
  while (kept < count() && kept < static_cast<int>(rows.size()) &&
         same(at(kept), rows[static_cast<std::size_t>(kept)].message)) {
    ++kept;
  }
  removeFrom(kept);
  for (int row = 0; row < kept; ++row) {
    m_rows[static_cast<std::size_t>(row)].shown = std::move(rows[static_cast<std::size_t>(row)]);
  }
  rows.erase(rows.begin(), rows.begin() + kept);
  append(std::move(rows));
  if (kept > 0) {
    Q_EMIT dataChanged(index(0), index(kept - 1), {VersionRole, VersionsRole, EditedRole, StatsRole, DetailsRole, IsLastRole});
  }
  if (count() != before) Q_EMIT countChanged();
}

/// As one insertion: views answer each with work of their own.
void MessageModel::append(std::vector<Row> rows) {
  if (rows.empty()) return;
  std::vector<Entry> added;
  added.reserve(rows.size());
  for (Row& row : rows) {
    const Message& message = row.message;
    auto* blocks = new MessageBlocks(
        message.author == Author::User ? MessageBlocks::Format::Plain : MessageBlocks::Format::Markdown, this);
    blocks->appendText(message.text);
    if (!message.underWay()) blocks->finish();
    added.push_back({std::move(row), blocks});
  }
  beginInsertRows({}, count(), count() + static_cast<int>(added.size()) - 1);
  m_rows.insert(m_rows.end(), std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()));
  endInsertRows();
}

void MessageModel::removeFrom(int row) {
  if (row >= count()) return;
  beginRemoveRows({}, row, count() - 1);
  std::vector<MessageBlocks*> gone;
  for (std::size_t i = static_cast<std::size_t>(row); i < m_rows.size(); ++i) gone.push_back(m_rows[i].blocks);
  m_rows.resize(static_cast<std::size_t>(row));
  m_forgottenBefore = std::min(m_forgottenBefore, row);
  endRemoveRows();
  // After the views have let go: what they drew goes first, in the order of the event queue.
  for (MessageBlocks* blocks : gone) blocks->deleteLater();
}

void MessageModel::appendText(const QString& delta) {
  Entry& entry = m_rows.back();
  entry.shown.message.text += delta;
  entry.blocks->appendText(delta);
  changed(count() - 1, {Qt::DisplayRole, TextRole});
}

void MessageModel::setState(State state) {
  Message& message = m_rows.back().shown.message;
  if (message.state == state) return;
  message.state = state;
  changed(count() - 1, {StateRole});
}

void MessageModel::finish(const Message& message) {
  Entry& entry = m_rows.back();
  entry.shown.message = message;
  entry.blocks->finish();
  changed(count() - 1, {StateRole, StatsRole, DetailsRole, SeedRole});
}

void MessageModel::setForgottenBefore(int row) {
  const int before = std::clamp(row, 0, count());
  if (before == m_forgottenBefore) return;
  m_forgottenBefore = before;
  if (count() > 0) Q_EMIT dataChanged(index(0), index(count() - 1), {ForgottenRole, ForgottenBorderRole});
}

void MessageModel::retranslate() {
  if (count() > 0) Q_EMIT dataChanged(index(0), index(count() - 1), {StatsRole, DetailsRole});
}

void MessageModel::changed(int row, const QList<int>& roles) {
  const QModelIndex at = index(row);
  Q_EMIT dataChanged(at, at, roles);
}

}  // namespace tercet
