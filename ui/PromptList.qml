// The prompts, the ones used last first, with a field to find one.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import Tercet

FocusScope {
    id: root

    required property PromptLibrary prompts
    required property bool draftIsEmpty

    signal chosen(int row, string title)
    signal editRequested(int row, string title, string text)
    signal newRequested
    signal saveDraftRequested

    ThemedField {
        id: field

        width: parent.width
        focus: true
        text: root.prompts.filter
        placeholderText: qsTr("Find a prompt")
        Accessible.name: qsTr("Find a prompt")
        onTextEdited: {
            root.prompts.filter = field.text;
            list.currentIndex = 0;
        }
        onAccepted: {
            const entry = list.currentItem as ListEntry;
            entry?.clicked();
        }
        Keys.onDownPressed: list.incrementCurrentIndex()
        Keys.onUpPressed: list.decrementCurrentIndex()
    }
    ListView {
        id: list

        anchors.top: field.bottom
        anchors.topMargin: Theme.px(8)
        anchors.bottom: bottom.top
        width: parent.width
        clip: true
        model: root.prompts
        currentIndex: 0
        boundsBehavior: Flickable.StopAtBounds
        T.ScrollBar.vertical: ThinScrollBar {}

        delegate: ListEntry {
            id: entry

            required property int index
            required property string prompt  // its text
            required property bool changed

            width: list.width - Theme.px(10)
            note: entry.prompt.replace(/\s+/g, " ")
            mark: entry.changed ? qsTr("changed") : ""
            current: entry.ListView.isCurrentItem
            onClicked: root.chosen(entry.index, entry.title)

            IconButton {
                iconName: "rotate-ccw"
                text: qsTr("Set “%1” back to how it came").arg(entry.title)
                visible: entry.changed
                onClicked: root.prompts.setBack(entry.index)
            }
            IconButton {
                iconName: "pencil"
                text: qsTr("Edit “%1”").arg(entry.title)
                onClicked: root.editRequested(entry.index, entry.title, entry.prompt)
            }
            IconButton {
                iconName: "trash-2"
                text: qsTr("Delete “%1”").arg(entry.title)
                onClicked: root.prompts.remove(entry.index)
            }
        }
    }
    UiText {
        anchors.centerIn: list
        width: list.width
        horizontalAlignment: Text.AlignHCenter
        text: qsTr("No prompt has these words.")
        color: Theme.muted
        wrapMode: Text.Wrap
        visible: list.count === 0
    }
    Flow {
        id: bottom

        anchors.bottom: parent.bottom
        width: parent.width
        topPadding: Theme.px(10)
        spacing: Theme.px(8)

        TextButton {
            iconName: "plus"
            text: qsTr("New prompt")
            onClicked: root.newRequested()
        }
        TextButton {
            text: qsTr("Save my message as a prompt")
            enabled: !root.draftIsEmpty
            onClicked: root.saveDraftRequested()
        }
        TextButton {
            iconName: "rotate-ccw"
            text: qsTr("Bring back the deleted ones")
            visible: root.prompts.hiddenCount > 0
            onClicked: root.prompts.bringBack()
        }
    }

    function focusFilter() {
        list.currentIndex = 0;
        list.positionViewAtBeginning();
        field.forceActiveFocus();
    }
}
