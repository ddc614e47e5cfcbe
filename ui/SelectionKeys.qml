// What the keys do with the selection in the conversation.
import QtQuick
import Tercet

QtObject {
    id: root

    required property TranscriptModel transcript

    signal copyTextRequested(string text)
    signal menuRequested(int message)
    // A message was selected that may be out of sight.
    signal selected(int message)

    // `inView` is the message that is meant where none is selected. False for a key that is not about it.
    function take(event, inView: int): bool {
        const steps = {
            [Qt.Key_Left]: [false, false],
            [Qt.Key_Right]: [true, false],
            [Qt.Key_Up]: [false, true],
            [Qt.Key_Down]: [true, true]
        };
        const byWord = (event.modifiers & (Qt.ControlModifier | Qt.AltModifier)) !== 0;
        const shift = (event.modifiers & Qt.ShiftModifier) !== 0;
        if (event.matches(StandardKey.SelectAll)) {
            root.begin(inView);
            root.transcript.selectMessage();
        } else if (event.matches(StandardKey.Copy) && root.transcript.hasSelection) {
            root.copyTextRequested(root.transcript.selectedText());
        } else if (event.key === Qt.Key_Escape && root.transcript.hasSelection) {
            root.transcript.clearSelection();
        } else if (event.key === Qt.Key_Menu || (event.key === Qt.Key_F10 && shift)) {
            root.menuRequested(root.transcript.selectedMessage() < 0 ? inView : root.transcript.selectedMessage());
        } else if (shift && event.key in steps) {
            root.begin(inView);
            root.transcript.moveSelectionEnd(steps[event.key][0], byWord, steps[event.key][1]);
        } else if (event.modifiers === Qt.AltModifier && (event.key === Qt.Key_Up || event.key === Qt.Key_Down)) {
            root.step(event.key === Qt.Key_Up ? -1 : 1, inView);
        } else {
            return false;
        }
        return true;
    }

    function begin(message: int) {
        if (root.transcript.selectedMessage() < 0)
            root.transcript.beginSelection(message, 0, 0);
    }

    // Selects the whole message before or after, the one in view first.
    function step(by: int, inView: int) {
        const here = root.transcript.selectedMessage();
        const message = here < 0 ? inView : Math.max(0, Math.min(root.transcript.messageCount() - 1, here + by));
        root.transcript.beginSelection(message, 0, 0);
        root.transcript.selectMessage();
        root.selected(message);
    }
}
