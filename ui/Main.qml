// The window: the sidebar, the page that is open, and what concerns the whole window.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Dialogs
import Tercet

ApplicationWindow {
    id: root

    required property AppRoot app

    property bool sidebarOpen: false

    readonly property bool narrow: root.width < Theme.px(900)
    // Nothing to talk to and nothing said yet: the first page takes the whole window.
    readonly property bool welcoming: !root.app.model.hasModel && !root.app.model.builtIn && root.app.chat.messages.count === 0
                                      && root.app.conversations.count === 0

    width: root.app.settings.windowWidth > 0 ? root.app.settings.windowWidth : Math.min(1280, Screen.desktopAvailableWidth * 0.9)
    height: root.app.settings.windowHeight > 0 ? root.app.settings.windowHeight : Math.min(800, Screen.desktopAvailableHeight * 0.9)
    minimumWidth: 480
    minimumHeight: 420
    visible: true
    title: root.app.chat.title ? root.app.chat.title + " – Tercet" : "Tercet"
    color: Theme.background
    onClosing: place.remember()
    Component.onCompleted: {
        place.restore();
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

    ThemeChoice {
        settings: root.app.settings
    }

    WindowPlace {
        id: place

        window: root
        settings: root.app.settings
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
            settingsShown: pages.page === Pages.Settings
            deletedShown: pages.page === Pages.Deleted
            shortcuts: root.app.settings.shortcuts
            onNewChatRequested: root.newChat()
            onSearchRequested: searchPalette.open()
            onConversationRequested: id => root.showConversation(id, 0)
            onExportRequested: id => exportDialog.choose(id)
            onDeletedRequested: root.showPage(Pages.Deleted)
            onSettingsRequested: root.showPage(Pages.Settings)

            Behavior on x {
                enabled: root.narrow

                NumberAnimation {
                    duration: 140
                    easing.type: Easing.OutCubic
                }
            }
        }
        Shade {
            z: 1
            anchors.fill: parent
            visible: root.narrow && root.sidebarOpen && sidebar.visible
            onClicked: root.sidebarOpen = false
        }
        Pages {
            id: pages

            x: root.narrow || root.welcoming ? 0 : sidebar.width
            width: parent.width - x
            height: parent.height
            app: root.app
            welcoming: root.welcoming
            narrow: root.narrow
            covered: personaSheet.opened
            focus: true
            onSidebarRequested: root.sidebarOpen = true
            onOpenModelRequested: root.askForModel()
            onBiggerModelRequested: modelSheet.open()
            onExportRequested: format => exportDialog.open(root.app.chat.conversation, format)
            onSavePersonaRequested: personaSheet.saveChat()
            onManagePersonasRequested: personaSheet.openList()
            onShortcutsRequested: shortcutList.open()
        }

        Keys.onEscapePressed: root.stepBack()
    }

    PersonaSheet {
        id: personaSheet

        chatSettings: root.app.chatSettings
        personas: root.app.personas
        notice: root.app.notice
    }
    ModelSheet {
        id: modelSheet

        onOpenModelRequested: root.askForModel()
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
        id: shortcuts

        app: root.app
        onNewChatRequested: root.newChat()
        onOpenModelRequested: root.askForModel()
        onSettingsRequested: root.showPage(Pages.Settings)
        onInputRequested: root.showChat()
        onSearchRequested: searchPalette.open()
        onFindRequested: {
            root.sidebarOpen = false;
            pages.openFind();
        }
        onPromptsRequested: pages.openPrompts()
        onPanelToggled: pages.togglePanel()
        onListRequested: shortcutList.open()
    }
    ShortcutList {
        id: shortcutList

        shortcuts: shortcuts.all
        settings: root.app.settings
    }
    SearchPalette {
        id: searchPalette

        search: root.app.search
        onChosen: (conversation, message) => root.showConversation(conversation, message)
    }

    Connections {
        target: root.app

        function onRaiseRequested() {
            root.comeToFront();
        }
        function onChatRequested() {
            root.showChat();
            root.comeToFront();
        }
    }

    function comeToFront() {
        place.show();
        root.raise();
        root.requestActivate();
    }

    function showPage(page: int) {
        root.sidebarOpen = false;
        pages.page = page;
    }

    function showChat() {
        root.sidebarOpen = false;
        pages.showChat();
    }

    function showConversation(conversation: real, message: real) {
        root.sidebarOpen = false;
        pages.showConversation(conversation, message);
    }

    function newChat() {
        root.app.chat.newChat();
        root.showChat();
    }

    function askForModel() {
        openDialog.currentFolder = root.app.model.likelyFolder();
        openDialog.open();
    }

    function openModel(file: url) {
        root.app.model.open(file);
        root.showChat();
    }

    // A model is opened, an archive of chats is imported, anything else goes with the message.
    function takeFile(file: url) {
        const name = file.toString().toLowerCase();
        if (name.endsWith(".gguf")) {
            root.openModel(file);
        } else if (name.endsWith(".zip") || name.endsWith("/conversations.json")) {
            root.app.transfer.importFile(file);
        } else {
            root.app.chat.attachments.add(file);
            root.showChat();
        }
    }

    function stepBack() {
        if (root.sidebarOpen)
            root.sidebarOpen = false;
        else
            pages.stepBack();
    }
}
