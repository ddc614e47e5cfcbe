// Files that go with a message: what is taken, what is refused, and how the model reads them.
#include <QAbstractItemModelTester>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/draft_attachments.h"
#include "app/notice.h"
#include "app/prompt_text.h"
#include "app/text_file.h"

using namespace tercet;

class TestAttachments : public QObject {
  Q_OBJECT

  QTemporaryDir m_dir;

  QUrl file(const QString& name, const QByteArray& bytes) {
    QFile out(m_dir.filePath(name));
    if (!out.open(QIODevice::WriteOnly)) qFatal("cannot write");
    out.write(bytes);
    return QUrl::fromLocalFile(out.fileName());
  }
  /// The code of the refusal of this file; empty when it was taken.
  QString add(DraftAttachments& files, const QUrl& url) {
    QString code;
    const auto connection = connect(&files, &DraftAttachments::refused, this, [&](const NoticeContent& why) { code = why.code; });
    files.add(url);
    disconnect(connection);
    QCoreApplication::processEvents();  // the next one comes in another moment
    return code;
  }

 private Q_SLOTS:
  void text_of_any_usual_encoding_is_read() {
    QCOMPARE(decodeText("plain\r\nlines\rhere\n"), "plain\nlines\nhere\n");
    QCOMPARE(decodeText("\xef\xbb\xbf" "a\xc3\xb1o"), QStringLiteral("año"));
    QCOMPARE(decodeText(QByteArray("a\xf1o \x80 5", 7)), QStringLiteral("año € 5"));
    QCOMPARE(decodeText(QByteArray("\xff\xfe" "a\0\xf1\0", 6)), QStringLiteral("añ"));
    QCOMPARE(decodeText(QByteArray("\xfe\xff" "\0a\0\xf1", 6)), QStringLiteral("añ"));
    QCOMPARE(decodeText(QByteArray("\xff\xfe" "\0\xd8", 4)), QString(QChar(QChar::ReplacementCharacter)));
  }

  void kinds_are_told_by_content() {
    QVERIFY(fileKind("%PDF-1.7\n\x01") == FileKind::Pdf);
    QVERIFY(fileKind(QByteArray("text\0", 5)) == FileKind::Other);
    QVERIFY(fileKind("\x7f" "ELF\x02\x01") == FileKind::Other);
    QVERIFY(fileKind("a,b\n1,2\n") == FileKind::Text);
    QVERIFY(fileKind("") == FileKind::Text);
  }

  void a_file_cannot_end_its_own_fence() {
    const QString prompt = promptText("Look", {{"notes.md", "```\ncode\n```\n````x"}, {"b\n.txt", "y"}});
    QCOMPARE(prompt, "notes.md:\n`````\n```\ncode\n```\n````x\n`````\n\nb .txt:\n```\ny\n```\n\nLook");
    QCOMPARE(promptText("Look", {}), "Look");
  }

  void files_are_added_listed_and_removed() {
    DraftAttachments files;
    const QAbstractItemModelTester tester(&files, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy changed(&files, &DraftAttachments::changed);
    QCOMPARE(add(files, file("a.txt", "one")), "");
    QCOMPARE(add(files, file("b.csv", "1;2")), "");
    QCOMPARE(files.count(), 2);
    QCOMPARE(files.data(files.index(1), DraftAttachments::NameRole).toString(), "b.csv");
    QCOMPARE(files.data(files.index(1), DraftAttachments::TokensRole).toInt(), -1);
    files.remove(0);
    QCOMPARE(files.files(), (std::vector<Attachment>{{"b.csv", "1;2"}}));
    files.remove(7);
    files.clear();
    QCOMPARE(files.count(), 0);
    QCOMPARE(changed.size(), 4);
  }

  void files_that_are_refused_at_once_are_all_named() {
    DraftAttachments files;
    std::vector<NoticeContent> told;
    connect(&files, &DraftAttachments::refused, this, [&](const NoticeContent& why) { told.push_back(why); });
    files.add(file("image.png", QByteArray("\x89PNG\r\n\x1a\n\0", 9)));
    files.add(file("good.txt", "text"));
    files.add(file("blank.txt", " \n"));
    QCOMPARE(told.size(), std::size_t{2});
    QCOMPARE(told[0].code, "A-804");
    QCOMPARE(told[1].code, "A-810");
    QCOMPARE(told[1].text.split('\n').size(), 2);
    QVERIFY(told[1].text.contains("image.png: It isn't") && told[1].text.contains("blank.txt: "));
    QVERIFY(told[1].title.startsWith("2 "));
    QCOMPARE(files.count(), 1);
    for (int i = 0; i < 9; ++i) files.add(file("blank.txt", " "));
    QCOMPARE(told.back().text.split('\n').size(), 6);
    QVERIFY(told.back().title.startsWith("11 "));
    QCoreApplication::processEvents();
    files.add(file("blank.txt", " "));
    QCOMPARE(told.back().code, "A-807");
  }

  void what_is_no_text_is_refused_with_a_reason() {
    DraftAttachments files;
    QCOMPARE(add(files, QUrl("https://example.org/a.txt")), "A-801");
    QCOMPARE(add(files, QUrl::fromLocalFile(m_dir.path())), "A-801");
    QCOMPARE(add(files, QUrl::fromLocalFile("/dev/zero")), "A-801");
    QCOMPARE(add(files, file("big.txt", QByteArray(kMostFileBytes + 1, 'x'))), "A-803");
    QCOMPARE(add(files, file("image.txt", QByteArray("\x89PNG\r\n\x1a\n\0", 9))), "A-804");
    QCOMPARE(add(files, file("blank.txt", " \n\n")), "A-807");
    QCOMPARE(files.count(), 0);
  }

  void a_damaged_pdf_is_refused() {
    if (!pdfReader()) QSKIP("pdftotext is not installed");
    DraftAttachments files;
    QSignalSpy refused(&files, &DraftAttachments::refused);
    files.add(file("broken.pdf", "%PDF-1.4\nnothing of the kind"));
    QTRY_COMPARE_WITH_TIMEOUT(refused.size(), 1, 30000);
    QCOMPARE(refused[0][0].value<NoticeContent>().code, "A-806");
  }

  void the_text_of_a_pdf_is_taken() {
    if (!pdfReader()) QSKIP("pdftotext is not installed");
    const QByteArray stream = "BT /F1 24 Tf 72 700 Td (Ternary words) Tj ET";
    QByteArray pdf = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                     "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
                     "4 0 obj<</Length " + QByteArray::number(stream.size()) + ">>stream\n" + stream + "\nendstream endobj\n"
                     "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n";
    DraftAttachments files;
    files.add(file("good.pdf", pdf));
    QVERIFY(files.reading());
    QTRY_COMPARE_WITH_TIMEOUT(files.count(), 1, 30000);
    QVERIFY(!files.reading());
    QCOMPARE(files.files()[0].text.trimmed(), "Ternary words");
    // Another draft is opened before it is read.
    QSignalSpy elsewhere(&files, &DraftAttachments::arrivedElsewhere);
    files.add(file("good.pdf", pdf));
    files.open(7, {});
    QVERIFY(!files.reading());
    QTRY_COMPARE_WITH_TIMEOUT(elsewhere.size(), 1, 30000);
    QCOMPARE(elsewhere[0][0].toLongLong(), 0);
    QCOMPARE(elsewhere[0][1].value<Attachment>().name, "good.pdf");
    QCOMPARE(files.count(), 0);
  }
};

QTEST_GUILESS_MAIN(TestAttachments)
#include "tst_attachments.moc"
