package org.gradus.plan;

/// Where a value lies, row by row: elements `offset` to `offset + extent - 1` of one of the plan's slots.
public record Place(int slot, int offset, int extent) {
    /// Whether two places share an element.
    public boolean overlaps(Place other) {
        return slot == other.slot && offset < other.offset + other.extent && other.offset < offset + extent;
    }

    @Override
    public String toString() {
        return "@" + slot + "+" + offset;
    }
}
