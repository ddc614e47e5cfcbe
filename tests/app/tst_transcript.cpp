// The conversation as rows for the view.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "app/transcript_model.h"

using tercet::MessageModel;
using tercet::TranscriptModel;
using Author = MessageModel::Author;
using State = MessageModel::State;

namespace {

/// Adds a message at the end, as a new branch would.
void append(MessageModel& model, Author author, State state, const QString& text = {}) {
  std::vector<MessageModel::Row> rows;
  for (int row = 0; row < model.count(); ++row) rows.push_back({model.at(row)});
  tercet::Message message;
  message.id = model.count() + 1;
  message.author = author;
  message.state = state;
  message.text = text;
  rows.push_back({message});
  model.show(std::move(rows));
}

/// The last message ended so.
void finish(MessageModel& model, State state) {
  tercet::Message message = model.last();
  message.state = state;
  model.finish(message);
}

QVariant get(const TranscriptModel& model, int row, int role) { return model.data(model.index(row), role); }

/// One letter for each row: Question, Block, Waiting, Actions, Divider.
QString rows(const TranscriptModel& model) {
  QString out;
  for (int row = 0; row < model.rowCount(); ++row) out += u"QBWAD"[get(model, row, TranscriptModel::RowKindRole).toInt()];
  return out;
}

}  // namespace

class TestTranscript : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_transcript.reset();
    m_messages = std::make_unique<MessageModel>();
    m_transcript = std::make_unique<TranscriptModel>();
    m_transcript->setMessages(m_messages.get());
    new QAbstractItemModelTester(m_transcript.get(), QAbstractItemModelTester::FailureReportingMode::QtTest, m_transcript.get());
  }

  void rows_follow_an_answer_from_its_beginning_to_its_end() {
    QCOMPARE(rows(*m_transcript), "");
    append(*m_messages, Author::User, State::Complete, "hello");
    QCOMPARE(rows(*m_transcript), "Q");
    append(*m_messages, Author::Assistant, State::Reading);
    QCOMPARE(rows(*m_transcript), "QWA");
    m_messages->setState(State::Writing);
    QCOMPARE(rows(*m_transcript), "QWA");
    QVERIFY(get(*m_transcript, 1, TranscriptModel::LiveRole).toBool());
    m_messages->appendText("one");
    QCOMPARE(rows(*m_transcript), "QBA");
    m_messages->appendText("\n\n- two\n- three");
    QCOMPARE(rows(*m_transcript), "QBBBA");
    QVERIFY(!get(*m_transcript, 1, TranscriptModel::LiveRole).toBool());
    QVERIFY(get(*m_transcript, 3, TranscriptModel::LiveRole).toBool());
    QCOMPARE(get(*m_transcript, 3, tercet::MessageBlocks::TextRole).toString(), "three");
    finish(*m_messages, State::Complete);
    QVERIFY(!get(*m_transcript, 3, TranscriptModel::LiveRole).toBool());
    QCOMPARE(get(*m_transcript, 1, TranscriptModel::SpokenRole).toString(), "Answer: one");
    QCOMPARE(get(*m_transcript, 0, TranscriptModel::SpokenRole).toString(), "You: hello");
  }

  void an_answer_stopped_before_its_first_word_has_only_actions() {
    append(*m_messages, Author::Assistant, State::Reading);
    finish(*m_messages, State::Stopped);
    QCOMPARE(rows(*m_transcript), "A");
  }

  void the_divider_stands_below_the_last_forgotten_message() {
    for (int i = 0; i < 4; ++i) append(*m_messages, i % 2 ? Author::Assistant : Author::User, State::Complete, "m");
    QCOMPARE(rows(*m_transcript), "QBAQBA");
    m_messages->setForgottenBefore(2);
    QCOMPARE(rows(*m_transcript), "QBADQBA");
    QVERIFY(get(*m_transcript, 1, TranscriptModel::ForgottenRole).toBool());
    QVERIFY(!get(*m_transcript, 4, TranscriptModel::ForgottenRole).toBool());
    m_messages->setForgottenBefore(3);
    QCOMPARE(rows(*m_transcript), "QBAQDBA");
    m_messages->setForgottenBefore(0);
    QCOMPARE(rows(*m_transcript), "QBAQBA");
  }

  void messages_go_and_come_back() {
    append(*m_messages, Author::User, State::Complete, "a");
    append(*m_messages, Author::Assistant, State::Complete, "b\n\nc");
    const tercet::Message taken = m_messages->last();
    m_messages->show({{m_messages->at(0)}});
    QCOMPARE(rows(*m_transcript), "Q");
    m_messages->show({{m_messages->at(0)}, {taken, 2, 2}});
    QCOMPARE(rows(*m_transcript), "QBBA");
    QCOMPARE(m_transcript->messageAt(3), 1);
    QCOMPARE(get(*m_transcript, 3, TranscriptModel::VersionsRole).toInt(), 2);
    m_messages->clear();
    QCOMPARE(rows(*m_transcript), "");
  }

  void a_conversation_is_shown_in_one_insertion() {
    QSignalSpy messages(m_messages.get(), &MessageModel::rowsInserted);
    QSignalSpy inserted(m_transcript.get(), &TranscriptModel::rowsInserted);
    std::vector<MessageModel::Row> all;
    for (int i = 0; i < 1000; ++i) {
      tercet::Message message;
      message.id = i + 1;
      message.author = i % 2 ? Author::Assistant : Author::User;
      message.text = "one\n\ntwo";
      all.push_back({message});
    }
    m_messages->show(all);
    QCOMPARE(messages.size(), 1);
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(rows(*m_transcript), QStringLiteral("QBBA").repeated(500));
    // What is shown already stays.
    all.back().message.text = "three";
    m_messages->show(all);
    QCOMPARE(inserted.size(), 2);
    QCOMPARE(inserted[1][1].toInt(), 1997);
    QCOMPARE(rows(*m_transcript), QStringLiteral("QBBA").repeated(499) + "QBA");
  }

  void an_update_touches_the_last_block_only() {
    append(*m_messages, Author::Assistant, State::Writing);
    m_messages->appendText(QStringLiteral("paragraph\n\n").repeated(500));
    QSignalSpy changed(m_transcript.get(), &TranscriptModel::dataChanged);
    QSignalSpy inserted(m_transcript.get(), &TranscriptModel::rowsInserted);
    m_messages->appendText("word");
    m_messages->appendText(" word");
    QCOMPARE(inserted.size(), 1);
    for (const QList<QVariant>& change : changed) QVERIFY(change[0].toModelIndex().row() >= 499);
  }

  void all_of_a_table_is_selected_though_its_header_is_the_longest_part() {
    append(*m_messages, Author::Assistant, State::Complete, "| a long header | another |\n|---|---|\n| 1 | 2 |");
    m_transcript->selectBlock(0, 0);
    QCOMPARE(m_transcript->selectedText(), "a long header\tanother\n1\t2");
  }

  void one_message_at_most_has_a_selection() {
    append(*m_messages, Author::User, State::Complete, "question");
    append(*m_messages, Author::Assistant, State::Complete, "one\n\ntwo");
    m_transcript->beginSelection(1, 0, 1);
    QVERIFY(!m_transcript->hasSelection());
    m_transcript->extendSelection(1, 1, 2);
    QCOMPARE(m_transcript->selectedText(), "ne\n\ntw");
    QCOMPARE(get(*m_transcript, 2, tercet::MessageBlocks::SelectionEndRole).toInt(), 2);
    // Dragged out of the message, it ends where the message does.
    m_transcript->extendSelection(0, 0, 3);
    QCOMPARE(m_transcript->selectedText(), "o");
    m_transcript->beginSelection(0, 0, 0);
    m_transcript->extendSelection(1, 1, 2);
    QCOMPARE(m_transcript->selectedText(), "question");
    QCOMPARE(get(*m_transcript, 1, tercet::MessageBlocks::SelectionEndRole).toInt(), 0);
    m_transcript->moveSelectionEnd(false, false, false);
    QCOMPARE(m_transcript->selectedText(), "questio");
    m_transcript->clearSelection();
    QVERIFY(!m_transcript->hasSelection());
    m_transcript->selectMessage();
    QCOMPARE(m_transcript->selectedMarkdown(), "one\n\ntwo");
    m_messages->clear();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QVERIFY(!m_transcript->hasSelection());
    QCOMPARE(m_transcript->selectedText(), "");
  }

 private:
  std::unique_ptr<MessageModel> m_messages;
  std::unique_ptr<TranscriptModel> m_transcript;
};

QTEST_GUILESS_MAIN(TestTranscript)
#include "tst_transcript.moc"
