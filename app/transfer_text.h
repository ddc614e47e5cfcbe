// What came of an export or an import, in the words people read. Codes X-7xx.
#pragma once

#include <QString>

#include "app/notice.h"
#include "app/transfer_worker.h"

namespace tercet {

NoticeContent noticeForExport(const TransferOutcome& outcome, const TransferRequest& request);
/// `imported`: how many were stored. `file` is its path; only its name is shown.
NoticeContent noticeForImport(const TransferOutcome& outcome, int imported, const QString& file);

}  // namespace tercet
