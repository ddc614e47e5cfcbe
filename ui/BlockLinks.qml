// The links of a text for the keyboard: Tab reaches them, Enter opens them. (The pointer is SelectionArea's.)
pragma ComponentBehavior: Bound

import QtQuick

Item {
    id: root

    required property string html
    // That shows it; null: none yet.
    required property TextEdit edit

    // The keyboard came to the character at a position.
    signal reached(int position)

    readonly property var links: root.html.includes("<a href=") ? root.linksIn(root.html) : []

    Repeater {
        // As long as it is the same number, the keyboard stays where it is while more text arrives.
        model: root.edit ? root.links.length : 0

        Item {
            id: stop

            required property int index
            readonly property string url: root.links[stop.index]?.url ?? ""

            activeFocusOnTab: true
            Accessible.role: Accessible.Link
            Accessible.name: root.links[stop.index]?.words ?? ""
            Accessible.description: stop.url
            Accessible.onPressAction: Qt.openUrlExternally(stop.url)
            Keys.onReturnPressed: Qt.openUrlExternally(stop.url)
            Keys.onEnterPressed: Qt.openUrlExternally(stop.url)
            onActiveFocusChanged: if (stop.activeFocus) stop.settle()

            Connections {
                target: root.edit
                enabled: stop.activeFocus

                function onContentSizeChanged() {
                    stop.settle();
                }
            }
            FocusRing {
                anchors.margins: -Theme.px(2)
                cornerRadius: Theme.px(3)
                shown: stop.activeFocus
            }
            Tip {
                text: stop.url.length > 90 ? stop.url.slice(0, 89) + "…" : stop.url
                shown: stop.activeFocus
            }

            function settle() {
                const run = root.runOf(stop.index);
                root.reached(run.from);
                const at = root.mapFromItem(root.edit, root.boundsOf(run));
                stop.x = at.x;
                stop.y = at.y;
                stop.width = at.width;
                stop.height = at.height;
            }
        }
    }

    function linksIn(html: string): var {
        const links = [];
        const anchor = /<a href="([^"]*)">([^]*?)<\/a>/g;
        for (let match = anchor.exec(html); match; match = anchor.exec(html))
            links.push({ url: root.plain(match[1]), words: root.plain(match[2].replace(/<[^>]*>/g, "")) });
        return links;
    }

    function plain(html: string): string {
        return html.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, "&");
    }

    // Where a link stands in the text. Two of the same address with nothing between them count as one there.
    function runOf(index: int): var {
        const url = root.links[index].url;
        const before = root.links.slice(0, index).filter(link => link.url === url).length;
        const runs = [];
        let last = null;
        for (let position = 0; position < root.edit.length; position++) {
            const at = root.edit.positionToRectangle(position);
            const here = root.edit.linkAt(at.x + 1, at.y + at.height / 2) === url;
            if (here && last) {
                last.to = position + 1;
            } else if (here) {
                last = { from: position, to: position + 1 };
                runs.push(last);
            } else {
                last = null;
            }
        }
        return runs[Math.min(before, runs.length - 1)] ?? { from: 0, to: root.edit.length };
    }

    function boundsOf(run: var): rect {
        const first = root.edit.positionToRectangle(run.from);
        const last = root.edit.positionToRectangle(run.to);
        if (last.y <= first.y)
            return Qt.rect(first.x, first.y, last.x - first.x, first.height);
        return Qt.rect(0, first.y, root.edit.width, last.y + last.height - first.y);
    }
}
