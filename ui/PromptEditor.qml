// The title and the text of one prompt.
import QtQuick
import QtQuick.Controls.Basic

FocusScope {
    id: root

    required property string title
    required property string text

    signal saved(string title, string text)
    signal cancelled

    property string typedText: root.text
    readonly property bool changed: titleField.text !== root.title || root.typedText !== root.text
    readonly property bool valid: root.typedText.trim().length > 0

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
                title: qsTr("Title")

                ThemedField {
                    id: titleField

                    width: parent.width
                    focus: true
                    text: root.title
                    maximumLength: 80
                    placeholderText: qsTr("the first words of the text")
                    Accessible.name: qsTr("Title")
                    onAccepted: root.save()
                }
            }
            PromptField {
                width: parent.width
                label: qsTr("Text of the prompt")
                placeholder: qsTr("What you want to ask, with places to fill in")
                value: root.text
                onEdited: text => root.typedText = text
            }
            UiText {
                width: parent.width
                text: qsTr("Places to fill in: {{name}}, {{text|long}}, {{count|number}}, {{tone|formal,friendly}}. Filled by Tercet: {{date}}, {{time}}, {{clipboard}}. For the braces themselves write %1.").arg("\\{{")
                color: Theme.muted
                font.pixelSize: Theme.figureSize
                wrapMode: Text.Wrap
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

    Component.onCompleted: titleField.forceActiveFocus()

    function save() {
        if (root.valid)
            root.saved(titleField.text, root.typedText);
    }
}
