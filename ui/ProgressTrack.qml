// A flat bar that fills from the left.
import QtQuick

Rectangle {
    id: root

    required property real progress

    implicitHeight: Theme.px(6)
    radius: height / 2
    color: Theme.line

    Rectangle {
        width: Math.max(parent.height, parent.width * Math.min(1, Math.max(0, root.progress)))
        height: parent.height
        radius: parent.radius
        color: Theme.accent
        visible: root.progress > 0
    }
}
