// All personas: edit, copy, delete, set back.
import QtQuick
import QtQuick.Templates as T
import Tercet

Sheet {
    id: root

    required property ChatSettingsView chatSettings
    required property Personas personas

    // The row that is edited; -1 for a new one from the chat, -2 for the list.
    property int row: -2
    property string oldName: ""
    property string oldInstructions: ""
    property int oldStyle: 3

    title: root.row === -2 ? qsTr("Personas") : root.row === -1 ? qsTr("New persona") : qsTr("Edit the persona")
    typedIn: editor.item?.changed ?? false
    editing: root.row !== -2
    wantedHeight: root.row === -2 ? Theme.px(520) : (editor.item?.implicitHeight ?? 0)

    FocusScope {
        anchors.fill: parent
        focus: root.row === -2
        visible: root.row === -2

        ListView {
            id: list

            width: parent.width
            height: parent.height - bottom.height
            clip: true
            model: root.personas
            boundsBehavior: Flickable.StopAtBounds
            T.ScrollBar.vertical: ThinScrollBar {}

            delegate: ListEntry {
                id: entry

                required property int index
                required property string name
                required property string instructions
                required property int style
                required property bool changed

                width: list.width - Theme.px(10)
                title: entry.name
                note: entry.instructions.replace(/\s+/g, " ")
                mark: entry.changed ? qsTr("changed") : ""
                onClicked: root.edit(entry.index, entry.name, entry.instructions, entry.style)

                IconButton {
                    iconName: "rotate-ccw"
                    text: qsTr("Set “%1” back to how it came").arg(entry.name)
                    visible: entry.changed
                    onClicked: root.personas.setBack(entry.index)
                }
                IconButton {
                    iconName: "pencil"
                    text: qsTr("Edit “%1”").arg(entry.name)
                    onClicked: root.edit(entry.index, entry.name, entry.instructions, entry.style)
                }
                IconButton {
                    iconName: "copy"
                    text: qsTr("Make a copy of “%1”").arg(entry.name)
                    onClicked: root.personas.duplicate(entry.index)
                }
                IconButton {
                    iconName: "trash-2"
                    text: qsTr("Delete “%1”").arg(entry.name)
                    onClicked: root.personas.remove(entry.index)
                }
            }
        }
        Flow {
            id: bottom

            anchors.bottom: parent.bottom
            width: parent.width
            topPadding: Theme.px(10)
            spacing: Theme.px(8)

            TextButton {
                iconName: "plus"
                text: qsTr("New from this chat")
                onClicked: root.saveChat()
            }
            TextButton {
                iconName: "rotate-ccw"
                text: qsTr("Bring back the deleted ones")
                visible: root.personas.hiddenCount > 0
                onClicked: root.personas.bringBack()
            }
        }
    }
    Loader {
        id: editor

        anchors.fill: parent
        active: root.opened && root.row !== -2
        focus: active

        sourceComponent: PersonaEditor {
            isNew: root.row === -1
            name: root.oldName
            instructions: root.oldInstructions
            style: root.oldStyle
            onCancelled: root.row = -2
            onSaved: (name, instructions, style) => {
                if (root.row === -1 ? root.chatSettings.saveAsPersona(name) : root.personas.edit(root.row, name, instructions, style))
                    root.row = -2;
            }
        }
    }

    function openList() {
        root.row = -2;
        root.open();
    }

    function saveChat() {
        root.edit(-1, "", "", 3);
        root.open();
    }

    function edit(row: int, name: string, instructions: string, style: int) {
        root.oldName = name;
        root.oldInstructions = instructions;
        root.oldStyle = style;
        root.row = row;
    }
}
