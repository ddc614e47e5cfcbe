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

QVariant get(const MessageModel& model, int row, int role) { return model.data(model.index(row), role); }

}  // namespace

class TestMessageModel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QLocale::setDefault(QLocale::c()); }

  void roles_show_what_was_added() {
    MessageModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.append(Author::User, State::Complete, "hello");
    model.append(Author::Assistant, State::Reading);
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
    model.append(Author::User, State::Complete, "q");
    model.append(Author::Assistant, State::Writing);
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
    model.append(Author::Assistant, State::Writing);
    model.appendText("x");
    model.finish(State::Complete, {1, 2, 3}, {.tokens = 1214, .tokensPerSecond = 24.06, .seed = 9, .known = true});
    QCOMPARE(model.last().tokens, (std::vector<tercet::TokenId>{1, 2, 3}));
    QCOMPARE(get(model, 0, MessageModel::SeedRole).toString(), "9");
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QCOMPARE(get(model, 0, MessageModel::StatsRole).toString(), "1,214 tokens · 24.1 tok/s");
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    QCOMPARE(get(model, 0, MessageModel::StatsRole).toString(), "1.214 tokens · 24,1 tok/s");
    model.clearTokens();
    QVERIFY(model.last().tokens.empty());
  }

  void the_last_flag_moves_with_the_end() {
    MessageModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.append(Author::User, State::Complete, "a");
    model.append(Author::Assistant, State::Complete, "b");
    MessageModel::Message taken = model.takeLast();
    QCOMPARE(taken.text, "b");
    QVERIFY(get(model, 0, MessageModel::IsLastRole).toBool());
    model.restore(std::move(taken));
    QCOMPARE(model.count(), 2);
    QCOMPARE(get(model, 1, MessageModel::TextRole).toString(), "b");
    QCOMPARE(get(model, 1, MessageModel::BlocksRole).value<MessageBlocks*>()->rowCount(), 1);
    model.clear();
    QCOMPARE(model.count(), 0);
  }

  void forgotten_messages_end_at_the_border() {
    MessageModel model;
    for (int i = 0; i < 4; ++i) model.append(i % 2 ? Author::Assistant : Author::User, State::Complete, "m");
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
