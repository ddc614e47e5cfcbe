// Finds controls the way a screen reader does: by their accessible names.
import QtQuick

QtObject {
    // The first visible item below `item` with this accessible name; null when there is none.
    function named(item: Item, name: string): Item {
        return this.found(item, candidate => candidate.Accessible.name === name);
    }

    // The first visible item below `item` whose `text` is this.
    function worded(item: Item, text: string): Item {
        return this.found(item, candidate => candidate.text === text);
    }

    function found(item, matches): Item {
        for (let i = 0; i < item.children.length; i++) {
            const child = item.children[i];
            if (!child.visible)
                continue;
            if (matches(child))
                return child;
            const below = this.found(child, matches);
            if (below)
                return below;
        }
        return null;
    }
}
