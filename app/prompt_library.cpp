#include "app/prompt_library.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

#include "app/built_in_prompts.h"
#include "app/chat_title.h"
#include "app/notice.h"

namespace tercet {
namespace {

/// Without case and accents.
QString plain(const QString& text) {
  QString letters;
  for (const QChar c : text.normalized(QString::NormalizationForm_KD)) {
    if (!c.isMark()) letters += c;
  }
  return letters.toCaseFolded();
}

}  // namespace

PromptLibrary::PromptLibrary(LibraryStore* store, Notice* notice, QObject* parent)
    : QAbstractListModel(parent), m_store(store), m_notice(notice) {
  load();
}

PromptLibrary::~PromptLibrary() = default;

int PromptLibrary::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : count(); }

QVariant PromptLibrary::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Entry& entry = m_entries[m_shown[static_cast<std::size_t>(index.row())]];
  switch (role) {
    case TitleRole: return entry.title;
    case TextRole: return entry.text;
    case BuiltInRole: return entry.builtIn != nullptr;
    case ChangedRole: return entry.changed();
    default: return {};
  }
}

QHash<int, QByteArray> PromptLibrary::roleNames() const {
  return {{TitleRole, "title"}, {TextRole, "prompt"}, {BuiltInRole, "builtIn"}, {ChangedRole, "changed"}};
}

void PromptLibrary::load() {
  std::vector<StoredPrompt> stored = m_store->prompts();
  m_entries.clear();
  // One with a key that this version does not know stays in the database for the version that does.
  for (StoredPrompt& prompt : stored) {
    if (prompt.key.isEmpty()) m_entries.push_back({nullptr, prompt, prompt.title, prompt.text});
  }
  for (const BuiltInPrompt& prompt : builtInPrompts()) {
    Entry entry{&prompt, {}, prompt.translatedTitle(), prompt.translatedText()};
    entry.stored.key = QLatin1String(prompt.key);
    const auto own = std::find_if(stored.begin(), stored.end(), [&](const StoredPrompt& s) { return s.key == entry.stored.key; });
    if (own != stored.end()) entry.stored = *own;
    if (entry.changed()) {
      entry.title = entry.stored.title;
      entry.text = entry.stored.text;
    }
    m_entries.push_back(std::move(entry));
  }
  sortByUse();
}

void PromptLibrary::sortByUse() {
  std::stable_sort(m_entries.begin(), m_entries.end(),
                   [](const Entry& a, const Entry& b) { return a.stored.usedAt > b.stored.usedAt; });
  show();
}

bool PromptLibrary::passes(const Entry& entry) const {
  const QString text = plain(entry.title + QLatin1Char('\n') + entry.text);
  const QStringList words = plain(m_filter).split(QLatin1Char(' '), Qt::SkipEmptyParts);
  return std::all_of(words.begin(), words.end(), [&](const QString& word) { return text.contains(word); });
}

void PromptLibrary::show() {
  beginResetModel();
  m_shown.clear();
  for (std::size_t i = 0; i < m_entries.size(); ++i) {
    if (!m_entries[i].stored.hidden && passes(m_entries[i])) m_shown.push_back(i);
  }
  endResetModel();
  Q_EMIT changed();
}

void PromptLibrary::setFilter(const QString& filter) {
  if (m_filter == filter) return;
  m_filter = filter;
  show();
  Q_EMIT filterChanged();
}

int PromptLibrary::hiddenCount() const {
  return static_cast<int>(std::count_if(m_entries.begin(), m_entries.end(), [](const Entry& entry) { return entry.stored.hidden; }));
}

PromptLibrary::Entry* PromptLibrary::at(int row) {
  return row >= 0 && row < count() ? &m_entries[m_shown[static_cast<std::size_t>(row)]] : nullptr;
}

bool PromptLibrary::add(const QString& title, const QString& text) {
  if (text.trimmed().isEmpty()) return false;
  StoredPrompt prompt;
  prompt.title = title.trimmed().isEmpty() ? titleFor(text) : title.simplified();
  prompt.text = text;
  prompt.usedAt = QDateTime::currentMSecsSinceEpoch();  // what was just written is looked for at the top
  if (m_store->put(prompt) == 0) return false;
  load();
  return true;
}

bool PromptLibrary::edit(int row, const QString& title, const QString& text) {
  Entry* entry = at(row);
  if (!entry || text.trimmed().isEmpty()) return false;
  StoredPrompt prompt = entry->stored;
  prompt.title = title.trimmed().isEmpty() ? titleFor(text) : title.simplified();
  prompt.text = text;
  if (prompt.title == entry->title && prompt.text == entry->text) return true;
  if (m_store->put(prompt) == 0) return false;
  m_notice->clear(u"L-705");  // its Undo would take this back, too
  load();
  return true;
}

void PromptLibrary::remove(int row) {
  const Entry* entry = at(row);
  if (!entry) return;
  StoredPrompt before = entry->stored;
  const QString title = entry->title;
  if (entry->builtIn) {
    StoredPrompt hidden = before;
    hidden.hidden = true;
    before.id = m_store->put(hidden);
    if (before.id == 0) return;
  } else if (!m_store->removePrompt(before.id)) {
    return;
  }
  load();
  m_notice->show({Notice::Kind::Info, QStringLiteral("L-702"), tr("Prompt deleted."), QStringLiteral("“%1”").arg(title), {},
                  Notice::Action::Undo, [this, before] { putBack(before); }});
}

void PromptLibrary::setBack(int row) {
  const Entry* entry = at(row);
  if (!entry || !entry->changed()) return;
  const StoredPrompt before = entry->stored;
  const QString title = entry->builtIn->translatedTitle();
  StoredPrompt prompt = before;
  prompt.title.clear();
  prompt.text.clear();
  if (m_store->put(prompt) == 0) return;
  load();
  m_notice->show({Notice::Kind::Info, QStringLiteral("L-705"), tr("Prompt set back."),
                  //: %1: the title of a prompt
                  tr("“%1” is as it came with Tercet.").arg(title), {}, Notice::Action::Undo, [this, before] {
                    const auto now = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& e) { return e.stored.key == before.key; });
                    StoredPrompt again = now == m_entries.end() ? before : now->stored;  // it may have been used meanwhile
                    again.title = before.title;
                    again.text = before.text;
                    putBack(again);
                  }});
}

void PromptLibrary::putBack(const StoredPrompt& prompt) {
  if (m_store->put(prompt) != 0) load();
}

void PromptLibrary::bringBack() {
  for (const Entry& entry : m_entries) {
    if (!entry.stored.hidden) continue;
    StoredPrompt prompt = entry.stored;
    prompt.hidden = false;
    if (m_store->put(prompt) == 0) break;
  }
  load();
}

QString PromptLibrary::use(int row) {
  Entry* entry = at(row);
  if (!entry) return {};
  StoredPrompt prompt = entry->stored;
  prompt.usedAt = QDateTime::currentMSecsSinceEpoch();
  if (const qint64 id = m_store->put(prompt); id != 0) {
    entry->stored = prompt;
    entry->stored.id = id;
  }
  return entry->text;  // also when its use cannot be noted
}

}  // namespace tercet
