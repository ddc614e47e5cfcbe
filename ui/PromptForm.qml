// Asks for what a prompt leaves open, and shows how it comes out.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Tercet

FocusScope {
    id: root

    required property FilledPrompt prompt

    property bool changed: false

    signal inserted(string text)
    signal cancelled

    implicitHeight: column.implicitHeight + buttons.height + Theme.px(12)

    ScrollView {
        id: scroller

        width: parent.width
        height: parent.height - buttons.height - Theme.px(12)
        contentWidth: availableWidth
        clip: true
        ScrollBar.horizontal.policy: ScrollBar.AlwaysOff

        Column {
            id: column

            width: scroller.availableWidth
            spacing: Theme.px(12)

            Repeater {
                id: questions

                model: root.prompt

                PromptQuestion {
                    id: question

                    width: column.width - Theme.px(4)
                    x: Theme.px(2)
                    onEdited: text => {
                        root.changed = root.changed || text !== question.value;
                        root.prompt.setValue(question.index, text);
                    }
                }
            }
            UiText {
                width: parent.width
                text: qsTr("The message")
                font.weight: Font.DemiBold
            }
            Rectangle {
                width: parent.width
                implicitHeight: preview.implicitHeight + Theme.px(20)
                radius: Theme.radius
                color: Theme.bubble

                UiText {
                    id: preview

                    x: Theme.px(12)
                    y: Theme.px(10)
                    width: parent.width - 2 * x
                    text: root.prompt.text
                    wrapMode: Text.Wrap
                    maximumLineCount: 60
                    elide: Text.ElideRight
                    Accessible.role: Accessible.StaticText
                    Accessible.name: qsTr("The message: %1").arg(text)
                }
            }
        }
    }
    Row {
        id: buttons

        anchors.bottom: parent.bottom
        spacing: Theme.px(8)

        TextButton {
            primary: true
            text: qsTr("Insert")
            enabled: root.prompt.complete
            onClicked: root.inserted(root.prompt.text)
        }
        TextButton {
            text: qsTr("Cancel")
            onClicked: root.cancelled()
        }
    }

    Keys.onPressed: event => {
        const enter = event.key === Qt.Key_Return || event.key === Qt.Key_Enter;
        if (!enter || !(event.modifiers & Qt.ControlModifier) || !root.prompt.complete)
            return;
        event.accepted = true;
        root.inserted(root.prompt.text);
    }
    Component.onCompleted: {
        const first = questions.itemAt(0) as PromptQuestion;
        first?.take();
    }
}
