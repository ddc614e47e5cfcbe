// Counting beside the window: the last text wins, and a long one holds nobody up.
#include <QSignalSpy>
#include <QTest>

#include "app/inference_worker.h"
#include "app/token_counter.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_model.h"

using namespace tercet;

class TestTokenCounter : public QObject {
  Q_OBJECT

  test::TempDir m_dir;
  std::string m_path;
  ThreadPool m_pool{1};
  std::shared_ptr<const Model> m_model;

  int tokensOf(const std::string& text) const {
    return static_cast<int>(m_model->chat_template().encode_message({Role::User, text, {}}, m_model->tokenizer())->size());
  }

 private Q_SLOTS:
  void initTestCase() {
    m_path = m_dir.write("tiny.gguf", test::make_tiny_gguf());
    auto model = Model::load(m_path, {}, m_pool);
    QVERIFY(model.has_value());
    m_model = *model;
  }

  void a_text_has_the_tokens_of_its_message() {
    TokenCounter counter;
    counter.setModel(m_model);
    QSignalSpy counted(&counter, &TokenCounter::counted);
    counter.count("Grüße 😀, how are you?");
    QVERIFY(counted.wait());
    QCOMPARE(counted[0][0].toInt(), tokensOf("Grüße 😀, how are you?"));
    QVERIFY(counted[0][0].toInt() > tokensOf(""));
  }

  void only_the_last_of_several_texts_is_counted() {
    TokenCounter counter;
    counter.setModel(m_model);
    QSignalSpy counted(&counter, &TokenCounter::counted);
    for (int length = 1; length <= 20; ++length) counter.count(QString(length, 'x'));
    QVERIFY(counted.wait());
    counter.count("more");
    QVERIFY(counted.wait());
    QCOMPARE(counted.size(), 2);
    QCOMPARE(counted[0][0].toInt(), tokensOf(std::string(20, 'x')));
    QCOMPARE(counted[1][0].toInt(), tokensOf("more"));
  }

  void an_empty_text_is_no_message() {
    TokenCounter counter;
    counter.setModel(m_model);
    QSignalSpy counted(&counter, &TokenCounter::counted);
    counter.count("what is given up");
    counter.count(QString());
    QCOMPARE(counted.size(), 1);
    QCOMPARE(counted[0][0].toInt(), 0);
    counter.count("x");
    QVERIFY(counted.wait());
    QCOMPARE(counted.size(), 2);
    QCOMPARE(counted[1][0].toInt(), tokensOf("x"));
  }

  void a_very_long_text_holds_nobody_up_and_can_be_given_up() {
    // Lines that are long to split, and one word that is long to merge.
    for (const QString& text : {QString("some words and a line\n").repeated(500'000), QString("the").repeated(3'000'000)}) {
      TokenCounter counter;
      counter.setModel(m_model);
      QSignalSpy counted(&counter, &TokenCounter::counted);
      counter.count(text);
      QTest::qWait(200);  // counting has begun by then
      counter.count("short");
      QVERIFY(counted.wait(60'000));
      QCOMPARE(counted.size(), 1);
      QCOMPARE(counted[0][0].toInt(), tokensOf("short"));
    }
  }

  void another_model_counts_the_same_text_again() {
    TokenCounter counter;
    QSignalSpy counted(&counter, &TokenCounter::counted);
    counter.count("hello");
    counter.setModel(m_model);
    QVERIFY(counted.wait());
    QCOMPARE(counted.size(), 1);
    QCOMPARE(counted[0][0].toInt(), tokensOf("hello"));
    counter.setModel(m_model);
    QVERIFY(counted.wait());
    QCOMPARE(counted.size(), 2);
  }

  void a_loaded_model_is_for_counting_and_is_not_kept_by_it() {
    std::weak_ptr<const Model> model;
    TokenCounter counter;
    {
      InferenceWorker worker;
      QSignalSpy loaded(&worker, &InferenceWorker::loaded);
      worker.load({.id = 1, .path = QString::fromStdString(m_path), .config = {.threads = 1, .batch = 64, .context = 512}});
      model = loaded[0][1].value<LoadedModel>().model;
      counter.setModel(model);
      QSignalSpy counted(&counter, &TokenCounter::counted);
      counter.count("hello");
      QVERIFY(counted.wait());
      QCOMPARE(counted[0][0].toInt(), tokensOf("hello"));
    }
    QVERIFY(model.expired());
  }
};

QTEST_GUILESS_MAIN(TestTokenCounter)
#include "tst_token_counter.moc"
