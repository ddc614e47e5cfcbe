// The personas: those of the program and the person's own.
#include <QCoreApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include <memory>

#include "app/built_in_personas.h"
#include "app/notice.h"
#include "app/personas.h"
#include "app/storage/history_store.h"

using namespace tercet;

namespace {

/// Every text of the personas, in capitals.
class Loud : public QTranslator {
 public:
  bool isEmpty() const override { return false; }
  QString translate(const char* context, const char* text, const char*, int) const override {
    return qstrcmp(context, "BuiltInPersonas") == 0 ? QString::fromUtf8(text).toUpper() : QString();
  }
};

ChatSettings instructions(const QString& text) {
  ChatSettings settings;
  settings.systemPrompt = text;
  return settings;
}

}  // namespace

class TestPersonas : public QObject {
  Q_OBJECT

  struct Bench {
    QTemporaryDir dir;
    Notice notice;
    HistoryStore history;
    LibraryStore store{&history.database()};
    Personas personas{&store, &notice};

    Bench() {
      history.open(HistoryStore::fileIn(dir.path()));
      personas.load();
    }
    QVariant get(int row, int role, Personas& of) { return of.data(of.index(row), role); }
    QString name(int row) { return get(row, Personas::NameRole, personas).toString(); }
    bool changed(int row) { return get(row, Personas::ChangedRole, personas).toBool(); }
    /// What the next start of the program would show.
    std::unique_ptr<Personas> again() { return std::make_unique<Personas>(&store, &notice); }
  };
  std::unique_ptr<Bench> b;
  const int m_builtIn = static_cast<int>(builtInPersonas().size());

 private Q_SLOTS:
  void init() { b = std::make_unique<Bench>(); }
  void cleanup() { b.reset(); }

  void ten_come_with_the_program_each_with_instructions_and_a_style() {
    QCOMPARE(b->personas.count(), 10);
    for (int row = 0; row < 10; ++row) {
      const ChatSettings& preset = b->personas.presetOf(row);
      QVERIFY(preset.systemPrompt->size() > 80);
      QVERIFY(preset.systemPrompt->size() < 400);  // a small model forgets long ones, and reads them with every chat
      QVERIFY(b->get(row, Personas::StyleRole, b->personas).toInt() < static_cast<int>(SamplingStyle::Custom));
      QVERIFY(b->get(row, Personas::BuiltInRole, b->personas).toBool() && !b->changed(row));
      for (int other = 0; other < row; ++other) QVERIFY(b->personas.referenceOf(row) != b->personas.referenceOf(other));
    }
    QVERIFY(b->store.personas().empty());
  }

  void an_own_one_is_stored_without_what_belongs_to_its_chat() {
    ChatSettings settings = instructions("Rhyme.");
    settings.seed = "42";
    settings.policy = ContextPolicy::Ask;
    settings.persona = "tercet/tutor";
    const int row = b->personas.add("  My  poet ", settings);
    QCOMPARE(b->name(row), "My poet");
    QVERIFY(b->personas.presetOf(row) == instructions("Rhyme."));
    const auto again = b->again();
    QCOMPARE(again->rowOf("My poet"), row);
    QVERIFY(again->presetOf(row) == instructions("Rhyme."));
  }

  void names_of_own_ones_are_unique() {
    QCOMPARE(b->name(b->personas.add("A", {})), "A");
    QCOMPARE(b->name(b->personas.add("A", {})), "A 2");
    QCOMPARE(b->name(b->personas.add(b->name(0), {})), b->name(0) + " 2");
    QCOMPARE(b->name(b->personas.add("tercet/tutor", {})), "tercet/tutor 2");
    QCOMPARE(b->personas.add("  ", {}), -1);
  }

  void editing_an_own_one_tells_who_refers_to_it() {
    const int row = b->personas.add("A", {});
    QSignalSpy renamed(&b->personas, &Personas::renamed);
    QVERIFY(b->personas.edit(row, "B", "Be brief.", static_cast<int>(SamplingStyle::Creative)));
    QCOMPARE(renamed.size(), 1);
    QCOMPARE(renamed[0][0].toString(), "A");
    QCOMPARE(renamed[0][1].toString(), "B");
    QCOMPARE(*b->personas.presetOf(row).systemPrompt, "Be brief.");
    QCOMPARE(*b->personas.presetOf(row).temperature, valuesOf(SamplingStyle::Creative).temperature);
    QVERIFY(!b->personas.edit(row, " ", "x", 0));
    QCOMPARE(b->again()->rowOf("B"), row);
  }

  void one_of_the_program_can_be_changed_and_set_back() {
    const QString reference = b->personas.referenceOf(2), name = b->name(2);
    const ChatSettings before = b->personas.presetOf(2);
    QVERIFY(b->personas.edit(2, "Mine", "Shorter.", static_cast<int>(SamplingStyle::Custom)));
    QVERIFY(b->changed(2));
    QCOMPARE(b->personas.referenceOf(2), reference);
    QCOMPARE(b->personas.nameOf(reference), "Mine");
    QCOMPARE(b->personas.presetOf(2).temperature, before.temperature);
    QCOMPARE(b->get(2, Personas::NameRole, *b->again()).toString(), "Mine");
    b->personas.setBack(2);
    QVERIFY(!b->changed(2));
    QCOMPARE(b->name(2), name);
    QVERIFY(b->personas.presetOf(2) == before);
    QVERIFY(b->store.personas().empty());
    b->notice.trigger();
    QCOMPARE(b->name(2), "Mine");
    QCOMPARE(*b->personas.presetOf(2).systemPrompt, "Shorter.");
    QVERIFY(b->changed(2));
    // An edit that comes after it is not undone with it.
    b->personas.setBack(2);
    QVERIFY(b->personas.edit(2, "Other", "Longer.", static_cast<int>(SamplingStyle::Custom)));
    QCOMPARE(b->notice.action(), Notice::Action::None);
  }

  void an_edit_that_changes_nothing_leaves_it_as_it_came() {
    QVERIFY(b->personas.edit(0, b->name(0), *b->personas.presetOf(0).systemPrompt, b->get(0, Personas::StyleRole, b->personas).toInt()));
    QVERIFY(!b->changed(0));
    QVERIFY(b->store.personas().empty());
  }

  void a_copy_is_the_persons_own() {
    b->personas.duplicate(1);
    const int row = b->personas.count() - 1;
    QCOMPARE(b->name(row), b->name(1) + " (copy)");
    QVERIFY(!b->get(row, Personas::BuiltInRole, b->personas).toBool());
    QVERIFY(b->personas.presetOf(row) == b->personas.presetOf(1));
  }

  void a_deleted_one_comes_back_with_undo_data() {
    QTest::addColumn<int>("row");
    QTest::addColumn<bool>("edited");
    QTest::newRow("of the program") << 3 << false;
    QTest::newRow("of the program, changed") << 3 << true;
    QTest::newRow("own") << m_builtIn << true;
  }
  void a_deleted_one_comes_back_with_undo() {
    QFETCH(int, row);
    QFETCH(bool, edited);
    b->personas.add("Own", instructions("x"));
    if (edited) QVERIFY(b->personas.edit(row, "Edited", "y", 0));
    const QString name = b->name(row), reference = b->personas.referenceOf(row);
    const ChatSettings preset = b->personas.presetOf(row);
    b->personas.remove(row);
    QCOMPARE(b->personas.rowOf(reference), -1);
    QCOMPARE(b->again()->rowOf(reference), -1);
    QCOMPARE(b->personas.nameOf(reference).isEmpty(), false);
    b->notice.trigger();
    QCOMPARE(b->personas.rowOf(reference), row);
    QCOMPARE(b->name(row), name);
    QVERIFY(b->personas.presetOf(row) == preset);
    QCOMPARE(b->changed(row), edited && row < m_builtIn);
    QCOMPARE(b->again()->rowOf(reference), row);
  }

  void those_of_the_program_can_be_brought_back_later() {
    b->personas.remove(0);
    b->personas.remove(0);
    QCOMPARE(b->personas.hiddenCount(), 2);
    const auto again = b->again();
    QCOMPARE(again->hiddenCount(), 2);
    again->bringBack();
    QCOMPARE(again->hiddenCount(), 0);
    QCOMPARE(again->count(), 10);
    QVERIFY(!b->get(0, Personas::ChangedRole, *again).toBool());
  }

  void those_of_the_program_follow_the_language_until_they_are_changed() {
    QVERIFY(b->personas.edit(1, "Mine", "Mine too", 0));
    const QString name = b->name(0);
    Loud loud;
    QCoreApplication::installTranslator(&loud);
    b->personas.retranslate();
    QCOMPARE(b->name(0), name.toUpper());
    QCOMPARE(b->personas.presetOf(0).systemPrompt, b->personas.presetOf(0).systemPrompt->toUpper());
    QCOMPARE(b->name(1), "Mine");
    QCoreApplication::removeTranslator(&loud);
  }

  void what_cannot_be_stored_is_not_shown() {
    QVERIFY(b->history.database().execute("PRAGMA query_only = ON"));
    QCOMPARE(b->personas.add("A", {}), -1);
    QVERIFY(!b->personas.edit(0, "A", "x", 0));
    b->personas.remove(0);
    QCOMPARE(b->personas.count(), 10);
    QVERIFY(!b->changed(0));
    QVERIFY(!b->notice.visible());
  }

  void a_persona_of_another_computer_is_named_as_it_was() {
    QCOMPARE(b->personas.rowOf("Grandmother"), -1);
    QCOMPARE(b->personas.nameOf("Grandmother"), "Grandmother");
    QCOMPARE(b->personas.nameOf({}), QString());
  }
};

QTEST_GUILESS_MAIN(TestPersonas)

#include "tst_personas.moc"
