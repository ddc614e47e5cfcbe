// The context menu of the conversation.
import QtQuick
import Tercet

FloatingMenu {
    id: root

    required property TranscriptModel transcript
    // There is a model, and it has nothing else to do.
    required property bool canInspect
    // The message that was clicked.
    property int message: -1
    // And where in its text.
    property int position: 0

    signal copyTextRequested(string text)
    signal copyMessageRequested(int message)
    signal inspectRequested(int message, int position)

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
        enabled: root.message >= 0
        onTriggered: root.copyMessageRequested(root.message)
    }
    MenuEntry {
        text: qsTr("Select all")
        enabled: root.message >= 0 || root.transcript.hasSelection
        onTriggered: {
            if (!root.transcript.hasSelection)
                root.transcript.beginSelection(root.message, 0, 0);
            root.transcript.selectMessage();
        }
    }

    MenuEntry {
        text: qsTr("How likely this word was")
        visible: root.transcript.isAnswer(root.message)
        enabled: root.canInspect
        onTriggered: root.inspectRequested(root.message, root.position)
    }

    function openFor(message: int, position: int) {
        root.message = message;
        root.position = position;
        root.popup();
    }

    // By a key: at a place of `item`.
    function openOver(message: int, item: Item, x: real, y: real) {
        root.message = message;
        root.position = 0;
        root.popup(item, x, y);
    }
}
