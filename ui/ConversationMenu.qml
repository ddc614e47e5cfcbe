// What can be done with the conversation or folder under the pointer or the keyboard.
import QtQuick

FloatingMenu {
    id: root

    // Of the conversation or folder; not its row, which the list uses for others.
    property real rowId: 0
    property bool folder: false
    property bool pinned: false
    // That it is in; 0: none.
    property real folderId: 0

    signal renameRequested
    signal pinRequested
    signal moveRequested
    signal exportRequested
    signal deleteRequested

    MenuEntry {
        text: qsTr("Rename")
        onTriggered: root.renameRequested()
    }
    MenuEntry {
        text: root.pinned ? qsTr("Unpin") : qsTr("Pin")
        visible: !root.folder
        onTriggered: root.pinRequested()
    }
    MenuEntry {
        text: qsTr("Move to folder…")
        visible: !root.folder
        onTriggered: root.moveRequested()
    }
    MenuEntry {
        text: qsTr("Export…")
        visible: !root.folder
        onTriggered: root.exportRequested()
    }
    MenuEntry {
        text: root.folder ? qsTr("Delete folder") : qsTr("Delete")
        onTriggered: root.deleteRequested()
    }
}
