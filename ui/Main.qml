// The window: the sidebar, the page that is open, and what concerns the whole window.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Dialogs
import Tercet

ApplicationWindow {
    id: root

    required property AppRoot app

    property bool settingsShown: false
    property bool deletedShown: false
    property bool sidebarOpen: false
    property bool panelOpen: false

    readonly property bool oddsShown: root.app.odds.active && !root.pageShown
    readonly property bool narrow: root.width < Theme.px(900)
    readonly property bool panelShown: root.panelOpen && chatPage.visible
    // Beside the chat where both have room, else over it.
    readonly property bool panelDocked: pages.width - panel.implicitWidth >= Theme.px(480)
    // Nothing to talk to and nothing said yet: the first page takes the whole window.
    readonly property bool welcoming: !root.app.model.hasModel && root.app.chat.messages.count === 0
                                      && root.app.conversations.count === 0
    // Something else than the chat is on the page.
    readonly property bool pageShown: root.settingsShown || root.deletedShown

    width: root.app.settings.windowWidth > 0 ? root.app.settings.windowWidth : Math.min(1280, Screen.desktopAvailableWidth * 0.9)
    height: root.app.settings.windowHeight > 0 ? root.app.settings.windowHeight : Math.min(800, Screen.desktopAvailableHeight * 0.9)
    minimumWidth: 480
    minimumHeight: 420
    visible: true
    title: root.app.chat.title ? root.app.chat.title + " – Tercet" : "Tercet"
    color: Theme.background
    onClosing: root.rememberPlace()
    Component.onCompleted: {
        root.returnToPlace();
        // Without a window manager nobody else gives us the keyboard, and shortcuts need it.
        root.requestActivate();
    }
    font.family: Theme.sans
    font.pixelSize: Theme.controlSize
    // Only for Qt's own file dialog, which stands in where the system has none: its path bar is white in any palette.
    palette.window: "#F8F7F4"
    palette.windowText: "#1D1C1A"
    palette.base: "#FFFFFF"
    palette.text: "#1D1C1A"
    palette.button: "#E3E0D8"
    palette.buttonText: "#1D1C1A"
    palette.brightText: "#FFFFFF"
    palette.highlight: "#1F6F6A"
    palette.highlightedText: "#1D1C1A"
    palette.light: "#F0EEE9"
    palette.midlight: "#E3E0D8"
    palette.mid: "#9A958B"
    palette.dark: "#6E6A62"

    Binding {
        target: Theme
        property: "zoom"
        value: root.app.settings.zoom / 100
    }
    Binding {
        target: Theme
        property: "dark"
        value: root.app.settings.theme === "dark"
               || (root.app.settings.theme === "system" && systemPalette.window.hslLightness < 0.5)
    }
    SystemPalette {
        id: systemPalette
    }

    FocusScope {
        id: scene

        anchors.fill: parent
        focus: true

        Sidebar {
            id: sidebar

            x: root.narrow && !root.sidebarOpen ? -width : 0
            z: 2
            width: Math.min(implicitWidth, scene.width * 0.85)
            height: parent.height
            visible: !root.welcoming && x > -width
            chat: root.app.chat
            conversations: root.app.conversations
            settingsShown: root.settingsShown
            deletedShown: root.deletedShown
            onNewChatRequested: root.newChat()
            onConversationRequested: id => root.openConversation(id)
            onDeletedRequested: root.showDeleted()
            onSettingsRequested: root.showSettings()

            Behavior on x {
                enabled: root.narrow

                NumberAnimation {
                    duration: 140
                    easing.type: Easing.OutCubic
                }
            }
        }
        Rectangle {
            // Shades the page while the sidebar lies over it; a click puts the sidebar away.
            z: 1
            anchors.fill: parent
            color: Theme.shade
            visible: root.narrow && root.sidebarOpen && sidebar.visible

            MouseArea {
                anchors.fill: parent
                hoverEnabled: true
                onClicked: root.sidebarOpen = false
                onWheel: wheel => wheel.accepted = true
            }
        }

        Item {
            id: pages

            x: root.narrow || root.welcoming ? 0 : sidebar.width
            width: parent.width - x
            height: parent.height

            readonly property real chatWidth: width - (root.panelShown && root.panelDocked ? panel.width : 0)

            PageHeader {
                id: header

                width: parent.width
                height: visible ? implicitHeight : 0
                visible: !root.welcoming || root.pageShown
                model: root.app.model
                chatSettings: root.app.chatSettings
                personas: root.app.personas
                panelShown: root.panelShown
                title: root.settingsShown ? qsTr("Settings") : root.oddsShown ? qsTr("Words of an answer")
                    : root.deletedShown ? qsTr("Recently deleted") : root.app.chat.title || qsTr("New chat")
                menuButtonShown: root.narrow && !root.welcoming
                closable: root.pageShown || root.oddsShown
                exportable: root.app.chat.conversation !== 0 && !root.app.transfer.busy
                onMenuRequested: root.sidebarOpen = true
                onCloseRequested: root.showChat()
                onExportRequested: format => exportDialog.open(root.app.chat.conversation, format)
                onOpenModelRequested: openDialog.open()
                onSavePersonaRequested: personaSheet.saveChat()
                onManagePersonasRequested: personaSheet.openList()
                onPanelToggled: root.togglePanel()
            }
            LoadBar {
                id: loadBar

                anchors.top: header.bottom
                width: parent.width
                height: visible ? implicitHeight : 0
                visible: root.app.model.state === ModelController.State.Loading
                         && (!root.welcoming || root.pageShown)
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
                x: Math.max(Theme.px(12), Math.round((pages.chatWidth - Theme.columnWidth) / 2))
                width: pages.chatWidth - 2 * x
                height: visible ? implicitHeight : 0
                visible: root.app.notice.visible
                notice: root.app.notice
                onOpenModelRequested: openDialog.open()
                onOpenSettingsRequested: root.showSettings()
            }
            ChatPage {
                id: chatPage

                anchors.top: notice.bottom
                anchors.bottom: parent.bottom
                width: pages.chatWidth
                focus: visible
                visible: !root.pageShown && !root.oddsShown && !root.welcoming
                chat: root.app.chat
                model: root.app.model
                settings: root.app.settings
                find: root.app.find
                prompts: root.app.prompts
                filledPrompt: root.app.filledPrompt
                onCopyTextRequested: text => root.app.copyText(text)
                onInspectRequested: message => root.app.odds.open(message)
                onOpenModelRequested: openDialog.open()
                onVisibleChanged: {
                    if (visible)
                        chatPage.focusInput();
                }
            }
            Rectangle {
                // As for the sidebar.
                anchors.fill: parent
                z: 1
                color: Theme.shade
                visible: root.panelShown && !root.panelDocked

                MouseArea {
                    anchors.fill: parent
                    hoverEnabled: true
                    onClicked: root.togglePanel()
                    onWheel: wheel => wheel.accepted = true
                }
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
                onSavePersonaRequested: personaSheet.saveChat()
                onManagePersonasRequested: personaSheet.openList()
            }
            WelcomePage {
                anchors.top: notice.bottom
                anchors.bottom: parent.bottom
                width: parent.width
                focus: visible
                visible: root.welcoming && !root.pageShown
                model: root.app.model
                onOpenModelRequested: openDialog.open()
                onSettingsRequested: root.showSettings()
            }
            Loader {
                anchors.top: notice.bottom
                anchors.bottom: parent.bottom
                width: parent.width
                active: root.oddsShown
                focus: active
                sourceComponent: OddsPanel {
                    odds: root.app.odds
                    focus: true
                }
            }
            Loader {
                anchors.top: notice.bottom
                anchors.bottom: parent.bottom
                width: parent.width
                active: root.settingsShown
                focus: active
                sourceComponent: SettingsPage {
                    app: root.app
                    focus: true
                }
            }
            Loader {
                anchors.top: notice.bottom
                anchors.bottom: parent.bottom
                width: parent.width
                active: root.deletedShown
                focus: active
                sourceComponent: RecentlyDeletedPage {
                    deleted: root.app.deleted
                    focus: true
                }
            }
        }

        Keys.onEscapePressed: root.stepBack()
    }

    PersonaSheet {
        id: personaSheet

        chatSettings: root.app.chatSettings
        personas: root.app.personas
    }
    DropHint {
        anchors.fill: parent
        onFileDropped: file => root.takeFile(file)
    }
    Connections {
        target: root.app.conversations

        // The notice with Undo lies under the sidebar of a narrow window.
        function onRemoved() {
            root.sidebarOpen = false;
        }
    }
    FileDialog {
        id: openDialog

        title: qsTr("Open a model")
        nameFilters: [qsTr("Model files (*.gguf)"), qsTr("All files (*)")]
        onAccepted: root.openModel(openDialog.selectedFile)
    }
    ExportDialog {
        id: exportDialog

        transfer: root.app.transfer
    }
    Shortcuts {
        app: root.app
        onNewChatRequested: root.newChat()
        onOpenModelRequested: openDialog.open()
        onSettingsRequested: root.showSettings()
        onInputRequested: root.showChat()
        onSearchRequested: searchPalette.open()
        onFindRequested: {
            root.showChat();
            chatPage.openFind();
        }
        onPromptsRequested: {
            if (chatPage.visible)
                chatPage.openPrompts(false);
        }
        onPanelToggled: root.togglePanel()
    }
    SearchPalette {
        id: searchPalette

        search: root.app.search
        onChosen: (conversation, message) => root.goTo(conversation, message)
    }

    Connections {
        target: root.app

        function onRaiseRequested() {
            root.comeToFront();
        }
    }

    function comeToFront() {
        if (root.visibility === Window.Minimized || root.visibility === Window.Hidden)
            root.showNormal();
        root.raise();
        root.requestActivate();
    }

    function rememberPlace() {
        if (root.visibility !== Window.Windowed)
            return;
        root.app.settings.windowWidth = root.width;
        root.app.settings.windowHeight = root.height;
        root.app.settings.windowX = root.x;
        root.app.settings.windowY = root.y;
    }

    // Where the window was last time, if a screen is still there.
    function returnToPlace() {
        const x = root.app.settings.windowX;
        const y = root.app.settings.windowY;
        for (let i = 0; i < Qt.application.screens.length; i++) {
            const screen = Qt.application.screens[i];
            if (root.app.settings.windowWidth > 0 && x >= screen.virtualX && x < screen.virtualX + screen.width - 100
                    && y >= screen.virtualY && y < screen.virtualY + screen.height - 100) {
                root.x = x;
                root.y = y;
            }
        }
    }

    function newChat() {
        root.app.chat.newChat();
        root.showChat();
    }

    // Shows a conversation, at a message unless that is 0.
    function goTo(conversation: real, message: real) {
        root.showChat();
        if (message === 0)
            root.app.chat.open(conversation);
        else
            chatPage.showMessage(root.app.chat.openAt(conversation, message));
    }

    function openModel(file: url) {
        root.app.model.open(file);
        root.showChat();
    }

    // A model is opened, anything else goes with the message.
    function takeFile(file: url) {
        if (file.toString().toLowerCase().endsWith(".gguf")) {
            root.openModel(file);
        } else {
            root.app.chat.attachments.add(file);
            root.showChat();
        }
    }

    function openConversation(id: real) {
        root.app.chat.open(id);
        root.showChat();
    }

    function showChat() {
        root.app.odds.close();
        root.settingsShown = false;
        root.deletedShown = false;
        root.sidebarOpen = false;
        chatPage.focusInput();
    }

    // The panel takes the keyboard when it comes and gives it back when it goes.
    function togglePanel() {
        if (!chatPage.visible)
            return;
        root.panelOpen = !root.panelOpen;
        if (root.panelOpen)
            panel.focusFirst();
        else
            chatPage.focusInput();
    }

    function showSettings() {
        root.settingsShown = true;
        root.deletedShown = false;
        root.sidebarOpen = false;
    }

    function showDeleted() {
        root.deletedShown = true;
        root.settingsShown = false;
        root.sidebarOpen = false;
    }

    function stepBack() {
        if (root.sidebarOpen)
            root.sidebarOpen = false;
        else if (root.app.chat.canStop)
            root.app.chat.stop();
        else if (root.app.chat.editing !== ChatController.Editing.Nothing)
            root.app.chat.cancelEdit();
        else if (root.pageShown)
            root.showChat();
        else
            root.app.odds.close();
    }
}
