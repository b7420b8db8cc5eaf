package org.dualform.data.file;

import java.util.Map;

/**
 * A row whose label has not been looked up yet.
 *
 * @param label the label's index or name, as text
 */
public record RawRow(Map<String, String> fields, String label, boolean labelIsNumber, String place) {}
