package org.gradus.kernel;

/// Images cut into square tiles that lie `step` pixels apart, each to be mapped by a matrix as large as a tile. Tiles are
/// numbered through all images, row by row; beyond an image's end they see zeros.
///
/// @param padding the zeros around an image
/// @param rows the rows of tiles in an image
/// @param columns the tiles in a row
record Tiled(Padding padding, int rows, int columns, int step, Matrix matrix, Transform kernel) {
    /// The tiles of an image.
    int perImage() {
        return rows * columns;
    }

    /// Maps some tiles. Number `(i, j)` of each goes to a plane of its own, where the tiles' pixels lie one after the other.
    ///
    /// @param arrays the images and the workspace
    /// @param inside the workspace, twice
    /// @param images where the first image lies
    /// @param aside where an image with its border goes
    /// @param copied the image that lies there, negative if none does
    /// @param to where the first tile goes in the first plane
    /// @param pixel the distance between the tiles' pixels in a plane
    /// @param plane the distance between planes
    /// @return the image that now lies aside
    int map(
            Object[] arrays,
            Object[] inside,
            int first,
            int end,
            int images,
            int aside,
            int copied,
            int to,
            int pixel,
            int plane) {
        int channels = padding.channels();
        int known = copied;
        int tile = first;
        while (tile < end) {
            int image = tile / perImage();
            int row = tile % perImage() / columns;
            int column = tile % columns;
            int count = Math.min(end - tile, columns - column);
            int source = images + image * padding.image();
            if (!padding.isNone()) {
                if (image != known) {
                    padding.copy(arrays[0], source, arrays[1], aside);
                    known = image;
                }
                source = aside;
            }
            kernel.run(
                    padding.isNone() ? arrays : inside,
                    count,
                    channels,
                    source + row * step * padding.line() + column * step * channels,
                    step * channels,
                    padding.line(),
                    channels,
                    to + (tile - first) * pixel,
                    pixel,
                    matrix.to() * plane,
                    plane,
                    0);
            tile += count;
        }
        return known;
    }
}
