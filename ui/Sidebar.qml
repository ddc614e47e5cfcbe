// The left column: a new chat, search, the conversations, and what is kept at the bottom.
import QtQuick
import Tercet

Rectangle {
    id: root

    required property ChatController chat
    required property ConversationList conversations
    // A page lies over the chat.
    required property bool settingsShown
    required property bool deletedShown
    // The keys beside the buttons work.
    required property bool shortcuts

    signal newChatRequested
    signal searchRequested
    signal conversationRequested(real id)
    signal exportRequested(real id)
    signal deletedRequested
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
        id: top

        anchors.top: brand.bottom
        anchors.topMargin: Theme.px(10)
        x: Theme.px(12)
        width: parent.width - 2 * x - 1
        spacing: Theme.px(6)

        TextButton {
            width: parent.width
            primary: true
            leftAligned: true
            iconName: "square-pen"
            text: qsTr("New chat")
            hint: root.shortcuts ? KeyNames.of("Ctrl+N") : ""
            onClicked: root.newChatRequested()
        }
        TextButton {
            width: parent.width
            leftAligned: true
            bare: true
            iconName: "search"
            text: qsTr("Search")
            hint: root.shortcuts ? KeyNames.of("Ctrl+K") : ""
            onClicked: root.searchRequested()
        }
    }
    SidebarList {
        anchors.top: top.bottom
        anchors.topMargin: Theme.px(4)
        anchors.bottom: bottom.top
        anchors.bottomMargin: Theme.px(6)
        x: top.x
        width: top.width + Theme.px(10)
        conversations: root.conversations
        selected: root.settingsShown || root.deletedShown ? 0 : root.chat.conversation
        onConversationRequested: id => root.conversationRequested(id)
        onExportRequested: id => root.exportRequested(id)
    }
    Column {
        id: bottom

        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.px(12)
        x: top.x
        width: top.width
        spacing: Theme.px(2)

        TextButton {
            width: parent.width
            leftAligned: true
            bare: true
            selected: root.deletedShown
            iconName: "trash-2"
            text: qsTr("Recently deleted")
            onClicked: root.deletedRequested()
        }
        TextButton {
            width: parent.width
            leftAligned: true
            bare: true
            selected: root.settingsShown
            iconName: "settings"
            text: qsTr("Settings")
            hint: root.shortcuts ? KeyNames.of("Ctrl+,") : ""
            onClicked: root.settingsRequested()
        }
    }
}
