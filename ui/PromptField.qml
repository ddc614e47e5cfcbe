// Several lines to type, in a frame.
import QtQuick
import QtQuick.Controls.Basic

Rectangle {
    id: root

    required property string label
    required property string value
    property string placeholder: qsTr("None: the model answers in its own way")

    signal edited(string text)

    implicitHeight: Math.max(Theme.px(84), Math.min(input.implicitHeight, Theme.px(220)))
    radius: Theme.radius
    color: Theme.surface
    border.width: input.activeFocus ? Math.max(2, Theme.px(1.5)) : 1
    border.color: input.activeFocus ? Theme.accent : Theme.line

    ScrollView {
        anchors.fill: parent
        anchors.margins: 2
        ScrollBar.horizontal.policy: ScrollBar.AlwaysOff
        Accessible.ignored: true

        TextArea {
            id: input

            leftPadding: Theme.px(10)
            rightPadding: Theme.px(10)
            topPadding: Theme.px(8)
            bottomPadding: Theme.px(8)
            text: root.value
            textFormat: TextEdit.PlainText
            wrapMode: TextEdit.Wrap
            selectByMouse: true
            background: null
            color: Theme.text
            selectionColor: Theme.accentSoft
            selectedTextColor: Theme.text
            placeholderText: root.placeholder
            placeholderTextColor: Theme.muted
            font.family: Theme.sans
            font.pixelSize: Theme.controlSize
            renderType: TextEdit.NativeRendering
            Accessible.role: Accessible.EditableText
            Accessible.name: root.label
            onTextChanged: root.edited(input.text)
            Keys.onTabPressed: input.nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
            Keys.onBacktabPressed: input.nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
        }
    }
}
