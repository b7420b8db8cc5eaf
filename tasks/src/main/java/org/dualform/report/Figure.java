package org.dualform.report;

import org.dualform.report.figure.Picture;

/**
 * A picture with its words.
 *
 * @param alternative for those who do not see it
 * @param caption how to read it, with n
 */
record Figure(String alternative, String caption, Picture picture) {}
