// The context menu of the conversation.
import QtQuick
import Tercet

FloatingMenu {
    id: root

    required property TranscriptModel transcript
    // The message that was clicked.
    property int message: -1

    signal copyTextRequested(string text)
    signal copyMessageRequested(int message)

    MenuEntry {
        text: qsTr("Copy")
        enabled: root.transcript.hasSelection
        onTriggered: root.copyTextRequested(root.transcript.selectedText())
    }
    MenuEntry {
        text: qsTr("Copy as Markdown")
        enabled: root.transcript.hasSelection
        onTriggered: root.copyTextRequested(root.transcript.selectedMarkdown())
    }
    MenuEntry {
        text: qsTr("Copy message")
        onTriggered: root.copyMessageRequested(root.message)
    }
    MenuEntry {
        text: qsTr("Select all")
        onTriggered: {
            if (!root.transcript.hasSelection)
                root.transcript.beginSelection(root.message, 0, 0);
            root.transcript.selectMessage();
        }
    }

    function openFor(message: int) {
        root.message = message;
        root.popup();
    }
}
