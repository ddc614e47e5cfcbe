// Prompts with places to fill in.
#include <QElapsedTimer>
#include <QLocale>
#include <QRandomGenerator>
#include <QTest>

#include "app/built_in_prompts.h"
#include "app/prompt_template.h"

using namespace tercet;
using Type = PromptVariable::Type;
using Variables = std::vector<PromptVariable>;

class TestPromptTemplate : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void variables_come_in_the_order_of_appearance_and_once() {
    const PromptTemplate prompt("{{b}} and {{ a_1 }}, {{b}} {{ñandú}} {{B}}");
    QCOMPARE(prompt.variables(), (Variables{{"b"}, {"a_1"}, {"ñandú"}, {"B"}}));
  }

  void types_are_named_after_a_bar() {
    const PromptTemplate prompt("{{tone|formal, friendly,,formal}}{{n|number}}{{text| LONG }}{{x|número}}{{y|largo}}{{z|one}}");
    QCOMPARE(prompt.variables(), (Variables{{"tone", Type::Choice, {"formal", "friendly"}}, {"n", Type::Number},
                                            {"text", Type::LongText}, {"x", Type::Number}, {"y", Type::LongText},
                                            {"z", Type::Choice, {"one"}}}));
  }

  void the_first_place_that_says_a_type_says_it_for_all() {
    const PromptTemplate prompt("{{n}} {{n|number}} {{n|a,b}}");
    QCOMPARE(prompt.variables(), (Variables{{"n", Type::Number}}));
    QCOMPARE(prompt.render({{"n", "3"}}), "3 3 3");
  }

  void malformed_places_stay_text_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"", "{", "{{", "{{}}", "{{ }}", "{{a", "{{a}", "{{a b}}", "{{a-b}}", "{{a\n}}", "{{|x}}", "{{a|}}",
                             "{{a| , }}", "}}{{", "{a}", "{{a}b}}", "\\", "a}}"}) {
      QTest::newRow(text[0] ? text : "empty") << QString(text);
    }
  }
  void malformed_places_stay_text() {
    QFETCH(QString, text);
    const PromptTemplate prompt(text);
    QVERIFY(prompt.variables().empty());
    QCOMPARE(prompt.render({{"a", "X"}}), text);
  }

  void a_place_may_stand_between_braces() {
    QCOMPARE(PromptTemplate("{{{a}}}").render({{"a", "X"}}), "{X}");
    QCOMPARE(PromptTemplate("{{ {{a}} }}").render({{"a", "X"}}), "{{ X }}");
  }

  void escaped_braces_are_braces() {
    const PromptTemplate prompt("\\{{a}} {{a}} \\\\{{a}} \\n");
    QCOMPARE(prompt.variables(), (Variables{{"a"}}));
    QCOMPARE(prompt.render({{"a", "X"}}), "{{a}} X \\{{a}} \\n");
  }

  void values_are_not_read_as_places() {
    QCOMPARE(PromptTemplate("{{a}}{{b}}").render({{"a", "{{b}}"}, {"b", "2"}}), "{{b}}2");
  }

  void a_place_without_a_value_stays_as_written() {
    QCOMPARE(PromptTemplate("Hi {{ who }}, {{n|number}}").render({{"n", "2"}}), "Hi {{ who }}, 2");
  }

  void built_ins_are_not_asked_for() {
    QLocale::setDefault(QLocale("en_GB"));
    const PromptTemplate prompt("{{date}} {{time}} {{clipboard}}");
    QVERIFY(prompt.variables().empty());
    QVERIFY(prompt.usesClipboard());
    QVERIFY(!PromptTemplate("{{date}} \\{{clipboard}}").usesClipboard());
    const auto values = PromptTemplate::builtIns(QDateTime(QDate(2026, 3, 9), QTime(14, 5)), "copied");
    QCOMPARE(prompt.render(values), QLocale().toString(QDate(2026, 3, 9), QLocale::LongFormat) + " 14:05 copied");
  }

  void what_a_variable_accepts() {
    const PromptVariable text{"t"}, number{"n", Type::Number}, choice{"c", Type::Choice, {"a", "b"}};
    QVERIFY(PromptTemplate::accepts(text, "x") && !PromptTemplate::accepts(text, " \n"));
    for (const char* good : {"3", " -2 ", "0.5", "0,5"}) QVERIFY2(PromptTemplate::accepts(number, good), good);
    for (const char* bad : {"", "three", "3 4", "1,2,3"}) QVERIFY2(!PromptTemplate::accepts(number, bad), bad);
    QVERIFY(PromptTemplate::accepts(choice, "b") && !PromptTemplate::accepts(choice, "c"));
  }

  void any_text_is_taken_and_comes_back_without_values() {
    QRandomGenerator random(1);
    const QString alphabet = QStringLiteral("{{{}}}|\\ab_,1 \n\u2029é\U0001F600");
    for (int i = 0; i < 20000; ++i) {
      QString text;
      for (int length = random.bounded(24); length > 0; --length) text += alphabet[random.bounded(static_cast<int>(alphabet.size()))];
      const PromptTemplate prompt(text);
      QString unescaped = text;
      unescaped.replace("\\{{", "{{");
      QCOMPARE(prompt.render({}), unescaped);
      for (const PromptVariable& variable : prompt.variables()) {
        QVERIFY(!variable.name.isEmpty());
        QCOMPARE(variable.choices.isEmpty(), variable.type != Type::Choice);
        QVERIFY(!prompt.render({{variable.name, "\x01"}}).isEmpty());
        QVERIFY(prompt.render({{variable.name, "\x01"}}).contains(u'\x01'));
      }
    }
  }

  void the_time_grows_with_the_length_only() {
    const auto milliseconds = [](const QString& unit, int times) {
      QElapsedTimer timer;
      timer.start();
      PromptTemplate prompt(unit.repeated(times));
      return timer.elapsed();
    };
    for (const char* unit : {"{", "{{a", "{{a|", "\\{{", "{{a}"}) {
      // A quadratic reader would take minutes for a million of them.
      QVERIFY2(milliseconds(unit, 1000000) < 20000, unit);
    }
  }

  void the_prompts_of_the_program_are_well_formed() {
    for (const BuiltInPrompt& prompt : builtInPrompts()) {
      const PromptTemplate taken(prompt.translatedText());
      PromptTemplate::Values values = PromptTemplate::builtIns(QDateTime::currentDateTime(), "copied");
      for (const PromptVariable& variable : taken.variables()) values[variable.name] = "x";
      const QString text = taken.render(values);
      QVERIFY2(!text.contains("{{") && !text.contains("}}"), prompt.key);
      QVERIFY2(!taken.variables().empty() || taken.usesClipboard(), prompt.key);
    }
  }
};

QTEST_GUILESS_MAIN(TestPromptTemplate)

#include "tst_prompt_template.moc"
