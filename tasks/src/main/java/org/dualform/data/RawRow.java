package org.dualform.data;

import java.util.Map;

/** A row before its label is known to the data set: {@code label} is the text of an index or of a label's name. */
record RawRow(Map<String, String> fields, String label, boolean labelIsNumber, String place) {}
