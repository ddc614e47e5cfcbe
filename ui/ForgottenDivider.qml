// Where the model's memory begins: what stands above no longer reaches it.
import QtQuick

Item {
    id: root

    implicitHeight: label.implicitHeight + Theme.px(28)
    Accessible.role: Accessible.StaticText
    Accessible.name: label.text

    Rectangle {
        anchors.left: parent.left
        anchors.right: label.left
        anchors.rightMargin: Theme.px(12)
        anchors.verticalCenter: label.verticalCenter
        height: 1
        color: Theme.line
    }
    UiText {
        id: label

        anchors.horizontalCenter: parent.horizontalCenter
        y: Theme.px(2)
        width: Math.min(implicitWidth, root.width - Theme.px(40))
        text: qsTr("The model no longer sees the messages above")
        color: Theme.muted
        font.pixelSize: Theme.figureSize
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        Accessible.ignored: true
    }
    Rectangle {
        anchors.left: label.right
        anchors.leftMargin: Theme.px(12)
        anchors.right: parent.right
        anchors.verticalCenter: label.verticalCenter
        height: 1
        color: Theme.line
    }
}
