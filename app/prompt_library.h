// Prompts to use again, the ones used last first: those of the program and the person's own.
#pragma once

#include <QAbstractListModel>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <vector>

#include "app/storage/library_store.h"

namespace tercet {

struct BuiltInPrompt;
class Notice;

/// Those of the program follow the language of the window until they are changed.
class PromptLibrary : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(int count READ count NOTIFY changed)              // of those that pass the filter
  Q_PROPERTY(QString filter READ filter WRITE setFilter NOTIFY filterChanged)
  Q_PROPERTY(int hiddenCount READ hiddenCount NOTIFY changed)  // of the program's, deleted

 public:
  enum Role { TitleRole = Qt::UserRole + 1, TextRole, BuiltInRole, ChangedRole };
  Q_ENUM(Role)

  /// Both outlive this.
  PromptLibrary(LibraryStore* store, Notice* notice, QObject* parent = nullptr);
  ~PromptLibrary() override;

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  int count() const { return static_cast<int>(m_shown.size()); }
  int hiddenCount() const;
  QString filter() const { return m_filter; }
  /// Each word is looked for in title and text, whatever its case and accents.
  void setFilter(const QString& filter);

  /// Reads them from the database.
  void load();
  /// Those of the program are written anew in the current language.
  void retranslate() { load(); }

  /// An empty title becomes the first words of the text. False for a blank text, or when it cannot be stored.
  Q_INVOKABLE bool add(const QString& title, const QString& text);
  Q_INVOKABLE bool edit(int row, const QString& title, const QString& text);
  /// Notice::Action::Undo brings it back.
  Q_INVOKABLE void remove(int row);
  /// One of the program becomes again what it was. Notice::Action::Undo takes that back.
  Q_INVOKABLE void setBack(int row);
  /// Those of the program that were deleted are there again.
  Q_INVOKABLE void bringBack();
  /// The text in `row`, which is noted as used now; the order changes when the list is read again.
  Q_INVOKABLE QString use(int row);
  /// Orders the list by the last use.
  Q_INVOKABLE void sortByUse();

 Q_SIGNALS:
  void changed();
  void filterChanged();

 private:
  struct Entry {
    const BuiltInPrompt* builtIn = nullptr;
    StoredPrompt stored;  // as in the database
    QString title, text;  // as shown
    bool changed() const { return builtIn && !stored.text.isEmpty(); }
  };

  Entry* at(int row);
  void show();
  bool passes(const Entry& entry) const;
  void putBack(const StoredPrompt& prompt);

  LibraryStore* m_store;
  Notice* m_notice;
  std::vector<Entry> m_entries;
  std::vector<std::size_t> m_shown;  // into m_entries
  QString m_filter;
};

}  // namespace tercet
