// Personas and prompts on the disk, in the file of the conversations.
#pragma once

#include <QObject>
#include <QString>

#include <vector>

#include "app/chat_settings.h"
#include "app/storage/database.h"

namespace tercet {

/// A persona of the person's own, or what the person made of one that came with the program: without a name it is as it came.
struct StoredPersona {
  qint64 id = 0;         // 0: not stored yet
  QString key = {};      // of one that came with the program; empty: an own one
  QString name = {};
  ChatSettings settings = {};
  bool hidden = false;   // one that came with the program and was deleted
};

/// As StoredPersona. One that came with the program and has no text here is as it came.
struct StoredPrompt {
  qint64 id = 0;
  QString key = {};
  QString title = {};
  QString text = {};
  bool hidden = false;
  qint64 usedAt = 0;     // ms since 1970, UTC; 0: never
};

/// Synchronous, on the GUI thread. A method that fails changes nothing, emits `failed` and returns 0, false or nothing.
class LibraryStore : public QObject {
  Q_OBJECT

 public:
  /// `database` outlives this; it may be opened later.
  explicit LibraryStore(Database* database, QObject* parent = nullptr);

  /// All, in the order in which they were added. Nothing, without `failed`, while the database is not open: whoever opened
  /// it has said so.
  std::vector<StoredPersona> personas();
  std::vector<StoredPrompt> prompts();

  /// Adds it when its id is 0 or gone (for Undo), else writes over what is there; a key that is there keeps its row, also
  /// one that came in with an import. Returns its id, 0 after `failed`.
  qint64 put(const StoredPersona& persona);
  qint64 put(const StoredPrompt& prompt);
  bool removePersona(qint64 id);
  bool removePrompt(qint64 id);

 Q_SIGNALS:
  void failed(const tercet::StorageError& error);

 private:
  bool done(bool ok);
  qint64 idOf(qint64 known, const QSqlQuery& query);
  qint64 rowOf(const QString& key, const QString& table, qint64 known);

  Database* m_database;
};

}  // namespace tercet
