// The list follows the end of the conversation only while the person is there.
import QtQuick
import QtTest
import Tercet
import Tercet.Ui

Item {
    id: root

    width: 700
    height: 420

    Finder {
        id: finder
    }
    Component {
        id: listType

        MessageList {
            anchors.fill: parent
        }
    }

    Component {
        id: pageType

        ChatPage {
            width: root.width
            height: root.height
        }
    }
    Component {
        id: emptyType

        EmptyChat {
            guide: true
        }
    }
    Component {
        id: actionsType

        AnswerActions {
            messageState: MessageModel.State.LengthReached
            stats: "6 tokens · 4,235 tok/s"
            details: "All figures"
            version: 2
            versions: 2
            edited: false
            canRegenerate: true
            canChange: true
            canContinue: true
            shown: true
        }
    }

    TestCase {
        id: test

        property QtObject rig
        property Item list

        readonly property string paragraph: "A paragraph that takes more than one line in this window, so that the "
                                            + "conversation soon becomes taller than what can be seen of it.\n\n"

        name: "MessageList"
        when: windowShown

        function init() {
            test.rig = driver.makeRig();
            for (let i = 0; i < 8; i++)
                test.rig.exchange("Question " + i, test.paragraph.repeat(2));
            test.list = createTemporaryObject(listType, root, { chat: test.rig.chat });
            tryVerify(() => test.list.atEnd && test.list.position > 100);
        }

        function ask() {
            test.rig.chat.draft = "Another question";
            verify(test.rig.chat.send());
        }

        function pill(): Item {
            return finder.named(test.list, "Jump to latest");
        }

        function test_the_end_stays_in_view_while_text_arrives() {
            test.ask();
            let last = test.list.position;
            for (let i = 0; i < 5; i++) {
                test.rig.write(test.paragraph);
                tryVerify(() => test.list.atEnd && test.list.position > last);
                last = test.list.position;
            }
            verify(!test.pill());
        }

        function test_a_turn_of_the_wheel_upwards_ends_following() {
            test.ask();
            test.rig.write(test.paragraph.repeat(3));
            tryVerify(() => test.list.atEnd);
            mouseWheel(test.list, 350, 200, 0, 240);
            tryVerify(() => !test.list.atEnd);
            test.staysWhileTextArrives();
        }

        function test_page_up_ends_following() {
            test.list.forceActiveFocus();
            keyClick(Qt.Key_PageUp);
            tryVerify(() => !test.list.atEnd);
            test.ask();
            test.staysWhileTextArrives();
        }

        function test_a_drag_of_the_scroll_bar_ends_following() {
            mousePress(test.list, test.list.width - 5, test.list.height - 20);
            mouseMove(test.list, test.list.width - 5, 150);
            mouseRelease(test.list, test.list.width - 5, 150);
            tryVerify(() => !test.list.atEnd);
            test.ask();
            test.staysWhileTextArrives();
        }

        function test_how_an_answer_ended_does_not_stand_alone() {
            test.ask();
            test.rig.write("Half");
            test.rig.finishStopped();
            test.rig.exchange("Next", "Short");
            test.rig.exchange("Last", "Short");
            tryVerify(() => finder.named(test.list, "Stopped"));
            const line = finder.named(test.list, "Stopped").parent;
            compare(line.messageState, MessageModel.State.Stopped);
            verify(line.shown);
            verify(finder.found(test.list, item => item instanceof AnswerActions && !item.shown));
        }

        function test_the_pill_leads_back_and_following_begins_again() {
            test.list.forceActiveFocus();
            keyClick(Qt.Key_Home);
            tryVerify(() => test.pill());
            mouseClick(test.pill());
            tryVerify(() => test.list.atEnd && !test.pill());
            test.ask();
            test.rig.write(test.paragraph.repeat(4));
            tryVerify(() => test.list.atEnd);
        }

        function test_reaching_the_end_by_key_begins_following_again() {
            test.list.forceActiveFocus();
            keyClick(Qt.Key_Home);
            tryVerify(() => !test.list.atEnd);
            keyClick(Qt.Key_End);
            tryVerify(() => test.list.atEnd);
            test.ask();
            test.rig.write(test.paragraph.repeat(4));
            tryVerify(() => test.list.atEnd);
        }

        function test_what_comes_above_the_messages_does_not_move_what_is_read() {
            const rig = test.rig;
            const page = createTemporaryObject(pageType, root, { chat: rig.chat, model: rig.model, settings: rig.settings,
                find: rig.find, prompts: rig.prompts, filledPrompt: rig.filledPrompt });
            const messages = finder.named(page, "Conversation");
            const place = () => Math.round(messages.mapToItem(root, 0, 0).y - messages.position);
            tryVerify(() => messages.atEnd && messages.position > 100);
            messages.forceActiveFocus();
            keyClick(Qt.Key_PageUp);
            tryVerify(() => !messages.atEnd);
            const before = place();
            // As the window does when a notice comes.
            page.y = 90;
            page.height -= 90;
            wait(50);
            compare(place(), before);
            rig.find.active = true;
            tryVerify(() => messages.y > 20);
            wait(50);
            compare(place(), before);
            rig.find.active = false;
            page.y = 0;
            page.height += 90;
            wait(50);
            compare(place(), before);
            // The end stays the end.
            messages.followEnd();
            tryVerify(() => messages.atEnd);
            page.y = 90;
            page.height -= 90;
            tryVerify(() => messages.atEnd && messages.following);
        }

        function test_home_shows_the_first_message() {
            test.list.forceActiveFocus();
            keyClick(Qt.Key_Home);
            tryVerify(() => finder.named(test.list, "You: Question 0"));
        }

        function test_progress_stands_in_the_answers_place_while_the_model_reads() {
            test.ask();
            test.rig.read(37, 100, 20);
            tryVerify(() => finder.found(test.list, item => (item.Accessible.name ?? "").startsWith("Reading your message 37 %")));
            test.rig.write("Here it is");
            tryVerify(() => !finder.found(test.list, item => (item.Accessible.name ?? "").startsWith("Reading")));
        }

        function test_a_question_without_an_answer_offers_to_have_one() {
            verify(!finder.named(test.list, "Answer this message"));
            test.rig.chat.deleteMessage(test.rig.chat.messages.count - 1);
            tryVerify(() => finder.named(test.list, "Answer this message"));
            const requests = test.rig.requests;
            tryVerify(() => test.list.atEnd);
            // The list comes to rest.
            wait(200);
            mouseClick(finder.named(test.list, "Answer this message"));
            compare(test.rig.requests, requests + 1);
            tryVerify(() => !finder.named(test.list, "Answer this message"));
            test.rig.write("Here it is.");
            test.rig.finish();
            tryVerify(() => finder.named(test.list, "Write this answer again"));
            verify(!finder.named(test.list, "Answer this message"));
        }

        function test_an_answer_can_be_copied_and_written_again() {
            mouseClick(finder.named(test.list, "Write this answer again"));
            compare(test.rig.chat.state, ChatController.State.Reading);
            test.rig.write("Written anew");
            test.rig.finish();
            tryVerify(() => finder.named(test.list, "Answer: Written anew"));
            tryVerify(() => finder.found(test.list, item => item.isLast === true && item.enabled && finder.named(item, "Copy this answer")));
            const last = finder.found(test.list, item => item.isLast === true && finder.named(item, "Copy this answer"));
            mouseClick(finder.named(last, "Copy this answer"));
            compare(driver.clipboard(), "Written anew");
        }

        function test_a_tip_goes_away_on_press_and_does_not_come_with_what_is_new_under_the_pointer() {
            const words = "Write this answer again";
            const again = () => test.action(words);
            tryVerify(() => again());
            wait(400);  // what has just appeared has no tip
            mouseMove(again(), 10, 10);
            tryVerify(() => test.tip(words));
            mousePress(again(), 10, 10);
            verify(!test.tip(words));
            const place = again().mapToItem(root, 10, 10);
            mouseRelease(again(), 10, 10);
            tryVerify(() => !again());
            wait(100);  // a frame without it
            test.rig.write(test.paragraph.repeat(2));
            test.rig.finish();
            tryVerify(() => test.list.atEnd && again() && again().hovered && again().contains(again().mapFromItem(root, place)));
            wait(800);
            verify(!test.tip(words));
            mouseMove(root, 5, 5);
            tryVerify(() => !again().hovered);
            mouseMove(root, place.x, place.y);
            tryVerify(() => test.tip(words));
        }

        function test_one_tip_at_a_time() {
            tryVerify(() => test.action("Copy this answer"));
            const copy = test.action("Copy this answer");
            copy.forceActiveFocus(Qt.TabFocusReason);
            tryVerify(() => test.tip("Copy this answer"));
            mouseMove(test.action("Edit this answer"), 10, 10);
            tryVerify(() => test.tip("Edit this answer"));
            verify(!test.tip("Copy this answer"));
            mouseMove(root, 5, 5);
            tryVerify(() => !test.tip("Edit this answer"));
        }

        function test_a_stopped_answer_says_so() {
            test.ask();
            test.rig.write("Half an");
            test.rig.chat.stop();
            test.rig.finishStopped();
            tryVerify(() => finder.worded(test.list, "Stopped"));
        }

        function test_an_empty_chat_fits_into_a_low_window() {
            // What 800 x 600 leaves for it; beside the panel it is narrower.
            const page = createTemporaryObject(emptyType, root, { width: 488, height: 408 });
            waitForRendering(page);
            verify(!page.interactive, page.contentHeight);
            const last = finder.named(page, "Get a bigger model");
            verify(last.mapToItem(page, 0, last.height).y <= page.height - 10);
        }

        function test_what_stands_under_an_answer_never_overlaps_data() {
            return [712, 640, 540, 488, 440, 300].map(width => ({ tag: width + " pixels", width: width }));
        }

        function test_what_stands_under_an_answer_never_overlaps(row) {
            const actions = createTemporaryObject(actionsType, root, { width: row.width });
            waitForRendering(actions);
            const ending = finder.worded(actions, "Cut off at the answer length");
            const figures = finder.worded(actions, actions.stats);
            verify(ending.width >= ending.implicitWidth && figures.width >= figures.implicitWidth);
            const parts = [
                finder.named(actions, "Delete this answer"), finder.named(actions, "Next version"),
                finder.named(actions, "Continue"), ending, figures
            ].map(part => part.mapToItem(actions, 0, 0, part.width, part.height));
            for (let i = 0; i < parts.length; i++) {
                verify(parts[i].right <= actions.width && parts[i].bottom <= actions.height, "part " + i + ": " + parts[i]);
                // As the Tab key goes: to the right or down.
                if (i > 0)
                    verify(parts[i].left >= parts[i - 1].right || parts[i].top >= parts[i - 1].top + 20, "part " + i + ": " + parts[i]);
            }
            compare(parts[4].right, actions.width);
        }

        function test_the_keyboard_reaches_all_figures_of_an_answer() {
            const figures = () => finder.found(test.list, item => item.activeFocusOnTab && item.elide === Text.ElideLeft);
            tryVerify(() => figures());
            verify(figures().text.length > 0);
            compare(figures().Accessible.name, figures().text);
            const all = figures().Accessible.description;
            verify(all.length > figures().text.length);
            verify(!finder.worded(test.list.Window.window.contentItem, all));
            figures().forceActiveFocus(Qt.TabFocusReason);
            verify(figures().activeFocus);
            tryVerify(() => finder.worded(test.list.Window.window.contentItem, all));
            root.forceActiveFocus();
            tryVerify(() => !finder.worded(test.list.Window.window.contentItem, all));
        }

        function test_the_keyboard_walks_through_links_and_opens_them() {
            test.rig.exchange("See?", "See [**one**](https://example.org/one), and [two](https://example.org/two?a=1&b=2).\n\n"
                              + test.paragraph.repeat(6) + "\n\nAnd [one](https://example.org/one) again.");
            tryVerify(() => test.list.atEnd);
            const link = (name, address) => finder.found(test.list, item => item.Accessible.role === Accessible.Link
                && item.Accessible.name === name && item.Accessible.description === address);
            tryVerify(() => link("one", "https://example.org/one"));
            const first = link("one", "https://example.org/one");
            const inSight = item => {
                const y = item.mapToItem(test.list, 0, 0).y;
                return y >= 0 && y + item.height <= test.list.height;
            };
            first.forceActiveFocus(Qt.TabFocusReason);
            tryVerify(() => inSight(first));
            verify(first.width > 10 && first.width < 60 && first.height > 10 && first.height < 40, first.width + "x" + first.height);
            keyClick(Qt.Key_Tab);
            const second = link("two", "https://example.org/two?a=1&b=2");
            verify(second.activeFocus);
            verify(second.x > first.x + first.width);
            keyClick(Qt.Key_Return);
            compare(driver.openedPage().toString(), "https://example.org/two?a=1&b=2");
            keyClick(Qt.Key_Backtab);
            verify(first.activeFocus);
            keyClick(Qt.Key_Enter);
            compare(driver.openedPage().toString(), "https://example.org/one");
            // A click into the text later does not bring the keyboard back to the link.
            root.forceActiveFocus();
            mouseClick(test.list, 300, 150);
            verify(test.list.activeFocus && !first.activeFocus);
        }

        function test_code_can_be_copied_without_the_words_around_it() {
            const copied = createTemporaryQmlObject("import QtTest; SignalSpy {}", root);
            copied.target = test.list;
            copied.signalName = "copyTextRequested";
            test.ask();
            test.rig.write("Look:\n\n```python\nprint(\"<b>\")\nx = 1 & 2\n```\n\nDone.");
            test.rig.finish();
            tryVerify(() => finder.named(test.list, "Copy this code") && test.list.atEnd);
            mouseClick(finder.named(test.list, "Copy this code"));
            compare(copied.count, 1);
            compare(copied.signalArguments[0][0].trim(), "print(\"<b>\")\nx = 1 & 2");
        }

        function test_a_long_answer_makes_delegates_for_what_is_in_sight_only() {
            test.ask();
            test.rig.write("A paragraph.\n\n".repeat(1000));
            tryVerify(() => test.list.atEnd);
            tryVerify(() => test.delegates() > 10);
            verify(test.delegates() < 150, test.delegates());
            test.rig.write("And more.\n\n".repeat(1000));
            tryVerify(() => test.list.atEnd);
            verify(test.delegates() < 150, test.delegates());
            test.list.forceActiveFocus();
            for (let i = 0; i < 20; i++)
                keyClick(Qt.Key_PageUp);
            verify(test.delegates() < 200, test.delegates());
        }

        function test_long_code_makes_delegates_for_what_is_in_sight_only() {
            test.ask();
            test.rig.write("```c\n" + "int x = 1; // a line\n".repeat(3000));
            tryVerify(() => test.list.atEnd);
            verify(test.delegates() < 150, test.delegates());
        }

        function test_a_drag_selects_across_blocks_and_ctrl_c_copies() {
            test.ask();
            test.rig.write("# First\n\nSecond **bold**\n\n- third");
            test.rig.finish();
            tryVerify(() => finder.named(test.list, "Answer: First"));
            tryVerify(() => test.list.atEnd);
            const first = finder.named(test.list, "Answer: First");
            const third = finder.named(test.list, "• third");
            const from = first.mapToItem(test.list, 0, first.height - 8);
            const to = third.mapToItem(test.list, 400, third.height / 2);
            mousePress(test.list, from.x + 1, from.y);
            mouseMove(test.list, from.x + 30, from.y + 10);
            mouseMove(test.list, to.x, to.y);
            mouseRelease(test.list, to.x, to.y);
            const copied = test.spyOnCopies();
            keyClick(Qt.Key_C, Qt.ControlModifier);
            compare(copied.signalArguments[0][0], "First\n\nSecond bold\n\n• third");
            keyClick(Qt.Key_Left, Qt.ShiftModifier);
            keyClick(Qt.Key_C, Qt.ControlModifier);
            compare(copied.signalArguments[1][0], "First\n\nSecond bold\n\n• thir");
            keyClick(Qt.Key_A, Qt.ControlModifier);
            keyClick(Qt.Key_C, Qt.ControlModifier);
            compare(copied.signalArguments[2][0], "First\n\nSecond bold\n\n• third");
            keyClick(Qt.Key_Escape);
            keyClick(Qt.Key_C, Qt.ControlModifier);
            compare(copied.count, 3);
        }

        function test_the_keyboard_selects_any_message_and_opens_its_menu() {
            const copied = test.spyOnCopies();
            test.list.forceActiveFocus();
            keyClick(Qt.Key_Up, Qt.AltModifier);
            keyClick(Qt.Key_C, Qt.ControlModifier);
            verify(copied.signalArguments[0][0].startsWith("A paragraph that"));
            keyClick(Qt.Key_Up, Qt.AltModifier);
            keyClick(Qt.Key_C, Qt.ControlModifier);
            compare(copied.signalArguments[1][0], "Question 7");
            for (let i = 0; i < 20; i++)
                keyClick(Qt.Key_Up, Qt.AltModifier);
            keyClick(Qt.Key_C, Qt.ControlModifier);
            compare(copied.signalArguments[2][0], "Question 0");
            tryVerify(() => finder.named(test.list, "You: Question 0"));
            keyClick(Qt.Key_F10, Qt.ShiftModifier);
            tryVerify(() => test.entry("Copy message"));
            keyClick(Qt.Key_Escape);
            tryVerify(() => !test.entry("Copy message"));
            test.list.forceActiveFocus();
            keyClick(Qt.Key_Escape);
            keyClick(Qt.Key_Right, Qt.ShiftModifier);
            keyClick(Qt.Key_C, Qt.ControlModifier);
            compare(copied.signalArguments[3][0], "Q");
        }

        function test_the_context_menu_copies_markdown() {
            test.ask();
            test.rig.write("Some **bold** words");
            test.rig.finish();
            tryVerify(() => finder.named(test.list, "Answer: Some bold words") && test.list.atEnd);
            const row = finder.named(test.list, "Answer: Some bold words");
            mouseDoubleClickSequence(row, 60, row.height - 12);
            const copied = test.spyOnCopies();
            mouseClick(row, 60, row.height - 12, Qt.RightButton);
            tryVerify(() => test.entry("Copy as Markdown"));
            waitForRendering(test.list);
            mouseClick(test.entry("Copy as Markdown"));
            tryCompare(copied, "count", 1);
            compare(copied.signalArguments[0][0], "**bold**");
        }

        function test_a_questions_text_is_selected_in_its_bubble() {
            test.ask();
            tryVerify(() => test.list.atEnd && finder.named(test.list, "You: Another question"));
            const bubble = finder.named(test.list, "You: Another question");
            const copied = test.spyOnCopies();
            mouseDoubleClickSequence(bubble, bubble.width - 40, 24);
            keyClick(Qt.Key_C, Qt.ControlModifier);
            compare(copied.signalArguments[0][0], "question");
        }

        // A button below the last answer.
        function action(name: string): Item {
            const row = finder.found(test.list, item => item.isLast === true && finder.named(item, name));
            return row ? finder.named(row, name) : null;
        }

        function tip(text: string): Item {
            return finder.found(test.list.Window.window.contentItem, item => item.text === text && item.lineCount !== undefined);
        }

        function delegates(): int {
            let count = 0;
            const list = finder.found(test.list, item => item.contentItem !== undefined && item.cacheBuffer !== undefined);
            const items = list.contentItem.children;
            for (let i = 0; i < items.length; i++)
                count += items[i].rowKind !== undefined ? 1 : 0;
            return count;
        }

        function entry(text: string): Item {
            return finder.found(test.list.Window.window.contentItem, item => item.Accessible.name === text);
        }

        function spyOnCopies(): QtObject {
            const spy = createTemporaryQmlObject("import QtTest; SignalSpy {}", root);
            spy.target = test.list;
            spy.signalName = "copyTextRequested";
            return spy;
        }

        function staysWhileTextArrives() {
            wait(0);
            tryVerify(() => test.rig.chat.state !== ChatController.State.Idle);
            const seen = finder.named(test.list, "You: Question 7");
            tryVerify(() => !test.list.moving);
            const place = () => seen.mapToItem(test.list, 0, 0).y;
            const before = place();
            for (let i = 0; i < 5; i++) {
                test.rig.write(test.paragraph);
                wait(20);
                compare(place(), before);
            }
            verify(!test.list.following);
            verify(test.pill());
        }
    }
}
