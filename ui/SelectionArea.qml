// The pointer over the texts of the conversation: selects across the blocks of a message and follows links. It lies behind
// the rows, whose buttons come first, and outlives every one of them while a drag scrolls.
import QtQuick
import Tercet

MouseArea {
    id: root

    required property ListView list
    required property TranscriptModel transcript

    // At a place in the text of a message; -1: beside them all.
    signal menuRequested(int message, int position)
    signal scrollRequested(real distance)

    property string link: ""
    property bool overText: false
    // What a drag selects: letters, or after a double click nothing more.
    property bool dragging: false
    property real lastDoubleClick: 0

    parent: root.list.contentItem
    z: -1
    y: root.list.contentY
    width: root.list.width
    height: root.list.height
    acceptedButtons: Qt.LeftButton | Qt.RightButton
    hoverEnabled: true
    preventStealing: true
    cursorShape: root.link ? Qt.PointingHandCursor : root.overText ? Qt.IBeamCursor : Qt.ArrowCursor

    onPressed: mouse => {
        // A finger scrolls.
        mouse.accepted = mouse.source === Qt.MouseEventNotSynthesized;
        const place = root.placeAt(mouse.x, mouse.y);
        if (!mouse.accepted || !place)
            return;
        root.list.forceActiveFocus(Qt.MouseFocusReason);
        // A link or button that had the keyboard before would have it again.
        const inside = root.Window.activeFocusItem;
        if (inside && inside !== root.list && inside.parent !== root.list.contentItem)
            inside.focus = false;
        if (mouse.button === Qt.RightButton)
            return;
        root.dragging = true;
        if (mouse.modifiers & Qt.ShiftModifier) {
            root.transcript.extendSelection(place.message, place.block, place.position);
        } else if (Date.now() - root.lastDoubleClick < Application.styleHints.mouseDoubleClickInterval) {
            root.dragging = false;
            root.transcript.selectBlock(place.message, place.block);
        } else {
            root.transcript.beginSelection(place.message, place.block, place.position);
        }
    }
    onDoubleClicked: mouse => {
        const place = root.placeAt(mouse.x, mouse.y);
        if (!place || mouse.button !== Qt.LeftButton)
            return;
        root.dragging = false;
        root.lastDoubleClick = Date.now();
        root.transcript.selectWord(place.message, place.block, place.position);
    }
    onPositionChanged: mouse => {
        if (root.pressed && root.dragging)
            root.extend();
        else
            root.look(mouse.x, mouse.y);
    }
    onReleased: root.dragging = false
    onCanceled: root.dragging = false
    onClicked: mouse => {
        if (mouse.button === Qt.RightButton)
            root.askForMenu(root.placeAt(mouse.x, mouse.y));
        else if (root.link && !root.transcript.hasSelection)
            Qt.openUrlExternally(root.link);
    }
    onExited: root.link = ""

    Timer {
        // Beyond the edge, the conversation moves under the pointer.
        readonly property real beyond: root.mouseY < 0 ? root.mouseY : Math.max(0, root.mouseY - root.height)

        interval: 30
        repeat: true
        running: root.dragging && beyond !== 0
        onTriggered: {
            root.scrollRequested(Math.max(-60, Math.min(60, beyond)));
            root.extend();
        }
    }
    Item {
        x: root.mouseX
        y: root.mouseY - Theme.px(8)

        Tip {
            text: root.link.length > 90 ? root.link.slice(0, 89) + "…" : root.link
            shown: root.link.length > 0
        }
    }

    function look(x: real, y: real) {
        const place = root.placeAt(x, y);
        root.link = place?.link ?? "";
        root.overText = place?.text ?? false;
    }

    function askForMenu(place: var) {
        if (place)
            root.menuRequested(place.message, root.transcript.sourceAt(place.message, place.block, place.position));
        else
            root.menuRequested(-1, 0);
    }

    function extend() {
        const place = root.placeAt(root.mouseX, root.mouseY);
        if (place)
            root.transcript.extendSelection(place.message, place.block, place.position);
    }

    // The message, block and character at a point of the view; null where there is no row.
    function placeAt(x: real, y: real): var {
        const inside = Math.max(0, Math.min(root.height - 1, y)) + root.y;
        const row = root.list.itemAt(root.width / 2, inside);
        if (!row)
            return null;
        const at = root.list.contentItem.mapToItem(row, x, inside);
        return row.placeAt(at.x, at.y);
    }
}
