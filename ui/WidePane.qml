// Shows something that may be wider than its place, scrolled sideways by its bar or the wheel.
import QtQuick
import QtQuick.Controls.Basic

Flickable {
    id: root

    required property int offset
    property bool barShown: true

    signal scrolled(int pixels)

    readonly property real furthest: Math.max(0, root.contentWidth - root.width)

    contentX: Math.min(root.offset, root.furthest)
    // A drag selects text.
    interactive: false
    clip: true
    ScrollBar.horizontal: ThinScrollBar {
        id: bar

        visible: root.barShown && bar.size < 1
        onPositionChanged: if (bar.pressed) root.scrolled(bar.position * root.contentWidth)
    }

    WheelHandler {
        orientation: Qt.Horizontal
        enabled: root.furthest > 0
        target: null
        onWheel: event => root.turn(event.angleDelta.x)
    }
    WheelHandler {
        acceptedModifiers: Qt.ShiftModifier
        enabled: root.furthest > 0
        target: null
        onWheel: event => root.turn(event.angleDelta.y)
    }

    function turn(angle: real) {
        root.scrolled(Math.max(0, Math.min(root.furthest, root.contentX - angle / 2)));
    }
}
