// The settings of the open chat for the window: what holds, and whether it is the chat's own or follows the general settings.
#pragma once

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <optional>

#include "app/chat_settings.h"

namespace tercet {

class ChatController;
class ModelController;
class Notice;
class Personas;
class Settings;

/// Setting a value makes it the chat's own; one out of range is refused and `changed` sent, so that whoever shows it reads the
/// old one again. Values are in the units and ranges of Settings.
class ChatSettingsView : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  // What holds
  Q_PROPERTY(QString systemPrompt READ systemPrompt WRITE setSystemPrompt NOTIFY changed)
  Q_PROPERTY(int style READ style WRITE setStyle NOTIFY changed)  // SamplingStyle
  Q_PROPERTY(double temperature READ temperature WRITE setTemperature NOTIFY changed)
  Q_PROPERTY(int topK READ topK WRITE setTopK NOTIFY changed)
  Q_PROPERTY(double topP READ topP WRITE setTopP NOTIFY changed)
  Q_PROPERTY(double minP READ minP WRITE setMinP NOTIFY changed)
  Q_PROPERTY(double repeatPenalty READ repeatPenalty WRITE setRepeatPenalty NOTIFY changed)
  Q_PROPERTY(int maxTokens READ maxTokens WRITE setMaxTokens NOTIFY changed)
  Q_PROPERTY(QString seed READ seed WRITE setSeed NOTIFY changed)
  Q_PROPERTY(bool asksWhenFull READ asksWhenFull WRITE setAsksWhenFull NOTIFY changed)
  // Whether it is the chat's own
  Q_PROPERTY(bool ownSystemPrompt READ ownSystemPrompt NOTIFY changed)
  Q_PROPERTY(bool ownSampling READ ownSampling NOTIFY changed)
  Q_PROPERTY(bool ownMaxTokens READ ownMaxTokens NOTIFY changed)
  Q_PROPERTY(bool ownSeed READ ownSeed NOTIFY changed)
  Q_PROPERTY(bool ownAnything READ ownAnything NOTIFY changed)
  // The persona it came from
  Q_PROPERTY(QString personaName READ personaName NOTIFY changed)       // empty: none
  Q_PROPERTY(int personaRow READ personaRow NOTIFY changed)             // -1: none, or one that is gone
  Q_PROPERTY(bool personaChanged READ personaChanged NOTIFY changed)    // the chat no longer holds to it
  // The model it is meant for
  Q_PROPERTY(QString modelFile READ modelFile NOTIFY changed)           // file name; empty: whichever is open
  Q_PROPERTY(bool otherModelOpen READ otherModelOpen NOTIFY changed)
  Q_PROPERTY(bool canKeepModel READ canKeepModel NOTIFY changed)        // a model is open

 public:
  enum class Part { SystemPrompt, Sampling, MaxTokens, Seed, Model };
  Q_ENUM(Part)

  /// All outlive this.
  ChatSettingsView(ChatController* chat, Settings* settings, ModelController* model, Personas* personas, Notice* notice,
                   QObject* parent = nullptr);

  QString systemPrompt() const;
  void setSystemPrompt(const QString& value);
  int style() const;
  void setStyle(int style);
  double temperature() const;
  void setTemperature(double value);
  int topK() const;
  void setTopK(int value);
  double topP() const;
  void setTopP(double value);
  double minP() const;
  void setMinP(double value);
  double repeatPenalty() const;
  void setRepeatPenalty(double value);
  int maxTokens() const;
  void setMaxTokens(int value);
  QString seed() const;
  void setSeed(const QString& value);
  bool asksWhenFull() const;
  void setAsksWhenFull(bool asks);
  bool ownSystemPrompt() const { return own().systemPrompt.has_value(); }
  bool ownSampling() const;
  bool ownMaxTokens() const { return own().maxTokens.has_value(); }
  bool ownSeed() const { return own().seed.has_value(); }
  bool ownAnything() const { return own() != ChatSettings{}; }
  QString personaName() const;
  int personaRow() const;
  bool personaChanged() const;
  QString modelFile() const;
  bool otherModelOpen() const;
  bool canKeepModel() const;

  /// Follows the general settings again in this.
  Q_INVOKABLE void follow(Part part);
  /// In everything; Notice::Action::Undo brings the chat's own settings back.
  Q_INVOKABLE void reset();
  /// Takes a persona, -1 for none. What was written by hand and is lost so comes back with Undo.
  Q_INVOKABLE void usePersona(int row);
  /// The chat's settings as a new persona, which the chat then has. False when it has no name or cannot be stored.
  Q_INVOKABLE bool saveAsPersona(const QString& name);
  /// The chat's persona becomes what the chat has.
  Q_INVOKABLE void updatePersona();
  /// From now on the chat is meant for the model that is open.
  Q_INVOKABLE void keepModel();
  /// Opens the model that the chat is meant for.
  Q_INVOKABLE void openItsModel();

 Q_SIGNALS:
  void changed();

 private:
  const ChatSettings& own() const;
  template <typename T>
  void set(std::optional<T> ChatSettings::*member, const T& value, const T& holds);
  void change(const ChatSettings& wanted);
  void changeWithUndo(const ChatSettings& wanted, const QString& title);
  void noteModel();

  ChatController* m_chat;
  Settings* m_settings;
  ModelController* m_model;
  Personas* m_personas;
  Notice* m_notice;
  QString m_noted;  // what the notice about the model was about
};

}  // namespace tercet
