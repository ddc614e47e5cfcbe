// The bar above a page: its title, and above the chat its persona, the model that answers and the panel with its settings.
import QtQuick
import Tercet

Item {
    id: root

    required property ModelController model
    required property ChatSettingsView chatSettings
    required property Personas personas
    required property string title
    required property bool menuButtonShown
    // A page over the chat has a Close button in place of the model.
    required property bool closable
    // There is a chat that can be exported.
    required property bool exportable
    required property bool panelShown

    signal menuRequested
    signal closeRequested
    signal openModelRequested
    signal exportRequested(int format)
    signal savePersonaRequested
    signal managePersonasRequested
    signal panelToggled

    readonly property bool tight: root.width < Theme.px(640)

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
        anchors.right: root.closable ? closeButton.left : personaButton.left
        anchors.rightMargin: Theme.px(12)
        height: parent.height
        text: root.title
        font.weight: Font.DemiBold
        elide: Text.ElideRight
        Accessible.role: Accessible.Heading
        Accessible.name: root.title
    }
    PersonaButton {
        id: personaButton

        anchors.right: modelButton.left
        anchors.rightMargin: Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(implicitWidth, root.width * 0.28)
        chatSettings: root.chatSettings
        personas: root.personas
        terse: root.tight
        visible: !root.closable
        onSaveRequested: root.savePersonaRequested()
        onManageRequested: root.managePersonasRequested()
    }
    ModelButton {
        id: modelButton

        anchors.right: moreButton.left
        anchors.rightMargin: Theme.px(6)
        anchors.verticalCenter: parent.verticalCenter
        maximumWidth: root.width * (root.tight ? 0.38 : 0.3)
        model: root.model
        visible: !root.closable
        onOpenModelRequested: root.openModelRequested()
    }
    IconButton {
        id: moreButton

        anchors.right: panelButton.left
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
        id: panelButton

        anchors.right: parent.right
        anchors.rightMargin: Theme.px(12)
        anchors.verticalCenter: parent.verticalCenter
        iconName: "panel-right"
        text: root.panelShown ? qsTr("Hide the settings of this chat") : qsTr("Show the settings of this chat")
        visible: !root.closable
        onClicked: root.panelToggled()
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
