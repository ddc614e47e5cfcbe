// The tinted square with a box that stands for a model.
import QtQuick

Rectangle {
    implicitWidth: Theme.px(44)
    implicitHeight: Theme.px(44)
    radius: Theme.px(11)
    color: Theme.accentSoft

    Icon {
        anchors.centerIn: parent
        name: "box"
        size: Theme.px(22)
        color: Theme.accent
    }
}
