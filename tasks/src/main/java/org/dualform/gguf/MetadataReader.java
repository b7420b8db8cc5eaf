package org.dualform.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigInteger;

/** Reads the values of the metadata, as JSON. */
record MetadataReader(HeaderCursor in) {
    private static final int ARRAY = 9;
    private static final int DEEPEST = 4;
    /** No vocabulary comes near this number. */
    private static final int LONGEST_ARRAY = 1 << 22;

    JsonNode read(String key) throws IOException {
        return value(in.fourBytes("the type of " + key), key, 0);
    }

    private JsonNode value(int type, String key, int depth) throws IOException {
        return switch (type) {
            case 0 -> IntNode.valueOf(in.oneByte(key) & 0xFF);
            case 1 -> IntNode.valueOf(in.oneByte(key));
            case 2 -> IntNode.valueOf(in.twoBytes(key) & 0xFFFF);
            case 3 -> IntNode.valueOf(in.twoBytes(key));
            case 4 -> LongNode.valueOf(Integer.toUnsignedLong(in.fourBytes(key)));
            case 5 -> IntNode.valueOf(in.fourBytes(key));
            case 6 -> FloatNode.valueOf(Float.intBitsToFloat(in.fourBytes(key)));
            case 7 -> BooleanNode.valueOf(in.oneByte(key) != 0);
            case 8 -> TextNode.valueOf(in.text(key));
            case ARRAY -> array(key, depth);
            case 10 -> unsigned(in.eightBytes(key));
            case 11 -> LongNode.valueOf(in.eightBytes(key));
            case 12 -> DoubleNode.valueOf(Double.longBitsToDouble(in.eightBytes(key)));
            default ->
                throw in.broken("has the unknown type " + Integer.toUnsignedString(type) + " of metadata at " + key);
        };
    }

    private static JsonNode unsigned(long bits) {
        return bits >= 0 ? LongNode.valueOf(bits) : BigIntegerNode.valueOf(new BigInteger(Long.toUnsignedString(bits)));
    }

    private ArrayNode array(String key, int depth) throws IOException {
        if (depth == DEEPEST) throw in.broken("nests lists too deeply at " + key);
        int type = in.fourBytes("the type of " + key);
        int count = in.count("elements of " + key, least(type));
        if (count > LONGEST_ARRAY)
            throw in.broken("has " + count + " elements of " + key + "; at most " + LONGEST_ARRAY + " are read");
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < count; i++) array.add(value(type, key, depth + 1));
        return array;
    }

    /** The least number of bytes of a value. */
    private static int least(int type) {
        return switch (type) {
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case 8, 10, 11, 12 -> 8;
            case ARRAY -> 12;
            default -> 1;
        };
    }
}
