// Bad pages and rows of a file of conversations: no others are lost, and what was purged stays so.
#include <QSet>
#include <QTest>

#include "app/storage/backup.h"
#include "tests/app/damaged_history.h"

using namespace tercet;

class TestDamagedPages : public QObject, private DamagedHistory {
  Q_OBJECT

 private Q_SLOTS:
  void init() { begin(); }
  void cleanup() { end(); }

  void one_bad_page_costs_the_rows_on_it_and_no_other_data() {
    QTest::addColumn<int>("which");
    for (const int which : {0, 1, 5, -1}) QTest::addRow("leaf %d", which) << which;
  }
  void one_bad_page_costs_the_rows_on_it_and_no_other() {
    QFETCH(int, which);
    fill();
    close();
    const std::vector<qint64> leaves = leavesOf("message 1 of");
    QVERIFY(leaves.size() > 6);
    overwrite(which < 0 ? leaves.back() : leaves[static_cast<std::size_t>(which)], QByteArray(4096, '\xee'));
    // Nothing met it: a start reads no page that it does not need.
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    const Recovery recovery = recover();
    QCOMPARE(recovery.conversations, kConversations);
    QVERIFY2(recovery.messages > kConversations * kTurns - 40, qPrintable(QString::number(recovery.messages)));
    QVERIFY(recovery.messages < kConversations * kTurns);
    QCOMPARE(keptAside().size(), 1);
    QCOMPARE(QFileInfo(recovery.keptAs).fileName(), keptAside()[0]);
    verifyConsistent();
    // And what is lost nowhere else is not lost in the chain of a conversation either.
    QCOMPARE(count("SELECT COUNT(*) FROM messages WHERE parent_id IS NULL"), kConversations);
    close();
    QVERIFY(recover().keptAs.isEmpty());  // once is enough
  }

  void bad_pages_near_each_other_cost_only_what_is_on_them_data() {
    QTest::addColumn<qint64>("apart");
    for (const qint64 apart : {qint64{0}, qint64{86'400'000}, qint64{31'536'000'000}}) QTest::addRow("%lld ms", static_cast<long long>(apart)) << apart;
  }
  void bad_pages_near_each_other_cost_only_what_is_on_them() {
    QFETCH(qint64, apart);
    fill(apart);
    close();
    const std::vector<qint64> leaves = leavesOf("message 1 of");
    QVERIFY(leaves.size() > 8);
    for (const std::size_t which : {1U, 3U, 5U}) overwrite(leaves[which], QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    const Recovery recovery = recover();
    const int lost = kConversations * kTurns - recovery.messages;
    // A page has some ten messages at most.
    QVERIFY2(lost > 0 && lost <= 3 * 14, qPrintable(QString::number(lost)));
    verifyConsistent();
  }

  void what_a_bad_page_held_comes_from_the_backup() {
    fill();
    if (const auto error = makeBackup(file(), QDate::currentDate())) QFAIL(qPrintable(error->detail));
    close();
    for (const qint64 leaf : leavesOf("message 1")) {
      if (leaf % 8192 == 0) overwrite(leaf, QByteArray(4096, '\0'));
    }
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    const Recovery recovery = recover();
    QVERIFY(recovery.fromBackup > 0);
    QCOMPARE(recovery.backup, backupFile(file(), QDate::currentDate()));
    verifyWhole();
  }

  void what_was_deleted_for_good_does_not_come_back_from_the_backup() {
    fill();
    if (const auto error = makeBackup(file(), QDate::currentDate())) QFAIL(qPrintable(error->detail));
    QVERIFY(m_store->purge(2));
    close();
    const std::vector<qint64> leaves = leavesOf("message 1 of");
    overwrite(leaves[2], QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    recover();
    QCOMPARE(count("SELECT COUNT(*) FROM conversations"), kConversations - 1);
    QCOMPARE(count("SELECT COUNT(*) FROM messages WHERE conversation_id = 2"), 0);
    QCOMPARE(count("SELECT COUNT(*) FROM messages"), (kConversations - 1) * kTurns);
    verifyConsistent();
  }

  void a_bad_beginning_costs_only_what_was_on_it_data() {
    QTest::addColumn<int>("bytes");
    QTest::addColumn<char>("with");
    QTest::newRow("a name") << 16 << 'x';
    QTest::newRow("header") << 100 << '\0';
    QTest::newRow("half of the list of tables") << 2100 << '\xaa';
    QTest::newRow("first page") << 4096 << '\0';
    QTest::newRow("all that leads to the tables") << 40 * 4096 << 'x';
  }
  void a_bad_beginning_costs_only_what_was_on_it() {
    QFETCH(int, bytes);
    QFETCH(char, with);
    fill();
    close();
    overwrite(0, QByteArray(bytes, with));
    const Recovery recovery = recover();
    QCOMPARE(recovery.fromBackup, 0);
    if (bytes <= 4096) {
      QCOMPARE(recovery.conversations, kConversations);
      QCOMPARE(count("SELECT COUNT(*) FROM conversations WHERE title LIKE 'chat %'"), kConversations);
      verifyWhole();
    } else {
      QVERIFY2(recovery.messages > kConversations * kTurns * 3 / 4, qPrintable(QString::number(recovery.messages)));
      verifyConsistent();
    }
    QVERIFY(QDir(m_dir->path()).entryList({"*.pages*", "*.recover*"}).isEmpty());
  }

  void a_bad_page_between_costs_nothing() {
    fill();
    close();
    const std::vector<qint64> between = pagesWith("\x05");
    QVERIFY(!between.empty());
    for (const qint64 page : between) overwrite(page, QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    QCOMPARE(recover().messages, kConversations * kTurns);
    verifyWhole();
  }

  void whatever_is_damaged_no_message_on_a_good_page_is_lost_data() {
    QTest::addColumn<int>("percent");  // of the pages
    QTest::addColumn<bool>("first");   // the first page, too
    for (const int percent : {2, 10, 30, 60}) {
      QTest::addRow("%d %%", percent) << percent << false;
      QTest::addRow("%d %% and the first page", percent) << percent << true;
    }
  }
  void whatever_is_damaged_no_message_on_a_good_page_is_lost() {
    QFETCH(int, percent);
    QFETCH(bool, first);
    fill(86'400'000);
    close();
    const QByteArray bytes = bytesOfFile();
    quint32 seed = 11 + static_cast<quint32>(percent);
    const auto random = [&seed](qsizetype below) { return seed = seed * 1664525 + 1013904223, static_cast<qsizetype>(seed >> 8) % below; };
    for (int round = 0; round < 4; ++round) {
      QByteArray damaged = bytes;
      for (qsizetype at = first ? 0 : 4096; at < damaged.size(); at += 4096) {
        if ((at == 0 && first) || random(100) < percent) {
          for (int i = 0; i < 4096; ++i) damaged[at + i] = round == 0 ? '\0' : static_cast<char>(random(256));
        }
      }
      replaceBy(damaged);
      recover();
      QSet<QString> there;
      QSqlQuery query = m_store->database().run("SELECT text FROM messages");
      while (query.next()) there << query.value(0).toString();
      int good = 0;
      for (int i = 1; i <= kConversations; ++i) {
        for (int turn = 0; turn < kTurns; ++turn) {
          // The long ones have other pages, too.
          const QByteArray text = textOf(i, turn).toUtf8();
          if (turn % 7 == 0 || !damaged.contains(text)) continue;
          ++good;
          QVERIFY2(there.contains(textOf(i, turn)), text.constData());
        }
      }
      QVERIFY(good > 0);
      verifyConsistent();
    }
  }

  void an_answer_that_was_growing_comes_back_without_the_first_page() {
    fill();
    const ConversationId id = m_store->addConversation({});
    Message question;
    question.text = "why?";
    question.parent = m_store->addMessage(id, question);
    question.author = Message::Author::Assistant;
    question.state = Message::State::Writing;
    question.text = "";
    const MessageId answer = m_store->addMessage(id, question);
    // So many pieces that some stand on the pages that lead to the others.
    QString text;
    for (int i = 0; i < 300; ++i) {
      const QString piece = QString::number(i).rightJustified(100, '.');
      QVERIFY(m_store->appendToAnswer(answer, piece));
      text += piece;
    }
    close();
    overwrite(0, QByteArray(4096, '\0'));
    recover();
    QCOMPARE(m_store->messages(id).back().text, text);
    QCOMPARE(m_store->messages(id).back().state, Message::State::Interrupted);
    verifyConsistent();
  }

  void what_was_purged_does_not_come_back_without_the_first_page_data() {
    QTest::addColumn<bool>("backup");
    QTest::newRow("no backup") << false;
    QTest::newRow("a backup that has it") << true;
  }
  void what_was_purged_does_not_come_back_without_the_first_page() {
    QFETCH(bool, backup);
    fill();
    if (backup) QVERIFY(!makeBackup(file(), QDate::currentDate()));
    QVERIFY(m_store->purge(2));
    close();
    overwrite(0, QByteArray(4096, '\0'));
    recover();
    QCOMPARE(count("SELECT COUNT(*) FROM conversations"), kConversations - 1);
    QCOMPARE(count("SELECT COUNT(*) FROM messages"), (kConversations - 1) * kTurns);
    verifyConsistent();
  }

  void what_was_purged_does_not_come_back_where_other_rows_are_lost() {
    fill();
    // Titles that need several pages.
    for (int i = 1; i <= kConversations; ++i) QVERIFY(m_store->rename(i, QStringLiteral("chat %1, ").arg(i).repeated(100), true));
    QVERIFY(!makeBackup(file(), QDate::currentDate()));
    QVERIFY(m_store->purge(2));
    close();
    const std::vector<qint64> titles = leavesOf("chat 11, "), messages = leavesOf("message 1 of");
    QCOMPARE(titles.size(), std::size_t{1});
    overwrite(titles[0], QByteArray(4096, '\xee'));
    for (const std::size_t which : {1U, 2U, 3U}) overwrite(messages[which], QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    recover();
    QCOMPARE(count("SELECT COUNT(*) FROM messages WHERE conversation_id = 2"), 0);
    QCOMPARE(count("SELECT COUNT(*) FROM messages"), (kConversations - 1) * kTurns);
    QCOMPARE(count("SELECT COUNT(*) FROM conversations WHERE title LIKE 'chat %'"), kConversations - 1);
    verifyConsistent();
  }

  void a_hollow_text_comes_whole_from_the_backup() {
    fill();
    QVERIFY(!makeBackup(file(), QDate::currentDate()));
    close();
    // The last page of a long text, zeroed as file systems leave it after a power cut. It begins with the number of the next: none.
    const std::vector<qint64> pages = pagesWith(QByteArray(4, '\0'), "message 7 of 5 ");
    QCOMPARE(pages.size(), std::size_t{1});
    overwrite(pages[0], QByteArray(4096, '\0'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    QCOMPARE(recover().messages, kConversations * kTurns);
    verifyWhole();
  }

  void begun_edits_come_back() {
    fill();
    QVERIFY(m_store->setDraft(-7, "half an edit"));
    close();
    overwrite(0, QByteArray(4096, '\0'));
    recover();
    QCOMPARE(m_store->draft(-7), "half an edit");
    m_store->markDamaged();
    close();
    recover();
    QCOMPARE(m_store->draft(-7), "half an edit");
  }

  void ids_are_not_given_again_where_the_backup_knows_them() {
    fill();
    QVERIFY(!makeBackup(file(), QDate::currentDate()));
    QVERIFY(m_store->purge(kConversations));
    close();
    overwrite(0, QByteArray(4096, '\0'));
    recover();
    QCOMPARE(m_store->addConversation({}), ConversationId{kConversations + 1});
  }

  void a_page_that_is_left_alone_does_not_pass_for_a_whole_table() {
    fill();
    for (int i = 1; i <= kConversations; ++i) QVERIFY(m_store->rename(i, QStringLiteral("chat %1, ").arg(i).repeated(100), true));
    QVERIFY(!makeBackup(file(), QDate::currentDate()));
    const int root = count("SELECT rootpage FROM sqlite_schema WHERE name = 'conversations'");
    close();
    const std::vector<qint64> last = leavesOf("chat 12, ");
    std::vector<qint64> pages;
    for (int i = 1; i < kConversations; ++i) {
      for (const qint64 leaf : leavesOf(qPrintable(QStringLiteral("chat %1, ").arg(i)))) pages.push_back(leaf);
    }
    QCOMPARE(last.size(), std::size_t{1});
    overwrite(0, QByteArray(4096, '\0'));
    overwrite((root - 1) * 4096, QByteArray(4096, '\xee'));
    for (const qint64 page : pages) {
      if (page != last[0]) overwrite(page, QByteArray(4096, '\xee'));
    }
    recover();
    QCOMPARE(count("SELECT COUNT(*) FROM conversations WHERE title LIKE 'chat %, chat %'"), kConversations);
    verifyWhole();
  }

  void a_bad_piece_of_a_page_loses_no_more_than_its_rows_data() {
    QTest::addColumn<bool>("backup");
    QTest::addColumn<bool>("first");  // the first page is gone, too
    QTest::addColumn<int>("leaf");
    QTest::addColumn<int>("from");    // in the page; the end has its lowest ids
    QTest::addColumn<char>("with");
    for (const bool backup : {false, true}) {
      for (const bool first : {false, true}) {
        for (const int leaf : {0, 4}) {
          for (const int from : {2000, 4096 - 700}) {
            for (const char with : {'\0', '\xff'}) {
              QTest::addRow("%s, %s, leaf %d, from %d, %02x", backup ? "backup" : "none", first ? "no first page" : "first page", leaf,
                            from, static_cast<uchar>(with))
                  << backup << first << leaf << from << with;
            }
          }
        }
      }
    }
  }
  void a_bad_piece_of_a_page_loses_no_more_than_its_rows() {
    QFETCH(bool, backup);
    QFETCH(bool, first);
    QFETCH(int, leaf);
    QFETCH(int, from);
    QFETCH(char, with);
    fill();
    if (backup) QVERIFY(!makeBackup(file(), QDate::currentDate()));
    close();
    overwrite(leavesOf("message 1")[static_cast<std::size_t>(leaf)] + from, QByteArray(700, with));
    if (first) overwrite(0, QByteArray(4096, '\0'));
    QFile(file() + ".damage-met").open(QIODevice::WriteOnly);
    const Recovery recovery = recover();
    QCOMPARE(count("SELECT COUNT(*) FROM messages WHERE id = 0"), 0);
    QCOMPARE(count("SELECT COUNT(*) FROM conversations"), kConversations);
    if (backup) {
      QCOMPARE(recovery.messages, kConversations * kTurns);
      int other = 0;
      for (int i = 1; i <= kConversations; ++i) {
        QStringList texts;
        for (const Message& message : m_store->messages(i)) texts << message.text;
        for (int turn = 0; turn < kTurns; ++turn) other += texts.contains(textOf(i, turn)) ? 0 : 1;
      }
      // Of a text with other letters than it had nobody can tell.
      QVERIFY2(other <= (with == '\0' ? 0 : 2), qPrintable(QString::number(other)));
    } else {
      const int lost = kConversations * kTurns - recovery.messages;
      QVERIFY2(lost > 0 && lost < 14, qPrintable(QString::number(lost)));
    }
    verifyConsistent();
  }

  void a_wrong_id_costs_one_row_data() {
    QTest::addColumn<bool>("first");
    QTest::addColumn<QByteArray>("id");  // as it stands before the row, 7 bits a byte
    QTest::newRow("larger") << false << QByteArray("\xff\x7f");
    QTest::newRow("larger, no first page") << true << QByteArray("\xff\x7f");
    QTest::newRow("smaller") << false << QByteArray("\x80\x01");
  }
  void a_wrong_id_costs_one_row() {
    QFETCH(bool, first);
    QFETCH(QByteArray, id);
    fill();
    // Ids of two bytes, one after the other.
    QVERIFY(m_store->database().execute("PRAGMA foreign_keys = OFF"));
    QVERIFY(m_store->database().execute("UPDATE messages SET id = id - (SELECT MIN(id) FROM messages) + 200, parent_id = NULL"));
    close();
    const qint64 leaf = leavesOf("message 5 of 6 ")[0];
    const QByteArray page = bytesOfFile().mid(leaf, 4096);
    const auto pointer = [&](int cell) { return (static_cast<uchar>(page[8 + 2 * cell]) << 8) | static_cast<uchar>(page[9 + 2 * cell]); };
    // The second row of the page; its length has two bytes, too, unless it is short.
    const int row = pointer(1);
    const int lengthBytes = page[row] & '\x80' ? 2 : 1;
    overwrite(leaf + row + lengthBytes, id);
    if (first) overwrite(0, QByteArray(4096, '\0'));
    QFile(file() + ".damage-met").open(QIODevice::WriteOnly);
    const Recovery recovery = recover();
    QVERIFY2(recovery.messages >= kConversations * kTurns - 1, qPrintable(QString::number(recovery.messages)));
    verifyConsistent();
  }

  void a_page_of_another_table_is_not_read_as_messages() {
    fill();
    close();
    // In the place of messages, a page of words: a row of it is an id and bytes.
    const std::vector<qint64> messages = leavesOf("message 1 of"), leaves = leavesOf("");
    qint64 words = 0;
    const QByteArray bytes = bytesOfFile();
    for (const qint64 leaf : leaves) {
      if (bytes.mid(leaf, 4096).contains("0message")) words = leaf;
    }
    QVERIFY(words > 0);
    for (const std::size_t which : {2U, 5U}) overwrite(messages[which], bytes.mid(words, 4096));
    QFile(file() + ".damage-met").open(QIODevice::WriteOnly);
    const Recovery recovery = recover();
    QVERIFY(m_store->isWritable());
    QVERIFY2(recovery.messages > kConversations * kTurns - 2 * 14, qPrintable(QString::number(recovery.messages)));
    QCOMPARE(recovery.conversations, kConversations);
    verifyConsistent();
  }

  void titles_of_purged_chats_do_not_come_back() {
    fill();
    QVERIFY(!makeBackup(file(), QDate::currentDate()));
    QVERIFY(m_store->purge(2));
    close();
    for (const qint64 leaf : leavesOf("chat 1")) overwrite(leaf, QByteArray(4096, '\xee'));
    QFile(file() + ".damage-met").open(QIODevice::WriteOnly);
    recover();
    QCOMPARE(count("SELECT COUNT(*) FROM conversations WHERE id = 2"), 0);
    QCOMPARE(count("SELECT COUNT(*) FROM conversations WHERE title LIKE 'chat %'"), kConversations - 1);
    verifyConsistent();
  }

  void drafts_of_purged_chats_do_not_come_back() {
    fill();
    QVERIFY(m_store->setDraft(2, "of a chat that is purged"));
    const MessageId gone = m_store->messages(2)[0].id, there = m_store->messages(4)[0].id;
    QVERIFY(m_store->setDraft(-gone, "an edit there") && m_store->setDraft(-there, "an edit that stays"));
    QVERIFY(!makeBackup(file(), QDate::currentDate()));
    QVERIFY(m_store->purge(2));
    close();
    for (const qint64 leaf : leavesOf("half a thought")) overwrite(leaf, QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    recover();
    QVERIFY(m_store->draft(2).isEmpty() && m_store->draft(-gone).isEmpty());
    QCOMPARE(m_store->draft(-there), "an edit that stays");
    QCOMPARE(m_store->draft(3), "half a thought");
  }

  void a_bad_page_between_rows_of_one_key_costs_only_what_was_on_it() {
    fill();
    std::vector<Attachment> files;
    for (int i = 0; i < 60; ++i) files.push_back({QStringLiteral("file %1.txt").arg(i), QStringLiteral("file %1 ").arg(i).repeated(40)});
    QVERIFY(m_store->setDraftAttachments(5, files));
    close();
    const std::vector<qint64> leaves = pagesWith("\x0a", ".txt");
    QVERIFY(leaves.size() >= 5);
    overwrite(leaves[2], QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    recover();
    QVERIFY2(m_store->draftAttachments(5).size() >= 60 - 14, qPrintable(QString::number(m_store->draftAttachments(5).size())));
    QVERIFY(m_store->draftAttachments(5).size() < 60);
  }

  void a_title_of_a_bad_page_comes_from_the_backup() {
    fill();
    if (const auto error = makeBackup(file(), QDate::currentDate())) QFAIL(qPrintable(error->detail));
    close();
    for (const qint64 leaf : leavesOf("chat 1")) overwrite(leaf, QByteArray(4096, '\xee'));
    QVERIFY(reopen());
    m_store->markDamaged();
    close();
    QCOMPARE(recover().conversations, kConversations);
    QCOMPARE(count("SELECT COUNT(*) FROM conversations WHERE title LIKE 'chat %'"), kConversations);
    verifyWhole();
  }
};

QTEST_GUILESS_MAIN(TestDamagedPages)
#include "tst_damaged_pages.moc"
