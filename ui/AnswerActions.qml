// The line under an answer: Copy, Regenerate, how it ended, its figures. Its room is always kept.
import QtQuick
import Tercet

Item {
    id: root

    required property int messageState
    required property string stats
    required property bool canRegenerate
    required property bool isLast
    required property bool shown

    signal copyRequested
    signal regenerateRequested

    readonly property bool busy: root.messageState === MessageModel.State.Reading
                                 || root.messageState === MessageModel.State.Writing
    readonly property string ending: root.messageState === MessageModel.State.Stopped ? qsTr("Stopped")
        : root.messageState === MessageModel.State.Failed ? qsTr("Could not be finished")
        : root.messageState === MessageModel.State.ContextFull ? qsTr("The memory of this chat is full")
        : ""

    implicitHeight: Theme.px(32)

    Row {
        id: buttons

        x: -Theme.px(7)
        visible: !root.busy
        opacity: root.shown || copyButton.activeFocus || regenerateButton.activeFocus ? 1 : 0

        IconButton {
            id: copyButton

            iconName: copied.running ? "check" : "copy"
            text: copied.running ? qsTr("Copied") : qsTr("Copy this answer")
            onClicked: {
                root.copyRequested();
                copied.restart();
            }

            Timer {
                id: copied

                interval: 1500
            }
        }
        IconButton {
            id: regenerateButton

            iconName: "refresh-cw"
            text: qsTr("Write this answer again")
            visible: root.isLast
            enabled: root.canRegenerate
            onClicked: root.regenerateRequested()
        }
    }
    UiText {
        anchors.left: buttons.right
        anchors.leftMargin: Theme.px(6)
        anchors.right: figures.left
        anchors.rightMargin: Theme.px(8)
        height: parent.height
        text: root.ending
        color: root.messageState === MessageModel.State.Failed ? Theme.danger : Theme.muted
        font.pixelSize: Theme.figureSize
        elide: Text.ElideRight
    }
    UiText {
        id: figures

        anchors.right: parent.right
        height: parent.height
        width: Math.min(implicitWidth, root.width * 0.55)
        text: root.stats
        color: Theme.muted
        font.pixelSize: Theme.figureSize
        elide: Text.ElideLeft
        visible: !root.busy
        opacity: root.shown ? 1 : 0
    }
}
