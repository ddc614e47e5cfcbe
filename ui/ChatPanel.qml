// "This chat": what holds here instead of the general settings. Words first, numbers under Advanced.
import QtQuick
import QtQuick.Controls.Basic
import Tercet

FocusScope {
    id: root

    required property ChatSettingsView chatSettings
    required property Personas personas

    signal closeRequested
    signal savePersonaRequested
    signal managePersonasRequested

    property bool numbersShown: false

    implicitWidth: Theme.px(312)
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("This chat")
    Keys.onEscapePressed: root.closeRequested()

    Rectangle {
        anchors.fill: parent
        color: Theme.sidebar

        Rectangle {
            width: 1
            height: parent.height
            color: Theme.line
        }
    }
    UiText {
        x: Theme.px(16)
        width: closeButton.x - x
        height: Theme.headerHeight
        text: qsTr("This chat")
        font.weight: Font.DemiBold
        elide: Text.ElideRight
        Accessible.role: Accessible.Heading
        Accessible.name: text
    }
    IconButton {
        id: closeButton

        x: parent.width - width - Theme.px(10)
        y: Math.round((Theme.headerHeight - height) / 2)
        iconName: "x"
        text: qsTr("Hide the panel")
        onClicked: root.closeRequested()
    }
    ScrollView {
        id: scroller

        y: Theme.headerHeight
        width: parent.width
        height: parent.height - y
        contentWidth: availableWidth
        ScrollBar.horizontal.policy: ScrollBar.AlwaysOff
        ScrollBar.vertical: ThinScrollBar {
            parent: scroller
            anchors.right: scroller.right
            anchors.top: scroller.top
            anchors.bottom: scroller.bottom
        }

        Item {
            width: scroller.availableWidth
            implicitHeight: column.height + Theme.px(24)

            Column {
                id: column

                x: Theme.px(16)
                width: parent.width - Theme.px(30)
                spacing: Theme.px(16)

                PanelRow {
                    width: parent.width
                    title: qsTr("Persona")
                    note: root.chatSettings.personaChanged ? qsTr("This chat differs from it.") : ""

                    PersonaButton {
                        width: parent.width
                        implicitHeight: Theme.px(34)
                        leftAligned: true
                        chatSettings: root.chatSettings
                        personas: root.personas
                        onSaveRequested: root.savePersonaRequested()
                        onManageRequested: root.managePersonasRequested()
                    }
                }
                Flow {
                    width: parent.width
                    spacing: Theme.px(8)
                    visible: root.chatSettings.personaChanged

                    TextButton {
                        implicitHeight: Theme.px(30)
                        font.pixelSize: Theme.px(13)
                        text: qsTr("Keep in the persona")
                        onClicked: root.chatSettings.updatePersona()
                    }
                    TextButton {
                        implicitHeight: Theme.px(30)
                        font.pixelSize: Theme.px(13)
                        text: qsTr("Back to the persona")
                        onClicked: root.chatSettings.usePersona(root.chatSettings.personaRow)
                    }
                }
                PanelRow {
                    width: parent.width
                    title: qsTr("Instructions")
                    own: root.chatSettings.ownSystemPrompt
                    onFollowRequested: root.chatSettings.follow(ChatSettingsView.Part.SystemPrompt)

                    PromptField {
                        width: parent.width
                        label: qsTr("Instructions for this chat")
                        value: root.chatSettings.systemPrompt
                        onEdited: text => root.chatSettings.systemPrompt = text
                    }
                }
                PanelRow {
                    width: parent.width
                    title: qsTr("Style")
                    note: root.chatSettings.style === 3 ? qsTr("Custom: the numbers under Advanced") : ""
                    own: root.chatSettings.ownSampling
                    onFollowRequested: root.chatSettings.follow(ChatSettingsView.Part.Sampling)

                    StyleChoice {
                        current: root.chatSettings.style
                        onChosen: index => root.chatSettings.style = index
                    }
                }
                PanelRow {
                    width: parent.width
                    title: qsTr("Answer length")
                    note: qsTr("at most this many tokens, about 4 for 3 words; 0 until the answer is done")
                    own: root.chatSettings.ownMaxTokens
                    onFollowRequested: root.chatSettings.follow(ChatSettingsView.Part.MaxTokens)

                    NumberField {
                        width: parent.width
                        label: qsTr("Answer length")
                        unit: qsTr("tokens")
                        from: 0
                        to: 1048576
                        value: root.chatSettings.maxTokens
                        onEdited: value => root.chatSettings.maxTokens = value
                    }
                }
                PanelRow {
                    width: parent.width
                    title: qsTr("When the chat is too long")

                    ChoiceBox {
                        width: parent.width
                        label: qsTr("When the chat is too long")
                        model: [qsTr("Leave out the oldest messages"), qsTr("Stop and ask me")]
                        current: root.chatSettings.asksWhenFull ? 1 : 0
                        onActivated: index => root.chatSettings.asksWhenFull = index === 1
                    }
                }
                PanelRow {
                    width: parent.width
                    title: qsTr("Model")
                    own: root.chatSettings.modelFile !== ""
                    onFollowRequested: root.chatSettings.follow(ChatSettingsView.Part.Model)

                    UiText {
                        width: parent.width
                        text: root.chatSettings.modelFile || qsTr("Whichever is open")
                        wrapMode: Text.WrapAnywhere
                    }
                }
                UiText {
                    width: parent.width
                    text: qsTr("Another model is open now.")
                    color: Theme.warning
                    wrapMode: Text.Wrap
                    visible: root.chatSettings.otherModelOpen
                }
                Flow {
                    width: parent.width
                    spacing: Theme.px(8)

                    TextButton {
                        implicitHeight: Theme.px(30)
                        font.pixelSize: Theme.px(13)
                        text: qsTr("Open its model")
                        visible: root.chatSettings.otherModelOpen
                        onClicked: root.chatSettings.openItsModel()
                    }
                    TextButton {
                        implicitHeight: Theme.px(30)
                        font.pixelSize: Theme.px(13)
                        text: qsTr("Use the open model")
                        visible: root.chatSettings.canKeepModel && (root.chatSettings.modelFile === "" || root.chatSettings.otherModelOpen)
                        onClicked: root.chatSettings.keepModel()
                    }
                }
                TextButton {
                    width: parent.width
                    leftPadding: 0
                    bare: true
                    leftAligned: true
                    iconName: root.numbersShown ? "chevron-down" : "chevron-right"
                    text: qsTr("Advanced")
                    Accessible.checkable: true
                    Accessible.checked: root.numbersShown
                    onClicked: root.numbersShown = !root.numbersShown
                }
                ChatPanelNumbers {
                    width: parent.width
                    chatSettings: root.chatSettings
                    visible: root.numbersShown
                }
                TextButton {
                    width: parent.width
                    iconName: "rotate-ccw"
                    text: qsTr("Reset to the general settings")
                    enabled: root.chatSettings.ownAnything
                    onClicked: root.chatSettings.reset()
                }
            }
        }
    }

    function focusFirst() {
        closeButton.forceActiveFocus(Qt.OtherFocusReason);
    }
}
