package org.dualform.report.plot;

import org.dualform.report.figure.Picture;

/**
 * A picture with its words.
 *
 * @param alternative for those who do not see it
 * @param caption how to read it, with n
 */
public record Figure(String alternative, String caption, Picture picture) {}
