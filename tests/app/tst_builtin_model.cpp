// The built-in model, end to end: the logits of its training code, answers with words, streaming, stopping, reuse of what was read,
// and the labels of the window that its answers name.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <algorithm>
#include <cmath>
#include <set>

#include "app/inference_worker.h"
#include "app/storage/history_store.h"
#include "engine/parallel.h"
#include "resources/builtin/builtin_model.h"

using namespace tercet;

namespace {

const QString kFolder = QStringLiteral(BUILTIN_DIR "/");
const QString kPath = QLatin1String(builtin::kPath);

using Label = std::pair<QString, QString>;  // source text and Spanish text

/// The labels as they were when the model was trained.
std::vector<Label> trainedLabels() {
  std::vector<Label> labels;
  QFile file(kFolder + "labels.tsv");
  if (!file.open(QIODevice::ReadOnly)) return labels;
  for (const QString& line : QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts)) {
    labels.emplace_back(line.section('\t', 0, 0), line.section('\t', 1));
  }
  return labels;
}

/// The labels of the window as its translations have them.
std::set<Label> labelsIn(QIODevice& translations) {
  std::set<Label> labels;
  QXmlStreamReader xml(&translations);
  QString source;
  while (!xml.atEnd()) {
    if (!xml.readNextStartElement()) continue;
    if (xml.name() == QLatin1String("source")) source = xml.readElementText();
    if (xml.name() == QLatin1String("translation")) {
      const QString state = xml.attributes().value(QLatin1String("type")).toString();
      const QString text = xml.readElementText(QXmlStreamReader::IncludeChildElements);
      if (state.isEmpty()) labels.emplace(source, text);
    }
  }
  return labels;
}

/// What the model says although the window no longer does.
QStringList outdated(const std::vector<Label>& trained, const std::set<Label>& now) {
  QStringList gone;
  for (const Label& label : trained) {
    if (!now.count(label)) gone << label.first + " = " + label.second;
  }
  return gone;
}

QJsonArray comparedPrompts() {
  QFile file(kFolder + "logits.json");
  return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).array() : QJsonArray();
}

ChatMessage user(const std::string& text) { return {Role::User, text, {}}; }

QString joined(const QSignalSpy& text) {
  QString out;
  for (const QList<QVariant>& piece : text) out += piece[1].toString();
  return out;
}

}  // namespace

class TestBuiltinModel : public QObject {
  Q_OBJECT

  ThreadPool m_pool{2};
  std::shared_ptr<const Model> m_model;
  static constexpr EngineConfig kConfig{.threads = 2, .batch = 64, .context = 1024};

  static void load(InferenceWorker& worker) {
    QSignalSpy loaded(&worker, &InferenceWorker::loaded);
    worker.load({.id = 1, .path = kPath, .config = kConfig});
    QCOMPARE(loaded.size(), 1);
  }
  static GenerateRequest request(RequestId id, std::vector<ChatMessage> messages) {
    GenerateRequest out;
    out.id = id;
    out.messages = std::move(messages);
    out.options.sampling.temperature = 0;
    out.options.max_tokens = 300;
    return out;
  }
  static Outcome ask(InferenceWorker& worker, std::vector<ChatMessage> messages) {
    QSignalSpy finished(&worker, &InferenceWorker::finished);
    worker.generate(request(7, std::move(messages)));
    return finished.value(0).value(1).value<Outcome>();
  }

 private Q_SLOTS:
  void initTestCase() {
    auto model = Model::load(builtin::source_of("builtin"), {.context_tokens = 1024}, m_pool);
    QVERIFY2(model.has_value(), model ? "" : model.error().detail.c_str());
    m_model = *model;
  }

  void both_names_mean_it_and_other_names_are_files() {
    QVERIFY(!builtin::source_of("builtin").bytes.empty());
    QCOMPARE(builtin::source_of(builtin::kPath).bytes.data(), builtin::source_of("builtin").bytes.data());
    QVERIFY(builtin::source_of("./builtin").bytes.empty());
    QVERIFY(builtin::source_of("builtin.gguf").bytes.empty());
    QVERIFY(builtin::source_of("builtin").bytes.size() <= 12'000'000);
    QFile file(kPath);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.size(), static_cast<qint64>(builtin::source_of("builtin").bytes.size()));
  }

  void the_logits_are_those_of_the_training_code() {
    const QJsonArray prompts = comparedPrompts();
    QVERIFY(prompts.size() >= 5);
    auto session = Session::create(m_model, m_pool, {.context_tokens = 1024});
    QVERIFY(session.has_value());
    for (const QJsonValue& prompt : prompts) {
      const std::string text = prompt["text"].toString().toStdString();
      std::vector<TokenId> ids, written;
      for (const QJsonValue& id : prompt["ids"].toArray()) ids.push_back(id.toInt());

      // The same text gives the same ids, through the chat format.
      const ChatTemplate& chat = m_model->chat_template();
      written.assign(chat.prefix().begin(), chat.prefix().end());
      const auto message = chat.encode_message(user(text), m_model->tokenizer());
      QVERIFY(message.has_value());
      written.insert(written.end(), message->begin(), message->end());
      written.insert(written.end(), chat.generation_prompt().begin(), chat.generation_prompt().end());
      QCOMPARE(written, ids);

      const std::size_t vocabulary = m_model->config().vocab_size;
      std::vector<float> logits;
      const auto computed = (*session)->logits(ids, [&](std::size_t position, std::span<const float> row) {
        if (position + 1 == ids.size()) logits.assign(row.begin(), row.end());
      });
      QVERIFY(computed.has_value());
      QCOMPARE(logits.size(), vocabulary);
      // A value on the edge between two of the 8-bit steps may fall to either side, in few places and by little.
      const double tolerance = 0.05 * prompt["deviation"].toDouble();
      double total = 0;
      const QJsonArray some = prompt["every_64th"].toArray(), best = prompt["best"].toArray();
      QCOMPARE(static_cast<std::size_t>(some.size()), vocabulary / 64);
      for (int i = 0; i < some.size(); ++i) {
        const double difference = std::abs(logits[static_cast<std::size_t>(i) * 64] - some[i].toDouble());
        QVERIFY2(difference <= tolerance, text.c_str());
        total += difference;
      }
      QVERIFY2(total / static_cast<double>(some.size()) <= tolerance / 4, text.c_str());
      for (const QJsonValue& pair : best) {
        QVERIFY2(std::abs(logits[static_cast<std::size_t>(pair[0].toInt())] - pair[1].toDouble()) <= tolerance, text.c_str());
      }
      QCOMPARE(static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin()), best[0][0].toInt());
    }
  }

  void it_answers_with_words_data() {
    QTest::addColumn<QString>("question");
    QTest::addColumn<QString>("said");
    QTest::newRow("greeting") << "Hello!" << "Tercet|help|Hello|Hi";
    QTest::newRow("threads") << "How do I change the number of CPU threads?" << "CPU threads";
    QTest::newRow("ternary") << "What is a ternary model?" << "three|−1";
    QTest::newRow("hilos") << "¿Cómo cambio el número de hilos?" << "Hilos de CPU";
    QTest::newRow("ternario") << "¿Qué es un modelo ternario?" << "tres|−1";
    QTest::newRow("refusal") << "Who won the football world cup in 1998?" << "bigger model";
    QTest::newRow("negativa") << "Escribe un programa en Python que ordene una lista" << "más grande|mayor";
  }
  void it_answers_with_words() {
    QFETCH(QString, question);
    QFETCH(QString, said);
    InferenceWorker worker;
    load(worker);
    QSignalSpy text(&worker, &InferenceWorker::textArrived);
    const Outcome outcome = ask(worker, {user(question.toStdString())});
    QVERIFY(!outcome.failed);
    QVERIFY(outcome.result.stop_reason == StopReason::EndOfTurn);
    QCOMPARE(joined(text).toStdString(), outcome.result.text);
    QVERIFY2(QString::fromStdString(outcome.result.text).contains(QRegularExpression(said)), outcome.result.text.c_str());
  }

  void a_second_turn_reads_only_what_is_new_and_says_the_same() {
    InferenceWorker worker, fresh;
    load(worker);
    load(fresh);
    const ChatMessage question = user("What is a ternary model?"), thanks = user("thanks");
    const Outcome first = ask(worker, {question});
    const std::vector<ChatMessage> chat = {question, {Role::Assistant, first.result.text, first.result.tokens}, thanks};
    const Outcome second = ask(worker, chat), anew = ask(fresh, chat);
    QVERIFY(second.result.reused_tokens > first.result.prompt_tokens);
    QCOMPARE(anew.result.reused_tokens, 0U);
    QCOMPARE(second.result.text, anew.result.text);
    QVERIFY(!second.result.text.empty());
  }

  void a_stop_keeps_the_words_written_so_far() {
    auto session = Session::create(m_model, m_pool, {.context_tokens = 1024});
    QVERIFY(session.has_value());
    const GenerateRequest asked = request(8, {user("What is a ternary model?")});
    const auto whole = (*session)->generate(asked.messages, asked.options, {}, {});
    QVERIFY(whole.has_value() && whole->tokens.size() > 10);
    std::stop_source stop;
    std::size_t count = 0;
    GenerateSink sink;
    sink.token = [&](TokenId) {
      if (++count == 5) stop.request_stop();
    };
    const auto stopped = (*session)->generate(asked.messages, asked.options, sink, stop.get_token());
    QVERIFY(stopped.has_value());
    QVERIFY(stopped->stop_reason == StopReason::Stopped);
    QVERIFY(!stopped->text.empty() && stopped->text.size() < whole->text.size());
    QVERIFY(whole->text.starts_with(stopped->text));
  }

  void a_chat_with_it_comes_back_from_the_history() {
    QTemporaryDir dir;
    InferenceWorker worker;
    load(worker);
    const std::string answer = ask(worker, {user("¿Qué es un modelo ternario?")}).result.text;
    ConversationId id = 0;
    {
      HistoryStore store;
      store.open(HistoryStore::fileIn(dir.path()));
      id = store.addConversation({});
      Message question, reply;
      question.text = "¿Qué es un modelo ternario?";
      reply.parent = store.addMessage(id, question);
      reply.author = Message::Author::Assistant;
      reply.text = QString::fromStdString(answer);
      QVERIFY(store.addMessage(id, reply) != 0);
    }
    HistoryStore store;
    store.open(HistoryStore::fileIn(dir.path()));
    const auto messages = store.messages(id);
    QCOMPARE(messages.size(), decltype(messages.size()){2});
    QCOMPARE(messages.back().text.toStdString(), answer);
  }

  void the_window_still_has_the_labels_that_it_names() {
    const std::vector<Label> trained = trainedLabels();
    QVERIFY(trained.size() > 50);
    QFile translations(QStringLiteral(TRANSLATIONS));
    QVERIFY(translations.open(QIODevice::ReadOnly));
    const QStringList gone = outdated(trained, labelsIn(translations));
    QVERIFY2(gone.isEmpty(), qPrintable("The built-in model names labels that the window no longer has: " + gone.join(", ") +
                                        ". Train it again (resources/builtin/README.md), or keep the labels."));
  }

  void a_renamed_label_is_noticed() {
    const std::vector<Label> trained = {{"Send", "Enviar"}, {"Stop", "Detener"}};
    QCOMPARE(outdated(trained, {{"Send", "Enviar"}, {"Stop", "Detener"}, {"New", "Nuevo"}}), QStringList());
    QCOMPARE(outdated(trained, {{"Send", "Mandar"}, {"Stop", "Detener"}}), QStringList{"Send = Enviar"});
    QCOMPARE(outdated(trained, {{"Send", "Enviar"}, {"Halt", "Detener"}}), QStringList{"Stop = Detener"});
  }
};

QTEST_GUILESS_MAIN(TestBuiltinModel)
#include "tst_builtin_model.moc"
