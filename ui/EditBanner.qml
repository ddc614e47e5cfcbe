// Above the text in the composer: that a message is being edited, and the way out.
import QtQuick
import Tercet

Item {
    id: root

    required property int editing

    signal cancelled

    Icon {
        id: pencil

        x: Theme.px(16)
        anchors.verticalCenter: parent.verticalCenter
        name: "pencil"
        color: Theme.accent
    }
    UiText {
        anchors.left: pencil.right
        anchors.leftMargin: Theme.px(8)
        anchors.right: close.left
        height: parent.height
        text: root.editing === ChatController.Editing.Answer
              ? qsTr("Editing the answer. The old version stays beside it.")
              : qsTr("Editing your message. It is answered again; the old version stays beside it.")
        color: Theme.muted
        font.pixelSize: Theme.figureSize
        elide: Text.ElideRight
    }
    IconButton {
        id: close

        anchors.right: parent.right
        anchors.rightMargin: Theme.px(8)
        anchors.verticalCenter: parent.verticalCenter
        iconName: "x"
        text: qsTr("Stop editing")
        onClicked: root.cancelled()
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: 1
        color: Theme.line
    }
}
