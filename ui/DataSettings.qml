// The way out of Tercet with all chats, and the way in.
import QtQuick
import QtQuick.Dialogs
import Tercet

SettingRow {
    id: root

    required property TransferController transfer

    title: qsTr("Your data")
    note: qsTr("all chats in one file, also to move to another computer")

    Flow {
        width: parent.width
        spacing: Theme.px(8)

        TextButton {
            text: qsTr("Export everything…")
            enabled: !root.transfer.busy
            onClicked: {
                exportDialog.selectedFile = root.transfer.suggestedArchive();
                exportDialog.open();
            }
        }
        TextButton {
            text: qsTr("Import…")
            enabled: !root.transfer.busy
            Accessible.description: importNote.text
            onClicked: importDialog.open()
        }
        UiText {
            id: importNote

            width: parent.width
            text: qsTr("Import takes what Tercet exported and the data export of ChatGPT.")
            color: Theme.muted
            font.pixelSize: Theme.figureSize
            wrapMode: Text.Wrap
        }
    }
    FileDialog {
        id: exportDialog

        title: qsTr("Export everything")
        fileMode: FileDialog.SaveFile
        acceptLabel: qsTr("Save")
        defaultSuffix: "zip"
        nameFilters: ["*.zip"]
        onAccepted: root.transfer.exportAll(exportDialog.selectedFile)
    }
    FileDialog {
        id: importDialog

        title: qsTr("Import chats")
        nameFilters: [qsTr("Exported chats (*.zip *.json)"), qsTr("All files (*)")]
        onAccepted: root.transfer.importFile(importDialog.selectedFile)
    }
}
