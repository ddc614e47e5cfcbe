// The left column: a new chat, the chat that is open, and the settings at the bottom.
import QtQuick
import Tercet

Rectangle {
    id: root

    required property ChatController chat
    required property bool settingsShown

    signal newChatRequested
    signal chatRequested
    signal settingsRequested

    implicitWidth: Theme.sidebarWidth
    color: Theme.sidebar
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Sidebar")

    Rectangle {
        anchors.right: parent.right
        width: 1
        height: parent.height
        color: Theme.line
    }
    Row {
        id: brand

        x: Theme.px(19)
        y: Theme.px(14)
        height: Theme.px(32)
        spacing: Theme.px(9)

        Logo {
            anchors.verticalCenter: parent.verticalCenter
        }
        UiText {
            height: parent.height
            text: "Tercet"
            font.pixelSize: Theme.px(16)
            font.weight: Font.DemiBold
        }
    }

    Column {
        anchors.top: brand.bottom
        anchors.topMargin: Theme.px(10)
        x: Theme.px(12)
        width: parent.width - 2 * x - 1
        spacing: Theme.px(2)

        TextButton {
            width: parent.width
            primary: true
            leftAligned: true
            iconName: "square-pen"
            text: qsTr("New chat")
            hint: qsTr("Ctrl N")
            onClicked: root.newChatRequested()
        }
        UiText {
            x: Theme.px(10)
            width: parent.width - 2 * x
            height: Theme.px(40)
            topPadding: Theme.px(12)
            text: qsTr("This chat")
            color: Theme.muted
            font.pixelSize: Theme.figureSize
            font.weight: Font.DemiBold
        }
        TextButton {
            width: parent.width
            leftAligned: true
            bare: true
            selected: !root.settingsShown
            text: root.chat.title || qsTr("New chat")
            Accessible.name: qsTr("Open chat: %1").arg(text)
            onClicked: root.chatRequested()
        }
    }

    TextButton {
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.px(12)
        x: Theme.px(12)
        width: parent.width - 2 * x - 1
        leftAligned: true
        bare: true
        selected: root.settingsShown
        iconName: "settings"
        text: qsTr("Settings")
        hint: qsTr("Ctrl ,")
        onClicked: root.settingsRequested()
    }
}
