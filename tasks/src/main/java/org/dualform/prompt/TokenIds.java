package org.dualform.prompt;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An immutable sequence of token ids. Two sequences are equal if their ids are. */
public final class TokenIds {
    private final int[] ids;

    private TokenIds(int[] ids) {
        this.ids = ids;
    }

    @JsonCreator
    public static TokenIds of(int... ids) {
        return new TokenIds(ids.clone());
    }

    public int length() {
        return ids.length;
    }

    public int at(int position) {
        return ids[position];
    }

    /** The ids in a new array. */
    @JsonValue
    public int[] toArray() {
        return ids.clone();
    }

    /** These ids followed by others. */
    public TokenIds then(TokenIds others) {
        int[] joined = Arrays.copyOf(ids, ids.length + others.ids.length);
        System.arraycopy(others.ids, 0, joined, ids.length, others.ids.length);
        return new TokenIds(joined);
    }

    /** These ids followed by one more. */
    public TokenIds then(int id) {
        return then(new TokenIds(new int[] {id}));
    }

    /** The first {@code length} ids. */
    public TokenIds cut(int length) {
        return new TokenIds(Arrays.copyOf(ids, length));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TokenIds that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return Arrays.toString(ids);
    }
}
