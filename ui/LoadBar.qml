// Shown over the chat while another model is opened; the one in memory stays until it is ready.
import QtQuick
import Tercet

Item {
    id: root

    required property ModelController model

    implicitHeight: Theme.px(52)

    UiText {
        id: label

        x: Theme.px(18)
        y: Theme.px(6)
        width: cancelButton.x - 2 * x
        height: Theme.px(22)
        text: qsTr("Opening %1 · %2 %").arg(root.model.pendingName).arg(Math.floor(root.model.progress * 100))
        color: Theme.muted
        font.pixelSize: Theme.figureSize
        elide: Text.ElideMiddle
    }
    ProgressTrack {
        x: Theme.px(18)
        y: Theme.px(34)
        width: label.width
        progress: root.model.progress
        Accessible.role: Accessible.ProgressBar
        Accessible.name: label.text
    }
    TextButton {
        id: cancelButton

        anchors.right: parent.right
        anchors.rightMargin: Theme.px(18)
        anchors.verticalCenter: parent.verticalCenter
        implicitHeight: Theme.px(32)
        text: qsTr("Cancel")
        Accessible.name: qsTr("Cancel opening the model")
        onClicked: root.model.cancel()
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: 1
        color: Theme.line
    }
}
