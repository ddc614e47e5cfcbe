// Every error has words for people, in every language that ships.
#include <QFile>
#include <QSet>
#include <QTest>
#include <QTranslator>

#include <string>

#include "app/error_text.h"

using namespace tercet;

class TestErrorText : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_error_has_a_title_and_advice_data() {
    QTest::addColumn<int>("code");
    for (int code = 0; code <= int(ErrorCode::Internal); ++code) {
      QTest::newRow(std::string(code_name(ErrorCode(code))).c_str()) << code;
    }
  }
  void every_error_has_a_title_and_advice() {
    QFETCH(int, code);
    const Error error{ErrorCode(code), "the particulars"};
    const NoticeContent notice = noticeFor(error, "/models/some model.gguf");
    QCOMPARE(notice.code.toStdString(), std::string(code_name(error.code)));
    QVERIFY(!notice.title.isEmpty());
    QVERIFY(!notice.text.isEmpty());
    QVERIFY(notice.details.contains("the particulars"));
    QVERIFY(notice.details.contains("/models/some model.gguf"));
  }

  void no_two_errors_share_their_words() {
    QSet<QString> titles;
    for (int code = 0; code <= int(ErrorCode::Internal); ++code) {
      const NoticeContent notice = noticeFor({ErrorCode(code), {}});
      const QString words = notice.title + notice.text;
      QVERIFY2(!titles.contains(words), qUtf8Printable(words));
      titles << words;
    }
  }

  void spanish_has_its_own_words_for_each_data() { every_error_has_a_title_and_advice_data(); }
  void spanish_has_its_own_words_for_each() {
    QFETCH(int, code);
    QTranslator spanish;
    if (!spanish.load(":/i18n/tercet_es.qm")) QSKIP("tercet_es.qm is not part of this build");
    const NoticeContent english = noticeFor({ErrorCode(code), {}});
    QCoreApplication::installTranslator(&spanish);
    const NoticeContent translated = noticeFor({ErrorCode(code), {}});
    QCoreApplication::removeTranslator(&spanish);
    QVERIFY2(translated.title != english.title, qUtf8Printable(english.title));
    QVERIFY2(translated.text != english.text, qUtf8Printable(english.text));
  }

  void english_particulars_stay_out_of_a_spanish_text() {
    const Error error{ErrorCode::Truncated, "12 bytes are missing"};
    QVERIFY(noticeFor(error, "/models/some model.gguf").text.contains("12 bytes"));
    QTranslator spanish;
    if (!spanish.load(":/i18n/tercet_es.qm")) QSKIP("tercet_es.qm is not part of this build");
    QCoreApplication::installTranslator(&spanish);
    const NoticeContent translated = noticeFor(error, "/models/some model.gguf");
    QCoreApplication::removeTranslator(&spanish);
    QVERIFY(translated.text.startsWith("some model.gguf. "));
    QVERIFY(!translated.text.contains("12 bytes"));
    QVERIFY(translated.details.contains("12 bytes"));
  }

  void names_out_of_files_cannot_forge_the_text() {
    const Error error{ErrorCode::UnsupportedArchitecture, "evil\n\x1b[31mname\xe2\x80\xaetxt"};
    const NoticeContent notice = noticeFor(error);
    for (const QString& text : {notice.text, notice.details}) {
      QVERIFY(!text.contains(QChar(0x1b)));
      QVERIFY(!text.contains(QChar(0x202e)));
    }
    QVERIFY(!notice.text.contains('\n'));
  }

  void very_long_particulars_are_cut() {
    const NoticeContent notice = noticeFor({ErrorCode::UnsupportedArchitecture, std::string(100000, 'x')});
    QVERIFY(notice.text.size() < 1000);
  }

  void every_action_has_a_label() {
    for (const auto action : {Notice::Action::OpenModel, Notice::Action::OpenSettings, Notice::Action::Retry,
                              Notice::Action::ReplaceModel, Notice::Action::NewChat}) {
      QVERIFY(!actionLabel(action).isEmpty());
    }
    QVERIFY(actionLabel(Notice::Action::None).isEmpty());
  }
};

QTEST_GUILESS_MAIN(TestErrorText)
#include "tst_error_text.moc"
