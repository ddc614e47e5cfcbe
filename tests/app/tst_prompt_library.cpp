// The prompts to use again, and the form that fills them in.
#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include "app/built_in_prompts.h"
#include "app/notice.h"
#include "app/filled_prompt.h"
#include "app/prompt_library.h"
#include "app/storage/history_store.h"

using namespace tercet;

class TestPromptLibrary : public QObject {
  Q_OBJECT

  struct Bench {
    QTemporaryDir dir;
    Notice notice;
    HistoryStore history;
    LibraryStore store{&history.database()};
    PromptLibrary prompts{&store, &notice};

    Bench() {
      history.open(HistoryStore::fileIn(dir.path()));
      prompts.load();
    }
    QString title(int row) { return prompts.data(prompts.index(row), PromptLibrary::TitleRole).toString(); }
    QString text(int row) { return prompts.data(prompts.index(row), PromptLibrary::TextRole).toString(); }
    bool changed(int row) { return prompts.data(prompts.index(row), PromptLibrary::ChangedRole).toBool(); }
    int rowOf(const QString& wanted) {
      for (int row = 0; row < prompts.count(); ++row) {
        if (title(row) == wanted) return row;
      }
      return -1;
    }
  };
  std::unique_ptr<Bench> b;
  const int m_builtIn = static_cast<int>(builtInPrompts().size());

 private Q_SLOTS:
  void init() { b = std::make_unique<Bench>(); }
  void cleanup() { b.reset(); }

  void some_come_with_the_program_and_nothing_is_stored_for_them() {
    QCOMPARE(b->prompts.count(), m_builtIn);
    QVERIFY(m_builtIn >= 8);
    QVERIFY(b->store.prompts().empty());
  }

  void a_new_one_stands_first_and_is_named_by_its_first_words() {
    QVERIFY(b->prompts.add("", "Tell me a joke\nabout {{topic}}"));
    QCOMPARE(b->title(0), "Tell me a joke about {{topic}}");
    QVERIFY(!b->prompts.add("title", "  \n"));
    b->prompts.load();
    QCOMPARE(b->prompts.count(), m_builtIn + 1);
    QCOMPARE(b->text(0), "Tell me a joke\nabout {{topic}}");
  }

  void the_one_used_last_comes_first_when_the_list_is_opened_again() {
    const QString fourth = b->title(3);
    QCOMPARE(b->prompts.use(3), b->text(3));
    QCOMPARE(b->title(3), fourth);  // the list does not jump under the pointer
    b->prompts.sortByUse();
    QCOMPARE(b->title(0), fourth);
    b->prompts.load();
    QCOMPARE(b->title(0), fourth);
    QVERIFY(!b->changed(0));
  }

  void the_filter_looks_for_words_without_case_and_accents() {
    QVERIFY(b->prompts.add("Canción de cuna", "Escribe una CANCIÓN sobre {{tema}}"));
    b->prompts.setFilter("sobre cancion");
    QCOMPARE(b->prompts.count(), 1);
    QCOMPARE(b->title(0), "Canción de cuna");
    b->prompts.setFilter("nothing like that");
    QCOMPARE(b->prompts.count(), 0);
    b->prompts.setFilter({});
    QCOMPARE(b->prompts.count(), m_builtIn + 1);
  }

  void one_of_the_program_can_be_changed_and_set_back() {
    const QString title = b->title(2), text = b->text(2);
    QVERIFY(b->prompts.edit(2, "Mine", "My text"));
    const int row = b->rowOf("Mine");
    QVERIFY(b->changed(row));
    QCOMPARE(b->text(row), "My text");
    b->prompts.setBack(row);
    QVERIFY(b->rowOf(title) >= 0);
    QCOMPARE(b->text(b->rowOf(title)), text);
    QVERIFY(!b->changed(b->rowOf(title)));
    QVERIFY(b->notice.text().contains(title));
    b->prompts.use(b->rowOf(title));
    b->notice.trigger();
    QCOMPARE(b->rowOf(title), -1);
    QCOMPARE(b->text(b->rowOf("Mine")), "My text");
    b->prompts.sortByUse();
    QCOMPARE(b->rowOf("Mine"), 0);
    // An edit that comes after it is not undone with it.
    b->prompts.setBack(b->rowOf("Mine"));
    QVERIFY(b->prompts.edit(b->rowOf(title), "Other", "Other text"));
    QCOMPARE(b->notice.action(), Notice::Action::None);
  }

  void a_deleted_one_comes_back_with_undo_data() {
    QTest::addColumn<bool>("own");
    QTest::newRow("of the program") << false;
    QTest::newRow("own") << true;
  }
  void a_deleted_one_comes_back_with_undo() {
    QFETCH(bool, own);
    if (own) QVERIFY(b->prompts.add("Own", "x"));
    const QString title = b->title(0), text = b->text(0);
    const int count = b->prompts.count();
    b->prompts.remove(0);
    QCOMPARE(b->prompts.count(), count - 1);
    QCOMPARE(b->prompts.hiddenCount(), own ? 0 : 1);
    QCOMPARE(b->rowOf(title), -1);
    b->notice.trigger();
    QCOMPARE(b->prompts.count(), count);
    QCOMPARE(b->text(b->rowOf(title)), text);
    QCOMPARE(b->prompts.hiddenCount(), 0);
  }

  void those_of_the_program_can_be_brought_back_later() {
    b->prompts.remove(0);
    b->prompts.remove(0);
    b->prompts.load();
    QCOMPARE(b->prompts.hiddenCount(), 2);
    b->prompts.bringBack();
    QCOMPARE(b->prompts.count(), m_builtIn);
  }

  void what_cannot_be_stored_is_not_shown() {
    QVERIFY(b->history.database().execute("PRAGMA query_only = ON"));
    const QString title = b->title(0);
    QVERIFY(!b->prompts.add("A", "x"));
    QVERIFY(!b->prompts.edit(0, "A", "x"));
    b->prompts.remove(0);
    QCOMPARE(b->title(0), title);
    QCOMPARE(b->prompts.use(0), b->text(0));  // it can still be used
  }

  void the_form_asks_for_what_is_missing_and_shows_how_it_comes_out() {
    FilledPrompt form;
    QVERIFY(form.begin("E-mail", "A {{tone|kind,firm}} mail to {{the_reader}}, {{n|number}} lines."));
    QCOMPARE(form.count(), 3);
    QCOMPARE(form.data(form.index(1), FilledPrompt::LabelRole).toString(), "The reader");
    QCOMPARE(form.text(), "A kind mail to {{the_reader}}, {{n|number}} lines.");
    QVERIFY(!form.complete());
    QSignalSpy changed(&form, &FilledPrompt::textChanged);
    form.setValue(0, "firm");
    form.setValue(1, "Ann");
    form.setValue(2, "many");
    QVERIFY(!form.complete());
    form.setValue(2, "3");
    QVERIFY(form.complete());
    QCOMPARE(changed.size(), 4);
    QCOMPARE(form.text(), "A firm mail to Ann, 3 lines.");
    form.setValue(1, "");
    QVERIFY(!form.complete());
    QCOMPARE(form.text(), "A firm mail to {{the_reader}}, 3 lines.");
  }

  void the_form_is_not_needed_where_there_is_nothing_to_ask() {
    FilledPrompt form;
    QVERIFY(!form.begin("t", "Just this \\{{text}}."));
    QCOMPARE(form.text(), "Just this {{text}}.");
    QVERIFY(form.complete());
  }

  void the_clipboard_is_shown_before_it_is_used() {
    QGuiApplication::clipboard()->setText("what was copied");
    FilledPrompt form;
    QVERIFY(form.begin("t", "Explain: {{clipboard}}"));
    QCOMPARE(form.count(), 0);
    QCOMPARE(form.text(), "Explain: what was copied");
    QVERIFY(form.complete());
  }
};

QTEST_MAIN(TestPromptLibrary)

#include "tst_prompt_library.moc"
