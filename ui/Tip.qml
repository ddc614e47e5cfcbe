// The words that appear beside an icon after a moment.
import QtQuick
import QtQuick.Templates as T

T.ToolTip {
    id: root

    required property bool shown
    // Out of the way of what a press brings, until it is asked for anew.
    property bool done: false
    readonly property Item overlay: root.shown ? T.Overlay.overlay : null

    x: parent ? Math.round((parent.width - implicitWidth) / 2) : 0
    y: -implicitHeight - Theme.px(6)
    implicitWidth: contentItem.implicitWidth + leftPadding + rightPadding
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    leftPadding: Theme.px(9)
    rightPadding: Theme.px(9)
    topPadding: Theme.px(5)
    bottomPadding: Theme.px(5)
    margins: Theme.px(6)
    delay: 600
    visible: root.shown && !root.done && root.text.length > 0
    onShownChanged: {
        if (!root.shown)
            root.done = false;
    }
    closePolicy: T.Popup.NoAutoClose

    contentItem: UiText {
        text: root.text
        color: Theme.background
        font.pixelSize: Theme.figureSize
    }
    background: Rectangle {
        radius: Theme.px(6)
        color: Theme.text
    }

    Connections {
        target: root.parent
        ignoreUnknownSignals: true

        function onPressed() {
            root.dismiss();
        }
        function onClicked() {
            root.dismiss();
        }
    }
    Connections {
        target: root.overlay

        function onPressed() {
            root.dismiss();
        }
        // One at a time: what comes over the window later, another tip or a menu, takes its place.
        function onChildrenChanged() {
            if (root.visible)
                root.dismiss();
        }
    }

    function dismiss() {
        root.done = root.shown;
    }
}
