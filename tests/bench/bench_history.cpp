// How fast a large history opens and is searched. Run by hand, not by ctest:
//   bench_history FILE [messages]
// fills FILE (unless it is there) with conversations of 100 messages, then measures it; 1,000,000 messages when not said.
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QSqlQuery>
#include <QVariant>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <random>
#include <vector>

#include "app/storage/history_search.h"
#include "app/storage/history_store.h"
#include "app/storage/search_words.h"
#include "app/storage/sql_values.h"

using namespace tercet;

namespace {

constexpr int kMessagesEach = 100;  // of a conversation
constexpr int kRepeats = 9;
constexpr qint64 kBegin = 1'600'000'000'000, kApart = 100'000;  // ms, of the first message and between two
constexpr int kCharacters = 3000;  // Chinese ones that occur

/// Words whose frequency falls with their rank, as in any language (Zipf). The commonest are those of English; the others are made up.
class Words {
 public:
  explicit Words(std::mt19937& random) {
    const QStringList parts{"ka", "to", "mi", "re", "con", "the", "an", "in", "ing", "er", "pro", "sta", "lo",
                            "ve", "par", "tion", "su", "de", "al", "qu", "ser", "vi", "bra", "gen", "dol"};
    const QStringList english = QStringLiteral("the of and to a in is it you that he was for on are with as i his they be at one have this from "
                                               "or had by not but what all were when we there can an your")
                                    .split(QLatin1Char(' '));
    double total = 0;
    for (int rank = 0; rank < 50'000; ++rank) {
      const int syllables = 1 + static_cast<int>(std::log(rank + 1) / 3.2) + static_cast<int>(random() % 2);
      QString word;
      for (int i = 0; i < syllables; ++i) word += parts[static_cast<qsizetype>(random() % static_cast<unsigned>(parts.size()))];
      m_words << (rank < english.size() ? english[rank] : word);
      m_sums.push_back(total += 1.0 / (rank + 1));
    }
  }

  QString text(std::mt19937& random, int count) const {
    std::uniform_real_distribution<double> any(0, m_sums.back());
    QString text;
    for (int i = 0; i < count; ++i) {
      const auto found = std::lower_bound(m_sums.begin(), m_sums.end() - 1, any(random));
      text += (i > 0 ? QStringLiteral(" ") : QString()) + m_words[found - m_sums.begin()];
    }
    return text;
  }
  /// By rank, 0 the most frequent.
  QString at(int rank) const { return m_words[rank]; }

 private:
  QStringList m_words;
  std::vector<double> m_sums;
};

/// Chinese without a space: characters from U+4E00 on, whose frequency falls with their rank.
QString chinese(std::mt19937& random, int count) {
  // The harmonic sum grows with the logarithm, so that the power of an even number is a rank after Zipf.
  std::uniform_real_distribution<double> any(0, std::log(kCharacters));
  QString text;
  for (int i = 0; i < count; ++i) text += QChar(static_cast<char16_t>(0x4e00 + static_cast<int>(std::exp(any(random))) - 1));
  return text;
}

void fill(const QString& path, int messages, const Words& words, std::mt19937& random) {
  Database database;
  if (const auto error = database.open(path)) qFatal("%s", qPrintable(error->detail));
  database.execute(QStringLiteral("PRAGMA synchronous = OFF"));
  QSqlQuery conversation(database.connection()), message(database.connection());
  conversation.prepare(QStringLiteral("INSERT INTO conversations(title, created_at, updated_at) VALUES (?, ?, ?)"));
  message.prepare(QStringLiteral("INSERT INTO messages(id, conversation_id, parent_id, author, state, text, pairs, created_at) "
                                 "VALUES (?, ?, ?, ?, 'complete', ?, ?, ?)"));
  QElapsedTimer clock;
  clock.start();
  for (int done = 0; done < messages;) {
    Transaction transaction(database);
    for (int i = 0; i < 50 && done < messages; ++i) {
      const qint64 time = kBegin + qint64{done} * kApart;
      conversation.addBindValue(words.text(random, 5));
      conversation.addBindValue(time);
      conversation.addBindValue(time);
      if (!conversation.exec()) qFatal("%s", qPrintable(conversation.lastError().text()));
      const qint64 id = conversation.lastInsertId().toLongLong();
      QVariant parent(QMetaType::fromType<qint64>());
      for (int j = 0; j < kMessagesEach && done < messages; ++j, ++done) {
        const bool question = j % 2 == 0;
        const qint64 sent = kBegin + qint64{done} * kApart;
        message.addBindValue(sent / 500);  // as HistoryStore::nextMessageId
        message.addBindValue(id);
        message.addBindValue(parent);
        message.addBindValue(question ? "user" : "assistant");
        QString text = words.text(random, question ? 4 + static_cast<int>(random() % 17) : 15 + static_cast<int>(random() % 61));
        if (done % 20 == 0) text += QStringLiteral(" 今天天气很好，我们去公园散步。") + chinese(random, 10 + static_cast<int>(random() % 51));
        message.addBindValue(text);
        message.addBindValue(orNull(pairsOfText(text)));
        message.addBindValue(sent);
        if (!message.exec()) qFatal("%s", qPrintable(message.lastError().text()));
        parent = message.lastInsertId();
      }
    }
    if (!transaction.commit()) qFatal("the disk refused");
    if (done % 50'000 == 0) std::printf("%d messages after %.0f s\n", done, static_cast<double>(clock.elapsed()) / 1e3), std::fflush(stdout);
  }
}

/// Processor time of this thread in milliseconds: waiting for others does not count.
double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

void measure(const char* what, const std::function<QString()>& act) {
  std::vector<double> times;
  QString result;
  for (int i = 0; i < kRepeats; ++i) {
    const double start = now();
    result = act();
    times.push_back(now() - start);
  }
  std::sort(times.begin(), times.end());
  std::printf("%-44s median %8.1f CPU ms, worst %8.1f CPU ms  %s\n", what, times[kRepeats / 2], times.back(), qPrintable(result));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication program(argc, argv);
  if (argc < 2) return std::printf("bench_history FILE [messages]\n"), 1;
  const QString path = QString::fromLocal8Bit(argv[1]);
  std::mt19937 random(1);
  const Words words(random);
  if (!QFileInfo::exists(path)) fill(path, argc > 2 ? std::atoi(argv[2]) : 1'000'000, words, random);

  measure("open the store, last conversation read", [&] {
    HistoryStore store;
    if (!store.open(path)) return QStringLiteral("failed");
    QSqlQuery newest = store.database().run(QStringLiteral("SELECT MAX(id) FROM conversations"));
    return QStringLiteral("%1 messages shown").arg(newest.next() ? store.messages(newest.value(0).toLongLong()).size() : 0);
  });
  HistorySearch search;
  if (search.open(path)) return std::printf("cannot be read\n"), 1;
  const auto find = [&](const char* what, const QString& typed, qint64 since = 0) {
    measure(what, [&] {
      const SearchQuery query = parseSearch(typed);
      const std::size_t titles = query.empty() ? search.recent(30, since).size() : search.titles(query, 6, since).size();
      const HistorySearch::Page page = search.messages(query, 0, 30, [] { return false; }, since);
      return QStringLiteral("%1: %2 chats, %3 messages%4").arg(typed).arg(titles).arg(page.hits.size()).arg(page.next != 0 ? "+" : "");
    });
  };
  const QString common = words.at(0), second = words.at(1), rare = words.at(49'000);
  find("nothing typed", {});
  find("a word of nearly every message", common + ' ');
  find("a rare word", rare);
  find("two common words", common + ' ' + second);
  find("a common and a rare word", common + ' ' + rare);
  for (const char* beginning : {"t", "th", "co", "con", "cons", "conth", "consta"}) find("the beginning of words", beginning);
  find("a phrase of common words", '"' + common + ' ' + second + '"');
  find("a phrase of four common words, seldom", '"' + words.at(3) + ' ' + second + ' ' + words.at(2) + ' ' + common + '"');
  find("a phrase of five common words, hardly ever",
       '"' + words.at(2) + ' ' + words.at(3) + ' ' + common + ' ' + second + ' ' + words.at(2) + '"');
  find("such a phrase as it is typed", '"' + words.at(2) + ' ' + words.at(3) + ' ' + common + ' ' + second + ' ' + words.at(2).left(2));
  find("a phrase of rare words (nowhere)", '"' + rare + ' ' + words.at(48'000) + '"');
  find("common words, one left out", second + " -" + common);
  find("a word that is nowhere", QStringLiteral("zyxwv"));
  find("a beginning like others, nowhere", QStringLiteral("conzyx"));
  find("Chinese", QStringLiteral("公园"));
  find("Chinese, nowhere", QStringLiteral("火车"));
  find("a Chinese character of nearly every such one", QStringLiteral("一"));
  find("a Chinese character that is nowhere", QStringLiteral("龙"));
  find("four common characters, seldom", QStringLiteral("丂一丁七"));
  find("Chinese and a rare word", QStringLiteral("公园 ") + rare);
  find("Chinese, other Chinese left out", QStringLiteral("今天 -公园"));
  const qint64 lastMonth = kBegin + (1'000'000 - 26'000) * kApart;
  find("a word of nearly every message, last month", common + ' ', lastMonth);
  find("a rare word, last month", rare, lastMonth);
  find("a word that is nowhere, last month", QStringLiteral("zyxwv"), lastMonth);
  std::printf("size on disk: %.0f MB\n", static_cast<double>(QFileInfo(path).size()) / 1e6);
  return 0;
}
