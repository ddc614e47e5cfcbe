// What can be done with the conversation or folder under the pointer or the keyboard.
import QtQuick

FloatingMenu {
    id: root

    property SidebarRow row: null
    readonly property bool folder: root.row !== null && root.row.folder

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
        text: root.row !== null && root.row.pinned ? qsTr("Unpin") : qsTr("Pin")
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
