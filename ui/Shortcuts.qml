// The keys that work everywhere in the window.
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

    readonly property list<int> zooms: [80, 90, 100, 110, 125, 150, 175, 200]

    Shortcut {
        sequences: [StandardKey.New]
        onActivated: root.newChatRequested()
    }
    Shortcut {
        sequences: [StandardKey.Open]
        onActivated: root.openModelRequested()
    }
    Shortcut {
        sequence: "Ctrl+,"
        onActivated: root.settingsRequested()
    }
    Shortcut {
        sequence: "Ctrl+R"
        enabled: root.app.chat.canRegenerate
        onActivated: root.app.chat.regenerate()
    }
    Shortcut {
        sequence: "Ctrl+Shift+C"
        onActivated: root.app.chat.copyMessage(root.app.chat.messages.count - 1)
    }
    Shortcut {
        sequence: "Ctrl+L"
        onActivated: root.inputRequested()
    }
    Shortcut {
        sequence: "Ctrl+K"
        onActivated: root.searchRequested()
    }
    Shortcut {
        sequences: [StandardKey.Find]
        onActivated: root.findRequested()
    }
    Shortcut {
        sequence: "Ctrl+P"
        onActivated: root.promptsRequested()
    }
    Shortcut {
        sequence: "Ctrl+."
        onActivated: root.panelToggled()
    }
    Shortcut {
        sequences: ["Ctrl++", "Ctrl+="]
        onActivated: root.step(1)
    }
    Shortcut {
        sequence: "Ctrl+-"
        onActivated: root.step(-1)
    }
    Shortcut {
        sequence: "Ctrl+0"
        onActivated: root.app.settings.zoom = 100
    }
    Shortcut {
        sequence: "Ctrl+Q"
        onActivated: Qt.quit()
    }

    // The next size up or down from the present one.
    function step(direction: int) {
        const larger = root.zooms.filter(zoom => direction * (zoom - root.app.settings.zoom) > 0);
        if (larger.length > 0)
            root.app.settings.zoom = direction > 0 ? larger[0] : larger[larger.length - 1];
    }
}
