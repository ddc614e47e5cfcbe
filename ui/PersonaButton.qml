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
        height: Math.min(none.height + list.contentHeight + footer.height + topPadding + bottomPadding, Theme.px(460))
        padding: Theme.px(5)
        margins: Theme.px(8)
        focus: true
        closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutsideParent
        onOpened: list.currentIndex = root.chatSettings.personaRow

        contentItem: FocusScope {
            ListEntry {
                id: none

                width: parent.width
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
                focus: true
                model: root.personas
                keyNavigationEnabled: true
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
                    current: entry.ListView.isCurrentItem && list.activeFocus
                    onClicked: root.choose(entry.index)
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
                    width: parent.width
                    title: qsTr("Save this chat as a persona…")
                    onClicked: {
                        card.close();
                        root.saveRequested();
                    }
                }
                ListEntry {
                    width: parent.width
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
}
