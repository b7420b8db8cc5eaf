package org.dualform.data.file;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.ParquetReader;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.dualform.contract.Json;

/**
 * Apache Parquet. The column {@code label} holds indices or names; every other column of texts is a field. Columns of
 * other types are ignored, as in JSON Lines.
 */
public final class ParquetFile {
    private static final String LABEL = "label";
    /** The key in the file's metadata under which Hugging Face's tools describe the columns. */
    private static final String DESCRIPTION = "huggingface";

    private ParquetFile() {}

    /** Reads the rows that are well-formed. Mistakes in the others, or in the file, are added to {@code mistakes}. */
    public static List<RawRow> read(Path file, List<String> mistakes) {
        try {
            FileMetaData metadata = ParquetReader.readMetadata(file.toFile()).getFileMetaData();
            if (!check(file, metadata, mistakes)) return List.of();
            try (Stream<Map<String, Object>> values = ParquetReader.streamContent(
                    file.toFile(), new Columns(), path -> wanted(metadata, path) ? path[0] : null)) {
                return rows(file, values.iterator(), mistakes);
            }
        } catch (IOException | RuntimeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            mistakes.add(file + ": not readable as Parquet: "
                    + String.valueOf(cause.getMessage()).replaceAll("\\s+", " ") + ".");
            return List.of();
        }
    }

    /** The labels' names from the file's own description of its columns; empty if there is none. */
    public static List<String> labels(Path file) {
        try {
            String text = ParquetReader.readMetadata(file.toFile())
                    .getFileMetaData()
                    .getKeyValueMetaData()
                    .get(DESCRIPTION);
            if (text == null) return List.of();
            JsonNode label =
                    Json.mapper().readTree(text).path("info").path("features").path(LABEL);
            List<String> names = new ArrayList<>();
            label.path("names").forEach(name -> names.add(name.asText()));
            return names;
        } catch (IOException | RuntimeException e) {
            return List.of(); // The mistake is reported where the file's rows are read.
        }
    }

    private static boolean check(Path file, FileMetaData metadata, List<String> mistakes) {
        if (!metadata.getSchema().containsField(LABEL)) {
            List<String> names =
                    metadata.getSchema().getFields().stream().map(Type::getName).toList();
            mistakes.add(file + ": there is no column 'label'; there are " + String.join(", ", names) + ".");
            return false;
        }
        Type label = metadata.getSchema().getType(LABEL);
        if (isText(label) || isInteger(label)) return true;
        mistakes.add(file + ": the column 'label' has to hold whole numbers or names, not " + label + ".");
        return false;
    }

    private static boolean wanted(FileMetaData metadata, String[] path) {
        if (path.length != 1) return false;
        return path[0].equals(LABEL) || isText(metadata.getSchema().getType(path[0]));
    }

    private static boolean isText(Type type) {
        return type.isPrimitive()
                && type.getRepetition() != Type.Repetition.REPEATED
                && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                && (type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
                        || type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation);
    }

    private static boolean isInteger(Type type) {
        if (!type.isPrimitive() || type.getRepetition() == Type.Repetition.REPEATED) return false;
        PrimitiveTypeName name = type.asPrimitiveType().getPrimitiveTypeName();
        boolean plain = type.getLogicalTypeAnnotation() == null
                || type.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation;
        return plain && (name == PrimitiveTypeName.INT32 || name == PrimitiveTypeName.INT64);
    }

    private static List<RawRow> rows(Path file, Iterator<Map<String, Object>> values, List<String> mistakes) {
        List<RawRow> rows = new ArrayList<>();
        long number = 0;
        while (values.hasNext()) {
            Map<String, Object> row = values.next();
            String place = file + ": row " + ++number;
            Object label = row.remove(LABEL);
            if (label == null || label.toString().isBlank()) {
                mistakes.add(place + ": the field 'label' is missing.");
                continue;
            }
            Map<String, String> fields = new HashMap<>();
            row.forEach((name, value) -> fields.put(name, value.toString()));
            rows.add(new RawRow(fields, label.toString().trim(), !(label instanceof String), place));
        }
        return rows;
    }

    /** Collects a row's values by column, without nulls. */
    private static final class Columns implements Hydrator<Map<String, Object>, Map<String, Object>, String> {
        @Override
        public Map<String, Object> start() {
            return new HashMap<>();
        }

        @Override
        public Map<String, Object> add(Map<String, Object> row, String column, Object value) {
            if (value != null) row.put(column, value);
            return row;
        }

        @Override
        public Map<String, Object> finish(Map<String, Object> row) {
            return row;
        }
    }
}
