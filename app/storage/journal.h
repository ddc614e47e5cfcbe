// The journal (WAL) beside a database, read without SQLite, which stops at the first damage and forgets what comes behind it.
#pragma once

#include <QFile>
#include <QString>

namespace tercet {

/// True when commits stand behind damage in the journal: SQLite would not read them. What was being written when the power went, and
/// what is left over from before the journal was begun anew, is no damage. Reads the whole file.
bool isJournalDamaged(const QString& journal);

/// Writes the pages of all commits that can be read into a copy of the database, each in its place. False when there is no room.
bool applyJournal(const QString& journal, QFile& copy);

}  // namespace tercet
