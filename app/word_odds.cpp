#include "app/word_odds.h"

#include <algorithm>
#include <utility>

#include "app/chat_controller.h"
#include "app/error_text.h"
#include "engine/text/utf8_stream.h"

namespace tercet {
namespace {

int endOf(const std::vector<TokenSpan>& spans) { return spans.empty() ? 0 : spans.back().begin + spans.back().length; }

/// Whether the tokens are of this model's vocabulary; what is stored may be damaged.
bool inVocabulary(const Tokenizer& tokenizer, const std::vector<TokenId>& tokens) {
  const auto size = static_cast<TokenId>(tokenizer.vocab_size());
  return std::all_of(tokens.begin(), tokens.end(), [size](TokenId token) { return token >= 0 && token < size; });
}

}  // namespace

WordOdds::WordOdds(ChatController* chat, QObject* parent) : QObject(parent), m_chat(chat) {
  connect(chat, &ChatController::stateChanged, this, &WordOdds::follow);
  connect(chat, &ChatController::answeringChanged, this, [this] {
    if (m_waiting) look();
  });
}

WordOdds::~WordOdds() { m_stop.request_stop(); }

int WordOdds::row() const { return active() ? m_chat->messages()->rowOf(m_message) : -1; }

/// A carriage return and its line feed would count as one character where the text is shown.
QString WordOdds::text() const {
  QString text = m_text;
  return text.replace(u'\r', QChar(0x240D));
}

QString WordOdds::note() const {
  if (!active()) return {};
  if (m_spans.empty()) return tr("There are no words in this answer.");
  switch (m_source) {
    case Source::Written: return {};
    case Source::ChangedByHand: return tr("This text was changed by hand. The figures say how likely the model finds it.");
    case Source::OtherModel: return tr("Written by another model. The figures say how likely the open one finds it.");
    case Source::Unknown: return tr("It isn't known how this text was cut into words. The figures say how likely the model finds it.");
  }
  return {};
}

QString WordOdds::error() const {
  if (m_waiting) return tr("An answer is being written in another chat. The figures come when it is done.");
  if (!m_error) return {};
  // Otherwise made for a message that is being sent.
  if (m_error->code == ErrorCode::PromptTooLong || m_error->code == ErrorCode::ContextFull ||
      m_error->code == ErrorCode::ConversationTooLong) {
    return tr("What stands before this word is longer than the model can read now.");
  }
  const NoticeContent notice = noticeFor(*m_error);
  return notice.title + QLatin1Char(' ') + notice.text;
}

void WordOdds::open(int row, int position) {
  const std::shared_ptr<const Model> model = m_model.lock();
  if (!model || !m_chat->canRegenerate() || row < 0 || row >= m_chat->messages()->count()) return;
  const Message& message = m_chat->messages()->at(row);
  if (message.author != Message::Author::Assistant) return;
  close();
  m_message = message.id;
  m_text = message.text;
  readTokens(*model, message);
  if (m_spans.empty()) {
    Q_EMIT changed();
  } else {
    choose(position);
  }
}

/// The tokens that the model wrote, or else those it would read.
void WordOdds::readTokens(const Model& model, const Message& message) {
  const Tokenizer& tokenizer = model.tokenizer();
  const bool sameModel = message.stats.modelIdentity == m_chat->modelIdentity();
  m_source = message.edited ? Source::ChangedByHand : Source::Written;
  if (sameModel && !message.tokens.empty() && inVocabulary(tokenizer, message.tokens)) {
    m_tokens = message.tokens;
    m_spans = tokenSpans(tokenizer, m_tokens);
    if (endOf(m_spans) == m_text.size()) return;
  }
  if (!message.edited) m_source = message.stats.known && !sameModel ? Source::OtherModel : Source::Unknown;
  m_spans.clear();
  auto read = model.chat_template().encode_unfinished({Role::Assistant, m_text.toStdString(), {}}, tokenizer);
  if (!read) return;
  m_tokens = std::move(*read);
  m_spans = tokenSpans(tokenizer, m_tokens);
}

void WordOdds::close() {
  if (!active()) return;
  m_stop.request_stop();
  m_message = 0;
  m_text.clear();
  m_tokens.clear();
  m_spans.clear();
  m_bytes.clear();
  m_probability = -1;
  m_busy = m_waiting = false;
  m_error.reset();
  m_alternatives.clear();
  Q_EMIT changed();
}

void WordOdds::choose(int position) {
  if (m_spans.empty()) return;
  const auto behind = std::upper_bound(m_spans.begin(), m_spans.end(), position,
                                       [](int at, const TokenSpan& span) { return at < span.begin; });
  m_span = behind == m_spans.begin() ? 0 : static_cast<std::size_t>(behind - m_spans.begin()) - 1;
  m_token = span().token;
  look();
}

void WordOdds::next() {
  if (!hasNext()) return;
  if (m_token + 1 < span().token + span().tokens) {
    ++m_token;
  } else {
    ++m_span;
    m_token = span().token;
  }
  look();
}

void WordOdds::previous() {
  if (!hasPrevious()) return;
  if (m_token > span().token) {
    --m_token;
  } else {
    --m_span;
    m_token = span().token + span().tokens - 1;
  }
  look();
}

/// Asks for the odds of the token. What the list shows of the one before stays until they come, so that it doesn't flicker.
void WordOdds::look() {
  m_stop.request_stop();
  m_stop = std::stop_source();
  const std::shared_ptr<const Model> model = m_model.lock();
  if (!model) {
    close();
    return;
  }
  m_bytes = model->tokenizer().token_bytes(m_tokens[static_cast<std::size_t>(m_token)]);
  m_probability = -1;
  m_error.reset();
  m_waiting = !m_chat->answering().empty();
  m_busy = !m_waiting;
  const RequestId id = ++m_lastId;
  if (m_waiting) m_alternatives.clear();
  Q_EMIT changed();
  if (m_waiting) return;
  ChatController::Reading reading = m_chat->readingUpTo(m_message);
  reading.messages.back().tokens = m_tokens;
  Q_EMIT oddsRequested({.id = id,
                        .messages = std::move(reading.messages),
                        .index = static_cast<std::size_t>(m_token),
                        .alreadyDropped = reading.dropped,
                        .stop = m_stop});
}

void WordOdds::onReady(RequestId id, const Odds& odds) {
  if (id != m_lastId || !m_busy) return;
  m_busy = false;
  m_probability = odds.chosen.probability;
  m_alternatives.show(odds);
  Q_EMIT changed();
}

void WordOdds::onFailed(RequestId id, const Error& error) {
  if (id != m_lastId || !m_busy) return;
  m_busy = false;
  m_error = error;
  m_alternatives.clear();
  Q_EMIT changed();
}

void WordOdds::continueWith(int alternative) {
  const std::shared_ptr<const Model> model = m_model.lock();
  if (m_busy || !model || alternative < 0 || alternative >= m_alternatives.count()) return;
  const TokenOdds wanted = m_alternatives.at(alternative);
  std::vector<TokenId> tokens(m_tokens.begin(), m_tokens.begin() + m_token);
  if (!wanted.ends_turn) tokens.push_back(wanted.token);
  // The characters of a span come of its tokens together; one that is incomplete at the end is for the engine to complete.
  Utf8Stream characters;
  std::string tail;
  for (std::size_t i = static_cast<std::size_t>(span().token); i < tokens.size(); ++i) {
    if (!model->tokenizer().is_special(tokens[i])) tail += characters.push(model->tokenizer().token_bytes(tokens[i]));
  }
  const MessageId message = m_message;
  const QString text = m_text.left(span().begin) + QString::fromStdString(tail);
  if (wanted.ends_turn) {
    m_chat->editAnswer(message, text, std::move(tokens));
  } else {
    m_chat->continueFrom(message, text, std::move(tokens));
  }
}

void WordOdds::setModel(std::weak_ptr<const Model> model) {
  m_model = std::move(model);
  close();
}

/// What is looked at may no longer be there, or is to make way for an answer.
void WordOdds::follow() {
  if (!active()) return;
  const int row = this->row();
  if (!m_chat->canRegenerate() || row < 0 || m_chat->messages()->at(row).text != m_text) close();
}

void WordOdds::retranslate() {
  m_alternatives.retranslate();
  Q_EMIT changed();
}

}  // namespace tercet
