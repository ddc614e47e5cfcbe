// Searching the stored conversations.
#include <QDateTime>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <utility>

#include "app/storage/history_search.h"
#include "app/storage/history_store.h"
#include "app/storage/search_words.h"

using namespace tercet;
using Author = Message::Author;
using State = Message::State;

class TestHistorySearch : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> m_dir;
  std::unique_ptr<HistoryStore> m_store;
  std::unique_ptr<HistorySearch> m_search;

  ConversationId begin(const QString& title = "title", qint64 updatedAt = 0) {
    ConversationInfo info;
    info.title = title;
    info.updatedAt = updatedAt;
    return m_store->addConversation(info);
  }
  MessageId add(ConversationId conversation, const QString& text, Author author = Author::User, State state = State::Complete) {
    Message message;
    message.author = author;
    message.state = state;
    message.text = text;
    return m_store->addMessage(conversation, message);
  }
  HistorySearch::Page page(const QString& query, MessageId before = 0, int limit = 50) {
    return m_search->messages(parseSearch(query), before, limit, [] { return false; });
  }
  QStringList texts(const QString& query) {
    QStringList found;
    for (const SearchHit& hit : page(query).hits) found << hit.snippet;
    return found;
  }
  static QStringList marked(const SearchHit& hit) {
    QStringList words;
    for (const TextRange& mark : hit.marks) words << (hit.message ? hit.snippet : hit.title).mid(mark.start, mark.length);
    return words;
  }

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<HistoryStore>();
    QVERIFY(m_store->open(HistoryStore::fileIn(m_dir->path())));
    m_search = std::make_unique<HistorySearch>();
    QVERIFY(!m_search->open(HistoryStore::fileIn(m_dir->path())));
  }
  void cleanup() {
    m_search.reset();
    m_store.reset();
    m_dir.reset();
  }

  void what_is_typed_is_read_as_words_phrases_and_exclusions_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("query");
    const auto row = [](const char* name, const QString& typed, const QString& query) { QTest::newRow(name) << typed << query; };
    row("the last word may go on", "red apples", "\"red\" \"apples\"*");
    row("a phrase does not go on", "say \"red apples\"", "\"say\" \"red apples\"");
    row("a phrase that is not closed does", "\"red app", "\"red app\"*");
    row("typographic quotes", u"“red apples” «a b»"_qs, "\"red apples\" \"a b\"");
    row("exclusion", "apples -red", "\"apples\"* NOT \"red\"");
    row("an excluded phrase", "apples -\"red ones\" -x", "\"apples\"* NOT \"red ones\" NOT \"x\"");
    row("only exclusions", "-red", "");
    row("hyphens inside", "well-known", "\"well known\"*");
    row("an apostrophe", "don't stop", "\"don t\" \"stop\"*");
    row("operators are words", "a AND b OR NOT NEAR(c", "\"a\" \"AND\" \"b\" \"OR\" \"NOT\" \"NEAR c\"*");
    row("columns and prefixes mean nothing", "text:apple* ^x {y}", "\"text apple\" \"x\" \"y\"*");
    row("punctuation alone", "\" ( ) - * : ^ { } ' ; --", "");
    row("emoji alone", u"🚀🙂"_qs, "");
    row("emoji beside words", u"🚀launch 🙂"_qs, "\"launch\"*");
    row("Chinese as pairs", u"今天天气"_qs, u"pairs : \"今天 天天 天气\""_qs);
    row("Chinese and a word", u"公园 park"_qs, u"pairs : \"公园\" \"park\"*"_qs);
    row("a single Chinese letter", u"好"_qs, u"pairs : \"好\""_qs);
    row("Chinese with other letters", u"iPhone手机"_qs, u"pairs : \"e手 手机\""_qs);
    row("Chinese beyond 16 bits", u"𠀀𠀁"_qs, u"pairs : \"𠀀𠀁\""_qs);
    row("excluded Chinese", u"red -苹果"_qs, u"\"red\"* NOT pairs : \"苹果\""_qs);
    row("excluded Chinese with other letters is left to the text", u"red -iPhone手机"_qs, "\"red\"*");
    row("empty", "", "");
    row("only spaces", "  \t\n", "");
    row("a zero character", QString("red") + QChar(0) + "apple", "\"red apple\"*");
  }
  void what_is_typed_is_read_as_words_phrases_and_exclusions() {
    QFETCH(QString, typed);
    QFETCH(QString, query);
    QCOMPARE(indexQuery(parseSearch(typed)), query);
  }

  void a_phrase_of_common_words_is_asked_for_by_its_pairs_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QStringList>("pairs");
    QTest::addColumn<QString>("beside");
    QTest::newRow("two") << "\"of the\"" << QStringList{"of the"} << "";
    QTest::newRow("more") << "\"one of the\"" << QStringList{"one of", "of the"} << "";
    QTest::newRow("as the index holds them") << u"\"El QUÉ\""_qs << QStringList{"el que"} << "";
    QTest::newRow("before the beginning of a word") << "\"out of the" << QStringList{"out of"} << " \"of the\"*";
    QTest::newRow("before the beginning of a word, longer") << "\"it is not ab" << QStringList{"it is", "is not"} << " \"not ab\"*";
    QTest::newRow("one word before the beginning of another") << "\"of the" << QStringList{} << "\"of the\"*";
    QTest::newRow("with another word") << "\"of the sea\"" << QStringList{} << "\"of the sea\"";
    QTest::newRow("two terms") << "of the " << QStringList{} << "\"of\" \"the\"*";
    QTest::newRow("don't") << "\"i don't\"" << QStringList{"i don", "don t"} << "";
  }
  void a_phrase_of_common_words_is_asked_for_by_its_pairs() {
    QFETCH(QString, typed);
    QFETCH(QStringList, pairs);
    QFETCH(QString, beside);
    QStringList tokens;
    for (const QString& pair : pairs) tokens << pairsOfText(pair);
    const QString expected = tokens.isEmpty() ? beside : "pairs : \"" + tokens.join(' ') + '"' + beside;
    QCOMPARE(indexQuery(parseSearch(typed), {.commonPairs = true}), expected);
    QVERIFY(m_store->database().run("SELECT rowid FROM message_index WHERE message_index MATCH ?", {expected}).isActive());
  }

  void nothing_typed_is_an_error_of_the_database_data() {
    QTest::addColumn<QString>("typed");
    int number = 0;
    for (const QString& typed : QStringList{"AND", "NEAR(", "a NEAR/2 b", "*", "\"", "\"\"", "a\"b\"c", "(a", "a)", "-", "--a", "a -", "a -\"",
                                            "a^2", "{a}:b", "a+b", "x'y", "%", "_", "\\", "NOT a", "a OR", u"🚀"_qs, u"́"_qs, u"½"_qs, u"ẞ"_qs,
                                            QString(QChar(0xd83d)), QString(5000, 'a'), QString("a ").repeated(500)}) {
      QTest::addRow("%d", ++number) << typed;
    }
  }
  void nothing_typed_is_an_error_of_the_database() {
    QFETCH(QString, typed);
    add(begin(), "a b c");
    const QString query = indexQuery(parseSearch(typed));
    if (query.isEmpty()) {
      QVERIFY(page(typed).hits.empty());
    } else {
      Database& database = m_store->database();
      QVERIFY2(database.run("SELECT rowid FROM message_index WHERE message_index MATCH ?", {query}).isActive(), qPrintable(query));
    }
  }

  void finds_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("a whole word") << "apples" << QStringList{"Red apples and pears", "apples"};
    QTest::newRow("the beginning of a word, 2 letters") << "ap" << QStringList{"Red apples and pears", "apples"};
    QTest::newRow("the beginning of a word, 5 letters") << "apple" << QStringList{"Red apples and pears", "apples"};
    QTest::newRow("also after a space") << "apple " << QStringList{"Red apples and pears", "apples"};
    QTest::newRow("not the middle of a word") << "pples" << QStringList{};
    QTest::newRow("all words are needed") << "pears red" << QStringList{"Red apples and pears"};
    QTest::newRow("all but the last as a whole") << "app red" << QStringList{};
    QTest::newRow("a phrase in its order") << "\"apples and\"" << QStringList{"Red apples and pears"};
    QTest::newRow("and in no other") << "\"and apples\"" << QStringList{};
    QTest::newRow("without the excluded") << "apples -pears" << QStringList{"apples"};
    QTest::newRow("accents make no difference") << "nandu crème" << QStringList{u"Ñandú, CREME brulée"_qs};
    QTest::newRow("nor case") << u"ÑANDÚ"_qs << QStringList{u"Ñandú, CREME brulée"_qs};
    QTest::newRow("nor how accents are written") << u"brule\u0301e"_qs << QStringList{u"Ñandú, CREME brulée"_qs};
    QTest::newRow("Chinese inside a sentence") << u"天气"_qs << QStringList{u"今天天气很好。"_qs};
    QTest::newRow("a single Chinese letter") << u"好"_qs << QStringList{u"今天天气很好。"_qs};
    QTest::newRow("Chinese and not this") << u"天气 -今天"_qs << QStringList{};
    QTest::newRow("Chinese parted by a comma") << u"天气、今天"_qs << QStringList{u"今天天气很好。"_qs};
    QTest::newRow("a word and not this in Chinese") << u"Red -苹"_qs << QStringList{"Red apples and pears"};
    QTest::newRow("Chinese across a comma is not one word") << u"昨日東京"_qs << QStringList{};
    QTest::newRow("Chinese with its pairs elsewhere") << u"天天气今"_qs << QStringList{};
    QTest::newRow("the end of a Chinese word") << u"很好"_qs << QStringList{u"今天天气很好。"_qs};
    QTest::newRow("a letter of another script beside") << u"e手机"_qs << QStringList{u"iPhone手机"_qs};
    QTest::newRow("in small letters") << u"iphone手"_qs << QStringList{u"iPhone手机"_qs};
    QTest::newRow("not with other letters") << u"ipad手机"_qs << QStringList{};
    QTest::newRow("and not this with other letters") << u"手机 -ipad手机"_qs << QStringList{u"iPhone手机"_qs};
    QTest::newRow("and not this with these letters") << u"手机 -phone手机"_qs << QStringList{};
    QTest::newRow("the word beside Chinese") << "iphone" << QStringList{u"iPhone手机"_qs};
    QTest::newRow("Korean with an ending") << u"학교"_qs << QStringList{u"우리는 학교에서 만났다"_qs};
    QTest::newRow("Chinese beyond 16 bits") << u"𠀁𠀂"_qs << QStringList{u"𠀀𠀁𠀂"_qs};
    QTest::newRow("one such") << u"𠀂"_qs << QStringList{u"𠀀𠀁𠀂"_qs};
    QTest::newRow("Japanese and a word") << u"東京 tower"_qs << QStringList{u"昨日、東京タワー(Tokyo Tower)へ"_qs};
    QTest::newRow("Thai") << u"ภาษา"_qs << QStringList{u"ฉันพูดภาษาไทย"_qs};
    QTest::newRow("Russian") << u"привет"_qs << QStringList{u"Приветствие"_qs};
    QTest::newRow("code") << "main(" << QStringList{"int main() { return 0; }"};
    QTest::newRow("a single letter is a word") << "x" << QStringList{"vitamin x"};
    QTest::newRow("a letter being typed waits for the next") << "vitamin y" << QStringList{"vitamin x"};
    QTest::newRow("a letter with a space after it does not") << "vitamin y " << QStringList{};
    QTest::newRow("nothing") << "zebra" << QStringList{};
  }
  void finds() {
    QFETCH(QString, query);
    QFETCH(QStringList, expected);
    const ConversationId id = begin();
    for (const QString& text :
         {u"apples"_qs, u"Ñandú, CREME brulée"_qs, u"今天天气很好。"_qs, u"昨日、東京タワー(Tokyo Tower)へ"_qs, u"ฉันพูดภาษาไทย"_qs, u"Приветствие"_qs,
          u"int main() { return 0; }"_qs, u"iPhone手机"_qs, u"우리는 학교에서 만났다"_qs, u"𠀀𠀁𠀂"_qs, u"vitamin x"_qs, u"Red apples and pears"_qs}) {
      add(id, text);
    }
    QCOMPARE(texts(query), expected);
  }

  void deleted_messages_and_conversations_are_left_out() {
    const ConversationId kept = begin("kept apples"), dropped = begin("dropped apples");
    const MessageId gone = add(kept, "apples 1");
    add(kept, "apples 2");
    add(dropped, "apples 3");
    QVERIFY(m_store->setMessageDeleted(kept, gone, true));
    QVERIFY(m_store->setConversationDeleted(dropped, true));
    QCOMPARE(texts("apples"), QStringList{"apples 2"});
    QCOMPARE(m_search->titles(parseSearch("apples"), 9).size(), std::size_t{1});
    QCOMPARE(m_search->recent(9).size(), std::size_t{1});
    QVERIFY(m_store->setConversationDeleted(dropped, false));
    QCOMPARE(texts("apples"), (QStringList{"apples 3", "apples 2"}));
    QVERIFY(m_store->purge(dropped));
    QCOMPARE(texts("apples"), QStringList{"apples 2"});
  }

  void an_answer_is_found_once_it_has_ended() {
    const ConversationId id = begin();
    Message answer;
    answer.author = Author::Assistant;
    answer.state = State::Writing;
    answer.id = m_store->addMessage(id, answer);
    QVERIFY(m_store->appendToAnswer(answer.id, "apples"));
    QVERIFY(texts("apples").isEmpty());
    answer.text = "apples";
    answer.state = State::Complete;
    QVERIFY(m_store->endAnswer(id, answer));
    QCOMPARE(texts("apples"), QStringList{"apples"});
    QVERIFY(page("apples").hits[0].author == Author::Assistant);
  }

  void pages_follow_each_other_without_gaps_data() {
    QTest::addColumn<QString>("query");
    for (const char* query : {"common", "co", "commo", "天气", "天", "\"so common\""}) QTest::newRow(query) << QString::fromUtf8(query);
  }
  void pages_follow_each_other_without_gaps() {
    QFETCH(QString, query);
    Transaction once(m_store->database());
    const ConversationId id = begin();
    std::vector<MessageId> expected;
    for (int i = 0; i < 25; ++i) {
      expected.insert(expected.begin(), add(id, QString("so common %1 天气").arg(i)));
      add(id, "something else");
    }
    QVERIFY(once.commit());
    std::vector<MessageId> found;
    MessageId before = 0;
    do {
      const HistorySearch::Page next = page(query, before, 10);
      for (const SearchHit& hit : next.hits) found.push_back(hit.message);
      before = next.next;
    } while (before != 0);
    QCOMPARE(found, expected);
    // The same where each call is ended after the first message.
    found.clear();
    do {
      bool begun = false;
      const HistorySearch::Page next = m_search->messages(parseSearch(query), before, 10, [&] { return std::exchange(begun, true); });
      for (const SearchHit& hit : next.hits) found.push_back(hit.message);
      before = next.next;
    } while (before != 0);
    QCOMPARE(found, expected);
  }

  void a_long_beginning_is_found_below_many_messages_that_begin_alike() {
    Transaction once(m_store->database());  // 900 commits would be 900 syncs
    const ConversationId id = begin();
    const MessageId old = add(id, "performance");
    for (int i = 0; i < 900; ++i) add(id, "per person");
    QVERIFY(once.commit());
    const HistorySearch::Page found = page("perfor", 0, 5);
    QCOMPARE(found.hits.size(), std::size_t{1});
    QCOMPARE(found.hits[0].message, old);
    QCOMPARE(found.next, MessageId{0});
  }

  void old_messages_between_new_ones_are_passed_over() {
    const ConversationId id = begin();
    constexpr qint64 kNow = 1'700'000'000'000, kOld = kNow - 1'000'000'000;
    Transaction once(m_store->database());
    const auto addAs = [&](MessageId message, qint64 time) {
      return m_store->database().execute("INSERT INTO messages(id, conversation_id, author, state, text, created_at) VALUES (?, ?, 'user', 'complete', 'red apples', ?)",
                                         {message, id, time});
    };
    std::vector<MessageId> expected;
    for (int i = 1; i <= 9; ++i) {
      const MessageId base = i * 20'000;
      if (i % 3 != 0) {
        QVERIFY(addAs(base, kNow) && addAs(base + 200, kNow));
        expected.insert(expected.begin(), {base + 200, base});
      }
      for (int j = 1; j < 150; ++j) QVERIFY(addAs(base + j, kOld));
    }
    QVERIFY(once.commit());
    for (const char* query : {"apples", "appl", "\"red apples\""}) {
      for (const int limit : {1, 5, 50}) {
        std::vector<MessageId> found;
        MessageId before = 0;
        do {
          const HistorySearch::Page next = m_search->messages(parseSearch(query), before, limit, [] { return false; }, kNow);
          for (const SearchHit& hit : next.hits) found.push_back(hit.message);
          before = next.next;
        } while (before != 0);
        QCOMPARE(found, expected);
      }
    }
  }

  void what_was_found_can_be_taken_while_the_search_goes_on() {
    const ConversationId id = begin();
    for (int i = 0; i < 9; ++i) add(id, "apples");
    std::size_t taken = 0;
    const auto shown = [&](std::vector<SearchHit>& hits) {
      if (taken < 4) taken += std::exchange(hits, {}).size();
    };
    const HistorySearch::Page found = m_search->messages(parseSearch("apples"), 0, 6, [] { return false; }, 0, shown);
    QCOMPARE(taken, std::size_t{4});
    QCOMPARE(found.hits.size(), std::size_t{2});
    QVERIFY(found.next > 0);
  }

  void what_was_imported_stands_by_its_time_not_by_when_it_came_in() {
    const auto addAt = [&](ConversationId conversation, const char* day, const QString& text) {
      Message message;
      message.text = text;
      message.createdAt = QDateTime::fromString(QLatin1String(day), Qt::ISODate).toMSecsSinceEpoch();
      return m_store->addMessage(conversation, message);
    };
    const ConversationId own = begin(), first = begin(), second = begin();
    const MessageId today = addAt(own, "2026-11-20T10:00:00", "apples");
    const MessageId newer = addAt(first, "2025-06-01T10:00:00", "apples"), older = addAt(second, "2024-06-01T10:00:00", "apples");
    std::vector<MessageId> found;
    for (const SearchHit& hit : page("apples").hits) found.push_back(hit.message);
    QCOMPARE(found, (std::vector<MessageId>{today, newer, older}));
  }

  void only_what_is_new_enough_is_found() {
    constexpr qint64 kDay = 86'400'000, kNow = 20'000 * kDay;
    Transaction once(m_store->database());
    const auto addAt = [&](ConversationId conversation, qint64 time, const QString& text) {
      Message message;
      message.text = text;
      message.createdAt = time;
      return m_store->addMessage(conversation, message);
    };
    const ConversationId chat = begin("new apples", kNow), old = begin("old apples", kNow - 40 * kDay);
    const MessageId first = addAt(chat, kNow - kDay, "apples");
    // Imported since: more than the span that is looked at as a whole.
    for (int i = 0; i < 9000; ++i) addAt(old, kNow - 40 * kDay - i, "apples");
    const MessageId last = addAt(chat, kNow, "red apples");
    addAt(old, kNow - 40 * kDay, "apples");
    QVERIFY(once.commit());
    const auto found = [&](const QString& query, MessageId before, int limit, qint64 since) {
      std::vector<MessageId> ids;
      for (const SearchHit& hit : m_search->messages(parseSearch(query), before, limit, [] { return false; }, since).hits) ids.push_back(hit.message);
      return ids;
    };
    for (const char* query : {"apples", "app", "apple", "\"apples\""}) {
      QCOMPARE(found(query, 0, 9, kNow - 7 * kDay), (std::vector<MessageId>{last, first}));
      QCOMPARE(found(query, 0, 1, kNow - 7 * kDay), std::vector<MessageId>{last});
      QCOMPARE(found(query, last, 9, kNow - 7 * kDay), std::vector<MessageId>{first});
      QCOMPARE(found(query, first, 9, kNow - 7 * kDay), std::vector<MessageId>{});
      QCOMPARE(found(query, 0, 9, kNow + 1), std::vector<MessageId>{});
      QCOMPARE(found(query, 0, 99, kNow - 50 * kDay).size(), std::size_t{99});
    }
    QCOMPARE(m_search->titles(parseSearch("apples"), 9, kNow - 7 * kDay).size(), std::size_t{1});
    QCOMPARE(m_search->recent(9, kNow - 7 * kDay).at(0).conversation, chat);
    QCOMPARE(m_search->recent(9, kNow - 7 * kDay).size(), std::size_t{1});
    QCOMPARE(m_search->recent(9).size(), std::size_t{2});
  }

  void a_cancelled_search_ends_at_once() {
    add(begin(), "apples");
    int asked = 0;
    const HistorySearch::Page found = m_search->messages(parseSearch("app"), 0, 9, [&] { return ++asked > 0; });
    QVERIFY(found.hits.empty());
    QCOMPARE(asked, 1);
  }

  void a_snippet_is_one_line_around_the_first_find_with_all_finds_marked() {
    const QString filling = QString("filling words ").repeated(40);
    add(begin("My chat"), filling + "\n\nhere are\tRed Ápples, and more apples " + filling);
    const SearchHit hit = page("red apple").hits.at(0);
    QVERIFY2(hit.snippet.contains(u"here are Red Ápples, and more apples filling"_qs), qPrintable(hit.snippet));
    QVERIFY(hit.snippet.startsWith(u"…"_qs) && hit.snippet.endsWith(u"…"_qs));
    QVERIFY(hit.snippet.size() < 200);
    QCOMPARE(marked(hit), (QStringList{"Red", u"Ápples"_qs, "apples"}));
    QCOMPARE(hit.title, QString("My chat"));
    QVERIFY(hit.time > 0);
  }

  void a_snippet_does_not_cut_a_character_in_two() {
    add(begin(), QString(u"🚀"_qs).repeated(200) + "apples" + QString(u"🚀"_qs).repeated(200));
    const SearchHit hit = page("apples").hits.at(0);
    QCOMPARE(marked(hit), QStringList{"apples"});
    QVERIFY(hit.snippet.isValidUtf16());
  }

  void titles_are_found_those_used_last_first() {
    begin("Apple pie", 1000);
    const ConversationId newest = begin("An apple a day", 3000);
    begin("Cherries", 4000);
    begin(u"苹果派的做法"_qs, 2000);
    const std::vector<SearchHit> found = m_search->titles(parseSearch("app"), 9);
    QCOMPARE(found.size(), std::size_t{2});
    QCOMPARE(found[0].conversation, newest);
    QCOMPARE(found[0].message, MessageId{0});
    QCOMPARE(marked(found[0]), QStringList{"apple"});
    QCOMPARE(m_search->titles(parseSearch(u"果派"_qs), 9).size(), std::size_t{1});
    QCOMPARE(m_search->titles(parseSearch("app"), 1).size(), std::size_t{1});
    QCOMPARE(m_search->recent(2).at(0).title, QString("Cherries"));
  }

  void unspaced_text_is_found_as_it_is_now() {
    const ConversationId id = begin(u"天气"_qs);
    Message answer;
    answer.author = Author::Assistant;
    answer.state = State::Writing;
    answer.id = m_store->addMessage(id, answer);
    QVERIFY(m_store->appendToAnswer(answer.id, u"今天很热"_qs));
    QVERIFY(texts(u"很热"_qs).isEmpty());
    answer.text = u"今天很冷"_qs;
    answer.state = State::Complete;
    QVERIFY(m_store->endAnswer(id, answer));
    QCOMPARE(marked(page(u"很冷"_qs).hits.at(0)), QStringList{u"很冷"_qs});
    answer.text = u"明天下雨"_qs;
    QVERIFY(m_store->endAnswer(id, answer));
    QVERIFY(texts(u"很冷"_qs).isEmpty());
    QCOMPARE(texts(u"下雨"_qs), QStringList{u"明天下雨"_qs});
    QVERIFY(m_store->rename(id, u"雨天"_qs, true));
    QVERIFY(m_search->titles(parseSearch(u"天气"_qs), 9).empty());
    QCOMPARE(m_search->titles(parseSearch(u"雨天"_qs), 9).size(), std::size_t{1});
    QCOMPARE(m_search->titles(parseSearch(u"雨"_qs), 9).size(), std::size_t{1});
    for (const char* index : {"message_index", "title_index"}) {
      QVERIFY(m_store->database().execute(QStringLiteral("INSERT INTO %1(%1, rank) VALUES('integrity-check', 1)").arg(index)));
    }
    QVERIFY(m_store->purgeMessage(id, answer.id));
    QVERIFY(texts(u"下雨"_qs).isEmpty());
    QVERIFY(m_store->purge(id));
    QVERIFY(m_search->titles(parseSearch(u"雨天"_qs), 9).empty());
    for (const char* index : {"message_index", "title_index"}) {
      QVERIFY(m_store->database().execute(QStringLiteral("INSERT INTO %1(%1, rank) VALUES('integrity-check', 1)").arg(index)));
    }
  }

  void phrases_of_common_words_are_found_as_they_stand() {
    // Every phrase in texts of the commonest words, as read in the texts themselves. Older messages lack their pairs in the index.
    const QStringList words{"to", "be", "OR", "not", "the", "ship", u"qué"_qs, "el", u"天气"_qs};
    quint32 seed = 5;
    const auto random = [&seed](qsizetype below) { return seed = seed * 1664525 + 1013904223, static_cast<qsizetype>(seed >> 8) % below; };
    const auto phrase = [&](qsizetype length, bool chinese = false) {
      QStringList parts;
      for (qsizetype i = 0; i < length; ++i) parts << words[random(words.size() - (chinese ? 0 : 1))];
      return parts;
    };
    const ConversationId id = begin();
    QList<std::pair<MessageId, QString>> all;
    for (int i = 0; i < 400; ++i) {
      if (i == 200) {
        Database& database = m_store->database();
        QVERIFY(database.execute("UPDATE messages SET pairs = NULL"));
        QVERIFY(database.execute("UPDATE marks SET value = (SELECT MAX(id) FROM messages) WHERE name = 'without_pairs_of_words'"));
      }
      const QString text = phrase(3 + random(12), true).join(random(2) == 0 ? " " : ", ");
      all.prepend({add(id, text), text});
    }
    int found = 0;
    for (int i = 0; i < 300; ++i) {
      const QString end = i % 3 == 0 ? " sh" : i % 3 == 1 ? "\"" : "";
      const SearchQuery query = parseSearch('"' + phrase(2 + random(4)).join(' ') + end);
      QList<MessageId> expected, got;
      for (const auto& [message, text] : all) {
        if (holds(text, query)) expected << message;
      }
      for (const SearchHit& hit : m_search->messages(query, 0, 1000, [] { return false; }).hits) got << hit.message;
      QCOMPARE(got, expected);
      found += static_cast<int>(got.size());
    }
    QVERIFY(found > 1000);
  }

  void the_index_is_asked_for_pairs_of_common_words_only_where_it_has_them() {
    const ConversationId id = begin();
    const MessageId older = add(id, "to be or not to be");
    Database& database = m_store->database();
    QVERIFY(database.execute("UPDATE messages SET pairs = NULL"));
    QVERIFY(page("\"to be or\"").hits.empty());
    QVERIFY(database.execute("UPDATE marks SET value = ? WHERE name = 'without_pairs_of_words'", {older}));
    const MessageId newer = add(id, "as it is to be or not");
    // Only there the index has them.
    QVERIFY(database.execute("UPDATE messages SET pairs = 'x' WHERE id = ?", {older}));
    std::vector<SearchHit> hits = page("\"to be or\"").hits;
    QCOMPARE(hits.size(), std::size_t{2});
    QCOMPARE(hits[0].message, newer);
    QCOMPARE(hits[1].message, older);
    hits = page("\"to be or\"", 0, 1).hits;
    QCOMPARE(hits.size(), std::size_t{1});
    QCOMPARE(page("\"to be or\"", page("\"to be or\"", 0, 1).next, 1).hits[0].message, older);
  }

  void a_letter_that_may_begin_a_word_hides_nothing_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("finds");
    QTest::newRow("a phrase that goes on") << "\"what is it g" << true;
    QTest::newRow("words that go on") << "good w" << true;
    QTest::newRow("a word of one letter") << "good w " << false;
    QTest::newRow("a phrase that is closed") << "\"what is it g\"" << false;
    QTest::newRow("behind an apostrophe") << "can't" << true;
    QTest::newRow("also with other words") << "good can't" << true;
    QTest::newRow("which is looked for") << "good don't" << false;
    QTest::newRow("before something left out") << "good w -bad" << false;
    QTest::newRow("the same letter left out") << "good w -w" << false;
  }
  void a_letter_that_may_begin_a_word_hides_nothing() {
    QFETCH(QString, typed);
    QFETCH(bool, finds);
    add(begin(), "What is it good for? I can't tell.");
    QCOMPARE(texts(typed).size(), finds ? 1 : 0);
  }

  void pairs_of_common_words_belong_to_the_same_words() {
    add(begin(), "to be, red, be or");
    QVERIFY(texts("\"to be or\"").isEmpty());
    QCOMPARE(texts("\"to be\"").size(), 1);
    QCOMPARE(texts("\"be or\"").size(), 1);
  }

  void a_private_character_is_not_taken_for_a_pair_of_common_words() {
    const QString pair = pairsOfText(u"of the");
    QCOMPARE(pair.toUcs4().size(), 1);
    const ConversationId id = begin();
    add(id, "the end of the day");
    QVERIFY(texts(pair + ' ').isEmpty());
    QCOMPARE(texts("day -" + pair).size(), 1);
    add(id, "a sign: " + pair);
    QCOMPARE(texts(pair + ' '), QStringList{"a sign: " + pair});
  }

  void an_interrupted_answer_without_spaces_is_found() {
    Message answer;
    answer.author = Author::Assistant;
    answer.state = State::Writing;
    answer.id = m_store->addMessage(begin(), answer);
    QVERIFY(m_store->appendToAnswer(answer.id, u"今天很"_qs));
    QVERIFY(m_store->appendToAnswer(answer.id, u"热"_qs));
    QVERIFY(m_store->open(HistoryStore::fileIn(m_dir->path())));
    QCOMPARE(texts(u"很热"_qs), QStringList{u"今天很热"_qs});
  }

  void a_renamed_conversation_is_found_by_its_new_title() {
    const ConversationId id = begin("Apples");
    QVERIFY(m_store->rename(id, "Pears", true));
    QVERIFY(m_search->titles(parseSearch("apples"), 9).empty());
    QCOMPARE(m_search->titles(parseSearch("pears"), 9).size(), std::size_t{1});
  }

  void the_reading_connection_writes_nothing_and_makes_no_file() {
    Database reader;
    QVERIFY(!reader.openReadOnly(m_store->database().path()));
    QVERIFY(!reader.execute("DELETE FROM conversations"));
    QVERIFY(reader.takeError()->cause == StorageError::Cause::ReadOnly);
    HistorySearch absent;
    QVERIFY(absent.open(m_dir->filePath("absent.sqlite")));
    QVERIFY(!QFile::exists(m_dir->filePath("absent.sqlite")));
  }

  void searching_goes_on_while_somebody_writes() {
    const ConversationId id = begin();
    add(id, "apples 1");
    Transaction transaction(m_store->database());
    add(id, "apples 2");
    QCOMPARE(texts("apples"), QStringList{"apples 1"});
    QVERIFY(transaction.commit());
    QCOMPARE(texts("apples").size(), 2);
  }
};

QTEST_GUILESS_MAIN(TestHistorySearch)
#include "tst_history_search.moc"
