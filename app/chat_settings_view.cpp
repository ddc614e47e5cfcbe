#include "app/chat_settings_view.h"

#include <QFileInfo>

#include "app/chat_controller.h"
#include "app/model_controller.h"
#include "app/notice.h"
#include "app/personas.h"
#include "app/sampling_style.h"
#include "app/settings.h"

namespace tercet {
namespace {

constexpr auto kOtherModel = u"M-120";

}  // namespace

ChatSettingsView::ChatSettingsView(ChatController* chat, Settings* settings, ModelController* model, Personas* personas,
                                   Notice* notice, QObject* parent)
    : QObject(parent), m_chat(chat), m_settings(settings), m_model(model), m_personas(personas), m_notice(notice) {
  connect(chat, &ChatController::chatSettingsChanged, this, &ChatSettingsView::changed);
  for (const auto signal : {&Settings::temperatureChanged, &Settings::topKChanged, &Settings::topPChanged, &Settings::minPChanged,
                            &Settings::repeatPenaltyChanged, &Settings::maxTokensChanged, &Settings::seedChanged,
                            &Settings::systemPromptChanged}) {
    connect(settings, signal, this, &ChatSettingsView::changed);
  }
  connect(model, &ModelController::modelChanged, this, &ChatSettingsView::changed);
  connect(model, &ModelController::stateChanged, this, &ChatSettingsView::noteModel);
  connect(chat, &ChatController::chatSettingsChanged, this, &ChatSettingsView::noteModel);
  connect(personas, &Personas::changed, this, &ChatSettingsView::changed);
  connect(personas, &Personas::renamed, this, [this](const QString& before, const QString& after) {
    ChatSettings wanted = own();
    if (wanted.persona != before) return;
    wanted.persona = after;
    m_chat->setChatSettings(wanted);
  });
}

const ChatSettings& ChatSettingsView::own() const { return m_chat->chatSettings(); }

void ChatSettingsView::change(const ChatSettings& wanted) {
  if (m_settings->inRange(wanted) == wanted) {
    m_chat->setChatSettings(wanted);
  } else {
    Q_EMIT changed();
  }
}

template <typename T>
void ChatSettingsView::set(std::optional<T> ChatSettings::*member, const T& value, const T& holds) {
  if (value == holds) return;  // a field that shows a value is no choice of the person's
  ChatSettings wanted = own();
  wanted.*member = value;
  change(wanted);
}

QString ChatSettingsView::systemPrompt() const { return own().systemPrompt.value_or(m_settings->systemPrompt()); }
void ChatSettingsView::setSystemPrompt(const QString& value) { set(&ChatSettings::systemPrompt, value, systemPrompt()); }
double ChatSettingsView::temperature() const { return own().temperature.value_or(m_settings->temperature()); }
void ChatSettingsView::setTemperature(double value) { set(&ChatSettings::temperature, value, temperature()); }
int ChatSettingsView::topK() const { return own().topK.value_or(m_settings->topK()); }
void ChatSettingsView::setTopK(int value) { set(&ChatSettings::topK, value, topK()); }
double ChatSettingsView::topP() const { return own().topP.value_or(m_settings->topP()); }
void ChatSettingsView::setTopP(double value) { set(&ChatSettings::topP, value, topP()); }
double ChatSettingsView::minP() const { return own().minP.value_or(m_settings->minP()); }
void ChatSettingsView::setMinP(double value) { set(&ChatSettings::minP, value, minP()); }
double ChatSettingsView::repeatPenalty() const { return own().repeatPenalty.value_or(m_settings->repeatPenalty()); }
void ChatSettingsView::setRepeatPenalty(double value) { set(&ChatSettings::repeatPenalty, value, repeatPenalty()); }
int ChatSettingsView::maxTokens() const { return own().maxTokens.value_or(m_settings->maxTokens()); }
void ChatSettingsView::setMaxTokens(int value) { set(&ChatSettings::maxTokens, value, maxTokens()); }
QString ChatSettingsView::seed() const { return own().seed.value_or(m_settings->seed()); }
void ChatSettingsView::setSeed(const QString& value) { set(&ChatSettings::seed, value.trimmed(), seed()); }

int ChatSettingsView::style() const {
  return static_cast<int>(styleOf({temperature(), topK(), topP(), minP(), repeatPenalty()}));
}

void ChatSettingsView::setStyle(int style) {
  if (style < 0 || style >= static_cast<int>(SamplingStyle::Custom) || style == this->style()) return;
  ChatSettings wanted = own();
  wanted.setSampling(valuesOf(static_cast<SamplingStyle>(style)));
  change(wanted);
}

bool ChatSettingsView::ownSampling() const {
  return own().temperature || own().topK || own().topP || own().minP || own().repeatPenalty;
}

bool ChatSettingsView::asksWhenFull() const { return own().contextPolicy() == ContextPolicy::Ask; }

void ChatSettingsView::setAsksWhenFull(bool asks) {
  ChatSettings wanted = own();
  wanted.policy = asks ? std::optional(ContextPolicy::Ask) : std::nullopt;  // there is no general setting to differ from
  change(wanted);
}

QString ChatSettingsView::personaName() const { return m_personas->nameOf(own().persona); }
int ChatSettingsView::personaRow() const { return own().persona.isEmpty() ? -1 : m_personas->rowOf(own().persona); }

bool ChatSettingsView::personaChanged() const {
  const int row = personaRow();
  if (row < 0) return false;
  ChatSettings has = own().preset();
  const ChatSettings preset = m_settings->inRange(m_personas->presetOf(row)).preset();
  if (preset.model.isEmpty()) has.model.clear();  // such a persona goes with any model
  if (has.systemPrompt && m_personas->instructs(row, *has.systemPrompt)) has.systemPrompt = preset.systemPrompt;
  return has != preset;
}

void ChatSettingsView::follow(Part part) {
  ChatSettings wanted = own();
  switch (part) {
    case Part::SystemPrompt: wanted.systemPrompt.reset(); break;
    case Part::Sampling: wanted.setSampling(std::nullopt); break;
    case Part::MaxTokens: wanted.maxTokens.reset(); break;
    case Part::Seed: wanted.seed.reset(); break;
    case Part::Model: wanted.model.clear(); break;
  }
  change(wanted);
}

void ChatSettingsView::changeWithUndo(const ChatSettings& wanted, const QString& title) {
  const ChatSettings before = own();
  const ConversationId conversation = m_chat->conversation();
  change(wanted);
  m_notice->show({Notice::Kind::Info, QStringLiteral("L-703"), title, {}, {}, Notice::Action::Undo, [=, this] {
                    if (m_chat->conversation() == conversation) change(before);
                  }});
}

void ChatSettingsView::reset() {
  if (ownAnything()) changeWithUndo({}, tr("This chat follows the general settings again."));
}

void ChatSettingsView::usePersona(int row) {
  ChatSettings preset;
  if (row >= 0 && row < m_personas->count()) preset = m_settings->inRange(m_personas->presetOf(row));
  if (preset.model.isEmpty()) preset.model = own().model;
  ChatSettings wanted = own().withPreset(preset);
  wanted.persona = m_personas->referenceOf(row);
  const bool written = ownSystemPrompt() && !systemPrompt().trimmed().isEmpty() && (personaRow() < 0 || personaChanged());
  if (written && wanted.systemPrompt != own().systemPrompt) {
    changeWithUndo(wanted, tr("The instructions of this chat were replaced."));
  } else {
    change(wanted);
  }
}

bool ChatSettingsView::saveAsPersona(const QString& name) {
  const int row = m_personas->add(name, own());
  if (row < 0) return false;
  ChatSettings wanted = own();
  wanted.persona = m_personas->referenceOf(row);
  change(wanted);
  return true;
}

void ChatSettingsView::updatePersona() { m_personas->setPreset(personaRow(), own()); }

QString ChatSettingsView::modelFile() const { return QFileInfo(own().model).fileName(); }

bool ChatSettingsView::otherModelOpen() const {
  return !own().model.isEmpty() && m_model->hasModel() && m_model->path() != own().model;
}

bool ChatSettingsView::canKeepModel() const { return m_model->hasModel(); }

void ChatSettingsView::keepModel() {
  ChatSettings wanted = own();
  wanted.model = m_model->path();
  change(wanted);
}

void ChatSettingsView::openItsModel() {
  if (!own().model.isEmpty()) m_model->openPath(own().model);
}

/// Another model than the chat's is open: people should know before they send.
void ChatSettingsView::noteModel() {
  const bool other = m_model->state() == ModelController::State::Ready && otherModelOpen();
  const QString about = other ? own().model + QLatin1Char('\n') + m_model->path() + QLatin1Char('\n') + QString::number(m_chat->conversation())
                              : QString();
  if (m_noted == about) return;  // said already, perhaps dismissed
  m_noted = about;
  if (!other) {
    m_notice->clear(kOtherModel);
    return;
  }
  m_notice->show({Notice::Kind::Info, QString::fromUtf16(kOtherModel), tr("This chat is meant for another model."),
                  //: %1 and %2: file names of models
                  tr("It asks for %1; %2 is open and would answer.").arg(modelFile(), QFileInfo(m_model->path()).fileName()), {},
                  Notice::Action::OpenChatModel});
}

}  // namespace tercet
