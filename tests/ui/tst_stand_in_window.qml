// What stands in place of the window: another Tercet has the data directory and does not answer, or the chats are being repaired.
import QtQuick
import QtTest
import Tercet
import Tercet.Ui

Item {
    id: root

    width: 100
    height: 100

    Finder {
        id: finder
    }
    Component {
        id: windowType

        NotAnswering {}
    }
    Component {
        id: repairType

        Repairing {}
    }

    TestCase {
        id: test

        property Window window

        name: "StandInWindow"
        when: windowShown

        function show(type: Component) {
            test.window = createTemporaryObject(type, null, { settings: driver.makeRig().settings });
            test.window.requestActivate();
            tryVerify(() => test.window.active);
        }

        function button(name: string): Item {
            return finder.named(test.window.contentItem, name);
        }

        function test_says_what_is_the_matter() {
            test.show(windowType);
            verify(finder.worded(test.window.contentItem, "Tercet is already running, but does not answer"));
            const content = test.window.contentItem;
            verify(test.window.height >= test.button("Try again").mapToItem(content, 0, test.button("Try again").height).y);
        }

        function test_tries_again() {
            test.show(windowType);
            mouseClick(test.button("Try again"));
            tryCompare(test.window, "visible", false);
            verify(test.window.again);
        }

        function test_gives_up_data() {
            return [{ tag: "Close" }, { tag: "Escape" }];
        }

        function test_gives_up(data) {
            test.show(windowType);
            if (data.tag === "Close") {
                mouseClick(test.button("Close"));
            } else {
                test.button("Try again").forceActiveFocus();
                keyClick(Qt.Key_Escape);
            }
            tryCompare(test.window, "visible", false);
            verify(!test.window.again);
        }

        function test_a_repair_cannot_be_closed() {
            test.show(repairType);
            verify(finder.worded(test.window.contentItem, "Your chats are being repaired"));
            test.window.close();
            verify(test.window.visible);
        }
    }
}
