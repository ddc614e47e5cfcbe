// The name of a file that goes with a message.
import QtQuick

Rectangle {
    id: root

    required property string name
    // Figures beside the name.
    property string note: ""
    property bool removable: false

    signal removed

    implicitWidth: Math.min(Theme.px(260), row.implicitWidth + Theme.px(16))
    implicitHeight: Theme.px(28)
    radius: Theme.radius
    color: Theme.bubble
    Accessible.role: Accessible.StaticText
    Accessible.name: qsTr("File: %1").arg(root.name)

    Row {
        id: row

        x: Theme.px(8)
        height: parent.height
        spacing: Theme.px(6)

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: "paperclip"
            color: Theme.muted
        }
        UiText {
            height: parent.height
            width: Math.min(implicitWidth, Theme.px(120))
            text: root.name
            font.pixelSize: Theme.figureSize
            elide: Text.ElideMiddle
        }
        UiText {
            height: parent.height
            text: root.note
            color: Theme.muted
            font.pixelSize: Theme.figureSize
            visible: root.note.length > 0
        }
        IconButton {
            anchors.verticalCenter: parent.verticalCenter
            implicitWidth: Theme.px(24)
            implicitHeight: Theme.px(24)
            iconName: "x"
            text: qsTr("Remove %1").arg(root.name)
            visible: root.removable
            onClicked: root.removed()
        }
    }
}
