package org.gradus.kernel;

/// A kernel that maps square blocks of pixels by one small matrix along both axes, channel by channel: `Y = M X Mᵀ`.
/// [TransformForm] says what one is made for.
@FunctionalInterface
interface Transform {
    /// Maps blocks one after the other.
    ///
    /// @param arrays what is read, what is written, and the bias where the form's epilogue has one
    /// @param blocks how many blocks
    /// @param channels the numbers of a pixel, which lie one after the other
    /// @param from where the first block begins that is read
    /// @param fromBlock the distance between blocks; likewise between the rows and the pixels of one
    /// @param to where the first block begins that is written
    /// @param toBlock the distance between blocks; likewise between the rows and the pixels of one
    /// @param bias where the first channel's bias lies
    void run(
            Object[] arrays,
            int blocks,
            int channels,
            int from,
            int fromBlock,
            int fromRow,
            int fromPixel,
            int to,
            int toBlock,
            int toRow,
            int toPixel,
            int bias);
}
