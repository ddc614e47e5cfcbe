// One thing that was found: a chat by its title, or a message with the words around the find.
import QtQuick
import Tercet

Item {
    id: root

    required property int index
    required property int kind
    required property string heading
    required property string snippet
    required property string spoken
    required property bool fromPerson
    required property string date

    property bool current: false

    signal chosen

    readonly property bool isMessage: root.kind === SearchModel.Kind.Message

    implicitHeight: root.isMessage ? Theme.px(60) : Theme.px(38)
    Accessible.role: Accessible.ListItem
    Accessible.name: root.spoken
    Accessible.selected: root.current
    Accessible.onPressAction: root.chosen()

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: root.current ? Theme.pressed : Theme.hover
        visible: root.current || pointer.hovered
    }
    Rectangle {
        y: Theme.px(9)
        width: Theme.px(3)
        height: parent.height - 2 * y
        radius: width / 2
        color: Theme.accent
        visible: root.current
    }
    UiText {
        id: title

        x: Theme.px(12)
        width: Math.max(0, when.x - x - Theme.px(10))
        height: Theme.px(38)
        text: root.heading
        textFormat: Text.StyledText
        color: root.isMessage ? Theme.muted : Theme.text
        elide: Text.ElideRight
        maximumLineCount: 1
    }
    UiText {
        id: when

        anchors.right: parent.right
        anchors.rightMargin: Theme.px(14)
        height: title.height
        text: root.date
        color: Theme.muted
        font.pixelSize: Theme.figureSize
    }
    UiText {
        x: title.x
        y: Theme.px(30)
        width: parent.width - x - Theme.px(14)
        text: root.fromPerson ? qsTr("You: %1").arg(root.snippet) : root.snippet
        textFormat: Text.StyledText
        elide: Text.ElideRight
        maximumLineCount: 1
        visible: root.isMessage
    }
    HoverHandler {
        id: pointer

        cursorShape: Qt.PointingHandCursor
    }
    TapHandler {
        onTapped: root.chosen()
    }
}
