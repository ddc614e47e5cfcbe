// One connection to the conversations' database: opening, migrations, transactions, errors. SQL lives in app/storage only.
#pragma once

#include <QSet>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include <initializer_list>
#include <optional>

namespace tercet {

/// What went wrong with the database, in kinds that people can do something about.
struct StorageError {
  enum class Cause {
    Full,      // no room on the disk
    ReadOnly,  // file or folder cannot be written
    Damaged,   // no database, or its pages contradict each other
    Busy,      // another program holds it
    Newer,     // written by a later version of Tercet
    Other      // an I/O error, a missing driver, a bug
  };
  Cause cause = Cause::Other;
  QString detail;  // English, from the database
};

/// Used on the thread that opened it.
class Database {
 public:
  /// The version this program writes: the number of the last file in resources/history.
  static constexpr int kVersion = 3;

  Database();
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// The versions and where their statements are: `folder`/1.sql and so on.
  struct Schema {
    QString folder = QStringLiteral(":/history");
    int version = kVersion;
  };

  /// Opens `path`, creates it when absent, and brings an older one to the newest version. WAL, foreign keys on, every commit
  /// synced. A file that lacks something of the schema is Damaged. Nothing when all went well.
  std::optional<StorageError> open(const QString& path) { return open(path, Schema()); }
  std::optional<StorageError> open(const QString& path, const Schema& schema);
  enum class Content { Sound, Damaged };
  /// Opens `path` as it is, whatever its version, and never writes to it. Of Damaged content, what can be read is read.
  std::optional<StorageError> openReadOnly(const QString& path, Content content = Content::Sound);
  /// Opens `path` for reading and writing as it is, also without a schema.
  std::optional<StorageError> openUnchecked(const QString& path);
  /// Written by a later version of Tercet: this one would misread it.
  bool isLater();
  void close();
  bool isOpen() const { return m_open; }
  /// The file of the journal (WAL) beside a database.
  static QString journalOf(const QString& path) { return path + QStringLiteral("-wal"); }
  const QString& path() const { return m_path; }
  QSqlDatabase connection() const;

  /// Runs one statement with its values. The query is not active when it failed; see lastError.
  QSqlQuery run(const QString& sql, std::initializer_list<QVariant> values = {});
  /// As run, for a statement that gives nothing back. False when it failed.
  bool execute(const QString& sql, std::initializer_list<QVariant> values = {});
  /// Of the last statement that failed since it was asked for.
  std::optional<StorageError> takeError();

 private:
  friend class Transaction;
  std::optional<StorageError> connect(const QString& name, const QString& options);
  std::optional<StorageError> migrate(const Schema& schema);
  std::optional<StorageError> checkSchema(const Schema& schema);
  QSet<QString> objects();
  bool note(const QSqlError& error);

  QString m_name;  // of the connection in Qt's registry
  QString m_path;
  bool m_open = false;
  bool m_inTransaction = false;
  bool m_refusing = false;  // a transaction could not begin: what belongs in it must not run outside of it
  std::optional<StorageError> m_error;
};

/// All or nothing: rolls back unless committed. One inside another belongs to the outer one.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// False when the transaction could not begin or end; nothing is changed then.
  bool commit();

 private:
  Database& m_database;
  bool m_outer = false;
  bool m_begun = false;
};

/// True when no page contradicts another. Reads the whole file.
bool isSound(Database& database);

StorageError storageErrorOf(const QSqlError& error);

}  // namespace tercet
