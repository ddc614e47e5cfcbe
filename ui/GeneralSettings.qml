// Language, look, size, keys and notifications.
import QtQuick
import Tercet

Column {
    id: root

    required property Settings settings
    required property bool notifies

    signal shortcutsRequested

    readonly property list<string> languages: ["system", "en", "es"]
    readonly property list<string> themes: ["system", "light", "dark"]
    readonly property list<string> notifyChoices: ["off", "title", "text"]
    readonly property list<int> zooms: [80, 90, 100, 110, 125, 150, 175, 200]

    spacing: Theme.px(22)

    SettingRow {
        width: parent.width
        title: qsTr("Language")
        note: qsTr("of the window; the model answers in the language you write")

        ChoiceBox {
            width: Math.min(implicitWidth, parent.width)
            label: qsTr("Language")
            model: [qsTr("As the computer"), "English", "Español"]
            current: Math.max(0, root.languages.indexOf(root.settings.language))
            onActivated: index => root.settings.language = root.languages[index]
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Theme")

        SegmentedChoice {
            label: qsTr("Theme")
            options: [qsTr("System"), qsTr("Light"), qsTr("Dark")]
            current: root.themes.indexOf(root.settings.theme)
            onChosen: index => root.settings.theme = root.themes[index]
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Size")
        note: qsTr("also with %1, %2 and %3", "keys").arg(KeyNames.of("Ctrl++")).arg(KeyNames.of("Ctrl+-")).arg(KeyNames.of("Ctrl+0"))

        ChoiceBox {
            implicitWidth: Theme.px(120)
            label: qsTr("Size")
            model: root.zooms.map(zoom => qsTr("%1 %").arg(zoom))
            current: root.zooms.indexOf(root.settings.zoom)
            displayText: qsTr("%1 %").arg(root.settings.zoom)
            onActivated: index => root.settings.zoom = root.zooms[index]
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Send with")
        note: qsTr("%1 begins a new line", "a key").arg(KeyNames.of(root.settings.sendWithEnter ? "Shift+Enter" : "Enter"))

        SegmentedChoice {
            label: qsTr("Send with")
            options: [KeyNames.of("Enter"), KeyNames.of("Ctrl+Enter")]
            current: root.settings.sendWithEnter ? 0 : 1
            onChosen: index => root.settings.sendWithEnter = index === 0
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Keyboard shortcuts")
        note: qsTr("off leaves only the keys of the message box")

        Flow {
            width: parent.width
            spacing: Theme.px(10)

            SegmentedChoice {
                label: qsTr("Keyboard shortcuts")
                options: [qsTr("On"), qsTr("Off")]
                current: root.settings.shortcuts ? 0 : 1
                onChosen: index => root.settings.shortcuts = index === 0
            }
            TextButton {
                implicitHeight: Theme.px(34)
                bare: true
                text: qsTr("Show the list…")
                onClicked: root.shortcutsRequested()
            }
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Notifications")
        note: qsTr("when a long answer is ready and you are in another window")
        visible: root.notifies

        SegmentedChoice {
            label: qsTr("Notifications")
            options: [qsTr("Off"), qsTr("Title only"), qsTr("With text")]
            current: root.notifyChoices.indexOf(root.settings.notify)
            onChosen: index => root.settings.notify = root.notifyChoices[index]
        }
    }
}
