// One setting: its name and a word about it on the left, its control on the right; stacked when narrow.
import QtQuick

Item {
    id: root

    required property string title
    property string note: ""
    default property alias control: slot.data

    readonly property bool stacked: root.width < Theme.px(480)
    readonly property int labelWidth: root.stacked ? root.width : Theme.px(214)

    implicitHeight: root.stacked ? labels.height + slot.height + Theme.px(8)
                                 : Math.max(labels.height, slot.height)

    Column {
        id: labels

        width: root.labelWidth
        spacing: Theme.px(1)

        UiText {
            width: parent.width
            text: root.title
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
        }
        UiText {
            width: parent.width
            text: root.note
            color: Theme.muted
            font.pixelSize: Theme.figureSize
            wrapMode: Text.Wrap
            visible: text.length > 0
        }
    }
    Item {
        id: slot

        x: root.stacked ? 0 : root.labelWidth + Theme.px(20)
        y: root.stacked ? labels.height + Theme.px(8) : 0
        width: root.width - x
        height: childrenRect.height
    }
}
