package org.dualform.data.file;

import java.util.Map;

/** A row before its label is known to the data set: {@code label} is the text of an index or of a label's name. */
public record RawRow(Map<String, String> fields, String label, boolean labelIsNumber, String place) {}
