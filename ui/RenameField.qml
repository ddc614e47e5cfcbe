// A name being changed in its place: Enter and a click elsewhere keep it, Esc does not.
import QtQuick

ThemedField {
    id: root

    signal done(string text)
    signal givenUp

    leftPadding: Theme.px(6)
    rightPadding: Theme.px(6)
    maximumLength: 200
    Accessible.name: qsTr("Name")
    onAccepted: root.done(root.text)
    onActiveFocusChanged: {
        if (!root.activeFocus)
            root.done(root.text);
    }
    Component.onCompleted: {
        root.forceActiveFocus();
        root.selectAll();
    }

    Keys.onEscapePressed: root.givenUp()
}
