// Typing and sending.
import QtQuick
import QtTest
import Tercet
import Tercet.Ui

Item {
    id: root

    width: 700
    height: 500

    Finder {
        id: finder
    }
    Component {
        id: composerType

        Composer {
            width: 600
            height: implicitHeight
            maximumHeight: 240
            sendWithEnter: true
        }
    }

    SignalSpy {
        id: scrolled

        signalName: "scrollKeyPressed"
    }

    TestCase {
        id: test

        property QtObject rig
        property Item composer
        property Item input

        name: "Composer"
        when: windowShown

        function init() {
            test.rig = driver.makeRig();
            test.composer = createTemporaryObject(composerType, root, { chat: test.rig.chat });
            test.composer.focusInput();
            test.input = finder.named(test.composer, "Message");
            verify(test.input);
            tryVerify(() => test.input.activeFocus);
        }

        function cleanup() {
            Theme.zoom = 1;
        }

        function type(text: string) {
            for (const letter of text)
                keyClick(letter);
        }

        function sendButton(): Item {
            return finder.named(test.composer, "Send");
        }

        function test_a_low_window_has_every_button_beside_the_text() {
            test.composer.maximumHeight = 100;
            let right = test.input.mapToItem(test.composer, test.input.width, 0).x;
            for (const name of ["Prompts", "Attach a file", "Send"]) {
                const button = finder.named(test.composer, name);
                verify(button && button.visible, name);
                const x = button.mapToItem(test.composer, 0, 0).x;
                verify(x >= right, name + " at " + x + ", before it up to " + right);
                right = x + button.width;
                verify(button.height <= test.composer.height);
            }
            verify(right <= test.composer.width);
        }

        function test_enter_sends_and_empties_the_field() {
            test.type("hello");
            keyClick(Qt.Key_Return);
            compare(test.rig.requests, 1);
            compare(test.rig.question, "hello");
            compare(test.input.text, "");
        }

        function test_the_enter_of_the_number_pad_sends_too() {
            test.type("hello");
            keyClick(Qt.Key_Enter);
            compare(test.rig.requests, 1);
        }

        function test_shift_enter_begins_a_new_line() {
            test.type("one");
            keyClick(Qt.Key_Return, Qt.ShiftModifier);
            test.type("two");
            compare(test.rig.requests, 0);
            keyClick(Qt.Key_Return);
            compare(test.rig.question, "one\ntwo");
        }

        function test_enter_is_for_lines_where_the_person_chose_so() {
            test.composer.sendWithEnter = false;
            test.type("one");
            keyClick(Qt.Key_Return);
            test.type("two");
            compare(test.rig.requests, 0);
            keyClick(Qt.Key_Return, Qt.ControlModifier);
            compare(test.rig.question, "one\ntwo");
        }

        function test_the_button_sends_and_leaves_the_keyboard_in_the_field() {
            test.type("hello");
            mouseClick(test.sendButton());
            compare(test.rig.question, "hello");
            verify(test.input.activeFocus);
        }

        function test_blank_text_is_not_sent() {
            verify(!test.sendButton().enabled);
            test.type("   ");
            verify(!test.sendButton().enabled);
            keyClick(Qt.Key_Return);
            compare(test.rig.requests, 0);
            compare(test.input.text, "   ");
        }

        function test_nothing_is_sent_while_an_answer_is_written() {
            test.type("first");
            keyClick(Qt.Key_Return);
            test.rig.write("An answer");
            test.type("second");
            keyClick(Qt.Key_Return);
            compare(test.rig.requests, 1);
            compare(test.input.text, "second");
        }

        function test_the_button_stops_while_the_model_reads_or_writes() {
            test.type("first");
            keyClick(Qt.Key_Return);
            compare(test.rig.chat.state, ChatController.State.Reading);
            const stopButton = finder.named(test.composer, "Stop");
            verify(stopButton);
            verify(!test.sendButton());
            mouseClick(stopButton);
            compare(test.rig.chat.state, ChatController.State.Stopping);
            test.rig.finishStopped();
            tryVerify(() => test.sendButton());
        }

        function test_it_grows_with_the_text_but_not_beyond_its_room() {
            const before = test.composer.implicitHeight;
            test.input.text = "line\n".repeat(3);
            tryVerify(() => test.composer.implicitHeight > before);
            test.input.text = "line\n".repeat(200);
            tryVerify(() => test.composer.implicitHeight > 200);
            verify(test.composer.implicitHeight <= test.composer.maximumHeight + 5);
        }

        function test_keys_that_scroll_are_told_data() {
            return [
                { tag: "page up", key: Qt.Key_PageUp, text: "words", told: true },
                { tag: "page down", key: Qt.Key_PageDown, text: "", told: true },
                { tag: "home, nothing typed", key: Qt.Key_Home, text: "", told: true },
                { tag: "end, nothing typed", key: Qt.Key_End, text: "", told: true },
                { tag: "home, in a text", key: Qt.Key_Home, text: "words", told: false }
            ];
        }
        function test_keys_that_scroll_are_told(row) {
            scrolled.target = test.composer;
            scrolled.clear();
            test.type(row.text);
            keyClick(row.key);
            compare(scrolled.count, row.told ? 1 : 0);
            if (row.told)
                compare(scrolled.signalArguments[0][0], row.key);
            else
                compare(test.input.cursorPosition, 0);
        }

        function test_tab_leaves_the_field() {
            test.type("hello");
            keyClick(Qt.Key_Tab);
            verify(!test.input.activeFocus);
            compare(test.input.text, "hello");
            for (let i = 0; i < 5 && !test.sendButton().activeFocus; i++)
                keyClick(Qt.Key_Tab);
            verify(test.sendButton().activeFocus);
            for (let i = 0; i < 5 && !test.input.activeFocus; i++)
                keyClick(Qt.Key_Tab, Qt.ShiftModifier);
            verify(test.input.activeFocus);
        }

        function test_tab_goes_from_left_to_right_data() {
            return [{ tag: "high window", height: 240 }, { tag: "low window", height: 100 }];
        }

        function test_tab_goes_from_left_to_right(row) {
            test.composer.maximumHeight = row.height;
            test.type("hello");
            let x = -1;
            for (const name of ["Prompts", "Attach a file", "Send"]) {
                keyClick(Qt.Key_Tab);
                const button = finder.named(test.composer, name);
                verify(button.activeFocus, name);
                const left = button.mapToItem(test.composer, 0, 0).x;
                verify(left > x, name + " at " + left + ", after " + x);
                x = left;
            }
        }

        function test_the_hint_says_what_enter_does() {
            test.rig.exchange("A question", "An answer");
            verify(finder.worded(test.composer, "Enter to send"));
            test.rig.chat.beginEdit(1);
            tryVerify(() => finder.worded(test.composer, "Enter to save"));
            test.composer.sendWithEnter = false;
            verify(finder.worded(test.composer, "Ctrl+Enter to save"));
            test.rig.chat.cancelEdit();
            verify(finder.worded(test.composer, "Ctrl+Enter to send"));
        }

        function test_no_scroll_bar_stays_in_an_empty_field_after_zooming() {
            const bar = () => finder.found(test.composer, item => item.minimumSize !== undefined && item.orientation === Qt.Vertical);
            verify(!bar());
            for (const zoom of [2, 1, 1.5, 2, 1.5, 1]) {
                Theme.zoom = zoom;
                waitForRendering(test.composer);
                verify(!bar(), zoom);
            }
            test.input.text = "line\n".repeat(200);
            tryVerify(() => bar());
        }

        function test_the_draft_outlives_the_field() {
            test.type("kept");
            const other = createTemporaryObject(composerType, root, { chat: test.rig.chat });
            compare(finder.named(other, "Message").text, "kept");
        }
    }
}
