// The settings, in five short sections: a list of them on the left, or on top when narrow.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Tercet

FocusScope {
    id: root

    required property AppRoot app

    signal shortcutsRequested

    property int section: 0

    readonly property list<string> titles: [qsTr("General"), qsTr("Performance"), qsTr("Answers"), qsTr("Privacy"), qsTr("About")]
    readonly property list<string> notes: [
        qsTr("How Tercet looks and behaves."),
        qsTr("How fast Tercet reads and writes on this computer. Auto is right for nearly everyone."),
        qsTr("How the model chooses its words. These count from your next message on."),
        qsTr("What leaves this computer: nothing, unless you ask for it."),
        qsTr("What is running, and what it is made of.")
    ]
    readonly property bool narrow: root.width < Theme.px(640)

    Rectangle {
        anchors.left: sections.right
        width: 1
        height: parent.height
        color: Theme.line
        visible: !root.narrow
    }
    Flickable {
        id: sections

        width: root.narrow ? parent.width : Theme.px(190)
        height: root.narrow ? Theme.px(52) : parent.height
        contentWidth: root.narrow ? entries.width + Theme.px(20) : width
        contentHeight: root.narrow ? height : entries.height + Theme.px(40)
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        Accessible.role: Accessible.PageTabList
        Accessible.name: qsTr("Settings")

        Grid {
            id: entries

            x: Theme.px(10)
            y: root.narrow ? Theme.px(8) : Theme.px(16)
            columns: root.narrow ? root.titles.length : 1
            spacing: Theme.px(root.narrow ? 4 : 2)

            Repeater {
                model: root.titles

                SectionTab {
                    required property int index
                    required property string modelData

                    width: root.narrow ? implicitWidth : Theme.px(170)
                    selected: root.section === index
                    text: modelData
                    onClicked: root.section = index
                }
            }
        }
    }
    Rectangle {
        anchors.bottom: sections.bottom
        width: parent.width
        height: 1
        color: Theme.line
        visible: root.narrow
    }

    Flickable {
        id: scroller

        anchors.left: root.narrow ? parent.left : sections.right
        anchors.right: parent.right
        anchors.top: root.narrow ? sections.bottom : parent.top
        anchors.bottom: parent.bottom
        contentHeight: page.height + Theme.px(56)
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        ScrollBar.vertical: ThinScrollBar {}

        Column {
            id: page

            x: root.narrow ? Theme.px(18) : Theme.px(36)
            y: Theme.px(24)
            width: Math.min(Theme.px(688), scroller.width - 2 * x)
            spacing: Theme.px(22)

            Column {
                width: parent.width
                spacing: Theme.px(5)

                UiText {
                    width: parent.width
                    text: root.titles[root.section]
                    font.pixelSize: Theme.titleSize
                    font.weight: Font.DemiBold
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                UiText {
                    width: parent.width
                    text: root.notes[root.section]
                    color: Theme.muted
                    font.pixelSize: Theme.px(13)
                    wrapMode: Text.Wrap
                }
            }
            GeneralSettings {
                width: parent.width
                visible: root.section === 0
                settings: root.app.settings
                notifies: root.app.notifies
                onShortcutsRequested: root.shortcutsRequested()
            }
            DataSettings {
                width: parent.width
                visible: root.section === 0
                transfer: root.app.transfer
            }
            PerformanceSettings {
                width: parent.width
                visible: root.section === 1
                settings: root.app.settings
                model: root.app.model
                tuning: root.app.tuning
            }
            AnswerSettings {
                width: parent.width
                visible: root.section === 2
                settings: root.app.settings
            }
            PrivacyPage {
                width: parent.width
                visible: root.section === 3
                app: root.app
            }
            AboutPage {
                width: parent.width
                visible: root.section === 4
                app: root.app
            }
        }
    }

    onSectionChanged: scroller.contentY = 0

    Connections {
        // A control that takes the keyboard is brought into view.
        target: root.Window.window

        function onActiveFocusItemChanged() {
            root.showFocused(root.Window.window.activeFocusItem);
        }
    }

    function showFocused(item: Item) {
        let ancestor = item;
        while (ancestor && ancestor !== page)
            ancestor = ancestor.parent;
        if (!ancestor)
            return;
        const top = item.mapToItem(page, 0, 0).y + page.y;
        const margin = Theme.px(24);
        if (top - margin < scroller.contentY)
            scroller.contentY = Math.max(0, top - margin);
        else if (top + item.height + margin > scroller.contentY + scroller.height)
            scroller.contentY = Math.min(scroller.contentHeight - scroller.height, top + item.height + margin - scroller.height);
    }
}
