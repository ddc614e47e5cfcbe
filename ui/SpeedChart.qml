// Speeds as lying bars, one for each thread count or batch size; the chosen one in accent.
pragma ComponentBehavior: Bound

import QtQuick
import Tercet

Column {
    id: root

    required property SpeedCurve curve
    required property string title
    // What the numbers on the left count.
    required property string unit

    spacing: Theme.px(4)
    Accessible.role: Accessible.Chart
    Accessible.name: root.title

    UiText {
        width: parent.width
        text: root.title
        font.pixelSize: Theme.px(13)
        font.weight: Font.Medium
        wrapMode: Text.Wrap
    }
    UiText {
        width: parent.width
        bottomPadding: Theme.px(2)
        text: qsTr("%1 · tokens/s").arg(root.unit)
        color: Theme.muted
        font.pixelSize: Theme.figureSize
        elide: Text.ElideRight
    }
    Repeater {
        model: root.curve

        Item {
            id: row

            required property string at
            required property string speed
            required property real share
            required property bool chosen

            width: root.width
            height: Theme.px(20)
            Accessible.role: Accessible.StaticText
            Accessible.name: (row.chosen ? qsTr("%1 %2: %3 tokens per second, the fastest choice") : qsTr("%1 %2: %3 tokens per second"))
                             .arg(row.at).arg(root.unit).arg(row.speed)

            UiText {
                id: place

                width: Theme.px(36)
                height: parent.height
                horizontalAlignment: Text.AlignRight
                text: row.at
                color: row.chosen ? Theme.text : Theme.muted
                font.pixelSize: Theme.figureSize
                font.weight: row.chosen ? Font.DemiBold : Font.Normal
            }
            Rectangle {
                id: bar

                readonly property real room: row.width - place.width - Theme.px(8) - Theme.px(52)

                x: place.width + Theme.px(8)
                y: Math.round((parent.height - height) / 2)
                width: Math.max(Theme.px(3), Math.round(bar.room * row.share))
                height: Theme.px(12)
                radius: Theme.px(3)
                color: row.chosen ? Theme.accent : Theme.zero
            }
            UiText {
                x: bar.x + bar.width + Theme.px(7)
                height: parent.height
                text: row.speed
                color: row.chosen ? Theme.text : Theme.muted
                font.pixelSize: Theme.figureSize
                font.weight: row.chosen ? Font.DemiBold : Font.Normal
            }
        }
    }
}
