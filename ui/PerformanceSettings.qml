// Threads, batch, context and cache: what is asked for, and what the engine really uses.
import QtQuick
import Tercet

Column {
    id: root

    required property Settings settings
    required property ModelController model
    required property TuningController tuning

    readonly property int threadsInUse: root.model.effectiveThreads || root.settings.threads || root.model.recommendedThreads
    readonly property int batchInUse: root.model.effectiveBatch || root.settings.batch || root.model.recommendedBatch
    //: Follows "using 4 of 8", while that is what Auto comes to
    readonly property string measured: qsTr(", measured on this computer")
    // Without a model, that of the models Tercet is made for.
    readonly property int largestContext: root.model.contextLimit || 4096
    readonly property string memory: root.model.hasModel
        ? root.model.memoryEstimateText(root.settings.context, root.settings.batch, root.settings.compactCache) : ""

    spacing: Theme.px(22)

    SettingRow {
        width: parent.width
        title: qsTr("CPU threads")
        note: qsTr("using %1 of %2").arg(root.threadsInUse).arg(root.model.logicalThreads)
              + (root.model.measured && root.settings.threads === 0 ? root.measured : "")

        AutoNumber {
            width: parent.width
            label: qsTr("CPU threads")
            value: root.settings.threads
            effective: root.threadsInUse
            to: root.settings.maxThreads
            onEdited: value => root.settings.threads = value
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Batch size")
        note: qsTr("tokens read at once, using %1").arg(root.batchInUse)
              + (root.model.measured && root.settings.batch === 0 ? root.measured : "")

        AutoNumber {
            width: parent.width
            label: qsTr("Batch size")
            value: root.settings.batch
            effective: root.batchInUse
            to: root.settings.maxBatch
            logarithmic: true
            onEdited: value => root.settings.batch = value
        }
    }
    TuningPanel {
        width: parent.width
        tuning: root.tuning
        chosenByHand: root.settings.threads > 0 || root.settings.batch > 0
        onAutoRequested: {
            root.settings.threads = 0;
            root.settings.batch = 0;
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Memory of a chat")
        note: !root.model.hasModel ? qsTr("context, in tokens")
            : qsTr("context in tokens, using %1; the model takes %2 in memory")
              .arg(Number(root.model.effectiveContext).toLocaleString(Qt.locale(), "f", 0)).arg(root.memory)

        NumberSlider {
            width: parent.width
            label: qsTr("Memory of a chat, in tokens")
            value: root.settings.context
            from: root.settings.minContext
            to: root.largestContext
            logarithmic: true
            onEdited: value => root.settings.context = value
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("How a chat is kept in memory")
        note: qsTr("compact takes half the memory in long chats and can change answers")

        SegmentedChoice {
            label: qsTr("How a chat is kept in memory")
            options: [qsTr("Exact (16-bit)"), qsTr("Compact (8-bit)")]
            current: root.settings.compactCache ? 1 : 0
            onChosen: index => root.settings.compactCache = index === 1
        }
    }
    SettingRow {
        width: parent.width
        visible: root.model.isa.length > 0
        title: qsTr("Processor")
        note: qsTr("the instructions this computer is driven with")

        UiText {
            height: Theme.px(20)
            text: root.model.isa
        }
    }
}
