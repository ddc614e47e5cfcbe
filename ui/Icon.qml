// One Lucide icon, tinted, drawn at the pixels of the screen so that it is crisp at any scale.
import QtQuick
import QtQuick.Controls.impl
import QtQuick.Window

ColorImage {
    id: root

    required property string name
    property int size: Theme.iconSize

    width: root.size
    height: root.size
    color: Theme.muted
    source: "qrc:/icons/" + root.name + ".svg"
    sourceSize: Qt.size(root.size * Screen.devicePixelRatio, root.size * Screen.devicePixelRatio)
    defaultColor: "#000000"
}
