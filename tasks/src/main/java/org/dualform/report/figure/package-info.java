/**
 * Figures that the chart library draws poorly or not at all: box plots of raw values, heat maps with their numbers, error
 * bars in two looks. Plain Java 2D, so that one drawing gives PNG and SVG.
 */
@NullMarked
package org.dualform.report.figure;

import org.jspecify.annotations.NullMarked;
