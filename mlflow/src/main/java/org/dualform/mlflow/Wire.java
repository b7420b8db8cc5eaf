package org.dualform.mlflow;

import org.dualform.contract.TransientException;
import org.mlflow_project.google.protobuf.InvalidProtocolBufferException;
import org.mlflow_project.google.protobuf.Message;
import org.mlflow_project.google.protobuf.MessageOrBuilder;
import org.mlflow_project.google.protobuf.util.JsonFormat;

/** MLflow's own messages, as its REST API carries them: proto JSON with the proto's field names. */
final class Wire {
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    private Wire() {}

    static String print(MessageOrBuilder message) {
        try {
            return PRINTER.print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("Not a message that JSON can carry: " + message, e);
        }
    }

    /** Reads a successful answer into {@code builder} and gives it back. */
    static <B extends Message.Builder> B parse(Answer answer, B builder) {
        try {
            PARSER.merge(answer.text(), builder);
            return builder;
        } catch (InvalidProtocolBufferException e) {
            throw new TransientException(
                    "What answered " + answer.call() + " is not MLflow's JSON: " + Answer.firstLine(answer.text()), e);
        }
    }
}
