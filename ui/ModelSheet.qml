// Where to get a bigger model than the built-in one, and the button that opens it.
import QtQuick

Sheet {
    id: root

    signal openModelRequested

    title: qsTr("Get a bigger model")
    wantedHeight: page.implicitHeight

    OpenModelCard {
        id: page

        width: parent.width
        settingsShown: false
        onOpenModelRequested: {
            root.close();
            root.openModelRequested();
        }
    }
}
