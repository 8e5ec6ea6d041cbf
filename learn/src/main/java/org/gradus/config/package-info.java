/// Training as a text file says it: models, losses, optimizers, schedules and data by name, in TOML. It makes a recipe of
/// them, and finds a trained model again with all that it takes to use it.
@NullMarked
package org.gradus.config;

import org.jspecify.annotations.NullMarked;
