// Asks in which form and where to a chat is exported, whichever it is.
import QtQuick
import QtQuick.Dialogs
import Tercet

Item {
    id: root

    required property TransferController transfer

    property real conversation: 0
    property int format: TransferController.Format.Markdown

    ExportMenu {
        id: menu

        onChosen: format => root.open(root.conversation, format)
    }
    FileDialog {
        id: dialog

        title: qsTr("Export the chat")
        fileMode: FileDialog.SaveFile
        acceptLabel: qsTr("Save")
        defaultSuffix: root.transfer.suffix(root.format)
        nameFilters: ["*." + dialog.defaultSuffix]
        onAccepted: root.transfer.exportConversation(root.conversation, root.format, dialog.selectedFile)
    }

    // Asks for the form first, in a menu at the pointer.
    function choose(conversation: real) {
        root.conversation = conversation;
        menu.popup();
    }

    function open(conversation: real, format: int) {
        root.conversation = conversation;
        root.format = format;
        dialog.selectedFile = root.transfer.suggestedFile(conversation, format);
        dialog.open();
    }
}
