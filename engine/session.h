// One conversation's state on a model: KV cache, buffers, sampler. The engine's one verb is generate().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/cache_precision.h"
#include "engine/model.h"
#include "engine/sampler.h"

namespace tercet {

/// Ways to be fast that never change a result; each can be turned off to measure or to doubt it.
struct SpeedFeatures {
  bool skip_zeros = true;   // leave out feed-forward weights that are multiplied by zero
  bool screen_head = true;  // compute only the logits that can be chosen
  bool speculate = true;    // check guesses of the next tokens several at a time
  bool check_every_guess = false;  // with `speculate`: also those that are not worth it, for tests
};

struct SessionOptions {
  std::uint32_t context_tokens = 4096;  // positions of the KV cache
  std::uint32_t batch_tokens = 512;     // tokens read at once in prefill
  CachePrecision cache = CachePrecision::Auto;
  SpeedFeatures features = {};
};

/// What decoding did since the session was made, for the benchmark.
struct SpeedCounts {
  std::uint64_t steps = 0;                               // forward passes of decoding
  std::uint64_t tokens = 0;                              // tokens that came of them
  std::uint64_t guesses = 0, accepted = 0;               // of speculation
  std::uint64_t up_rows = 0, up_rows_read = 0;           // of single-token passes
  std::uint64_t down_columns = 0, down_columns_read = 0;
  std::uint64_t states = 0;                              // whose logits were asked for
  std::uint64_t refined = 0, exact = 0;                  // output rows looked at more closely, and computed, for them
  std::uint64_t bytes_read = 0;                          // of weights, output matrix and KV cache, in all steps
};

/// What happens when a conversation no longer fits the context. Either way, writing ends where the context does.
enum class Overflow : std::uint8_t {
  LeaveOutOldest,  // the oldest turns are left out, but never the system prompt
  Refuse           // nothing is computed, and the caller is told
};

struct GenerateOptions {
  SamplingOptions sampling;
  std::uint32_t max_tokens = 0;  // 0: until the model stops or the context is full
  bool ignore_stop_tokens = false;  // for measurements: go on after an end of turn
  bool continue_answer = false;     // the last message is an answer that was cut off or edited: go on where it ends
  Overflow overflow = Overflow::LeaveOutOldest;
};

enum class StopReason : std::uint8_t { EndOfTurn, MaxTokens, ContextFull, Stopped };
/// "end_of_turn", "max_tokens", "context_full", "stopped".
std::string_view stop_reason_name(StopReason reason) noexcept;

/// Prefill progress: tokens to compute, without those reused from the cache.
struct PrefillProgress {
  std::uint32_t done = 0, total = 0;
  double tokens_per_s = 0;
};

/// Where output goes; called on the generating thread. Any may be empty.
struct GenerateSink {
  std::function<void(std::string_view text)> text;          // complete UTF-8
  std::function<void(const PrefillProgress&)> prefill;      // at the start and after each layer group, at most 30 Hz
  std::function<void(TokenId token)> token;                 // every token kept, before its text
};

struct GenerateResult {
  // What was written now; of an answer that was continued, only what is new. A character that the last token leaves
  // incomplete is not in the text: continuing these tokens brings it whole, so that the texts can be joined.
  std::string text;                      // all text given to the sink
  std::vector<TokenId> tokens;           // generated, without the stop token
  std::vector<TokenId> continued;        // tokens that the answer had before; with `tokens`, those of the whole answer
  StopReason stop_reason = StopReason::EndOfTurn;
  std::uint32_t prompt_tokens = 0;       // whole prompt
  std::uint32_t reused_tokens = 0;       // of those, taken from the cache
  std::uint32_t dropped_messages = 0;    // oldest messages left out so that the prompt fits
  std::uint32_t context_used = 0;        // positions in the cache at the end
  double prefill_ms = 0, decode_ms = 0, time_to_first_token_ms = 0;
  double prefill_tokens_per_s = 0, decode_tokens_per_s = 0;  // 0 when nothing was computed
};

/// A token that could stand at some place of an answer, and how likely it is there.
struct TokenOdds {
  TokenId token = 0;
  double probability = 0;  // of all tokens, as the model has it: temperature 1, no filter, no penalty
  std::string bytes;       // what it stands for; may be a part of a character
  bool ends_turn = false;  // the answer would end there
};

struct Odds {
  TokenOdds chosen;                    // what stands there
  std::vector<TokenOdds> best;         // the likeliest first, ties by lower id
  std::uint32_t computed_tokens = 0;   // of the prompt; 1 when the cache had the rest
};

class Session {
 public:
  /// Allocates the KV cache and buffers. Errors: InvalidOption (context 1..config, batch 1..2048), OutOfMemory.
  static Result<std::unique_ptr<Session>> create(std::shared_ptr<const Model> model, ThreadPool& pool,
                                                 const SessionOptions& options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Answers the last user message, or goes on with the answer to it (continue_answer). When the conversation does not
  /// fit, the oldest messages after the system prompt are left out (dropped_messages), in strides so that the next turns
  /// keep their prefix, unless options.overflow refuses; `already_dropped` are left out anyway. Stop is honoured within one layer. A stop during prefill
  /// returns StopReason::Stopped with no text.
  /// Errors: PromptTooLong (the message alone), ContextFull (no room to go on with the answer), ConversationTooLong
  /// (Overflow::Refuse), InvalidUtf8, InvalidToken (also: there is
  /// nothing to answer or to go on with), InvalidOption, ModelChanged, OutOfMemory.
  Result<GenerateResult> generate(std::span<const ChatMessage> messages, const GenerateOptions& options,
                                  const GenerateSink& sink, std::stop_token stop, std::uint32_t already_dropped = 0);

  /// Continues exactly these ids: no template, no BOS. Errors as above, and InvalidToken.
  Result<GenerateResult> generate_from_tokens(std::span<const TokenId> tokens, const GenerateOptions& options,
                                              const GenerateSink& sink, std::stop_token stop);

  /// What else could stand in place of token `index` of the answer that is the last message: the `count` likeliest tokens.
  /// A cache that holds this place keeps all it has, so that looking does not make the next turn slow.
  /// Errors: InvalidOption (there is no such token), InvalidToken (there is no answer), BadWeights (no finite logit), as
  /// for generate with Overflow::Refuse, and Stopped.
  Result<Odds> odds(std::span<const ChatMessage> messages, std::size_t index, std::size_t count,
                    std::uint32_t already_dropped = 0, std::stop_token stop = {});

  /// Logits of every position of `tokens`, computed afresh. `row` gets f32 [vocab] for each position in order; a row is
  /// only valid during the call. Errors: InvalidToken, PromptTooLong, Stopped, ModelChanged.
  Result<void> logits(std::span<const TokenId> tokens,
                      const std::function<void(std::size_t position, std::span<const float> logits)>& row,
                      std::stop_token stop = {});

  const Model& model() const noexcept;
  const SessionOptions& options() const noexcept;
  /// What Auto came to, or what was chosen.
  CachePrecision cache_precision() const noexcept;
  /// Tokens the cache holds now.
  std::uint32_t context_used() const noexcept;
  SpeedCounts speed_counts() const noexcept;
  /// Forgets the cached prefix.
  void clear() noexcept;

 private:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tercet
