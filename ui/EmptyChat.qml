// A chat without messages: a place to begin, with a few first lines to start from.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic

Flickable {
    id: root

    // The built-in guide answers; it knows other things than a big model.
    property bool guide: false

    signal suggested(string text)
    signal biggerModelRequested

    readonly property list<string> suggestions: root.guide ? [
        qsTr("What can you do?"),
        qsTr("What is a ternary model?"),
        qsTr("How do I find the fastest settings?"),
        qsTr("Tell me a joke")
    ] : [
        qsTr("Explain how photosynthesis works to a ten-year-old"),
        qsTr("Write a short, friendly e-mail asking to move a meeting to Friday"),
        qsTr("Give me five ideas for a rainy Sunday at home"),
        qsTr("What is the difference between weather and climate?")
    ]

    // Everything is to be seen at once in a window of 800 x 600, too.
    readonly property bool low: root.height < Theme.px(460)
    readonly property int margin: root.low ? Theme.px(10) : Theme.px(16)

    contentHeight: Math.max(height, page.height + 2 * root.margin)
    boundsBehavior: Flickable.StopAtBounds
    interactive: contentHeight > height
    clip: true
    ScrollBar.vertical: ThinScrollBar {}

    Column {
        id: page

        x: Math.round((root.width - width) / 2)
        y: Math.max(root.margin, Math.round((root.contentHeight - height) / 2))
        width: Math.min(Theme.px(520), root.width - Theme.px(40))
        spacing: root.low ? Theme.px(6) : Theme.px(8)

        Logo {
            // Its bars begin at 3 of 24; they stand in line with the text.
            x: -size / 8
            size: Theme.px(36)
        }
        UiText {
            width: parent.width
            topPadding: root.low ? 0 : Theme.px(4)
            text: root.guide ? qsTr("Welcome to Tercet") : qsTr("What shall we write?")
            font.pixelSize: Theme.px(22)
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        UiText {
            width: parent.width
            bottomPadding: root.low ? Theme.px(6) : Theme.px(8)
            text: root.guide
                ? qsTr("You are talking with a small guide that is part of Tercet: it knows the program and a little small talk, not the world. Everything you write stays on this computer.")
                : qsTr("Everything you write stays on this computer. Small models make mistakes: check what matters.")
            color: Theme.muted
            wrapMode: Text.Wrap
        }
        Repeater {
            model: root.suggestions

            SuggestionButton {
                required property string modelData

                width: page.width
                topPadding: root.low ? Theme.px(7) : Theme.px(10)
                bottomPadding: topPadding
                text: modelData
                onClicked: root.suggested(modelData)
            }
        }
        Item {
            width: parent.width
            height: Theme.px(2)
            visible: root.guide
        }
        TextButton {
            width: Math.min(implicitWidth, parent.width)
            iconName: "box"
            text: qsTr("Get a bigger model")
            visible: root.guide
            onClicked: root.biggerModelRequested()
        }
    }
}
