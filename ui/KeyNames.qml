// What is written on the keys: in words in the language of the window, on a Mac as its signs.
pragma Singleton

import QtQuick

QtObject {
    id: root

    readonly property bool mac: Qt.platform.os === "osx" || Qt.platform.os === "macos"
    readonly property var words: ({
            Ctrl: qsTr("Ctrl"),
            Shift: qsTr("Shift"),
            Alt: qsTr("Alt"),
            Enter: qsTr("Enter"),
            Backspace: qsTr("Backspace"),
            Tab: qsTr("Tab"),
            Esc: qsTr("Esc"),
            Up: qsTr("Up"),
            Down: qsTr("Down"),
            PageUp: qsTr("Page Up"),
            PageDown: qsTr("Page Down"),
            Home: qsTr("Home"),
            End: qsTr("End")
        })
    // Qt calls the command key Ctrl there.
    readonly property var signs: ({
            Ctrl: "⌘",
            Shift: "⇧",
            Alt: "⌥",
            Enter: "↩",
            Backspace: "⌫",
            Tab: "⇥",
            Esc: "⎋",
            Up: "↑",
            Down: "↓",
            PageUp: "⇞",
            PageDown: "⇟",
            Home: "↖",
            End: "↘"
        })

    // Of "Ctrl+Shift+C" or "Ctrl++".
    function of(sequence: string): string {
        const keys = sequence.match(/[^+]+|\+$/g) ?? [];
        return keys.map(key => (root.mac ? root.signs : root.words)[key] ?? key).join(root.mac ? "" : "+");
    }
}
