// The line under an answer: what can be done with it, how it ended, its figures. Its room is always kept.
import QtQuick
import Tercet

Item {
    id: root

    required property int messageState
    required property string stats
    // All figures: shown beside the pointer or the keyboard.
    required property string details
    required property int version
    required property int versions
    required property bool edited
    required property bool canRegenerate
    required property bool canChange
    required property bool canContinue
    required property bool shown

    signal copyRequested
    signal regenerateRequested
    signal continueRequested
    signal editRequested
    signal forkRequested
    signal inspectRequested
    signal deleteRequested
    signal versionStepped(int step)

    readonly property bool busy: root.messageState === MessageModel.State.Reading
                                 || root.messageState === MessageModel.State.Writing
    readonly property bool cutOff: root.messageState === MessageModel.State.Stopped
                                   || root.messageState === MessageModel.State.Interrupted
                                   || root.messageState === MessageModel.State.Failed
                                   || root.messageState === MessageModel.State.ContextFull
                                   || root.messageState === MessageModel.State.LengthReached
    readonly property string ending: root.messageState === MessageModel.State.Stopped ? qsTr("Stopped")
        : root.messageState === MessageModel.State.Interrupted ? qsTr("Interrupted")
        : root.messageState === MessageModel.State.Failed ? qsTr("Could not be finished")
        : root.messageState === MessageModel.State.ContextFull ? qsTr("The memory of this chat is full")
        : root.messageState === MessageModel.State.LengthReached ? qsTr("Cut off at the answer length")
        : root.edited ? qsTr("Edited") : ""

    implicitHeight: Theme.px(32)

    Row {
        id: buttons

        x: -Theme.px(7)
        visible: !root.busy
        opacity: root.shown || buttons.focused ? 1 : 0

        readonly property bool focused: copyButton.activeFocus || again.activeFocus || edit.activeFocus || fork.activeFocus
                                        || inspect.activeFocus || remove.activeFocus || versions.focused

        CopyButton {
            id: copyButton

            what: qsTr("Copy this answer")
            onClicked: root.copyRequested()
        }
        IconButton {
            id: again

            iconName: "refresh-cw"
            text: qsTr("Write this answer again")
            enabled: root.canRegenerate
            onClicked: root.regenerateRequested()
        }
        IconButton {
            id: edit

            iconName: "pencil"
            text: qsTr("Edit this answer")
            enabled: root.canChange
            onClicked: root.editRequested()
        }
        IconButton {
            id: fork

            iconName: "git-branch"
            text: qsTr("Go on in a new chat from here")
            enabled: root.canChange
            onClicked: root.forkRequested()
        }
        IconButton {
            id: inspect

            iconName: "gauge"
            text: qsTr("How likely were the words?")
            enabled: root.canRegenerate
            onClicked: root.inspectRequested()
        }
        IconButton {
            id: remove

            iconName: "trash-2"
            text: qsTr("Delete this answer")
            enabled: root.canChange
            onClicked: root.deleteRequested()
        }
        VersionSwitch {
            id: versions

            version: root.version
            versions: root.versions
            canChange: root.canChange
            onStepped: step => root.versionStepped(step)
        }
    }
    TextButton {
        id: continueButton

        anchors.left: buttons.right
        anchors.leftMargin: Theme.px(4)
        anchors.verticalCenter: parent.verticalCenter
        implicitHeight: Theme.px(28)
        iconName: "play"
        text: qsTr("Continue")
        font.pixelSize: Theme.figureSize
        visible: root.cutOff && root.canContinue && !root.busy
        onClicked: root.continueRequested()
    }
    UiText {
        anchors.left: continueButton.visible ? continueButton.right : buttons.right
        anchors.leftMargin: Theme.px(6)
        anchors.right: figures.left
        anchors.rightMargin: Theme.px(8)
        height: parent.height
        text: root.ending
        color: root.messageState === MessageModel.State.Failed ? Theme.danger : Theme.muted
        font.pixelSize: Theme.figureSize
        elide: Text.ElideRight
        visible: root.ending.length > 0
        Accessible.role: Accessible.StaticText
        Accessible.name: root.ending
    }
    UiText {
        id: figures

        anchors.right: parent.right
        height: parent.height
        width: Math.min(implicitWidth, root.width * 0.4)
        text: root.stats
        color: Theme.muted
        font.pixelSize: Theme.figureSize
        elide: Text.ElideLeft
        visible: !root.busy
        opacity: root.shown || figures.activeFocus ? 1 : 0
        activeFocusOnTab: root.details.length > 0
        Accessible.role: Accessible.StaticText
        Accessible.name: root.stats
        Accessible.description: root.details
        Accessible.ignored: root.stats.length === 0

        HoverHandler {
            id: overFigures
        }
        FocusRing {
            anchors.leftMargin: -Theme.px(6)
            anchors.rightMargin: -Theme.px(6)
            shown: figures.activeFocus
        }
        Tip {
            text: root.details
            shown: overFigures.hovered || figures.activeFocus
        }
    }
}
