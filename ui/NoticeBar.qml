// One plain message to the person: what happened, what to do, and the code to look it up by.
import QtQuick
import Tercet

Rectangle {
    id: root

    required property Notice notice
    // How long something can be undone from here.
    property int undoMs: 10000

    signal openModelRequested
    signal openSettingsRequested

    readonly property bool calm: root.notice.kind === Notice.Kind.Info
    readonly property color tint: root.notice.kind === Notice.Kind.Error ? Theme.danger
        : root.calm ? Theme.accent : Theme.warning

    implicitHeight: content.height + Theme.px(24)
    radius: Theme.cardRadius
    color: root.notice.kind === Notice.Kind.Warning ? Theme.warningSoft : Theme.surface
    border.width: 1
    border.color: Qt.tint(Theme.line, Qt.alpha(root.tint, 0.4))
    Accessible.role: Accessible.AlertMessage
    Accessible.name: root.notice.title
    Accessible.description: root.notice.text

    HoverHandler {
        id: pointer
    }
    Timer {
        id: undoEnds

        interval: root.undoMs
        running: root.visible && root.notice.action === Notice.Action.Undo && !pointer.hovered && !actionButton.activeFocus
                 && !closeButton.activeFocus
        onTriggered: root.notice.dismiss()
    }
    Connections {
        target: root.notice

        // A newer one has its own time.
        function onChanged() {
            if (undoEnds.running)
                undoEnds.restart();
        }
    }
    Icon {
        id: mark

        x: Theme.px(14)
        y: Theme.px(13)
        name: root.notice.kind === Notice.Kind.Error ? "circle-alert" : root.calm ? "info" : "triangle-alert"
        color: root.tint
    }
    Column {
        id: content

        anchors.left: mark.right
        anchors.leftMargin: Theme.px(10)
        anchors.right: closeButton.left
        anchors.rightMargin: Theme.px(6)
        y: Theme.px(12)
        spacing: Theme.px(4)

        UiText {
            width: parent.width
            text: root.notice.title
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
        }
        UiText {
            width: parent.width
            text: root.notice.text
            wrapMode: Text.Wrap
            visible: text.length > 0
        }
        Flow {
            width: parent.width
            topPadding: Theme.px(4)
            spacing: Theme.px(8)
            visible: root.notice.actionText.length + root.notice.details.length > 0 || !root.calm

            TextButton {
                id: actionButton

                implicitHeight: Theme.px(32)
                text: root.notice.actionText
                visible: text.length > 0
                onClicked: root.act(root.notice.action)
            }
            TextButton {
                id: detailsButton

                implicitHeight: Theme.px(32)
                leftPadding: Theme.px(8)
                bare: true
                iconName: "copy"
                text: qsTr("Copy details")
                visible: root.notice.details.length > 0
                onClicked: root.notice.copyDetails()
            }
            UiText {
                height: Theme.px(32)
                // Only what went wrong is looked up by its code.
                visible: !root.calm
                text: root.notice.code
                color: Theme.muted
                font.pixelSize: Theme.figureSize
            }
        }
    }
    IconButton {
        id: closeButton

        anchors.right: parent.right
        anchors.rightMargin: Theme.px(6)
        y: Theme.px(6)
        iconName: "x"
        text: qsTr("Dismiss")
        onClicked: root.notice.dismiss()
    }

    // The window has the file dialog and the settings; the rest is done by whoever gave the notice.
    function act(action: int) {
        if (action === Notice.Action.OpenModel)
            root.openModelRequested();
        else if (action === Notice.Action.OpenSettings)
            root.openSettingsRequested();
        root.notice.trigger();
    }
}
