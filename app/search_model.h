// What was found in all conversations, for the view: chats by their titles, then messages, newest first.
#pragma once

#include <QAbstractListModel>
#include <QDate>
#include <QString>
#include <QThread>
#include <QtQml/qqmlregistration.h>

#include <atomic>
#include <memory>
#include <vector>

#include "app/search_worker.h"

namespace tercet {

class SearchModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(QString query READ query WRITE setQuery NOTIFY queryChanged)
  Q_PROPERTY(Period period READ period WRITE setPeriod NOTIFY periodChanged)
  Q_PROPERTY(int count READ count NOTIFY countChanged)
  Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)        // what is shown is not yet all that was asked for
  Q_PROPERTY(bool stale READ stale NOTIFY staleChanged)     // of that, nothing is shown yet
  Q_PROPERTY(bool recent READ recent NOTIFY recentChanged)  // no word to find: the chats used last are shown

 public:
  enum class Kind { Chat, Message };
  Q_ENUM(Kind)
  /// How far back: days before today, today as well.
  enum class Period { AnyTime, Week, Month, Year };
  Q_ENUM(Period)
  enum Role {
    KindRole = Qt::UserRole + 1, ConversationRole, MessageRole,
    TitleRole,    // plain
    HeadingRole,  // the title as rich text with what was found in bold
    SnippetRole,  // likewise, from the message
    SpokenRole,   // all of a row as plain words, for screen readers
    FromPersonRole,
    DateRole
  };

  /// `path` is the file of the conversations; it is opened by the first search.
  explicit SearchModel(const QString& path, QObject* parent = nullptr, int showAfterMs = SearchWorker::kShowAfterMs);
  ~SearchModel() override;

  QString query() const { return m_query; }
  /// Results come a moment later, those of a long search little by little, and replace those before. Of several letters that are typed during one search only the last
  /// is searched for next.
  void setQuery(const QString& query);
  Period period() const { return m_period; }
  /// As setQuery.
  void setPeriod(Period period);
  int count() const { return static_cast<int>(m_hits.size()); }
  bool busy() const { return m_busy; }
  bool stale() const { return m_stale; }
  bool recent() const { return m_recent; }

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  bool canFetchMore(const QModelIndex& parent) const override;
  void fetchMore(const QModelIndex& parent) override;

  /// Asks again, as conversations may have changed.
  Q_INVOKABLE void refresh();
  /// For one row: where it leads. 0 for a row that is gone.
  Q_INVOKABLE qint64 conversationAt(int row) const;
  /// 0 for a conversation as a whole.
  Q_INVOKABLE qint64 messageAt(int row) const;

 Q_SIGNALS:
  void queryChanged();
  void periodChanged();
  void countChanged();
  void busyChanged();
  void staleChanged();
  void recentChanged();
  void requested(const tercet::SearchRequest& request);

 private:
  void ask(MessageId before);
  void take(const SearchResults& results);
  void setBusy(bool busy);
  void setStale(bool stale);
  void startThread();

  QString m_path, m_query;
  int m_showAfterMs;
  std::vector<SearchHit> m_hits;
  Period m_period = Period::AnyTime;
  MessageId m_next = 0;  // where older ones begin that were not asked for; 0: there are none
  bool m_busy = false;
  bool m_stale = false;
  bool m_recent = true;
  std::shared_ptr<std::atomic<quint64>> m_newest;
  QThread m_thread;
};

/// The text with the marked places in bold, for Text.StyledText.
QString markedHtml(const QString& text, const std::vector<TextRange>& marks);
/// When a period that ends today begins, in ms since 1970, UTC: a midnight here. 0 for any time.
qint64 beginOf(SearchModel::Period period, QDate today);
/// When it was, as short as it is clear beside `now`: a time, a day, a date. Both ms since 1970, UTC.
QString shortDate(qint64 time, qint64 now);

}  // namespace tercet
