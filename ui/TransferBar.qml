// How far an export or import is, with a way to stop it. It appears only when there is something to wait for.
import QtQuick
import Tercet

Item {
    id: root

    required property TransferController transfer

    readonly property bool shown: root.transfer.busy && !patience.running

    implicitHeight: Theme.px(52)

    UiText {
        id: label

        x: Theme.px(18)
        y: Theme.px(6)
        width: cancelButton.x - 2 * x
        height: Theme.px(22)
        text: root.transfer.importing ? qsTr("Importing…") : qsTr("Exporting…")
        color: Theme.muted
        font.pixelSize: Theme.figureSize
        elide: Text.ElideRight
    }
    ProgressTrack {
        x: Theme.px(18)
        y: Theme.px(34)
        width: label.width
        progress: root.transfer.progress
        Accessible.role: Accessible.ProgressBar
        Accessible.name: label.text
    }
    TextButton {
        id: cancelButton

        anchors.right: parent.right
        anchors.rightMargin: Theme.px(18)
        anchors.verticalCenter: parent.verticalCenter
        implicitHeight: Theme.px(32)
        text: qsTr("Cancel")
        Accessible.name: root.transfer.importing ? qsTr("Stop the import") : qsTr("Stop the export")
        onClicked: root.transfer.cancel()
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: 1
        color: Theme.line
    }
    // Most are done before anybody could read what is under way.
    Timer {
        id: patience

        interval: 400
    }
    Connections {
        target: root.transfer

        function onChanged() {
            patience.restart();
        }
    }
}
