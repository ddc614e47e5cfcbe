// Find in this chat: a field, how many places there are, and ways from one to the next.
import QtQuick
import Tercet

FocusScope {
    id: root

    required property FindInChat find

    signal closeRequested

    readonly property string result: root.find.text.length === 0 ? ""
        : root.find.count === 0 ? qsTr("Not found") : qsTr("%1 of %2").arg(root.find.current).arg(root.find.count)

    implicitHeight: Theme.px(48)
    Accessible.role: Accessible.ToolBar
    Accessible.name: qsTr("Find in this chat")

    Rectangle {
        anchors.fill: parent
        color: Theme.background
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: 1
        color: Theme.line
    }
    Row {
        anchors.fill: parent
        anchors.leftMargin: Math.max(Theme.px(12), Math.round((root.width - Theme.columnWidth) / 2))
        anchors.rightMargin: anchors.leftMargin
        spacing: Theme.px(4)

        ThemedField {
            id: field

            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - buttons.width - parent.spacing
            rightPadding: figures.width + Theme.px(18)
            focus: true
            text: root.find.text
            placeholderText: qsTr("Find in this chat")
            wrong: root.find.text.length > 0 && root.find.count === 0
            Accessible.name: qsTr("Find in this chat")
            Accessible.description: root.result
            onTextEdited: root.find.text = field.text
            Keys.onPressed: event => event.accepted = root.takeKey(event.key, event.modifiers)

            UiText {
                id: figures

                anchors.right: parent.right
                anchors.rightMargin: Theme.px(10)
                height: parent.height
                text: root.result
                color: Theme.muted
                font.pixelSize: Theme.figureSize
            }
        }
        Row {
            id: buttons

            anchors.verticalCenter: parent.verticalCenter

            IconButton {
                iconName: "arrow-up"
                text: qsTr("Previous place")
                enabled: root.find.count > 0
                onClicked: root.find.previous()
            }
            IconButton {
                iconName: "arrow-down"
                text: qsTr("Next place")
                enabled: root.find.count > 0
                onClicked: root.find.next()
            }
            IconButton {
                iconName: "x"
                text: qsTr("Close find")
                onClicked: root.closeRequested()
            }
        }
    }
    Keys.onEscapePressed: root.closeRequested()

    Shortcut {
        sequence: "F3"
        enabled: root.find.active
        onActivated: root.find.next()
    }
    Shortcut {
        sequence: "Shift+F3"
        enabled: root.find.active
        onActivated: root.find.previous()
    }

    function focusField() {
        field.selectAll();
        field.forceActiveFocus(Qt.ShortcutFocusReason);
    }

    function takeKey(key: int, modifiers: int): bool {
        if (key !== Qt.Key_Return && key !== Qt.Key_Enter)
            return false;
        if (modifiers & Qt.ShiftModifier)
            root.find.previous();
        else
            root.find.next();
        return true;
    }
}
