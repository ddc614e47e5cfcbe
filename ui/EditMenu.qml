// The context menu of a text: what a right click offers everywhere else on the system.
import QtQuick

FloatingMenu {
    id: root

    // A TextEdit or a TextInput.
    property var source: null

    MenuEntry {
        text: qsTr("Cut")
        visible: root.source !== null && !root.source.readOnly
        enabled: root.source !== null && root.source.selectedText.length > 0
        onTriggered: root.source.cut()
    }
    MenuEntry {
        text: qsTr("Copy")
        enabled: root.source !== null && root.source.selectedText.length > 0
        onTriggered: root.source.copy()
    }
    MenuEntry {
        text: qsTr("Paste")
        visible: root.source !== null && !root.source.readOnly
        enabled: root.source !== null && root.source.canPaste
        onTriggered: root.source.paste()
    }
    MenuEntry {
        text: qsTr("Select all")
        onTriggered: root.source.selectAll()
    }

    function openFor(source: Item) {
        root.source = source;
        root.popup();
    }
}
