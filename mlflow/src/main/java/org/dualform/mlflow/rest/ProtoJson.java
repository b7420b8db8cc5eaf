package org.dualform.mlflow.rest;

import org.dualform.contract.TransientException;
import org.dualform.mlflow.http.MlflowReply;
import org.mlflow_project.google.protobuf.InvalidProtocolBufferException;
import org.mlflow_project.google.protobuf.Message;
import org.mlflow_project.google.protobuf.MessageOrBuilder;
import org.mlflow_project.google.protobuf.util.JsonFormat;

/** Writes and reads MLflow's messages as its REST API carries them: JSON with the field names of the protocol buffers. */
final class ProtoJson {
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    private ProtoJson() {}

    static String print(MessageOrBuilder message) {
        try {
            return PRINTER.print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("Not a message that JSON can carry: " + message, e);
        }
    }

    /** Reads a successful reply into {@code builder}, and returns the builder. */
    static <B extends Message.Builder> B parse(MlflowReply reply, B builder) {
        try {
            PARSER.merge(reply.text(), builder);
            return builder;
        } catch (InvalidProtocolBufferException e) {
            throw new TransientException(
                    "What answered " + reply.call() + " is not MLflow's JSON: " + MlflowReply.firstLine(reply.text()),
                    e);
        }
    }
}
