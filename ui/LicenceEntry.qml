// A part that Tercet is made of; its licence unfolds when its text is compiled in.
import QtQuick

Column {
    id: root

    required property string title
    // Name in ":/licences", without ".txt"; empty when the part is not shipped inside the program.
    required property string file

    property bool open: false

    spacing: Theme.px(4)

    Item {
        width: parent.width
        height: Theme.px(32)

        UiText {
            height: parent.height
            width: parent.width - showButton.width
            text: root.title
            elide: Text.ElideRight
        }
        TextButton {
            id: showButton

            anchors.right: parent.right
            implicitHeight: Theme.px(30)
            bare: true
            text: root.open ? qsTr("Hide") : qsTr("Show")
            font.pixelSize: Theme.figureSize
            visible: root.file.length > 0
            Accessible.name: root.open ? qsTr("Hide the licence of %1").arg(root.title)
                                       : qsTr("Show the licence of %1").arg(root.title)
            onClicked: {
                root.open = !root.open;
                if (root.open && licence.text.length === 0)
                    root.load();
            }
        }
    }
    UiText {
        id: licence

        width: parent.width
        color: Theme.muted
        font.pixelSize: Theme.figureSize
        wrapMode: Text.Wrap
        visible: root.open
    }

    function load() {
        const request = new XMLHttpRequest();
        request.onreadystatechange = () => {
            if (request.readyState === XMLHttpRequest.DONE)
                licence.text = request.responseText;
        };
        request.open("GET", "qrc:/licences/" + root.file + ".txt");
        request.send();
    }
}
