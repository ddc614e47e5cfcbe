// The whole window takes dropped files, a model to open or files to attach, and shows that it does.
import QtQuick

DropArea {
    id: root

    signal fileDropped(url file)

    keys: ["text/uri-list"]
    onEntered: drag => drag.accepted = drag.hasUrls
    onDropped: drop => {
        if (drop.hasUrls) {
            drop.accept(Qt.CopyAction);
            drop.urls.forEach(file => root.fileDropped(file));
        }
    }

    Rectangle {
        anchors.fill: parent
        color: Qt.alpha(Theme.background, 0.92)
        visible: root.containsDrag

        Rectangle {
            anchors.fill: parent
            anchors.margins: Theme.px(16)
            radius: Theme.composerRadius
            color: Theme.accentSoft
            border.width: Math.max(2, Theme.px(2))
            border.color: Theme.accent
        }
        Column {
            anchors.centerIn: parent
            width: parent.width - Theme.px(72)
            spacing: Theme.px(10)

            Icon {
                anchors.horizontalCenter: parent.horizontalCenter
                name: "file-down"
                size: Theme.px(36)
                color: Theme.accent
            }
            UiText {
                width: parent.width
                text: qsTr("Drop files to attach them, or a model to open it")
                font.pixelSize: Theme.titleSize
                font.weight: Font.DemiBold
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
            }
        }
    }
}
