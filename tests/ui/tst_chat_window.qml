// The whole window with the whole program behind it, and a tiny model of random weights.
import QtQuick
import QtTest
import Tercet
import Tercet.Ui

Item {
    id: root

    width: 200
    height: 200

    Finder {
        id: finder
    }
    Component {
        id: windowType

        Main {
            width: 1100
            height: 760
        }
    }

    Component {
        id: ownSizeType

        Main {}
    }

    TestCase {
        id: test

        property QtObject app
        property Window window

        name: "ChatWindow"
        when: windowShown

        function init() {
            test.app = driver.makeApp();
            test.app.settings.language = "en";
            test.window = createTemporaryObject(windowType, null, { app: test.app });
            test.window.requestActivate();
            tryVerify(() => test.window.active);
        }

        function cleanup() {
            test.window.destroy();
            wait(0);
            driver.endAll();
        }

        function named(name: string): Item {
            return finder.named(test.window.contentItem, name);
        }

        function listed(name: string): Item {
            return finder.named(test.window.contentItem.parent, name);
        }

        function openTinyModel() {
            test.app.model.openPath(driver.writeTinyModel());
            tryCompare(test.app.model, "state", ModelController.State.Ready, 20000);
            tryVerify(() => test.named("Message"));
        }

        function type(text: string) {
            for (const letter of text)
                keyClick(letter);
        }

        function test_the_first_page_offers_to_open_a_file() {
            tryVerify(() => test.named("Welcome to Tercet"));
            verify(test.named("I already have a file"));
            verify(!test.named("Message"));
            verify(!test.named("Sidebar"));
        }

        function test_a_question_is_answered() {
            test.openTinyModel();
            tryVerify(() => test.named("Message").activeFocus);
            test.app.settings.maxTokens = 12;
            test.app.settings.seed = "7";
            test.type("Hello there");
            keyClick(Qt.Key_Return);
            tryVerify(() => test.named("You: Hello there"));
            tryCompare(test.app.chat, "state", ChatController.State.Idle, 20000);
            compare(test.app.chat.messages.count, 2);
            tryVerify(() => test.named("Write this answer again"));
            verify(test.named("Message").activeFocus);
        }

        function test_escape_stops_the_answer() {
            test.openTinyModel();
            test.app.settings.temperature = 5;
            test.type("Go on for long");
            keyClick(Qt.Key_Return);
            tryVerify(() => test.app.chat.canStop || test.app.chat.state === ChatController.State.Idle, 20000);
            keyClick(Qt.Key_Escape);
            tryCompare(test.app.chat, "state", ChatController.State.Idle, 20000);
            compare(test.app.chat.messages.count, 2);
        }

        function test_a_damaged_file_is_refused_in_words_and_the_model_and_the_draft_stay() {
            test.openTinyModel();
            test.type("My half-written thought");
            test.app.model.openPath(driver.writeBrokenModel());
            tryVerify(() => test.app.notice.visible, 20000);
            tryVerify(() => test.named("Dismiss"));
            verify(test.named(test.app.notice.title));
            verify(test.app.model.hasModel);
            compare(test.named("Message").text, "My half-written thought");
            mouseClick(test.named("Dismiss"));
            tryVerify(() => !test.named("Dismiss"));
        }

        function test_control_n_begins_a_new_chat() {
            test.openTinyModel();
            test.app.settings.maxTokens = 3;
            test.type("Hello");
            keyClick(Qt.Key_Return);
            tryCompare(test.app.chat, "state", ChatController.State.Idle, 20000);
            keyClick(Qt.Key_N, Qt.ControlModifier);
            tryCompare(test.app.chat.messages, "count", 0);
            verify(test.named("What shall we write?"));
        }

        function test_control_slash_shows_every_key_in_the_language_of_the_window() {
            test.openTinyModel();
            keyClick(Qt.Key_Slash, Qt.ControlModifier);
            tryVerify(() => test.listed("New chat: Ctrl+N"));
            verify(test.listed("Copy the last answer: Ctrl+Shift+C"));
            verify(test.listed("Larger: Ctrl++"));
            verify(test.listed("Send: Enter"));
            test.app.settings.language = "es";
            tryVerify(() => test.listed("Chat nuevo: Ctrl+N"));
            keyClick(Qt.Key_Escape);
            tryVerify(() => !test.listed("Chat nuevo: Ctrl+N"));
            tryVerify(() => test.named("Mensaje").activeFocus);
        }

        function test_the_last_answer_with_a_text_is_copied() {
            driver.storeChat("Questions", ["One?", "An answer.", "Two?", "", "Three?"]);
            driver.storeChat("No answer", ["Four?", ""]);
            test.app.chat.open(1);
            compare(test.app.chat.messages.count, 5);
            keyClick(Qt.Key_C, Qt.ControlModifier | Qt.ShiftModifier);
            compare(driver.clipboard(), "An answer.");
            compare(test.app.notice.code, "H-605");
            test.app.chat.open(2);
            compare(test.app.chat.messages.count, 2);
            keyClick(Qt.Key_C, Qt.ControlModifier | Qt.ShiftModifier);
            compare(driver.clipboard(), "An answer.");
            test.app.chat.newChat();
            keyClick(Qt.Key_C, Qt.ControlModifier | Qt.ShiftModifier);
            compare(driver.clipboard(), "An answer.");
            compare(test.app.notice.code, "H-606");
        }

        function test_a_maximized_window_comes_back_so_with_its_size_from_before() {
            const first = createTemporaryObject(ownSizeType, null, { app: test.app });
            first.width = 700;
            first.height = 500;
            wait(600);  // until it counts as its size
            first.showMaximized();
            tryCompare(first, "visibility", Window.Maximized);
            first.close();
            verify(test.app.settings.windowMaximized);
            compare(test.app.settings.windowWidth, 700);
            compare(test.app.settings.windowHeight, 500);

            const second = createTemporaryObject(ownSizeType, null, { app: test.app });
            tryCompare(second, "visibility", Window.Maximized);
            wait(100);  // until the window has heard of it itself
            second.showMinimized();
            tryCompare(second, "visibility", Window.Minimized);
            second.comeToFront();
            tryCompare(second, "visibility", Window.Maximized);
            second.showNormal();
            tryCompare(second, "visibility", Window.Windowed);
            tryCompare(second, "width", 700);
            second.close();
            verify(!test.app.settings.windowMaximized);
            compare(test.app.settings.windowWidth, 700);
            first.destroy();
            second.destroy();
            wait(0);
        }

        function test_the_keys_of_the_window_can_be_switched_off() {
            test.openTinyModel();
            test.app.settings.shortcuts = false;
            keyClick(Qt.Key_Plus, Qt.ControlModifier);
            keyClick(Qt.Key_Comma, Qt.ControlModifier);
            compare(test.app.settings.zoom, 100);
            verify(!test.named("General"));
            test.app.settings.shortcuts = true;
            keyClick(Qt.Key_Comma, Qt.ControlModifier);
            tryVerify(() => test.named("General"));
        }

        function test_the_language_box_says_what_was_chosen() {
            test.openTinyModel();
            test.app.settings.language = "es";
            test.window.showPage(Pages.Settings);
            tryVerify(() => test.named("Idioma: Español"));
            test.app.settings.language = "en";
            tryVerify(() => test.named("Language: English"));
        }

        function test_up_in_the_empty_box_edits_the_last_message() {
            test.openTinyModel();
            test.app.settings.maxTokens = 3;
            keyClick(Qt.Key_Up);
            compare(test.app.chat.editing, ChatController.Editing.Nothing);
            test.type("Hello");
            keyClick(Qt.Key_Return);
            tryCompare(test.app.chat, "state", ChatController.State.Idle, 20000);
            test.type("x");
            keyClick(Qt.Key_Up);
            compare(test.app.chat.editing, ChatController.Editing.Nothing);
            keyClick(Qt.Key_Backspace);
            keyClick(Qt.Key_Up);
            compare(test.app.chat.editing, ChatController.Editing.Prompt);
            compare(test.named("Message").text, "Hello");
            keyClick(Qt.Key_Escape);
            compare(test.app.chat.editing, ChatController.Editing.Nothing);
        }

        function test_the_privacy_page_says_when_the_network_was_used() {
            test.window.showPage(Pages.Settings);
            tryVerify(() => test.named("Privacy"));
            mouseClick(test.named("Privacy"));
            tryVerify(() => finder.worded(test.window.contentItem, "Never"));
            verify(finder.worded(test.window.contentItem, test.app.dataDir));
            verify(test.named("Show folder"));
        }

        function test_a_suggestion_is_sent_at_once() {
            test.openTinyModel();
            test.app.settings.maxTokens = 3;
            mouseClick(test.named("Give me five ideas for a rainy Sunday at home"));
            tryCompare(test.app.chat.messages, "count", 2);
            compare(test.app.chat.title, "Give me five ideas for a rainy Sunday at home");
            compare(test.app.chat.draft, "");
            verify(test.named("Message").activeFocus);
        }

        function test_a_suggestion_goes_behind_what_was_typed() {
            test.openTinyModel();
            test.type("In French:");
            mouseClick(test.named("Give me five ideas for a rainy Sunday at home"));
            compare(test.app.chat.draft, "In French:\n\nGive me five ideas for a rainy Sunday at home");
            compare(test.app.chat.messages.count, 0);
            const field = test.named("Message");
            verify(field.activeFocus);
            compare(field.cursorPosition, field.length);
        }

        function test_the_words_of_an_answer_are_looked_at_and_escape_leads_back() {
            test.openTinyModel();
            test.app.settings.maxTokens = 12;
            test.app.settings.seed = "7";
            test.app.settings.temperature = 3;
            test.type("Hello there");
            keyClick(Qt.Key_Return);
            tryCompare(test.app.chat, "state", ChatController.State.Idle, 20000);
            tryVerify(() => test.named("How likely were the words?"));
            mouseClick(test.named("How likely were the words?"));
            tryVerify(() => test.named("What else could have stood here"));
            verify(!test.named("Message"));
            tryVerify(() => test.app.odds.percent.length > 0, 20000);
            compare(test.app.odds.error, "");
            keyClick(Qt.Key_Right);
            tryVerify(() => test.app.odds.begin > 0 && !test.app.odds.busy, 20000);
            keyClick(Qt.Key_Escape);
            tryVerify(() => test.named("Message") && test.named("Message").activeFocus);
            verify(!test.app.odds.active);
        }

        function test_a_word_is_looked_at_from_where_it_stands() {
            test.openTinyModel();
            test.app.settings.maxTokens = 12;
            test.app.settings.seed = "7";
            test.app.settings.temperature = 3;
            test.type("Hello there");
            keyClick(Qt.Key_Return);
            tryCompare(test.app.chat, "state", ChatController.State.Idle, 20000);
            const answer = () => finder.found(test.window.contentItem, item => (item.Accessible.name ?? "").startsWith("Answer: "));
            tryVerify(() => answer());
            waitForRendering(test.window.contentItem);
            mouseClick(answer(), 60, answer().height - 14, Qt.RightButton);
            const entry = () => finder.named(test.window.contentItem.parent, "How likely this word was");
            tryVerify(() => entry()?.visible);
            waitForRendering(test.window.contentItem);
            mouseClick(entry());
            tryVerify(() => test.named("What else could have stood here"));
            verify(test.app.odds.begin > 0, "not the first word");
        }

        function test_settings_open_and_close_by_key() {
            test.openTinyModel();
            keyClick(Qt.Key_Comma, Qt.ControlModifier);
            tryVerify(() => test.named("Theme"));
            keyClick(Qt.Key_Escape);
            tryVerify(() => test.named("Message") && test.named("Message").activeFocus);
        }

        function test_numbers_follow_the_language() {
            mouseClick(test.named("Settings"));
            mouseClick(test.named("Answers"));
            tryVerify(() => test.named("Temperature"));
            compare(test.named("Temperature").text, "0.7");
            test.app.settings.language = "es";
            tryVerify(() => test.named("Temperatura"));
            tryCompare(test.named("Temperatura"), "text", "0,7");
        }

        function test_a_menu_gives_the_keyboard_back_to_the_text_without_a_ring() {
            test.openTinyModel();
            test.app.settings.maxTokens = 3;
            test.type("Hello");
            keyClick(Qt.Key_Return);
            tryCompare(test.app.chat, "state", ChatController.State.Idle, 20000);
            const list = finder.found(test.window.contentItem, item => item.ringed !== undefined);
            mouseClick(test.named("You: Hello"), 5, 5);
            tryVerify(() => list.activeFocus && !list.ringed);
            mouseClick(test.named("You: Hello"), 5, 5, Qt.RightButton);
            tryVerify(() => !list.activeFocus);
            keyClick(Qt.Key_Escape);
            tryVerify(() => list.activeFocus);
            verify(!list.ringed);
        }

        function test_the_settings_are_there_before_a_model_is() {
            mouseClick(test.named("Settings"));
            tryVerify(() => test.named("Theme: Dark"));
            mouseClick(test.named("Back to the chat"));
            tryVerify(() => test.named("Welcome to Tercet"));
        }

        function test_zoom_keys_change_the_size() {
            keyClick(Qt.Key_Plus, Qt.ControlModifier);
            compare(test.app.settings.zoom, 110);
            keyClick(Qt.Key_Minus, Qt.ControlModifier);
            keyClick(Qt.Key_Minus, Qt.ControlModifier);
            compare(test.app.settings.zoom, 90);
            keyClick(Qt.Key_0, Qt.ControlModifier);
            compare(test.app.settings.zoom, 100);
            compare(Theme.zoom, 1);
        }

        function test_the_sidebar_gives_way_in_a_narrow_window() {
            test.openTinyModel();
            verify(!test.named("Show the sidebar"));
            test.window.width = 700;
            tryVerify(() => test.named("Show the sidebar"));
            tryVerify(() => !test.named("Sidebar"));
            mouseClick(test.named("Show the sidebar"));
            tryVerify(() => test.named("Sidebar"));
            keyClick(Qt.Key_Escape);
            tryVerify(() => !test.named("Sidebar"));
        }

        function test_an_open_chat_offers_its_forms_of_export() {
            test.openTinyModel();
            verify(!test.named("More about this chat").enabled);
            test.app.settings.maxTokens = 3;
            test.type("Hello");
            keyClick(Qt.Key_Return);
            tryCompare(test.app.chat, "state", ChatController.State.Idle, 20000);
            const button = test.named("More about this chat");
            verify(button.enabled);
            button.forceActiveFocus();
            keyClick(Qt.Key_Return);
            tryVerify(() => finder.named(test.window.contentItem.parent, "Export as PDF…"));
            verify(finder.named(test.window.contentItem.parent, "Export as Markdown…"));
            keyClick(Qt.Key_Escape);
            tryVerify(() => !finder.named(test.window.contentItem.parent, "Export as PDF…"));
        }

        function test_search_in_the_sidebar_opens_the_palette() {
            test.openTinyModel();
            test.window.width = 1100;
            tryVerify(() => test.named("Search"));
            mouseClick(test.named("Search"));
            tryVerify(() => test.window.activeFocusItem?.Accessible.name === "Search all chats");
        }

        function test_a_row_of_the_sidebar_offers_its_forms_of_export() {
            test.openTinyModel();
            test.app.settings.maxTokens = 3;
            test.type("Fruit for winter");
            keyClick(Qt.Key_Return);
            tryCompare(test.app.chat, "state", ChatController.State.Idle, 20000);
            test.window.width = 1100;
            tryVerify(() => test.named("Fruit for winter"));
            mouseClick(test.named("Fruit for winter"), 20, 10, Qt.RightButton);
            const entry = name => finder.named(test.window.contentItem.parent, name);
            tryVerify(() => entry("Export…"));
            waitForRendering(test.window.contentItem);
            mouseClick(entry("Export…"));
            tryVerify(() => entry("Export as PDF…"));
        }

        function test_what_came_of_an_import_is_said() {
            test.openTinyModel();
            test.app.transfer.importFile("file:///nowhere/chats.zip");
            tryVerify(() => test.named("The file can't be read."));
            mouseClick(test.named("Settings"));
            tryVerify(() => test.named("Export everything…"));
            verify(test.named("Import…"));
        }

        function test_letters_typed_elsewhere_land_in_the_field() {
            test.openTinyModel();
            test.app.settings.maxTokens = 3;
            test.type("Hello");
            keyClick(Qt.Key_Return);
            tryCompare(test.app.chat, "state", ChatController.State.Idle, 20000);
            const copyButton = test.named("Copy your message");
            copyButton.forceActiveFocus();
            verify(!test.named("Message").activeFocus);
            keyClick("a");
            verify(test.named("Message").activeFocus);
            compare(test.named("Message").text, "a");
        }

        function test_every_stop_of_the_tab_key_has_a_name_data() {
            return [{ tag: "first page" }, { tag: "chat" }, { tag: "settings" }];
        }

        function test_every_stop_of_the_tab_key_has_a_name(row) {
            if (row.tag !== "first page")
                test.openTinyModel();
            if (row.tag === "settings") {
                keyClick(Qt.Key_Comma, Qt.ControlModifier);
                tryVerify(() => test.named("Theme"));
            }
            const expected = {
                "first page": ["I already have a file", "Settings"],
                "chat": ["New chat", "Message", "Settings", "Model: " + test.app.model.name],
                "settings": ["New chat", "General", "Performance", "Theme: Dark", "Back to the chat"]
            }[row.tag];
            const seen = [];
            for (let i = 0; i < 40; i++) {
                keyClick(Qt.Key_Tab);
                const item = test.window.activeFocusItem;
                verify(item.Accessible.name.length > 0, "a stop without a name after " + seen.join(", "));
                seen.push(item.Accessible.name);
            }
            for (const name of expected)
                verify(seen.includes(name), name + " is not among " + seen.join(", "));
        }

        function test_the_window_speaks_spanish() {
            test.app.settings.language = "es";
            tryVerify(() => test.named("Ya tengo un archivo"));
            test.app.settings.language = "en";
            tryVerify(() => test.named("I already have a file"));
        }
    }
}
