#include "app/token_counter.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <new>
#include <utility>

namespace tercet {
namespace {

constexpr std::chrono::milliseconds kSettled{150};  // between key strokes; longer pauses deserve an answer

std::optional<int> tokensOf(const std::weak_ptr<const Model>& weak, const std::vector<ChatMessage>& messages, const std::stop_token& stop) {
  const std::shared_ptr<const Model> model = weak.lock();
  if (!model || stop.stop_requested()) return {};
  try {
    std::size_t tokens = 0;
    for (const ChatMessage& message : messages) {
      const auto ids = model->chat_template().encode_message(message, model->tokenizer(), stop);
      if (!ids) return {};
      tokens += ids->size();
    }
    return static_cast<int>(std::min(tokens, static_cast<std::size_t>(std::numeric_limits<int>::max())));
  } catch (const std::bad_alloc&) {
    return {};  // a number that nobody needs is no reason to lose the text
  }
}

}  // namespace

TokenCounter::TokenCounter(QObject* parent) : QObject(parent) {
  m_settled.setSingleShot(true);
  m_settled.setInterval(kSettled);
  connect(&m_settled, &QTimer::timeout, this, &TokenCounter::begin);
  m_counting.moveToThread(&m_thread);
  // Not Idle, the only priority that Linux heeds: a thread that is set aside while it holds a lock would hold up the window.
  m_thread.start(QThread::LowPriority);
}

TokenCounter::~TokenCounter() {
  giveUp();
  m_thread.quit();
  m_thread.wait();
}

void TokenCounter::setModel(std::weak_ptr<const Model> model) {
  m_model = std::move(model);
  count(std::move(m_messages));
}

void TokenCounter::count(const QString& text) {
  std::vector<ChatMessage> messages;
  if (!text.isEmpty()) messages.push_back({Role::User, text.toStdString(), {}});
  count(std::move(messages));
}

void TokenCounter::count(std::vector<ChatMessage> messages) {
  giveUp();
  m_messages = std::move(messages);
  if (!m_messages.empty()) {
    m_settled.start();
  } else {
    Q_EMIT counted(0);
  }
}

void TokenCounter::giveUp() {
  m_settled.stop();
  m_stop.request_stop();
}

void TokenCounter::begin() {
  m_stop = std::stop_source();
  const auto count = [this, model = m_model, messages = m_messages, stop = m_stop.get_token()] {
    const auto tokens = tokensOf(model, messages, stop);
    if (!tokens) return;
    const auto tell = [this, stop, tokens = *tokens] {
      if (!stop.stop_requested()) Q_EMIT counted(tokens);
    };
    QMetaObject::invokeMethod(this, tell, Qt::QueuedConnection);
  };
  QMetaObject::invokeMethod(&m_counting, count, Qt::QueuedConnection);
}

}  // namespace tercet
