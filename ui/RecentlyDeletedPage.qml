// What was deleted in the last 30 days, to bring back or to delete for good.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Tercet

FocusScope {
    id: root

    required property DeletedList deleted

    readonly property int sideMargin: Math.max(Theme.px(12), Math.round((root.width - Theme.columnWidth) / 2))

    Component.onCompleted: root.deleted.shown = true
    Component.onDestruction: root.deleted.shown = false

    Item {
        id: head

        x: root.sideMargin
        y: Theme.px(16)
        width: parent.width - 2 * x
        height: Math.max(note.height, emptyButton.height)

        UiText {
            id: note

            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - (emptyButton.visible ? emptyButton.width + Theme.px(16) : 0)
            text: qsTr("What you delete is kept here for 30 days, then it is gone for good.")
            color: Theme.muted
            wrapMode: Text.Wrap
        }
        TextButton {
            id: emptyButton

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Empty list")
            visible: list.count > 0
            onClicked: emptyQuestion.open()
        }
    }
    ListView {
        id: list

        anchors.top: head.bottom
        anchors.topMargin: Theme.px(12)
        anchors.bottom: parent.bottom
        x: root.sideMargin
        width: parent.width - 2 * x
        clip: true
        focus: true
        model: root.deleted
        reuseItems: true
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: ThinScrollBar {}
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Recently deleted")

        delegate: DeletedRow {
            id: row

            width: list.width - Theme.px(12)
            // As in the sidebar.
            ListView.onPooled: row.visible = false
            ListView.onReused: row.visible = true
            onRestoreRequested: root.deleted.restore(row.index)
            onPurgeRequested: {
                question.row = row.index;
                question.name = row.name;
                question.open();
            }
        }
    }
    UiText {
        anchors.centerIn: list
        text: qsTr("Nothing was deleted.")
        color: Theme.muted
        visible: list.count === 0
    }
    ConfirmDialog {
        id: question

        property int row: -1
        property string name: ""

        //: %1: the title of a conversation or the first words of a message
        title: qsTr("Delete “%1” for good?").arg(question.name)
        text: qsTr("It cannot be brought back.")
        actionText: qsTr("Delete for good")
        onConfirmed: root.deleted.purge(question.row)
    }
    ConfirmDialog {
        id: emptyQuestion

        title: qsTr("Delete all %n item(s) for good?", "", list.count)
        text: qsTr("They cannot be brought back.")
        actionText: qsTr("Delete for good")
        onConfirmed: root.deleted.purgeAll()
    }
}
