// One line of the sidebar's list: a heading, a folder or a conversation.
// (Bound components do not work in a Loader before Qt 6.5.)

import QtQuick
import QtQuick.Templates as T
import Tercet

// No AbstractButton: Qt 6.4 tells screen readers the role of the type, whatever Accessible.role says.
T.ItemDelegate {
    id: root

    required property int index
    required property int kind
    required property real rowId
    required property string title
    required property string details
    required property bool pinned
    required property real folderId
    required property bool collapsed
    required property bool live
    required property bool unread
    // The conversation on the page.
    required property bool selected
    required property bool keyboardHere
    // What is dragged would come here.
    required property bool dropTarget
    required property bool dragging

    signal opened
    signal menuRequested(Item place)
    signal renamed(string title)

    readonly property bool heading: root.kind === ConversationList.Kind.Section
    readonly property bool folder: root.kind === ConversationList.Kind.Folder
    // Pinned ones stand above the folders.
    readonly property bool inFolder: !root.heading && !root.folder && root.folderId !== 0 && !root.pinned
    readonly property bool renaming: field.active
    readonly property string mark: root.live ? qsTr("An answer is being written") : root.unread ? qsTr("New answer") : ""

    implicitHeight: Theme.controlHeight
    leftPadding: Theme.px(10)
    rightPadding: Theme.px(4)
    hoverEnabled: true
    focusPolicy: Qt.NoFocus
    Accessible.role: root.heading ? Accessible.Heading : Accessible.ListItem
    Accessible.name: root.title
    Accessible.description: [root.details, root.collapsed ? qsTr("Collapsed") : "", root.mark].filter(part => part).join(". ")
    Accessible.selected: root.selected
    Accessible.onPressAction: root.opened()
    onClicked: root.opened()
    onDoubleClicked: root.startRenaming()
    ListView.onPooled: field.active = false

    contentItem: Item {
        Icon {
            id: chevron

            anchors.verticalCenter: parent.verticalCenter
            name: root.collapsed ? "chevron-right" : "chevron-down"
            size: Theme.px(14)
            visible: root.folder
        }
        UiText {
            id: label

            anchors.left: parent.left
            anchors.leftMargin: root.folder || root.inFolder ? Theme.px(20) : 0
            anchors.right: parent.right
            anchors.rightMargin: button.visible ? Theme.px(30) : dot.visible ? Theme.px(20) : Theme.px(6)
            height: parent.height
            topPadding: root.heading ? Theme.px(8) : 0
            text: root.title
            color: root.heading || root.folder ? Theme.muted : Theme.text
            font.pixelSize: root.heading || root.folder ? Theme.figureSize : Theme.controlSize
            font.weight: root.heading || root.folder || root.unread ? Font.DemiBold : Font.Normal
            elide: Text.ElideRight
            visible: !field.active
        }
        Rectangle {
            id: dot

            anchors.right: parent.right
            anchors.rightMargin: Theme.px(8)
            anchors.verticalCenter: parent.verticalCenter
            width: Theme.px(8)
            height: width
            radius: width / 2
            // Full while an answer is being written, a ring when one has come.
            color: root.live ? Theme.accent : "transparent"
            border.width: Math.max(2, Theme.px(2))
            border.color: Theme.accent
            visible: root.mark.length > 0 && !button.visible && !field.active
        }
        IconButton {
            id: button

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            implicitWidth: Theme.px(28)
            implicitHeight: Theme.px(28)
            focusPolicy: Qt.NoFocus
            iconName: "ellipsis"
            text: qsTr("More")
            visible: !root.heading && !field.active && (root.hovered || (root.keyboardHere && root.activeFocus))
            onClicked: root.menuRequested(button)
        }
        Loader {
            id: field

            anchors.fill: parent
            anchors.leftMargin: Theme.px(root.inFolder ? 13 : -7)
            anchors.topMargin: Theme.px(2)
            anchors.bottomMargin: Theme.px(2)
            active: false
            sourceComponent: RenameField {
                text: root.title
                onDone: title => root.endRenaming(title)
                onGivenUp: root.endRenaming(root.title)
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: root.selected ? Theme.surface : "transparent"
        border.width: root.selected ? 1 : 0
        border.color: Theme.line

        Rectangle {
            anchors.fill: parent
            radius: parent.radius
            color: root.down ? Theme.pressed : Theme.hover
            visible: root.dropTarget || (!root.heading && !root.selected && root.hovered)
        }
        FocusRing {
            anchors.margins: 0
            cornerRadius: Theme.radius - Theme.px(3)
            shown: root.keyboardHere && root.activeFocus && !field.active
        }
    }

    MouseArea {
        // Takes the press, which the button would count as a click.
        anchors.fill: parent
        acceptedButtons: Qt.RightButton
        onClicked: root.menuRequested(root)
    }
    Tip {
        text: root.title
        shown: root.hovered && label.truncated && !field.active && !root.dragging
    }

    function startRenaming() {
        if (!root.heading)
            field.active = true;
    }

    function endRenaming(title: string) {
        if (!field.active)
            return;
        const here = (field.item as RenameField).activeFocus;
        field.active = false;
        if (here)
            root.forceActiveFocus();
        if (title !== root.title)
            root.renamed(title);
    }
}
