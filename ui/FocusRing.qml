// The ring around the control that has the keyboard.
import QtQuick

Rectangle {
    id: root

    required property bool shown
    property int cornerRadius: Theme.radius

    anchors.fill: parent
    anchors.margins: -Theme.px(3)
    radius: root.cornerRadius + Theme.px(3)
    color: "transparent"
    border.color: Theme.accent
    border.width: Math.max(2, Theme.px(2))
    visible: root.shown
}
