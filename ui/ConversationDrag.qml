// Over the list of conversations: one is dragged by the mouse into a folder, or out of it. (By keyboard it goes through its menu.)
import QtQuick
import Tercet

Item {
    id: root

    required property ListView list

    // Into a folder, or 0: into none.
    signal dropped(real conversation, real folder)

    readonly property bool active: handler.active && root.conversation !== 0
    property real conversation: 0
    property string title
    property real from: 0
    // The folder it would come into: that of the row below the pointer; 0: none, -1: it stays where it is.
    readonly property real target: root.active ? root.folderAt(root.pointer, root.list.contentY) : -1
    readonly property point pointer: root.mapFromItem(null, handler.centroid.scenePosition)
    // How far the list moves in a frame, while the pointer is at its edge.
    readonly property real pull: {
        const edge = Theme.px(28);
        const y = root.pointer.y;
        return !root.active ? 0 : y < edge ? -Theme.px(6) : y > root.height - edge ? Theme.px(6) : 0;
    }

    DragHandler {
        id: handler

        // Above the rows, it would keep clicks from them.
        parent: root.list.contentItem
        target: null
        acceptedDevices: PointerDevice.Mouse | PointerDevice.TouchPad
        onActiveChanged: handler.active ? root.take() : root.drop()
    }
    Timer {
        interval: 16
        repeat: true
        running: root.pull !== 0
        onTriggered: {
            const first = root.list.originY;
            const last = Math.max(first, first + root.list.contentHeight - root.list.height);
            root.list.contentY = Math.min(last, Math.max(first, root.list.contentY + root.pull));
        }
    }
    Rectangle {
        // Below the rows, too, it would come out of its folder.
        y: Math.max(0, root.list.originY + root.list.contentHeight - root.list.contentY)
        width: root.width - Theme.px(10)
        height: Math.max(0, root.height - y)
        radius: Theme.radius
        color: Theme.hover
        visible: root.target === 0 && root.from !== 0
    }
    Rectangle {
        x: Math.max(0, Math.min(root.pointer.x - Theme.px(16), root.width - width))
        y: root.pointer.y + Theme.px(8)
        width: Math.min(label.implicitWidth, root.width)
        height: Theme.controlHeight
        radius: Theme.radius
        color: Theme.surface
        border.width: 1
        border.color: root.target >= 0 && root.target !== root.from ? Theme.accent : Theme.line
        opacity: root.target >= 0 ? 1 : 0.6
        visible: root.active

        UiText {
            id: label

            width: parent.width
            height: parent.height
            leftPadding: Theme.px(10)
            rightPadding: Theme.px(10)
            text: root.title
            font.pixelSize: Theme.controlSize
            elide: Text.ElideRight
        }
    }

    function rowAt(point: point, contentY: real): SidebarRow {
        return root.list.itemAt(root.list.contentX + Math.min(Math.max(point.x, 1), root.list.width - Theme.px(14)), contentY + point.y) as SidebarRow;
    }

    function folderAt(point: point, contentY: real): real {
        if (!root.contains(point))
            return -1;
        const row = root.rowAt(point, contentY);
        return row ? root.folderOf(row) : 0;
    }

    // That what is dropped on a row comes into.
    function folderOf(row: SidebarRow): real {
        if (row.folder)
            return row.rowId;
        return row.pinned ? -1 : row.heading ? 0 : row.folderId;
    }

    function take() {
        const row = root.rowAt(root.mapFromItem(null, handler.centroid.scenePressPosition), root.list.contentY);
        if (!row || row.heading || row.folder || row.renaming)
            return;
        root.conversation = row.rowId;
        root.title = row.title;
        root.from = row.folderId;
    }

    function drop() {
        const conversation = root.conversation;
        // `target` is -1 by now.
        const folder = root.folderAt(root.pointer, root.list.contentY);
        root.conversation = 0;
        if (conversation !== 0 && folder >= 0 && folder !== root.from)
            root.dropped(conversation, folder);
    }
}
