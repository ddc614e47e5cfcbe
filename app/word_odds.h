// Looking into an answer: how likely a word of it was, what else could have stood there, and going on with that.
#pragma once

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/inference_types.h"
#include "app/message.h"
#include "app/odds_model.h"
#include "app/token_spans.h"

namespace tercet {

class ChatController;

/// Looks at one token at a time, since each costs the engine a step. Knows no worker: it emits requests and takes what
/// arrives under the id of the last one. Only while nothing is written; a question that is sent ends it.
class WordOdds : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  Q_PROPERTY(bool active READ active NOTIFY changed)
  Q_PROPERTY(bool busy READ busy NOTIFY changed)
  Q_PROPERTY(int row READ row NOTIFY changed)                   // of the message, -1: none
  Q_PROPERTY(QString text READ text NOTIFY changed)             // of the answer, to be shown as it is
  Q_PROPERTY(int begin READ begin NOTIFY changed)               // of what is looked at, in `text`
  Q_PROPERTY(int length READ length NOTIFY changed)
  Q_PROPERTY(bool hasPrevious READ hasPrevious NOTIFY changed)
  Q_PROPERTY(bool hasNext READ hasNext NOTIFY changed)
  Q_PROPERTY(QString word READ word NOTIFY changed)             // to look at, as in the list
  Q_PROPERTY(QString spokenWord READ spokenWord NOTIFY changed)
  Q_PROPERTY(double probability READ probability NOTIFY changed)  // 0..1, -1 unknown
  Q_PROPERTY(QString percent READ percent NOTIFY changed)       // empty: unknown
  Q_PROPERTY(QString otherPercent READ otherPercent NOTIFY changed)  // of all that is not in the list
  Q_PROPERTY(tercet::OddsModel* alternatives READ alternatives CONSTANT)
  Q_PROPERTY(QString note READ note NOTIFY changed)             // what the figures mean for a text that is not this model's
  Q_PROPERTY(QString error READ error NOTIFY changed)           // why there are no figures

 public:
  /// `chat` outlives this.
  explicit WordOdds(ChatController* chat, QObject* parent = nullptr);
  ~WordOdds() override;

  bool active() const { return m_message != 0; }
  bool busy() const { return m_busy; }
  int row() const;
  QString text() const;
  int begin() const { return m_spans.empty() ? 0 : span().begin; }
  int length() const { return m_spans.empty() ? 0 : span().length; }
  bool hasPrevious() const { return !m_spans.empty() && (m_span > 0 || m_token > span().token); }
  bool hasNext() const { return !m_spans.empty() && (m_span + 1 < m_spans.size() || m_token + 1 < span().token + span().tokens); }
  QString word() const { return OddsModel::wordOf(m_bytes); }
  QString spokenWord() const { return m_bytes.empty() ? QString() : OddsModel::spokenWordOf(m_bytes); }
  double probability() const { return m_probability; }
  QString percent() const { return m_probability < 0 ? QString() : OddsModel::percentOf(m_probability); }
  QString otherPercent() const { return OddsModel::percentOf(m_alternatives.otherShare()); }
  OddsModel* alternatives() { return &m_alternatives; }
  QString note() const;
  QString error() const;

  /// Looks at the answer in `row`, at the character `position` of its text. Nothing happens while there is no model, while
  /// the answer in this conversation is being written, or for a message of the user.
  Q_INVOKABLE void open(int row, int position = 0);
  Q_INVOKABLE void close();
  /// The token with the character at `position`.
  Q_INVOKABLE void choose(int position);
  Q_INVOKABLE void next();
  Q_INVOKABLE void previous();
  /// Writes a version of the answer that is the same up to here and goes on with that row of the list; one that ends the turn
  /// makes the answer end here.
  Q_INVOKABLE void continueWith(int alternative);

  /// The model that answers; an expired pointer is none. Weak, so that a model that is to make room for another does.
  void setModel(std::weak_ptr<const Model> model);

  // From the worker; ids that are not awaited are dropped.
  void onReady(tercet::RequestId id, const tercet::Odds& odds);
  void onFailed(tercet::RequestId id, const tercet::Error& error);

  /// Texts are written anew in the current language.
  void retranslate();

 Q_SIGNALS:
  void changed();
  void oddsRequested(const tercet::OddsRequest& request);

 private:
  /// Where the tokens come from.
  enum class Source { Written, ChangedByHand, OtherModel, Unknown };

  const TokenSpan& span() const { return m_spans[m_span]; }
  void readTokens(const Model& model, const Message& message);
  void look();
  void follow();

  ChatController* m_chat;
  std::weak_ptr<const Model> m_model;
  OddsModel m_alternatives;
  MessageId m_message = 0;          // 0: not active
  QString m_text;
  Source m_source = Source::Written;
  std::vector<TokenId> m_tokens;
  std::vector<TokenSpan> m_spans;   // empty: nothing to look at
  std::size_t m_span = 0;           // the one that holds m_token
  int m_token = 0;
  std::string m_bytes;              // of that token
  double m_probability = -1;
  bool m_busy = false;
  bool m_waiting = false;           // for an answer in another conversation
  std::optional<Error> m_error;
  RequestId m_lastId = 0;
  std::stop_source m_stop;          // of the last request
};

}  // namespace tercet
