// Finding words in the open conversation.
#include <QSignalSpy>
#include <QTest>

#include <memory>

#include "app/find_in_chat.h"
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
    for (const TextRange& range : m_find->places(row)) words << m_messages->at(row).text.mid(range.start, range.length);
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
