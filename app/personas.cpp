#include "app/personas.h"

#include <algorithm>
#include <utility>

#include "app/built_in_personas.h"
#include "app/notice.h"
#include "app/sampling_style.h"

namespace tercet {
namespace {

constexpr auto kReference = "tercet/";  // before a key; people do not name things so

QString referenceTo(const QString& key) { return QLatin1String(kReference) + key; }

SamplingStyle samplingOf(const ChatSettings& settings) {
  if (!settings.temperature || !settings.topK || !settings.topP || !settings.minP || !settings.repeatPenalty) {
    return SamplingStyle::Custom;
  }
  return styleOf({*settings.temperature, *settings.topK, *settings.topP, *settings.minP, *settings.repeatPenalty});
}

StoredPersona asItCame(const BuiltInPersona& persona) {
  StoredPersona made;
  made.key = QLatin1String(persona.key);
  made.name = persona.translatedName();
  made.settings.systemPrompt = persona.translatedInstructions();
  made.settings.setSampling(valuesOf(persona.style));
  return made;
}

}  // namespace

Personas::Personas(LibraryStore* store, Notice* notice, QObject* parent)
    : QAbstractListModel(parent), m_store(store), m_notice(notice) {
  load();
}

Personas::~Personas() = default;

int Personas::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QVariant Personas::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Row& row = m_rows[static_cast<std::size_t>(index.row())];
  switch (role) {
    case NameRole: return row.shown.name;
    case InstructionsRole: return row.shown.settings.systemPrompt.value_or(QString());
    case StyleRole: return static_cast<int>(samplingOf(row.shown.settings));
    case BuiltInRole: return row.builtIn != nullptr;
    case ChangedRole: return row.changed;
    default: return {};
  }
}

QHash<int, QByteArray> Personas::roleNames() const {
  return {{NameRole, "name"}, {InstructionsRole, "instructions"}, {StyleRole, "style"}, {BuiltInRole, "builtIn"},
          {ChangedRole, "changed"}};
}

void Personas::load() {
  std::vector<StoredPersona> stored = m_store->personas();
  beginResetModel();
  m_rows.clear();
  m_hidden.clear();
  for (const BuiltInPersona& persona : builtInPersonas()) {
    Row row{&persona, asItCame(persona)};
    const auto own = std::find_if(stored.begin(), stored.end(), [&](const StoredPersona& s) { return s.key == row.shown.key; });
    if (own != stored.end()) {
      row.changed = !own->name.isEmpty();
      if (row.changed) row.shown = *own;
      row.shown.id = own->id;
      if (own->hidden) m_hidden.push_back(*own);
    }
    if (own == stored.end() || !own->hidden) m_rows.push_back(std::move(row));
  }
  // One with a key that this version does not know stays in the database for the version that does.
  for (StoredPersona& persona : stored) {
    if (persona.key.isEmpty()) m_rows.push_back({nullptr, std::move(persona)});
  }
  endResetModel();
  Q_EMIT changed();
}

const Personas::Row* Personas::at(int row) const {
  return row >= 0 && row < count() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

QString Personas::referenceOf(int row) const {
  const Row* found = at(row);
  if (!found) return {};
  return found->builtIn ? referenceTo(found->shown.key) : found->shown.name;
}

int Personas::rowOf(const QString& reference) const {
  for (int row = 0; row < count(); ++row) {
    if (referenceOf(row) == reference) return row;
  }
  return -1;
}

QString Personas::nameOf(const QString& reference) const {
  if (const Row* found = at(rowOf(reference))) return found->shown.name;
  for (const BuiltInPersona& persona : builtInPersonas()) {
    if (referenceTo(QLatin1String(persona.key)) == reference) return persona.translatedName();
  }
  return reference;
}

/// `wished`, with a number when another persona has that name: chats know an own persona by its name.
QString Personas::freeName(const QString& wished, int except) const {
  const auto taken = [&](const QString& name) {
    for (int row = 0; row < count(); ++row) {
      if (row != except && (m_rows[static_cast<std::size_t>(row)].shown.name == name || referenceOf(row) == name)) return true;
    }
    return false;
  };
  QString name = wished.simplified();
  for (int number = 2; taken(name); ++number) name = QStringLiteral("%1 %2").arg(wished.simplified()).arg(number);
  return name;
}

bool Personas::instructs(int row, const QString& text) const {
  const Row* persona = at(row);
  if (!persona) return false;
  return persona->shown.settings.systemPrompt == text || (persona->builtIn && !persona->changed && persona->builtIn->instructs(text));
}

int Personas::add(const QString& name, const ChatSettings& settings) {
  if (name.trimmed().isEmpty()) return -1;
  StoredPersona persona;
  persona.name = freeName(name);
  persona.settings = settings.preset();
  persona.id = m_store->put(persona);
  if (persona.id == 0) return -1;
  beginInsertRows({}, count(), count());
  m_rows.push_back({nullptr, std::move(persona)});
  endInsertRows();
  Q_EMIT changed();
  return count() - 1;
}

bool Personas::store(int row, StoredPersona persona) {
  persona.id = m_store->put(persona);
  if (persona.id == 0) return false;
  m_notice->clear(u"L-704");  // its Undo would take this back, too
  const QString before = referenceOf(row);
  Row& there = m_rows[static_cast<std::size_t>(row)];
  there.changed = there.builtIn != nullptr;
  there.shown = std::move(persona);
  Q_EMIT dataChanged(index(row), index(row));
  Q_EMIT changed();
  if (referenceOf(row) != before) Q_EMIT renamed(before, referenceOf(row));
  return true;
}

bool Personas::setPreset(int row, const ChatSettings& settings) {
  const Row* found = at(row);
  if (!found) return false;
  StoredPersona persona = found->shown;
  persona.settings = settings.preset();
  return store(row, std::move(persona));
}

bool Personas::edit(int row, const QString& name, const QString& instructions, int style) {
  const Row* found = at(row);
  if (!found || name.trimmed().isEmpty()) return false;
  StoredPersona persona = found->shown;
  persona.name = freeName(name, row);
  persona.settings.systemPrompt = instructions;
  if (style >= 0 && style < static_cast<int>(SamplingStyle::Custom)) persona.settings.setSampling(valuesOf(static_cast<SamplingStyle>(style)));
  if (persona.name == found->shown.name && persona.settings == found->shown.settings) return true;
  return store(row, std::move(persona));
}

void Personas::duplicate(int row) {
  //: %1: the name of a persona; the name of its copy
  if (const Row* found = at(row)) add(tr("%1 (copy)").arg(found->shown.name), found->shown.settings);
}

void Personas::remove(int row) {
  const Row* found = at(row);
  if (!found) return;
  const bool builtIn = found->builtIn != nullptr;
  StoredPersona before = found->shown;
  if (builtIn && !found->changed) {
    before.name.clear();
    before.settings = {};
  }
  StoredPersona hidden = before;
  hidden.hidden = true;
  if (builtIn) {
    before.id = hidden.id = m_store->put(hidden);
    if (hidden.id == 0) return;
  } else if (!m_store->removePersona(before.id)) {
    return;
  }
  const QString name = found->shown.name;
  beginRemoveRows({}, row, row);
  m_rows.erase(m_rows.begin() + row);
  if (builtIn) m_hidden.push_back(std::move(hidden));
  endRemoveRows();
  Q_EMIT changed();
  m_notice->show({Notice::Kind::Info, QStringLiteral("L-701"), tr("Persona deleted."),
                  //: %1: the name of a persona
                  tr("“%1” is gone from the list. Chats that use it keep their settings.").arg(name), {}, Notice::Action::Undo,
                  [this, before] { putBack(before); }});
}

void Personas::putBack(const StoredPersona& persona) {
  if (m_store->put(persona) != 0) load();
}

void Personas::setBack(int row) {
  const Row* found = at(row);
  if (!found || !found->changed || !m_store->removePersona(found->shown.id)) return;
  Row& there = m_rows[static_cast<std::size_t>(row)];
  const StoredPersona before = std::exchange(there.shown, asItCame(*there.builtIn));
  there.changed = false;
  Q_EMIT dataChanged(index(row), index(row));
  Q_EMIT changed();
  m_notice->show({Notice::Kind::Info, QStringLiteral("L-704"), tr("Persona set back."),
                  //: %1: the name of a persona
                  tr("“%1” is as it came with Tercet.").arg(there.shown.name), {}, Notice::Action::Undo,
                  [this, before] { putBack(before); }});
}

void Personas::bringBack() {
  for (StoredPersona persona : m_hidden) {
    persona.hidden = false;
    if (m_store->put(persona) == 0) break;
  }
  load();
}

}  // namespace tercet
