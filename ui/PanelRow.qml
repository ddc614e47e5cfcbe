// One setting of this chat: its name, its control, and a way back to the general setting where the chat has its own.
import QtQuick

Column {
    id: root

    required property string title
    property string note: ""
    property bool own: false
    default property alias control: slot.data

    signal followRequested

    spacing: Theme.px(4)

    Item {
        width: parent.width
        height: Math.max(name.height, Theme.px(28))

        UiText {
            id: name

            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - followButton.width
            text: root.title
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
        }
        IconButton {
            id: followButton

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            implicitWidth: Theme.px(28)
            implicitHeight: Theme.px(28)
            iconName: "rotate-ccw"
            text: qsTr("%1: as in the settings").arg(root.title)
            visible: root.own
            onClicked: root.followRequested()
        }
    }
    Item {
        id: slot

        width: parent.width
        height: childrenRect.height
    }
    UiText {
        width: parent.width
        text: root.note
        color: Theme.muted
        font.pixelSize: Theme.figureSize
        wrapMode: Text.Wrap
        visible: text.length > 0
    }
}
