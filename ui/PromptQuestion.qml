// One place of a prompt to fill in: a line, several lines, a number, or a choice.
import QtQuick
import Tercet

SettingRow {
    id: root

    required property int index
    required property string label
    required property int kind
    required property list<string> choices
    required property string value

    signal edited(string text)

    title: root.label

    Loader {
        id: loader

        width: parent.width
        focus: true
        sourceComponent: root.kind === FilledPrompt.Kind.Choice ? choiceBox : root.kind === FilledPrompt.Kind.LongText ? lines : line
    }
    Component {
        id: line

        ThemedField {
            id: field

            text: root.value
            inputMethodHints: root.kind === FilledPrompt.Kind.Number ? Qt.ImhFormattedNumbersOnly : Qt.ImhNone
            placeholderText: root.kind === FilledPrompt.Kind.Number ? qsTr("a number") : ""
            Accessible.name: root.label
            onTextEdited: root.edited(field.text)
        }
    }
    Component {
        id: lines

        PromptField {
            label: root.label
            placeholder: qsTr("Type or paste a text")
            value: root.value
            onEdited: text => root.edited(text)
        }
    }
    Component {
        id: choiceBox

        ChoiceBox {
            label: root.label
            model: root.choices
            current: root.choices.indexOf(root.value)
            onActivated: index => root.edited(root.choices[index])
        }
    }

    function take() {
        if (loader.item?.forceActiveFocus)
            loader.item.forceActiveFocus();
    }
}
