#include "app/message_model.h"

#include <QLocale>

#include <algorithm>
#include <utility>

namespace tercet {

MessageModel::MessageModel(QObject* parent) : QAbstractListModel(parent) {}

int MessageModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QVariant MessageModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= count()) return {};
  const Message& message = m_messages[static_cast<std::size_t>(index.row())];
  switch (role) {
    case MessageIdRole: return message.id;
    case AuthorRole: return static_cast<int>(message.author);
    case StateRole: return static_cast<int>(message.state);
    case BlocksRole: return QVariant::fromValue(message.blocks);
    case IsLastRole: return index.row() == count() - 1;
    case ForgottenRole: return index.row() < m_forgottenBefore;
    case ForgottenBorderRole: return index.row() == m_forgottenBefore - 1;
    case StatsRole: return statsText(message.stats);
    case Qt::DisplayRole:
    case TextRole: return message.text;
    case SeedRole: return message.stats.known ? QString::number(message.stats.seed) : QString();
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
          {TextRole, "text"},
          {SeedRole, "seed"}};
}

QString MessageModel::statsText(const Stats& stats) {
  if (!stats.known || stats.tokens == 0) return {};
  const QLocale locale;
  //: Figures under an answer: how many tokens it has
  const QString tokens = stats.tokens == 1 ? tr("1 token") : tr("%1 tokens").arg(locale.toString(stats.tokens));
  if (stats.tokensPerSecond <= 0) return tokens;
  //: Figures under an answer: "214 tokens" and its speed in tokens per second
  return tr("%1 · %2 tok/s").arg(tokens, locale.toString(stats.tokensPerSecond, 'f', 1));
}

int MessageModel::append(Author author, State state, const QString& text) {
  Message message;
  message.id = m_nextId++;
  message.author = author;
  message.state = state;
  message.text = text;
  insert(std::move(message));
  return count() - 1;
}

void MessageModel::restore(Message message) { insert(std::move(message)); }

void MessageModel::insert(Message message) {
  const int row = count();
  const bool growing = message.state == State::Reading || message.state == State::Writing;
  message.blocks = new MessageBlocks(
      message.author == Author::User ? MessageBlocks::Format::Plain : MessageBlocks::Format::Markdown, this);
  message.blocks->appendText(message.text);
  if (!growing) message.blocks->finish();
  beginInsertRows({}, row, row);
  m_messages.push_back(std::move(message));
  endInsertRows();
  if (row > 0) changed(row - 1, {IsLastRole});
  Q_EMIT countChanged();
}

MessageModel::Message MessageModel::takeLast() {
  const int row = count() - 1;
  beginRemoveRows({}, row, row);
  Message taken = std::move(m_messages.back());
  m_messages.pop_back();
  endRemoveRows();
  std::exchange(taken.blocks, nullptr)->deleteLater();  // the view may be in the middle of a binding
  if (m_forgottenBefore > row) m_forgottenBefore = row;
  if (row > 0) changed(row - 1, {IsLastRole});
  Q_EMIT countChanged();
  return taken;
}

void MessageModel::clear() {
  if (m_messages.empty()) return;
  beginResetModel();
  const std::vector<Message> gone = std::exchange(m_messages, {});
  m_forgottenBefore = 0;
  endResetModel();
  // After the views have let go: what they drew goes first, in the order of the event queue.
  for (const Message& message : gone) message.blocks->deleteLater();
  Q_EMIT countChanged();
}

void MessageModel::appendText(const QString& delta) {
  Message& message = m_messages.back();
  message.text += delta;
  message.blocks->appendText(delta);
  changed(count() - 1, {Qt::DisplayRole, TextRole});
}

void MessageModel::setState(State state) {
  if (m_messages.back().state == state) return;
  m_messages.back().state = state;
  changed(count() - 1, {StateRole});
}

void MessageModel::finish(State state, std::vector<TokenId> tokens, const Stats& stats) {
  Message& message = m_messages.back();
  message.state = state;
  message.tokens = std::move(tokens);
  message.stats = stats;
  message.blocks->finish();
  changed(count() - 1, {StateRole, StatsRole, SeedRole});
}

void MessageModel::clearTokens() {
  for (Message& message : m_messages) message.tokens.clear();
}

void MessageModel::setForgottenBefore(int row) {
  const int before = std::clamp(row, 0, count());
  if (before == m_forgottenBefore) return;
  m_forgottenBefore = before;
  if (count() > 0) Q_EMIT dataChanged(index(0), index(count() - 1), {ForgottenRole, ForgottenBorderRole});
}

void MessageModel::retranslate() {
  if (count() > 0) Q_EMIT dataChanged(index(0), index(count() - 1), {StatsRole});
}

void MessageModel::changed(int row, const QList<int>& roles) {
  const QModelIndex at = index(row);
  Q_EMIT dataChanged(at, at, roles);
}

}  // namespace tercet
