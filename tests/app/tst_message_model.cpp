// The list of messages as the view sees it.
#include <QAbstractItemModelTester>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

#include "app/message_model.h"

using tercet::MessageBlocks;
using tercet::MessageModel;
using Author = MessageModel::Author;
using State = MessageModel::State;

namespace {

/// A row; ids follow from the texts' order in each test.
MessageModel::Row row(tercet::MessageId id, Author author, State state, const QString& text = {}) {
  MessageModel::Row made;
  made.message.id = id;
  made.message.author = author;
  made.message.state = state;
  made.message.text = text;
  return made;
}

QVariant get(const MessageModel& model, int row, int role) { return model.data(model.index(row), role); }

}  // namespace

class TestMessageModel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QLocale::setDefault(QLocale::c()); }

  void roles_show_what_was_added() {
    MessageModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.show({row(1, Author::User, State::Complete, "hello"), row(2, Author::Assistant, State::Reading)});
    QCOMPARE(model.count(), 2);
    QCOMPARE(get(model, 0, MessageModel::AuthorRole).toInt(), int(Author::User));
    QCOMPARE(get(model, 0, MessageModel::TextRole).toString(), "hello");
    QVERIFY(!get(model, 0, MessageModel::IsLastRole).toBool());
    QVERIFY(get(model, 1, MessageModel::IsLastRole).toBool());
    QCOMPARE(get(model, 1, MessageModel::StateRole).toInt(), int(State::Reading));
    QVERIFY(get(model, 0, MessageModel::MessageIdRole) != get(model, 1, MessageModel::MessageIdRole));
  }

  void text_grows_in_the_last_message_and_its_blocks() {
    MessageModel model;
    model.show({row(1, Author::User, State::Complete, "q"), row(2, Author::Assistant, State::Writing)});
    QSignalSpy spy(&model, &MessageModel::dataChanged);
    model.appendText("one\n\n");
    model.appendText("two");
    QCOMPARE(get(model, 1, MessageModel::TextRole).toString(), "one\n\ntwo");
    const auto* blocks = get(model, 1, MessageModel::BlocksRole).value<MessageBlocks*>();
    QVERIFY(blocks);
    QCOMPARE(blocks->rowCount(), 2);
    QCOMPARE(blocks->parent(), &model);
    for (const QList<QVariant>& change : spy) QCOMPARE(change[0].toModelIndex().row(), 1);
  }

  void finish_sets_state_tokens_and_figures() {
    MessageModel model;
    model.show({row(1, Author::Assistant, State::Writing)});
    model.appendText("x");
    tercet::Message ended = model.last();
    ended.state = State::Complete;
    ended.tokens = {1, 2, 3};
    ended.stats = {.tokens = 1214, .promptTokens = 30, .tokensPerSecond = 24.06, .firstTokenMs = 1250, .seed = 9, .threads = 4,
                   .model = "M", .modelIdentity = "1-2", .known = true};
    model.finish(ended);
    QCOMPARE(get(model, 0, MessageModel::SeedRole).toString(), "9");
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QCOMPARE(get(model, 0, MessageModel::StatsRole).toString(), "1,214 tokens · 24.1 tok/s");
    QCOMPARE(get(model, 0, MessageModel::DetailsRole).toString(),
             "1,214 tokens · 24.1 tok/s\n30 tokens read\nFirst token after 1.25 s\nSeed 9\n4 threads\nM");
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    QCOMPARE(get(model, 0, MessageModel::StatsRole).toString(), "1.214 tokens · 24,1 tok/s");
    ended.stats.tokensPerSecond = 1266.12;  // a small model: nobody reads its decimals
    ended.stats.firstTokenMs = 2;
    model.finish(ended);
    QVERIFY(get(model, 0, MessageModel::DetailsRole).toString().contains("\nFirst token after 2 ms\n"));
    QCOMPARE(get(model, 0, MessageModel::StatsRole).toString(), "1.214 tokens · 1.266 tok/s");
  }

  void rows_that_are_shown_already_stay() {
    MessageModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.show({row(1, Author::User, State::Complete, "a"), row(2, Author::Assistant, State::Complete, "b")});
    auto* kept = get(model, 0, MessageModel::BlocksRole).value<MessageBlocks*>();
    QSignalSpy reset(&model, &MessageModel::modelReset);
    MessageModel::Row other = row(3, Author::Assistant, State::Complete, "c");
    other.version = other.versions = 2;
    model.show({row(1, Author::User, State::Complete, "a"), other, row(4, Author::User, State::Complete, "d")});
    QCOMPARE(reset.size(), 0);
    QCOMPARE(model.count(), 3);
    QCOMPARE(get(model, 0, MessageModel::BlocksRole).value<MessageBlocks*>(), kept);
    QCOMPARE(get(model, 1, MessageModel::TextRole).toString(), "c");
    QCOMPARE(get(model, 1, MessageModel::VersionRole).toInt(), 2);
    QVERIFY(!get(model, 1, MessageModel::IsLastRole).toBool());
    QVERIFY(get(model, 2, MessageModel::IsLastRole).toBool());
    QCOMPARE(model.rowOf(4), 2);
    QCOMPARE(model.rowOf(2), -1);
    model.show({row(1, Author::User, State::Complete, "a")});
    QVERIFY(get(model, 0, MessageModel::IsLastRole).toBool());
    model.clear();
    QCOMPARE(model.count(), 0);
  }

  void forgotten_messages_end_at_the_border() {
    MessageModel model;
    std::vector<MessageModel::Row> rows;
    for (int i = 0; i < 4; ++i) rows.push_back(row(i + 1, i % 2 ? Author::Assistant : Author::User, State::Complete, "m"));
    model.show(std::move(rows));
    model.setForgottenBefore(2);
    QVERIFY(get(model, 0, MessageModel::ForgottenRole).toBool());
    QVERIFY(get(model, 1, MessageModel::ForgottenRole).toBool());
    QVERIFY(get(model, 1, MessageModel::ForgottenBorderRole).toBool());
    QVERIFY(!get(model, 0, MessageModel::ForgottenBorderRole).toBool());
    QVERIFY(!get(model, 2, MessageModel::ForgottenRole).toBool());
    model.setForgottenBefore(0);
    QVERIFY(!get(model, 0, MessageModel::ForgottenRole).toBool());
  }
};

QTEST_GUILESS_MAIN(TestMessageModel)
#include "tst_message_model.moc"
