// Searching all chats (Ctrl+K) and finding in one (Ctrl+F), in the whole window without an engine.
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
            width: 1000
            height: 700
        }
    }

    TestCase {
        id: test

        property QtObject app
        property Window window
        readonly property string filling: "\n\n" + "Something else. ".repeat(60)

        name: "Search"
        when: windowShown

        function init() {
            test.app = driver.makeApp();
            test.app.settings.language = "en";
            driver.storeChat("Fruit for winter", ["Which apples keep?", "Boskoop apples keep for months." + test.filling,
                                                 "And pears?", "Pears do not." + test.filling,
                                                 "Then apples it is", "Good choice: Ápples!" + test.filling]);
            driver.storeChat("Sea and <b>ships</b>", ["What is a brig?", "A ship with two masts." + test.filling]);
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
            // With what lies over the page.
            return finder.named(test.window.contentItem.parent, name);
        }

        function starting(words: string): Item {
            return finder.found(test.window.contentItem.parent, item => (item.Accessible.name ?? "").startsWith(words));
        }

        function field(): Item {
            return test.named("Search all chats") ? finder.found(test.named("Found").parent, item => item.placeholderText === "Search all chats") : null;
        }

        function search(text: string) {
            keyClick(Qt.Key_K, Qt.ControlModifier);
            tryVerify(() => test.field()?.activeFocus);
            test.type(text);
            tryVerify(() => !test.app.search.busy);
        }

        function type(text: string) {
            for (const letter of text)
                keyClick(letter);
        }

        function openFruit() {
            test.search("winter");
            keyClick(Qt.Key_Return);
            tryCompare(test.app.chat.messages, "count", 6);
        }

        function find(text: string) {
            keyClick(Qt.Key_F, Qt.ControlModifier);
            tryVerify(() => test.named("Find in this chat"));
            test.type(text);
        }

        function conversation(): Item {
            return test.named("Conversation");
        }

        function inSight(name: string): bool {
            const item = test.starting(name);
            if (!item)
                return false;
            const y = item.mapToItem(test.conversation(), 0, 0).y;
            return y > -item.height && y < test.conversation().height;
        }

        function test_recent_chats_are_offered_before_anything_is_typed() {
            test.search("");
            tryVerify(() => finder.worded(test.named("Found"), "Recent chats"));
            verify(test.starting("Chat: Fruit for winter"));
            verify(test.starting("Chat: Sea and <b>ships</b>"));
        }

        function test_enter_goes_to_the_message_and_marks_it() {
            test.search("boskoop");
            tryVerify(() => test.starting("Answer in “Fruit for winter”"));
            keyClick(Qt.Key_Return);
            tryCompare(test.app.chat, "title", "Fruit for winter");
            tryVerify(() => test.inSight("Answer: Boskoop"));
            compare(test.conversation().foundRow, 1);
            tryVerify(() => test.named("Message").activeFocus);
            verify(!test.named("Search all chats"));
            tryCompare(test.conversation(), "foundRow", -1);
        }

        function test_the_arrow_keys_walk_through_chats_and_messages() {
            test.search("apples");
            compare(test.app.search.count, 4);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Up);
            keyClick(Qt.Key_PageDown);
            keyClick(Qt.Key_PageUp);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            // Newest first: "Good choice", then "Then apples".
            tryVerify(() => test.inSight("You: Then apples"));
            compare(test.conversation().foundRow, 4);
        }

        // Over the words that are there, and Enter before anything was found. In one turn, as what is found comes in another.
        function typeAndEnter(text: string) {
            const field = test.field();
            field.text = text;
            field.textEdited();
            verify(test.app.search.busy);
            field.accepted();
        }

        function test_enter_right_after_typing_waits_for_what_is_found() {
            test.search("winter");
            test.typeAndEnter("brig");
            tryCompare(test.app.chat, "title", "Sea and <b>ships</b>");
            verify(!test.field());
        }

        function test_enter_is_forgotten_when_typing_goes_on_or_nothing_is_found() {
            test.search("winter");
            test.typeAndEnter("bri");
            test.field().text = "brig";
            test.field().textEdited();
            tryVerify(() => !test.app.search.busy);
            verify(test.field());
            test.typeAndEnter("zebra");
            tryVerify(() => !test.app.search.busy);
            verify(test.field());
            compare(test.app.chat.title, "");
        }

        function test_a_row_can_be_clicked() {
            test.search("masts");
            tryVerify(() => test.starting("Answer in"));
            mouseClick(test.starting("Answer in"));
            tryCompare(test.app.chat, "title", "Sea and <b>ships</b>");
            tryVerify(() => test.inSight("Answer: A ship"));
        }

        function test_escape_closes_and_gives_the_keyboard_back() {
            test.openFruit();
            const before = test.named("Message");
            tryVerify(() => before.activeFocus);
            test.search("zebra");
            tryVerify(() => finder.worded(test.named("Found").parent, "Nothing found"));
            keyClick(Qt.Key_Return);
            verify(test.field());
            keyClick(Qt.Key_Escape);
            tryVerify(() => !test.named("Search all chats"));
            tryVerify(() => before.activeFocus);
            compare(test.app.chat.title, "Fruit for winter");
        }

        function test_the_words_of_last_time_are_selected() {
            test.search("zebra");
            keyClick(Qt.Key_Escape);
            tryVerify(() => !test.named("Search all chats"));
            test.search("brig");
            compare(test.app.search.query, "brig");
        }

        function test_the_tab_key_reaches_the_rows_and_stays_in_the_palette() {
            test.search("apples");
            keyClick(Qt.Key_Tab);
            verify(test.named("Found").activeFocus);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            tryCompare(test.app.chat, "title", "Fruit for winter");
        }

        function test_a_time_is_chosen_with_the_keyboard() {
            driver.storeChat("Old fruit", ["Dried apples?", "Yes."], 20);
            test.search("apples");
            compare(test.app.search.count, 5);
            verify(test.starting("You in “Old fruit”"));
            keyClick(Qt.Key_Tab);
            keyClick(Qt.Key_Tab);
            const box = test.named("Time: Any time");
            verify(box.activeFocus);
            keyClick(Qt.Key_Space);
            tryVerify(() => box.popup.opened);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            tryVerify(() => !box.popup.visible);
            compare(box.Accessible.name, "Time: Last 7 days");
            tryCompare(test.app.search, "count", 4);
            verify(!test.starting("You in “Old fruit”"));
            keyClick(Qt.Key_Down);
            compare(box.Accessible.name, "Time: Last 30 days");
            tryCompare(test.app.search, "count", 5);
            keyClick(Qt.Key_Tab);
            verify(test.field().activeFocus);
            keyClick(Qt.Key_Escape);
            tryVerify(() => !test.named("Search all chats"));
            // It stays for the next search, and can be seen.
            test.search("apples");
            verify(test.named("Time: Last 30 days"));
        }

        function test_nothing_in_a_time_is_said() {
            driver.storeChat("Old fruit", ["Dried plums?", "Yes."], 20);
            test.search("plums");
            tryCompare(test.app.search, "count", 1);
            test.app.search.period = SearchModel.Period.Week;
            tryVerify(() => finder.worded(test.named("Found").parent, "Nothing found"));
            verify(finder.worded(test.named("Found").parent, "Only the time that is chosen above was searched."));
        }

        function test_find_counts_and_steps_with_enter_and_f3() {
            test.openFruit();
            test.find("apples");
            const field = () => finder.found(test.named("Find in this chat"), item => item.placeholderText === "Find in this chat");
            verify(field().activeFocus);
            compare(test.app.find.count, 4);
            verify(finder.worded(test.named("Find in this chat"), test.app.find.current + " of 4"));
            while (test.app.find.current !== 1)
                keyClick(Qt.Key_Return);
            tryVerify(() => test.inSight("You: Which apples"));
            compare(test.conversation().foundRow, 0);
            keyClick(Qt.Key_F3);
            compare(test.conversation().foundRow, 1);
            keyClick(Qt.Key_Return, Qt.ShiftModifier);
            keyClick(Qt.Key_F3, Qt.ShiftModifier);
            verify(finder.worded(test.named("Find in this chat"), "4 of 4"));
            tryVerify(() => test.inSight("Answer: Good choice"));
            mouseClick(test.named("Next place"));
            compare(test.app.find.current, 1);
            keyClick(Qt.Key_Escape);
            verify(!test.named("Find in this chat"));
            compare(test.conversation().foundRow, -1);
            verify(test.named("Message").activeFocus);
        }

        // Whether `word`, the first or the last one of the block with the current place, can be seen.
        function placeInSight(word: string, last: bool): bool {
            const block = finder.found(test.conversation(), item => item.lastPart !== undefined && item.html.includes('class="here"'));
            const edit = block ? finder.found(block, item => item.positionToRectangle !== undefined) : null;
            if (!edit)
                return false;
            const text = edit.getText(0, edit.length);
            const position = last ? text.lastIndexOf(word) : text.indexOf(word);
            const at = edit.mapToItem(test.conversation(), edit.positionToRectangle(position));
            const inside = Qt.rect(0, 0, test.conversation().width - 40, test.conversation().height);
            return position >= 0 && at.left >= 0 && at.left < inside.right && at.top >= 0 && at.bottom <= inside.bottom;
        }

        function test_find_marks_the_words_and_scrolls_to_them() {
            const code = "\n\n```\n" + "line\n".repeat(50) + "needle in code\n" + "x".repeat(200) + " needle\n```";
            driver.storeChat("Haystack", ["Line\n\n".repeat(60) + "Which needle?",
                                          test.filling.repeat(9) + "\n\nThe **needle** itself." + code + test.filling.repeat(9)]);
            test.search("haystack");
            keyClick(Qt.Key_Return);
            tryCompare(test.app.chat.messages, "count", 2);
            test.find("needle");
            compare(test.app.find.count, 4);
            while (test.app.find.current !== 1)
                keyClick(Qt.Key_F3);
            for (const last of [true, true, false, true]) {
                tryVerify(() => test.placeInSight("needle", last), 2000, "place " + test.app.find.current);
                keyClick(Qt.Key_F3);
            }
            verify(test.placeInSight("needle", true));  // the first one again
            keyClick(Qt.Key_Escape);
            verify(!finder.found(test.conversation(), item => (item.html ?? "").includes("class=\"")));
        }

        function test_marks_can_be_seen_in_questions_text_tables_and_code() {
            driver.storeChat("Haystack", ["A needle", "A needle\n\n| needle | b |\n|---|---|\n| 1 | 2 |\n\n```\nneedle\n```"]);
            test.search("haystack");
            keyClick(Qt.Key_Return);
            tryCompare(test.app.chat.messages, "count", 2);
            test.find("needle");
            compare(test.app.find.count, 4);
            while (test.app.find.current !== 1)
                keyClick(Qt.Key_F3);
            waitForRendering(test.conversation());
            const page = test.window.contentItem;
            const picture = grabImage(page);
            const papers = [];
            finder.found(test.conversation(), item => {
                const position = item.positionToRectangle ? item.getText(0, item.length).indexOf("needle") : -1;
                if (position < 0)
                    return false;
                const at = item.mapToItem(page, item.positionToRectangle(position));
                papers.push(picture.pixel(at.x + 2, at.y + 3));
                return false;
            });
            compare(papers.length, 4);
            for (let i = 0; i < 4; i++)
                verify(Qt.colorEqual(papers[i], i === 0 ? Theme.accent : Theme.found), "text " + i + ": " + papers[i]);
        }

        function test_a_search_leads_to_the_block_with_its_words() {
            driver.storeChat("Haystack", ["Where?", "Here it begins." + test.filling.repeat(9) + "\n\nThe **needle** itself." + test.filling.repeat(9)]);
            test.search("needle");
            tryVerify(() => test.starting("Answer in “Haystack”"));
            keyClick(Qt.Key_Return);
            tryVerify(() => test.inSight("The needle itself"));
            verify(!test.inSight("Answer: Here it begins"));
        }

        function test_find_says_when_there_is_nothing() {
            test.openFruit();
            test.find("zebra");
            verify(finder.worded(test.named("Find in this chat"), "Not found"));
            verify(!test.named("Next place").enabled);
            mouseClick(test.named("Close find"));
            verify(!test.named("Find in this chat"));
        }

        function test_find_ends_with_the_chat_it_was_in() {
            test.openFruit();
            test.find("apples");
            test.app.chat.newChat();
            verify(!test.app.find.active);
            keyClick(Qt.Key_F, Qt.ControlModifier);
            verify(!test.app.find.active);
        }
    }
}
