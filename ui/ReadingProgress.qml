// In the answer's place while the model reads: how far it is and how long it still takes.
import QtQuick

Item {
    id: root

    required property real progress
    // -1 while nobody knows.
    required property int secondsLeft

    readonly property string timeLeft: root.secondsLeft < 0 ? ""
        : root.secondsLeft < 90 ? qsTr(" · about %1 s").arg(Math.max(1, root.secondsLeft))
        : qsTr(" · about %1 min").arg(Math.round(root.secondsLeft / 60))

    implicitHeight: Theme.px(44)
    Accessible.role: Accessible.ProgressBar
    Accessible.name: label.text

    UiText {
        id: label

        width: parent.width
        text: qsTr("Reading your message %1 %").arg(Math.floor(root.progress * 100)) + root.timeLeft
        color: Theme.muted
        font.pixelSize: Theme.figureSize
        elide: Text.ElideRight
        Accessible.ignored: true
    }
    ProgressTrack {
        anchors.top: label.bottom
        anchors.topMargin: Theme.px(10)
        width: Math.min(parent.width, Theme.px(420))
        progress: root.progress
    }
}
