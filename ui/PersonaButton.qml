// The persona of this chat; opens the list of all.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import Tercet

TextButton {
    id: root

    required property ChatSettingsView chatSettings
    required property Personas personas
    // Only the icon, where there is no room for words.
    property bool terse: false

    signal saveRequested
    signal manageRequested

    implicitHeight: Theme.px(30)
    leftPadding: Theme.px(10)
    rightPadding: root.terse ? Theme.px(10) : Theme.px(30)
    iconName: "user"
    iconSize: Theme.px(16)
    ink: Theme.muted
    text: root.terse ? "" : root.chatSettings.personaName || qsTr("No persona")
    font.pixelSize: Theme.px(13)
    Accessible.name: qsTr("Persona: %1").arg(root.chatSettings.personaName || qsTr("No persona"))
    onClicked: card.opened ? card.close() : card.open()

    Icon {
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        name: "chevron-down"
        size: Theme.px(15)
        visible: !root.terse
    }

    T.Popup {
        id: card

        x: root.width - width
        y: root.height + Theme.px(6)
        width: Theme.px(280)
        // As tall as the window lets it be: a list that scrolls hides what there is.
        height: Math.min(none.height + list.contentHeight + footer.height + topPadding + bottomPadding,
                         root.Window.height - Theme.headerHeight - Theme.px(16))
        padding: Theme.px(5)
        margins: Theme.px(8)
        focus: true
        closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutsideParent
        onOpened: root.goTo(root.chatSettings.personaRow, Qt.PopupFocusReason)

        contentItem: FocusScope {
            focus: true
            Keys.onPressed: event => event.accepted = root.takeKey(event.key)

            ListEntry {
                id: none

                width: parent.width
                current: none.activeFocus
                title: qsTr("No persona")
                note: qsTr("as in the settings")
                ticked: root.chatSettings.personaName === ""
                onClicked: root.choose(-1)
            }
            ListView {
                id: list

                y: none.height
                width: parent.width
                height: parent.height - y - footer.height
                clip: true
                model: root.personas
                // The keys lead through the rows above and below it, too.
                keyNavigationEnabled: false
                highlightMoveDuration: 0
                boundsBehavior: Flickable.StopAtBounds
                T.ScrollBar.vertical: ThinScrollBar {}

                delegate: ListEntry {
                    id: entry

                    required property int index
                    required property string name

                    width: list.width
                    title: entry.name
                    ticked: entry.index === root.chatSettings.personaRow
                    mark: entry.ticked && root.chatSettings.personaChanged ? qsTr("changed here") : ""
                    current: entry.activeFocus
                    onClicked: root.choose(entry.index)
                    // The Tab key may have come here.
                    onActiveFocusChanged: {
                        if (entry.activeFocus)
                            list.currentIndex = entry.index;
                    }
                }
            }
            Column {
                id: footer

                anchors.bottom: parent.bottom
                width: parent.width

                Rectangle {
                    width: parent.width
                    height: 1
                    color: Theme.line
                }
                ListEntry {
                    id: save

                    width: parent.width
                    current: save.activeFocus
                    title: qsTr("Save this chat as a persona…")
                    onClicked: {
                        card.close();
                        root.saveRequested();
                    }
                }
                ListEntry {
                    id: edit

                    width: parent.width
                    current: edit.activeFocus
                    title: qsTr("Edit personas…")
                    onClicked: {
                        card.close();
                        root.manageRequested();
                    }
                }
            }
        }
        background: Rectangle {
            radius: Theme.cardRadius
            color: Theme.surface
            border.width: 1
            border.color: Theme.line
        }
    }

    function choose(row: int) {
        card.close();
        root.chatSettings.usePersona(row);
    }

    // To a row of the card: -1 for "No persona", then the personas, then the two below them.
    function goTo(row: int, reason: int) {
        list.currentIndex = row < list.count ? row : -1;
        const entry = list.currentItem ?? { [-1]: none, [list.count]: save, [list.count + 1]: edit }[row];
        entry.forceActiveFocus(reason);
        // The list gave it the keyboard before, without a reason.
        entry.focusReason = reason;
    }

    // True for a key that leads through the rows.
    function takeKey(key: int): bool {
        const row = save.activeFocus ? list.count : edit.activeFocus ? list.count + 1 : none.activeFocus ? -1 : list.currentIndex;
        const last = list.count + 1;
        const page = Math.max(1, Math.floor(list.height / none.height) - 1);
        const rows = {
            [Qt.Key_Up]: row - 1,
            [Qt.Key_Down]: row + 1,
            [Qt.Key_PageUp]: row - page,
            [Qt.Key_PageDown]: row + page,
            [Qt.Key_Home]: -1,
            [Qt.Key_End]: last
        };
        if (!(key in rows))
            return false;
        root.goTo(Math.max(-1, Math.min(last, rows[key])), Qt.TabFocusReason);
        return true;
    }
}
