// The forms that a chat can be exported in.
import QtQuick
import Tercet

FloatingMenu {
    id: root

    signal chosen(int format)

    MenuEntry {
        text: qsTr("Export as Markdown…")
        onTriggered: root.chosen(TransferController.Format.Markdown)
    }
    MenuEntry {
        text: qsTr("Export as HTML…")
        onTriggered: root.chosen(TransferController.Format.Html)
    }
    MenuEntry {
        text: qsTr("Export as PDF…")
        onTriggered: root.chosen(TransferController.Format.Pdf)
    }
    MenuEntry {
        text: qsTr("Export as JSON, with everything…")
        onTriggered: root.chosen(TransferController.Format.Json)
    }
}
