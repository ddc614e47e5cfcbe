// The name, the instructions and the style of one persona.
import QtQuick
import QtQuick.Controls.Basic

FocusScope {
    id: root

    // What is edited, as it is; empty for a new one, whose settings are those of the chat.
    required property bool isNew
    required property string name
    required property string instructions
    required property int style

    signal saved(string name, string instructions, int style)
    signal cancelled

    readonly property bool valid: nameField.text.trim().length > 0
    readonly property bool changed: nameField.text !== root.name || root.typedInstructions !== root.instructions
                                    || root.chosenStyle !== root.style
    property string typedInstructions: root.instructions
    property int chosenStyle: root.style

    implicitHeight: column.implicitHeight

    ScrollView {
        id: scroller

        anchors.fill: parent
        contentWidth: availableWidth
        clip: true
        ScrollBar.horizontal.policy: ScrollBar.AlwaysOff

        Column {
            id: column

            width: scroller.availableWidth
            spacing: Theme.px(12)

            SettingRow {
                width: parent.width
                title: qsTr("Name")

                ThemedField {
                    id: nameField

                    width: parent.width
                    focus: true
                    text: root.name
                    maximumLength: 60
                    Accessible.name: qsTr("Name")
                    onAccepted: root.save()
                }
            }
            UiText {
                width: parent.width
                text: qsTr("It takes the instructions, the style, the answer length and the model of this chat.")
                color: Theme.muted
                wrapMode: Text.Wrap
                visible: root.isNew
            }
            SettingRow {
                width: parent.width
                title: qsTr("Instructions")
                note: qsTr("who the model is and how it should answer")
                visible: !root.isNew

                PromptField {
                    width: parent.width
                    label: qsTr("Instructions")
                    value: root.instructions
                    onEdited: text => root.typedInstructions = text
                }
            }
            SettingRow {
                width: parent.width
                title: qsTr("Style")
                visible: !root.isNew

                StyleChoice {
                    current: root.chosenStyle
                    onChosen: index => root.chosenStyle = index
                }
            }
            Row {
                spacing: Theme.px(8)

                TextButton {
                    primary: true
                    text: qsTr("Save")
                    enabled: root.valid
                    onClicked: root.save()
                }
                TextButton {
                    text: qsTr("Cancel")
                    onClicked: root.cancelled()
                }
            }
        }
    }

    Component.onCompleted: {
        nameField.forceActiveFocus();
        nameField.selectAll();
    }

    function save() {
        if (root.valid)
            root.saved(nameField.text, root.typedInstructions, root.chosenStyle);
    }
}
