// One of a row or column of sections, of which one is shown. A type of its own because Qt 6.4 tells screen readers the role of
// the type, whatever Accessible.role says.
import QtQuick
import QtQuick.Templates as T

T.TabButton {
    id: root

    property bool selected: false

    implicitWidth: Math.ceil(words.implicitWidth) + root.leftPadding + root.rightPadding
    implicitHeight: Theme.controlHeight
    leftPadding: Theme.px(10)
    rightPadding: Theme.px(10)
    font.family: Theme.sans
    font.pixelSize: Theme.controlSize
    focusPolicy: Qt.TabFocus
    // The page decides, not the click.
    checkable: false
    autoExclusive: false
    Accessible.name: root.text
    Accessible.selected: root.selected
    Accessible.onPressAction: root.clicked()

    contentItem: UiText {
        id: words

        text: root.text
        font: root.font
        elide: Text.ElideRight
        Accessible.ignored: true
    }
    background: Rectangle {
        radius: Theme.radius
        color: root.selected ? Theme.surface : "transparent"
        border.width: root.selected ? 1 : 0
        border.color: Theme.line

        Rectangle {
            anchors.fill: parent
            radius: parent.radius
            color: root.down ? Theme.pressed : Theme.hover
            visible: root.hovered || root.down
        }
        FocusRing {
            shown: root.visualFocus
        }
    }

    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()
}
