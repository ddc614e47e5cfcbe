// What holds for one chat, its persona, and the prompt library.
import QtQuick
import QtTest
import Tercet
import Tercet.Ui

Item {
    id: root

    width: 700
    height: 900

    Finder {
        id: finder
    }
    Component {
        id: panelType

        ChatPanel {
            width: 312
            height: 1400
        }
    }
    Component {
        id: pageType

        ChatPage {
            width: 700
            height: 700
        }
    }
    Component {
        id: choiceType

        ChoiceBox {
            width: 282
            label: "When"
            model: ["Stop", "A choice with so many words in it that one line of the box does not hold them"]
            current: 0
        }
    }
    Component {
        id: sheetType

        PersonaSheet {}
    }

    TestCase {
        id: test

        property QtObject rig

        name: "ChatPanel"
        when: windowShown

        function init() {
            test.rig = driver.makeRig();
        }

        function panel(): Item {
            return createTemporaryObject(panelType, root, { chatSettings: test.rig.chatSettings, personas: test.rig.personas });
        }

        function page(): Item {
            const page = createTemporaryObject(pageType, root, {
                find: test.rig.find,
                chat: test.rig.chat, model: test.rig.model, settings: test.rig.settings,
                prompts: test.rig.prompts, filledPrompt: test.rig.filledPrompt
            });
            page.focusInput();
            tryVerify(() => finder.named(page, "Message").activeFocus);
            return page;
        }

        function overlay(): Item {
            return root.Window.window.contentItem.parent ?? root.Window.window.contentItem;
        }

        function shown(name: string): Item {
            tryVerify(() => finder.named(test.overlay(), name), 3000, name);
            return finder.named(test.overlay(), name);
        }

        function fieldOf(panel: Item, name: string): Item {
            return finder.found(panel, item => item.Accessible.name === name && item.Accessible.role === Accessible.EditableText);
        }

        function type(text: string) {
            for (const letter of text)
                keyClick(letter);
        }

        function replace(field: Item, text: string) {
            field.forceActiveFocus();
            field.selectAll();
            keyClick(Qt.Key_Delete);
            test.type(text);
        }

        function test_what_is_typed_holds_for_this_chat_only() {
            const panel = test.panel();
            test.replace(finder.named(panel, "Instructions for this chat"), "Rhyme.");
            compare(test.rig.chatSettings.systemPrompt, "Rhyme.");
            compare(test.rig.settings.systemPrompt, "");
            verify(test.rig.chatSettings.ownSystemPrompt);
            mouseClick(finder.named(panel, "Instructions: as in the settings"));
            compare(finder.named(panel, "Instructions for this chat").text, "");
            verify(!test.rig.chatSettings.ownSystemPrompt);
        }

        function test_opening_the_panel_chooses_nothing() {
            test.rig.settings.systemPrompt = "General.";
            const panel = test.panel();
            compare(finder.named(panel, "Instructions for this chat").text, "General.");
            verify(!test.rig.chatSettings.ownAnything);
            test.rig.settings.systemPrompt = "Other.";
            compare(finder.named(panel, "Instructions for this chat").text, "Other.");
            verify(!test.rig.chatSettings.ownAnything);
        }

        function test_another_chat_shows_its_own() {
            const panel = test.panel();
            test.rig.exchange("q", "a");
            test.replace(finder.named(panel, "Instructions for this chat"), "First.");
            const first = test.rig.chat.conversation;
            test.rig.chat.newChat();
            compare(finder.named(panel, "Instructions for this chat").text, "");
            verify(!test.rig.chatSettings.ownAnything);
            test.rig.chat.open(first);
            compare(finder.named(panel, "Instructions for this chat").text, "First.");
        }

        function test_words_come_first_and_the_numbers_follow() {
            const panel = test.panel();
            verify(finder.named(panel, "Style: Balanced").checked);
            verify(!test.fieldOf(panel, "Temperature"));
            mouseClick(finder.named(panel, "Style: Creative"));
            verify(finder.named(panel, "Style: Creative").checked);
            mouseClick(finder.named(panel, "Advanced"));
            const field = test.fieldOf(panel, "Temperature");
            compare(field.text, "1.1");
            test.replace(field, "0.55");
            tryCompare(test.rig.chatSettings, "temperature", 0.55);
            verify(!finder.named(panel, "Style: Creative").checked);
            verify(finder.worded(panel, "Custom: the numbers under Advanced"));
        }

        function test_a_persona_is_chosen_from_the_list() {
            const panel = test.panel();
            mouseClick(finder.named(panel, "Persona: No persona"));
            mouseClick(test.shown("Translator"));
            verify(finder.named(panel, "Persona: Translator"));
            compare(finder.named(panel, "Instructions for this chat").text, test.rig.chatSettings.systemPrompt);
            verify(finder.named(panel, "Style: Focused").checked);
            mouseClick(finder.named(panel, "Style: Creative"));
            mouseClick(finder.named(panel, "Back to the persona"));
            verify(finder.named(panel, "Style: Focused").checked);
        }

        function test_the_keys_lead_through_the_personas() {
            const panel = test.panel();
            const button = finder.named(panel, "Persona: No persona");
            mouseClick(button);
            tryVerify(() => test.shown("No persona").activeFocus);
            for (let i = 0; i <= test.rig.personas.count; i++)
                keyClick(Qt.Key_Down);
            verify(test.shown("Save this chat as a persona…").activeFocus);
            keyClick(Qt.Key_Up);
            keyClick(Qt.Key_End);
            verify(test.shown("Edit personas…").activeFocus);
            keyClick(Qt.Key_Down);
            verify(test.shown("Edit personas…").activeFocus);
            keyClick(Qt.Key_Home);
            verify(test.shown("No persona").activeFocus);
            keyClick(Qt.Key_Tab);
            verify(test.shown("Helpful assistant").activeFocus);
            keyClick(Qt.Key_Down);
            verify(test.shown("Explainer for beginners").activeFocus);
            keyClick(Qt.Key_Escape);
            tryVerify(() => !finder.named(test.overlay(), "Edit personas…"));
            compare(test.rig.chatSettings.personaRow, -1);
            mouseClick(button);
            tryVerify(() => test.shown("No persona").activeFocus);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            compare(test.rig.chatSettings.personaRow, 1);
            // It opens where the chat is.
            mouseClick(button);
            tryVerify(() => test.shown("Explainer for beginners").activeFocus);
        }

        function test_the_card_shows_every_persona_where_there_is_room() {
            const panel = test.panel();
            mouseClick(finder.named(panel, "Persona: No persona"));
            const list = test.shown("Translator").ListView.view;
            verify(list.count >= 10);
            tryVerify(() => list.height >= list.contentHeight);
        }

        function test_when_full_it_may_ask() {
            const panel = test.panel();
            const box = finder.named(panel, "When the chat is too long: Leave out the oldest messages");
            box.forceActiveFocus();
            keyClick(Qt.Key_Down);
            verify(test.rig.chatSettings.asksWhenFull);
            verify(finder.named(panel, "When the chat is too long: Stop and ask me"));
        }

        function test_a_long_choice_wraps() {
            const box = createTemporaryObject(choiceType, root);
            const oneLine = box.height;
            box.current = 1;
            tryVerify(() => box.height > oneLine);
            verify(box.contentItem.lineCount > 1 && box.contentItem.contentHeight <= box.contentItem.height);
            verify(box.contentItem.contentWidth <= box.contentItem.width);
            mouseClick(box);
            const entry = test.shown(box.displayText);
            tryVerify(() => entry.height > test.shown("Stop").height);
        }

        function test_a_chat_keeps_to_a_model_and_says_when_another_is_open() {
            test.rig.pretendModel(4096, "/nowhere/one.gguf");
            const panel = test.panel();
            mouseClick(finder.named(panel, "Use the open model"));
            verify(finder.worded(panel, "one.gguf"));
            verify(!finder.worded(panel, "Another model is open now."));
            test.rig.pretendModel(4096, "/nowhere/two.gguf");
            verify(finder.worded(panel, "Another model is open now."));
            verify(test.rig.notice.visible);
            mouseClick(finder.named(panel, "Use the open model"));
            verify(finder.worded(panel, "two.gguf"));
            verify(!test.rig.notice.visible);
        }

        function test_reset_gives_everything_back_to_the_settings() {
            const panel = test.panel();
            const button = finder.named(panel, "Reset to the general settings");
            verify(!button.enabled);
            test.rig.chatSettings.usePersona(3);
            verify(button.enabled);
            button.clicked();
            verify(!test.rig.chatSettings.ownAnything);
            test.rig.notice.trigger();
            compare(test.rig.chatSettings.personaRow, 3);
        }

        function test_a_field_has_the_menu_of_the_right_button() {
            const sheet = createTemporaryObject(sheetType, root, { chatSettings: test.rig.chatSettings, personas: test.rig.personas });
            sheet.saveChat();
            const field = test.shown("Name");
            tryVerify(() => field.activeFocus);
            test.type("Poet");
            mouseClick(field, 10, 10, Qt.RightButton);
            mouseClick(test.shown("Select all"));
            tryCompare(field, "selectedText", "Poet");
        }

        function test_what_a_sheet_deleted_comes_back_from_the_sheet() {
            const sheet = createTemporaryObject(sheetType, root, { chatSettings: test.rig.chatSettings, personas: test.rig.personas,
                notice: test.rig.notice });
            sheet.saveChat();
            tryVerify(() => test.shown("Name").activeFocus);
            test.type("Poet");
            keyClick(Qt.Key_Return);
            tryVerify(() => test.shown("Delete “Poet”"));
            test.shown("Delete “Poet”").clicked();
            compare(test.rig.chatSettings.personaRow, -1);
            mouseClick(test.shown("Undo"));
            compare(test.rig.chatSettings.personaRow, 10);
            tryVerify(() => !finder.named(test.overlay(), "Undo"));
        }

        function test_a_key_or_a_click_beside_a_sheet_does_not_throw_away_what_was_typed() {
            const sheet = createTemporaryObject(sheetType, root, { chatSettings: test.rig.chatSettings, personas: test.rig.personas });
            sheet.saveChat();
            tryVerify(() => test.shown("Name").activeFocus);
            test.type("Poet");
            keyClick(Qt.Key_Escape);
            mouseClick(sheet.parent, 3, 3);
            verify(sheet.opened);
            compare(test.shown("Name").text, "Poet");
            mouseClick(test.shown("Cancel"));
            keyClick(Qt.Key_Escape);
            tryVerify(() => !sheet.opened);
        }

        function test_the_chat_becomes_a_persona_under_a_typed_name() {
            const sheet = createTemporaryObject(sheetType, root, { chatSettings: test.rig.chatSettings, personas: test.rig.personas });
            test.rig.chatSettings.systemPrompt = "Rhyme.";
            sheet.saveChat();
            const field = test.shown("Name");
            tryVerify(() => field.activeFocus);
            test.type("Poet");
            keyClick(Qt.Key_Return);
            compare(test.rig.chatSettings.personaName, "Poet");
            test.shown("Delete “Poet”").clicked();  // below the edge of the list
            compare(test.rig.chatSettings.personaRow, -1);
            test.rig.notice.trigger();
            compare(test.rig.chatSettings.personaRow, 10);
        }

        function test_a_persona_is_edited_in_place() {
            const sheet = createTemporaryObject(sheetType, root, { chatSettings: test.rig.chatSettings, personas: test.rig.personas,
                                                                   notice: test.rig.notice });
            sheet.openList();
            test.shown("Edit “Helpful assistant”").clicked();
            const field = test.shown("Instructions");
            test.replace(field, "Be kind.");
            mouseClick(test.shown("Style: Creative"));
            mouseClick(test.shown("Save"));
            test.shown("Set “Helpful assistant” back to how it came").clicked();
            tryVerify(() => !finder.named(test.overlay(), "Set “Helpful assistant” back to how it came"));
            // An Undo could move the row that is edited.
            test.shown("Edit “Translator”").clicked();
            tryVerify(() => !finder.named(test.overlay(), "Undo"));
            mouseClick(test.shown("Cancel"));
            mouseClick(test.shown("Undo"));
            tryVerify(() => finder.named(test.overlay(), "Set “Helpful assistant” back to how it came"));
        }

        function test_a_prompt_with_variables_is_filled_in_and_lands_at_the_cursor() {
            const page = test.page();
            const input = finder.named(page, "Message");
            test.type("ac");
            input.cursorPosition = 1;
            test.rig.prompts.add("Mine", "<{{what}}:{{size|small,large}}>");
            mouseClick(finder.named(page, "Prompts"));
            tryVerify(() => test.shown("Find a prompt").activeFocus);
            test.type("mine");
            keyClick(Qt.Key_Return);
            const field = test.shown("What");
            tryVerify(() => field.activeFocus);
            verify(!test.shown("Insert").enabled);
            test.type("dog");
            verify(finder.named(test.overlay(), "The message: <dog:small>"));
            mouseClick(test.shown("Insert"));
            compare(input.text, "a<dog:small>c");
            tryVerify(() => input.activeFocus);
        }

        function test_a_prompt_without_variables_is_inserted_at_once() {
            const page = test.page();
            test.rig.prompts.add("Plain", "Just this.");
            page.openPrompts(false);
            mouseClick(test.shown("Plain"));
            compare(test.rig.chat.draft, "Just this.");
        }

        function test_a_slash_opens_the_library_and_is_typed_after_all_when_it_was_meant() {
            const page = test.page();
            keyClick(Qt.Key_Slash);
            tryVerify(() => test.shown("Find a prompt").activeFocus);
            test.type("etc");
            keyClick(Qt.Key_Escape);
            tryCompare(test.rig.chat, "draft", "/etc");
            tryVerify(() => finder.named(page, "Message").activeFocus);
            keyClick(Qt.Key_Slash);
            compare(test.rig.chat.draft, "/etc/");
        }

        function test_the_message_can_be_kept_as_a_prompt() {
            const page = test.page();
            test.type("Hello");
            page.openPrompts(false);
            mouseClick(test.shown("Save my message as a prompt"));
            tryVerify(() => test.shown("Title").activeFocus);
            test.type("Greeting");
            mouseClick(test.shown("Save"));
            test.shown("Delete “Greeting”").clicked();
            tryVerify(() => !finder.named(test.overlay(), "Greeting"));
            test.rig.notice.trigger();
            test.shown("Greeting");
            keyClick(Qt.Key_Escape);
            tryVerify(() => finder.named(page, "Message").activeFocus);
            compare(test.rig.chat.draft, "Hello");
        }
    }
}
