// Several lines to type, in a frame.
import QtQuick
import QtQuick.Controls.Basic

Rectangle {
    id: root

    required property string label
    required property string value
    property string placeholder: qsTr("None: the model answers in its own way")

    signal edited(string text)

    readonly property int frame: 2

    implicitHeight: Math.max(Theme.px(84), Math.min(input.implicitHeight + 2 * root.frame, Theme.px(220)))
    radius: Theme.radius
    color: Theme.surface
    border.width: input.activeFocus ? Math.max(2, Theme.px(1.5)) : 1
    border.color: input.activeFocus ? Theme.accent : Theme.line

    ScrollView {
        anchors.fill: parent
        anchors.margins: root.frame
        // By itself it would go by the paddings before a zoom.
        contentHeight: input.implicitHeight
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
            // Drawn below, where it wraps.
            placeholderTextColor: "transparent"
            font.family: Theme.sans
            font.pixelSize: Theme.controlSize
            renderType: TextEdit.NativeRendering
            Accessible.role: Accessible.EditableText
            Accessible.name: root.label
            onTextChanged: root.edited(input.text)
            onPressed: event => menu.offer(event.button, input)
            Keys.onTabPressed: input.nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
            Keys.onBacktabPressed: input.nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
        }
    }
    FieldMenu {
        id: menu
    }
    UiText {
        x: root.frame + input.leftPadding
        y: root.frame + input.topPadding
        width: root.width - 2 * x
        text: root.placeholder
        color: Theme.muted
        lineHeight: 1
        wrapMode: Text.Wrap
        visible: input.length === 0 && input.preeditText.length === 0
        Accessible.ignored: true
    }
}
