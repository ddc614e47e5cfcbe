// One of the words that could stand at a place of an answer, with a bar as long as it is likely.
import QtQuick
import QtQuick.Templates as T

T.ItemDelegate {
    id: root

    required property string word
    required property string spoken
    required property real probability
    required property string percent
    required property bool chosen
    required property bool endsTurn

    readonly property string act: root.endsTurn ? qsTr("End the answer here") : qsTr("Go on with this word")

    implicitHeight: Theme.px(30)
    hoverEnabled: true
    Accessible.name: (root.chosen ? qsTr("%1, %2, written") : "%1, %2").arg(root.spoken).arg(root.percent)
    Accessible.description: root.act
    Accessible.onPressAction: if (root.enabled) root.clicked()

    contentItem: Item {
        UiText {
            id: words

            x: Theme.px(10)
            width: Math.round(root.width * 0.34)
            height: parent.height
            text: root.word
            color: root.endsTurn ? Theme.muted : Theme.text
            font.weight: root.chosen ? Font.DemiBold : Font.Normal
            font.italic: root.endsTurn
            elide: Text.ElideRight
        }
        Icon {
            id: mark

            anchors.left: words.right
            anchors.leftMargin: Theme.px(6)
            anchors.verticalCenter: parent.verticalCenter
            name: "check"
            size: Theme.px(15)
            color: Theme.accent
            visible: root.chosen
        }
        Rectangle {
            anchors.left: mark.right
            anchors.leftMargin: Theme.px(6)
            anchors.right: share.left
            anchors.rightMargin: Theme.px(6)
            anchors.verticalCenter: parent.verticalCenter
            height: Theme.px(6)
            radius: height / 2
            color: Theme.line

            Rectangle {
                width: Math.max(Theme.px(2), parent.width * root.probability)
                height: parent.height
                radius: Math.min(parent.radius, width / 2)
                color: root.chosen ? Theme.accent : Theme.muted
            }
        }
        UiText {
            id: share

            anchors.right: go.left
            anchors.rightMargin: Theme.px(4)
            width: Theme.px(58)
            height: parent.height
            text: root.percent
            color: Theme.muted
            font.pixelSize: Theme.figureSize
            horizontalAlignment: Text.AlignRight
        }
        Icon {
            id: go

            anchors.right: parent.right
            anchors.rightMargin: Theme.px(8)
            anchors.verticalCenter: parent.verticalCenter
            name: root.endsTurn ? "square" : "play"
            size: Theme.px(15)
            color: Theme.accent
            opacity: root.hovered || root.highlighted ? 1 : 0
        }
    }
    background: Rectangle {
        radius: Theme.px(6)
        color: root.down ? Theme.pressed : root.hovered ? Theme.hover : "transparent"

        FocusRing {
            anchors.margins: 0
            cornerRadius: Theme.px(3)
            shown: root.highlighted
        }
    }

    Tip {
        text: root.act
        shown: root.hovered
    }
}
