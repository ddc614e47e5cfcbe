// Which of the messages at this place is shown: "‹ 2 / 3 ›".
import QtQuick

Row {
    id: root

    required property int version
    required property int versions
    property bool canChange: true

    signal stepped(int step)

    readonly property bool focused: previous.activeFocus || next.activeFocus

    visible: root.versions > 1
    spacing: -Theme.px(2)

    IconButton {
        id: previous

        iconName: "chevron-left"
        text: qsTr("Previous version")
        enabled: root.canChange && root.version > 1
        onClicked: root.stepped(-1)
    }
    UiText {
        height: previous.height
        //: Which version of a message is shown, out of how many
        text: qsTr("%1 / %2").arg(root.version).arg(root.versions)
        color: Theme.muted
        font.pixelSize: Theme.figureSize
        Accessible.name: qsTr("Version %1 of %2").arg(root.version).arg(root.versions)
    }
    IconButton {
        id: next

        iconName: "chevron-right"
        text: qsTr("Next version")
        enabled: root.canChange && root.version < root.versions
        onClicked: root.stepped(1)
    }
}
