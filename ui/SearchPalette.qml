// Search in all chats, over the window: a field, and what was found below it. (Bound components do not work as headings
// of a ListView before Qt 6.5.)
import QtQuick
import QtQuick.Templates as T
import Tercet

T.Popup {
    id: root

    required property SearchModel search

    // A conversation, and a message in it or 0.
    signal chosen(real conversation, real message)

    // Enter was pressed while what is shown was not yet what was typed.
    property bool awaited: false
    readonly property bool anyTime: root.search.period === SearchModel.Period.AnyTime

    parent: T.Overlay.overlay
    x: Math.round((parent.width - width) / 2)
    y: Math.round(parent.height * 0.1)
    width: Math.min(Theme.px(640), parent.width - Theme.px(32))
    height: Math.min(Theme.px(560), parent.height * 0.8)
    padding: Theme.px(8)
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    onAboutToShow: {
        root.search.refresh();
        field.selectAll();
        field.forceActiveFocus(Qt.ShortcutFocusReason);
    }
    onClosed: root.awaited = false

    T.Overlay.modal: Rectangle {
        color: Theme.shade
    }
    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.surface
        border.width: 1
        border.color: Theme.line
    }
    contentItem: FocusScope {
        focus: true
        Accessible.role: Accessible.Dialog
        Accessible.name: qsTr("Search all chats")

        ThemedField {
            id: field

            width: parent.width - when.width - Theme.px(6)
            implicitHeight: Theme.px(40)
            leftPadding: Theme.px(40)
            focus: true
            text: root.search.query
            placeholderText: qsTr("Search all chats")
            Accessible.name: qsTr("Search all chats")
            // The keyboard stays here while the rows are walked through.
            Accessible.description: list.currentItem?.Accessible.name ?? ""
            onTextEdited: {
                root.awaited = false;
                root.search.query = field.text;
            }
            onAccepted: root.accept()
            Keys.onUpPressed: root.step(-1)
            Keys.onDownPressed: root.step(1)
            Keys.onPressed: event => {
                const page = Math.max(1, Math.floor(list.height / Theme.px(60)) - 1);
                event.accepted = event.key === Qt.Key_PageUp || event.key === Qt.Key_PageDown;
                if (event.accepted)
                    root.step(event.key === Qt.Key_PageUp ? -page : page);
            }
        }
        Icon {
            x: Theme.px(12)
            anchors.verticalCenter: field.verticalCenter
            name: "search"
        }
        ListView {
            id: list

            anchors.top: field.bottom
            anchors.topMargin: Theme.px(6)
            anchors.bottom: parent.bottom
            width: parent.width
            clip: true
            model: root.search
            boundsBehavior: Flickable.StopAtBounds
            reuseItems: true
            highlightMoveDuration: 0
            activeFocusOnTab: true
            keyNavigationEnabled: true
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Found")
            T.ScrollBar.vertical: ThinScrollBar {}
            Keys.onReturnPressed: root.choose(list.currentIndex)
            Keys.onEnterPressed: root.choose(list.currentIndex)

            section.property: "kind"
            section.delegate: UiText {
                required property string section

                leftPadding: Theme.px(12)
                height: Theme.px(30)
                text: root.search.recent ? qsTr("Recent chats")
                    : Number(section) === SearchModel.Kind.Message ? qsTr("Messages") : qsTr("Chats")
                color: Theme.muted
                font.pixelSize: Theme.figureSize
                font.weight: Font.DemiBold
            }
            delegate: SearchRow {
                id: row

                width: list.width
                // As in the sidebar.
                ListView.onPooled: row.visible = false
                ListView.onReused: row.visible = true
                current: ListView.isCurrentItem
                onChosen: root.choose(index)
            }

            FocusRing {
                anchors.margins: 0
                shown: list.activeFocus
            }
        }
        // Behind the list for the Tab key, which leads from the field to what was found.
        ChoiceBox {
            id: when

            anchors.right: parent.right
            anchors.verticalCenter: field.verticalCenter
            implicitWidth: Theme.px(160)
            height: field.height
            label: qsTr("Time")
            model: [qsTr("Any time"), qsTr("Last 7 days"), qsTr("Last 30 days"), qsTr("Last year")]
            current: root.search.period
            onActivated: index => root.search.period = index
        }
        Column {
            anchors.centerIn: list
            width: parent.width - Theme.px(48)
            spacing: Theme.px(4)
            visible: root.search.count === 0 && !root.search.busy

            UiText {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: !root.search.recent ? qsTr("Nothing found") : root.anyTime ? qsTr("No chats yet") : qsTr("No chats from that time")
                font.weight: Font.DemiBold
            }
            UiText {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: qsTr("Try fewer or other words. Words in quotes are found side by side, -word leaves messages with it out.")
                color: Theme.muted
                wrapMode: Text.Wrap
                visible: !root.search.recent
            }
            UiText {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                text: qsTr("Only the time that is chosen above was searched.")
                color: Theme.muted
                wrapMode: Text.Wrap
                visible: !root.anyTime
            }
        }
    }

    Connections {
        target: root.search

        function onModelReset() {
            list.currentIndex = 0;
            list.positionViewAtBeginning();
        }
        function onStaleChanged() {
            if (!root.awaited || root.search.stale)
                return;
            root.awaited = false;
            // The list may not have counted its new rows yet.
            root.choose(Math.max(0, list.currentIndex));
        }
        function onPeriodChanged() {
            root.awaited = false;
        }
    }

    // Enter means what was typed, which may still be searched for.
    function accept() {
        if (root.search.stale)
            root.awaited = true;
        else
            root.choose(list.currentIndex);
    }

    function step(rows: int) {
        root.awaited = false;
        list.currentIndex = Math.max(0, Math.min(list.count - 1, list.currentIndex + rows));
        if (list.currentIndex === 0)
            list.positionViewAtBeginning();  // with the heading above it
    }

    function choose(row: int) {
        const conversation = root.search.conversationAt(row);
        if (conversation === 0)
            return;
        const message = root.search.messageAt(row);
        root.close();
        root.chosen(conversation, message);
    }
}
