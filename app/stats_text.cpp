#include "app/stats_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include "app/error_text.h"

namespace tercet {
namespace {

class StatsText {
  Q_DECLARE_TR_FUNCTIONS(StatsText)

 public:
  static QString tokens(std::uint32_t count) {
    //: Figures under an answer: how many tokens it has
    return count == 1 ? tr("1 token") : tr("%1 tokens").arg(QLocale().toString(count));
  }
  static QString brief(const MessageStats& stats) {
    if (stats.tokensPerSecond <= 0) return tokens(stats.tokens);
    //: Figures under an answer: "214 tokens" and its speed in tokens per second
    return tr("%1 · %2 tok/s").arg(tokens(stats.tokens), speedNumber(stats.tokensPerSecond));
  }
  static QStringList full(const MessageStats& stats) {
    const QLocale locale;
    QStringList lines;
    if (stats.tokens > 0) lines << brief(stats);
    if (stats.promptTokens > 0) lines << tr("%1 tokens read").arg(locale.toString(stats.promptTokens));
    if (stats.firstTokenMs >= 100) {
      lines << tr("First token after %1 s").arg(locale.toString(stats.firstTokenMs / 1000.0, 'f', 2));
    } else if (stats.firstTokenMs >= 0) {
      lines << tr("First token after %1 ms").arg(stats.firstTokenMs);
    }
    lines << tr("Seed %1").arg(stats.seed);
    if (stats.threads > 0) lines << (stats.threads == 1 ? tr("1 thread") : tr("%1 threads").arg(stats.threads));
    if (!stats.model.isEmpty()) lines << printable(stats.model);
    return lines;
  }
};

}  // namespace

QString speedNumber(double tokensPerSecond) { return QLocale().toString(tokensPerSecond, 'f', tokensPerSecond < 100 ? 1 : 0); }

QString shortStats(const MessageStats& stats) {
  return stats.known && stats.tokens > 0 ? StatsText::brief(stats) : QString();
}

QString fullStats(const MessageStats& stats) {
  return stats.known ? StatsText::full(stats).join(QLatin1Char('\n')) : QString();
}

}  // namespace tercet
