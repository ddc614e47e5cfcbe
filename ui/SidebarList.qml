// The conversations, under their headings, with the keys and menus that act on them.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Tercet

ListView {
    id: root

    required property ConversationList conversations
    // The conversation that is on the page; 0: none.
    required property real selected

    signal conversationRequested(real id)
    signal exportRequested(real id)

    readonly property SidebarRow currentRow: root.currentItem as SidebarRow
    property bool rowDown: false
    // Rows that a key leaps: one of those in sight stays.
    readonly property int page: Math.max(1, Math.floor(root.height / Theme.controlHeight) - 1)

    activeFocusOnTab: true
    clip: true
    model: root.conversations
    currentIndex: -1
    reuseItems: true
    keyNavigationEnabled: false
    highlightMoveDuration: 0
    boundsBehavior: Flickable.StopAtBounds
    // A mouse that moves with its button down drags a conversation, a finger the list.
    interactive: !(root.rowDown && mouse.hovered)
    pixelAligned: true
    ScrollBar.vertical: ThinScrollBar {}
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Conversations")
    onSelectedChanged: root.showSelected()
    onHeightChanged: root.showSelectedFirst()
    // Rows come after those the window begins with.
    onCountChanged: root.showSelectedFirst()
    onActiveFocusChanged: {
        if (root.activeFocus && root.currentIndex < 0)
            root.currentIndex = root.conversations.nextStop(-1, 1);
        if (!root.activeFocus)
            keys.used = true;
    }
    Component.onCompleted: root.showSelected()

    delegate: SidebarRow {
        id: row

        width: root.width - Theme.px(10)
        selected: row.kind === ConversationList.Kind.Conversation && row.rowId === root.selected
        keyboardHere: root.activeFocus && keys.used
        dropTarget: drag.target >= 0 && drag.target !== drag.from && drag.target === drag.folderOf(row)
        dragging: drag.active
        opacity: drag.active && !row.heading && !row.folder && row.rowId === drag.conversation ? 0.5 : 1
        // A row that waits to be used again is not drawn, but a screen reader would still find it.
        ListView.onPooled: row.visible = false
        ListView.onReused: row.visible = true
        onDownChanged: root.rowDown = row.down
        onOpened: {
            keys.used = false;
            root.take(row);
        }
        onMenuRequested: place => root.openMenu(row, place)
        onRenamed: title => root.rename(row, title)
    }

    UiText {
        x: Theme.px(10)
        width: parent.width - 3 * x
        y: Theme.px(12)
        text: qsTr("Your conversations appear here.")
        color: Theme.muted
        wrapMode: Text.Wrap
        visible: root.count === 0
    }
    QtObject {
        id: keys

        // The ring is for the keyboard; the pointer shows itself.
        property bool used: true
    }
    HoverHandler {
        id: mouse

        acceptedDevices: PointerDevice.Mouse | PointerDevice.TouchPad
    }
    ConversationDrag {
        id: drag

        parent: root
        anchors.fill: parent
        list: root
        onDropped: (conversation, folder) => root.conversations.setFolder(conversation, folder)
    }
    ConversationMenu {
        id: menu

        onRenameRequested: root.startRenaming(menu.rowId, menu.folder)
        onPinRequested: root.conversations.setPinned(menu.rowId, !menu.pinned)
        onMoveRequested: {
            folderMenu.conversation = menu.rowId;
            folderMenu.current = menu.folderId;
            folderMenu.popup(root, menu.x, menu.y);
        }
        onExportRequested: root.exportRequested(menu.rowId)
        onDeleteRequested: root.remove(menu.rowId, menu.folder)
    }
    FolderMenu {
        id: folderMenu

        property real conversation: 0

        folders: root.conversations.folders
        onChosen: folder => root.conversations.setFolder(folderMenu.conversation, folder)
        onNewFolderRequested: root.putInNewFolder(folderMenu.conversation)
    }

    Keys.onPressed: event => {
        event.accepted = root.pressed(event.key, event.modifiers);
    }

    // Whether the key did something here.
    function pressed(key: int, modifiers: int): bool {
        const control = (modifiers & Qt.ControlModifier) !== 0;
        if (!root.currentRow || root.currentRow.renaming)
            return false;
        keys.used = true;
        if (key === Qt.Key_Up)
            root.currentIndex = root.conversations.nextStop(root.currentIndex, -1);
        else if (key === Qt.Key_Down)
            root.currentIndex = root.conversations.nextStop(root.currentIndex, 1);
        else if (key === Qt.Key_Home)
            root.currentIndex = root.conversations.nextStop(-1, 1);
        else if (key === Qt.Key_End)
            root.currentIndex = root.conversations.nextStop(root.count, -1);
        else if (key === Qt.Key_PageUp)
            root.currentIndex = Math.max(root.conversations.nextStop(-1, 1), root.conversations.nextStop(root.currentIndex - root.page + 1, -1));
        else if (key === Qt.Key_PageDown)
            root.currentIndex = root.conversations.nextStop(Math.min(root.count - 1, root.currentIndex + root.page) - 1, 1);
        else if (key === Qt.Key_Return || key === Qt.Key_Enter)
            root.take(root.currentRow);
        else if (key === Qt.Key_F2)
            root.currentRow.startRenaming();
        else if (control && (key === Qt.Key_Backspace || key === Qt.Key_Delete))
            root.remove(root.currentRow.rowId, root.currentRow.folder);
        else if (key === Qt.Key_Menu || (key === Qt.Key_F10 && (modifiers & Qt.ShiftModifier)))
            root.openMenu(root.currentRow, root.currentRow);
        else
            return false;
        return true;
    }

    // Unless the keyboard is already somewhere in the list.
    function showSelectedFirst() {
        if (root.currentIndex < 0)
            root.showSelected();
    }

    function showSelected() {
        const row = root.conversations.rowOf(root.selected);
        // Without a height, every row but the last would be scrolled to the top.
        if (row >= 0 && root.height > 0)
            root.currentIndex = row;
    }

    // What a click or Enter does.
    function take(row: SidebarRow) {
        root.currentIndex = row.index;
        if (row.folder)
            root.conversations.setCollapsed(row.rowId, !row.collapsed);
        else if (!row.heading)
            root.conversationRequested(row.rowId);
    }

    function openMenu(row: SidebarRow, place: Item) {
        if (row.heading)
            return;
        root.currentIndex = row.index;
        // The row may be moved, or show another conversation, while the menu is open.
        menu.rowId = row.rowId;
        menu.folder = row.folder;
        menu.pinned = row.pinned;
        menu.folderId = row.folderId;
        const at = place.mapToItem(root, place === row ? Theme.px(24) : 0, place.height);
        menu.popup(root, at.x, at.y);
    }

    function rename(row: SidebarRow, title: string) {
        if (row.folder)
            root.conversations.renameFolder(row.rowId, title);
        else
            root.conversations.rename(row.rowId, title);
    }

    function remove(id: real, folder: bool) {
        if (folder)
            root.conversations.removeFolder(id);
        else
            root.conversations.remove(id);
    }

    function startRenaming(id: real, folder: bool) {
        const row = folder ? root.conversations.rowOfFolder(id) : root.conversations.rowOf(id);
        if (row < 0)
            return;
        root.currentIndex = row;
        root.forceLayout();
        if (root.currentRow)
            root.currentRow.startRenaming();
    }

    // A new folder has a name to be typed over.
    function putInNewFolder(conversation: real) {
        const folder = root.conversations.addFolder();
        root.conversations.setFolder(conversation, folder);
        root.startRenaming(folder, true);
    }
}
