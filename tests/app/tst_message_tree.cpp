// Branches of a conversation: siblings, what is shown, deleted messages.
#include <QTest>

#include "app/message_tree.h"

using namespace tercet;

namespace {

Message message(MessageId id, MessageId parent, Message::Author author = Message::Author::User) {
  Message made;
  made.id = id;
  made.parent = parent;
  made.author = author;
  made.text = QString::number(id);
  return made;
}

using Ids = std::vector<MessageId>;

/// 1 -> 2 -> 3 -> 4, and 5 beside 3 with 6 below it.
MessageTree forked() {
  MessageTree tree;
  tree.load({message(1, 0), message(2, 1), message(3, 2), message(4, 3), message(5, 2), message(6, 5)}, 4);
  return tree;
}

}  // namespace

class TestMessageTree : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_branch_of_the_leaf_is_shown() {
    QCOMPARE(forked().path(), (Ids{1, 2, 3, 4}));
    QCOMPARE(forked().siblings(3), (Ids{3, 5}));
    QCOMPARE(forked().siblings(1), (Ids{1}));
    QCOMPARE(forked().countBelow(2), std::size_t{4});
  }

  void without_a_known_leaf_the_newest_messages_are_shown() {
    MessageTree tree;
    tree.load({message(2, 1), message(1, 0), message(3, 1)}, 99);
    QCOMPARE(tree.path(), (Ids{1, 3}));
  }

  void changing_the_branch_returns_to_where_it_was_left() {
    MessageTree tree = forked();
    tree.add(message(7, 3));  // beside 4
    QCOMPARE(tree.path(), (Ids{1, 2, 3, 7}));
    tree.showBranchOf(4);
    tree.showBranchOf(5);
    QCOMPARE(tree.path(), (Ids{1, 2, 5, 6}));
    tree.showBranchOf(3);
    QCOMPARE(tree.path(), (Ids{1, 2, 3, 4}));  // 4, although 7 is newer
    tree.showBranchOf(99);
    QCOMPARE(tree.leaf(), MessageId{4});
  }

  void a_message_is_added_where_the_branch_was_cut() {
    MessageTree tree = forked();
    tree.showUpTo(2);
    QCOMPARE(tree.path(), (Ids{1, 2}));
    tree.add(message(8, tree.leaf()));
    QCOMPARE(tree.siblings(8), (Ids{3, 5, 8}));
    tree.remove(8);
    QCOMPARE(tree.path(), (Ids{1, 2}));
    tree.remove(2);  // others hang on it
    QVERIFY(tree.find(2));
  }

  void deleted_messages_are_passed_over_and_come_back() {
    MessageTree tree = forked();
    tree.setDeleted(3, 1);
    QCOMPARE(tree.path(), (Ids{1, 2, 4}));
    QCOMPARE(tree.parent(4), MessageId{2});
    QCOMPARE(tree.siblings(4), (Ids{4, 5}));
    tree.setDeleted(2, 1);
    QCOMPARE(tree.path(), (Ids{1, 4}));
    QCOMPARE(tree.siblings(5), (Ids{4, 5}));
    tree.setDeleted(4, 1);
    QCOMPARE(tree.path(), (Ids{1}));
    for (const MessageId id : {2, 3, 4}) tree.setDeleted(id, 0);
    QCOMPARE(tree.path(), (Ids{1, 2, 3, 4}));
  }

  void the_version_before_stands_in_for_one_that_is_deleted() {
    const auto answer = [](MessageId id, MessageId parent) { return message(id, parent, Message::Author::Assistant); };
    MessageTree tree;
    tree.load({message(1, 0), answer(2, 1), answer(3, 1), answer(4, 1), message(5, 2)}, 3);
    QCOMPARE(tree.insteadOf(4), MessageId{0});  // not shown
    tree.setDeleted(3, 1);
    QCOMPARE(tree.insteadOf(3), MessageId{2});
    tree.showBranchOf(2);
    tree.setDeleted(2, 1);
    QCOMPARE(tree.insteadOf(2), MessageId{0});  // 5 is still there
    tree.setDeleted(5, 1);
    QCOMPARE(tree.insteadOf(5), MessageId{0});  // the answers are no versions of a question
    QCOMPARE(tree.insteadOf(2), MessageId{4});
    tree.showBranchOf(4);
    tree.setDeleted(4, 1);
    QCOMPARE(tree.insteadOf(4), MessageId{0});
    QCOMPARE(tree.insteadOf(99), MessageId{0});
  }

  void tables_that_contradict_themselves_cannot_hang_it() {
    MessageTree tree;
    tree.load({message(1, 2), message(2, 1), message(3, 3), message(4, 77)}, 2);
    QCOMPARE(tree.path(), (Ids{1, 2}));
    tree.showBranchOf(3);
    QCOMPARE(tree.path(), Ids{3});
    tree.showBranchOf(4);
    QCOMPARE(tree.path(), Ids{4});
  }
};

QTEST_GUILESS_MAIN(TestMessageTree)
#include "tst_message_tree.moc"
