/**
 * What a metric is: its value and interval, its kind, its name and, if it has no value, the reason. Nothing is computed here;
 * {@code statistics} does that. The other rooms of {@code score} build on this one.
 */
@NullMarked
package org.dualform.score.metric;

import org.jspecify.annotations.NullMarked;
