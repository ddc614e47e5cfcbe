// What the person wrote: a soft bubble on the right, with Copy in the room kept beside it.
import QtQuick
import Tercet

Item {
    id: root

    required property MessageBlocks blocks
    // The model no longer sees it.
    required property bool pale
    required property bool actionsShown

    signal copyRequested
    signal copyTextRequested(string text)

    readonly property int padding: Theme.px(14)
    readonly property int roomForText: Math.min(root.width - copyButton.width - Theme.px(8), root.width * 0.8)
                                       - 2 * root.padding

    implicitHeight: bubble.height + Theme.px(20)

    Rectangle {
        id: bubble

        anchors.right: parent.right
        width: column.width + 2 * root.padding
        height: column.height + Theme.px(20)
        radius: Theme.cardRadius
        color: root.pale ? Theme.sidebar : Theme.bubble

        Rectangle {
            // The corner that points at the person who wrote it.
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            width: parent.radius
            height: parent.radius
            radius: Theme.px(3)
            color: parent.color
        }
        BlockColumn {
            id: column

            x: root.padding
            // A line's extra height is all below it.
            y: Theme.px(12)
            width: Math.min(Math.ceil(naturalWidth), root.roomForText)
            blocks: root.blocks
            pale: root.pale
            onCopyTextRequested: text => root.copyTextRequested(text)
        }
    }
    IconButton {
        id: copyButton

        anchors.right: bubble.left
        anchors.rightMargin: Theme.px(4)
        anchors.bottom: bubble.bottom
        iconName: "copy"
        text: qsTr("Copy your message")
        opacity: root.actionsShown || activeFocus ? 1 : 0
        onClicked: root.copyRequested()
    }

    function placeAt(x: real, y: real): var {
        const at = root.mapToItem(column, x, y);
        return column.placeAt(at.x, at.y);
    }
}
