// The keys that work everywhere in the window. What is in `all` works and is listed (ShortcutList.qml): the two cannot differ.
import QtQuick
import Tercet

Item {
    id: root

    required property AppRoot app

    signal newChatRequested
    signal openModelRequested
    signal settingsRequested
    signal inputRequested
    signal searchRequested
    signal findRequested
    signal promptsRequested
    signal panelToggled
    signal listRequested

    readonly property bool on: root.app.settings.shortcuts
    readonly property list<int> zooms: [80, 90, 100, 110, 125, 150, 175, 200]

    readonly property list<AppShortcut> all: [
        AppShortcut {
            title: qsTr("New chat")
            sequence: StandardKey.New
            enabled: root.on
            onActivated: root.newChatRequested()
        },
        AppShortcut {
            title: qsTr("Open a model")
            sequence: StandardKey.Open
            enabled: root.on
            onActivated: root.openModelRequested()
        },
        AppShortcut {
            title: qsTr("Go to the message box")
            sequence: "Ctrl+L"
            enabled: root.on
            onActivated: root.inputRequested()
        },
        AppShortcut {
            title: qsTr("Search all chats")
            sequence: "Ctrl+K"
            enabled: root.on
            onActivated: root.searchRequested()
        },
        AppShortcut {
            title: qsTr("Find in this chat")
            sequence: StandardKey.Find
            enabled: root.on
            onActivated: root.findRequested()
        },
        AppShortcut {
            title: qsTr("Prompts")
            sequence: "Ctrl+P"
            enabled: root.on
            onActivated: root.promptsRequested()
        },
        AppShortcut {
            title: qsTr("Panel “This chat”")
            sequence: "Ctrl+."
            enabled: root.on
            onActivated: root.panelToggled()
        },
        AppShortcut {
            title: qsTr("Write the last answer again")
            sequence: "Ctrl+R"
            enabled: root.on && root.app.chat.canRegenerate
            onActivated: root.app.chat.regenerate()
        },
        AppShortcut {
            title: qsTr("Copy the last answer")
            sequence: "Ctrl+Shift+C"
            enabled: root.on
            onActivated: root.app.chat.copyLastAnswer()
        },
        AppShortcut {
            title: qsTr("Larger")
            sequence: "Ctrl++"
            sequences: ["Ctrl+="]
            enabled: root.on
            onActivated: root.step(1)
        },
        AppShortcut {
            title: qsTr("Smaller")
            sequence: "Ctrl+-"
            enabled: root.on
            onActivated: root.step(-1)
        },
        AppShortcut {
            title: qsTr("Usual size")
            sequence: "Ctrl+0"
            enabled: root.on
            onActivated: root.app.settings.zoom = 100
        },
        AppShortcut {
            title: qsTr("Settings")
            sequence: "Ctrl+,"
            enabled: root.on
            onActivated: root.settingsRequested()
        },
        AppShortcut {
            title: qsTr("This list")
            sequence: "Ctrl+/"
            enabled: root.on
            onActivated: root.listRequested()
        },
        AppShortcut {
            title: qsTr("Quit")
            sequence: "Ctrl+Q"
            enabled: root.on
            onActivated: Qt.quit()
        }
    ]

    // The next size up or down from the present one.
    function step(direction: int) {
        const larger = root.zooms.filter(zoom => direction * (zoom - root.app.settings.zoom) > 0);
        if (larger.length > 0)
            root.app.settings.zoom = direction > 0 ? larger[0] : larger[larger.length - 1];
    }
}
