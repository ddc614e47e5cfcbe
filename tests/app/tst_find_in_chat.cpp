// Finding words in the open conversation.
#include <QSignalSpy>
#include <QTest>

#include <memory>

#include "app/find_in_chat.h"
#include "app/folded_text.h"
#include "app/message_model.h"

using namespace tercet;

class TestFindInChat : public QObject {
  Q_OBJECT

  std::unique_ptr<MessageModel> m_messages;
  std::unique_ptr<FindInChat> m_find;

  void show(const QStringList& texts, Message::State state = Message::State::Complete) {
    std::vector<MessageModel::Row> rows;
    for (const QString& text : texts) {
      Message message;
      message.id = static_cast<MessageId>(rows.size()) + 1;
      message.author = rows.size() % 2 == 0 ? Message::Author::User : Message::Author::Assistant;
      message.text = text;
      rows.push_back({message});
    }
    if (!rows.empty()) rows.back().message.state = state;
    m_messages->show(std::move(rows));
  }
  QString place() { return QString("%1 of %2 in %3").arg(m_find->current()).arg(m_find->count()).arg(m_find->currentRow()); }
  QStringList places(int row) {
    QStringList words;
    MessageBlocks& blocks = *m_messages->blocksAt(row);
    const int count = blocks.find(folded(m_find->text()));
    for (int i = 0; i < count; ++i) {
      const auto [from, to] = blocks.found(i);
      QString word;
      for (int block = from.block; block <= to.block; ++block) {
        const QString shown = blocks.data(blocks.index(block), MessageBlocks::TextRole).toString();
        const int start = block == from.block ? from.position : 0;
        word += shown.mid(start, block == to.block ? to.position - start : -1);
      }
      words << word;
    }
    return words;
  }
  /// Rows of messages in whose blocks a mark of this kind stands.
  QList<int> marked(const QString& kind) {
    QList<int> rows;
    for (int row = 0; row < m_messages->count(); ++row) {
      const MessageBlocks& blocks = *m_messages->blocksAt(row);
      for (int block = 0; block < blocks.rowCount(); ++block) {
        if (blocks.data(blocks.index(block), MessageBlocks::HtmlRole).toString().contains("class=\"" + kind)) rows << row;
      }
    }
    return rows;
  }

 private Q_SLOTS:
  void init() {
    m_messages = std::make_unique<MessageModel>();
    m_find = std::make_unique<FindInChat>(m_messages.get());
    m_find->setActive(true);
  }

  void counts_places_and_steps_through_them_and_around() {
    show({"an apple", "Apple, apple", "pear", "apple"});
    m_find->setText("apple");
    QCOMPARE(place(), QString("1 of 4 in 0"));
    QStringList steps;
    for (int i = 0; i < 4; ++i) {
      m_find->next();
      steps << place();
    }
    QCOMPARE(steps, (QStringList{"2 of 4 in 1", "3 of 4 in 1", "4 of 4 in 3", "1 of 4 in 0"}));
    m_find->previous();
    QCOMPARE(place(), QString("4 of 4 in 3"));
    m_find->previous();
    QCOMPARE(place(), QString("3 of 4 in 1"));
  }

  void case_and_accents_make_no_difference() {
    show({u"Ñandú ÑANDU nandu nan\u0303du\u0301"_qs});
    m_find->setText(u"ñandu"_qs);
    QCOMPARE(places(0), (QStringList{u"Ñandú"_qs, "ÑANDU", "nandu", u"nan\u0303du\u0301"_qs}));
  }

  void any_characters_are_found_as_they_are() {
    show({u"a.b (c) [d]* 🚀🚀 天气"_qs});
    for (const QString& text : {u"."_qs, u"(c) [d]*"_qs, u"🚀🚀"_qs, u"气"_qs}) {
      m_find->setText(text);
      QCOMPARE(places(0), QStringList{text});
    }
  }

  void what_is_shown_is_searched_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("sought");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("across emphasis") << "so **bold** word" << "bold word" << QStringList{"bold word"};
    QTest::newRow("into emphasis") << "re*words*" << "ewo" << QStringList{"ewo"};
    QTest::newRow("marks of emphasis") << "so **bold** word" << "**" << QStringList{};
    QTest::newRow("a star that is shown") << "so \\**bold\\** word" << "*bold" << QStringList{"*bold"};
    QTest::newRow("across a link") << "see [the page](https://x.org) now" << "the page now" << QStringList{"the page now"};
    QTest::newRow("the address of a link") << "see [here](https://x.org)" << "x.org" << QStringList{};
    QTest::newRow("an address that is shown") << "see https://x.org" << "x.org" << QStringList{"x.org"};
    QTest::newRow("across inline code") << "call `f(x)` now" << "f(x) now" << QStringList{"f(x) now"};
    QTest::newRow("a formula as it is shown") << "so $\\alpha + 1$ is" << QStringLiteral("\u03b1 + 1 is") << QStringList{QStringLiteral("\u03b1 + 1 is")};
    QTest::newRow("the source of a formula") << "so $\\alpha$" << "alpha" << QStringList{};
    QTest::newRow("code as it is") << "```py\nif **a** and b\n```" << "**a** and" << QStringList{"**a** and"};
    QTest::newRow("a fence") << "```py\nx\n```" << "`" << QStringList{};
    QTest::newRow("a heading") << "## The `end` of it" << "the end of" << QStringList{"The end of"};
    QTest::newRow("the marks of a heading") << "## a" << "#" << QStringList{};
    QTest::newRow("a table") << "| a **b** c | d |\n|---|---|\n| e | a b |" << "a b" << QStringList{"a b", "a b"};
    QTest::newRow("the rules of a table") << "| a | d |\n|---|---|\n| e | f |" << "|" << QStringList{};
    QTest::newRow("an accent of its own within emphasis") << QStringLiteral("a **nan\u0303**du") << "nandu" << QStringList{QStringLiteral("nan\u0303du")};
  }
  void what_is_shown_is_searched() {
    QFETCH(QString, text);
    QFETCH(QString, sought);
    QFETCH(QStringList, expected);
    show({"question", text});
    m_find->setText(sought);
    QCOMPARE(m_find->count(), static_cast<int>(expected.size()));
    QCOMPARE(places(1), expected);
    QCOMPARE(marked("here"), expected.isEmpty() ? QList<int>{} : QList<int>{1});
  }

  void a_place_may_reach_over_a_cut_in_a_long_line() {
    const QString line = QString("x").repeated(4090) + " needle and thread";
    show({"question", line});
    QVERIFY(m_messages->blocksAt(1)->rowCount() > 1);
    for (const QString& sought : {u"needle and"_qs, u"x needle"_qs, u"dle and thr"_qs}) {
      m_find->setText(sought);
      QCOMPARE(places(1), QStringList{sought});
    }
  }

  void places_over_cuts_are_counted_however_a_long_line_arrives_data() {
    QTest::addColumn<int>("step");
    for (const int step : {7, 64, 1000, 100000}) QTest::addRow("%d", step) << step;
  }
  void places_over_cuts_are_counted_however_a_long_line_arrives() {
    QFETCH(int, step);
    const QString line = QString("anan").repeated(5000);
    show({"question", ""}, Message::State::Writing);
    m_find->setText("ananan");
    for (qsizetype at = 0; at < line.size(); at += step) m_messages->appendText(line.mid(at, step));
    QVERIFY(m_messages->blocksAt(1)->rowCount() > 2);
    QCOMPARE(m_find->count(), static_cast<int>(line.size()) / 6);
  }

  void what_an_answer_held_back_is_found_when_it_ends() {
    show({"question", ""}, Message::State::Writing);
    m_find->setText("``");
    m_messages->appendText("so\n``");
    Message message = m_messages->last();
    message.state = Message::State::Complete;
    m_messages->finish(message);
    QCOMPARE(m_find->count(), 1);
  }

  void emphasis_that_closes_later_moves_the_places() {
    show({"question", ""}, Message::State::Writing);
    m_find->setText("*bold");
    m_messages->appendText("a *bold word");
    QCOMPARE(m_find->count(), 1);
    m_messages->appendText("* and more");
    QCOMPARE(m_find->count(), 0);
    m_find->setText("bold word and");
    QCOMPARE(m_find->count(), 1);
  }

  void places_do_not_overlap() {
    show({"aaaaa"});
    m_find->setText("aa");
    QCOMPARE(m_find->count(), 2);
  }

  void the_first_place_is_the_one_at_or_after_what_is_in_view() {
    show({"apple", "pear", "apple", "apple"});
    m_find->beginAt(1);
    m_find->setText("apple");
    QCOMPARE(place(), QString("2 of 3 in 2"));
    m_find->setText("pear");
    QCOMPARE(place(), QString("1 of 1 in 1"));
    m_find->beginAt(3);
    QCOMPARE(place(), QString("1 of 1 in 1"));
  }

  void going_on_typing_stays_where_the_search_is() {
    show({"apple", "apples", "apple"});
    m_find->setText("a");
    m_find->next();
    QCOMPARE(place(), QString("2 of 3 in 1"));
    m_find->setText("apples");
    QCOMPARE(place(), QString("1 of 1 in 1"));
    m_find->setText("apple");
    QCOMPARE(place(), QString("2 of 3 in 1"));
  }

  void nothing_found_is_nothing_shown() {
    show({"apple"});
    QSignalSpy shown(m_find.get(), &FindInChat::shown);
    m_find->setText("zebra");
    QCOMPARE(place(), QString("0 of 0 in -1"));
    m_find->next();
    m_find->previous();
    QCOMPARE(place(), QString("0 of 0 in -1"));
    QVERIFY(shown.isEmpty());
    m_find->setText("");
    QCOMPARE(m_find->count(), 0);
  }

  void one_place_is_gone_to_again() {
    show({"apple"});
    m_find->setText("apple");
    QSignalSpy shown(m_find.get(), &FindInChat::shown);
    m_find->next();
    QCOMPARE(shown.size(), 1);
    QCOMPARE(place(), QString("1 of 1 in 0"));
  }

  void a_growing_answer_is_counted_however_its_text_is_cut_data() {
    QTest::addColumn<int>("step");
    for (const int step : {1, 2, 3, 5, 7, 100}) QTest::addRow("%d", step) << step;
  }
  void a_growing_answer_is_counted_however_its_text_is_cut() {
    QFETCH(int, step);
    show({"apple", ""}, Message::State::Writing);
    m_find->setText("anan");
    const QString text = u"anananan bananan Ána\u0301n an anan"_qs;
    for (qsizetype at = 0; at < text.size(); at += step) m_messages->appendText(text.mid(at, step));
    QCOMPARE(places(1), (QStringList{"anan", "anan", "anan", u"Ána\u0301n"_qs, "anan"}));
    QCOMPARE(m_find->count(), 5);
  }

  void text_that_arrives_moves_nothing() {
    show({"apple", "apple"}, Message::State::Writing);
    m_find->setText("apple");
    m_find->next();
    QSignalSpy shown(m_find.get(), &FindInChat::shown);
    m_messages->appendText(" and apple");
    QCOMPARE(place(), QString("2 of 3 in 1"));
    QVERIFY(shown.isEmpty());
  }

  void other_messages_are_searched_when_they_are_shown() {
    show({"apple", "apple", "apple"});
    m_find->setText("apple");
    m_find->previous();
    QCOMPARE(place(), QString("3 of 3 in 2"));
    show({"apple", "apple apple"});
    QCOMPARE(place(), QString("1 of 3 in 0"));
    m_messages->clear();
    QCOMPARE(place(), QString("0 of 0 in -1"));
    show({"pear", "apple"});
    QCOMPARE(place(), QString("1 of 1 in 1"));
  }

  void places_are_marked_in_their_messages() {
    show({"an apple", "x\n\nApple apple", "pear"});
    m_find->setText("apple");
    QCOMPARE(marked("here"), QList<int>{0});
    QCOMPARE(marked("found"), QList<int>{1});
    QSignalSpy shown(m_find.get(), &FindInChat::shown);
    m_find->next();
    m_find->next();
    QCOMPARE(marked("here"), QList<int>{1});
    QCOMPARE(marked("found"), (QList<int>{0, 1}));
    QCOMPARE(shown.last(), (QList<QVariant>{1, 1, 6}));
    m_find->setText("pear");
    QCOMPARE(marked("here"), QList<int>{2});
    QCOMPARE(marked("found"), QList<int>{});
    m_find->setActive(false);
    QCOMPARE(marked("here"), QList<int>{});
    m_find->setActive(true);
    QCOMPARE(marked("here"), QList<int>{2});
    m_find->setText("");
    QCOMPARE(marked("here"), QList<int>{});
  }

  void places_in_text_that_arrives_are_marked() {
    show({"apple", ""}, Message::State::Writing);
    m_find->setText("apple");
    m_messages->appendText("one app");
    QCOMPARE(marked("found"), QList<int>{});
    m_messages->appendText("le");
    QCOMPARE(marked("found"), QList<int>{1});
    show({"apple"});
    m_find->setText("pear");
    QCOMPARE(marked("here") + marked("found"), QList<int>{});
  }

  void a_message_that_a_search_led_to_is_shown_at_its_words() {
    show({"x", "A pear.\n\nSome **\u00c1pples** and pears"});
    m_find->setActive(false);
    QSignalSpy shown(m_find.get(), &FindInChat::shown);
    m_find->setSearched("apple -plum");
    m_find->reach(1);
    m_find->setSearched("title");
    m_find->reach(1);
    QCOMPARE(shown[0], (QList<QVariant>{1, 1, 5}));
    QCOMPARE(shown[1], (QList<QVariant>{1, 0, 0}));
  }

  void nothing_is_searched_while_it_is_closed() {
    show({"apple"});
    m_find->setText("apple");
    m_find->setActive(false);
    QCOMPARE(place(), QString("0 of 0 in -1"));
    show({"apple", "apple"});
    QCOMPARE(m_find->count(), 0);
    m_find->next();
    m_find->setActive(true);
    QCOMPARE(m_find->count(), 2);
  }
};

QTEST_GUILESS_MAIN(TestFindInChat)
#include "tst_find_in_chat.moc"
