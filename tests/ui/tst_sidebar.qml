// The sidebar by mouse and keyboard, and the page of what was deleted.
import QtQuick
import QtTest
import Tercet
import Tercet.Ui

Item {
    id: root

    width: 900
    height: 600

    Finder {
        id: finder
    }
    Component {
        id: sceneType

        FocusScope {
            id: scene

            required property QtObject rig
            property alias sidebar: sidebar
            property alias notice: notice
            property alias page: page
            property bool ready: true

            anchors.fill: parent
            focus: true

            Sidebar {
                id: sidebar

                height: scene.ready ? parent.height : 0
                chat: scene.rig.chat
                conversations: scene.rig.conversations
                settingsShown: false
                deletedShown: page.active
                shortcuts: true
                onConversationRequested: id => scene.rig.chat.open(id)
            }
            NoticeBar {
                id: notice

                x: sidebar.width
                width: parent.width - x
                height: visible ? implicitHeight : 0
                visible: scene.rig.notice.visible
                notice: scene.rig.notice
            }
            Loader {
                id: page

                anchors.top: notice.bottom
                anchors.bottom: parent.bottom
                anchors.left: notice.left
                anchors.right: notice.right
                active: false
                sourceComponent: RecentlyDeletedPage {
                    deleted: scene.rig.deleted
                }
            }
        }
    }
    SignalSpy {
        id: exported

        signalName: "exportRequested"
    }
    SignalSpy {
        id: searched

        signalName: "searchRequested"
    }

    TestCase {
        id: test

        property QtObject rig
        property Item scene
        property real lisbon
        property real photos

        name: "Sidebar"
        when: windowShown

        function init() {
            test.rig = driver.makeRig();
            test.rig.settings.language = "en";
            test.lisbon = test.rig.remember("Packing list for Lisbon");
            test.photos = test.rig.remember("Python: rename photos", 1);
            test.rig.remember("Recipe without eggs", 3);
            test.scene = createTemporaryObject(sceneType, root, { rig: test.rig });
            exported.clear();
            searched.clear();
            exported.target = searched.target = test.scene.sidebar;
            wait(0);
        }

        function named(name: string): Item {
            return finder.named(root, name) ?? finder.named(root.Window.window.contentItem, name);
        }

        function row(name: string): Item {
            tryVerify(() => test.named(name), 5000, name);
            return test.named(name);
        }

        function focusList(name: string) {
            const list = test.row("Conversations");
            list.currentIndex = test.row(name).index;
            list.forceActiveFocus(Qt.TabFocusReason);
        }

        // A menu entry, once its menu is there.
        // The menu has to be drawn where it opens before its entries can be hit.
        function choose(entry: string) {
            const item = test.row(entry);
            waitForRendering(test.scene);
            mouseClick(item);
        }

        function test_right_click_only_opens_the_menu() {
            mouseClick(test.row("Python: rename photos"), 20, 10, Qt.RightButton);
            test.row("Rename");
            compare(test.rig.chat.conversation, 0);
        }

        function test_the_top_is_shown_where_the_open_one_fits() {
            test.rig.chat.open(test.photos);
            test.scene.destroy();
            for (let i = 0; i < 40; i++)
                test.rig.remember("Old " + i, 40 + i);
            test.scene = createTemporaryObject(sceneType, root, { rig: test.rig, ready: false });
            test.scene.ready = true;
            waitForRendering(test.scene);
            const list = test.row("Conversations");
            compare(list.contentY, list.originY);
        }

        function test_conversations_stand_under_their_days() {
            for (const name of ["Today", "Packing list for Lisbon", "Yesterday", "Python: rename photos", "Previous 7 days", "Recipe without eggs"])
                test.row(name);
            verify(test.row("Today").y < test.row("Packing list for Lisbon").y);
        }

        function test_a_click_opens_and_marks_the_row() {
            mouseClick(test.row("Python: rename photos"));
            compare(test.rig.chat.conversation, test.photos);
            compare(test.rig.chat.title, "Python: rename photos");
            verify(test.row("Python: rename photos").selected);
            verify(!test.row("Packing list for Lisbon").selected);
        }

        function test_headings_do_nothing() {
            mouseClick(test.row("Yesterday"));
            compare(test.rig.chat.conversation, 0);
        }

        function test_the_keyboard_walks_opens_and_skips_headings() {
            test.focusList("Packing list for Lisbon");
            keyClick(Qt.Key_Down);
            verify(test.row("Python: rename photos").activeFocus);
            keyClick(Qt.Key_End);
            verify(test.row("Recipe without eggs").activeFocus);
            keyClick(Qt.Key_Home);
            verify(test.row("Packing list for Lisbon").activeFocus);
            keyClick(Qt.Key_Up);
            verify(test.row("Packing list for Lisbon").activeFocus);
            keyClick(Qt.Key_Return);
            compare(test.rig.chat.conversation, test.lisbon);
        }

        function test_the_page_keys_leap_and_stop_at_the_ends() {
            for (let i = 0; i < 60; i++)
                test.rig.remember("Old " + i, 40 + i);
            test.focusList("Packing list for Lisbon");
            const list = test.row("Conversations");
            const first = list.currentIndex;
            keyClick(Qt.Key_PageDown);
            verify(list.currentIndex >= first + list.page);
            verify(list.currentIndex <= first + list.page + 1);  // not on a heading
            verify(!list.currentRow.heading && list.currentRow.activeFocus);
            keyClick(Qt.Key_PageUp);
            compare(list.currentIndex, first);
            keyClick(Qt.Key_PageUp);
            compare(list.currentIndex, first);
            for (let i = 0; i < 10; i++)
                keyClick(Qt.Key_PageDown);
            compare(list.currentRow.title, "Old 59");
            for (let i = 0; i < 10; i++)
                keyClick(Qt.Key_PageUp);
            compare(list.currentIndex, first);
        }

        function test_f2_renames_in_place_data() {
            return [
                { tag: "enter keeps it", key: Qt.Key_Return, title: "Lisbon" },
                { tag: "escape does not", key: Qt.Key_Escape, title: "Packing list for Lisbon" }
            ];
        }

        function test_f2_renames_in_place(data) {
            test.focusList("Packing list for Lisbon");
            keyClick(Qt.Key_F2);
            tryVerify(() => test.named("Name") && test.named("Name").activeFocus);
            for (const letter of "Lisbon")
                keyClick(letter);
            keyClick(data.key);
            tryVerify(() => !test.named("Name"));
            verify(test.row(data.title).activeFocus);
        }

        function test_a_double_click_renames_and_a_click_elsewhere_keeps_it() {
            mouseDoubleClickSequence(test.row("Python: rename photos"));
            tryVerify(() => test.named("Name") && test.named("Name").activeFocus);
            test.named("Name").text = "Photos";
            test.scene.forceActiveFocus();
            test.row("Conversations").focus = false;
            test.row("Photos");
        }

        function test_control_backspace_deletes_only_where_the_list_has_the_keyboard() {
            test.scene.forceActiveFocus();
            keyClick(Qt.Key_Backspace, Qt.ControlModifier);
            test.row("Packing list for Lisbon");
            test.focusList("Packing list for Lisbon");
            keyClick(Qt.Key_Backspace);
            keyClick(Qt.Key_Delete);
            test.row("Packing list for Lisbon");
            keyClick(Qt.Key_F2);
            tryVerify(() => test.named("Name"));
            keyClick(Qt.Key_Backspace, Qt.ControlModifier);
            keyClick(Qt.Key_Backspace, Qt.ControlModifier);
            keyClick(Qt.Key_Escape);
            test.row("Packing list for Lisbon");
            keyClick(Qt.Key_Backspace, Qt.ControlModifier);
            tryVerify(() => !test.named("Packing list for Lisbon"));
            compare(test.rig.notice.action, Notice.Action.Undo);
            mouseClick(test.row("Undo"));
            test.row("Packing list for Lisbon");
        }

        function test_the_chat_that_is_deleted_closes_and_its_answer_stops() {
            test.rig.chat.open(test.photos);
            test.rig.chat.draft = "Go on";
            verify(test.rig.chat.send());
            test.rig.write("Well");
            test.focusList("Python: rename photos");
            keyClick(Qt.Key_Delete, Qt.ControlModifier);
            compare(test.rig.chat.conversation, 0);
            test.rig.finishStopped();
            mouseClick(test.row("Undo"));
            mouseClick(test.row("Python: rename photos"));
            compare(test.rig.chat.messages.count, 3);
            verify(!test.rig.chat.canStop);
        }

        function test_the_menu_pins_exports_and_deletes() {
            mouseClick(test.row("Recipe without eggs"), 20, 10, Qt.RightButton);
            test.choose("Pin");
            tryVerify(() => test.named("Pinned"));
            verify(test.row("Recipe without eggs").y < test.row("Today").y);
            mouseMove(test.row("Packing list for Lisbon"), 20, 10);
            mouseClick(test.row("More"));
            test.choose("Export…");
            compare(exported.count, 1);
            compare(exported.signalArguments[0][0], test.lisbon);
            test.focusList("Recipe without eggs");
            keyClick(Qt.Key_Menu);
            test.choose("Delete");
            tryVerify(() => !test.named("Recipe without eggs"));
            verify(!test.named("Pinned"));
        }

        function test_the_menu_keeps_its_conversation_when_the_list_moves() {
            for (let i = 0; i < 60; i++)
                test.rig.remember("Old " + i, 40 + i);
            const list = test.row("Conversations");
            list.forceLayout();
            const count = test.rig.conversations.count;
            mouseClick(test.row("Packing list for Lisbon"), 20, 10, Qt.RightButton);
            test.row("Delete");
            test.rig.chat.open(test.photos);
            // Its row is used for others.
            for (const row of [20, 40, 60]) {
                list.positionViewAtIndex(row, ListView.Beginning);
                list.forceLayout();
            }
            test.choose("Delete");
            tryCompare(test.rig.conversations, "count", count - 1);
            compare(test.rig.conversations.rowOf(test.lisbon), -1);

            list.positionViewAtBeginning();
            list.forceLayout();
            mouseClick(test.row("Python: rename photos"), 20, 10, Qt.RightButton);
            test.row("Rename");
            list.positionViewAtEnd();
            list.forceLayout();
            test.choose("Rename");
            tryVerify(() => test.named("Name") && test.named("Name").activeFocus);
            compare(test.named("Name").text, "Python: rename photos");
        }

        function test_a_conversation_goes_into_a_new_folder_and_out_again() {
            mouseClick(test.row("Packing list for Lisbon"), 20, 10, Qt.RightButton);
            test.choose("Move to folder…");
            test.choose("New folder…");
            tryVerify(() => test.named("Name") && test.named("Name").activeFocus);
            for (const letter of "Trips")
                keyClick(letter);
            keyClick(Qt.Key_Return);
            const folder = test.row("Trips");
            verify(!test.named("Today"));
            mouseClick(folder);
            tryVerify(() => !test.named("Packing list for Lisbon"));
            mouseClick(test.row("Trips"));
            mouseClick(test.row("Packing list for Lisbon"), 20, 10, Qt.RightButton);
            test.choose("Move to folder…");
            test.choose("No folder");
            test.row("Today");
            mouseClick(test.row("Trips"), 20, 10, Qt.RightButton);
            test.choose("Delete folder");
            tryVerify(() => !test.named("Trips"));
        }

        // From one row to another.
        function drag(from: string, to: string, release: bool) {
            const row = test.row(from);
            const list = test.row("Conversations");
            list.forceLayout();
            const begin = row.mapToItem(list, 40, row.height / 2);
            const goal = test.row(to);
            const end = goal.mapToItem(list, 60, goal.height / 2);
            mouseMove(list, begin.x, begin.y);
            mousePress(list, begin.x, begin.y);
            for (let step = 1; step <= 10; ++step)
                mouseMove(list, begin.x + (end.x - begin.x) * step / 10, begin.y + (end.y - begin.y) * step / 10);
            if (release)
                mouseRelease(list, end.x, end.y);
        }

        function test_a_conversation_is_dragged_into_a_folder_and_out_again() {
            const trips = test.rig.conversations.addFolder();
            test.rig.conversations.renameFolder(trips, "Trips");
            const opened = test.rig.chat.conversation;
            test.drag("Python: rename photos", "Trips", false);
            verify(test.row("Trips").dropTarget);
            compare(test.row("Python: rename photos").opacity, 0.5);
            compare(test.row("Packing list for Lisbon").opacity, 1);
            mouseRelease(test.row("Trips"), 60, 10);
            verify(!test.row("Trips").dropTarget);
            compare(test.row("Python: rename photos").opacity, 1);
            tryCompare(test.row("Python: rename photos"), "folderId", trips);
            compare(test.rig.chat.conversation, opened);

            // Also beside one that is in the folder; out of it over a date; and nothing happens outside of the list.
            test.drag("Packing list for Lisbon", "Python: rename photos", true);
            tryCompare(test.row("Packing list for Lisbon"), "folderId", trips);
            test.drag("Python: rename photos", "Recipe without eggs", false);
            verify(test.row("Recipe without eggs").dropTarget);
            verify(!test.row("Trips").dropTarget);
            mouseRelease(test.row("Recipe without eggs"), 60, 10);
            verify(!test.row("Recipe without eggs").dropTarget);
            tryCompare(test.row("Python: rename photos"), "folderId", 0);
            // Among those without a folder nothing would change.
            test.drag("Python: rename photos", "Recipe without eggs", false);
            verify(!test.row("Recipe without eggs").dropTarget);
            mouseRelease(test.row("Recipe without eggs"), 60, 10);
            test.drag("Packing list for Lisbon", "Recipe without eggs", false);
            mouseMove(root, 800, 300);
            mouseRelease(root, 800, 300);
            compare(test.row("Packing list for Lisbon").folderId, trips);

            // A pinned one stays pinned, and is no place for others.
            test.rig.conversations.setPinned(test.photos, true);
            test.drag("Recipe without eggs", "Python: rename photos", true);
            compare(test.row("Recipe without eggs").folderId, 0);
            verify(!test.row("Recipe without eggs").pinned);
        }

        function test_an_answer_elsewhere_is_marked_until_it_is_seen() {
            test.rig.chat.open(test.photos);
            test.rig.chat.draft = "Go on";
            verify(test.rig.chat.send());
            test.rig.chat.open(test.lisbon);
            verify(test.row("Python: rename photos").live);
            verify(test.row("Python: rename photos").Accessible.description.includes("being written"));
            test.rig.write("Well");
            test.rig.finish();
            verify(!test.row("Python: rename photos").live);
            verify(test.row("Python: rename photos").unread);
            mouseClick(test.row("Python: rename photos"));
            verify(!test.row("Python: rename photos").unread);
        }

        function test_search_is_asked_for() {
            mouseClick(test.row("Search"));
            compare(searched.count, 1);
        }

        function test_undo_goes_away_by_itself() {
            test.scene.notice.undoMs = 50;
            test.rig.conversations.remove(test.lisbon);
            verify(test.rig.notice.visible);
            tryVerify(() => !test.rig.notice.visible);
            verify(!test.named("Packing list for Lisbon"));
        }

        function test_undo_waits_for_the_pointer() {
            test.scene.notice.undoMs = 50;
            test.rig.conversations.remove(test.lisbon);
            mouseMove(test.row("Undo"), 5, 5);
            wait(150);
            verify(test.rig.notice.visible);
            mouseMove(test.scene.sidebar, 5, 5);
            tryVerify(() => !test.rig.notice.visible);
        }

        function test_the_deleted_are_restored_and_deleted_for_good() {
            test.rig.conversations.remove(test.lisbon);
            test.rig.conversations.remove(test.photos);
            test.scene.page.active = true;
            compare(test.rig.deleted.count, 2);
            tryVerify(() => finder.named(test.scene.page, "Python: rename photos"));
            const first = finder.named(test.scene.page, "Python: rename photos");
            verify(first.Accessible.description.includes("30"));
            mouseClick(finder.named(first, "Restore"));
            tryCompare(test.rig.deleted, "count", 1);
            mouseClick(finder.named(test.row("Packing list for Lisbon"), "Delete for good"));
            test.row("Delete “Packing list for Lisbon” for good?");
            mouseClick(test.row("Cancel"));
            compare(test.rig.deleted.count, 1);
            mouseClick(test.row("Empty list"));
            tryVerify(() => test.named("Cancel") && test.named("Cancel").activeFocus);
            mouseClick(finder.named(test.row("Delete all 1 item(s) for good?"), "Delete for good"));
            tryCompare(test.rig.deleted, "count", 0);
            verify(finder.worded(root, "Nothing was deleted."));
        }
    }
}
