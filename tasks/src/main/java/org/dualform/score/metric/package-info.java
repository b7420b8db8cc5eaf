/**
 * What one number is: its value and interval, its kind, its name, and, where it has no value, why. Everything else under
 * {@code score} builds on this room; it knows of none of them.
 */
@NullMarked
package org.dualform.score.metric;

import org.jspecify.annotations.NullMarked;
