// One line of a FloatingMenu.
import QtQuick
import QtQuick.Templates as T

T.MenuItem {
    id: root

    // The choice that holds now.
    property bool marked: false

    implicitWidth: Math.ceil(words.implicitWidth) + leftPadding + rightPadding
    implicitHeight: root.visible ? Theme.px(32) : 0
    leftPadding: Theme.px(10)
    rightPadding: Theme.px(10)
    opacity: root.enabled ? 1 : 0.45
    Accessible.name: root.text
    Accessible.onPressAction: if (root.enabled) root.clicked()

    contentItem: UiText {
        id: words

        text: root.text
        rightPadding: root.marked ? Theme.px(24) : 0
        elide: Text.ElideRight

        Icon {
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            name: "check"
            size: Theme.px(16)
            visible: root.marked
        }
    }
    background: Rectangle {
        radius: Theme.px(6)
        color: root.highlighted || root.hovered ? Theme.hover : "transparent"
    }
}
