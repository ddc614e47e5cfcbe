// The bar above a page: its title, and the model that answers.
import QtQuick
import Tercet

Item {
    id: root

    required property ModelController model
    required property string title
    required property bool menuButtonShown
    // A page over the chat has a Close button in place of the model.
    required property bool closable
    // There is a chat that can be exported.
    required property bool exportable

    signal menuRequested
    signal closeRequested
    signal openModelRequested
    signal exportRequested(int format)

    implicitHeight: Theme.headerHeight
    Accessible.role: Accessible.Pane
    Accessible.name: root.title

    IconButton {
        id: menuButton

        x: Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        iconName: "panel-left"
        text: qsTr("Show the sidebar")
        visible: root.menuButtonShown
        onClicked: root.menuRequested()
    }
    UiText {
        anchors.left: parent.left
        anchors.leftMargin: root.menuButtonShown ? Theme.px(52) : Theme.px(18)
        anchors.right: root.closable ? closeButton.left : modelButton.left
        anchors.rightMargin: Theme.px(12)
        height: parent.height
        text: root.title
        font.weight: Font.DemiBold
        elide: Text.ElideRight
        Accessible.role: Accessible.Heading
        Accessible.name: root.title
    }
    ModelButton {
        id: modelButton

        anchors.right: moreButton.left
        anchors.rightMargin: Theme.px(6)
        anchors.verticalCenter: parent.verticalCenter
        maximumWidth: root.width * 0.5
        model: root.model
        visible: !root.closable
        onOpenModelRequested: root.openModelRequested()
    }
    IconButton {
        id: moreButton

        anchors.right: parent.right
        anchors.rightMargin: Theme.px(14)
        anchors.verticalCenter: parent.verticalCenter
        iconName: "ellipsis"
        text: qsTr("More about this chat")
        visible: !root.closable
        enabled: root.exportable
        onClicked: menu.opened ? menu.close() : menu.open()

        ExportMenu {
            id: menu

            x: moreButton.width - width
            y: moreButton.height
            onChosen: format => root.exportRequested(format)
        }
    }
    IconButton {
        id: closeButton

        anchors.right: parent.right
        anchors.rightMargin: Theme.px(14)
        anchors.verticalCenter: parent.verticalCenter
        iconName: "x"
        text: qsTr("Back to the chat")
        visible: root.closable
        onClicked: root.closeRequested()
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: 1
        color: Theme.line
    }
}
