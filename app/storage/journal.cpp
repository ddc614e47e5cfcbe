#include "app/storage/journal.h"

#include <QtEndian>

#include <algorithm>
#include <array>
#include <vector>

#include "app/storage/tree_page.h"

namespace tercet {
namespace {

// https://www.sqlite.org/fileformat.html, 4.1 and 4.2.
constexpr qsizetype kWalHeader = 32, kFrameHeader = 24;
constexpr quint32 kWalMagic = 0x377f0682;  // the lowest bit says: sums of big-endian numbers

using Sum = std::array<quint32, 2>;
using Salts = std::array<quint32, 2>;

quint32 numberAt(const QByteArray& bytes, qsizetype at) { return qFromBigEndian<quint32>(bytes.constData() + at); }

/// Goes on with a sum over bytes, a multiple of 8.
void addTo(Sum& sum, const QByteArray& bytes, qsizetype length, bool bigEndian) {
  for (qsizetype at = 0; at < length; at += 8) {
    const char* data = bytes.constData() + at;
    sum[0] += (bigEndian ? qFromBigEndian<quint32>(data) : qFromLittleEndian<quint32>(data)) + sum[1];
    sum[1] += (bigEndian ? qFromBigEndian<quint32>(data + 4) : qFromLittleEndian<quint32>(data + 4)) + sum[0];
  }
}

struct WalFrame {
  qint64 at = 0;        // of its page in the file
  quint32 page = 0;
  bool commit = false;
  bool good = false;    // its sum follows from that of the frame before
};

/// The frames up to the last commit that can be read. A sum goes on from frame to frame and stands in each, so that one can be checked
/// behind another that is damaged.
std::vector<WalFrame> framesOf(QFile& file) {
  std::vector<WalFrame> frames;
  const QByteArray header = file.read(kWalHeader);
  if (header.size() != kWalHeader || (numberAt(header, 0) | 1) != (kWalMagic | 1) || numberAt(header, 8) != kPageSize) return frames;
  const bool bigEndian = (numberAt(header, 0) & 1) != 0;
  const Salts salts{numberAt(header, 16), numberAt(header, 20)};
  Sum sum{numberAt(header, 24), numberAt(header, 28)};
  std::size_t committed = 0;
  for (;;) {
    const QByteArray head = file.read(kFrameHeader);
    const qint64 at = file.pos();
    const QByteArray page = file.read(kPageSize);
    if (head.size() != kFrameHeader || page.size() != kPageSize) break;
    addTo(sum, head, 8, bigEndian);
    addTo(sum, page, kPageSize, bigEndian);
    const Sum stored{numberAt(head, 16), numberAt(head, 20)};
    const bool good = Salts{numberAt(head, 8), numberAt(head, 12)} == salts && sum == stored && numberAt(head, 0) > 0;
    frames.push_back({at, numberAt(head, 0), numberAt(head, 4) != 0, good});
    sum = stored;
    if (good && frames.back().commit) committed = frames.size();
  }
  frames.resize(committed);
  return frames;
}

}  // namespace

bool isJournalDamaged(const QString& journal) {
  QFile file(journal);
  if (file.size() == 0 || !file.open(QIODevice::ReadOnly)) return false;
  const std::vector<WalFrame> frames = framesOf(file);
  return std::any_of(frames.begin(), frames.end(), [](const WalFrame& frame) { return !frame.good; });
}

bool applyJournal(const QString& journal, QFile& copy) {
  QFile file(journal);
  if (!file.open(QIODevice::ReadOnly)) return true;
  for (const WalFrame& frame : framesOf(file)) {
    if (!frame.good || !file.seek(frame.at)) continue;
    if (!copy.seek((qint64{frame.page} - 1) * kPageSize) || copy.write(file.read(kPageSize)) != kPageSize) return false;
  }
  return copy.flush();
}

}  // namespace tercet
