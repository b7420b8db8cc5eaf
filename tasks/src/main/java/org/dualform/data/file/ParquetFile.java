package org.dualform.data.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopCodecs;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
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

    /** Reads the rows that are well-formed, and remarks on the others, or on the file. */
    public static List<RawRow> read(Path file, Remarks remarks) {
        try (ParquetFileReader reader = open(file)) {
            MessageType schema = reader.getFileMetaData().getSchema();
            MessageType wanted = ParquetColumns.wanted(schema, LABEL);
            if (!check(file, reader, wanted, remarks)) return List.of();
            reader.setRequestedSchema(wanted);
            return rows(file, reader, wanted, remarks);
        } catch (IOException | RuntimeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            remarks.mistake(file + ": not readable as Parquet: " + message.replaceAll("\\s+", " ") + ".");
            return List.of();
        }
    }

    /** The labels' names from the file's own description of its columns; empty if there is none. */
    public static List<String> labels(Path file) {
        try (ParquetFileReader reader = open(file)) {
            String text = reader.getFileMetaData().getKeyValueMetaData().get(DESCRIPTION);
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

    private static ParquetFileReader open(Path file) throws IOException {
        PlainParquetConfiguration plain = new PlainParquetConfiguration();
        return ParquetFileReader.open(
                new LocalInputFile(file),
                ParquetReadOptions.builder(plain)
                        .withCodecFactory(new ParquetCodecs(HadoopCodecs.newFactory(plain, 0)))
                        .build());
    }

    private static boolean check(Path file, ParquetFileReader reader, MessageType wanted, Remarks remarks) {
        MessageType schema = reader.getFileMetaData().getSchema();
        if (!schema.containsField(LABEL)) {
            List<String> names = schema.getFields().stream().map(Type::getName).toList();
            remarks.mistake(file + ": there is no column '" + LABEL + "'; there are " + String.join(", ", names) + ".");
            return false;
        }
        if (!ParquetColumns.isLabel(schema.getType(LABEL))) {
            remarks.mistake(file + ": the column '" + LABEL + "' has to hold whole numbers or names, not "
                    + schema.getType(LABEL) + ".");
            return false;
        }
        Set<String> names = wanted.getFields().stream().map(Type::getName).collect(Collectors.toSet());
        List<String> unread = ParquetCodecs.unread(reader.getRowGroups(), names);
        if (unread.isEmpty()) return true;
        remarks.mistake(file + ": compressed by " + String.join(", ", unread) + ", which is not read; write the file"
                + " with another codec (" + ParquetCodecs.known()
                + "), in pandas with to_parquet(compression=\"zstd\").");
        return false;
    }

    private static List<RawRow> rows(Path file, ParquetFileReader reader, MessageType wanted, Remarks remarks)
            throws IOException {
        List<RawRow> rows = new ArrayList<>();
        long number = 0;
        for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader.readNextRowGroup()) {
            RecordReader<Group> records = new ColumnIOFactory()
                    .getColumnIO(wanted, reader.getFileMetaData().getSchema())
                    .getRecordReader(pages, new GroupRecordConverter(wanted));
            for (long i = 0; i < pages.getRowCount(); i++)
                add(records.read(), wanted, file + ": row " + ++number, rows, remarks);
        }
        return rows;
    }

    private static void add(Group row, MessageType wanted, String place, List<RawRow> rows, Remarks remarks) {
        Map<String, String> fields = new HashMap<>();
        for (Type column : wanted.getFields()) {
            String name = column.getName();
            if (row.getFieldRepetitionCount(name) > 0)
                fields.put(name, row.getValueToString(wanted.getFieldIndex(name), 0));
        }
        String label = fields.remove(LABEL);
        if (label == null || label.isBlank()) {
            remarks.mistake(place + ": the field '" + LABEL + "' is missing.");
            return;
        }
        rows.add(new RawRow(fields, label.trim(), ParquetColumns.isInteger(wanted.getType(LABEL)), place));
    }
}
