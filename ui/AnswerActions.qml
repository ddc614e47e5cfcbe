// The line under an answer: what can be done with it, how it ended, its figures. Its room is always kept; where it is
// narrow, there is a second line.
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

    readonly property bool goesOn: root.cutOff && root.canContinue && !root.busy
    readonly property bool focused: copyButton.activeFocus || again.activeFocus || edit.activeFocus || fork.activeFocus
                                    || inspect.activeFocus || remove.activeFocus || versions.focused
    readonly property int lineHeight: Theme.px(32)
    // Around an icon in its button.
    readonly property int margin: Theme.px(7)
    // Of the parts below, in their order.
    readonly property list<int> widths: [
        buttons.width - root.margin,
        root.versions > 1 ? versions.width - root.margin : 0,
        root.goesOn ? continueButton.width : 0,
        ending.width,
        figures.width
    ]

    implicitHeight: root.placeOf(4).y + root.lineHeight

    Row {
        id: buttons

        x: -root.margin
        visible: !root.busy
        opacity: root.shown || root.focused ? 1 : 0

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
    }
    VersionSwitch {
        id: versions

        x: root.placeOf(1).x - root.margin
        y: root.placeOf(1).y
        version: root.version
        versions: root.versions
        canChange: root.canChange
        visible: root.versions > 1 && !root.busy
        opacity: root.shown || root.focused ? 1 : 0
        onStepped: step => root.versionStepped(step)
    }
    TextButton {
        id: continueButton

        x: root.placeOf(2).x
        y: root.placeOf(2).y + Math.round((root.lineHeight - height) / 2)
        implicitHeight: Theme.px(28)
        iconName: "play"
        text: qsTr("Continue")
        font.pixelSize: Theme.figureSize
        visible: root.goesOn
        onClicked: root.continueRequested()
    }
    UiText {
        id: ending

        x: root.placeOf(3).x
        y: root.placeOf(3).y
        width: Math.min(Math.ceil(implicitWidth), root.width)
        height: root.lineHeight
        text: root.ending
        color: root.messageState === MessageModel.State.Failed ? Theme.danger : Theme.muted
        font.pixelSize: Theme.figureSize
        lineHeight: 1
        wrapMode: Text.Wrap
        visible: root.ending.length > 0
        Accessible.role: Accessible.StaticText
        Accessible.name: root.ending
    }
    UiText {
        id: figures

        anchors.right: parent.right
        y: root.placeOf(4).y
        height: root.lineHeight
        width: Math.min(Math.ceil(implicitWidth), root.width)
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

    // One after the other; what does not fit beside the others stands below them. The figures end at the right edge.
    function placeOf(part: int): var {
        let x = 0;
        let line = 0;
        for (let i = 0; i <= part; i++) {
            const width = root.widths[i];
            if (x > 0 && width > 0 && x + width > root.width) {
                x = 0;
                line++;
            }
            if (i < part && width > 0)
                x += width + Theme.px(6);
        }
        return { x: x, y: line * root.lineHeight };
    }
}
