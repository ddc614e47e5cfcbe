// A button with words: filled when it is the one thing to do next, outlined otherwise, or bare.
import QtQuick
import QtQuick.Templates as T

T.Button {
    id: root

    property bool primary: false
    property bool bare: false
    property bool selected: false
    property bool leftAligned: false
    property string iconName: ""
    property string hint: ""
    property int iconSize: Theme.iconSize

    property color ink: root.primary ? Theme.accentInk : root.bare && !root.selected ? Theme.muted : Theme.text

    implicitWidth: Math.ceil(words.implicitWidth) + label.extras + root.leftPadding + root.rightPadding
    implicitHeight: Theme.controlHeight
    leftPadding: root.leftAligned ? Theme.px(10) : Theme.px(14)
    rightPadding: root.leftPadding
    font.family: Theme.sans
    font.pixelSize: Theme.controlSize
    font.weight: root.bare ? Font.Normal : Font.Medium
    focusPolicy: Qt.TabFocus
    opacity: root.enabled ? 1 : 0.45
    Accessible.name: root.text
    Accessible.onPressAction: if (root.enabled) root.clicked()

    contentItem: Item {
        Row {
            id: label

            readonly property int extras: (root.iconName ? root.iconSize + label.spacing : 0)
                                          + (root.hint ? hintText.implicitWidth + Theme.px(16) : 0)

            x: root.leftAligned ? 0 : Math.round((parent.width - width) / 2)
            height: parent.height
            spacing: Theme.px(9)

            Icon {
                name: root.iconName || "x"
                size: root.iconSize
                visible: root.iconName.length > 0
                anchors.verticalCenter: parent.verticalCenter
                color: root.ink
            }
            UiText {
                id: words

                text: root.text
                width: Math.min(implicitWidth, Math.max(0, root.availableWidth - label.extras))
                height: parent.height
                color: root.ink
                font: root.font
                elide: Text.ElideRight
            }
        }
        UiText {
            id: hintText

            text: root.hint
            visible: root.hint.length > 0
            anchors.right: parent.right
            height: parent.height
            color: root.ink
            font.pixelSize: Theme.figureSize
        }
    }

    background: Rectangle {
        radius: Theme.radius
        color: root.primary ? Theme.accent : root.bare && !root.selected ? "transparent" : Theme.surface
        border.width: root.primary || (root.bare && !root.selected) ? 0 : 1
        border.color: Theme.line

        Rectangle {
            anchors.fill: parent
            radius: parent.radius
            color: root.down ? Theme.pressed : Theme.hover
            visible: root.enabled && (root.hovered || root.down)
        }
        FocusRing {
            shown: root.visualFocus
        }
    }

    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()
}
