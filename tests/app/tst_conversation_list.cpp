// The sidebar's list: headings, order, and one row at a time.
#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QLocale>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include "app/conversation_list.h"
#include "app/notice.h"
#include "app/storage/history_store.h"

using namespace tercet;

namespace {

// How much slower than released code this may be.
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr qint64 kSlack = 1;
#else
constexpr qint64 kSlack = 10;
#endif

}  // namespace

class TestConversationList : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> m_dir;
  std::unique_ptr<HistoryStore> m_store;
  std::unique_ptr<Notice> m_notice;
  std::unique_ptr<ConversationList> m_list;
  std::unique_ptr<QAbstractItemModelTester> m_tester;
  QDateTime m_now;

  /// `time` as "2026-03-18 09:00".
  static qint64 ms(const QString& time) { return QDateTime::fromString(time, "yyyy-MM-dd HH:mm").toMSecsSinceEpoch(); }
  ConversationId add(const QString& title, const QString& time, qint64 folder = 0, bool pinned = false) {
    ConversationInfo info;
    info.title = title;
    info.folder = folder;
    info.pinned = pinned;
    info.createdAt = ms(time);
    return m_store->addConversation(info);
  }
  void say(ConversationId id, const QString& time) {
    Message message;
    message.text = "First words of it";
    message.createdAt = ms(time);
    QVERIFY(m_store->addMessage(id, message) > 0);
  }
  void makeList() {
    m_tester.reset();
    m_list = std::make_unique<ConversationList>(m_store.get(), m_notice.get(), nullptr, [this] { return m_now; });
    m_list->load();
    m_tester = std::make_unique<QAbstractItemModelTester>(m_list.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
  }
  QVariant role(int row, int role) const { return m_list->data(m_list->index(row), role); }
  /// Titles in order; headings in brackets, folders with a slash.
  QStringList shown() const {
    QStringList rows;
    for (int i = 0; i < m_list->rowCount(); ++i) {
      const QString title = role(i, ConversationList::TitleRole).toString();
      const auto kind = role(i, ConversationList::KindRole).value<ConversationList::Kind>();
      rows << (kind == ConversationList::Kind::Section ? "[" + title + "]" : kind == ConversationList::Kind::Folder ? title + "/" : title);
    }
    return rows;
  }
  bool marked(ConversationId id, int mark) const { return role(m_list->rowOf(id), mark).toBool(); }

 private Q_SLOTS:
  void init() {
    QLocale::setDefault(QLocale("en"));
    m_now = QDateTime::fromString("2026-03-18 15:00", "yyyy-MM-dd HH:mm");
    m_dir = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<HistoryStore>();
    QVERIFY(m_store->open(HistoryStore::fileIn(m_dir->path())));
    m_notice = std::make_unique<Notice>();
    makeList();
  }
  void cleanup() {
    m_tester.reset();
    m_list.reset();
    m_store.reset();
  }

  void conversations_stand_under_their_part_of_time_newest_first() {
    add("this year", "2026-01-31 12:00");
    add("a week", "2026-03-11 00:00");
    add("now", "2026-03-18 15:00");
    add("more than a week", "2026-03-10 23:59");
    add("last evening", "2026-03-17 23:59");
    add("morning", "2026-03-18 00:00");
    add("thirty days", "2026-02-16 00:00");
    add("same month", "2026-02-15 23:59");
    add("year before", "2025-12-01 08:00");
    add("from the future", "2026-03-20 08:00");
    const QStringList wanted{"[Today]", "from the future", "now", "morning", "[Yesterday]", "last evening", "[Previous 7 days]",
                             "a week", "[Previous 30 days]", "more than a week", "thirty days", "[February 2026]", "same month",
                             "[January 2026]", "this year", "[December 2025]", "year before"};
    QCOMPARE(shown(), wanted);
    makeList();
    QCOMPARE(shown(), wanted);
    QCOMPARE(m_list->count(), 10);
  }

  void months_are_named_in_the_language_of_the_window() {
    QLocale::setDefault(QLocale("es"));
    add("a", "2025-10-01 08:00");
    QCOMPARE(shown().first(), "[Octubre 2025]");
  }

  void at_midnight_only_headings_change() {
    add("a", "2026-03-18 10:00");
    add("b", "2026-03-17 10:00");
    add("c", "2026-03-11 10:00");
    QSignalSpy reset(m_list.get(), &QAbstractItemModel::modelReset);
    m_now = m_now.addDays(1);
    m_list->checkDay();
    QCOMPARE(shown(), QStringList({"[Yesterday]", "a", "[Previous 7 days]", "b", "[Previous 30 days]", "c"}));
    QCOMPARE(reset.size(), 0);
    add("d", "2026-03-19 01:00");
    QCOMPARE(shown().first(2), QStringList({"[Today]", "d"}));
  }

  void a_change_after_midnight_finds_the_new_day() {
    const ConversationId id = add("a", "2026-03-18 10:00");
    m_now = m_now.addDays(1);
    QVERIFY(m_store->rename(id, "b", true));
    QCOMPARE(shown(), QStringList({"[Yesterday]", "b"}));
  }

  void a_message_moves_its_conversation_up_by_one_move() {
    add("new", "2026-03-18 10:00");
    const ConversationId old = add("old", "2026-03-17 10:00");
    add("older", "2026-03-17 09:00");
    QSignalSpy moved(m_list.get(), &QAbstractItemModel::rowsMoved);
    QSignalSpy inserted(m_list.get(), &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(m_list.get(), &QAbstractItemModel::rowsRemoved);
    QSignalSpy reset(m_list.get(), &QAbstractItemModel::modelReset);
    say(old, "2026-03-18 11:00");
    QCOMPARE(shown(), QStringList({"[Today]", "old", "new", "[Yesterday]", "older"}));
    QCOMPARE(moved.size(), 1);
    QCOMPARE(inserted.size() + removed.size() + reset.size(), 0);
    say(old, "2026-03-18 12:00");
    QCOMPARE(moved.size(), 1);  // it is the first already
  }

  void the_last_of_a_heading_takes_it_away() {
    const ConversationId id = add("only", "2026-03-17 10:00");
    say(id, "2026-03-18 10:00");
    QCOMPARE(shown(), QStringList({"[Today]", "only"}));
    QVERIFY(m_store->setConversationDeleted(id, true));
    QCOMPARE(shown(), QStringList());
    QCOMPARE(m_list->count(), 0);
  }

  void pinned_ones_come_first_and_go_back() {
    const ConversationId a = add("a", "2026-03-18 10:00");
    const ConversationId b = add("b", "2026-01-01 10:00");
    add("c", "2026-03-18 11:00");
    m_list->setPinned(b, true);
    m_list->setPinned(a, true);
    QCOMPARE(shown(), QStringList({"[Pinned]", "a", "b", "[Today]", "c"}));
    QVERIFY(role(1, ConversationList::PinnedRole).toBool());
    makeList();
    QCOMPARE(shown(), QStringList({"[Pinned]", "a", "b", "[Today]", "c"}));
    m_list->setPinned(a, false);
    m_list->setPinned(b, false);
    QCOMPARE(shown(), QStringList({"[Today]", "c", "a", "[January 2026]", "b"}));
  }

  void a_name_given_is_kept_and_an_empty_one_is_the_first_words() {
    const ConversationId id = add("title", "2026-03-18 10:00");
    say(id, "2026-03-18 10:00");
    m_list->rename(id, "  My \n name ");
    QCOMPARE(shown().last(), "My name");
    QVERIFY(m_store->conversation(id)->ownTitle);
    m_list->rename(id, " ");
    QCOMPARE(shown().last(), "First words of it");
    QVERIFY(!m_store->conversation(id)->ownTitle);
  }

  void folders_stand_by_name_and_hold_their_conversations() {
    const qint64 work = m_store->addFolder("Work"), garden = m_store->addFolder("garden"), empty = m_store->addFolder("Music");
    const ConversationId a = add("a", "2026-03-18 10:00");
    const ConversationId b = add("b", "2026-01-18 10:00");
    add("c", "2026-03-18 09:00");
    m_list->setFolder(b, work);
    m_list->setFolder(a, work);
    const QStringList wanted{"garden/", "Music/", "Work/", "a", "b", "[Today]", "c"};
    QCOMPARE(shown(), wanted);
    makeList();
    QCOMPARE(shown(), wanted);
    m_list->setFolder(a, garden);
    QCOMPARE(shown(), QStringList({"garden/", "a", "Music/", "Work/", "b", "[Today]", "c"}));
    m_list->renameFolder(garden, "Zoo");
    QCOMPARE(shown(), QStringList({"Music/", "Work/", "b", "Zoo/", "a", "[Today]", "c"}));
    m_list->renameFolder(garden, "Apples");
    QCOMPARE(shown(), QStringList({"Apples/", "a", "Music/", "Work/", "b", "[Today]", "c"}));
    m_list->renameFolder(garden, "  ");
    QCOMPARE(shown().first(), "Apples/");
    m_list->removeFolder(empty);
    m_list->setFolder(b, 0);
    QCOMPARE(shown(), QStringList({"Apples/", "a", "Work/", "[Today]", "c", "[January 2026]", "b"}));
    QVERIFY(!m_notice->visible());  // nothing was lost with an empty folder
    makeList();
    QCOMPARE(shown(), QStringList({"Apples/", "a", "Work/", "[Today]", "c", "[January 2026]", "b"}));
  }

  void a_pinned_conversation_put_in_a_folder_is_shown_there() {
    const qint64 folder = m_store->addFolder("F");
    const ConversationId id = add("a", "2026-03-18 10:00", 0, true);
    m_list->setFolder(id, folder);
    QCOMPARE(shown(), QStringList({"F/", "a"}));
  }

  void a_deleted_folder_gives_its_conversations_back_and_undo_makes_it_again() {
    const qint64 folder = m_list->addFolder();
    add("a", "2026-03-18 10:00", folder);
    add("b", "2026-03-17 10:00", folder);
    m_list->setCollapsed(folder, true);
    m_list->removeFolder(folder);
    QCOMPARE(shown(), QStringList({"[Today]", "a", "[Yesterday]", "b"}));
    QCOMPARE(m_notice->action(), Notice::Action::Undo);
    m_notice->trigger();
    QCOMPARE(shown(), QStringList({"New folder/", "a", "b"}));
    makeList();
    QCOMPARE(shown(), QStringList({"New folder/", "a", "b"}));
  }

  void a_collapsed_folder_shows_its_name_and_its_marks() {
    const qint64 folder = m_store->addFolder("F");
    const ConversationId a = add("a", "2026-03-18 10:00", folder);
    add("b", "2026-03-18 09:00", folder);
    m_list->setCollapsed(folder, true);
    QCOMPARE(shown(), QStringList{"F/"});
    QVERIFY(role(0, ConversationList::CollapsedRole).toBool());
    QCOMPARE(m_list->rowOf(a), -1);
    m_list->setAnswering({a});
    QVERIFY(role(0, ConversationList::LiveRole).toBool());
    say(a, "2026-03-18 11:00");
    add("c", "2026-03-18 12:00", folder);
    QCOMPARE(shown(), QStringList{"F/"});
    makeList();
    QCOMPARE(shown(), QStringList{"F/"});
    QCOMPARE(m_list->count(), 3);
    m_list->setCollapsed(folder, false);
    QCOMPARE(shown(), QStringList({"F/", "c", "a", "b"}));
  }

  void deleting_can_be_undone() {
    const qint64 folder = m_store->addFolder("F");
    const ConversationId id = add(QString("word ").repeated(30), "2026-03-18 10:00", folder);
    QSignalSpy removed(m_list.get(), &ConversationList::removed);
    m_list->remove(id);
    QCOMPARE(shown(), QStringList{"F/"});
    QCOMPARE(removed.size(), 1);
    QVERIFY(m_notice->title().contains("word word"));
    QVERIFY(m_notice->title().size() < 100);
    m_notice->trigger();
    QCOMPARE(shown().size(), 2);
    QVERIFY(!m_notice->visible());
    QVERIFY(m_store->purge(id));
    QCOMPARE(shown(), QStringList{"F/"});
  }

  void undoing_leads_back_to_the_open_one_unless_another_was_opened() {
    const ConversationId a = add("a", "2026-03-18 10:00"), b = add("b", "2026-03-18 09:00");
    QSignalSpy reopened(m_list.get(), &ConversationList::reopened);
    const auto removeAndUndo = [&](ConversationId open, ConversationId then) {
      m_list->setOpen(open);
      m_list->remove(a);
      m_list->setOpen(then);
      m_notice->trigger();
    };
    removeAndUndo(b, b);
    removeAndUndo(a, b);
    QVERIFY(reopened.isEmpty());
    removeAndUndo(a, 0);
    QCOMPARE(reopened.size(), 1);
    QCOMPARE(reopened[0][0].toLongLong(), a);
  }

  void answers_are_marked_while_written_and_until_they_are_seen() {
    const ConversationId a = add("a", "2026-03-18 10:00"), b = add("b", "2026-03-18 09:00");
    m_list->setOpen(a);
    m_list->setAnswering({a, b});
    QVERIFY(marked(a, ConversationList::LiveRole) && marked(b, ConversationList::LiveRole));
    m_list->setAnswering({});
    m_list->onAnswered(a);
    m_list->onAnswered(b);
    QVERIFY(!marked(a, ConversationList::LiveRole) && !marked(a, ConversationList::UnreadRole));
    QVERIFY(marked(b, ConversationList::UnreadRole));
    QSignalSpy changed(m_list.get(), &QAbstractItemModel::dataChanged);
    m_list->setOpen(b);
    QVERIFY(!marked(b, ConversationList::UnreadRole));
    QCOMPARE(changed.size(), 1);
  }

  void unread_answers_are_still_marked_at_the_next_start() {
    const ConversationId a = add("a", "2026-03-18 10:00"), b = add("b", "2026-03-18 09:00");
    m_list->setOpen(a);
    m_list->onAnswered(b);
    makeList();
    QVERIFY(!marked(a, ConversationList::UnreadRole) && marked(b, ConversationList::UnreadRole));
    m_list->setOpen(b);
    makeList();
    QVERIFY(!marked(b, ConversationList::UnreadRole));
  }

  void an_unread_answer_is_marked_again_when_its_chat_comes_back() {
    const ConversationId a = add("a", "2026-03-18 10:00");
    m_list->onAnswered(a);
    QVERIFY(m_store->setConversationDeleted(a, true));
    QVERIFY(m_store->setConversationDeleted(a, false));
    QVERIFY(marked(a, ConversationList::UnreadRole));
  }

  void the_keyboard_stops_at_folders_and_conversations() {
    m_store->addFolder("F");
    add("a", "2026-03-18 10:00");
    add("b", "2026-03-17 10:00");
    QCOMPARE(shown(), QStringList({"F/", "[Today]", "a", "[Yesterday]", "b"}));
    QCOMPARE(m_list->nextStop(-1, 1), 0);
    QCOMPARE(m_list->nextStop(0, 1), 2);
    QCOMPARE(m_list->nextStop(2, 1), 4);
    QCOMPARE(m_list->nextStop(4, 1), 4);
    QCOMPARE(m_list->nextStop(5, -1), 4);
    QCOMPARE(m_list->nextStop(0, -1), 0);
  }

  void the_rest_follows_what_a_window_shows_first_data() {
    QTest::addColumn<int>("times");
    QTest::newRow("all at different times") << 3000;
    QTest::newRow("many at the same time") << 3;
  }
  void the_rest_follows_what_a_window_shows_first() {
    QFETCH(int, times);
    constexpr int kMany = 3000;
    const qint64 work = m_store->addFolder("Work"), shut = m_store->addFolder("Shut");
    QVERIFY(m_store->setFolderCollapsed(shut, true));
    {
      Transaction transaction(m_store->database());
      for (int i = 0; i < kMany; ++i) {
        const qint64 folder = i % 500 == 1 ? work : i % 500 == 2 ? shut : 0;
        QVERIFY(m_store->database().execute(
            "INSERT INTO conversations(title, folder_id, pinned, unread, created_at, updated_at) VALUES (?, ?, ?, ?, 0, ?)",
            {QString::number(i), folder != 0 ? QVariant(folder) : QVariant(QMetaType::fromType<qint64>()), i % 1000 == 999, i % 100 == 50,
             ms("2026-03-18 10:00") - (i % times) * 3'600'000LL}));
      }
      QVERIFY(transaction.commit());
    }
    makeList();
    QVERIFY2(m_list->count() < 300, qPrintable(QString::number(m_list->count())));
    QCOMPARE(shown().filter("999").size(), 3);  // the pinned ones
    QCOMPARE(role(m_list->rowOfFolder(work), ConversationList::DetailsRole).toString(), QString("6 conversation(s)"));
    // What happens meanwhile.
    const ConversationId opened = 2051, moved = 2500, gone = 2600;
    m_list->setOpen(opened);
    say(moved, "2026-03-18 12:00");
    QVERIFY(m_store->setConversationDeleted(gone, true));
    const ConversationId old = add("Older than all", "2020-01-01 00:00");
    QVERIFY(m_list->rowOf(old) > 0);
    m_list->setCollapsed(shut, false);
    QTRY_COMPARE(m_list->count(), kMany);  // one more, one less
    QStringList later = shown();
    QVERIFY(!marked(opened, ConversationList::UnreadRole));
    QVERIFY(marked(opened + 100, ConversationList::UnreadRole));
    QVERIFY(!m_store->summary(opened)->unread);
    // As if all had been there at the start.
    for (int i = 0; i < m_list->rowCount(); ++i) {
      const qint64 id = role(i, ConversationList::RowIdRole).toLongLong();
      if (role(i, ConversationList::KindRole).value<ConversationList::Kind>() == ConversationList::Kind::Conversation) QCOMPARE(m_list->rowOf(id), i);
    }
    QVERIFY(later.indexOf("Work/") > later.indexOf("Shut/") && later.indexOf("Work/") < later.indexOf("[Today]"));
    QCOMPARE(later.indexOf("[Today]") + 1, later.indexOf(QString::number(moved - 1)));
    QCOMPARE(QSet<QString>(later.begin(), later.end()).size(), later.size());
    QCOMPARE(later.last(), QString("Older than all"));
  }

  void a_folder_deleted_at_the_start_comes_back_with_all_it_held() {
    const qint64 folder = m_store->addFolder("Shut");
    QVERIFY(m_store->setFolderCollapsed(folder, true));
    {
      Transaction transaction(m_store->database());
      for (int i = 0; i < 1000; ++i) add(QString::number(i), "2026-03-17 10:00", i % 10 == 0 ? folder : 0);
      QVERIFY(transaction.commit());
    }
    makeList();
    m_list->removeFolder(folder);
    m_notice->trigger();
    QCOMPARE(m_list->folders()->count(), 1);
    QCOMPARE(role(0, ConversationList::DetailsRole).toString(), QString("100 conversation(s)"));
  }

  void ten_thousand_conversations_open_and_change_without_a_pause() {
    constexpr int kMany = 10000;
    {
      Transaction transaction(m_store->database());
      for (int i = 0; i < kMany; ++i) {
        QVERIFY(m_store->database().execute("INSERT INTO conversations(title, created_at, updated_at) VALUES (?, ?, ?)",
                                            {QStringLiteral("Conversation %1").arg(i), 0, ms("2026-03-18 10:00") - i * 3'600'000LL}));
      }
      QVERIFY(transaction.commit());
    }
    QElapsedTimer timer;
    timer.start();
    m_tester.reset();
    m_list = std::make_unique<ConversationList>(m_store.get(), m_notice.get(), nullptr, [this] { return m_now; });
    m_list->load();
    const qint64 loading = timer.nsecsElapsed();
    QTRY_COMPARE(m_list->count(), kMany);
    QSignalSpy moved(m_list.get(), &QAbstractItemModel::rowsMoved);
    constexpr int kChanges = 100;
    const ConversationId last = m_store->summaries().back().id;
    timer.restart();
    for (int i = 0; i < kChanges; ++i) Q_EMIT m_store->conversationChanged(last - i);
    const qint64 changing = timer.nsecsElapsed() / kChanges;
    qInfo("%d conversations: %.1f ms to open, %.3f ms for a change", kMany, 1e-6 * static_cast<double>(loading),
          1e-6 * static_cast<double>(changing));
    say(last, "2026-03-18 14:00");
    QCOMPARE(moved.size(), 1);
    QCOMPARE(m_list->rowOf(last), 1);
    QVERIFY(loading < 500'000'000 * kSlack);
    QVERIFY(changing < 5'000'000 * kSlack);
  }
};

QTEST_GUILESS_MAIN(TestConversationList)
#include "tst_conversation_list.moc"
