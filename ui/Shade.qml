// Darkens what lies below a panel that was opened over it, and takes its clicks.
import QtQuick

Rectangle {
    id: root

    signal clicked

    color: Theme.shade

    MouseArea {
        anchors.fill: parent
        hoverEnabled: true
        onClicked: root.clicked()
        onWheel: wheel => wheel.accepted = true
    }
}
