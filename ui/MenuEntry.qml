// One line of a FloatingMenu.
import QtQuick
import QtQuick.Templates as T

T.MenuItem {
    id: root

    implicitWidth: Math.ceil(words.implicitWidth) + leftPadding + rightPadding
    implicitHeight: root.visible ? Theme.px(32) : 0
    leftPadding: Theme.px(10)
    rightPadding: Theme.px(10)
    opacity: root.enabled ? 1 : 0.45
    Accessible.name: root.text

    contentItem: UiText {
        id: words

        text: root.text
        elide: Text.ElideRight
    }
    background: Rectangle {
        radius: Theme.px(6)
        color: root.highlighted || root.hovered ? Theme.hover : "transparent"
    }
}
