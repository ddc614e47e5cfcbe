#include "app/odds_model.h"

#include <QByteArray>
#include <QLocale>

#include <algorithm>
#include <utility>

#include "app/error_text.h"

namespace tercet {
namespace {

constexpr double kLeastPercent = 0.1;  // smaller ones are told apart by their order

QString textOf(std::string_view bytes) { return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size())); }

QString hexOf(std::string_view bytes) {
  return QString::fromLatin1(QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())).toHex(' ').toUpper());
}

}  // namespace

OddsModel::OddsModel(QObject* parent) : QAbstractListModel(parent) {}

int OddsModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QVariant OddsModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const TokenOdds& row = at(index.row());
  switch (role) {
    case WordRole: return row.ends_turn ? tr("end of the answer") : wordOf(row.bytes);
    case SpokenRole: return row.ends_turn ? tr("end of the answer") : spokenWordOf(row.bytes);
    case ProbabilityRole: return row.probability;
    case PercentRole: return percentOf(row.probability);
    case ChosenRole: return row.token == m_chosen;
    case EndsTurnRole: return row.ends_turn;
    default: return {};
  }
}

QHash<int, QByteArray> OddsModel::roleNames() const {
  return {{WordRole, "word"},       {SpokenRole, "spoken"}, {ProbabilityRole, "probability"},
          {PercentRole, "percent"}, {ChosenRole, "chosen"}, {EndsTurnRole, "endsTurn"}};
}

double OddsModel::otherShare() const {
  if (m_rows.empty()) return 0;
  double listed = 0;
  for (const TokenOdds& row : m_rows) listed += row.probability;
  return std::clamp(1 - listed, 0.0, 1.0);
}

void OddsModel::show(const Odds& odds) {
  const int before = count();
  beginResetModel();
  m_rows = odds.best;
  m_chosen = odds.chosen.token;
  const auto isChosen = [this](const TokenOdds& row) { return row.token == m_chosen; };
  if (std::none_of(m_rows.begin(), m_rows.end(), isChosen)) m_rows.push_back(odds.chosen);
  endResetModel();
  if (count() != before) Q_EMIT countChanged();
}

void OddsModel::clear() {
  if (m_rows.empty()) return;
  beginResetModel();
  m_rows.clear();
  endResetModel();
  Q_EMIT countChanged();
}

void OddsModel::retranslate() {
  if (!m_rows.empty()) Q_EMIT dataChanged(index(0), index(count() - 1));
}

QString OddsModel::wordOf(std::string_view bytes) {
  if (!is_valid_utf8(bytes)) return QChar(0x2039) + hexOf(bytes) + QChar(0x203A);
  QString word = textOf(bytes);
  for (QChar& c : word) {
    const char16_t code = c.unicode();
    if (code == u' ') {
      c = QChar(0x2423);
    } else if (code == u'\n') {
      c = QChar(0x21B5);
    } else if (code == u'\t') {
      c = QChar(0x21E5);
    } else if (code < 0x20) {
      c = QChar(0x2400 + code);  // control pictures
    }
  }
  return printable(word);
}

QString OddsModel::spokenWordOf(std::string_view bytes) {
  //: A token that is not a whole character; %1: its bytes
  if (!is_valid_utf8(bytes)) return tr("part of a character, %1").arg(hexOf(bytes));
  const QString text = textOf(bytes);
  if (const QString word = text.simplified(); !word.isEmpty()) return printable(word);
  return text.contains(u'\n') ? tr("line break") : tr("space");
}

QString OddsModel::percentOf(double probability) {
  const double percent = probability * 100;
  //: A share
  if (percent >= kLeastPercent || percent == 0) return tr("%1 %").arg(QLocale().toString(percent, 'f', 1));
  //: A share that is smaller than %1 percent, but not zero
  return tr("< %1 %").arg(QLocale().toString(kLeastPercent, 'f', 1));
}

}  // namespace tercet
