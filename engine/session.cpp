#include "engine/session.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/activations.h"
#include "engine/kv_cache.h"
#include "engine/prompt_lookup.h"
#include "engine/text/utf8_stream.h"
#include "engine/transformer.h"
#include "engine/weights.h"

namespace tercet {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }
double per_second(double count, double ms) { return count > 0 && ms > 0 ? count * 1000.0 / ms : 0.0; }

constexpr std::uint32_t kMaxBatch = 2048;

}  // namespace

std::string_view stop_reason_name(StopReason reason) noexcept {
  switch (reason) {
    case StopReason::EndOfTurn: return "end_of_turn";
    case StopReason::MaxTokens: return "max_tokens";
    case StopReason::ContextFull: return "context_full";
    case StopReason::Stopped: return "stopped";
  }
  return "";
}

struct Session::Impl {
  Impl(std::shared_ptr<const Model> m, ThreadPool& p, const SessionOptions& o, KvCache c, Activations a)
      : model(std::move(m)), pool(p), options(o), cache(std::move(c)), activations(std::move(a)),
        transformer(*model, pool, cache, activations, options.features.skip_zeros) {}

  /// Tells the sink how far prefill is, at most 30 times a second but always at the start and the end.
  class ProgressReport {
   public:
    ProgressReport(const GenerateSink& sink, std::uint32_t total) : sink_(sink), total_(total) {}
    void at(double done) {
      if (!sink_.prefill) return;
      const double now = ms_since(start_);
      const bool edge = done <= 0 || done >= total_;
      if (!edge && now - last_ < 33.0) return;
      last_ = now;
      sink_.prefill({static_cast<std::uint32_t>(done), total_, per_second(done, now)});
    }

   private:
    const GenerateSink& sink_;
    const std::uint32_t total_;
    const Clock::time_point start_ = Clock::now();
    double last_ = -1e9;
  };

  /// Computes tokens[from..) in batches. On return the hidden state of the last token is at index *last of the call.
  Result<void> prefill(std::span<const TokenId> tokens, std::size_t from, const GenerateSink& sink, std::stop_token stop, std::size_t* last) {
    const std::uint32_t total = static_cast<std::uint32_t>(tokens.size() - from);
    ProgressReport progress(sink, total);
    progress.at(0);
    for (std::size_t done = 0; done < total;) {
      const std::size_t count = std::min<std::size_t>(options.batch_tokens, total - done);
      const double layers = model->config().layers;
      auto computed = transformer.forward(tokens.subspan(from + done, count), stop, [&](std::uint32_t layer) {
        progress.at(static_cast<double>(done) + static_cast<double>(count) * layer / layers);
      });
      if (!computed) return computed;
      done += count;
      *last = count - 1;
    }
    return {};
  }

  Result<void> check_tokens(std::span<const TokenId> tokens) const {
    if (tokens.empty()) return Error{ErrorCode::InvalidToken, "there are no tokens"};
    for (const TokenId token : tokens) {
      if (token < 0 || static_cast<std::uint32_t>(token) >= model->config().vocab_size) {
        return Error{ErrorCode::InvalidToken, std::to_string(token) + " is not between 0 and " + std::to_string(model->config().vocab_size - 1)};
      }
    }
    return {};
  }

  Error too_long(std::size_t tokens) const {
    return {ErrorCode::PromptTooLong, std::to_string(tokens) + " tokens, the context holds " + std::to_string(options.context_tokens)};
  }

  /// Makes the hidden states `first` .. of the last forward call ready for `sample`, all with one pass over the output matrix.
  void screen_states(std::size_t first, std::size_t count) {
    const float* hidden = transformer.final_hidden(first);
    for (std::size_t i = 1; i < count; ++i) transformer.final_hidden(first + i);
    states = hidden;
    counts.states += count;
    if (!options.features.screen_head) return;
    model->weights().head().screen(hidden, count, pool, screen);
    counts.bytes_read += model->weights().head().screen_bytes();
  }

  /// The next token after the state `index` of those made ready.
  Result<TokenId> sample(Sampler& sampler, std::size_t index, std::span<const TokenId> history) {
    const SamplingOptions& sampling = sampler.options();
    recent.clear();
    if (sampling.repeat_penalty != 1.0F) {
      const std::size_t window = std::min<std::size_t>(sampling.repeat_window, history.size());
      recent.assign(history.end() - static_cast<std::ptrdiff_t>(window), history.end());
      std::sort(recent.begin(), recent.end());
      recent.erase(std::unique(recent.begin(), recent.end()), recent.end());
    }
    const OutputHead& head = model->weights().head();
    if (options.features.screen_head) {
      const OutputHead::Query query = {.count = sampler.candidates_needed(), .range = sampler.logit_range(), .also = recent};
      OutputHead::Cost cost;
      if (auto found = head.candidates(screen, index, query, pool, candidates, &cost); !found) return found.error();
      counts.refined += cost.refined;
      counts.exact += cost.exact;
      counts.bytes_read += head.bytes_of(cost);
    } else {
      logits.resize(head.rows());
      if (auto found = head.all_logits(states + index * model->config().hidden, 1, pool, logits); !found) return found.error();
      counts.exact += logits.size();
      counts.bytes_read += head.bytes_of({0, logits.size()});
      candidates.clear();
      for (std::size_t token = 0; token < logits.size(); ++token) candidates.push_back({static_cast<TokenId>(token), logits[token]});
    }
    apply_repeat_penalty(candidates, recent, sampling.repeat_penalty);
    return sampler.choose(candidates);
  }

  /// Computes the token that was chosen last and the guesses after it, and makes their states ready.
  Result<void> decode(std::span<const TokenId> tokens, std::stop_token stop) {
    const SkipCounts before = transformer.skip_counts();
    if (auto computed = transformer.forward(tokens, stop); !computed) return computed;
    screen_states(0, tokens.size());
    const Weights& weights = model->weights();
    const SkipCounts& now = transformer.skip_counts();
    ++counts.steps;
    counts.bytes_read += weights.ternary_bytes() + cache.bytes_per_position() * cache.size();
    if (tokens.size() == 1) {
      counts.bytes_read -= weights.skipped_bytes(now.up_rows - before.up_rows - (now.up_rows_read - before.up_rows_read),
                                                 now.down_columns - before.down_columns - (now.down_columns_read - before.down_columns_read));
    }
    return {};
  }

  /// Guesses worth checking after `history`, with room for `most` at the most.
  std::vector<TokenId> guess(std::span<const TokenId> history, std::size_t most) const {
    if (!options.features.speculate || most == 0) return {};
    std::vector<TokenId> guesses = look_up_continuation(history, previous, std::min(most, SpeculationGovernor::kMostGuesses));
    if (!options.features.check_every_guess) guesses.resize(governor.guesses_to_check(guesses.size()));
    return guesses;
  }

  bool ends_turn(TokenId token) const {
    const auto stops = model->chat_template().stop_tokens();
    return std::find(stops.begin(), stops.end(), token) != stops.end();
  }

  /// What the model reads before it writes.
  struct Prompt {
    std::vector<TokenId> tokens;
    std::size_t answer = 0;     // so many of them, at the end, begin the answer
    std::uint32_t dropped = 0;  // oldest messages left out
  };

  Result<GenerateResult> generate(Prompt prompt, const GenerateOptions& generation, const GenerateSink& sink, std::stop_token stop) {
    std::vector<TokenId> history = std::move(prompt.tokens);
    if (auto valid = generation.sampling.validate(); !valid) return valid.error();
    if (auto valid = check_tokens(history); !valid) return valid.error();
    if (history.size() >= options.context_tokens) return too_long(history.size());

    const Clock::time_point start = Clock::now();
    GenerateResult result;
    result.prompt_tokens = static_cast<std::uint32_t>(history.size());
    result.dropped_messages = prompt.dropped;
    result.continued.assign(history.end() - static_cast<std::ptrdiff_t>(prompt.answer), history.end());
    // The last token is always computed anew: its hidden state is what the first answer token comes from.
    result.reused_tokens = std::min(cache.common_prefix(history), result.prompt_tokens - 1);
    // What stood behind the common part, an answer that is written anew for one, is where guesses may come from.
    if (cache.size() > history.size()) previous.assign(cache.tokens().begin(), cache.tokens().end());
    cache.truncate(result.reused_tokens);
    const auto finish = [&](StopReason reason) {
      result.stop_reason = reason;
      result.context_used = cache.size();
      return result;
    };

    std::size_t last = 0;
    if (auto read = prefill(history, result.reused_tokens, sink, stop, &last); !read) {
      if (read.error().code == ErrorCode::Stopped) return finish(StopReason::Stopped);
      return read.error();
    }
    result.prefill_ms = ms_since(start);
    result.prefill_tokens_per_s = per_second(result.prompt_tokens - result.reused_tokens, result.prefill_ms);

    Sampler sampler(generation.sampling);
    Utf8Stream characters;
    // Control tokens are part of the history but nothing a person should read.
    const auto complete = [&](TokenId token) {
      return model->tokenizer().is_special(token) ? std::string() : characters.push(model->tokenizer().token_bytes(token));
    };
    for (const TokenId token : result.continued) (void)complete(token);  // may end inside a character
    Clock::time_point first_token{}, step_start{};
    std::uint32_t sampled = 0;
    StopReason reason = StopReason::MaxTokens;
    screen_states(last, 1);
    std::vector<TokenId> step;  // of the last decode: the token chosen before it, then guesses
    std::size_t index = 0;      // which of its states the next token comes from
    for (;;) {
      if (stop.stop_requested()) {
        reason = StopReason::Stopped;
        break;
      }
      auto token = sample(sampler, index, history);
      if (!token) return token.error();
      ++sampled;
      if (result.time_to_first_token_ms == 0) {
        first_token = Clock::now();
        result.time_to_first_token_ms = ms_since(start);
      }
      if (!generation.ignore_stop_tokens && ends_turn(*token)) {
        reason = StopReason::EndOfTurn;
        break;
      }
      history.push_back(*token);
      result.tokens.push_back(*token);
      if (sink.token) sink.token(*token);
      if (const std::string text = complete(*token); !text.empty()) {
        result.text += text;
        if (sink.text) sink.text(text);
      }
      if (generation.max_tokens != 0 && result.tokens.size() >= generation.max_tokens) break;
      if (history.size() > options.context_tokens) {
        reason = StopReason::ContextFull;
        break;
      }
      if (index + 1 < step.size() && step[index + 1] == *token) {  // guessed right: what follows it is computed already
        ++index;
        continue;
      }
      finish_step(step.size(), index, step_start);
      cache.truncate(static_cast<std::uint32_t>(history.size() - 1));
      step_start = Clock::now();
      const std::size_t left = generation.max_tokens == 0 ? options.context_tokens : generation.max_tokens - result.tokens.size();
      step = guess(history, std::min({left - 1, options.context_tokens - history.size(), std::size_t{options.batch_tokens} - 1}));
      step.insert(step.begin(), *token);
      index = 0;
      if (auto computed = decode(step, stop); !computed) {
        if (computed.error().code != ErrorCode::Stopped) return computed.error();
        reason = StopReason::Stopped;
        step.clear();
        break;
      }
    }
    // Guesses that nobody asks for any more are forgotten, and the last token when nothing is to follow it.
    const bool cut = reason == StopReason::MaxTokens || reason == StopReason::ContextFull;
    cache.truncate(std::min(cache.size(), static_cast<std::uint32_t>(history.size()) - (cut ? 1U : 0U)));
    if (first_token != Clock::time_point{}) result.decode_ms = ms_since(first_token);
    result.decode_tokens_per_s = per_second(sampled > 0 ? sampled - 1 : 0, result.decode_ms);
    counts.tokens += sampled > 0 ? sampled - 1 : 0;
    return finish(reason);
  }

  Result<Odds> odds(std::span<const TokenId> prompt, TokenId chosen, std::size_t count, std::stop_token stop) {
    if (stop.stop_requested()) return Error{ErrorCode::Stopped, {}};
    const std::uint32_t known = cache.common_prefix(prompt), size = static_cast<std::uint32_t>(prompt.size());
    const std::uint32_t reused = std::min(known, size - 1);
    // The last position is computed anew for its hidden state, to the same keys and values: what stands behind it stays true.
    // A stop would leave other ones there, so one position by itself is computed to the end.
    std::vector<TokenId> behind;
    if (known == size) behind.assign(cache.tokens().begin() + size, cache.tokens().end());
    cache.truncate(reused);
    std::size_t last = 0;
    if (auto read = prefill(prompt, reused, {}, known == size ? std::stop_token() : stop, &last); !read) return read.error();
    cache.append(behind);
    const OutputHead& head = model->weights().head();
    logits.resize(head.rows());
    if (auto full = head.all_logits(transformer.final_hidden(last), 1, pool, logits); !full) return full.error();

    const double top = *std::max_element(logits.begin(), logits.end());
    if (!std::isfinite(top)) return Error{ErrorCode::BadWeights, "no token has a finite logit"};
    double total = 0;
    for (const float logit : logits) total += std::exp(logit - top);
    const auto entry = [&](TokenId token) {
      return TokenOdds{.token = token,
                       .probability = std::exp(logits[static_cast<std::size_t>(token)] - top) / total,
                       .bytes = std::string(model->tokenizer().token_bytes(token)),
                       .ends_turn = ends_turn(token)};
    };
    Odds odds{.chosen = entry(chosen), .best = {}, .computed_tokens = size - reused};
    std::vector<TokenId> order(logits.size());
    std::iota(order.begin(), order.end(), 0);
    const auto likelier = [&](TokenId a, TokenId b) {
      const float left = logits[static_cast<std::size_t>(a)], right = logits[static_cast<std::size_t>(b)];
      return left != right ? left > right : a < b;
    };
    const std::size_t wanted = std::min(count, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(wanted), order.end(), likelier);
    for (std::size_t i = 0; i < wanted; ++i) odds.best.push_back(entry(order[i]));
    return odds;
  }

  /// Takes note of a step of `tokens` tokens, of which the guesses up to `right` were right.
  void finish_step(std::size_t tokens, std::size_t right, Clock::time_point start) {
    if (tokens == 0) return;  // the first token came from the prompt
    governor.record(tokens - 1, right, ms_since(start));
    counts.guesses += tokens - 1;
    counts.accepted += right;
  }

  /// Token ids of a conversation, `most` at the most, that leave room for an answer where old turns may be left out.
  Result<Prompt> render(std::span<const ChatMessage> messages, const GenerateOptions& generation, std::uint32_t already_dropped, std::size_t most) const {
    const ChatTemplate& chat = model->chat_template();
    const bool continues = generation.continue_answer;
    if (messages.empty()) return Error{ErrorCode::InvalidToken, "there is no message to answer"};
    if (continues && messages.back().role != Role::Assistant) return Error{ErrorCode::InvalidToken, "there is no answer to go on with"};
    std::vector<std::vector<TokenId>> encoded;
    for (const ChatMessage& message : messages) {
      const bool open = continues && &message == &messages.back();
      auto ids = open ? chat.encode_unfinished(message, model->tokenizer()) : chat.encode_message(message, model->tokenizer());
      if (!ids) return ids.error();
      if (auto valid = ids->empty() ? Result<void>() : check_tokens(*ids); !valid) return valid.error();
      encoded.push_back(std::move(*ids));
    }
    const std::size_t first = messages[0].role == Role::System ? 1 : 0;  // the system prompt always stays
    std::size_t last = messages.size() - 1;                              // and so does what is to be answered
    while (continues && last > first && messages[last].role != Role::User) --last;
    std::size_t total = chat.prefix().size() + chat.generation_prompt().size();
    for (const auto& ids : encoded) total += ids.size();

    std::size_t begin = first;
    const auto drop_turn = [&] {  // a question with its answers
      do {
        total -= encoded[begin].size();
        ++begin;
      } while (begin < last && messages[begin].role != Role::User);
    };
    while (begin < last && begin - first < already_dropped) drop_turn();
    // Room for a short answer at least. When turns must go, half the context is freed at once: the turns after this one
    // then find their prefix in the cache instead of paying for a shift each time.
    const std::size_t reserve = std::min<std::size_t>(256, options.context_tokens / 4);
    if (generation.overflow == Overflow::Refuse) {
      std::size_t older = 0;
      for (std::size_t i = begin; i < last; ++i) older += encoded[i].size();
      if (total > most && total - older <= most) return Error{ErrorCode::ConversationTooLong, too_long(total).detail};
    } else if (total + reserve > options.context_tokens) {
      while (begin < last && total > options.context_tokens / 2) drop_turn();
    }
    if (total > most) return continues ? Error{ErrorCode::ContextFull, too_long(total).detail} : too_long(total);

    const std::vector<TokenId> answer = continues ? std::move(encoded.back()) : std::vector<TokenId>();
    if (continues) encoded.pop_back();
    Prompt prompt{.tokens = {}, .answer = answer.size(), .dropped = static_cast<std::uint32_t>(begin - first)};
    prompt.tokens.reserve(total);
    const auto append = [&](std::span<const TokenId> ids) { prompt.tokens.insert(prompt.tokens.end(), ids.begin(), ids.end()); };
    append(chat.prefix());
    if (first == 1) append(encoded[0]);
    for (std::size_t i = std::max(begin, first); i < encoded.size(); ++i) append(encoded[i]);
    append(chat.generation_prompt());
    append(answer);
    return prompt;
  }

  const std::shared_ptr<const Model> model;
  ThreadPool& pool;
  const SessionOptions options;
  KvCache cache;
  Activations activations;
  Transformer transformer;
  SpeculationGovernor governor;
  std::vector<TokenId> previous;  // the longer text that the cache held before
  OutputHead::Screen screen;
  const float* states = nullptr;  // f32 [count][hidden], those made ready
  std::vector<float> logits;
  std::vector<Candidate> candidates;
  std::vector<TokenId> recent;
  SpeedCounts counts;
};

Result<std::unique_ptr<Session>> Session::create(std::shared_ptr<const Model> model, ThreadPool& pool, const SessionOptions& options) {
  const ModelConfig& config = model->config();
  if (options.context_tokens < 1 || options.context_tokens > config.context_length) {
    return Error{ErrorCode::InvalidOption, "context " + std::to_string(options.context_tokens) + " is not between 1 and " + std::to_string(config.context_length)};
  }
  if (options.batch_tokens < 1 || options.batch_tokens > kMaxBatch) {
    return Error{ErrorCode::InvalidOption, "batch " + std::to_string(options.batch_tokens) + " is not between 1 and " + std::to_string(kMaxBatch)};
  }
  // A batch larger than the context would never be filled; its buffers are not worth reserving.
  const std::uint32_t batch = std::min(options.batch_tokens, options.context_tokens);
  const kernels::CacheType type = cache_type(options.cache, config);
  const std::uint64_t needed = KvCache::bytes(config, options.context_tokens, type) + Activations::bytes(config, batch, options.context_tokens, pool.threads());
  const std::uint64_t available = available_memory_bytes();
  if (available != 0 && needed > available) {
    return Error{ErrorCode::OutOfMemory, "a context of " + std::to_string(options.context_tokens) + " tokens needs about " +
                                             std::to_string(needed / 1'000'000) + " MB, " + std::to_string(available / 1'000'000) + " MB are free"};
  }
  auto cache = KvCache::create(config, options.context_tokens, type);
  if (!cache) return cache.error();
  auto activations = Activations::create(config, batch, options.context_tokens, pool.threads());
  if (!activations) return activations.error();
  return std::unique_ptr<Session>(
      new Session(std::make_unique<Impl>(std::move(model), pool, options, std::move(*cache), std::move(*activations))));
}

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;

Result<GenerateResult> Session::generate(std::span<const ChatMessage> messages, const GenerateOptions& options, const GenerateSink& sink,
                                         std::stop_token stop, std::uint32_t already_dropped) {
  auto prompt = impl_->render(messages, options, already_dropped, impl_->options.context_tokens - 1);
  if (!prompt) return prompt.error();
  return impl_->generate(std::move(*prompt), options, sink, std::move(stop));
}

Result<Odds> Session::odds(std::span<const ChatMessage> messages, std::size_t index, std::size_t count, std::uint32_t already_dropped,
                           std::stop_token stop) {
  if (messages.empty() || messages.back().role != Role::Assistant) return Error{ErrorCode::InvalidToken, "there is no answer to look at"};
  auto answer = model().chat_template().encode_unfinished(messages.back(), model().tokenizer());
  if (!answer) return answer.error();
  if (index >= answer->size()) {
    return Error{ErrorCode::InvalidOption, "token " + std::to_string(index) + " of an answer of " + std::to_string(answer->size())};
  }
  if (auto valid = impl_->check_tokens(*answer); !valid) return valid.error();
  const TokenId chosen = (*answer)[index];
  answer->resize(index);
  std::vector<ChatMessage> before(messages.begin(), messages.end());
  before.back() = {Role::Assistant, {}, std::move(*answer)};
  // What the answer was written after is what counts, so nothing more than then is left out.
  auto prompt = impl_->render(before, {.sampling = {}, .continue_answer = true, .overflow = Overflow::Refuse}, already_dropped, impl_->options.context_tokens);
  if (!prompt) return prompt.error();
  return impl_->odds(prompt->tokens, chosen, count, std::move(stop));
}

Result<GenerateResult> Session::generate_from_tokens(std::span<const TokenId> tokens, const GenerateOptions& options, const GenerateSink& sink,
                                                     std::stop_token stop) {
  return impl_->generate({.tokens = {tokens.begin(), tokens.end()}}, options, sink, std::move(stop));
}

Result<void> Session::logits(std::span<const TokenId> tokens, const std::function<void(std::size_t, std::span<const float>)>& row, std::stop_token stop) {
  if (auto valid = impl_->check_tokens(tokens); !valid) return valid;
  if (tokens.size() > impl_->options.context_tokens) return impl_->too_long(tokens.size());
  impl_->cache.truncate(0);
  const std::size_t vocab = impl_->model->config().vocab_size, hidden = impl_->model->config().hidden;
  constexpr std::size_t kPositionsAtOnce = 16;  // one pass over the output matrix serves so many
  std::vector<float> out(kPositionsAtOnce * vocab);
  for (std::size_t done = 0; done < tokens.size();) {
    const std::size_t count = std::min<std::size_t>(impl_->options.batch_tokens, tokens.size() - done);
    if (auto computed = impl_->transformer.forward(tokens.subspan(done, count), stop); !computed) return computed;
    for (std::size_t t = 0; t < count; ++t) impl_->transformer.final_hidden(t);
    for (std::size_t t = 0; t < count; t += kPositionsAtOnce) {
      if (stop.stop_requested()) return Error{ErrorCode::Stopped, {}};
      const std::size_t n = std::min(kPositionsAtOnce, count - t);
      auto full = impl_->model->weights().head().all_logits(impl_->activations.normed + t * hidden, n, impl_->pool, out);
      if (!full) return full;
      for (std::size_t i = 0; i < n; ++i) row(done + t + i, std::span<const float>(out).subspan(i * vocab, vocab));
    }
    done += count;
  }
  return {};
}

SpeedCounts Session::speed_counts() const noexcept {
  SpeedCounts counts = impl_->counts;
  const SkipCounts& skipped = impl_->transformer.skip_counts();
  counts.up_rows = skipped.up_rows;
  counts.up_rows_read = skipped.up_rows_read;
  counts.down_columns = skipped.down_columns;
  counts.down_columns_read = skipped.down_columns_read;
  return counts;
}

const Model& Session::model() const noexcept { return *impl_->model; }
const SessionOptions& Session::options() const noexcept { return impl_->options; }
CachePrecision Session::cache_precision() const noexcept {
  switch (impl_->cache.type()) {
    case kernels::CacheType::F16: return CachePrecision::Half;
    case kernels::CacheType::F32: return CachePrecision::Single;
    case kernels::CacheType::Q8: return CachePrecision::EightBit;
  }
  return CachePrecision::Auto;
}
std::uint32_t Session::context_used() const noexcept { return impl_->cache.size(); }
void Session::clear() noexcept {
  impl_->cache.truncate(0);
  impl_->previous.clear();
}

}  // namespace tercet
