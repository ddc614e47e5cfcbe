// "Find the fastest settings": the button, how far the measurement is, and what came of it.
import QtQuick
import Tercet

Column {
    id: root

    required property TuningController tuning
    // Threads or batch size are not Auto, so that a result is not in use.
    required property bool chosenByHand

    signal autoRequested

    readonly property bool hasChart: root.tuning.writing.count + root.tuning.reading.count > 0
    readonly property bool twoColumns: root.width >= Theme.px(480)

    spacing: Theme.px(14)

    SettingRow {
        width: parent.width
        title: qsTr("Fastest settings")
        note: root.tuning.hint

        Column {
            width: parent.width
            spacing: Theme.px(8)

            TextButton {
                width: Math.min(implicitWidth, parent.width)
                visible: !root.tuning.measuring
                enabled: root.tuning.canStart
                iconName: "gauge"
                text: root.tuning.hasResult ? qsTr("Measure again") : qsTr("Find the fastest settings")
                Accessible.description: root.tuning.hint
                onClicked: root.tuning.start()
            }
            Item {
                width: parent.width
                height: Theme.controlHeight
                visible: root.tuning.measuring

                UiText {
                    id: label

                    width: cancelButton.x - Theme.px(14)
                    height: Theme.px(20)
                    text: root.tuning.state === TuningController.State.Stopping ? qsTr("Stopping")
                        : qsTr("Measuring · %1 %").arg(Math.floor(root.tuning.progress * 100))
                    color: Theme.muted
                    font.pixelSize: Theme.figureSize
                    elide: Text.ElideRight
                }
                ProgressTrack {
                    y: Theme.px(25)
                    width: label.width
                    progress: root.tuning.progress
                    Accessible.role: Accessible.ProgressBar
                    Accessible.name: label.text
                }
                TextButton {
                    id: cancelButton

                    x: parent.width - width
                    enabled: root.tuning.state === TuningController.State.Measuring
                    text: qsTr("Cancel")
                    Accessible.name: qsTr("Cancel measuring")
                    onClicked: root.tuning.cancel()
                }
            }
        }
    }
    Card {
        width: parent.width
        visible: root.hasChart

        UiText {
            width: parent.width
            visible: root.tuning.hasResult && !root.tuning.measuring
            text: (root.tuning.busy ? qsTr("For now: CPU threads %1, batch size %2")
                : qsTr("Fastest on this computer: CPU threads %1, batch size %2")).arg(root.tuning.threads).arg(root.tuning.batch)
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
        }
        UiText {
            width: parent.width
            visible: root.tuning.busy && !root.tuning.measuring
            text: qsTr("The computer was busy with other programs, so these may not be the fastest settings. Measure again when those are done.")
            wrapMode: Text.Wrap
        }
        Grid {
            width: parent.width
            columns: root.twoColumns ? 2 : 1
            columnSpacing: Theme.px(26)
            rowSpacing: Theme.px(16)

            SpeedChart {
                width: root.twoColumns ? (parent.width - parent.columnSpacing) / 2 : parent.width
                visible: root.tuning.writing.count > 0
                curve: root.tuning.writing
                title: qsTr("Writing")
                unit: qsTr("threads")
            }
            SpeedChart {
                width: root.twoColumns ? (parent.width - parent.columnSpacing) / 2 : parent.width
                visible: root.tuning.reading.count > 0
                curve: root.tuning.reading
                title: qsTr("Reading")
                unit: qsTr("threads")
            }
            SpeedChart {
                width: root.twoColumns ? (parent.width - parent.columnSpacing) / 2 : parent.width
                visible: root.tuning.readingByBatch.count > 0
                curve: root.tuning.readingByBatch
                title: qsTr("Reading, with the fastest thread count")
                unit: qsTr("tokens in a batch")
            }
        }
        UiText {
            width: parent.width
            visible: root.tuning.hasResult && !root.tuning.measuring && !root.tuning.batchMeasured && !root.tuning.busy
            text: qsTr("There was no time to compare larger batches, so the usual size stays.")
            color: Theme.muted
            font.pixelSize: Theme.figureSize
            wrapMode: Text.Wrap
        }
        TextButton {
            width: Math.min(implicitWidth, parent.width)
            visible: root.tuning.hasResult && root.chosenByHand && !root.tuning.measuring
            text: qsTr("Use these: set both to Auto")
            onClicked: root.autoRequested()
        }
    }
}
