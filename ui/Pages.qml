// What fills the window beside the sidebar: the header, what goes on, and the page that is open.
import QtQuick
import Tercet

FocusScope {
    id: root

    enum Page { Chat, Settings, Deleted }

    required property AppRoot app
    // Nothing to talk to and nothing said yet: the first page takes the whole window.
    required property bool welcoming
    // The sidebar is out of sight.
    required property bool narrow
    // A sheet that has the notice lies over the pages.
    property bool covered: false

    property int page: Pages.Chat
    property bool panelOpen: false

    readonly property bool chatShown: chatPage.visible
    readonly property bool oddsShown: root.app.odds.active && root.page === Pages.Chat
    readonly property bool panelShown: root.panelOpen && root.chatShown
    // Beside the chat where both have room, else over it.
    readonly property bool panelDocked: root.width - panel.implicitWidth >= Theme.px(480)
    readonly property real chatWidth: root.width - (root.panelShown && root.panelDocked ? panel.width : 0)

    signal sidebarRequested
    signal openModelRequested
    signal biggerModelRequested
    signal exportRequested(int format)
    signal savePersonaRequested
    signal managePersonasRequested
    signal shortcutsRequested

    PageHeader {
        id: header

        width: parent.width
        height: visible ? implicitHeight : 0
        visible: !root.welcoming || root.page !== Pages.Chat
        model: root.app.model
        chatSettings: root.app.chatSettings
        personas: root.app.personas
        panelShown: root.panelShown
        title: root.page === Pages.Settings ? qsTr("Settings") : root.oddsShown ? qsTr("Words of an answer")
            : root.page === Pages.Deleted ? qsTr("Recently deleted") : root.app.chat.title || qsTr("New chat")
        menuButtonShown: root.narrow && !root.welcoming
        closable: root.page !== Pages.Chat || root.oddsShown
        exportable: root.app.chat.conversation !== 0 && !root.app.transfer.busy
        onMenuRequested: root.sidebarRequested()
        onCloseRequested: root.showChat()
        onExportRequested: format => root.exportRequested(format)
        onOpenModelRequested: root.openModelRequested()
        onSavePersonaRequested: root.savePersonaRequested()
        onManagePersonasRequested: root.managePersonasRequested()
        onPanelToggled: root.togglePanel()
    }
    LoadBar {
        id: loadBar

        anchors.top: header.bottom
        width: parent.width
        height: visible ? implicitHeight : 0
        // The built-in model is there at once.
        visible: root.app.model.state === ModelController.State.Loading && !root.app.model.builtIn && header.visible
        model: root.app.model
    }
    TransferBar {
        id: transferBar

        anchors.top: loadBar.bottom
        width: parent.width
        height: visible ? implicitHeight : 0
        visible: shown
        transfer: root.app.transfer
    }
    NoticeBar {
        id: notice

        anchors.top: transferBar.bottom
        anchors.topMargin: visible ? Theme.px(12) : 0
        x: Math.max(Theme.px(12), Math.round((root.chatWidth - Theme.columnWidth) / 2))
        width: root.chatWidth - 2 * x
        height: visible ? implicitHeight : 0
        // What can be undone is offered where it was done.
        visible: root.app.notice.visible && !((root.covered || chatPage.promptsOpened) && root.app.notice.action === Notice.Action.Undo)
        notice: root.app.notice
        onOpenModelRequested: root.openModelRequested()
        onOpenSettingsRequested: root.page = Pages.Settings
    }
    ChatPage {
        id: chatPage

        anchors.top: notice.bottom
        anchors.bottom: parent.bottom
        width: root.chatWidth
        focus: visible
        visible: root.page === Pages.Chat && !root.oddsShown && !root.welcoming
        chat: root.app.chat
        model: root.app.model
        settings: root.app.settings
        find: root.app.find
        prompts: root.app.prompts
        filledPrompt: root.app.filledPrompt
        notice: root.app.notice
        onCopyTextRequested: text => root.app.copyText(text)
        onInspectRequested: (message, position) => root.app.odds.open(message, position)
        onOpenModelRequested: root.openModelRequested()
        onBiggerModelRequested: root.biggerModelRequested()
        onVisibleChanged: {
            if (visible)
                chatPage.focusInput();
        }
    }
    Shade {
        anchors.fill: parent
        z: 1
        visible: root.panelShown && !root.panelDocked
        onClicked: root.togglePanel()
    }
    ChatPanel {
        id: panel

        anchors.right: parent.right
        y: root.panelDocked ? header.height : 0
        z: 1
        width: Math.min(implicitWidth, parent.width * 0.9)
        height: parent.height - y
        visible: root.panelShown
        chatSettings: root.app.chatSettings
        personas: root.app.personas
        onCloseRequested: root.togglePanel()
        onSavePersonaRequested: root.savePersonaRequested()
        onManagePersonasRequested: root.managePersonasRequested()
    }
    WelcomePage {
        anchors.top: notice.bottom
        anchors.bottom: parent.bottom
        width: parent.width
        focus: visible
        visible: root.welcoming && root.page === Pages.Chat
        model: root.app.model
        onOpenModelRequested: root.openModelRequested()
        onSettingsRequested: root.page = Pages.Settings
    }
    // These pages are made when they open.
    FocusScope {
        anchors.top: notice.bottom
        anchors.bottom: parent.bottom
        width: parent.width
        focus: visible
        visible: root.page !== Pages.Chat || root.oddsShown

        Loader {
            anchors.fill: parent
            active: root.oddsShown
            focus: active
            sourceComponent: OddsPanel {
                odds: root.app.odds
                focus: true
            }
        }
        Loader {
            anchors.fill: parent
            active: root.page === Pages.Settings
            focus: active
            sourceComponent: SettingsPage {
                app: root.app
                focus: true
                onShortcutsRequested: root.shortcutsRequested()
            }
        }
        Loader {
            anchors.fill: parent
            active: root.page === Pages.Deleted
            focus: active
            sourceComponent: RecentlyDeletedPage {
                deleted: root.app.deleted
                focus: true
            }
        }
    }

    function showChat() {
        root.app.odds.close();
        root.page = Pages.Chat;
        chatPage.focusInput();
    }

    // Shows a conversation, at a message unless that is 0.
    function showConversation(conversation: real, message: real) {
        root.showChat();
        if (message === 0)
            root.app.chat.open(conversation);
        else
            chatPage.showMessage(root.app.chat.openAt(conversation, message));
    }

    function openFind() {
        root.showChat();
        chatPage.openFind();
    }

    function openPrompts() {
        if (root.chatShown)
            chatPage.openPrompts(false);
    }

    // The panel takes the keyboard when it comes and gives it back when it goes.
    function togglePanel() {
        if (!root.chatShown)
            return;
        root.panelOpen = !root.panelOpen;
        if (root.panelOpen)
            panel.focusFirst();
        else
            chatPage.focusInput();
    }

    function stepBack() {
        if (root.app.chat.canStop)
            root.app.chat.stop();
        else if (root.app.chat.editing !== ChatController.Editing.Nothing)
            root.app.chat.cancelEdit();
        else
            root.showChat();
    }
}
