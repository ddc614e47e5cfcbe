// Engine errors -> what people read: a title in plain words, one sentence of cause, what to do.
#pragma once

#include <QString>

#include "app/notice.h"
#include "app/storage/database.h"
#include "app/storage/recovery.h"
#include "engine/result.h"

namespace tercet {

/// The notice for `error`. `path` is the model file concerned, if any: it goes to the details, its base name to the text.
/// The English detail of the engine is quoted where it names the thing that failed, freed of control characters.
NoticeContent noticeFor(const Error& error, const QString& path = {});

/// For when `error` (M-103) met a new model while another is still in memory.
NoticeContent noticeForOtherModelInMemory(const Error& error, const QString& path);

/// For when the conversations' database refused something (S-501, S-505, S-506).
NoticeContent noticeFor(const StorageError& error);

/// For when a damaged database was put right (S-507).
NoticeContent noticeFor(const Recovery& recovery);

/// For when the copy of the day could not be made (S-508), or met damage (S-505).
NoticeContent noticeForBackup(const StorageError& error);

/// The button text for an action; empty for None.
QString actionLabel(Notice::Action action);

/// `text` on one line: control characters and direction overrides become spaces, so that a name from a file cannot forge
/// or reorder what people read.
QString printable(const QString& text);

}  // namespace tercet
