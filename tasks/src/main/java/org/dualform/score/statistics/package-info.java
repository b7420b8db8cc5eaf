/**
 * The definitions of accuracy, Rec2FTP and every other ratio over examples ({@code ExampleStatistic}), and their intervals:
 * Wilson, bootstrap, bands, Holm.
 */
@NullMarked
package org.dualform.score.statistics;

import org.jspecify.annotations.NullMarked;
