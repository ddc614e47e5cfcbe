// What the person wrote: a soft bubble on the right, and below it what can be done with it, in room that is kept.
import QtQuick
import Tercet

Item {
    id: root

    required property MessageBlocks blocks
    // The model no longer sees it.
    required property bool pale
    required property bool actionsShown
    required property int version
    required property int versions
    required property var attachments
    required property bool canChange
    required property bool canEdit
    // Nothing follows it.
    required property bool unanswered

    signal copyRequested
    signal answerRequested
    signal editRequested
    signal deleteRequested
    signal versionStepped(int step)
    signal copyTextRequested(string text)

    readonly property int padding: Theme.px(14)
    readonly property int roomForText: root.width * 0.85 - 2 * root.padding

    implicitHeight: files.height + bubble.height + buttons.height + Theme.px(6)

    Row {
        id: files

        anchors.right: parent.right
        height: root.attachments.length > 0 ? Theme.px(32) : 0
        spacing: Theme.px(6)
        visible: root.attachments.length > 0

        Repeater {
            model: root.attachments

            FileChip {
                required property string modelData

                name: modelData
            }
        }
    }

    Rectangle {
        id: bubble

        anchors.right: parent.right
        y: files.height
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
    Row {
        id: buttons

        readonly property bool focused: copyButton.activeFocus || answer.activeFocus || edit.activeFocus || remove.activeFocus || switcher.focused

        anchors.right: parent.right
        anchors.rightMargin: -Theme.px(5)
        anchors.top: bubble.bottom
        height: Theme.px(32)
        // That there are several versions is always said, and how to get an answer.
        opacity: root.versions > 1 || root.unanswered || root.actionsShown || buttons.focused ? 1 : 0

        TextButton {
            id: answer

            implicitHeight: Theme.px(32)
            bare: true
            iconName: "refresh-cw"
            text: qsTr("Answer this message")
            font.pixelSize: Theme.figureSize
            enabled: root.canEdit
            visible: root.unanswered
            onClicked: root.answerRequested()
        }
        CopyButton {
            id: copyButton

            what: qsTr("Copy your message")
            onClicked: root.copyRequested()
        }
        IconButton {
            id: edit

            iconName: "pencil"
            text: qsTr("Edit your message")
            enabled: root.canEdit
            onClicked: root.editRequested()
        }
        IconButton {
            id: remove

            iconName: "trash-2"
            text: qsTr("Delete your message")
            enabled: root.canChange
            onClicked: root.deleteRequested()
        }
        VersionSwitch {
            id: switcher

            version: root.version
            versions: root.versions
            canChange: root.canChange
            onStepped: step => root.versionStepped(step)
        }
    }

    function placeAt(x: real, y: real): var {
        const at = root.mapToItem(column, x, y);
        return column.placeAt(at.x, at.y);
    }

    function reveal(block: int, position: int): rect {
        return root.mapFromItem(column, column.reveal(block, position));
    }
}
