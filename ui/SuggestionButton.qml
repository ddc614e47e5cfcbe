// A first line to start from; long ones wrap.
import QtQuick
import QtQuick.Templates as T

T.Button {
    id: root

    implicitHeight: words.implicitHeight + topPadding + bottomPadding
    leftPadding: Theme.px(14)
    rightPadding: Theme.px(14)
    topPadding: Theme.px(10)
    bottomPadding: Theme.px(10)
    focusPolicy: Qt.TabFocus
    Accessible.name: root.text
    Accessible.onPressAction: if (root.enabled) root.clicked()

    contentItem: UiText {
        id: words

        text: root.text
        wrapMode: Text.Wrap
    }
    background: Rectangle {
        radius: Theme.codeRadius
        color: root.down ? Theme.pressed : root.hovered ? Theme.hover : "transparent"
        border.width: 1
        border.color: Theme.line

        FocusRing {
            shown: root.visualFocus
        }
    }

    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()
}
