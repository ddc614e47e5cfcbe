// The conversation, driven by hand: no engine, only the signals it would send.
#pragma once

#include <QTemporaryDir>

#include <utility>
#include <vector>

#include "app/chat_controller.h"
#include "app/notice.h"
#include "app/settings.h"
#include "app/storage/history_store.h"

namespace tercet {

inline Outcome done(std::vector<TokenId> tokens = {1, 2}, StopReason reason = StopReason::EndOfTurn) {
  Outcome outcome;
  outcome.result.tokens = std::move(tokens);
  outcome.result.stop_reason = reason;
  outcome.result.prompt_tokens = 10;
  outcome.result.context_used = 12;
  outcome.result.decode_tokens_per_s = 20;
  outcome.result.prefill_tokens_per_s = 100;
  outcome.result.time_to_first_token_ms = 250;
  return outcome;
}

inline Outcome failed(ErrorCode code) {
  Outcome outcome;
  outcome.failed = true;
  outcome.error = {code, "because"};
  return outcome;
}

struct ChatBench {
  QTemporaryDir dir;
  Settings settings{dir.path(), 4};
  Notice notice;
  HistoryStore store;
  ChatController chat{&store, &settings, &notice};
  std::vector<GenerateRequest> requests;

  ChatBench() {
    store.open(HistoryStore::fileIn(dir.path()));
    QObject::connect(&store, &HistoryStore::conversationChanged, &chat, &ChatController::onConversationChanged);
    QObject::connect(&store, &HistoryStore::conversationPurged, &chat, &ChatController::onConversationPurged);
    chat.setModelIdentity("1-2");
    QObject::connect(&chat, &ChatController::generateRequested, &chat,
                     [this](const GenerateRequest& request) { requests.push_back(request); });
    chat.setContextTotal(100);
    chat.setModelReady(true);
  }
  bool say(const QString& text) {
    chat.setDraft(text);
    return chat.send();
  }
  RequestId id() const { return requests.back().id; }
  void answer(const QString& text, Outcome outcome = done()) {
    outcome.seed = requests.back().options.sampling.seed;
    chat.onTextArrived(id(), text);
    chat.onFinished(id(), outcome);
  }
  const Message& message(int row) { return chat.messages()->at(row); }
  std::vector<Message> stored() { return store.messages(chat.conversation()); }
};

}  // namespace tercet
