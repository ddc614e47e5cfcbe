// Two or three choices side by side; one is taken.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T

Rectangle {
    id: root

    required property list<string> options
    required property int current
    required property string label

    signal chosen(int index)

    implicitWidth: row.width + 2
    implicitHeight: Theme.px(34)
    radius: Theme.radius
    color: Theme.surface
    border.width: 1
    border.color: Theme.line
    Accessible.role: Accessible.Grouping
    Accessible.name: root.label

    Row {
        id: row

        x: 1
        y: 1
        height: parent.height - 2

        Repeater {
            model: root.options

            T.RadioButton {
                id: segment

                required property int index
                required property string modelData

                implicitWidth: Math.ceil(words.implicitWidth) + Theme.px(28)
                height: row.height
                checked: segment.index === root.current
                focusPolicy: Qt.TabFocus
                text: segment.modelData
                Accessible.name: root.label + ": " + segment.text
                Accessible.onPressAction: root.chosen(segment.index)
                Accessible.onToggleAction: root.chosen(segment.index)
                onClicked: root.chosen(segment.index)

                contentItem: UiText {
                    id: words

                    text: segment.text
                    horizontalAlignment: Text.AlignHCenter
                    color: segment.index === root.current ? Theme.accent : Theme.muted
                    font.pixelSize: Theme.px(13)
                    font.weight: Font.Medium
                }
                background: Rectangle {
                    radius: Theme.radius - 1
                    color: segment.index === root.current ? Theme.accentSoft
                        : segment.hovered ? Theme.hover : "transparent"

                    FocusRing {
                        shown: segment.visualFocus
                    }
                }

                Keys.onReturnPressed: root.chosen(segment.index)
                Keys.onEnterPressed: root.chosen(segment.index)
            }
        }
    }
}
