// The first model on its way into memory.
import QtQuick
import Tercet

Card {
    id: root

    required property ModelController model

    Item {
        width: parent.width
        height: badge.height

        ModelBadge {
            id: badge
        }
        UiText {
            id: label

            anchors.left: badge.right
            anchors.leftMargin: Theme.px(14)
            anchors.right: parent.right
            y: Theme.px(1)
            height: Theme.px(22)
            text: qsTr("Opening %1").arg(root.model.pendingName)
            font.weight: Font.DemiBold
            elide: Text.ElideMiddle
        }
        UiText {
            anchors.left: label.left
            anchors.top: label.bottom
            height: Theme.px(20)
            text: qsTr("%1 %").arg(Math.floor(root.model.progress * 100))
            color: Theme.muted
            font.pixelSize: Theme.figureSize
        }
    }
    ProgressTrack {
        width: parent.width
        progress: root.model.progress
        Accessible.role: Accessible.ProgressBar
        Accessible.name: label.text
    }
    TextButton {
        focus: true
        text: qsTr("Cancel")
        Accessible.name: qsTr("Cancel opening the model")
        onClicked: root.model.cancel()
    }
}
