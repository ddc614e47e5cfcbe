// What is copied of a selection across the blocks of a message.
#include <QSignalSpy>
#include <QTest>

#include "app/message_blocks.h"

namespace tercet {
/// For the messages of failures.
[[maybe_unused]] static char* toString(const MessageBlocks::Place& place) {
  return QTest::toString(QStringLiteral("block %1, position %2").arg(place.block).arg(place.position));
}
}  // namespace tercet

using tercet::MessageBlocks;
using Place = MessageBlocks::Place;

namespace {

const QString kMessage = QStringLiteral(
    "# Title\n\nSome **bold** and $x^2$ words.\n\n- one\n- [x] two\n\n```py\na = 1\nb = 2\n```\n\n| h | i |\n|---|---|\n| c | d |\n\n"
    "> said [here](https://a.b)\n");

}  // namespace

class TestMessageSelection : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_blocks = std::make_unique<MessageBlocks>(MessageBlocks::Format::Markdown);
    m_blocks->appendText(kMessage);
    m_blocks->finish();
  }

  void everything_is_copied() {
    m_blocks->selectAll();
    QCOMPARE(m_blocks->selectedMarkdown(), kMessage.chopped(1));
    QCOMPARE(m_blocks->selectedText(),
             "Title\n\nSome bold and $x^2$ words.\n\n• one\n☑ two\n\na = 1\nb = 2\n\nh\ti\nc\td\n\nsaid here");
  }

  void a_part_of_a_paragraph_keeps_its_marks_whole_data() {
    QTest::addColumn<int>("start");
    QTest::addColumn<int>("end");
    QTest::addColumn<QString>("plain");
    QTest::addColumn<QString>("markdown");
    // Some bold and x² words.
    QTest::newRow("plain words") << 0 << 4 << "Some" << "Some";
    QTest::newRow("inside bold") << 6 << 8 << "ol" << "**bold**";
    QTest::newRow("into bold") << 0 << 7 << "Some bo" << "Some **bold**";
    QTest::newRow("half a formula") << 14 << 15 << "$x^2$" << "$x^2$";
    QTest::newRow("behind the formula") << 17 << 22 << "words" << "words";
  }
  void a_part_of_a_paragraph_keeps_its_marks_whole() {
    QFETCH(int, start);
    QFETCH(int, end);
    m_blocks->select({1, start}, {1, end});
    QTEST(m_blocks->selectedText(), "plain");
    QTEST(m_blocks->selectedMarkdown(), "markdown");
    m_blocks->select({1, end}, {1, start});
    QTEST(m_blocks->selectedText(), "plain");
  }

  void a_selection_across_blocks_is_shown_in_each() {
    m_blocks->select({1, 5}, {3, 2});
    const auto range = [this](int row) {
      return QPair<int, int>{m_blocks->data(m_blocks->index(row), MessageBlocks::SelectionStartRole).toInt(),
                             m_blocks->data(m_blocks->index(row), MessageBlocks::SelectionEndRole).toInt()};
    };
    QCOMPARE(range(0), qMakePair(0, 0));
    QCOMPARE(range(1), qMakePair(5, 23));
    QCOMPARE(range(2), qMakePair(0, 3));
    QCOMPARE(range(3), qMakePair(0, 2));
    QCOMPARE(range(4), qMakePair(0, 0));
    QCOMPARE(m_blocks->selectedMarkdown(), "**bold** and $x^2$ words.\n\n- one\n- [x] tw");
  }

  void code_alone_is_copied_without_fences_and_beside_text_with_them() {
    m_blocks->select({4, 0}, {4, 5});
    QCOMPARE(m_blocks->selectedMarkdown(), "a = 1");
    m_blocks->select({3, 0}, {4, 5});
    QCOMPARE(m_blocks->selectedMarkdown(), "- [x] two\n\n```py\na = 1\nb = 2\n```");
  }

  void places_outside_the_text_are_moved_into_it() {
    m_blocks->select({-1, 5}, {100, 0});
    QCOMPARE(m_blocks->selectedMarkdown(), kMessage.chopped(1));
    m_blocks->select({0, 3}, {0, 100});
    QCOMPARE(m_blocks->selectedText(), "le");
  }

  void only_rows_between_old_and_new_ends_are_told() {
    m_blocks->select({1, 0}, {1, 4});
    QSignalSpy spy(m_blocks.get(), &MessageBlocks::dataChanged);
    m_blocks->select({1, 0}, {2, 1});
    QCOMPARE(spy.size(), 1);
    QCOMPARE(spy[0][0].toModelIndex().row(), 1);
    QCOMPARE(spy[0][1].toModelIndex().row(), 2);
  }

  void words_and_steps_are_found() {
    const auto [start, end] = m_blocks->wordAt({1, 6});
    QCOMPARE(start, (Place{1, 5}));
    QCOMPARE(end, (Place{1, 9}));
    using Step = MessageBlocks::Step;
    QCOMPARE(m_blocks->placeBeside({0, 5}, Step::Character, true), (Place{1, 0}));
    QCOMPARE(m_blocks->placeBeside({1, 0}, Step::Character, false), (Place{0, 5}));
    QCOMPARE(m_blocks->placeBeside({1, 0}, Step::Word, true), (Place{1, 4}));
    QCOMPARE(m_blocks->placeBeside({0, 0}, Step::Character, false), (Place{0, 0}));
    QCOMPARE(m_blocks->placeBeside({6, 2}, Step::Block, true), (Place{6, 9}));
    QCOMPARE(m_blocks->placeBeside({6, 2}, Step::Block, false), (Place{6, 0}));
  }

  void a_selection_stays_while_text_arrives() {
    MessageBlocks blocks(MessageBlocks::Format::Markdown);
    blocks.appendText("one two");
    blocks.select({0, 0}, {0, 3});
    blocks.appendText(" three\n\nfour");
    QCOMPARE(blocks.selectedText(), "one");
  }

 private:
  std::unique_ptr<MessageBlocks> m_blocks;
};

QTEST_GUILESS_MAIN(TestMessageSelection)
#include "tst_message_selection.moc"
