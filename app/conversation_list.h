// The list in the sidebar: pinned conversations, folders, and the rest by date.
#pragma once

#include <QAbstractListModel>
#include <QString>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "app/date_sections.h"
#include "app/folder_list.h"
#include "app/message.h"
#include "app/storage/history_store.h"

namespace tercet {

class Notice;

/// Rows are headings and conversations. It follows the store, one row at a time: the cost of a change does not depend on how
/// many conversations there are, but for moving the 32 bytes of a row. Knows titles and times, no messages.
class ConversationList : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(int count READ count NOTIFY countChanged)  // of conversations read so far, those in collapsed folders included
  Q_PROPERTY(tercet::FolderList* folders READ folders CONSTANT)

 public:
  enum class Kind { Section, Folder, Conversation };
  Q_ENUM(Kind)
  enum Role {
    KindRole = Qt::UserRole + 1,
    RowIdRole,      // of the conversation or folder
    TitleRole,
    DetailsRole,    // when the newest message came; how many conversations a folder holds
    PinnedRole,
    FolderIdRole,   // 0: none
    CollapsedRole,
    LiveRole,       // an answer is being written in it; for a collapsed folder: in one of its conversations
    UnreadRole      // an answer came while another conversation was open; folders as above
  };
  using Clock = std::function<QDateTime()>;

  /// Both outlive this.
  ConversationList(HistoryStore* store, Notice* notice, QObject* parent = nullptr,
                   Clock clock = [] { return QDateTime::currentDateTime(); });
  ~ConversationList() override;

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  int count() const { return static_cast<int>(m_entries.size()); }
  FolderList* folders() { return &m_folders; }

  /// Reads what a window shows; the rest follows little by little, so that the start does not take longer with more of them.
  /// For the start of the program, after the store was opened.
  void load();
  /// Groups by date anew when the day is another than before.
  void checkDay();
  /// Texts are written anew in the current language.
  void retranslate();

  /// Where a conversation is; -1 when it is not there or in a collapsed folder.
  Q_INVOKABLE int rowOf(qint64 conversation) const;
  Q_INVOKABLE int rowOfFolder(qint64 folder) const;
  /// The next row from `row` in a direction (+1, -1) that something can be done with; `row` itself when there is none.
  Q_INVOKABLE int nextStop(int row, int step) const;

  /// An empty title goes back to the first words.
  Q_INVOKABLE void rename(qint64 conversation, const QString& title);
  Q_INVOKABLE void setPinned(qint64 conversation, bool pinned);
  /// A pinned one is shown in its folder only once it is unpinned, so it is.
  Q_INVOKABLE void setFolder(qint64 conversation, qint64 folder);
  /// To the recently deleted. Notice::Action::Undo brings it back.
  Q_INVOKABLE void remove(qint64 conversation);
  /// Returns its id; 0 when it could not be stored.
  Q_INVOKABLE qint64 addFolder();
  Q_INVOKABLE void renameFolder(qint64 folder, const QString& name);
  Q_INVOKABLE void setCollapsed(qint64 folder, bool collapsed);
  /// Its conversations go back to their dates. Notice::Action::Undo makes it again.
  Q_INVOKABLE void removeFolder(qint64 folder);

  // From the chat.
  void setOpen(tercet::ConversationId conversation);
  void setAnswering(const std::vector<tercet::ConversationId>& conversations);
  void onAnswered(tercet::ConversationId conversation);

 Q_SIGNALS:
  void countChanged();
  void removed(qint64 conversation);
  /// Removing the conversation that was open was undone.
  void reopened(qint64 conversation);

 private:
  struct Entry {
    QString title;
    qint64 time;
    qint64 folder;
    bool pinned;
  };
  enum class Group { Pinned, Folders, Dates };
  /// A line as it is sorted: by group, folder, time (newest first).
  struct Row {
    Group group;
    bool heading;
    int folder;   // its place among the folders; 0 in the other groups
    qint64 time;  // of a heading: none of its conversations is newer
    qint64 id;    // of the conversation, or of the folder a heading stands for
  };
  static bool before(const Row& a, const Row& b);

  std::vector<Row> enter(std::vector<ConversationSummary>&& found);
  std::vector<ConversationSummary> nextSummaries(int count);
  void readMore();
  void readAll();
  std::optional<Row> rowFor(ConversationId id, const Entry& entry) const;
  Row headingOf(const Row& row) const;
  Row folderHeading(int place) const;
  std::vector<Row> rowsOfFolder(int place) const;
  int place(const Row& row) const;
  void insert(const Row& row);
  void insertHeading(const Row& heading);
  void take(const Row& row);
  void move(const Row& from, const Row& to);
  void replace(ConversationId id, const std::optional<Entry>& now);
  void refresh(ConversationId id);
  void syncFolders();
  void removeFolderRows(int place);
  void moveFolder(int from, int to);
  void numberFolders();
  void showFolderRows(int place, bool shown);
  void changed(int row, const QList<int>& roles = {});
  void folderChanged(qint64 folder);
  void marksChanged(ConversationId id);
  void markUnread(ConversationId conversation);
  void storeUnread(ConversationId conversation, bool unread);
  bool marked(const Row& row, const std::unordered_set<ConversationId>& marks) const;
  QString titleOf(const Row& row) const;
  QString detailsOf(const Row& row) const;

  HistoryStore* m_store;
  Notice* m_notice;
  Clock m_clock;
  DateSections m_sections;
  FolderList m_folders;
  std::unordered_map<ConversationId, Entry> m_entries;
  std::vector<Row> m_rows;
  std::unordered_set<ConversationId> m_answering, m_unread;
  ConversationId m_open = 0;
  std::optional<ConversationSummary> m_last;  // read so far, as they are in the store: newest first
  QTimer m_readSoon, m_nextDay;
};

}  // namespace tercet
