// The personas: named presets of model, instructions and sampling. Those of the program first, then the person's own.
#pragma once

#include <QAbstractListModel>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <vector>

#include "app/chat_settings.h"
#include "app/storage/library_store.h"

namespace tercet {

struct BuiltInPersona;
class Notice;

/// Those of the program can be changed and set back, and deleted and brought back; they follow the language of the window
/// until they are changed.
class Personas : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(int count READ count NOTIFY changed)
  Q_PROPERTY(int hiddenCount READ hiddenCount NOTIFY changed)  // of the program's, deleted

 public:
  enum Role {
    NameRole = Qt::UserRole + 1,
    InstructionsRole,
    StyleRole,    // SamplingStyle; Custom also where sampling follows the general settings
    BuiltInRole,
    ChangedRole   // one of the program that is no longer as it came
  };
  Q_ENUM(Role)

  /// Both outlive this.
  Personas(LibraryStore* store, Notice* notice, QObject* parent = nullptr);
  ~Personas() override;

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  int count() const { return static_cast<int>(m_rows.size()); }
  int hiddenCount() const { return static_cast<int>(m_hidden.size()); }

  /// Reads them from the database.
  void load();

  /// What a chat keeps to say which persona it has: the key of one of the program, the name of an own one.
  QString referenceOf(int row) const;
  /// -1 when it is gone, or from another computer.
  int rowOf(const QString& reference) const;
  /// For people; of one that is gone, the name it had.
  QString nameOf(const QString& reference) const;
  const ChatSettings& presetOf(int row) const { return m_rows[static_cast<std::size_t>(row)].shown.settings; }
  /// Whether a text is the instructions of a persona; of one of the program, in any language.
  bool instructs(int row, const QString& text) const;

  /// A new one, under a name that no other has. Its row, or -1 when it cannot be stored.
  int add(const QString& name, const ChatSettings& settings);
  /// Keeps the name and takes the rest from `settings`.
  bool setPreset(int row, const ChatSettings& settings);
  /// `style` Custom leaves the sampling as it is. False, with nothing changed, for a blank name or a failed store.
  Q_INVOKABLE bool edit(int row, const QString& name, const QString& instructions, int style);
  Q_INVOKABLE void duplicate(int row);
  /// Notice::Action::Undo brings it back.
  Q_INVOKABLE void remove(int row);
  /// One of the program becomes again what it was. Notice::Action::Undo takes that back.
  Q_INVOKABLE void setBack(int row);
  /// Those of the program that were deleted are there again.
  Q_INVOKABLE void bringBack();

  /// Those of the program are written anew in the current language.
  void retranslate() { load(); }

 Q_SIGNALS:
  void changed();
  void renamed(const QString& oldReference, const QString& newReference);

 private:
  struct Row {
    const BuiltInPersona* builtIn = nullptr;
    StoredPersona shown;
    bool changed = false;  // one of the program, with a name and settings of its own in the database
  };

  const Row* at(int row) const;
  QString freeName(const QString& wished, int except = -1) const;
  bool store(int row, StoredPersona persona);
  void putBack(const StoredPersona& persona);

  LibraryStore* m_store;
  Notice* m_notice;
  std::vector<Row> m_rows;
  std::vector<StoredPersona> m_hidden;
};

}  // namespace tercet
