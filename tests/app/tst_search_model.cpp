// Search results as the window gets them.
#include <QAbstractItemModelTester>
#include <QDateTime>
#include <QLocale>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include "app/search_model.h"
#include "app/storage/history_store.h"

using namespace tercet;

class TestSearchModel : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> m_dir;
  std::unique_ptr<HistoryStore> m_store;
  std::unique_ptr<SearchModel> m_model;

  ConversationId begin(const QString& title) {
    ConversationInfo info;
    info.title = title;
    return m_store->addConversation(info);
  }
  MessageId add(ConversationId conversation, const QString& text, Message::Author author = Message::Author::User, qint64 time = 0) {
    Message message;
    message.createdAt = time;
    message.author = author;
    message.text = text;
    return m_store->addMessage(conversation, message);
  }
  QString at(int row, int role) { return m_model->index(row).data(role).toString(); }
  bool ready() { return !m_model->busy(); }

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<HistoryStore>();
    QVERIFY(m_store->open(HistoryStore::fileIn(m_dir->path())));
    m_model = std::make_unique<SearchModel>(HistoryStore::fileIn(m_dir->path()));
    new QAbstractItemModelTester(m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest, m_model.get());
  }
  void cleanup() {
    m_model.reset();
    m_store.reset();
    m_dir.reset();
  }

  void without_words_the_chats_used_last_are_shown() {
    begin("First");
    m_model->refresh();
    QVERIFY(m_model->busy());
    QTRY_VERIFY(ready());
    QCOMPARE(m_model->count(), 1);
    QVERIFY(m_model->recent());
    QCOMPARE(at(0, SearchModel::TitleRole), QString("First"));
    m_model->setQuery(" -- ");
    QTRY_VERIFY(ready());
    QVERIFY(m_model->recent());
    QCOMPARE(m_model->count(), 1);
  }

  void chats_come_before_messages_and_each_says_where_it_leads() {
    const ConversationId id = begin("All about apples");
    add(id, "Which apples?");
    const MessageId answer = add(id, "Red apples", Message::Author::Assistant);
    m_model->setQuery("apples");
    QTRY_COMPARE(m_model->count(), 3);
    QVERIFY(!m_model->recent());
    QCOMPARE(at(0, SearchModel::KindRole).toInt(), static_cast<int>(SearchModel::Kind::Chat));
    QCOMPARE(m_model->conversationAt(0), id);
    QCOMPARE(m_model->messageAt(0), MessageId{0});
    QCOMPARE(m_model->messageAt(1), answer);
    QVERIFY(!m_model->index(1).data(SearchModel::FromPersonRole).toBool());
    QVERIFY(m_model->index(2).data(SearchModel::FromPersonRole).toBool());
    QCOMPARE(m_model->conversationAt(7), ConversationId{0});
  }

  void what_was_found_is_bold_and_the_rest_is_never_markup() {
    add(begin("<i>Apples</i> & pears"), "if (a < b && apples > \"c\") <b>x</b>");
    m_model->setQuery("apples");
    QTRY_COMPARE(m_model->count(), 2);
    QCOMPARE(at(0, SearchModel::HeadingRole), QString("&lt;i&gt;<b>Apples</b>&lt;/i&gt; &amp; pears"));
    QCOMPARE(at(1, SearchModel::HeadingRole), QString("&lt;i&gt;Apples&lt;/i&gt; &amp; pears"));
    QCOMPARE(at(1, SearchModel::SnippetRole),
             QString("if (a &lt; b &amp;&amp; <b>apples</b> &gt; &quot;c&quot;) &lt;b&gt;x&lt;/b&gt;"));
    QVERIFY(at(1, SearchModel::SpokenRole).contains("apples > \"c\""));
  }

  void more_are_fetched_when_the_view_asks() {
    const ConversationId id = begin("chat");
    for (int i = 0; i < 70; ++i) add(id, QString("apples %1").arg(i));
    m_model->setQuery("apples");
    QTRY_COMPARE(m_model->count(), 30);
    QVERIFY(m_model->canFetchMore({}));
    QSignalSpy inserted(m_model.get(), &SearchModel::rowsInserted);
    m_model->fetchMore({});
    QVERIFY(!m_model->canFetchMore({}));  // it is under way
    QTRY_COMPARE(m_model->count(), 60);
    QCOMPARE(inserted.size(), 1);
    m_model->fetchMore({});
    QTRY_COMPARE(m_model->count(), 70);
    QVERIFY(!m_model->canFetchMore({}));
    QCOMPARE(at(69, SearchModel::SnippetRole), QString("<b>apples</b> 0"));
  }

  void a_long_search_shows_what_it_has_and_goes_on() {
    const ConversationId id = begin("all apples");
    for (int i = 0; i < 40; ++i) add(id, i % 2 == 0 ? QString("apples %1").arg(i) : QString("pears"));
    auto newest = std::make_shared<std::atomic<quint64>>(7);
    SearchWorker worker(HistoryStore::fileIn(m_dir->path()), newest, 0);
    QStringList seen;
    bool finished = false;
    MessageId next = 1;
    connect(&worker, &SearchWorker::found, this, [&](const SearchResults& part) {
      QCOMPARE(part.first, seen.isEmpty());
      QVERIFY(!finished);
      for (const SearchHit& hit : part.hits) seen << (hit.message ? hit.snippet : hit.title);
      if (part.first) QCOMPARE(seen, (QStringList{"all apples", "apples 38"}));
      finished = part.finished;
      next = part.next;
    });
    worker.search({.id = 7, .text = "apples"});
    QVERIFY(finished);
    QCOMPARE(next, MessageId{0});
    QCOMPARE(seen.size(), 21);
    QCOMPARE(seen.last(), QString("apples 0"));
    // One that is no longer wanted ends where it is.
    seen.clear();
    finished = false;
    connect(&worker, &SearchWorker::found, this, [&](const SearchResults&) { *newest = 8; });
    worker.search({.id = 7, .text = "apples"});
    worker.search({.id = 7, .text = "pears"});
    QCOMPARE(seen.size(), 2);
    QVERIFY(!finished);
  }

  void parts_are_shown_one_after_the_other() {
    const ConversationId id = begin("chat");
    for (int i = 0; i < 20; ++i) add(id, QString("apples %1").arg(i));
    SearchModel model(HistoryStore::fileIn(m_dir->path()), nullptr, 0);
    QSignalSpy inserted(&model, &SearchModel::rowsInserted);
    model.setQuery("apples");
    QTRY_VERIFY(!model.busy());
    QCOMPARE(model.count(), 20);
    QVERIFY(inserted.size() > 10);
    QVERIFY(!model.canFetchMore({}));
  }

  void only_the_last_of_several_quick_searches_is_shown() {
    add(begin("chat"), "apples and pears");
    QSignalSpy reset(m_model.get(), &SearchModel::modelReset);
    for (const char* text : {"a", "ap", "app", "appl", "pea"}) m_model->setQuery(text);
    QTRY_COMPARE(m_model->count(), 1);
    QCOMPARE(reset.size(), 1);
    QCOMPARE(at(0, SearchModel::SnippetRole), QString("apples and <b>pears</b>"));
  }

  void results_stay_until_the_next_are_there() {
    add(begin("chat"), "apples and pears");
    m_model->setQuery("apples");
    QTRY_COMPARE(m_model->count(), 1);
    m_model->setQuery("zebra");
    QCOMPARE(m_model->count(), 1);
    QVERIFY(m_model->busy());
    QTRY_COMPARE(m_model->count(), 0);
    QVERIFY(!m_model->busy());
  }

  void a_search_asked_again_sees_what_is_new() {
    const ConversationId id = begin("chat");
    m_model->setQuery("apples");
    QTRY_VERIFY(ready());
    QCOMPARE(m_model->count(), 0);
    add(id, "apples");
    m_model->refresh();
    QTRY_COMPARE(m_model->count(), 1);
  }

  void a_period_leaves_out_what_is_older() {
    using Period = SearchModel::Period;
    const ConversationId id = begin("chat");
    const QDateTime now = QDateTime::currentDateTime();
    const auto daysAgo = [&](int days) { return now.addDays(-days).toMSecsSinceEpoch(); };
    for (const int days : {800, 300, 20, 3, 0}) add(id, QString("apples %1").arg(days), Message::Author::User, daysAgo(days));
    m_model->setQuery("apples");
    QTRY_COMPARE(m_model->count(), 5);
    QSignalSpy asked(m_model.get(), &SearchModel::requested);
    QSignalSpy changed(m_model.get(), &SearchModel::periodChanged);
    m_model->setPeriod(Period::Week);
    QTRY_COMPARE(m_model->count(), 2);
    QCOMPARE(at(1, SearchModel::SnippetRole), QString("<b>apples</b> 3"));
    m_model->setPeriod(Period::Month);
    QTRY_COMPARE(m_model->count(), 3);
    m_model->setPeriod(Period::Year);
    QTRY_COMPARE(m_model->count(), 4);
    m_model->setPeriod(Period::Year);
    QCOMPARE(asked.size(), 3);
    QCOMPARE(changed.size(), 3);
    m_model->setPeriod(Period::AnyTime);
    QTRY_COMPARE(m_model->count(), 5);
  }

  void a_period_begins_at_a_midnight() {
    using Period = SearchModel::Period;
    const QDate today(2026, 3, 29);
    QCOMPARE(beginOf(Period::AnyTime, today), qint64{0});
    QCOMPARE(beginOf(Period::Week, today), QDate(2026, 3, 22).startOfDay().toMSecsSinceEpoch());
    QCOMPARE(beginOf(Period::Month, today), QDate(2026, 2, 27).startOfDay().toMSecsSinceEpoch());
    QCOMPARE(beginOf(Period::Year, today), QDate(2025, 3, 29).startOfDay().toMSecsSinceEpoch());
  }

  void without_a_file_nothing_is_found() {
    SearchModel model(m_dir->filePath("absent.sqlite"));
    model.setQuery("apples");
    QTRY_VERIFY(!model.busy());
    QCOMPARE(model.count(), 0);
  }

  void dates_are_as_short_as_they_are_clear() {
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    const auto at = [](int year, int month, int day, int hour) {
      return QDateTime(QDate(year, month, day), QTime(hour, 5)).toMSecsSinceEpoch();
    };
    const qint64 now = at(2026, 11, 24, 12);
    QCOMPARE(shortDate(at(2026, 11, 24, 9), now), QString("09:05"));
    QCOMPARE(shortDate(at(2026, 11, 23, 23), now), QString("23 Nov"));
    QCOMPARE(shortDate(at(2025, 12, 31, 23), now), QString("31 Dec 2025"));
  }
};

QTEST_GUILESS_MAIN(TestSearchModel)
#include "tst_search_model.moc"
