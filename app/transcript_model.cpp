#include "app/transcript_model.h"

#include <algorithm>
#include <utility>

namespace tercet {

using Place = MessageBlocks::Place;

TranscriptModel::TranscriptModel(QObject* parent) : QAbstractListModel(parent), m_starts{0} {}

void TranscriptModel::setMessages(MessageModel* messages) {
  if (m_messages == messages) return;
  if (m_messages) m_messages->disconnect(this);
  m_messages = messages;
  if (messages) {
    connect(messages, &MessageModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) { insertMessages(first, last); });
    connect(messages, &MessageModel::rowsRemoved, this,
            [this](const QModelIndex&, int first, int last) { removeMessages(first, last); });
    connect(messages, &MessageModel::modelReset, this, &TranscriptModel::rebuild);
    connect(messages, &MessageModel::dataChanged, this,
            [this](const QModelIndex& first, const QModelIndex& last, const QList<int>& roles) {
              onMessagesChanged(first.row(), last.row(), roles);
            });
    connect(messages, &QObject::destroyed, this, &TranscriptModel::rebuild);
  }
  rebuild();
  Q_EMIT messagesChanged();
}

int TranscriptModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : m_starts.back(); }

QHash<int, QByteArray> TranscriptModel::roleNames() const {
  static const QHash<int, QByteArray> names = [] {
    QHash<int, QByteArray> out = MessageBlocks(MessageBlocks::Format::Plain).roleNames();
    out.insert({{RowKindRole, "rowKind"},
                {MessageRole, "message"},
                {StateRole, "messageState"},
                {BlocksRole, "blocks"},
                {BlockRole, "block"},
                {StatsRole, "stats"},
                {DetailsRole, "details"},
                {VersionRole, "version"},
                {VersionsRole, "versions"},
                {EditedRole, "edited"},
                {AttachmentsRole, "attachments"},
                {IsLastRole, "isLast"},
                {ForgottenRole, "forgotten"},
                {LiveRole, "live"},
                {SpokenRole, "spoken"}});
    return out;
  }();
  return names;
}

TranscriptModel::RowPlace TranscriptModel::placeOf(int row) const {
  const auto after = std::upper_bound(m_starts.begin(), m_starts.end(), row);
  const int message = static_cast<int>(after - m_starts.begin()) - 1;
  const Shown& shown = m_shown[static_cast<std::size_t>(message)];
  const int inside = row - m_starts[static_cast<std::size_t>(message)];
  if (shown.divider && inside == shown.rows() - 1) return {message, RowKind::Divider, 0};
  if (shown.question) return {message, RowKind::Question, 0};
  if (inside < shown.blockRows) return {message, RowKind::AnswerBlock, inside};
  if (shown.waiting && inside == shown.blockRows) return {message, RowKind::Waiting, 0};
  return {message, RowKind::Actions, 0};
}

int TranscriptModel::rowOf(int message, int block) const {
  const Shown& shown = m_shown[static_cast<std::size_t>(message)];
  return m_starts[static_cast<std::size_t>(message)] + std::clamp(block, 0, std::max(0, shown.blockRows - 1));
}

QVariant TranscriptModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount() || !m_messages) return {};
  const RowPlace place = placeOf(index.row());
  const Shown& shown = m_shown[static_cast<std::size_t>(place.message)];
  if (role < Qt::UserRole) return {};
  if (role < RowKindRole) {
    if (place.kind != RowKind::AnswerBlock || !shown.blocks) return MessageBlocks::emptyData(role);
    return shown.blocks->data(shown.blocks->index(place.block), role);
  }
  const Message& message = messageOf(place);
  const QModelIndex at = m_messages->index(place.message);
  switch (role) {
    case RowKindRole: return static_cast<int>(place.kind);
    case MessageRole: return place.message;
    case StateRole: return static_cast<int>(message.state);
    case BlocksRole: return QVariant::fromValue(shown.blocks.data());
    case BlockRole: return place.block;
    case StatsRole: return at.data(MessageModel::StatsRole);
    case DetailsRole: return at.data(MessageModel::DetailsRole);
    case VersionRole: return at.data(MessageModel::VersionRole);
    case VersionsRole: return at.data(MessageModel::VersionsRole);
    case EditedRole: return message.edited;
    case AttachmentsRole: return at.data(MessageModel::AttachmentsRole);
    case IsLastRole: return at.data(MessageModel::IsLastRole);
    case ForgottenRole: return at.data(MessageModel::ForgottenRole);
    case LiveRole:
      return message.state == MessageModel::State::Writing &&
             (place.kind == RowKind::Waiting || (place.kind == RowKind::AnswerBlock && place.block == shown.blockRows - 1));
    case SpokenRole: return spoken(place);
    default: return {};
  }
}

QVariant TranscriptModel::spoken(const RowPlace& place) const {
  const Shown& shown = m_shown[static_cast<std::size_t>(place.message)];
  if (place.kind == RowKind::Question) return tr("You: %1").arg(messageOf(place).text);
  if (place.kind != RowKind::AnswerBlock || !shown.blocks) return QString();
  const Block& block = shown.blocks->block(place.block);
  QString text = shown.blocks->data(shown.blocks->index(place.block), MessageBlocks::TextRole).toString();
  if (block.task == TaskState::Open) text.prepend(tr("To do: "));
  if (block.task == TaskState::Done) text.prepend(tr("Done: "));
  if (block.kind == BlockKind::Item && block.task == TaskState::None) text.prepend(block.marker + u' ');
  return place.block == 0 ? tr("Answer: %1").arg(text) : text;
}

TranscriptModel::Shown TranscriptModel::wanted(int row) const {
  const Message& message = m_messages->at(row);
  Shown out;
  out.blocks = m_messages->blocksAt(row);
  out.question = message.author == MessageModel::Author::User;
  out.blockRows = out.question ? 0 : out.blocks->rowCount();
  out.waiting = message.state == MessageModel::State::Reading ||
                (message.state == MessageModel::State::Writing && out.blockRows == 0);
  out.divider = m_messages->index(row).data(MessageModel::ForgottenBorderRole).toBool();
  return out;
}

void TranscriptModel::watch(int row) {
  MessageBlocks* blocks = blocksOf(row);
  const auto follow = [this, blocks] {
    if (const int message = messageWith(blocks); message >= 0) sync(message);
  };
  connect(blocks, &MessageBlocks::rowsInserted, this, follow);
  connect(blocks, &MessageBlocks::rowsRemoved, this, follow);
  connect(blocks, &MessageBlocks::dataChanged, this,
          [this, blocks](const QModelIndex& first, const QModelIndex& last, const QList<int>& roles) {
            onBlocksChanged(blocks, first.row(), last.row(), roles);
          });
  connect(blocks, &MessageBlocks::selectionChanged, this, &TranscriptModel::selectionChanged);
}

void TranscriptModel::rebuild() {
  beginResetModel();
  for (const Shown& shown : std::exchange(m_shown, {})) {
    if (shown.blocks) shown.blocks->disconnect(this);
  }
  for (int row = 0; m_messages && row < m_messages->count(); ++row) {
    m_shown.push_back(wanted(row));
    watch(row);
  }
  renumber(0);
  endResetModel();
  Q_EMIT selectionChanged();
}

void TranscriptModel::renumber(int from) {
  m_starts.resize(m_shown.size() + 1);
  m_starts[0] = 0;
  for (std::size_t i = static_cast<std::size_t>(from); i < m_shown.size(); ++i) m_starts[i + 1] = m_starts[i] + m_shown[i].rows();
}

void TranscriptModel::insertMessages(int first, int last) {
  std::vector<Shown> added;
  int rows = 0;
  for (int message = first; message <= last; ++message) {
    added.push_back(wanted(message));
    rows += added.back().rows();
  }
  const int at = m_starts[static_cast<std::size_t>(first)];
  beginInsertRows({}, at, at + rows - 1);
  m_shown.insert(m_shown.begin() + first, added.begin(), added.end());
  renumber(first);
  endInsertRows();
  for (int message = first; message <= last; ++message) watch(message);
}

void TranscriptModel::removeMessages(int first, int last) {
  beginRemoveRows({}, m_starts[static_cast<std::size_t>(first)], m_starts[static_cast<std::size_t>(last) + 1] - 1);
  for (int row = first; row <= last; ++row) {
    if (MessageBlocks* blocks = m_shown[static_cast<std::size_t>(row)].blocks) blocks->disconnect(this);
  }
  m_shown.erase(m_shown.begin() + first, m_shown.begin() + last + 1);
  renumber(first);
  endRemoveRows();
  Q_EMIT selectionChanged();
}

void TranscriptModel::onMessagesChanged(int first, int last, const QList<int>& roles) {
  // The blocks say for themselves what becomes of the text.
  if (roles == QList<int>{Qt::DisplayRole, MessageModel::TextRole}) return;
  for (int message = first; message <= last; ++message) {
    const Shown& shown = m_shown[static_cast<std::size_t>(message)];
    if (shown.blocks != m_messages->blocksAt(message)) {
      rebuild();
      return;
    }
    sync(message);
  }
  changed(m_starts[static_cast<std::size_t>(first)], m_starts[static_cast<std::size_t>(last) + 1] - 1,
          {StateRole, StatsRole, DetailsRole, IsLastRole, ForgottenRole, LiveRole, SpokenRole, VersionRole, VersionsRole, EditedRole});
}

void TranscriptModel::onBlocksChanged(MessageBlocks* blocks, int first, int last, const QList<int>& roles) {
  const int message = messageWith(blocks);
  if (message < 0 || m_shown[static_cast<std::size_t>(message)].question) return;
  const Shown& shown = m_shown[static_cast<std::size_t>(message)];
  const int start = m_starts[static_cast<std::size_t>(message)];
  QList<int> all = roles;
  if (roles.isEmpty() || roles.contains(MessageBlocks::TextRole)) all << SpokenRole;
  if (roles.isEmpty()) all.clear();
  if (first < shown.blockRows) changed(start + first, start + std::min(last, shown.blockRows - 1), all);
}

/// Brings the rows of a message to what it is now, one kind of row at a time.
void TranscriptModel::sync(int message) {
  const Shown next = wanted(message);
  Shown& shown = m_shown[static_cast<std::size_t>(message)];
  const int start = m_starts[static_cast<std::size_t>(message)];
  const auto change = [&](int row, int difference, const auto& apply) {
    if (difference > 0) beginInsertRows({}, row, row + difference - 1);
    if (difference < 0) beginRemoveRows({}, row, row - difference - 1);
    apply();
    renumber(message);
    if (difference > 0) endInsertRows();
    if (difference < 0) endRemoveRows();
  };
  if (const int more = next.blockRows - shown.blockRows; more != 0) {
    const int before = shown.blockRows;
    change(start + std::min(before, next.blockRows), more, [&] { shown.blockRows = next.blockRows; });
    if (more > 0 && before > 0) changed(start + before - 1, start + before - 1, {LiveRole});
    if (more < 0 && next.blockRows > 0) changed(start + next.blockRows - 1, start + next.blockRows - 1, {LiveRole});
  }
  if (next.waiting != shown.waiting) {
    change(start + shown.blockRows, next.waiting ? 1 : -1, [&] { shown.waiting = next.waiting; });
  }
  if (next.divider != shown.divider) {
    const int row = start + shown.rows() - (shown.divider ? 1 : 0);
    change(row, next.divider ? 1 : -1, [&] { shown.divider = next.divider; });
  }
}

void TranscriptModel::changed(int first, int last, const QList<int>& roles) {
  Q_EMIT dataChanged(index(first), index(last), roles);
}

int TranscriptModel::messageWith(const MessageBlocks* blocks) const {
  // From the end: it is the last message that grows.
  for (int message = static_cast<int>(m_shown.size()) - 1; message >= 0; --message) {
    if (m_shown[static_cast<std::size_t>(message)].blocks == blocks) return message;
  }
  return -1;
}

MessageBlocks* TranscriptModel::blocksOf(int message) const {
  const bool there = message >= 0 && message < static_cast<int>(m_shown.size());
  return there ? m_shown[static_cast<std::size_t>(message)].blocks.data() : nullptr;
}

void TranscriptModel::choose(MessageBlocks* blocks) {
  if (m_selected == blocks) return;
  if (m_selected) m_selected->clearSelection();
  m_selected = blocks;
}

void TranscriptModel::beginSelection(int message, int block, int position) {
  choose(blocksOf(message));
  if (m_selected) m_selected->select({block, position}, {block, position});
}

void TranscriptModel::extendSelection(int message, int block, int position) {
  if (!m_selected) return;
  const int own = messageWith(m_selected);
  const Place to = message < own ? Place{0, 0} : message > own ? Place{m_selected->rowCount(), 0} : Place{block, position};
  m_selected->select(m_selected->selectionFrom(), to);
}

void TranscriptModel::selectWord(int message, int block, int position) {
  choose(blocksOf(message));
  if (!m_selected) return;
  const auto [start, end] = m_selected->wordAt({block, position});
  m_selected->select(start, end);
}

int TranscriptModel::sourceAt(int message, int block, int position) const {
  const MessageBlocks* blocks = blocksOf(message);
  return blocks ? static_cast<int>(blocks->sourceAt({block, position})) : 0;
}

bool TranscriptModel::isAnswer(int message) const {
  return m_messages && message >= 0 && message < m_messages->count() &&
         m_messages->at(message).author == MessageModel::Author::Assistant;
}

void TranscriptModel::selectBlock(int message, int block) {
  choose(blocksOf(message));
  if (!m_selected || block >= m_selected->rowCount()) return;
  m_selected->select({block, 0}, {block, m_selected->length(block)});
}

void TranscriptModel::selectMessage() {
  if (!m_selected) choose(blocksOf(static_cast<int>(m_shown.size()) - 1));
  if (m_selected) m_selected->selectAll();
}

void TranscriptModel::moveSelectionEnd(bool forward, bool byWord, bool byBlock) {
  if (!m_selected) return;
  using Step = MessageBlocks::Step;
  const Step step = byBlock ? Step::Block : byWord ? Step::Word : Step::Character;
  m_selected->select(m_selected->selectionFrom(), m_selected->placeBeside(m_selected->selectionTo(), step, forward));
}

void TranscriptModel::clearSelection() { choose(nullptr); }

QString TranscriptModel::selectedText() const { return m_selected ? m_selected->selectedText() : QString(); }

QString TranscriptModel::selectedMarkdown() const { return m_selected ? m_selected->selectedMarkdown() : QString(); }

}  // namespace tercet
