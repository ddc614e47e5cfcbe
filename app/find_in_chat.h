// Find in the open conversation: where the words stand that are looked for, and which place is shown.
#pragma once

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace tercet {

class MessageModel;

/// What the messages show is searched, not their Markdown. Case and diacritics make no difference. While an answer grows,
/// only what may have changed of it is searched. The places are found and marked by the blocks of their messages.
class FindInChat : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(bool active READ active WRITE setActive NOTIFY activeChanged)  // nothing is searched while it is not
  Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)       // what is looked for
  Q_PROPERTY(int count READ count NOTIFY countChanged)
  Q_PROPERTY(int current READ current NOTIFY currentChanged)                // which of them is shown, from 1; 0: none
  Q_PROPERTY(int currentRow READ currentRow NOTIFY currentChanged)          // the message it is in; -1: none

 public:
  /// `messages` outlives this.
  explicit FindInChat(MessageModel* messages, QObject* parent = nullptr);
  ~FindInChat() override;

  bool active() const { return m_active; }
  void setActive(bool active);
  QString text() const { return m_text; }
  void setText(const QString& text);
  int count() const { return m_count; }
  int current() const;
  int currentRow() const { return m_row; }

  /// Where a search begins: at the first place in or after the message in `row`, which is the one in view.
  Q_INVOKABLE void beginAt(int row);
  /// The next place, from the last one to the first.
  Q_INVOKABLE void next();
  Q_INVOKABLE void previous();

  /// What was searched for in all chats.
  void setSearched(const QString& query) { m_searched = query; }
  /// Shows the message in `row`, which that search led to, where the first of its words stands, or else its beginning.
  Q_INVOKABLE void reach(int row);

 Q_SIGNALS:
  void activeChanged();
  void textChanged();
  void countChanged();
  void currentChanged();
  /// A place is to be seen, be it the one before: it begins at this character of what a block shows.
  void shown(int row, int block, int position);

 private:
  void searchAll();
  void search(int first, int last);
  int countIn(int row) const { return m_counts[static_cast<std::size_t>(row)]; }
  void goTo(int row, int place);
  void leave();
  void showCurrent();
  void settle();
  void setCount(int count);

  MessageModel* m_messages;
  bool m_active = false;
  QString m_text, m_folded, m_searched;
  std::vector<int> m_counts;  // places in each row, while active
  int m_count = 0;
  int m_row = -1, m_place = -1;
  int m_begin = 0;
};

}  // namespace tercet
