// Copies, and says for a moment that it did.
import QtQuick

IconButton {
    id: root

    required property string what

    iconName: copied.running ? "check" : "copy"
    text: copied.running ? qsTr("Copied") : root.what
    onClicked: copied.restart()

    Timer {
        id: copied

        interval: 1500
    }
}
