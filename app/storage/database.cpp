#include "app/storage/database.h"

#include <QFile>
#include <QFileInfo>
#include <QStringList>
#include <QUrl>

#include <atomic>
#include <utility>

namespace tercet {
namespace {

// Result codes of SQLite, https://www.sqlite.org/rescode.html; the low byte of an extended code.
constexpr int kBusy = 5, kLocked = 6, kReadOnly = 8, kIoError = 10, kCorrupt = 11, kFull = 13, kCantOpen = 14, kNotADatabase = 26;

constexpr int kFarVersion = 1000;  // no later program wrote that: the number itself is damaged

const QString kInMemory = QStringLiteral(":memory:");

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
  static std::atomic<int> last = 0;  // names are for Qt's registry only
  return ++last;
}

/// SQLite takes the journal of a file without a byte for a leftover and deletes it. It may hold everything.
bool isOnlyJournal(const QString& path) { return QFileInfo(path).size() == 0 && QFileInfo(Database::journalOf(path)).size() > 0; }

StorageError onlyJournal() { return {StorageError::Cause::Damaged, QStringLiteral("a journal without its file")}; }

QString asUri(const QString& path, const QString& query) {
  return QString::fromLatin1(QUrl::fromLocalFile(path).toEncoded()) + QLatin1Char('?') + query;
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

std::optional<StorageError> Database::connect(const QString& name, const QString& options) {
  QSqlDatabase connection = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_name);
  connection.setDatabaseName(name);
  connection.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=2000") + options);
  m_open = connection.open();
  if (m_open) return std::nullopt;
  const StorageError error = storageErrorOf(connection.lastError());
  connection = {};
  close();
  return error;
}

std::optional<StorageError> Database::open(const QString& path, const Schema& schema) {
  close();
  m_path = path;
  if (isOnlyJournal(path)) return onlyJournal();
  if (std::optional<StorageError> error = connect(path, {})) return error;
  // FULL: a commit is on the disk before anybody is told that it is; with WAL that is one sync a message.
  // Deleted for good means that the text is no longer in the file, either; it costs too little to be measured.
  const bool ready = execute(QStringLiteral("PRAGMA journal_mode = WAL")) && execute(QStringLiteral("PRAGMA synchronous = FULL")) &&
                     execute(QStringLiteral("PRAGMA secure_delete = ON")) &&
                     execute(QStringLiteral("PRAGMA foreign_keys = ON"));
  std::optional<StorageError> error = ready ? migrate(schema) : takeError();
  if (!error && path != kInMemory) error = checkSchema(schema);
  if (error) close();
  return error;
}

std::optional<StorageError> Database::openReadOnly(const QString& path, Content content) {
  std::optional<StorageError> error;
  if (isOnlyJournal(path)) return onlyJournal();
  // "immutable" reads the file alone, where its folder does not even take the small file that readers of a WAL share.
  for (const QString& query : {QStringLiteral("mode=ro"), QStringLiteral("immutable=1")}) {
    close();
    m_path = path;
    error = connect(asUri(path, query), QStringLiteral(";QSQLITE_OPEN_URI;QSQLITE_OPEN_READONLY"));
    // With this an entry of the schema that makes no sense, or a missing end of the file, hides nothing else.
    if (!error && content == Content::Damaged) execute(QStringLiteral("PRAGMA writable_schema = ON"));
    if (!error && run(QStringLiteral("SELECT COUNT(*) FROM sqlite_schema")).next()) return std::nullopt;
    if (!error) error = takeError();
  }
  close();
  return error;
}

std::optional<StorageError> Database::openUnchecked(const QString& path) {
  close();
  m_path = path;
  return connect(path, {});
}

bool Database::isLater() {
  QSqlQuery query = run(QStringLiteral("PRAGMA user_version"));
  const int version = query.next() ? query.value(0).toInt() : 0;
  return version > kVersion && version <= kFarVersion;
}

void Database::close() {
  if (QSqlDatabase::contains(m_name)) {
    connection().close();
    QSqlDatabase::removeDatabase(m_name);
  }
  m_open = false;
  m_inTransaction = false;
  m_refusing = false;
  m_error.reset();
}

std::optional<StorageError> Database::migrate(const Schema& schema) {
  QSqlQuery query = run(QStringLiteral("PRAGMA user_version"));
  if (!query.next()) return takeError();
  int version = query.value(0).toInt();
  query.finish();
  if (version > kFarVersion) return StorageError{StorageError::Cause::Damaged, QStringLiteral("version %1").arg(version)};
  if (version > schema.version) {
    return StorageError{StorageError::Cause::Newer, QStringLiteral("version %1, this program knows %2").arg(version).arg(schema.version)};
  }
  if (version <= 0) {
    QSqlQuery tables = run(QStringLiteral("SELECT COUNT(*) FROM sqlite_schema"));
    if (!tables.next()) return takeError();
    if (version < 0 || tables.value(0).toInt() > 0) {
      return StorageError{StorageError::Cause::Damaged, QStringLiteral("there are tables, but no version")};
    }
  }
  while (version < schema.version) {
    const QString file = QStringLiteral("%1/%2.sql").arg(schema.folder).arg(++version);
    Transaction transaction(*this);
    const QStringList statements = statementsOf(file);
    if (statements.isEmpty()) return StorageError{StorageError::Cause::Other, file + QStringLiteral(" is missing")};
    for (const QString& statement : statements) {
      if (!execute(statement)) return takeError();
    }
    if (!execute(QStringLiteral("PRAGMA user_version = %1").arg(version)) || !transaction.commit()) return takeError();
  }
  return std::nullopt;
}

/// What the schema consists of: tables with their columns, indexes and triggers, by name.
QSet<QString> Database::objects() {
  QSet<QString> names;
  QSqlQuery query = run(QStringLiteral("SELECT type || ' ' || name FROM sqlite_schema UNION ALL "
                                       "SELECT 'column ' || t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c "
                                       "WHERE t.type = 'table'"));
  while (query.next()) names << query.value(0).toString();
  return names;
}

/// A file that was cut or tampered with may lack what every method here relies on. The pattern is a database in memory.
std::optional<StorageError> Database::checkSchema(const Schema& schema) {
  Database pattern;
  if (std::optional<StorageError> error = pattern.open(kInMemory, schema)) return error;
  const QSet<QString> missing = pattern.objects() - objects();
  if (std::optional<StorageError> error = takeError()) return error;
  if (missing.isEmpty()) return std::nullopt;
  return StorageError{StorageError::Cause::Damaged, QStringLiteral("not there: ") + QStringList(missing.values()).join(QLatin1String(", "))};
}

QSqlQuery Database::run(const QString& sql, std::initializer_list<QVariant> values) {
  QSqlQuery query(connection());
  if (m_refusing) return query;
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

bool isSound(Database& database) {
  QSqlQuery query = database.run(QStringLiteral("PRAGMA quick_check(1)"));
  return query.next() && query.value(0).toString() == QLatin1String("ok");
}

Transaction::Transaction(Database& database) : m_database(database), m_outer(!database.m_inTransaction && !database.m_refusing) {
  if (!m_outer) return;
  // IMMEDIATE: another writer is met here, not in the middle.
  m_begun = database.execute(QStringLiteral("BEGIN IMMEDIATE"));
  database.m_inTransaction = m_begun;
  database.m_refusing = !m_begun;
}

Transaction::~Transaction() {
  if (m_outer) m_database.m_refusing = false;
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
