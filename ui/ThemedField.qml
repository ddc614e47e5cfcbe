// A line of text to type.
import QtQuick
import QtQuick.Templates as T

T.TextField {
    id: root

    property bool wrong: false

    implicitHeight: Theme.px(34)
    leftPadding: Theme.px(10)
    rightPadding: Theme.px(10)
    verticalAlignment: TextInput.AlignVCenter
    color: Theme.text
    selectionColor: Theme.accentSoft
    selectedTextColor: Theme.text
    placeholderTextColor: Theme.muted
    font.family: Theme.sans
    font.pixelSize: Theme.controlSize
    renderType: Text.NativeRendering
    selectByMouse: true
    Accessible.role: Accessible.EditableText
    onPressed: event => menu.offer(event.button, root)

    FieldMenu {
        id: menu
    }
    background: Rectangle {
        radius: Theme.radius
        color: Theme.surface
        border.width: root.activeFocus || root.wrong ? Math.max(2, Theme.px(1.5)) : 1
        border.color: root.wrong ? Theme.danger : root.activeFocus ? Theme.accent : Theme.line

        UiText {
            x: root.leftPadding
            width: root.width - root.leftPadding - root.rightPadding
            height: parent.height
            text: root.placeholderText
            color: Theme.muted
            elide: Text.ElideRight
            visible: root.length === 0 && root.preeditText.length === 0
        }
    }
}
