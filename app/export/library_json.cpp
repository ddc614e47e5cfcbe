#include "app/export/library_json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "app/export/conversation_json.h"
#include "app/export/portable_text.h"
#include "app/well_formed.h"

namespace tercet {
namespace {

constexpr auto kSchema = "tercet.library";
constexpr int kVersion = 1;

void putTime(QJsonObject& json, const char* key, qint64 time) {
  if (time != 0) json[QLatin1String(key)] = isoTime(time);
}

qint64 timeAt(const QJsonObject& json, const char* key) { return timeOfIso(json[QLatin1String(key)].toString()).value_or(0); }
QString textAt(const QJsonObject& json, const char* key) { return wellFormed(json[QLatin1String(key)].toString()); }
/// On one line, as it is shown.
QString nameAt(const QJsonObject& json, const char* key) { return textAt(json, key).simplified(); }

}  // namespace

QByteArray libraryToJson(const Library& library) {
  QJsonArray folders, personas, prompts;
  for (const Library::Folder& folder : library.folders) {
    QJsonObject json{{QStringLiteral("name"), wellFormed(folder.name)}};
    if (folder.collapsed) json[QStringLiteral("collapsed")] = true;
    putTime(json, "created_at", folder.createdAt);
    folders.append(json);
  }
  for (const Library::Persona& persona : library.personas) {
    QJsonObject json{{QStringLiteral("name"), wellFormed(persona.name)}, {QStringLiteral("settings"), wellFormed(persona.settings.toJson())}};
    if (!persona.key.isEmpty()) json[QStringLiteral("key")] = wellFormed(persona.key);
    if (persona.hidden) json[QStringLiteral("hidden")] = true;
    putTime(json, "created_at", persona.createdAt);
    personas.append(json);
  }
  for (const Library::Prompt& prompt : library.prompts) {
    QJsonObject json{{QStringLiteral("title"), wellFormed(prompt.title)}, {QStringLiteral("text"), wellFormed(prompt.text)}};
    if (!prompt.key.isEmpty()) json[QStringLiteral("key")] = wellFormed(prompt.key);
    if (prompt.hidden) json[QStringLiteral("hidden")] = true;
    putTime(json, "created_at", prompt.createdAt);
    putTime(json, "used_at", prompt.usedAt);
    prompts.append(json);
  }
  return QJsonDocument(QJsonObject{{QStringLiteral("schema"), QLatin1String(kSchema)},
                                   {QStringLiteral("version"), kVersion},
                                   {QStringLiteral("folders"), folders},
                                   {QStringLiteral("personas"), personas},
                                   {QStringLiteral("prompts"), prompts}})
      .toJson();
}

std::optional<Library> libraryFromJson(const QByteArray& bytes, TransferError& error) {
  const QJsonObject json = QJsonDocument::fromJson(bytes).object();
  if (json[QStringLiteral("schema")].toString() != QLatin1String(kSchema)) {
    error = {TransferError::Cause::Damaged, QStringLiteral("library.json: schema is not %1").arg(QLatin1String(kSchema))};
    return std::nullopt;
  }
  if (const qint64 version = json[QStringLiteral("version")].toInteger(0); version > kVersion) {
    error = {TransferError::Cause::Newer, QStringLiteral("library.json: version %1").arg(version)};
    return std::nullopt;
  }
  Library library;
  for (const QJsonValue value : json[QStringLiteral("folders")].toArray()) {
    const QJsonObject folder = value.toObject();
    if (const QString name = nameAt(folder, "name"); !name.isEmpty()) {
      library.folders.push_back({name, timeAt(folder, "created_at"), folder[QStringLiteral("collapsed")].toBool()});
    }
  }
  for (const QJsonValue value : json[QStringLiteral("personas")].toArray()) {
    const QJsonObject persona = value.toObject();
    const ChatSettings settings = ChatSettings::fromJson(wellFormed(persona[QStringLiteral("settings")].toObject()));
    if (const QString name = nameAt(persona, "name"), key = textAt(persona, "key"); !name.isEmpty() || !key.isEmpty()) {
      library.personas.push_back({key, name, settings, persona[QStringLiteral("hidden")].toBool(), timeAt(persona, "created_at")});
    }
  }
  for (const QJsonValue value : json[QStringLiteral("prompts")].toArray()) {
    const QJsonObject prompt = value.toObject();
    if (const QString text = textAt(prompt, "text"), key = textAt(prompt, "key"); !text.isEmpty() || !key.isEmpty()) {
      library.prompts.push_back({key, nameAt(prompt, "title"), text, prompt[QStringLiteral("hidden")].toBool(),
                                 timeAt(prompt, "created_at"), timeAt(prompt, "used_at")});
    }
  }
  return library;
}

}  // namespace tercet
