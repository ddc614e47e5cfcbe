// Where another Tercet has the data directory and does not answer.
import QtQuick

StandInWindow {
    id: root

    // Closed in order to try again.
    property bool again: false

    heading: qsTr("Tercet is already running, but does not answer")
    explanation: qsTr("It may be busy with something large: wait a moment and try again. If it stays like this, end it in the list of running programs of your computer. What you wrote is stored.")

    Flow {
        width: parent.width
        topPadding: Theme.px(6)
        layoutDirection: Qt.RightToLeft
        spacing: Theme.px(8)
        Keys.onEscapePressed: root.close()

        TextButton {
            primary: true
            focus: true
            text: qsTr("Try again")
            Component.onCompleted: forceActiveFocus(Qt.TabFocusReason)
            onClicked: {
                root.again = true;
                root.close();
            }
        }
        TextButton {
            text: qsTr("Close")
            onClicked: root.close()
        }
    }
}
