// Personas and prompts on the disk.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include "app/storage/history_store.h"
#include "app/storage/library_store.h"

using namespace tercet;

class TestLibraryStore : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> m_dir;
  std::unique_ptr<HistoryStore> m_history;
  std::unique_ptr<LibraryStore> m_store;

  void reopen() {
    m_store.reset();
    m_history = std::make_unique<HistoryStore>();
    QVERIFY(m_history->open(HistoryStore::fileIn(m_dir->path())));
    m_store = std::make_unique<LibraryStore>(&m_history->database());
  }

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    reopen();
  }
  void cleanup() {
    m_store.reset();
    m_history.reset();
    m_dir.reset();
  }

  void a_persona_comes_back_as_it_was() {
    StoredPersona persona{.key = "translator", .name = "Übersetzer 🌍", .hidden = true};
    persona.settings.systemPrompt = "Translate.\nOnly that.";
    persona.settings.temperature = 0.25;
    persona.id = m_store->put(persona);
    QVERIFY(persona.id > 0);
    reopen();
    const std::vector<StoredPersona> all = m_store->personas();
    QCOMPARE(all.size(), std::size_t{1});
    QCOMPARE(all[0].id, persona.id);
    QCOMPARE(all[0].key, persona.key);
    QCOMPARE(all[0].name, persona.name);
    QVERIFY(all[0].settings == persona.settings);
    QVERIFY(all[0].hidden);
  }

  void a_prompt_comes_back_as_it_was() {
    const qint64 id = m_store->put(StoredPrompt{.title = "T", .text = "a {{b}}\n", .usedAt = 5});
    reopen();
    const StoredPrompt prompt = m_store->prompts().at(0);
    QCOMPARE(prompt.id, id);
    QVERIFY(prompt.key.isEmpty());
    QCOMPARE(prompt.title, "T");
    QCOMPARE(prompt.text, "a {{b}}\n");
    QCOMPARE(prompt.usedAt, qint64{5});
    QVERIFY(!prompt.hidden);
  }

  void putting_again_writes_over_what_is_there() {
    StoredPrompt prompt{.title = "T", .text = "one"};
    prompt.id = m_store->put(prompt);
    prompt.text = "two";
    QCOMPARE(m_store->put(prompt), prompt.id);
    QCOMPARE(m_store->prompts().size(), std::size_t{1});
    QCOMPARE(m_store->prompts()[0].text, "two");
  }

  void what_was_removed_comes_back_under_its_id_and_no_other_takes_it() {
    StoredPersona persona{.name = "P"};
    persona.id = m_store->put(persona);
    QVERIFY(m_store->removePersona(persona.id));
    const qint64 next = m_store->put(StoredPersona{.name = "Q"});
    QVERIFY(next > persona.id);
    QCOMPARE(m_store->put(persona), persona.id);
    QCOMPARE(m_store->personas().size(), std::size_t{2});
  }

  void a_key_is_there_once() {
    QSignalSpy failed(m_store.get(), &LibraryStore::failed);
    QVERIFY(m_store->put(StoredPrompt{.key = "email"}) > 0);
    QVERIFY(m_store->put(StoredPrompt{.title = "own"}) > 0);
    QVERIFY(m_store->put(StoredPrompt{.title = "another own one"}) > 0);
    QCOMPARE(failed.size(), 0);
    QCOMPARE(m_store->prompts().size(), std::size_t{3});
  }

  void one_of_the_program_keeps_its_row_also_when_that_came_from_elsewhere() {
    QSignalSpy failed(m_store.get(), &LibraryStore::failed);
    const qint64 prompt = m_store->put(StoredPrompt{.key = "email", .title = "imported", .text = "t"});
    const qint64 persona = m_store->put(StoredPersona{.key = "tutor", .name = "imported"});
    QCOMPARE(m_store->put(StoredPrompt{.key = "email", .title = "edited", .text = "t"}), prompt);
    QCOMPARE(m_store->put(StoredPersona{.id = persona + 7, .key = "tutor", .name = "edited"}), persona);
    QCOMPARE(failed.size(), 0);
    QCOMPARE(m_store->prompts().size(), std::size_t{1});
    QCOMPARE(m_store->prompts()[0].title, "edited");
    QCOMPARE(m_store->personas().size(), std::size_t{1});
    QCOMPARE(m_store->personas()[0].name, "edited");
  }

  void a_write_that_fails_says_why_and_changes_nothing() {
    StoredPersona persona{.name = "P"};
    persona.id = m_store->put(persona);
    QVERIFY(m_history->database().execute("PRAGMA query_only = ON"));
    QSignalSpy failed(m_store.get(), &LibraryStore::failed);
    persona.name = "other";
    QCOMPARE(m_store->put(persona), qint64{0});
    QVERIFY(!m_store->removePersona(persona.id));
    QCOMPARE(failed.size(), 2);
    QCOMPARE(failed[0][0].value<StorageError>().cause, StorageError::Cause::ReadOnly);
    QCOMPARE(m_store->personas()[0].name, "P");
  }

  void without_a_database_there_is_nothing_and_nothing_can_be_stored() {
    m_history->close();
    QSignalSpy failed(m_store.get(), &LibraryStore::failed);
    QVERIFY(m_store->personas().empty());
    QVERIFY(m_store->prompts().empty());
    QCOMPARE(failed.size(), 0);
    QCOMPARE(m_store->put(StoredPersona{.name = "P"}), qint64{0});
    QCOMPARE(failed.size(), 1);
  }
};

QTEST_GUILESS_MAIN(TestLibraryStore)

#include "tst_library_store.moc"
