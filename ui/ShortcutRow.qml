// What a key does, and the key.
import QtQuick

Item {
    id: root

    required property string title
    required property string keys

    implicitHeight: Math.max(words.height, cap.height) + Theme.px(8)
    Accessible.role: Accessible.StaticText
    Accessible.name: root.title + ": " + root.keys

    UiText {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        width: parent.width - cap.width - Theme.px(12)
        text: root.title
        wrapMode: Text.Wrap
    }
    Rectangle {
        id: cap

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        width: keysText.implicitWidth + Theme.px(16)
        height: Theme.px(24)
        radius: Theme.px(6)
        color: Theme.code
        border.width: 1
        border.color: Theme.line

        UiText {
            id: keysText

            anchors.centerIn: parent
            text: root.keys
            color: Theme.muted
            font.pixelSize: Theme.figureSize
        }
    }
}
