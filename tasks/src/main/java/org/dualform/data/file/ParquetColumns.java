package org.dualform.data.file;

import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Tells which columns of a Parquet file hold labels and texts. */
final class ParquetColumns {
    private ParquetColumns() {}

    /** The columns that are read: the label's and those of texts. */
    static MessageType wanted(MessageType schema, String label) {
        List<Type> columns = schema.getFields().stream()
                .filter(column -> column.getName().equals(label) || isText(column))
                .toList();
        return new MessageType(schema.getName(), columns);
    }

    /** Whether a column holds what a label may be: a whole number or a name. */
    static boolean isLabel(Type type) {
        return isText(type) || isInteger(type);
    }

    private static boolean isText(Type type) {
        return type.isPrimitive()
                && type.getRepetition() != Type.Repetition.REPEATED
                && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                && (type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
                        || type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation);
    }

    static boolean isInteger(Type type) {
        if (!type.isPrimitive() || type.getRepetition() == Type.Repetition.REPEATED) return false;
        PrimitiveTypeName name = type.asPrimitiveType().getPrimitiveTypeName();
        boolean plain = type.getLogicalTypeAnnotation() == null
                || type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation;
        return plain && (name == PrimitiveTypeName.INT32 || name == PrimitiveTypeName.INT64);
    }
}
