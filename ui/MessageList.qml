// The conversation. It follows the end only while the person is at the end.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Tercet

FocusScope {
    id: root

    required property ChatController chat
    // The message that was searched for; -1: none.
    property int foundRow: -1

    signal copyTextRequested(string text)
    signal inspectRequested(int message, int position)  // in its text

    // New text keeps the end in view. Any upward movement by the person ends it, reaching the end starts it again.
    property bool following: true
    // How far down the conversation is, in pixels from its first message.
    readonly property bool moving: list.movedByPerson
    readonly property real position: list.contentY - list.originY
    readonly property bool atEnd: list.contentHeight <= list.height
                                  || list.contentY + list.height >= list.originY + list.contentHeight - Theme.px(8)
    property bool clicked: false
    // A menu or dialog has the keyboard for a while; it gives it back as it was.
    property bool covered: false
    readonly property alias ringed: ring.visible
    // The message under the pointer; its actions show.
    property int hoveredMessage: -1
    readonly property int sideMargin: Math.max(Theme.px(20), Math.round((root.width - Theme.columnWidth) / 2))

    activeFocusOnTab: true
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Conversation")

    TranscriptModel {
        id: transcript

        messages: root.chat.messages
    }
    ListView {
        id: list

        property real lastContentY: 0
        readonly property bool movedByPerson: list.moving || bar.pressed

        anchors.fill: parent
        focus: true
        model: transcript
        boundsBehavior: Flickable.StopAtBounds
        // Heights of rows out of sight are guesses; keeping some more of them alive keeps the guesses good.
        cacheBuffer: 1200
        topMargin: Theme.px(22)
        bottomMargin: Theme.px(12)
        ScrollBar.vertical: ThinScrollBar {
            id: bar

            onPressedChanged: root.following = !bar.pressed && root.atEnd
        }

        delegate: MessageDelegate {
            id: row

            x: root.sideMargin
            width: list.width - 2 * root.sideMargin
            chat: root.chat
            actionsShown: hover.hovered && root.hoveredMessage === row.message
            found: row.message === root.foundRow
            onHoverEntered: root.hoveredMessage = row.message
            onInspectRequested: message => root.inspectRequested(message, 0)
            onCopyTextRequested: text => root.copyTextRequested(text)
        }

        onContentYChanged: {
            if (list.movedByPerson && list.contentY < list.lastContentY - 0.5)
                root.following = false;
            list.lastContentY = list.contentY;
        }
        onMovementEnded: root.settle()
        onContentHeightChanged: root.keepEnd()
        onOriginYChanged: root.keepEnd()
        onHeightChanged: root.keepEnd()
        onCountChanged: root.keepEnd()

        WheelHandler {
            // Seen before the list moves, so that text arriving in between cannot win.
            target: null
            blocking: false
            onWheel: event => {
                if (event.angleDelta.y > 0 && list.contentHeight > list.height)
                    root.following = false;
            }
        }
        HoverHandler {
            id: hover
        }
    }

    SelectionArea {
        id: area

        list: list
        transcript: transcript
        onScrollRequested: distance => root.scrollBy(distance)
        onMenuRequested: (message, position) => menu.openFor(message, position)
    }
    MessageMenu {
        id: menu

        transcript: transcript
        canInspect: root.chat.canRegenerate
        onCopyTextRequested: text => root.copyTextRequested(text)
        onCopyMessageRequested: message => root.chat.copyMessage(message)
        onInspectRequested: (message, position) => root.inspectRequested(message, position)
    }

    SelectionKeys {
        id: keys

        transcript: transcript
        onCopyTextRequested: text => root.copyTextRequested(text)
        onMenuRequested: message => menu.openOver(message, list, root.sideMargin, Theme.px(40))
        onSelected: message => root.showPlace(message, 0, 0)
    }

    TextButton {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.px(8)
        implicitHeight: Theme.px(34)
        iconName: "arrow-down"
        text: qsTr("Jump to latest")
        font.pixelSize: Theme.figureSize
        visible: !root.following && !root.atEnd
        onClicked: root.followEnd()
    }

    FocusRing {
        id: ring

        // A click into the text needs no ring; a button or link in it has its own.
        readonly property Item keyboard: root.Window.activeFocusItem

        anchors.margins: Theme.px(2)
        shown: list.activeFocus && !root.clicked && (ring.keyboard === list || ring.keyboard?.parent === list.contentItem)
        cornerRadius: 0
    }

    onActiveFocusChanged: root.clicked = root.activeFocus && !root.covered ? area.pressed : root.clicked
    Keys.onPressed: event => event.accepted = keys.take(event, root.messageInView()) || root.scrollByKey(event.key)

    Connections {
        target: root.Window.window

        // A button or link that the Tab key comes to may be out of sight.
        function onActiveFocusItemChanged() {
            root.noteKeyboard(root.Window.activeFocusItem);
            if (!area.pressed)
                bringing.restart();
        }
    }
    Timer {
        // Once it knows its place.
        id: bringing

        interval: 0
        onTriggered: root.bringIntoSight(root.Window.activeFocusItem)
    }

    function bringIntoSight(item: Item) {
        // A row as a whole has the keyboard when the list has it.
        let row = item;
        while (row && row.parent !== list.contentItem)
            row = row.parent;
        if (!row || row === item)
            return;
        const y = item.mapToItem(list, 0, 0).y;
        if (y < 0)
            root.scrollBy(y - Theme.px(20));
        else if (y + item.height > list.height)
            root.scrollBy(y + item.height - list.height + Theme.px(20));
    }

    // Menus and dialogs lie over what the window holds, not in it.
    function noteKeyboard(item: Item) {
        // On its way back it may be nowhere, or with what the list lies in.
        if (item && !root.within(root, item) && !root.within(item, root))
            root.covered = !root.within(item, root.Window.window?.contentItem ?? null);
    }

    function within(item: Item, holder: Item): bool {
        let above = item;
        while (above && above !== holder)
            above = above.parent;
        return Boolean(above);
    }

    function followEnd() {
        root.following = true;
        root.keepEnd();
    }

    // The message at the upper edge.
    function rowInView(): int {
        const row = list.indexAt(list.width / 2, Math.max(list.originY, list.contentY) + 1);
        return row < 0 ? 0 : transcript.messageAt(row);
    }

    // The one that the keyboard means.
    function messageInView(): int {
        return root.atEnd ? transcript.messageCount() - 1 : root.rowInView();
    }

    // Scrolls to a character of a message that is not in view; what arrives meanwhile does not move it away.
    function showPlace(message: int, block: int, position: int) {
        const row = transcript.rowOf(message, block);
        root.following = false;
        list.cancelFlick();
        list.forceLayout();
        // Twice: heights of rows out of sight are guesses until they have been in sight.
        list.positionViewAtIndex(row, ListView.Contain);
        list.positionViewAtIndex(row, ListView.Contain);
        const item = list.itemAtIndex(row);
        const at = item.reveal(block, position);
        const y = item.y + at.y - list.contentY;
        const margin = Theme.px(40);
        if (y < margin || y + at.height > list.height - margin)
            list.contentY += y - list.height / 3;
        list.returnToBounds();
        if (root.atEnd)
            root.following = true;
    }

    function keepEnd() {
        if (root.following)
            goingToEnd.restart();
    }

    Timer {
        id: goingToEnd

        interval: 0
        onTriggered: root.goToEnd()
    }

    function goToEnd() {
        if (root.following && !list.movedByPerson)
            list.positionViewAtEnd();
    }

    function settle() {
        if (root.atEnd)
            root.following = true;
        root.keepEnd();
    }

    // Moves as the key says; false for a key that does not scroll.
    function scrollByKey(key: int): bool {
        const page = list.height * 0.9;
        const steps = {
            [Qt.Key_PageUp]: -page,
            [Qt.Key_PageDown]: page,
            [Qt.Key_Up]: -Theme.px(60),
            [Qt.Key_Down]: Theme.px(60),
            [Qt.Key_Home]: -Infinity,
            [Qt.Key_End]: Infinity
        };
        if (!(key in steps))
            return false;
        root.scrollBy(steps[key]);
        return true;
    }

    function scrollBy(distance: real) {
        list.cancelFlick();
        if (distance === Infinity) {
            root.followEnd();
            return;
        }
        if (distance < 0)
            root.following = false;
        if (distance === -Infinity) {
            list.positionViewAtBeginning();
        } else {
            list.contentY += distance;
            list.returnToBounds();
        }
        root.settle();
    }
}
