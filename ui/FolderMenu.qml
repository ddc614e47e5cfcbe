// Where a conversation can be put.
pragma ComponentBehavior: Bound

import QtQuick
import Tercet

FloatingMenu {
    id: root

    required property FolderList folders
    // Of the conversation; 0: none.
    property real current: 0

    signal chosen(real folder)
    signal newFolderRequested

    Instantiator {
        model: root.folders
        delegate: MenuEntry {
            required property real folderId
            required property string name

            text: name
            marked: folderId === root.current
            onTriggered: root.chosen(folderId)
        }
        onObjectAdded: (index, object) => root.insertItem(index, object)
        onObjectRemoved: (index, object) => root.removeItem(object)
    }
    MenuEntry {
        text: qsTr("No folder")
        visible: root.current !== 0
        onTriggered: root.chosen(0)
    }
    MenuEntry {
        text: qsTr("New folder…")
        onTriggered: root.newFolderRequested()
    }
}
