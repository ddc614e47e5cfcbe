#include "tests/ui/rig.h"

#include <QClipboard>
#include <QDateTime>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QQmlEngine>

#include "app/interface_language.h"
#include "tests/support/tiny_model.h"

namespace tercet::test {

Rig::Rig(QObject* parent)
    : QObject(parent),
      m_settings(QString::fromStdString(m_dir.path().string()), 8),
      m_model(QString::fromStdString(m_dir.path().string()), CpuTopology{.logical = 8, .recommended = 4}, &m_settings,
              &m_notice),
      m_tuning(QString::fromStdString(m_dir.path().string()), CpuTopology{.logical = 8, .recommended = 4}, &m_model,
               &m_notice),
      m_chat(&m_store, &m_settings, &m_notice),
      m_library(&m_store.database()),
      m_personas(&m_library, &m_notice),
      m_prompts(&m_library, &m_notice),
      m_chatSettings(&m_chat, &m_settings, &m_model, &m_personas, &m_notice),
      m_conversations(&m_store, &m_notice),
      m_deleted(&m_store) {
  m_store.open(HistoryStore::fileIn(QString::fromStdString(m_dir.path().string())));
  m_personas.load();
  m_prompts.load();
  connect(&m_store, &HistoryStore::conversationChanged, &m_chat, &ChatController::onConversationChanged);
  connect(&m_store, &HistoryStore::conversationPurged, &m_chat, &ChatController::onConversationPurged);
  connect(&m_chat, &ChatController::conversationChanged, this, [this] { m_conversations.setOpen(m_chat.conversation()); });
  connect(&m_chat, &ChatController::answeringChanged, this, [this] { m_conversations.setAnswering(m_chat.answering()); });
  connect(&m_chat, &ChatController::answered, &m_conversations, &ConversationList::onAnswered);
  connect(&m_tuning, &TuningController::tuneRequested, this, [this](const TuneRequest& request) { m_tuneId = request.id; });
  connect(&m_odds, &WordOdds::oddsRequested, this, [this](const OddsRequest& request) { m_oddsRequest = request; });
  connect(&m_model, &ModelController::configureRequested, this,
          [this](const ConfigureRequest& request) { m_model.onConfigured(request.id, request.config); });
  connect(&m_chat, &ChatController::generateRequested, this, [this](const GenerateRequest& request) {
    m_id = request.id;
    m_requests++;
    m_question = QString::fromStdString(request.messages.back().text);
    m_written.clear();
    Q_EMIT requested();
  });
  m_chat.setModelReady(true);
  m_chat.setContextTotal(4096);
}

void Rig::read(int done, int total, double tokensPerSecond) {
  Progress progress;
  progress.readDone = static_cast<std::uint32_t>(done);
  progress.readTotal = static_cast<std::uint32_t>(total);
  progress.readSpeed = tokensPerSecond;
  m_chat.onProgressed(m_id, progress);
}

void Rig::write(const QString& text) {
  m_written += text.toStdString();
  m_chat.onTextArrived(m_id, text);
}

void Rig::finish() {
  Outcome outcome;
  outcome.result.text = m_written;
  outcome.result.stop_reason = StopReason::EndOfTurn;
  outcome.result.tokens = {1, 2, 3};
  outcome.result.decode_tokens_per_s = 24.1;
  m_chat.onFinished(m_id, outcome);
}

void Rig::finishStopped() {
  Outcome outcome;
  outcome.result.text = m_written;
  outcome.result.stop_reason = StopReason::Stopped;
  m_chat.onFinished(m_id, outcome);
}

void Rig::exchange(const QString& question, const QString& answer) {
  m_chat.setDraft(question);
  m_chat.send();
  write(answer);
  finish();
}

qint64 Rig::remember(const QString& title, int daysAgo) {
  Message question;
  question.id = 1;
  question.text = title;
  question.createdAt = QDateTime::currentDateTime().addDays(-daysAgo).toMSecsSinceEpoch();
  ConversationInfo info;
  info.title = title;
  info.leaf = 1;
  info.createdAt = question.createdAt;
  return m_store.addWhole({info, {question}});
}

void Rig::measure(double fraction) {
  Tuning tuning;
  tuning.writing_by_threads = {{1, 10.25}, {4, 24.5}};
  m_tuning.onProgressed(m_tuneId, fraction, tuning);
}

void Rig::finishMeasuring(int threads, int batch, bool busy) {
  Tuning tuning;
  tuning.writing_by_threads = {{1, 10.25}, {2, 18}, {3, 24.75}, {4, 24.5}, {8, 20}};
  tuning.reading_by_threads = {{1, 40}, {2, 78}, {3, 110}, {4, 121}, {8, 135}};
  tuning.reading_by_batch = {{32, 70}, {64, 98}, {128, 118}, {256, 120}};
  tuning.threads = threads;
  tuning.batch = static_cast<std::uint32_t>(batch);
  tuning.logical = 8;
  tuning.busy = busy;
  m_tuning.onFinished(m_tuneId, tuning);
}

void Rig::pretendModel(int context, const QString& path) {
  LoadRequest wanted;
  const auto hold = connect(&m_model, &ModelController::loadRequested, this,
                            [&wanted](const LoadRequest& request) { wanted = request; });
  m_model.openPath(path);
  disconnect(hold);
  LoadedModel loaded;
  loaded.path = wanted.path;
  loaded.name = QStringLiteral("Tiny model");
  loaded.isa = QStringLiteral("scalar");
  loaded.identity = "1-2";
  loaded.config.context_length = static_cast<std::uint32_t>(context);
  loaded.config.vocab_size = 384;
  loaded.config.hidden = 256;
  loaded.config.layers = 2;
  loaded.config.heads = 4;
  loaded.config.kv_heads = 2;
  loaded.config.head_dim = 64;
  loaded.config.ffn = 768;
  loaded.inUse = wanted.config;
  m_model.onLoaded(wanted.id, loaded);
}

void Rig::lendModel() {
  if (auto model = Model::load(m_dir.write("tiny.gguf", make_tiny_gguf()), {}, m_pool)) m_lent = *model;
  m_odds.setModel(m_lent);
}

void Rig::tellOdds() {
  const Tokenizer& tokenizer = m_lent->tokenizer();
  const auto entry = [&](TokenId token, double probability, bool ends) {
    return TokenOdds{.token = token, .probability = probability, .bytes = std::string(tokenizer.token_bytes(token)), .ends_turn = ends};
  };
  std::vector<TokenId> z;
  if (!tokenizer.encode("z", SpecialTokens::AsText, z)) return;
  Odds odds;
  odds.chosen = entry(m_oddsRequest.messages.back().tokens[m_oddsRequest.index], 0.5, false);
  odds.best = {odds.chosen, entry(z[0], 0.25, false), entry(m_lent->chat_template().stop_tokens()[0], 0.125, true)};
  m_odds.onReady(m_oddsRequest.id, odds);
}

void Rig::failOdds() { m_odds.onFailed(m_oddsRequest.id, {ErrorCode::ConversationTooLong, {}}); }

Driver::~Driver() { QDesktopServices::unsetUrlHandler(QStringLiteral("https")); }

void Driver::setEngine(QQmlEngine* engine) {
  m_engine = engine;
  QDesktopServices::setUrlHandler(QStringLiteral("https"), this, "takePage");
}

Rig* Driver::makeRig() {
  // What a test drew is deleted by the event loop; the objects it is bound to must not go before it.
  if (m_rig) m_rig.release()->deleteLater();
  m_rig = std::make_unique<Rig>();
  QQmlEngine::setObjectOwnership(m_rig.get(), QQmlEngine::CppOwnership);
  return m_rig.get();
}

AppRoot* Driver::makeApp() {
  m_app.reset();
  m_dir = std::make_unique<TempDir>();
  return restartApp();
}

AppRoot* Driver::restartApp() {
  m_app.reset();
  m_app = std::make_unique<AppRoot>(QString::fromStdString(m_dir->path().string()));
  QQmlEngine::setObjectOwnership(m_app.get(), QQmlEngine::CppOwnership);
  connect(m_app.get(), &AppRoot::retranslated, m_engine, [this] { showLanguage(*m_engine); });
  return m_app.get();
}

void Driver::startApp() { m_app->start({}); }

void Driver::endAll() {
  m_rig.reset();
  m_app.reset();
}

void Driver::storeChat(const QString& title, const QStringList& texts, int daysAgo) {
  HistoryStore store;
  store.open(HistoryStore::fileIn(QString::fromStdString(m_dir->path().string())));
  ConversationInfo info;
  info.title = title;
  info.createdAt = QDateTime::currentDateTime().addDays(-daysAgo).toMSecsSinceEpoch();
  const ConversationId conversation = store.addConversation(info);
  Message message;
  message.createdAt = info.createdAt;
  for (const QString& text : texts) {
    message.text = text;
    message.parent = store.addMessage(conversation, message);
    message.author = message.author == Message::Author::User ? Message::Author::Assistant : Message::Author::User;
  }
}

QString Driver::writeTinyModel() {
  return QString::fromStdString(m_dir->write("tiny-model.gguf", make_tiny_gguf()));
}

QString Driver::writeBrokenModel() {
  std::vector<std::byte> bytes = make_tiny_gguf();
  bytes.resize(bytes.size() / 2);
  return QString::fromStdString(m_dir->write("half-a-model.gguf", bytes));
}

QString Driver::clipboard() const { return QGuiApplication::clipboard()->text(); }

}  // namespace tercet::test
