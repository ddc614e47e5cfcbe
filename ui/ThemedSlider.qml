// A slider in the window's look.
import QtQuick
import QtQuick.Templates as T

T.Slider {
    id: root

    implicitWidth: Theme.px(200)
    implicitHeight: Theme.px(34)
    focusPolicy: Qt.StrongFocus
    opacity: root.enabled ? 1 : 0.55
    // The wheel belongs to the page that scrolls under it.
    wheelEnabled: false

    handle: Rectangle {
        x: root.leftPadding + root.visualPosition * (root.availableWidth - width)
        y: Math.round((root.height - height) / 2)
        width: Theme.px(19)
        height: Theme.px(19)
        radius: width / 2
        color: Theme.surface
        border.width: Math.max(1, Theme.px(root.pressed || root.hovered ? 2 : 1.5))
        border.color: Theme.accent

        FocusRing {
            shown: root.visualFocus
            cornerRadius: parent.radius
        }
    }
    background: Rectangle {
        x: root.leftPadding
        y: Math.round((root.height - height) / 2)
        width: root.availableWidth
        height: Theme.px(4)
        radius: height / 2
        color: Theme.line

        Rectangle {
            width: root.visualPosition * parent.width
            height: parent.height
            radius: parent.radius
            color: Theme.accent
        }
    }
}
