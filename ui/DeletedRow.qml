// A conversation or message that can still be brought back.
import QtQuick

Item {
    id: root

    required property int index
    required property string title
    required property string excerpt
    required property string details

    signal restoreRequested
    signal purgeRequested

    readonly property string name: root.excerpt || root.title

    implicitHeight: words.height + Theme.px(24)
    Accessible.role: Accessible.ListItem
    Accessible.name: root.name
    Accessible.description: root.details

    Column {
        id: words

        anchors.left: parent.left
        anchors.right: buttons.left
        anchors.rightMargin: Theme.px(12)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(3)

        UiText {
            width: parent.width
            text: root.name
            elide: Text.ElideRight
        }
        UiText {
            width: parent.width
            //: %1: the title of a conversation
            text: root.excerpt ? qsTr("Message in “%1”").arg(root.title) : ""
            color: Theme.muted
            font.pixelSize: Theme.figureSize
            elide: Text.ElideRight
            visible: text.length > 0
        }
        UiText {
            width: parent.width
            text: root.details
            color: Theme.muted
            font.pixelSize: Theme.figureSize
            elide: Text.ElideRight
        }
    }
    Row {
        id: buttons

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.px(4)

        TextButton {
            implicitHeight: Theme.px(32)
            iconName: "rotate-ccw"
            iconSize: Theme.px(16)
            text: qsTr("Restore")
            Accessible.description: root.name
            onClicked: root.restoreRequested()
        }
        IconButton {
            iconName: "trash-2"
            text: qsTr("Delete for good")
            Accessible.description: root.name
            onClicked: root.purgeRequested()
        }
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: 1
        color: Theme.line
    }
}
