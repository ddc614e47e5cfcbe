#include "app/running_answers.h"

#include <algorithm>
#include <utility>

#include "app/storage/history_store.h"

namespace tercet {
namespace {

constexpr int kFlushMs = 800;    // an answer is stored at least every second
constexpr int kRetryMs = 5000;   // after a failure

}  // namespace

RunningAnswers::RunningAnswers(HistoryStore* store, QObject* parent) : QObject(parent), m_store(store) {
  m_flushSoon.setSingleShot(true);
  connect(&m_flushSoon, &QTimer::timeout, this, &RunningAnswers::flush);
}

RunningAnswers::~RunningAnswers() = default;

RunningAnswer& RunningAnswers::start(RunningAnswer answer) {
  m_answers.push_back(std::move(answer));
  RunningAnswer& started = m_answers.back();
  // What a continued answer begins with belongs to it from the start.
  if (!started.message.text.isEmpty()) m_pieces.emplace_back(started.message.id, started.message.text), flush();
  Q_EMIT changed();
  return started;
}

RunningAnswer* RunningAnswers::find(RequestId id) {
  const auto found = std::find_if(m_answers.begin(), m_answers.end(), [id](const RunningAnswer& answer) { return answer.id == id; });
  return found == m_answers.end() ? nullptr : &*found;
}

RunningAnswer* RunningAnswers::of(ConversationId conversation) {
  const auto found = std::find_if(m_answers.begin(), m_answers.end(),
                                  [=](const RunningAnswer& answer) { return answer.conversation == conversation; });
  return found == m_answers.end() ? nullptr : &*found;
}

void RunningAnswers::append(RunningAnswer& answer, const QString& delta) {
  answer.message.text += delta;
  const auto piece = std::find_if(m_pieces.begin(), m_pieces.end(), [&](const auto& waiting) { return waiting.first == answer.message.id; });
  if (piece == m_pieces.end()) {
    m_pieces.emplace_back(answer.message.id, delta);
  } else {
    piece->second += delta;
  }
  if (!m_flushSoon.isActive()) m_flushSoon.start(kFlushMs);
}

void RunningAnswers::end(RunningAnswer& answer) {
  std::erase_if(m_pieces, [&](const auto& piece) { return piece.first == answer.message.id; });
  m_unstored.push_back({answer.conversation, answer.message});
  drop(answer);
  flush();
}

void RunningAnswers::drop(RunningAnswer& answer) {
  std::erase_if(m_pieces, [&](const auto& piece) { return piece.first == answer.message.id; });
  m_answers.remove_if([&](const RunningAnswer& other) { return &other == &answer; });
  Q_EMIT changed();
}

std::vector<Message> RunningAnswers::unstored(ConversationId conversation) const {
  std::vector<Message> messages;
  for (const Ended& ended : m_unstored) {
    if (ended.conversation == conversation) messages.push_back(ended.message);
  }
  return messages;
}

bool RunningAnswers::flush() {
  // Stops at the first refusal: one notice is enough, and the next is not likelier to be taken.
  bool stored = true;
  while (stored && !m_pieces.empty()) {
    stored = m_store->appendToAnswer(m_pieces.front().first, m_pieces.front().second);
    if (stored) m_pieces.erase(m_pieces.begin());
  }
  while (stored && !m_unstored.empty()) {
    stored = m_store->endAnswer(m_unstored.front().conversation, m_unstored.front().message);
    if (stored) m_unstored.erase(m_unstored.begin());
  }
  if (!stored) m_flushSoon.start(kRetryMs);
  return stored;
}

}  // namespace tercet
