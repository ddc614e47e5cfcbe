// While the damaged file of the chats is repaired, before the window can be there.
import QtQuick

StandInWindow {
    id: root

    heading: qsTr("Your chats are being repaired")
    explanation: qsTr("Their file is damaged. What can be read of it is saved, and the damaged file is kept. With many chats this takes some minutes; Tercet opens when it is done.")
    // It goes away by itself; cut off, the repair would begin anew.
    onClosing: close => close.accepted = false

    Rectangle {
        width: parent.width
        height: Theme.px(6)
        radius: height / 2
        color: Theme.line
        clip: true
        Accessible.role: Accessible.ProgressBar
        Accessible.name: root.heading

        Rectangle {
            width: parent.width * 0.3
            height: parent.height
            radius: parent.radius
            color: Theme.accent

            SequentialAnimation on x {
                loops: Animation.Infinite

                NumberAnimation {
                    from: 0
                    to: Theme.px(412) * 0.7
                    duration: 1400
                    easing.type: Easing.InOutSine
                }
                NumberAnimation {
                    from: Theme.px(412) * 0.7
                    to: 0
                    duration: 1400
                    easing.type: Easing.InOutSine
                }
            }
        }
    }
}
