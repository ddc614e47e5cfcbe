#include "app/storage/database.h"

#include <QFile>
#include <QFileInfo>
#include <QStringList>

#include <utility>

namespace tercet {
namespace {

// Result codes of SQLite, https://www.sqlite.org/rescode.html; the low byte of an extended code.
constexpr int kBusy = 5, kLocked = 6, kReadOnly = 8, kIoError = 10, kCorrupt = 11, kFull = 13, kCantOpen = 14, kNotADatabase = 26;

QString migrationPath(int version) { return QStringLiteral(":/history/%1.sql").arg(version); }

/// The statements of a file, which are separated by empty lines.
QStringList statementsOf(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly | QIODevice::Text)) return {};
  QStringList statements;
  for (const QString& part : QString::fromUtf8(file.readAll()).split(QStringLiteral("\n\n"), Qt::SkipEmptyParts)) {
    QStringList lines = part.split(QLatin1Char('\n'));
    lines.removeIf([](const QString& line) { return line.trimmed().startsWith(QLatin1String("--")); });
    const QString statement = lines.join(QLatin1Char('\n')).trimmed();
    if (!statement.isEmpty()) statements << statement;
  }
  return statements;
}

int nextConnection() {
  static int last = 0;  // names are for Qt's registry only, and connections are made on the GUI thread
  return ++last;
}

}  // namespace

StorageError storageErrorOf(const QSqlError& error) {
  using Cause = StorageError::Cause;
  const QString detail = error.text().trimmed();
  switch (error.nativeErrorCode().toInt() & 0xff) {
    case kFull: return {Cause::Full, detail};
    case kReadOnly:
    case kCantOpen: return {Cause::ReadOnly, detail};
    case kCorrupt:
    case kNotADatabase: return {Cause::Damaged, detail};
    case kBusy:
    case kLocked: return {Cause::Busy, detail};
    case kIoError:
    default: return {Cause::Other, detail};
  }
}

Database::Database() : m_name(QStringLiteral("history-%1").arg(nextConnection())) {}
Database::~Database() { close(); }

QSqlDatabase Database::connection() const { return QSqlDatabase::database(m_name, false); }

std::optional<StorageError> Database::open(const QString& path) {
  close();
  m_path = path;
  QSqlDatabase connection = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_name);
  connection.setDatabaseName(path);
  connection.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=2000"));
  if (!connection.open()) {
    const StorageError error = storageErrorOf(connection.lastError());
    connection = {};
    close();
    return error;
  }
  m_open = true;
  connection = {};
  // FULL: a commit is on the disk before anybody is told that it is; with WAL that is one sync a message.
  const bool ready = execute(QStringLiteral("PRAGMA journal_mode = WAL")) && execute(QStringLiteral("PRAGMA synchronous = FULL")) &&
                     execute(QStringLiteral("PRAGMA foreign_keys = ON"));
  std::optional<StorageError> error = ready ? migrate() : takeError();
  if (error) close();
  return error;
}

void Database::close() {
  if (QSqlDatabase::contains(m_name)) {
    connection().close();
    QSqlDatabase::removeDatabase(m_name);
  }
  m_open = false;
  m_inTransaction = false;
  m_error.reset();
}

std::optional<StorageError> Database::migrate() {
  QSqlQuery query = run(QStringLiteral("PRAGMA user_version"));
  if (!query.next()) return takeError();
  int version = query.value(0).toInt();
  query.finish();
  if (version > kVersion) {
    return StorageError{StorageError::Cause::Newer, QStringLiteral("version %1, this program knows %2").arg(version).arg(kVersion)};
  }
  while (version < kVersion) {
    ++version;
    Transaction transaction(*this);
    const QStringList statements = statementsOf(migrationPath(version));
    if (statements.isEmpty()) return StorageError{StorageError::Cause::Other, migrationPath(version) + QStringLiteral(" is missing")};
    for (const QString& statement : statements) {
      if (!execute(statement)) return takeError();
    }
    if (!execute(QStringLiteral("PRAGMA user_version = %1").arg(version)) || !transaction.commit()) return takeError();
  }
  return std::nullopt;
}

QSqlQuery Database::run(const QString& sql, std::initializer_list<QVariant> values) {
  QSqlQuery query(connection());
  query.setForwardOnly(true);
  if (!query.prepare(sql)) {
    note(query.lastError());
    return query;
  }
  for (const QVariant& value : values) query.addBindValue(value);
  if (!query.exec()) note(query.lastError());
  return query;
}

bool Database::execute(const QString& sql, std::initializer_list<QVariant> values) { return run(sql, values).isActive(); }

bool Database::note(const QSqlError& error) {
  m_error = storageErrorOf(error);
  return false;
}

std::optional<StorageError> Database::takeError() { return std::exchange(m_error, std::nullopt); }

Transaction::Transaction(Database& database) : m_database(database), m_outer(!database.m_inTransaction) {
  if (!m_outer) return;
  // IMMEDIATE: another writer is met here, not in the middle.
  m_begun = database.execute(QStringLiteral("BEGIN IMMEDIATE"));
  database.m_inTransaction = m_begun;
}

Transaction::~Transaction() {
  if (!m_begun) return;
  const std::optional<StorageError> cause = m_database.m_error;  // rolling back must not hide it
  m_database.execute(QStringLiteral("ROLLBACK"));
  m_database.m_error = cause;
  m_database.m_inTransaction = false;
}

bool Transaction::commit() {
  if (!m_outer) return m_database.m_inTransaction;
  if (!m_begun || !m_database.execute(QStringLiteral("COMMIT"))) return false;  // the destructor rolls back
  m_begun = false;
  m_database.m_inTransaction = false;
  return true;
}

}  // namespace tercet
