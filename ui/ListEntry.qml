// A line of a list: a title, a quieter line below it, a tick, and small buttons for what can be done with it.
import QtQuick
import QtQuick.Templates as T

T.ItemDelegate {
    id: root

    required property string title
    property string note: ""
    // A word beside the title, e.g. that it was changed.
    property string mark: ""
    property bool ticked: false
    // Enter in the field above the list takes this one.
    property bool current: false
    default property alias buttons: buttonRow.data

    implicitHeight: Math.max(labels.implicitHeight + Theme.px(14), Theme.px(36))
    leftPadding: Theme.px(10)
    rightPadding: Theme.px(6)
    focusPolicy: Qt.TabFocus
    Accessible.name: root.title
    Accessible.description: root.note
    Accessible.checked: root.ticked
    Accessible.onPressAction: if (root.enabled) root.clicked()

    contentItem: Item {
        Column {
            id: labels

            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - buttonRow.width - (tick.visible ? tick.width + Theme.px(8) : 0) - Theme.px(6)

            Row {
                width: parent.width
                spacing: Theme.px(8)

                UiText {
                    width: Math.min(implicitWidth, parent.width - (mark.visible ? mark.width + parent.spacing : 0))
                    text: root.title
                    color: root.ticked ? Theme.accent : Theme.text
                    elide: Text.ElideRight
                }
                UiText {
                    id: mark

                    text: root.mark
                    color: Theme.muted
                    font.pixelSize: Theme.figureSize
                    visible: text.length > 0
                }
            }
            UiText {
                width: parent.width
                text: root.note
                color: Theme.muted
                font.pixelSize: Theme.figureSize
                elide: Text.ElideRight
                visible: text.length > 0
            }
        }
        Icon {
            id: tick

            anchors.right: buttonRow.left
            anchors.rightMargin: Theme.px(4)
            anchors.verticalCenter: parent.verticalCenter
            name: "check"
            size: Theme.px(16)
            color: Theme.accent
            visible: root.ticked
        }
        Row {
            id: buttonRow

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
        }
    }
    background: Rectangle {
        radius: Theme.px(6)
        color: root.hovered || root.down || root.current ? Theme.hover : "transparent"

        FocusRing {
            anchors.margins: 0
            shown: root.visualFocus
            cornerRadius: Theme.px(3)
        }
    }

    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()
}
