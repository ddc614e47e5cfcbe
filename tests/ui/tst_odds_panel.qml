// The words of an answer: clicked, walked by key, and gone on from.
import QtQuick
import QtTest
import Tercet
import Tercet.Ui

Item {
    id: root

    width: 600
    height: 520

    Finder {
        id: finder
    }
    Component {
        id: panelType

        OddsPanel {
            anchors.fill: parent
        }
    }

    TestCase {
        id: test

        property QtObject rig
        property Item panel

        name: "OddsPanel"
        when: windowShown

        function init() {
            test.rig = driver.makeRig();
            test.rig.lendModel();
            test.rig.exchange("Question", "abcd xyz\nsecond line");
            test.rig.odds.open(1);
            test.panel = createTemporaryObject(panelType, root, { odds: test.rig.odds });
            test.panel.forceActiveFocus();
            test.rig.tellOdds();
        }

        function named(name: string): Item {
            return finder.named(test.panel, name);
        }

        function words(): Item {
            return finder.worded(test.panel, "abcd xyz\nsecond line");
        }

        function test_a_click_looks_at_the_word_under_it() {
            const text = test.words();
            for (const place of [3, 0, 11, 2]) {
                const from = text.positionToRectangle(place);
                const to = text.positionToRectangle(place + 1);
                mouseClick(text, from.x + (to.x - from.x) * 0.8, from.y + from.height / 2);
                verify(test.rig.odds.begin <= place && place < test.rig.odds.begin + test.rig.odds.length, place);
                tryCompare(text, "selectionStart", test.rig.odds.begin);
                tryCompare(text, "selectionEnd", test.rig.odds.begin + test.rig.odds.length);
            }
        }

        function test_the_arrow_keys_and_the_buttons_walk() {
            compare(test.rig.odds.begin, 0);
            verify(!test.named("Word before").enabled);
            keyClick(Qt.Key_Right);
            const second = test.rig.odds.begin;
            verify(second > 0);
            keyClick(Qt.Key_Right);
            verify(test.rig.odds.begin > second);
            keyClick(Qt.Key_Left);
            compare(test.rig.odds.begin, second);
            mouseClick(test.named("Word before"));
            compare(test.rig.odds.begin, 0);
            mouseClick(test.named("Word after"));
            compare(test.rig.odds.begin, second);
        }

        function test_what_could_stand_there_is_listed_with_its_share() {
            tryVerify(() => test.named("a, 50.0 %, written"));
            verify(test.named("z, 25.0 %"));
            verify(test.named("end of the answer, 12.5 %"));
            verify(finder.found(test.panel, item => (item.text ?? "").startsWith("All other words together: 12.5 %.")));
            keyClick(Qt.Key_Right);
            verify(test.rig.odds.busy);
            verify(finder.found(test.panel, item => (item.text ?? "").endsWith("· computing")));
        }

        function test_another_word_is_taken_by_key() {
            keyClick(Qt.Key_Right);
            test.rig.tellOdds();
            const before = "abcd".slice(0, test.rig.odds.begin);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            compare(test.rig.requests, 2);
            compare(test.rig.question, before + "z");
            verify(!test.rig.odds.active);
        }

        function test_another_word_is_taken_by_a_click() {
            tryVerify(() => test.named("z, 25.0 %"));
            mouseClick(test.named("z, 25.0 %"));
            compare(test.rig.question, "z");
        }

        function test_up_leads_from_the_list_back_to_the_text() {
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Up);
            keyClick(Qt.Key_Up);
            verify(test.named("Words of an answer. Left and right go from word to word.").activeFocus);
        }

        function test_a_failure_is_said_in_words() {
            keyClick(Qt.Key_Right);
            test.rig.failOdds();
            verify(test.named(test.rig.odds.error));
            verify(!test.named("z, 25.0 %"));
        }

        function test_a_word_far_down_comes_into_sight() {
            test.rig.odds.close();
            test.rig.exchange("Question", "A line of words\n".repeat(80) + "end");
            test.rig.odds.open(3, 80 * 16);
            const text = finder.found(test.panel, item => (item.text ?? "").endsWith("\nend"));
            const place = () => text.mapToItem(test.panel, 0, text.positionToRectangle(80 * 16).y).y;
            tryVerify(() => place() > 0 && place() < test.panel.height / 2);
        }
    }
}
