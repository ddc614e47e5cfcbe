// Copies rows out of a damaged database, around the pages that cannot be read.
#pragma once

#include <QString>
#include <QStringList>

#include <map>
#include <vector>

#include "app/storage/database.h"

namespace tercet {

/// Ids from `first` to `last`, both included.
struct IdRange {
  qint64 first = 0;
  qint64 last = qint64{1} << 53;  // up to where the window's numbers are exact
};
/// Drafts of edits have them.
constexpr IdRange kNegativeIds{-(qint64{1} << 53), -1};
constexpr IdRange kAllIds{kNegativeIds.first, IdRange{}.last};

/// Where rows may be missing, by table.
using Missing = std::map<QString, std::vector<IdRange>>;

/// One table on its way from one database to another. Rows keep their ids; one that is there already stays as it is.
/// Both databases outlive this.
class Salvage {
 public:
  /// The tables with content of their own, without the full-text indexes and what says how those were made.
  static QStringList tables(Database& database);

  Salvage(Database& from, Database& to, const QString& table);

  /// Copies what can be read in `range` and returns where rows may be missing. `behindBreak`: what lies before the range could not be
  /// read up to its beginning.
  std::vector<IdRange> copy(IdRange range, bool behindBreak = false);
  /// Copies these rows, each by itself. Between two that cannot be read there may be good ones that no step met.
  void copyEach(const std::vector<qint64>& ids);
  /// The new database took no rows. Nothing of use was done then.
  bool refused() const { return m_refused; }

 private:
  struct Column {
    QString name;
    QVariant insteadOfNull;
    int type = QMetaType::QString;  // of its values
    bool hasDefault = false;
  };
  struct Reading {
    bool whole = false;  // to the end of the range
    bool any = false;    // at least one row
    bool odd = false;    // it ended at a row that cannot be: of what was there not even the ids are known
    qint64 first = 0;    // the id of the first row
    qint64 last = 0;     // and of the last
  };

  Reading read(IdRange range, bool upwards);
  std::vector<qint64> listedIds(IdRange range);
  bool canBe(const QSqlQuery& row) const;
  bool insert(const QSqlQuery& row);

  Database& m_from;
  Database& m_to;
  QString m_table;
  QString m_key;             // empty when the old table has none
  bool m_keyOfOne = true;    // no two rows have the same
  std::vector<Column> m_columns;
  bool m_refused = false;
};

/// Copies what is missing and leaves what still is. False when the new database took no rows.
bool copyMissing(Database& from, Database& to, Missing& missing);

}  // namespace tercet
